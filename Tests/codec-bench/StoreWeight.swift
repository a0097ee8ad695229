// SPDX-License-Identifier: Apache-2.0
// What a deal costs in memory: its bytes, what lists and access keep beside them, and every index.

import Foundation
import GoldenFiles
import TandemDomain
import TandemPrimitives
import TandemRuntime

enum StoreWeight {
  private static let deals = 500_000

  /// Fills a store with copies of a deal that differ where indexes look, and prints what grew.
  static func measure(_ template: Deal) throws {
    var store = EncodedDealStore()
    let before = try residentBytes()
    for number in 0..<UInt64(deals) {
      var deal = template
      // The low half of an identifier is random, and so is how names follow each other.
      let random = SeededRandom(seed: number).first
      deal.id = DealID(high: number, low: random)
      deal.engagement = EngagementID(high: number, low: ~random)
      deal.createdAt = Timestamp(milliseconds: Int64(number))
      deal.updatedAt = Timestamp(milliseconds: Int64(random % 1_000_000))
      deal.name = Text("\(random % 100_000_000) telemetry")
      deal.crmID = Text("OPP-\(number)")
      store.add(deal)
    }
    let grown = try residentBytes() - before
    let encoded = Double(store.byteCount) / Double(deals)
    let resident = Double(grown) / Double(deals)
    print(
      "\(deals) deals of \(Int(encoded)) bytes in a store with its indexes: \(Int(resident)) bytes"
        + " each, \((resident / encoded * 100).rounded() / 100) times their size")
  }

  private static func residentBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
      let kilobytes = line.split(separator: " ").compactMap { Int($0) }.first
      if let kilobytes { return kilobytes * 1_024 }
    }
    throw GoldenFault("/proc/self/status says nothing of memory")
  }
}

extension SeededRandom {
  fileprivate var first: UInt64 {
    var copy = self
    return copy.next()
  }
}
