// SPDX-License-Identifier: Apache-2.0
// The in-flight table against a plain dictionary.

import TandemPrimitives
import TandemServer
import Testing

struct InFlightTableTests {
  private func entry(_ call: UInt32, stream: Bool = false) -> InFlightCall {
    InFlightCall(call: call, method: 17, isStream: stream, requestBytes: call % 100)
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `it agrees with a dictionary over random inserts and removals`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var table = InFlightTable(countMax: 64)
    var model: [UInt32: InFlightCall] = [:]
    for _ in 0..<20_000 {
      let call = UInt32.random(in: 1...96, using: &random) &* 0x0100_0001
      if let known = model[call] {
        #expect(table.find(call) == known)
        #expect(table.remove(call) == known)
        model[call] = nil
      } else if !table.isFull {
        let added = entry(call, stream: call % 3 == 0)
        table.insert(added)
        model[call] = added
      }
      #expect(table.count == model.count)
    }
    #expect(table.all == model.values.sorted { $0.call < $1.call })
    #expect(table.bytes == model.values.reduce(0) { $0 + UInt64($1.requestBytes) })
    #expect(table.streams == model.values.filter(\.isStream).count)
  }

  @Test func `a call that is not in flight cannot be removed`() {
    var table = InFlightTable(countMax: 4)
    #expect(table.remove(0) == nil)
    #expect(table.remove(7) == nil)
    table.insert(entry(7))
    #expect(table.remove(7) == entry(7))
    #expect(table.remove(7) == nil)
    #expect(table.count == 0)
  }

  @Test func `it is full at its bound and not before`() {
    var table = InFlightTable(countMax: 40)
    for call in 1...40 as ClosedRange<UInt32> {
      #expect(!table.isFull)
      table.insert(entry(call))
    }
    #expect(table.isFull)
  }
}
