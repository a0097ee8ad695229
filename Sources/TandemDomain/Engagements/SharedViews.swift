// SPDX-License-Identifier: Apache-2.0
// What accepted counterparts see of each other's copies, and the messages that keep it current.
// Invitees that have not answered keep the team of their invitation (domain.md 11), so they are
// not told.

import TandemPrimitives

enum SharedViews {
  /// What an initiator shows to an organisation that accepted.
  static func view(of deal: Deal, for receiver: TenantID) -> SharedView {
    SharedView(
      team: deal.team, customerContacts: deal.customer.contacts,
      participants: deal.cards.filter { $0.takesPart && $0.organisation.id != receiver }
        .map(\.organisation),
      initiatorStatus: deal.status)
  }

  /// A command changed what the other side sees: the team, or where the copy stands.
  static func tell(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState, _ now: Timestamp
  ) throws(Rejection) {
    switch deal.direction {
    case .outbound:
      for card in deal.cards where card.status == .accepted {
        try state.requireOutboxRoom(card.organisation.id)
      }
    case .inbound: try state.requireOutboxRoom(deal.initiator.id)
    }
    append(deal, &events, state, now)
  }

  /// The same without asking for room: messages and timers are never refused.
  static func append(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState, _ now: Timestamp
  ) {
    switch deal.direction {
    case .outbound:
      for card in deal.cards where card.status == .accepted {
        let view = view(of: deal, for: card.organisation.id)
        events.send(
          .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)),
          to: card.organisation.id, state)
      }
    case .inbound:
      events.send(
        .counterpartMoved(
          CounterpartMoved(
            engagement: deal.engagement, status: deal.status, team: deal.team, at: now)),
        to: deal.initiator.id, state)
    }
  }

  /// The initiator moved on.
  ///
  /// Only an accepted copy follows; others are late messages.
  static func receive(
    _ message: SharedViewChanged, from sender: TenantID,
    _ deals: borrowing some DealStore & ~Copyable, _ now: Timestamp,
    _ events: inout [Event]
  ) {
    guard let id = deals.deal(in: message.engagement), let deal = deals.deal(id),
      deal.direction == .inbound, deal.initiator.id == sender, deal.status == .accepted
    else { return }
    var after = deal
    after.sharedView = message.view
    if let event = deal.change(to: after, in: FieldMask(.sharedView), .sharedViewChanged, at: now) {
      events.append(event)
    }
  }
}

extension Card {
  /// The organisation accepted, whatever became of its copy since.
  var takesPart: Bool {
    switch status {
    case .accepted, .won, .lost: true
    case .pending, .received, .declined, .expired, .error: false
    }
  }
}
