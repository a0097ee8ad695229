// SPDX-License-Identifier: Apache-2.0
// What a partner does with a lead (domain.md 18): Received → Accepted or Declined → Won or Lost, and
// Archived at the end of each. The vendor hears of all but the last.

import TandemPrimitives

enum AnsweringLeads {
  private static let rule = "section 18"

  static func accept(
    _ command: AcceptLead, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .workLeads, context.principal)
    try lead.requireAnswerable(at: context.now)
    var violations = Violations(at: context.now)
    check(command, &violations)
    try violations.throwIfAny()
    guard let value = command.value, let closeDate = command.closeDate else {
      preconditionFailure("checked above")
    }
    var team = command.team
    var line: UInt32 = 1
    team.number(from: &line)
    var after = lead
    after.status = .accepted
    after.acceptedAt = context.now
    after.acceptance = LeadAcceptance(
      name: command.name, value: value, closeDate: closeDate, notes: command.notes, team: team)
    return try move(lead, after, .accepted, state, context)
  }

  static func decline(
    _ command: EndLead, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .workLeads, context.principal)
    try lead.requireAnswerable(at: context.now)
    let after = lead.ended(.declined, try closure(command), at: context.now)
    return try move(lead, after, .declined, state, context)
  }

  static func win(
    _ command: MoveLead, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .workLeads, context.principal)
    try lead.requireAccepted(to: "won")
    let after = lead.ended(.won, nil, at: context.now)
    return try move(lead, after, .won, state, context)
  }

  static func lose(
    _ command: EndLead, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .workLeads, context.principal)
    try lead.requireAccepted(to: "lost")
    let after = lead.ended(.lost, try closure(command), at: context.now)
    return try move(lead, after, .lost, state, context)
  }

  /// Final; of informational leads it is the only end.
  static func archive(
    _ command: MoveLead, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .workLeads, context.principal)
    guard lead.status != .archived else { throw lead.isFinal }
    guard !lead.isOpen else {
      throw Rejection(
        .failedPrecondition, "LEAD_OPEN",
        "this lead is \(lead.status) and not ended; \(lead.wayToItsEnd) before you archive it",
        rules: ["section 18"])
    }
    var after = lead
    after.outcome = lead.status
    after.status = .archived
    return decision(lead, after, .leadArchived, [], context)
  }

  private static func check(_ command: AcceptLead, _ violations: inout Violations) {
    violations.require(command.name, "name", rule, max: Limits.nameBytes)
    violations.require(command.value, "value", rule)
    violations.requireCloseDate(command.closeDate, "close_date_ms", rule)
    violations.limit(command.notes, "notes", max: Limits.notesBytes)
    violations.checkTeam(command.team, "team", atLeast: 1)
    violations.requireUnnumbered(command.team.lazy.map(\.line), "team")
  }

  /// Everything that a request which takes a lead and says nothing is told to say.
  static var problemsOfNothing: [Violation] {
    var violations = Violations()
    let nothing = AcceptLead(
      lead: .zero, name: .empty, value: nil, closeDate: nil, notes: .empty, team: [])
    check(nothing, &violations)
    return violations.found
  }

  /// The same of a request that declines or loses one.
  static var problemsOfNoReason: [Violation] {
    var violations = Violations()
    _ = violations.requireClosure(nil, .empty, rule)
    return violations.found
  }

  private static func closure(_ command: EndLead) throws(Rejection) -> Closure {
    var violations = Violations()
    let closure = violations.requireClosure(command.reason, command.notes, rule)
    try violations.throwIfAny()
    return closure
  }

  /// A step that the vendor hears of.
  private static func move(
    _ lead: Lead, _ after: Lead, _ cause: ChangeCause, _ state: TenantState,
    _ context: CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireOutboxRoom(lead.sender.id)
    var after = after
    after.respondBy = nil
    after.remindAt = nil
    var told: [Event] = []
    told.sendAnswer(of: after, at: context.now, state)
    return decision(lead, after, cause, told, context)
  }

  private static func decision(
    _ lead: Lead, _ after: Lead, _ cause: ChangeCause, _ told: [Event],
    _ context: CommandContext
  ) -> Decision {
    let changed = after.changed(at: context.now)
    return Decision(
      events: [.leadChanged(changed, cause)] + told,
      answer: .lead(lead.id, version: changed.version))
  }

  /// A mark of the caller's own, which changes no version (G19).
  static func setFavourite(
    _ command: SetLeadFavourite, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .readLeads, context.principal)
    let caller = try state.caller(context.principal)
    if caller.readOnly { throw state.denied(caller, rule) }
    let marked = state.leadFavourites[caller.id] ?? []
    if command.isFavourite, !marked.contains(lead.id), marked.count >= Limits.favouritesPerUser {
      throw .full("favourites", marked.count, Limits.favouritesPerUser)
    }
    let isNew = marked.contains(lead.id) != command.isFavourite
    let event = Event.leadFavouriteSet(
      user: caller.id, lead: lead.id, isFavourite: command.isFavourite)
    return Decision(
      events: isNew ? [event] : [],
      answer: .lead(lead.id, version: lead.version))
  }
}

extension Lead {
  /// The next version.
  func changed(at now: Timestamp) -> Lead {
    var lead = self
    lead.version += 1
    lead.updatedAt = now
    return lead
  }

  /// A lead that is over; one that came to nothing gives up its contact.
  func ended(_ status: LeadStatus, _ closure: Closure?, at now: Timestamp) -> Lead {
    var lead = self
    lead.status = status
    lead.closure = closure
    lead.endedAt = now
    lead.respondBy = nil
    lead.remindAt = nil
    return lead.hasLostItsContact ? lead.withoutContact : lead
  }

  /// Only a received lead is answered, and only before its time has run out, whether or not the timer ran.
  fileprivate func requireAnswerable(at now: Timestamp) throws(Rejection) {
    try requireAction()
    guard status == .received, let respondBy else {
      throw Rejection(
        .failedPrecondition, "LEAD_ANSWERED",
        "only a received lead is answered; this one is \(status)",
        rules: ["section 18"])
    }
    guard now < respondBy else {
      throw Rejection(
        .failedPrecondition, "LEAD_EXPIRED",
        "the lead could be answered until \(respondBy); the vendor may send it again",
        rules: ["section 18"])
    }
  }

  fileprivate func requireAccepted(to end: String) throws(Rejection) {
    try requireAction()
    guard status == .accepted else {
      throw Rejection(
        .failedPrecondition, "LEAD_NOT_ACCEPTED",
        "only an accepted lead is \(end); this one is \(status)",
        rules: ["section 18"])
    }
  }

  func requireAction() throws(Rejection) {
    guard status != .archived else { throw isFinal }
    guard !isInformational else {
      throw Rejection(
        .failedPrecondition, "LEAD_INFORMATIONAL",
        "the customer helped itself, so nothing is asked of you; archive the lead when you have seen it",
        rules: ["section 18"])
    }
  }

  fileprivate var isFinal: Rejection {
    Rejection(
      .failedPrecondition, "LEAD_ARCHIVED", "an archived lead never changes",
      rules: ["section 18"])
  }

  fileprivate var wayToItsEnd: String {
    status == .accepted ? "win or lose it" : "accept or decline it"
  }
}
