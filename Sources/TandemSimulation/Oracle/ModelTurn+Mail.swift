// SPDX-License-Identifier: Apache-2.0
// What a message does to the copy that it is about; late ones do nothing.

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func receive(_ mail: ModelMail, from sender: TenantID) {
    switch mail {
    case .invite(let invitation): invited(invitation)
    case .answered(let engagement, let status, let closure, let team, let at):
      answered(engagement, status, closure, team, at, by: sender)
    case .moved(let engagement, let status, let team, let report):
      // Seen follows sent, and an end follows acceptance; what comes late changes nothing.
      guard let (old, place) = card(engagement, sender),
        old.cards[place].status == (status == .received ? .pending : .accepted)
      else { return }
      var deal = old
      deal.cards[place].status = status
      deal.cards[place].team = team
      deal.cards[place].report = report
      put(deal)
    case .closed(let engagement): closed(engagement)
    case .moreTimeAsked(let engagement, let end): moreTimeAsked(engagement, end)
    case .moreTimeGiven(let engagement, let end):
      guard let (old, place) = card(engagement, sender), old.cards[place].status.isNew
      else { return }
      var deal = old
      deal.cards[place].extendedTo = end
      if deal.cards[place].askedRespondBy == end { deal.cards[place].askedRespondBy = nil }
      put(deal)
    case .view(let engagement, let view): shown(view, of: engagement, by: sender)
    case .shadow(let shown): follow(shown)
    case .lead(let lead): arrive(lead)
    case .leadAnswered, .other: break
    }
  }

  // MARK: At the invitee

  /// An open copy takes over what it is shown; one that a partner won, what says whether it is eligible
  /// (G12).
  private mutating func shown(
    _ told: SharedView, of engagement: EngagementID, by sender: TenantID
  ) {
    guard var deal = own.copy(in: engagement), deal.isInbound, !deal.isShadow else { return }
    let before = deal.sharedView
    guard !deal.status.isTerminal else {
      if deal.status == .won, own.kind == .partner {
        deal.sharedView?.participants = told.participants
        put(deal)
      }
      return
    }
    deal.sharedView = own.seen(told, from: world.organisations[sender]?.kind)
    // Section 7, G03: the copy is of the kind that the deal has become, if anything is said of that.
    if let kind = told.baseKind {
      deal.kind = kind
      deal.partnerToPartner = told.partnerToPartner
    }
    deal.sharedView?.baseKind = told.baseKind ?? before?.baseKind
    deal.sharedView?.partnerToPartner =
      told.baseKind == nil ? before?.partnerToPartner ?? false : told.partnerToPartner
    put(deal)
  }

  /// T2: a copy appears as New, or the vendor's shadow copy becomes one.
  private mutating func invited(_ invitation: ModelInvitation) {
    let deal = invitation.deal
    let inviter = invitation.inviterKind
    var content = invitation.content
    content.solutions = content.solutions.map { own.seen($0, from: inviter) }
    var old = own.copy(in: deal.engagement)
    // G08: who said no and is asked again gets a new copy.
    if let ended = old, ended.status == .declined || ended.status == .expired { old = nil }
    if let old, !old.isShadow { return }
    let lines = content.solutions.map(\.line) + content.team.map(\.line)
    let (id, _) = old.map { ($0.id, $0.engagement) } ?? beginDeal()
    var copy =
      old
      ?? ModelDeal(
        id: id, engagement: deal.engagement, isInbound: true, status: .pending, name: "",
        location: own.globalLocation, customer: deal.customerForOthers, value: content.value,
        closeDate: content.closeDate, solutions: [], consent: deal.consent, createdAt: now,
        updatedAt: now, initiator: deal.initiator)
    let routed = location(for: deal.customer.address.country, content.solutions)
    if old == nil, inviter == .vendor, own.kind == .partner {
      copy.location = routed ?? own.globalLocation
    }
    copy.status = .pending
    copy.kind = deal.kind
    copy.partnerToPartner = deal.partnerToPartner
    copy.name = ""
    copy.notes = ""
    copy.stage = .created
    copy.customer = deal.customerForOthers
    copy.value = content.value
    copy.closeDate = content.closeDate
    copy.consent = deal.consent
    copy.solutions = content.solutions
    copy.invitation = content
    copy.sharedView = own.seen(deal.view(for: own.id), from: inviter)
    copy.respondBy = content.respondBy
    copy.remindAt = reminder(after: now, before: content.respondBy)
    copy.nextLine = max((lines.max() ?? 0) + 1, old?.nextLine ?? 0)
    put(copy)
    notify(.dealReceived, id, own.answerers(of: copy))
  }

  /// 13.3: market and solution, then the solution, then the market, then the default.
  private func location(for country: CountryCode, _ lines: [SolutionLine]) -> LocationID? {
    func catches(_ rule: RoutingRule, _ line: SolutionLine) -> Bool {
      rule.solutions.contains {
        $0.id.isZero
          ? $0.name.string.lowercased() == line.name.string.lowercased() : $0.id == line.solution
      }
    }
    let here = own.rules.filter { $0.markets.contains(country) }
    let withBoth = here.filter { !$0.solutions.isEmpty }
    let withSolution = own.rules.filter { $0.markets.isEmpty }
    for rules in [withBoth, withSolution] {
      for line in lines {
        if let rule = rules.first(where: { catches($0, line) }) { return rule.location }
      }
    }
    return here.first { $0.solutions.isEmpty }?.location ?? own.defaultLocation
  }

  /// T11: a copy that was answered stays as it is.
  private mutating func closed(_ engagement: EngagementID) {
    guard let deal = own.copy(in: engagement), deal.isInbound, deal.status.isNew else { return }
    let ended = ended(deal, .expired, Closure(reason: .engagementClosed, notes: ""))
    put(ended)
    answer(ended)
    notify(.invitationExpired, deal.id, own.answerers(of: deal))
  }

  private mutating func moreTimeAsked(_ engagement: EngagementID, _ end: Timestamp) {
    guard var deal = own.copy(in: engagement), deal.isInbound, deal.status.isNew,
      let due = deal.respondBy, now < due, due < end
    else { return }
    deal.respondBy = end
    deal.remindAt = reminder(after: now, before: end)
    put(deal)
    notify(.deadlineExtended, deal.id, own.answerers(of: deal))
    send(.moreTimeGiven(engagement, end), to: deal.initiator.id)
  }

  /// Section 11, partner-led: details without contacts, read only; it ends with the partner's deal.
  private mutating func follow(_ shown: ModelDeal) {
    let old = own.copy(in: shown.engagement)
    if let old, !old.isShadow || old.status.isTerminal { return }
    var copy =
      old
      ?? ModelDeal(
        id: beginDeal().0, engagement: shown.engagement, isInbound: true, status: shown.status,
        name: shown.name, location: own.globalLocation, customer: shown.customerForOthers,
        value: shown.value, closeDate: shown.closeDate, solutions: [], consent: shown.consent,
        createdAt: now, updatedAt: now, initiator: shown.initiator, nextLine: shown.nextLine)
    let shower = world.organisations[shown.initiator.id]?.kind
    copy.follow(shown, seen: shown.solutions.map { own.seen($0, from: shower) })
    put(copy)
  }

  // MARK: At the inviter

  private func card(_ engagement: EngagementID, _ sender: TenantID) -> (ModelDeal, Int)? {
    guard let deal = own.copy(in: engagement), !deal.isInbound,
      let place = deal.cards.lastIndex(where: { $0.organisation.id == sender })
    else { return nil }
    return (deal, place)
  }

  private mutating func answered(
    _ engagement: EngagementID, _ status: DealStatus, _ closure: Closure?, _ team: [TeamMember],
    _ at: Timestamp, by sender: TenantID
  ) {
    guard let (old, place) = card(engagement, sender), old.cards[place].status.isNew
    else { return }
    var deal = old
    deal.cards[place].status = status
    deal.cards[place].closure = closure
    deal.cards[place].team = team
    deal.cards[place].respondedAt = status == .expired ? nil : at
    deal.cards[place].askedRespondBy = nil
    put(deal)
    if closure?.reason == .engagementClosed { return }
    let topic: NotificationTopic =
      switch status {
      case .accepted: .invitationAccepted
      case .declined: .invitationDeclined
      case .pending, .received, .won, .lost, .expired, .error:
        closure?.reason == .undeliverable ? .invitationUndeliverable : .invitationExpired
      }
    notify(topic, deal.id, own.followers(of: deal))
  }
}

