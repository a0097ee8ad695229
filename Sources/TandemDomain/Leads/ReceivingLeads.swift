// SPDX-License-Identifier: Apache-2.0
// A lead arrives at its partner, or cannot (domain.md 18).

package import TandemPrimitives

package enum ReceivingLeads {
  package static func receive(
    _ sent: Lead, from sender: TenantID, max: Int = Limits.leadsPerOrganisation,
    _ state: TenantState, _ context: inout CommandContext, _ events: inout [Event]
  ) {
    guard let organisation = state.organisation, organisation.kind == .partner else {
      let nobody = OrganisationReference(id: .zero, name: .empty)
      return events.append(undeliverable: sent, from: nobody, to: sender, state, context.now)
    }
    guard sent.sender.id == sender, state.leads[sent.id] == nil else { return }
    if state.leads.count >= max {
      // Nothing that is open is ever lost for a new one: then the vendor is told instead.
      guard let oldest = state.leads.firstToGo else {
        let own = OrganisationReference(id: organisation.id, name: organisation.name)
        return events.append(undeliverable: sent, from: own, to: sender, state, context.now)
      }
      events.append(.leadsDeleted([oldest]))
    }
    let lead = arrived(sent, state, context.now)
    events.append(.leadReceived(lead))
    tell(of: lead, state, &context, &events)
  }

  private static func arrived(_ sent: Lead, _ state: TenantState, _ now: Timestamp) -> Lead {
    let policy = state.realm?.policy ?? .standard
    var lead = sent
    lead.version = 1
    lead.status = .received
    lead.receivedAt = now
    lead.updatedAt = now
    if !lead.isInformational {
      lead.respondBy = lead.sentAt.advanced(by: policy.answerWindow)
      lead.remindAt = Reminding.next(after: now, before: lead.respondBy, state)
    }
    if lead.leadClass == .direct {
      lead.deleteAt = now.advanced(by: policy.leadRetentionInForce)
    }
    lead.possibleDuplicateOf = state.leads.lookalike(of: lead) ?? .zero
    return lead
  }

  /// domain.md 14: who works on leads hears of the first ten of a day one by one, of the rest once.
  private static func tell(
    of lead: Lead, _ state: TenantState, _ context: inout CommandContext, _ events: inout [Event]
  ) {
    guard !lead.isInformational else { return }
    let count = state.leads.arrivals.adding(at: context.now).count
    guard count <= Limits.leadsToldPerDay + 1 else { return }
    let topic: NotificationTopic = count <= Limits.leadsToldPerDay ? .leadReceived : .leadDigest
    events.notify(topic, of: lead, state.leadWorkers, state, &context)
  }
}

extension RealmPolicy {
  /// How long a marketplace lead is kept, whatever becomes of it: six months unless the realm says more
  /// or less.
  package var leadRetentionInForce: Timestamp.Span { leadRetention ?? .days(183) }

  /// How long after its lead was sent a wish to be contacted is strong.
  package var contactWishInForce: Timestamp.Span { contactWish ?? .hours(72) }
}

extension TenantState {
  /// Who is told of leads, ascending.
  var leadWorkers: [UserID] {
    users.values.filter { AccessPolicy.may(.workLeads, nil, $0, readOnly: false) }
      .map(\.id).sorted()
  }

  /// A lead for an action; one that the caller may not see is answered as one that does not exist.
  func lead(
    _ id: LeadID, for action: AccessPolicy.Action, _ principal: Principal
  ) throws(Rejection) -> Lead {
    let caller = try caller(principal)
    guard caller.may(.readLeads, nil), let lead = leads[id] else { throw .leadNotFound(id) }
    guard caller.may(action, nil) else { throw denied(caller, "section 18") }
    return lead
  }
}

extension Rejection {
  package static func leadNotFound(_ id: LeadID) -> Rejection {
    Rejection(.notFound, "LEAD_NOT_FOUND", "there is no lead \(id) that you may see")
  }
}

extension [Event] {
  /// Tells users something about a lead, but for those who muted it; nobody to tell means no event.
  ///
  /// The entry holds nothing of the contact.
  mutating func notify(
    _ topic: NotificationTopic, of lead: Lead, _ recipients: [UserID], _ state: TenantState,
    _ context: inout CommandContext
  ) {
    let hearers = recipients.filter { state.hears($0, of: topic) }
    guard !hearers.isEmpty else { return }
    var notification = Notification(
      id: context.fresh.next(at: context.now), kind: topic, deal: .zero, counterpart: lead.sender,
      at: context.now, respondBy: lead.respondBy, isRead: false)
    notification.lead = lead.id
    append(.notificationAdded(notification, recipients: hearers))
  }

  /// Tells the vendor how a lead stands now.
  mutating func sendAnswer(of lead: Lead, at now: Timestamp, _ state: TenantState) {
    guard let organisation = state.organisation else { return }
    let answer = LeadAnswer(
      lead: lead.id, partner: OrganisationReference(id: organisation.id, name: organisation.name),
      status: lead.status, at: now, closure: lead.closure)
    send(.leadAnswered(answer), to: lead.sender.id, state)
  }

  fileprivate mutating func append(
    undeliverable lead: Lead, from partner: OrganisationReference, to sender: TenantID,
    _ state: TenantState, _ now: Timestamp
  ) {
    let answer = LeadAnswer(
      lead: lead.id, partner: partner, status: .expired, at: now,
      closure: Closure(reason: .undeliverable, notes: .empty))
    send(.leadAnswered(answer), to: sender, state)
  }
}
