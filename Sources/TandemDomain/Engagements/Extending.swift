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

  /// What keeps every invitee from getting more time.
  static func refusals(of deal: Deal, _ state: TenantState, _ now: Timestamp) -> Refusals {
    var refusals = standing(of: deal, now)
    // The rest of an inbound copy is its initiator's affair.
    guard deal.direction == .outbound else { return refusals }
    // Those without room have said so.
    let others = deal.cards.filter { $0.status.isNew && hasRoom($0, now) }.map { card in
      var refusals = Refusals()
      let times = times(of: card, state)
      let later = times.before.advanced(by: Timestamp.Span(milliseconds: 1))
      refusals.ask { () throws(Rejection) in
        _ = try end(.at(max(times.soonest, later)), card, state)
      }
      return refusals
    }
    if !others.contains(where: \.isEmpty) { refusals.add(others.flatMap(\.found)) }
    return refusals
  }

  private static func requireExtendable(_ deal: Deal, _ now: Timestamp) throws(Rejection) {
    try standing(of: deal, now).throwFirst()
  }

  /// What must hold of a deal before any of its invitees gets more time, whatever is asked.
  private static func standing(of deal: Deal, _ now: Timestamp) -> Refusals {
    var refusals = Refusals()
    refusals.ask { () throws(Rejection) in try Inviting.requireInitiator(deal) }
    refusals.ask { () throws(Rejection) in try deal.requireAccepted(to: .extendInvitation) }
    guard deal.direction == .outbound else { return refusals }
    let waiting = deal.cards.filter(\.status.isNew)
    refusals.ask { () throws(Rejection) in
      guard waiting.isEmpty else { return }
      throw Rejection(
        .failedPrecondition, "NOT_NEW", "no invitation to this deal waits for its answer",
        rules: ["invariant 10"])
    }
    guard !waiting.contains(where: { hasRoom($0, now) }) else { return refusals }
    for card in waiting.reversed() {
      refusals.ask { () throws(Rejection) in try requireRoom(card, now) }
    }
    return refusals
  }

  private static func hasRoom(_ card: Card, _ now: Timestamp) -> Bool {
    now < card.respondBy && card.extensions < Limits.extensionsPerInvitation
  }

  private static func place(of invitee: Invitee, in deal: Deal) throws(Rejection) -> Int {
    switch invitee {
    case .organisation(let id):
      if let place = deal.cards.lastIndex(where: { $0.organisation.id == id }) { return place }
      throw .invalid(
        "organisation_id", "NOT_INVITED", "\(id) was not invited to this deal",
        rules: ["section 10"])
    case .vendorDesk:
      if let place = deal.cards.lastIndex(where: { $0.organisationKind == .vendor }) {
        return place
      }
      throw .invalid(
        "to_vendor", "NOT_INVITED", "the vendor was not invited to this deal", rules: ["section 10"]
      )
    }
  }

  private static func requireRoom(_ card: Card, _ now: Timestamp) throws(Rejection) {
    guard card.status.isNew else {
      throw Rejection(
        .failedPrecondition, "NOT_NEW",
        "\(card.organisation.name) does not answer any more: its copy is \(card.status); invite it "
          + "to a new deal", rules: ["invariant 10"])
    }
    guard now < card.respondBy else {
      throw Rejection(
        .failedPrecondition, "INVITATION_EXPIRED",
        "\(card.organisation.name) could answer until \(card.respondBy); invite it to a new deal",
        rules: ["R-304"], until: .due)
    }
    guard card.extensions < Limits.extensionsPerInvitation else {
      throw Rejection(
        .failedPrecondition, "EXTENSIONS_USED_UP",
        "\(card.organisation.name) was given more time \(card.extensions) times, which is the most; "
          + "wait for its answer until \(card.respondBy), or invite it to a new deal",
        rules: ["G24"])
    }
  }

  /// When an answer is due as far as was told or asked, and between which times it can be due instead.
  private static func times(
    of card: Card, _ state: TenantState
  ) -> (before: Timestamp, soonest: Timestamp, latest: Timestamp) {
    let before = max(card.respondBy, card.askedRespondBy ?? .zero)
    let policy = state.realm?.policy ?? .standard
    let latest = card.content.respondBy.advanced(by: policy.longestExtension)
    return (before, min(before.advanced(by: policy.leastExtension), latest), latest)
  }

  /// The new end: later than any that was told or asked, and not later than the realm allows.
  private static func end(
    _ asked: ExtendInvitation.End, _ card: Card, _ state: TenantState
  ) throws(Rejection) -> Timestamp {
    let (before, soonest, latest) = times(of: card, state)
    let (end, field) =
      switch asked {
      case .at(let end): (end, "respond_by_ms")
      case .daysLater(let days): (before.advanced(by: .days(Int64(days))), "days")
      }
    guard before < end else {
      throw .invalid(
        field, "EXTENSION_NOT_LATER", "the answer is due at \(before) already; give a later time",
        rules: ["section 10"])
    }
    guard soonest <= end else {
      throw .invalid(
        field, "EXTENSION_TOO_SHORT",
        "\(end) is hardly later than \(before), when the answer is due already; give "
          + "\(soonest) or later", rules: ["section 10"])
    }
    guard end <= latest else {
      throw .invalid(
        field, "EXTENSION_TOO_LONG",
        "\(end) is too late; this realm lets the answer be due until \(latest)",
        rules: ["section 10"])
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
