// SPDX-License-Identifier: Apache-2.0
// From a decision to the commit that records it, and how long answers are remembered.

package import TandemPrimitives

extension TenantState {
  /// The commit of a decision that changed something; the events go into it.
  package func commit(
    _ events: consuming [Event], at now: Timestamp, by principal: Principal,
    ledger: consuming LedgerEntry?
  ) -> Commit {
    let (actor, via) = principal.people
    return Commit(
      sequence: commitSequence + 1, at: now, actor: actor, via: via, events: events,
      ledger: ledger)
  }
}

extension Principal {
  /// The acting user and who acted in its name, as a commit records them.
  fileprivate var people: (actor: UserID?, via: UserID?) {
    switch self {
    case .user(let user, let via, _): (user, via)
    case .systemOperator, .system: (nil, nil)
    }
  }
}

extension TenantState {
  /// When this tenant wants `fireDeadlines` next; nil while nothing waits for an answer.
  package func nextDeadline(_ deals: borrowing some DealStore & ~Copyable) -> Timestamp? {
    nextDeadline(ofDeals: deals.nextDue)
  }

  /// The same where it is known when deals want it.
  package func nextDeadline(ofDeals deals: Timestamp?) -> Timestamp? {
    guard let leads = leads.nextDue else { return deals }
    return deals.map { min($0, leads) } ?? leads
  }
}

extension RequestLedger {
  /// G29: how long a finished request is remembered.
  package static let retention = Timestamp.Span.hours(24)
}
