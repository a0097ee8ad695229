// SPDX-License-Identifier: Apache-2.0
// What an operator or a test may choose about a data directory, and the names of its files.

import TandemPlatform
import TandemPrimitives

package struct LocalJournalSettings: Sendable {
  /// Size of a segment file; fixed when the file is prepared.
  package var segmentBytes = Limits.segmentBytes
  /// A frame takes no further batch beyond this.
  package var frameBytes = Limits.batchBytes
  /// Space that must stay free; nothing new is accepted below it.
  package var reserveBytes: Int64 = 64 * 1024 * 1024
  /// After this much silence the newest frame gets a successor that proves it durable.
  package var idleMarkMilliseconds: UInt64 = 5
  /// How often `durable.mark` is written while the log grows.
  package var durableMarkMilliseconds: UInt64 = 1_000
  /// Cuts off a damaged newest frame that may have been acknowledged.
  ///
  /// An operator's decision.
  package var acceptTailLoss = false

  package init() {}
}

enum LocalPath {
  static let root = "."
  static let lock = "LOCK"
  static let manifests = ["MANIFEST-A", "MANIFEST-B"]
  static let log = "wal"
  static let mark = "wal/durable.mark"
  static let prepared = "wal/next.prealloc"
  static let snapshots = "snap"
  static let runs = "runs"

  static func segment(_ firstLSN: UInt64) -> String { "wal/\(digits(firstLSN)).wal" }

  /// Where the bytes of a segment are kept that recovery cut off.
  static func beforeRecovery(_ segment: String) -> String { segment + ".pre-recovery" }

  static func segmentNumber(of name: String) -> UInt64? {
    guard name.hasSuffix(".wal"), name.utf8.count == 24 else { return nil }
    return UInt64(name.dropLast(4))
  }

  static func digits(_ value: UInt64) -> String {
    let text = String(value)
    return String(repeating: "0", count: 20 - text.utf8.count) + text
  }
}

extension JournalError {
  /// What a failed file call means outside an append.
  init(_ error: FileError) {
    switch error.reason {
    case .locked: self = .locked(error.operation)
    case .notFound, .exists: self = .unavailable("\(error.operation): \(error.reason)")
    case .full: self = .unavailable("the disk is full: \(error.operation)")
    case .inputOutput(let errno): self = .unavailable("\(error.operation): errno \(errno)")
    }
  }
}
