// SPDX-License-Identifier: Apache-2.0
// Bounded memory of finished requests and their answers; part of tenant state, so a crash cannot lose it.

package import TandemPrimitives

/// Remembers answers for a time and within a byte budget; oldest go first and move the horizon.
package struct RequestLedger: Sendable, Equatable {
  /// What the ledger says of a key.
  package enum Verdict: Sendable, Equatable {
    case unknown
    case replay([UInt8])
    /// The key was used for another request.
    case reused
    /// The key's own time lies before what is remembered.
    case tooOld(horizon: Timestamp)
  }

  package struct Slot: Sendable, Equatable {
    package var entry: LedgerEntry
    package var at: Timestamp
    package init(entry: LedgerEntry, at: Timestamp) {
      self.entry = entry
      self.at = at
    }
  }

  package struct Scope: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64
    package init(_ key: RequestKey) {
      high = key.scopeHigh
      low = key.scopeLow
    }

    /// A half of a hash spreads as well as the whole.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }
  }

  /// Absolute index (since creation) of an entry by its scope.
  private var indexes = ScopeIndex()
  /// Oldest first; the first has absolute index `dropped`.
  private var slots = AnswerQueue()
  private var dropped: UInt64 = 0
  private(set) package var byteCount = 0
  /// Requests made before this moment may have been forgotten.
  private(set) package var horizon = Timestamp.zero

  package init() {}

  package var count: Int { slots.count }
  /// Oldest first.
  package var all: some Sequence<Slot> { (0..<slots.count).lazy.map { slots[$0] } }

  package func verdict(_ key: RequestKey) -> Verdict {
    guard let index = indexes[Scope(key)] else {
      if let madeAt = key.madeAt, madeAt < horizon { return .tooOld(horizon: horizon) }
      return .unknown
    }
    let found = slots[Int(index - dropped)].entry
    guard found.key.digestHigh == key.digestHigh, found.key.digestLow == key.digestLow else {
      return .reused
    }
    return .replay(found.answer)
  }

  /// Counts the answers that were ever added, so that a moment of the ledger has a name.
  package var end: UInt64 { dropped + UInt64(count) }

  /// Whether an answer is remembered since before a moment.
  package func holds(_ key: RequestKey, since end: UInt64) -> Bool {
    indexes[Scope(key)].map { $0 < end } ?? false
  }

  /// Adds an answer, then forgets what is older than the retention or over the budget.
  package mutating func record(
    _ entry: LedgerEntry, at now: Timestamp, retention: Timestamp.Span, bytesMax: Int
  ) {
    indexes[Scope(entry.key)] = dropped + UInt64(count)
    slots.append(Slot(entry: entry, at: now))
    byteCount += Self.cost(of: entry)
    let oldestKept = now.advanced(by: Timestamp.Span(milliseconds: -retention.milliseconds))
    while count > 0, byteCount > bytesMax || slots[0].at < oldestKept { forgetOldest() }
  }

  /// Puts back what a snapshot held, oldest first.
  package init(restoring kept: [Slot], horizon: Timestamp) {
    for slot in kept {
      indexes[Scope(slot.entry.key)] = UInt64(slots.count)
      slots.append(slot)
      byteCount += Self.cost(of: slot.entry)
    }
    self.horizon = horizon
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.horizon == right.horizon && left.all.elementsEqual(right.all)
  }

  private mutating func forgetOldest() {
    let oldest = slots[0]
    indexes[Scope(oldest.entry.key)] = nil
    byteCount -= Self.cost(of: oldest.entry)
    // The entry's own time, not now: keys made later than it are still answered exactly.
    horizon = max(horizon, Timestamp(milliseconds: oldest.at.milliseconds + 1))
    slots.removeFirst()
    dropped += 1
  }

  private static func cost(of entry: LedgerEntry) -> Int { 96 + entry.answer.count }
}
