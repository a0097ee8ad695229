// SPDX-License-Identifier: Apache-2.0
// The table, the delays and the budget of retries, by value.

import TandemPrimitives
import Testing

import TandemClient

struct RetryPolicyTests {
  private let policy = RetryPolicy()

  private func decide(
    _ outcome: AttemptOutcome, repeatable: Bool = true, attempts: Int = 1, left: Int64? = nil
  ) -> RetryDecision {
    var budget = RetryBudget()
    var random = SeededRandom(seed: 1)
    return policy.decide(
      outcome, isRepeatable: repeatable, attempts: attempts, leftMilliseconds: left,
      budget: &budget, random: &random)
  }

  @Test func `every row of the table says whether a call may be repeated`() {
    let rows: [(AttemptOutcome, repeatable: Bool, plain: Bool)] = [
      (.neverWritten(retryAfterMilliseconds: 0), true, true),
      (.answered(retryable: true, notExecuted: true, retryAfterMilliseconds: 0), true, true),
      (.answered(retryable: true, notExecuted: false, retryAfterMilliseconds: 0), true, false),
      (.answered(retryable: false, notExecuted: true, retryAfterMilliseconds: 9), false, false),
      (.answered(retryable: false, notExecuted: false, retryAfterMilliseconds: 0), false, false),
      (.lostAfterWriting, true, false), (.deadline, false, false), (.final, false, false),
    ]
    for (outcome, repeatable, plain) in rows {
      #expect(policy.allows(outcome, isRepeatable: true) == repeatable, "\(outcome)")
      #expect(policy.allows(outcome, isRepeatable: false) == plain, "\(outcome)")
    }
  }

  @Test func `what was never written is repeated at once, then with a delay`() {
    let outcome = AttemptOutcome.neverWritten(retryAfterMilliseconds: 0)
    #expect(decide(outcome) == .retry(afterMilliseconds: 0))
    var random = SeededRandom(seed: 7)
    let delays = (0..<200).map { _ in policy.delay(after: outcome, attempts: 2, random: &random) }
    #expect(delays.allSatisfy { (0...100).contains($0) })
    #expect(delays.contains { $0 > 50 })
  }

  @Test func `own delays double up to five seconds`() {
    var random = SeededRandom(seed: 3)
    for (attempts, ceiling) in [(1, 50), (2, 100), (3, 200), (7, 3_200), (8, 5_000), (60, 5_000)] {
      let delays = (0..<300).map { _ in
        policy.delay(after: .lostAfterWriting, attempts: attempts, random: &random)
      }
      #expect(delays.allSatisfy { (0...Int64(ceiling)).contains($0) })
      #expect(delays.contains { $0 > Int64(ceiling) / 2 })
    }
  }

  @Test func `the server's wish is followed with up to a fifth more and at most a minute`() {
    var random = SeededRandom(seed: 5)
    let wishes = [(250, 250...300), (59_000, 59_000...60_000), (900_000, 60_000...60_000)]
    for (wish, expected) in wishes {
      for _ in 0..<50 {
        let delay = policy.delay(
          after: .answered(
            retryable: true, notExecuted: true, retryAfterMilliseconds: UInt32(wish)),
          attempts: 1, random: &random)
        #expect(expected.contains(Int(delay)))
      }
    }
  }

  @Test func `a call is tried four times`() {
    let outcome = AttemptOutcome.neverWritten(retryAfterMilliseconds: 0)
    #expect(decide(outcome, attempts: 4) == .giveUp(.attemptsUsed))
    guard case .retry = decide(outcome, attempts: 3) else {
      Issue.record("the third attempt is followed by a fourth")
      return
    }
  }

  @Test func `a deadline sooner than the wait ends the call at once with both numbers`() {
    let outcome = AttemptOutcome.neverWritten(retryAfterMilliseconds: 60_000)
    #expect(
      decide(outcome, left: 700)
        == .giveUp(.deadlineIsSooner(waitMilliseconds: 60_000, leftMilliseconds: 700)))
  }

  @Test func `ten retries empty the budget and ten successes buy one more`() {
    var budget = RetryBudget()
    var takes = 0
    for _ in 0..<10 { takes += budget.takeOne() ? 1 : 0 }
    #expect(takes == 10)
    let found1 = budget.takeOne()
    #expect(!found1)
    for _ in 0..<9 { budget.success() }
    let found2 = budget.takeOne()
    #expect(!found2)
    budget.success()
    let found3 = budget.takeOne()
    #expect(found3)
    for _ in 0..<500 { budget.success() }
    #expect(budget.tenths == RetryBudget.full)
  }
}
