// SPDX-License-Identifier: Apache-2.0
// Answers and moves of invited organisations, as cards on the initiator's deal.
// Cards change even when the deal is closed: races are settled by the invitee's own copy.

import TandemPrimitives

enum CounterpartCards {
  static func receive(
    _ message: InvitationAnswered, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: inout CommandContext,
    _ events: inout [Event]
  ) {
    guard let (deal, place) = card(of: sender, in: message.engagement, deals),
      deal.cards[place].status.isNew, let topic = topic(of: message)
    else { return }
    var after = deal
    after.cards[place].status = message.outcome
    // What ended with time or with the engagement was not answered.
    after.cards[place].respondedAt = message.outcome == .expired ? nil : message.at
    after.cards[place].closure = message.closure
    after.cards[place].team = message.team
    after.cards[place].askedRespondBy = nil
    guard
      let changed = deal.change(
        to: after, in: FieldMask(.cards), .counterpartAnswered, at: context.now)
    else { return }
    events.append(changed)
    // The new participant sees the whole team now, the others its name.
    #if TANDEM_PLANTED_BUGS
      let isShared = !PlantedBug.teamNotShared.isActive
    #else
      let isShared = true
    #endif
    if message.outcome == .accepted, isShared {
      SharedViews.append(deal, after, &events, state)
      ShadowCopies.append(deal, after, &events, state)
    }
    // T11: who ended the engagement knows that its invitations end.
    if message.closure?.reason == .engagementClosed { return }
    events.notify(
      topic, of: after, about: deal.cards[place].organisation, state.followers(of: deal), state,
      &context)
  }

  static func receive(
    _ message: CounterpartMoved, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: inout CommandContext,
    _ events: inout [Event]
  ) {
    guard let (deal, place) = card(of: sender, in: message.engagement, deals),
      follows(message.status, after: deal.cards[place].status)
    else { return }
    var after = deal
    after.cards[place].status = message.status
    after.cards[place].team = message.team
    after.cards[place].report = message.report
    if let changed = deal.change(
      to: after, in: FieldMask(.cards), .counterpartMoved, at: context.now)
    {
      events.append(changed)
    }
  }

  static func card(
    of sender: TenantID, in engagement: EngagementID, _ deals: borrowing some DealStore & ~Copyable
  ) -> (Deal, Int)? {
    guard let id = deals.deal(in: engagement), let deal = deals.deal(id),
      deal.direction == .outbound,
      // Who was asked again answers what it was asked last.
      let place = deal.cards.lastIndex(where: { $0.organisation.id == sender })
    else { return nil }
    return (deal, place)
  }

  private static func topic(of message: InvitationAnswered) -> NotificationTopic? {
    switch message.outcome {
    case .accepted: .invitationAccepted
    case .declined: .invitationDeclined
    case .expired:
      message.closure?.reason == .undeliverable ? .invitationUndeliverable : .invitationExpired
    case .pending, .received, .won, .lost, .error: nil
    }
  }

  /// Whether a copy can go from one status to the other besides by its answer; none goes back.
  private static func follows(_ status: DealStatus, after before: DealStatus) -> Bool {
    switch status {
    case .received: before == .pending
    case .accepted, .won, .lost, .error: before == .accepted
    case .pending, .declined, .expired: false
    }
  }
}
