// SPDX-License-Identifier: Apache-2.0
// Bounded memory of finished requests and their answers; part of tenant state, so a crash cannot lose it.

package import TandemPrimitives

/// Remembers answers for a time and within a byte budget; oldest go first and move the horizon.
package struct RequestLedger: Sendable, Equatable {
  /// What the ledger says of a key.
  package enum Verdict: Sendable, Equatable {
    case unknown
    case replay(ArraySlice<UInt8>)
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

  /// Finds the number of an entry, which counts since the creation, by its scope.
  private var indexes = ScopeIndex()
  /// Oldest first; the first has the number `dropped`.
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
    guard let index = index(of: key) else {
      if let madeAt = key.madeAt, madeAt < horizon { return .tooOld(horizon: horizon) }
      return .unknown
    }
    let found = slots[index].entry
    guard found.key.digestHigh == key.digestHigh, found.key.digestLow == key.digestLow else {
      return .reused
    }
    return .replay(found.answer)
  }

  /// Where the answer of a key's scope stands among those that are remembered.
  private func index(of key: RequestKey) -> Int? {
    indexes.find(indexes.hash(key)) { isOfScope($0, key) }.map(index(of:))
  }

  /// Numbers in the index are the last half of what they stand for: fewer are remembered than that.
  private func index(of number: UInt32) -> Int {
    Int(number &- UInt32(truncatingIfNeeded: dropped))
  }

  private func isOfScope(_ number: UInt32, _ key: RequestKey) -> Bool {
    let found = slots.key(at: index(of: number))
    return found.scopeHigh == key.scopeHigh && found.scopeLow == key.scopeLow
  }

  /// Counts the answers that were ever added, so that a moment of the ledger has a name.
  package var end: UInt64 { dropped + UInt64(count) }

  /// Whether an answer is remembered since before a moment.
  package func holds(_ key: RequestKey, since end: UInt64) -> Bool {
    index(of: key).map { dropped + UInt64($0) < end } ?? false
  }

  /// Reads what `verdict` and `record` will read for a key; what comes back means nothing.
  ///
  /// Looks that do not depend on each other wait for memory together.
  package func touch(_ key: RequestKey) -> UInt64 { indexes.touch(indexes.hash(key)) }

  /// The same for the answers that so many new ones will have forgotten.
  package func touchOldest(_ limit: Int) -> UInt64 {
    guard dropped > 0 else { return 0 }
    var seen: UInt64 = 0
    for index in 0..<min(limit, count) {
      seen &+= indexes.touch(indexes.hash(slots.key(at: index)))
    }
    return seen
  }

  /// Adds an answer, then forgets what is older than the retention or over the budget.
  package mutating func record(
    _ entry: LedgerEntry, at now: Timestamp, retention: Timestamp.Span, bytesMax: Int
  ) {
    append(entry, at: now)
    let oldestKept = now.advanced(by: Timestamp.Span(milliseconds: -retention.milliseconds))
    while count > 0, byteCount > bytesMax || slots.oldest < oldestKept { forgetOldest() }
  }

  private mutating func append(_ entry: LedgerEntry, at time: Timestamp) {
    indexes.add(indexes.hash(entry.key), UInt32(truncatingIfNeeded: end))
    slots.append(entry.key, entry.answer, at: time)
    byteCount += Self.cost(ofAnswer: entry.answer.count)
  }

  /// Puts back what a snapshot held, oldest first.
  package init(restoring kept: [Slot], horizon: Timestamp) {
    for slot in kept { append(slot.entry, at: slot.at) }
    self.horizon = horizon
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.horizon == right.horizon && left.all.elementsEqual(right.all)
  }

  private mutating func forgetOldest() {
    let key = slots.key(at: 0)
    indexes.remove(indexes.hash(key), UInt32(truncatingIfNeeded: dropped))
    byteCount -= Self.cost(ofAnswer: slots.byteCount(at: 0))
    // The entry's own time, not now: keys made later than it are still answered exactly.
    horizon = max(horizon, Timestamp(milliseconds: slots.oldest.milliseconds + 1))
    slots.removeFirst()
    dropped += 1
  }

  private static func cost(ofAnswer bytes: Int) -> Int { 96 + bytes }
}
