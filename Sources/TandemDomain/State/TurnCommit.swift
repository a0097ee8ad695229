// SPDX-License-Identifier: Apache-2.0
// From a decision to the commit that records it, and how long answers are remembered.

package import TandemPrimitives

extension TenantState {
  /// The commit of a decision that changed something.
  package func commit(
    _ events: [Event], at now: Timestamp, by principal: Principal, ledger: LedgerEntry?
  ) -> Commit {
    let (actor, via): (UserID?, UserID?) =
      switch principal {
      case .user(let user, let via, _): (user, via)
      case .systemOperator, .system: (nil, nil)
      }
    return Commit(
      sequence: commitSequence + 1, at: now, actor: actor, via: via, events: events,
      ledger: ledger)
  }

  /// When this tenant wants `fireDeadlines` next; nil while nothing waits for an answer.
  package func nextDeadline(_ deals: borrowing some DealStore & ~Copyable) -> Timestamp? {
    deals.nextDue
  }
}

extension RequestLedger {
  /// G29: how long a finished request is remembered.
  package static let retention = Timestamp.Span.hours(24)
}
