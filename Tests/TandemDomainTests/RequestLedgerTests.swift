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
