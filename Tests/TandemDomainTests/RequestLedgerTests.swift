// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct RequestLedgerTests {
  private func entry(_ scope: UInt64, digest: UInt64 = 1, madeAt: Timestamp? = nil) -> LedgerEntry {
    LedgerEntry(
      key: RequestKey(
        scopeHigh: 0, scopeLow: scope, digestHigh: 0, digestLow: digest, madeAt: madeAt),
      answer: [UInt8(truncatingIfNeeded: scope)])
  }

  private func recorded(_ given: inout Given, _ entry: LedgerEntry) {
    let commit = given.state.commit([], at: given.now, by: given.who, ledger: entry)
    Decider.evolve(&given.state, &given.deals, commit)
  }

  @Test func `G29 a repeated request gets the first answer, another does not`() throws {
    var given = try Given()
    recorded(&given, entry(5))
    #expect(given.state.ledger.verdict(entry(5).key) == .replay([5]))
    #expect(given.state.ledger.verdict(entry(5, digest: 2).key) == .reused)
    #expect(given.state.ledger.verdict(entry(6).key) == .unknown)
  }

  @Test func `many answers come and go, each found while it is kept, in the order of its request`()
  {
    var ledger = RequestLedger()
    // 97 bytes each: 1,300 stay, over the borders of several pieces.
    let bytesMax = 1_300 * 97
    for scope in 1...4_000 as ClosedRange<UInt64> {
      ledger.record(
        entry(scope), at: Timestamp(milliseconds: Int64(scope)), retention: .hours(24),
        bytesMax: bytesMax)
      let oldest = scope > 1_300 ? scope - 1_299 : 1
      #expect(ledger.count == Int(scope - oldest + 1))
      #expect(ledger.verdict(entry(oldest).key) == .replay([UInt8(truncatingIfNeeded: oldest)]))
      #expect(ledger.verdict(entry(oldest - 1).key) == .unknown)
    }
    #expect(ledger.all.map(\.entry.key.scopeLow) == Array(2_701...4_000))
    let pictured = ledger
    ledger.record(
      entry(9_999), at: Timestamp(milliseconds: 4_001), retention: .hours(24), bytesMax: bytesMax)
    #expect(pictured.count == 1_300)
    #expect(pictured != ledger)
    #expect(pictured.verdict(entry(9_999).key) == .unknown)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `a ledger says what a plain list of its answers would say`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var ledger = RequestLedger()
    var twin: [UInt64: Int] = [:]
    var kept: [UInt64] = []
    for step in 0..<6_000 {
      // Few enough keys that forgotten ones come again.
      let scope = random.next() % 3_000
      let asked = entry(scope, size: Int(random.next() % 40))
      if let size = twin[scope] {
        #expect(ledger.verdict(asked.key) == .replay(entry(scope, size: size).answer))
        continue
      }
      #expect(ledger.verdict(asked.key) == .unknown)
      ledger.record(
        asked, at: Timestamp(milliseconds: Int64(step)), retention: .hours(24),
        bytesMax: 100_000)
      twin[scope] = asked.answer.count
      kept.append(scope)
      while kept.count > ledger.count { twin[kept.removeFirst()] = nil }
    }
    #expect(kept.count < 1_100 && ledger.all.map(\.entry.key.scopeLow) == kept)
    let again = RequestLedger(restoring: Array(ledger.all), horizon: ledger.horizon)
    #expect(again == ledger && again.byteCount == ledger.byteCount)
  }

  private func entry(_ scope: UInt64, size: Int) -> LedgerEntry {
    LedgerEntry(
      key: entry(scope).key, answer: [UInt8](repeating: UInt8(scope % 251), count: size))
  }

  @Test func `G29 after 24 hours an answer is forgotten and its key is too old`() throws {
    var given = try Given()
    let first = entry(5, madeAt: given.now)
    recorded(&given, first)
    given.now = given.now.advanced(by: .hours(24))
    recorded(&given, entry(6))
    #expect(given.state.ledger.verdict(first.key) == .replay([5]))
    given.now = given.now.advanced(by: Timestamp.Span(milliseconds: 1))
    recorded(&given, entry(7))
    guard case .tooOld = given.state.ledger.verdict(first.key) else { throw Unexpected() }
    #expect(given.state.ledger.verdict(entry(6).key) == .replay([6]))
  }
}
