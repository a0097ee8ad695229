// SPDX-License-Identifier: Apache-2.0
// An invitation arrives: the invitee's own copy appears as New, and its admins are told (T2, G01).

package import TandemPrimitives

enum ReceivingInvitations {
  static func receive(
    _ message: Invite, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext, _ events: inout [Event]
  ) {
    guard let organisation = state.organisation, organisation.kind != .directory,
      let global = state.globalLocation
    else { return answerUndeliverable(message, to: sender, state, context.now, &events) }
    let known = deals.deal(in: message.engagement).flatMap { deals.deal($0) }
    if let known, known.initiator.id != sender || !(known.isShadow || known.saidNo) { return }
    // Who said no and is asked again gets a copy of its own for that; the old one stays as it ended.
    let shadow = known.flatMap { $0.isShadow ? $0 : nil }
    let location = location(of: message, organisation, state) ?? global
    let reader = SolutionReader(organisation, state, senderKind: message.initiatorKind)
    var deal = copy(of: message, organisation, reader, location, &context)
    deal.remindAt = Reminding.next(after: context.now, before: deal.respondBy, state)
    if let shadow {
      deal.id = shadow.id
      deal.nextLine = max(deal.nextLine, shadow.nextLine)
      guard let event = ShadowCopies.invited(shadow, deal, at: context.now) else { return }
      events.append(event)
    } else {
      events.append(.invitationReceived(deal, inviterKind: message.initiatorKind))
    }
    events.notify(
      .dealReceived, of: deal, about: message.initiator, state.answerers(at: deal.location), state,
      &context)
  }

  private static func answerUndeliverable(
    _ message: Invite, to sender: TenantID, _ state: TenantState, _ now: Timestamp,
    _ events: inout [Event]
  ) {
    events.send(
      .invitationAnswered(
        InvitationAnswered(
          engagement: message.engagement, outcome: .expired, at: now,
          closure: Closure(reason: .undeliverable, notes: .empty), team: [])),
      to: sender, state)
  }

  /// 13.3: what a seller sends arrives where the rules say; what partners send, nowhere in particular.
  private static func location(
    of message: Invite, _ organisation: Organisation, _ state: TenantState
  ) -> LocationID? {
    guard message.initiatorKind == .vendor, organisation.kind == .partner else { return nil }
    return state.routing.location(
      for: message.customer.address.country, message.content.solutions)
  }

  /// Name and team come with acceptance.
  private static func copy(
    of message: Invite, _ organisation: Organisation, _ reader: SolutionReader,
    _ location: LocationID, _ context: inout CommandContext
  ) -> Deal {
    let now = context.now
    var content = message.content
    content.solutions = content.solutions.map(reader.read)
    // A fact of the deal, whoever is asked to join it (G03).
    let areBothPartners = organisation.kind == .partner && message.initiatorKind == .partner
    let lines = content.solutions.map(\.line) + content.team.map(\.line)
    return Deal(
      id: context.fresh.next(at: now), engagement: message.engagement, version: 1,
      direction: .inbound, status: .pending, baseKind: message.baseKind,
      partnerToPartner: areBothPartners || message.sharedView.partnerToPartner,
      name: .empty, location: location, customer: Lazily(message.customer),
      value: Lazily(content.value),
      closeDate: content.closeDate, crmID: .empty, campaignID: .empty, notes: .empty,
      team: Lazily([]),
      solutions: Lazily(content.solutions),
      consent: Lazily(message.consent), stage: .created, createdAt: now, updatedAt: now,
      acceptedAt: nil,
      acknowledgedAt: nil, closedAt: nil, respondBy: content.respondBy, closure: Rare(nil),
      initiator: Lazily(message.initiator), invitation: Rare(content), cards: Lazily([]),
      sharedView: Rare(message.sharedView.seen(by: reader)), createdBy: .zero,
      nextLine: (lines.max() ?? 0) + 1,
      fieldVersions: Lazily([]))
  }
}

extension Deal {
  /// An invitation that was declined, or not answered in time; another copy may have followed it (G08).
  var saidNo: Bool {
    direction == .inbound && (status == .declined || status == .expired)
  }
}

extension TenantState {
  /// "Entire organisation".
  package var globalLocation: LocationID? {
    locations.values.filter(\.isGlobal).map(\.id).min()
  }

  /// domain.md 14: who hears of inbound deals of a location, ascending: those who may answer them
  /// without being on the team, which are the admins and sellers in whose scope it lies.
  func answerers(at location: LocationID) -> [UserID] {
    let facts = DealFacts(
      location: location, isGlobalLocation: locations[location]?.isGlobal ?? false,
      direction: .inbound, isOnTeam: false)
    return users.values.filter { AccessPolicy.may(.answer, facts, $0, readOnly: false) }
      .map(\.id).sorted()
  }

  /// Who hears of answers: the people of the deal's team and who created it, ascending.
  ///
  /// An address on the team alone is no right to the deal (G33). Where none of them may read it, those
  /// hear who may work on it without being on its team: no answer is told to nobody.
  func followers(of deal: Deal) -> [UserID] {
    let isGlobal = locations[deal.location]?.isGlobal ?? false
    let found = users.values.filter { user in
      let isOnTeam = deal.team.includes(email: user.person.email)
      guard isOnTeam || user.id == deal.createdBy else { return false }
      let facts = DealFacts(
        location: deal.location, isGlobalLocation: isGlobal, direction: deal.direction,
        isOnTeam: isOnTeam)
      return AccessPolicy.may(.read, facts, user, readOnly: false)
    }.map(\.id).sorted()
    return found.isEmpty ? answerers(at: deal.location) : found
  }
}
