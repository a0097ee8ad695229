// SPDX-License-Identifier: Apache-2.0
// Where a ledger finds the answer of a request: its own table, since every command looks up here, mostly
// to learn that there is nothing.

/// From a scope's hash to the number of an answer; open addressing with linear probing, at most half full.
///
/// An entry is one word, so that a look reads one line of memory. It holds half a hash and no scope: who
/// asks compares the scope of an answer that may be the one.
struct ScopeIndex: Sendable {
  private static let partCount = 64

  /// By a few bits of the hash: a table grows in small steps at many moments.
  private var parts: [ScopeTable] = []
  /// Keys are chosen by clients, who must not be able to choose where they meet.
  private let seed: (UInt64, UInt64)

  init() {
    // What the process hashes with; only speed depends on it.
    seed = (Self.secret(1), Self.secret(2))
  }

  private static func secret(_ number: UInt64) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(number)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  /// Scopes are hashes already, but known to those who made the keys.
  func hash(_ key: RequestKey) -> UInt64 {
    let product = (key.scopeLow ^ seed.0).multipliedFullWidth(by: key.scopeHigh ^ seed.1)
    return product.high ^ product.low
  }

  /// The number of the answer with this hash that is the one.
  @inline(__always)
  func find(_ hash: UInt64, _ isIt: (UInt32) -> Bool) -> UInt32? {
    guard !parts.isEmpty else { return nil }
    let part = Self.part(hash)
    return parts[part].place(of: hash, isIt).map { parts[part].number(at: $0) }
  }

  /// Adds the number of an answer whose scope has none.
  mutating func add(_ hash: UInt64, _ number: UInt32) {
    if parts.isEmpty { parts = Array(repeating: ScopeTable(), count: Self.partCount) }
    parts[Self.part(hash)].add(hash, number)
  }

  mutating func remove(_ hash: UInt64, _ number: UInt32) {
    guard !parts.isEmpty else { return }
    parts[Self.part(hash)].remove(hash, number)
  }

  /// Reads what a look at a hash reads first.
  func touch(_ hash: UInt64) -> UInt64 {
    parts.isEmpty ? 0 : parts[Self.part(hash)].touch(hash)
  }

  private static func part(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (partCount - 1)
  }
}

private struct ScopeTable: Sendable {
  private static let used: UInt64 = 1 << 63

  /// Zero where nothing is, else half a hash above the number of an answer.
  private var words: [UInt64] = []
  private var count = 0

  func number(at place: Int) -> UInt32 { UInt32(truncatingIfNeeded: words[place]) }

  @inline(__always)
  func place(of hash: UInt64, _ isIt: (UInt32) -> Bool) -> Int? {
    guard !words.isEmpty else { return nil }
    let word = Self.word(hash, 0)
    var place = home(of: word)
    while words[place] != 0 {
      if words[place] >> 32 == word >> 32, isIt(number(at: place)) { return place }
      place = (place &+ 1) & (words.count &- 1)
    }
    return nil
  }

  func touch(_ hash: UInt64) -> UInt64 {
    words.isEmpty ? 0 : words[home(of: Self.word(hash, 0))]
  }

  mutating func add(_ hash: UInt64, _ number: UInt32) {
    if (count + 1) * 2 > words.count { grow() }
    count += 1
    put(Self.word(hash, number))
  }

  mutating func remove(_ hash: UInt64, _ number: UInt32) {
    guard var hole = place(of: hash, { $0 == number }) else { return }
    count -= 1
    // What follows and would be found no more moves into the hole.
    let mask = words.count - 1
    var next = (hole + 1) & mask
    while words[next] != 0 {
      if (next - home(of: words[next])) & mask >= (next - hole) & mask {
        words[hole] = words[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    words[hole] = 0
  }

  private mutating func grow() {
    let old = words
    words = Array(repeating: 0, count: max(8, old.count * 2))
    for word in old where word != 0 { put(word) }
  }

  /// Into the first free place from the word's own on.
  private mutating func put(_ word: UInt64) {
    var place = home(of: word)
    while words[place] != 0 { place = (place &+ 1) & (words.count &- 1) }
    words[place] = word
  }

  @inline(__always)
  private static func word(_ hash: UInt64, _ number: UInt32) -> UInt64 {
    hash & ~0xFFFF_FFFF | used | UInt64(number)
  }

  @inline(__always)
  private func home(of word: UInt64) -> Int {
    Int(truncatingIfNeeded: (word & ~Self.used) >> 32) & (words.count &- 1)
  }
}
