// SPDX-License-Identifier: Apache-2.0
// An invitee answers: acknowledge, accept or decline (T3 to T5, R-301 to R-305, G04, G05).

import TandemPrimitives

package enum Answering {
  package static func acknowledge(
    _ command: AcknowledgeDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .answer, context, deals)
    try deal.requireAnswerable(at: context.now)
    var after = deal
    after.status = .received
    if deal.status == .pending { after.acknowledgedAt = context.now }
    let changed = deal.change(
      to: after, in: FieldMask([.status, .acknowledgedAt]), .acknowledged, at: context.now)
    guard let changed else {
      return Decision(
        events: [], answer: .deal(id: deal.id, version: deal.version, warnings: []))
    }
    var events = [changed]
    // Section 11: the inviter knows where its invitations stand.
    try SharedViews.tell(deal, after, &events, state, context.now)
    return Decision(
      events: events, answer: .deal(id: deal.id, version: deal.version + 1, warnings: []))
  }

  package static func accept(
    _ command: AcceptDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .answer, context, deals)
    try deal.requireAnswerable(at: context.now)
    try check(command, context.now)
    let after = accepted(deal, command, context.now)
    var decision = try answer(deal, after, .accepted, command.validateOnly, state, context)
    decision.warn(
      try Duplicates.warnings(
        selling: deal.solutions, to: deal.customer, besides: deal.id,
        state.caller(context.principal), state, deals, isAnswer: true))
    return decision
  }

  package static func decline(
    _ command: DeclineDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .answer, context, deals)
    try deal.requireAnswerable(at: context.now)
    var violations = Violations()
    let closure = violations.requireClosure(command.reason, command.notes, "R-303")
    try violations.throwIfAny()
    let after = deal.ended(.declined, closure, at: context.now)
    return try answer(deal, after, .declined, command.validateOnly, state, context)
  }

  /// Everything that an acceptance which says nothing is told to say.
  static var problemsOfNothing: [Violation] {
    let nothing = AcceptDeal(
      deal: .zero, name: .empty, value: nil, closeDate: nil, notes: .empty, crmID: .empty,
      campaignID: .empty, team: [], validateOnly: true)
    return Violations.found { () throws(Rejection) in try check(nothing, nil) }
  }

  private static func check(_ command: AcceptDeal, _ now: Timestamp?) throws(Rejection) {
    var violations = Violations(at: now)
    violations.require(command.name, "name", "R-302", max: Limits.nameBytes)
    if let value = command.value { violations.check(value, "value") }
    if let date = command.closeDate { violations.requireCloseDate(date, "close_date_ms", "R-302") }
    violations.limit(command.notes, "notes", max: Limits.notesBytes)
    violations.limit(command.crmID, "crm_id", max: Limits.externalIDBytes)
    violations.limit(command.campaignID, "campaign_id", max: Limits.externalIDBytes)
    violations.checkTeam(command.team, "team", atLeast: 0)
    violations.requireUnnumbered(command.team.lazy.map(\.line), "team")
    try violations.throwIfAny()
  }

  private static func accepted(_ deal: Deal, _ command: AcceptDeal, _ now: Timestamp) -> Deal {
    var after = deal
    after.status = .accepted
    after.name = command.name
    if let value = command.value { after.value = value }
    if let date = command.closeDate { after.closeDate = date }
    after.notes = command.notes
    after.crmID = command.crmID
    after.campaignID = command.campaignID
    after.team = command.team
    after.numberTeam()
    after.stage = .created
    after.acceptedAt = now
    after.respondBy = nil
    after.remindAt = nil
    return after
  }

  private static func answer(
    _ deal: Deal, _ after: Deal, _ cause: ChangeCause, _ validateOnly: Bool, _ state: TenantState,
    _ context: CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireOutboxRoom(deal.initiator.id)
    guard let changed = deal.change(to: after, in: .all, cause, at: context.now), !validateOnly
    else {
      let warnings: [Warning] = after.status.isTerminal ? [.final(after.status, deal)] : []
      return Decision(
        events: [], answer: .deal(id: deal.id, version: deal.version, warnings: warnings))
    }
    var events = [changed]
    events.recordAnswer(deal, after.status, at: context.now)
    #if TANDEM_PLANTED_BUGS
      if !(PlantedBug.acceptNotTold.isActive && after.status == .accepted) {
        events.sendAnswer(of: after, at: context.now, state)
      }
    #else
      events.sendAnswer(of: after, at: context.now, state)
    #endif
    events.tellResponsiveness(state)
    return Decision(
      events: events, answer: .deal(id: deal.id, version: deal.version + 1, warnings: []))
  }
}

extension Deal {
  /// Only a New copy is answered, and only before its time has run out, whether or not the timer
  /// ran.
  func requireAnswerable(at now: Timestamp) throws(Rejection) {
    try requireOpen(to: .accept)
    try requireOwn()
    guard status.isNew, let respondBy else {
      throw Rejection(
        .failedPrecondition, "NOT_NEW",
        "only an unanswered invitation is answered; this deal is \(status) (R-301)",
        rules: ["R-301"], until: direction == .inbound ? .answered : nil)
    }
    guard now < respondBy else {
      throw Rejection(
        .failedPrecondition, "INVITATION_EXPIRED",
        "the invitation could be answered until \(respondBy); ask for a new deal", rules: ["R-304"],
        until: .due)
    }
  }

  /// A New copy that comes to nothing.
  ///
  /// What may no longer be seen is dropped (rule 6, G11): the shared view, the customer's contacts
  /// and the inviter's team.
  func ended(_ status: DealStatus, _ closure: Closure?, at now: Timestamp) -> Deal {
    var after = self
    after.status = status
    after.closure = closure
    after.closedAt = now
    after.respondBy = nil
    after.remindAt = nil
    after.sharedView = nil
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.declinedKeepsContact.isActive { return after }
    #endif
    after.customer.contacts = []
    after.invitation?.team = []
    return after
  }
}

extension [Event] {
  /// how long the answer took, from sending.
  mutating func recordAnswer(_ deal: Deal, _ outcome: DealStatus, at now: Timestamp) {
    let sentAt = deal.invitation?.sentAt ?? deal.createdAt
    let took = Timestamp.Span(milliseconds: Swift.max(0, now.milliseconds - sentAt.milliseconds))
    append(.answerRecorded(AnswerTime(deal: deal.id, outcome: outcome, took: took)))
  }

  mutating func sendAnswer(of deal: Deal, at now: Timestamp, _ state: TenantState) {
    send(
      .invitationAnswered(
        InvitationAnswered(
          engagement: deal.engagement, outcome: deal.status, at: now, closure: deal.closure,
          team: deal.team)),
      to: deal.initiator.id, state)
  }
}
