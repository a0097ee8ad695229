// SPDX-License-Identifier: Apache-2.0
// Whether a failed attempt is repeated, and when: a table, a delay rule and a budget.
// Pure: time left and randomness are given, nothing waits here.

/// How one attempt of a call ended without success.
package enum AttemptOutcome: Sendable, Equatable {
  /// Not a byte of the request reached a socket.
  case neverWritten(retryAfterMilliseconds: UInt32)
  /// The server answered with an error.
  case answered(retryable: Bool, notExecuted: Bool, retryAfterMilliseconds: UInt32)
  /// The connection ended after the request was written and before its answer.
  case lostAfterWriting
  /// The deadline passed, here or there.
  case deadline
  /// Known to be pointless: wrong key, wrong version, the caller cancelled.
  case final
}

/// What to do after a failed attempt.
package enum RetryDecision: Sendable, Equatable {
  package enum GiveUp: Sendable, Equatable {
    /// The table says that repeating is useless or unsafe.
    case notRepeatable
    case attemptsUsed
    case budgetEmpty
    /// The server asked for a longer wait than there is time.
    case deadlineIsSooner(waitMilliseconds: Int64, leftMilliseconds: Int64)
  }
  case retry(afterMilliseconds: Int64)
  case giveUp(GiveUp)
}

/// Tokens that keep a client from making an outage worse.
///
/// Each retry takes one, each success gives a tenth.
package struct RetryBudget: Sendable, Equatable {
  package static let full = 100
  /// In tenths of a token, so that sums are exact.
  package private(set) var tenths = RetryBudget.full

  package init() {}

  package mutating func takeOne() -> Bool {
    guard tenths >= 10 else { return false }
    tenths -= 10
    return true
  }

  package mutating func success() { tenths = min(Self.full, tenths + 1) }
}

package struct RetryPolicy: Sendable, Equatable {
  package var maximumAttempts = 4
  package var firstDelayMilliseconds: Int64 = 50
  package var delayCeilingMilliseconds: Int64 = 5_000
  package var serverDelayCeilingMilliseconds: Int64 = 60_000

  package init() {}

  /// Decides after attempt number `attempts` (1 for the first).
  ///
  /// `isRepeatable`: the method has no side effects, is idempotent, or the call carries a key.
  /// `leftMilliseconds`: until the call's deadline, nil for none.
  package func decide(
    _ outcome: AttemptOutcome, isRepeatable: Bool, attempts: Int, leftMilliseconds: Int64?,
    budget: inout RetryBudget, random: inout some RandomNumberGenerator
  ) -> RetryDecision {
    guard allows(outcome, isRepeatable: isRepeatable) else { return .giveUp(.notRepeatable) }
    guard attempts < maximumAttempts else { return .giveUp(.attemptsUsed) }
    let delay = delay(after: outcome, attempts: attempts, random: &random)
    if let left = leftMilliseconds, delay >= left {
      return .giveUp(.deadlineIsSooner(waitMilliseconds: delay, leftMilliseconds: left))
    }
    guard budget.takeOne() else { return .giveUp(.budgetEmpty) }
    return .retry(afterMilliseconds: delay)
  }

  /// The table: may this be tried again at all.
  package func allows(_ outcome: AttemptOutcome, isRepeatable: Bool) -> Bool {
    switch outcome {
    case .neverWritten: true
    case .answered(retryable: false, _, _): false
    case .answered(retryable: true, notExecuted: true, _): true
    case .answered(retryable: true, notExecuted: false, _): isRepeatable
    case .lostAfterWriting: isRepeatable
    case .deadline, .final: false
    }
  }

  /// How long to wait after attempt number `attempts`.
  package func delay(
    after outcome: AttemptOutcome, attempts: Int, random: inout some RandomNumberGenerator
  ) -> Int64 {
    switch outcome {
    case .neverWritten(0) where attempts == 1: return 0
    case .neverWritten(let wish), .answered(_, _, let wish):
      return wish > 0 ? serverDelay(wish, &random) : ownDelay(attempts, &random)
    case .lostAfterWriting, .deadline, .final: return ownDelay(attempts, &random)
    }
  }

  private func ownDelay(_ attempts: Int, _ random: inout some RandomNumberGenerator) -> Int64 {
    let doublings = min(max(attempts - 1, 0), 20)
    let ceiling = min(delayCeilingMilliseconds, firstDelayMilliseconds << Int64(doublings))
    return Int64.random(in: 0...ceiling, using: &random)
  }

  private func serverDelay(_ wish: UInt32, _ random: inout some RandomNumberGenerator) -> Int64 {
    let base = Int64(wish)
    let jittered = base + Int64.random(in: 0...base / 5, using: &random)
    return min(serverDelayCeilingMilliseconds, jittered)
  }
}
