// SPDX-License-Identifier: Apache-2.0
// The ledger's answers in the order of their requests, and where each is, in pieces: a ledger has
// millions of answers, and no turn may move or copy all of them because one more came or a snapshot
// holds a picture of them.

/// Oldest first; a piece is dropped when all of it was forgotten.
struct AnswerQueue: Sendable {
  private static let pieceSlots = 512

  /// All full but the last.
  private var pieces: [[RequestLedger.Slot]] = []
  /// How many slots of the first piece are forgotten.
  private var gone = 0
  private(set) var count = 0

  subscript(index: Int) -> RequestLedger.Slot {
    let place = gone + index
    return pieces[place / Self.pieceSlots][place % Self.pieceSlots]
  }

  mutating func append(_ slot: RequestLedger.Slot) {
    if (gone + count) % Self.pieceSlots == 0 { pieces.append([]) }
    pieces[pieces.count - 1].append(slot)
    count += 1
  }

  mutating func removeFirst() {
    count -= 1
    gone += 1
    guard gone == Self.pieceSlots else { return }
    pieces.removeFirst()
    gone = 0
  }
}

/// From a request's scope to the number of its answer.
struct ScopeIndex: Sendable {
  private static let partCount = 64

  /// By a few bits of the scope, which is a hash: a table grows in small steps at many moments.
  private var parts: [[RequestLedger.Scope: UInt64]] = []

  subscript(scope: RequestLedger.Scope) -> UInt64? {
    get { parts.isEmpty ? nil : parts[Self.part(of: scope)][scope] }
    set {
      if parts.isEmpty { parts = Array(repeating: [:], count: Self.partCount) }
      parts[Self.part(of: scope)][scope] = newValue
    }
  }

  private static func part(of scope: RequestLedger.Scope) -> Int {
    Int(truncatingIfNeeded: scope.high) & (partCount - 1)
  }
}
