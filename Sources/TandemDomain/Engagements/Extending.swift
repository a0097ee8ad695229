// SPDX-License-Identifier: Apache-2.0
// The inviter gives more time to answer. The invitee's own copy decides, as in every race: whether it was
// still New and in time when it heard of it.

import TandemPrimitives

package enum Extending {
  package static func decide(
    _ command: ExtendInvitation, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .invite, context, deals)
    try requireExtendable(deal, context.now)
    let place = try place(of: command.invitee, in: deal)
    let card = deal.cards[place]
    try requireRoom(card, context.now)
    let end = try end(command.end, card, state)
    try state.requireOutboxRoom(card.organisation.id)
    if command.validateOnly {
      return Decision(events: [], answer: .deal(id: deal.id, version: deal.version, warnings: []))
    }
    var after = deal
    after.cards[place].askedRespondBy = end
    after.cards[place].extensions += 1
    guard
      let changed = deal.change(
        to: after, in: FieldMask(.cards), .extensionAsked, at: context.now)
    else { preconditionFailure("it is later than what was asked before") }
    var events = [changed]
    events.send(
      .extensionAsked(Extension(engagement: deal.engagement, respondBy: end)),
      to: card.organisation.id, state)
    return Decision(
      events: events, answer: .deal(id: deal.id, version: deal.version + 1, warnings: []))
  }

  /// What must hold of a deal before any of its invitees gets more time.
  static func requireExtendable(_ deal: Deal, _ now: Timestamp) throws(Rejection) {
    try Inviting.requireInitiator(deal)
    try deal.requireAccepted(to: "give an invitee more time")
    let waiting = deal.cards.filter(\.status.isNew)
    guard let last = waiting.last else {
      throw Rejection(
        .failedPrecondition, "NOT_NEW", "no invitation to this deal waits for its answer")
    }
    let someoneHasRoom = waiting.contains {
      now < $0.respondBy && $0.extensions < Limits.extensionsPerInvitation
    }
    if !someoneHasRoom { try requireRoom(last, now) }
  }

  private static func place(of invitee: Invitee, in deal: Deal) throws(Rejection) -> Int {
    switch invitee {
    case .organisation(let id):
      if let place = deal.cards.firstIndex(where: { $0.organisation.id == id }) { return place }
      throw .invalid("organisation_id", "NOT_INVITED", "\(id) was not invited to this deal")
    case .vendorDesk:
      if let place = deal.cards.firstIndex(where: { $0.organisationKind == .vendor }) {
        return place
      }
      throw .invalid("to_vendor", "NOT_INVITED", "the vendor was not invited to this deal")
    }
  }

  private static func requireRoom(_ card: Card, _ now: Timestamp) throws(Rejection) {
    guard card.status.isNew else {
      throw Rejection(
        .failedPrecondition, "NOT_NEW",
        "\(card.organisation.name) does not answer any more: its copy is \(card.status); invite it "
          + "to a new deal")
    }
    guard now < card.respondBy else {
      throw Rejection(
        .failedPrecondition, "INVITATION_EXPIRED",
        "\(card.organisation.name) could answer until \(card.respondBy); invite it to a new deal")
    }
    guard card.extensions < Limits.extensionsPerInvitation else {
      throw Rejection(
        .failedPrecondition, "EXTENSIONS_USED_UP",
        "\(card.organisation.name) was given more time \(card.extensions) times, which is the most; "
          + "wait for its answer until \(card.respondBy), or invite it to a new deal")
    }
  }

  /// The new end: later than any that was told or asked, and not later than the realm allows.
  private static func end(
    _ asked: ExtendInvitation.End, _ card: Card, _ state: TenantState
  ) throws(Rejection) -> Timestamp {
    let before = max(card.respondBy, card.askedRespondBy ?? .zero)
    let policy = state.realm?.policy ?? .standard
    let latest = card.content.respondBy.advanced(by: policy.longestExtension)
    let soonest = min(before.advanced(by: policy.leastExtension), latest)
    let (end, field) =
      switch asked {
      case .at(let end): (end, "respond_by_ms")
      case .daysLater(let days): (before.advanced(by: .days(Int64(days))), "days")
      }
    guard before < end else {
      throw .invalid(
        field, "EXTENSION_NOT_LATER", "the answer is due at \(before) already; give a later time")
    }
    guard soonest <= end else {
      throw .invalid(
        field, "EXTENSION_TOO_SHORT",
        "\(end) is hardly later than \(before), when the answer is due already; give "
          + "\(soonest) or later")
    }
    guard end <= latest else {
      throw .invalid(
        field, "EXTENSION_TOO_LONG",
        "\(end) is too late; this realm lets the answer be due until \(latest)")
    }
    return end
  }

  /// At the invitee: an answer or an end that came first stays, and is on its way back.
  static func receive(
    _ message: Extension, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: inout CommandContext,
    _ events: inout [Event]
  ) {
    guard let id = deals.deal(in: message.engagement), let deal = deals.deal(id),
      deal.direction == .inbound, deal.initiator.id == sender, deal.status.isNew,
      let respondBy = deal.respondBy, context.now < respondBy, respondBy < message.respondBy
    else { return }
    var after = deal
    after.respondBy = message.respondBy
    after.remindAt = Reminding.next(after: context.now, before: message.respondBy, state)
    guard
      let changed = deal.change(
        to: after, in: FieldMask([.respondBy, .remindAt]), .deadlineExtended, at: context.now)
    else { return invariant(false, "a later end is a change") }
    events.append(changed)
    events.notify(
      .deadlineExtended, of: after, about: deal.initiator, state.answerers(at: deal.location),
      state,
      &context)
    events.send(.deadlineExtended(message), to: sender, state)
  }

  /// At the inviter: the card shows what holds.
  static func confirm(
    _ message: Extension, from sender: TenantID, _ deals: borrowing some DealStore & ~Copyable,
    _ now: Timestamp, _ events: inout [Event]
  ) {
    guard let (deal, place) = CounterpartCards.card(of: sender, in: message.engagement, deals),
      deal.cards[place].status.isNew
    else { return }
    var after = deal
    after.cards[place].extendedTo = message.respondBy
    // A later one may be under way.
    if after.cards[place].askedRespondBy == message.respondBy {
      after.cards[place].askedRespondBy = nil
    }
    if let changed = deal.change(to: after, in: FieldMask(.cards), .deadlineExtended, at: now) {
      events.append(changed)
    }
  }
}

extension RealmPolicy {
  /// How much later than at first an answer may be made due, all extensions together.
  var longestExtension: Timestamp.Span { extensionMax ?? answerWindow }

  /// How much later than before an answer is made due at least: every extension tells people.
  var leastExtension: Timestamp.Span {
    let part = answerWindow.milliseconds / Limits.extensionLeastParts
    return Timestamp.Span(milliseconds: min(Limits.extensionLeastMilliseconds, part))
  }
}
