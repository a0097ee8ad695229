// SPDX-License-Identifier: Apache-2.0
// Leads in the model (18): the vendor tells a partner of somebody who may buy, and hears what became of it.

import TandemDomain
import TandemPrimitives

extension ModelOrganisation {
  /// Leads have no location: a viewer or admin of one place has none of them.
  func mayReadLeads(_ user: ModelUser) -> Bool {
    user.isActive
      && user.grants.contains {
        $0.role == .partnerAdmin
          || ([.referralsAdmin, .viewer].contains($0.role) && $0.locations.isEmpty)
      }
  }

  /// Who is told of leads.
  fileprivate var leadWorkers: [UserID] {
    users.values.filter { $0.isActive && mayAdministerDeals($0) }.map(\.id)
  }

  fileprivate func maySendLeads(_ user: ModelUser) -> Bool {
    user.grants.contains {
      $0.role == .partnerAdmin
        || ([.referralsAdmin, .seller].contains($0.role) && $0.locations.isEmpty)
    }
  }
}

extension ModelTurn {
  private static let rule = "section 18"

  mutating func send(_ asked: SendLead) {
    guard let caller else { return }
    guard own.kind == .vendor else { return refuse("VENDOR_ONLY") }
    refuse("ROLE_MISSING", if: !own.maySendLeads(caller))
    let partner = world.organisations[asked.partner]
    let isPartner = partner?.kind == .partner && partner?.realm == own.realm
    complain(asked.partner.isZero ? Self.rule : "PARTNER_UNKNOWN", if: !isPartner)
    complain(Self.rule, if: asked.leadClass == nil || asked.origin == nil)
    complain(Self.rule, if: asked.origin == .offer && asked.source == nil)
    complain("FIELD_NOT_ALLOWED", if: asked.origin == .profile && asked.source != nil)
    complain(Self.rule, if: asked.leadClass == .direct && asked.callToAction == nil)
    let isContact = asked.callToAction.map { $0 == .contactMe } ?? true
    complain(Self.rule, if: asked.origin == .profile && !isContact)
    let contact = asked.contact
    let isReachable = ![contact.firstName, contact.lastName, contact.email].contains { $0.isEmpty }
    complain(Self.rule, if: asked.customerName.isEmpty || asked.country == nil || !isReachable)
    guard let leadClass = asked.leadClass, let origin = asked.origin, let country = asked.country
    else { return }
    var lead = Lead(
      id: begunLead, sender: own.reference, leadClass: leadClass, origin: origin,
      customerName: asked.customerName, country: country, contact: contact, sentAt: now)
    lead.source = asked.source
    lead.callToAction = asked.callToAction
    lead.quality = asked.quality
    lead.emailValidity = asked.emailValidity
    lead.phoneValidity = asked.phoneValidity
    lead.city = asked.city
    lead.wantsContact = asked.wantsContact
    lead.campaignID = asked.campaignID
    lead.text = asked.text
    send(.lead(lead), to: asked.partner)
  }

  /// It arrives; who helped itself is not waited for.
  mutating func arrive(_ sent: Lead) {
    var lead = sent
    lead.version = 1
    lead.receivedAt = now
    lead.updatedAt = now
    if !helpsItself(lead) {
      let end = lead.sentAt.advanced(by: own.policy.answerWindow)
      lead.respondBy = end
      lead.remindAt = reminder(after: now, before: end)
      notify(
        .leadReceived, .zero, own.leadWorkers,
        lead: lead.id)
    }
    if lead.leadClass == .direct {
      lead.deleteAt = now.advanced(by: own.policy.leadRetention ?? .days(183))
    }
    let alike = own.leads.values.filter { isOpen($0) && isLike($0, lead) }
    lead.possibleDuplicateOf = alike.map(\.id).min() ?? .zero
    own.leads[lead.id] = lead
  }

  func helpsItself(_ lead: Lead) -> Bool {
    lead.leadClass == .direct
      && [.getItNow, .freeTrial, .testDrive].contains(lead.callToAction)
  }

  private func isOpen(_ lead: Lead) -> Bool {
    lead.status == .accepted || (lead.status == .received && !helpsItself(lead))
  }

  private func isLike(_ one: Lead, _ other: Lead) -> Bool {
    one.country == other.country
      && one.customerName.string.lowercased() == other.customerName.string.lowercased()
      && one.contact.email.string.lowercased() == other.contact.email.string.lowercased()
  }

  // MARK: Work