extension ModelOrganisation {
  /// 3.5: whose a solution is for who looks at it; the vendor's desks are one party.
  func seen(_ line: SolutionLine, from sender: OrganisationKind?) -> SolutionLine {
    var seen = line
    if line.group == .otherThirdParty {
      if solutions.keys.contains(line.solution) { seen.group = .ownCompany }
    } else if line.group == .vendor || (sender == .vendor && line.group == .ownCompany) {
      seen.group = kind == .vendor ? .ownCompany : .vendor
    } else if line.group == .ownCompany {
      seen.group = .otherThirdParty
    }
    return seen
  }

  func seen(_ view: SharedView, from sender: OrganisationKind?) -> SharedView {
    var seen = view
    seen.details?.solutions =
      view.details?.solutions.map { self.seen($0, from: sender) } ?? []
    return seen
  }
}

extension ModelDeal {
  /// What the vendor's shadow copy shows of a partner's deal.
  mutating func follow(_ shown: ModelDeal, seen solutions: [SolutionLine]) {
    status = shown.status
    kind = shown.kind
    partnerToPartner = shown.partnerToPartner
    name = shown.name
    value = shown.value
    closeDate = shown.closeDate
    notes = shown.notes
    self.solutions = solutions
    stage = shown.stage
    closedAt = shown.closedAt
    assessment = shown.assessment
    nextLine = shown.nextLine
    sharedView = SharedView(
      team: shown.team, customerContacts: [], participants: shown.participants,
      initiatorStatus: shown.status)
  }
}
