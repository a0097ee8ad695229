// SPDX-License-Identifier: Apache-2.0
// What the vendor reads of a deal that it was not invited to (domain.md 2, 11, G15): a copy at the desk
// for the customer's country that follows the partner's. It ends with the partner's, or becomes the
// invited copy when the vendor is asked for help.

import TandemPrimitives

enum ShadowCopies {
  /// Lets a desk read a deal from now on.
  static func show(
    _ deal: inout Deal, to desk: OrganisationEntry, as kind: BaseKind = .partnerLed
  ) {
    deal.baseKind = kind
    deal.shownTo = OrganisationReference(id: desk.id, name: desk.name)
  }

  /// Neither the customer's contacts nor what is for the partner's own books.
  static func view(of deal: Deal) -> Deal {
    var view = Deal(
      id: .zero, engagement: deal.engagement, version: 1, direction: .inbound,
      status: deal.status, baseKind: deal.baseKind, partnerToPartner: deal.partnerToPartner,
      name: deal.name, location: .zero, customer: Lazily(deal.customer.forOthers),
      value: Lazily(deal.value), closeDate: deal.closeDate, crmID: .empty, campaignID: .empty,
      notes: deal.notes, team: Lazily([]), solutions: Lazily(deal.solutions),
      consent: Lazily(deal.consent), stage: deal.stage, createdAt: .zero, updatedAt: .zero,
      acceptedAt: nil, acknowledgedAt: nil, closedAt: deal.closedAt, respondBy: nil,
      closure: Rare(nil), initiator: Lazily(deal.initiator), invitation: Rare(nil),
      cards: Lazily([]),
      sharedView: Rare(
        SharedView(
          team: deal.team, customerContacts: [],
          participants: deal.participants(),
          initiatorStatus: deal.status)),
      createdBy: .zero, nextLine: deal.nextLine, fieldVersions: Lazily([]))
    view.assessment = deal.assessment
    return view
  }

  /// A command made `after` of a deal: its shadow follows, if there is one and it shows the difference.
  static func tell(
    _ before: Deal, _ after: Deal, _ events: inout [Event], _ state: TenantState
  ) throws(Rejection) {
    guard let desk = after.shownTo, !state.isShadowUnderWay(of: after.engagement, to: desk.id)
    else { return }
    try state.requireOutboxRoom(desk.id)
    append(before, after, &events, state)
  }

  /// The same without asking for room: messages and timers are never refused.
  static func append(
    _ before: Deal, _ after: Deal, _ events: inout [Event], _ state: TenantState
  ) {
    guard let desk = after.shownTo, !state.isShadowUnderWay(of: after.engagement, to: desk.id)
    else { return }
    let view = view(of: after)
    if before.shownTo == nil || view != Self.view(of: before) {
      events.send(.dealShown(view), to: desk.id, state)
    }
  }

  // MARK: At the desk

  /// Only a shadow copy follows; an invited one has a life of its own.
  static func receive(
    _ view: Deal, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: inout CommandContext,
    _ events: inout [Event]
  ) {
    guard let reader = SolutionReader(state, of: sender, context.directory),
      let global = state.globalLocation, view.initiator.id == sender
    else { return }
    var shown = view
    shown.solutions = view.solutions.map(reader.read)
    guard let id = deals.deal(in: view.engagement), let deal = deals.deal(id) else {
      shown.id = context.fresh.next(at: context.now)
      shown.location = global
      shown.createdAt = context.now
      shown.updatedAt = context.now
      return events.append(.dealShown(shown))
    }
    guard deal.isShadow, !deal.status.isTerminal, deal.initiator.id == sender else { return }
    if let event = deal.change(to: shown, in: following, .shadowFollowed, at: context.now) {
      events.append(event)
    }
  }

  private static let following = FieldMask([
    .status, .baseKind, .partnerToPartner, .name, .value, .closeDate, .notes, .solutions, .stage,
    .closedAt, .sharedView, .assessment,
  ])

  /// What becomes of a shadow copy when its desk is invited.
  ///
  /// Nothing stays on it that an invitee does not see; what the desk read before, as it was allowed to,
  /// stays in its history.
  static func invited(_ deal: Deal, _ invited: Deal, at now: Timestamp) -> Event? {
    deal.change(
      to: invited,
      in: FieldMask([
        .status, .baseKind, .partnerToPartner, .name, .customer, .value, .closeDate, .notes,
        .solutions, .consent, .stage, .respondBy, .remindAt, .invitation, .sharedView,
      ]), .invitationReceived, at: now)
  }
}

extension Customer {
  /// Numbers from one's own books stay at home; contacts travel in the shared view only.
  var forOthers: Customer {
    var customer = self
    customer.identifiers.removeAll { $0.scheme == .external }
    customer.contacts = []
    return customer
  }
}