  mutating func lead(_ id: LeadID) -> Lead? {
    guard let caller, own.mayReadLeads(caller), let lead = own.leads[id] else {
      if caller != nil { refuse("LEAD_NOT_FOUND") }
      return nil
    }
    refuse("ROLE_MISSING", if: !own.mayAdministerDeals(caller))
    refuse("LEAD_ARCHIVED", if: lead.status == .archived)
    return lead
  }

  private mutating func requireAnswerable(_ lead: Lead) {
    refuse("LEAD_INFORMATIONAL", if: helpsItself(lead))
    refuse("LEAD_ANSWERED", if: lead.status != .received)
    refuse("LEAD_EXPIRED", if: lead.status == .received && now >= lead.respondBy ?? .zero)
  }

  private mutating func requireAccepted(_ lead: Lead) {
    refuse("LEAD_INFORMATIONAL", if: helpsItself(lead))
    refuse("LEAD_NOT_ACCEPTED", if: lead.status != .accepted)
  }

  mutating func accept(_ asked: AcceptLead) {
    guard var lead = lead(asked.lead) else { return }
    requireAnswerable(lead)
    complain(Self.rule, if: asked.name.isEmpty || asked.value == nil || asked.closeDate == nil)
    complain("R-106", if: asked.team.isEmpty)
    checkPeople(asked.team, "R-106")
    guard let value = asked.value, let date = asked.closeDate else { return }
    lead.status = .accepted
    lead.acceptedAt = now
    let team = asked.team.enumerated().map { place, member in
      TeamMember(line: UInt32(place + 1), person: member.person)
    }
    lead.acceptance = LeadAcceptance(
      name: asked.name, value: value, closeDate: date, notes: asked.notes, team: team)
    move(lead)
  }

  mutating func decline(_ asked: EndLead) {
    guard let lead = lead(asked.lead) else { return }
    requireAnswerable(lead)
    requireReason(asked.reason, 1...8, Self.rule)
    move(ended(lead, .declined, closure(asked)))
  }

  mutating func win(_ asked: MoveLead) {
    guard let lead = lead(asked.lead) else { return }
    requireAccepted(lead)
    move(ended(lead, .won, nil))
  }

  mutating func lose(_ asked: EndLead) {
    guard let lead = lead(asked.lead) else { return }
    requireAccepted(lead)
    requireReason(asked.reason, 1...8, Self.rule)
    move(ended(lead, .lost, closure(asked)))
  }

  mutating func archive(_ asked: MoveLead) {
    guard var lead = lead(asked.lead) else { return }
    refuse("LEAD_OPEN", if: isOpen(lead))
    lead.outcome = lead.status
    lead.status = .archived
    put(lead)
  }

  mutating func mark(_ asked: SetLeadFavourite) {
    guard let caller, own.mayReadLeads(caller), own.leads[asked.lead] != nil else {
      return refuse("LEAD_NOT_FOUND", if: caller != nil)
    }
    if asked.isFavourite {
      own.leadMarks[caller.id, default: []].insert(asked.lead)
    } else {
      own.leadMarks[caller.id]?.remove(asked.lead)
    }
  }

  private func closure(_ asked: EndLead) -> Closure {
    Closure(reason: asked.reason ?? ReasonCode(0), notes: asked.notes)
  }

  /// What came to nothing shows nobody any more.
  private func ended(_ lead: Lead, _ status: LeadStatus, _ closure: Closure?) -> Lead {
    var ended = lead
    ended.status = status
    ended.closure = closure
    ended.endedAt = now
    if status == .declined || status == .expired {
      ended.contact = .erased
      ended.text = ""
    }
    return ended
  }

  /// A step that the vendor hears of.
  private mutating func move(_ lead: Lead) {
    var lead = lead
    lead.respondBy = nil
    lead.remindAt = nil
    put(lead)
    send(.leadAnswered(lead.id, lead.status), to: lead.sender.id)
  }

  mutating func put(_ lead: Lead) {
    var lead = lead
    lead.version += 1
    lead.updatedAt = now
    own.leads[lead.id] = lead
  }

  /// Ends, reminders, and the time that inquiries are kept.
  mutating func letTimePass(forLeads leads: [LeadID]) {
    for id in leads {
      guard var lead = own.leads[id] else { continue }
      if let end = lead.deleteAt, now >= end {
        own.leads[id] = nil
        for user in own.leadMarks.keys { own.leadMarks[user]?.remove(id) }
      } else if let end = lead.respondBy, now >= end {
        move(ended(lead, .expired, nil))
      } else if let time = lead.remindAt, now >= time, let end = lead.respondBy {
        lead.remindAt = reminder(after: now, before: end)
        put(lead)
        notify(
          .leadDueSoon, .zero, own.leadWorkers, lead: id)
      }
    }
  }
}
