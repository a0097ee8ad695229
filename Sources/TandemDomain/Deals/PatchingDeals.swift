// SPDX-License-Identifier: Apache-2.0
// Editing fields of an accepted deal (R-401 to R-407, domain.md 9), with per-field conflict checks.
// The hot path: strings are only made for a rejection, arrays only for the changes.

import TandemPrimitives

package enum PatchingDeals {
  package static func decide(
    _ command: PatchDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    var deal = try state.deal(command.deal, for: .edit, caller, deals)
    try deal.requireAccepted(to: "change")
    // Its text tells values as they are, so it is made before they are edited.
    let conflict = conflict(of: command, with: deal)
    var edited = EditedFields()
    var violations = Violations()
    for edit in command.edits {
      if let field = edit.field { edited.note(field, of: deal) }
      try apply(edit, to: &deal, edited, &violations)
    }
    try violations.throwIfAny()
    if let conflict { throw conflict }
    if edited.fields.contains(FieldMask(.team)) { try checkTeamSize(deal) }
    if edited.fields.contains(FieldMask(.solutions)), deal.solutions.isEmpty {
      violations.checkSolutions([], "solutions")
      try violations.throwIfAny()
    }
    let changes = edited.takeChanges(to: deal)
    guard let change = deal.event(of: changes, after: deal.version, .patched, at: context.now),
      !command.validateOnly
    else {
      return Decision(
        events: [], answer: .deal(id: deal.id, version: deal.version, warnings: []))
    }
    var events = [change]
    if changes.contains(where: { $0.field == .team }) {
      try SharedViews.tell(deal, &events, state, context.now)
    }
    let answer = Answer.deal(id: deal.id, version: deal.version + 1, warnings: [])
    return Decision(events: events, answer: answer)
  }

  private static func conflict(of command: PatchDeal, with deal: Deal) -> Rejection? {
    guard command.baseVersion != 0 else { return nil }
    var fields: FieldMask = []
    for edit in command.edits { if let field = edit.field { fields.formUnion(FieldMask(field)) } }
    do throws(Rejection) {
      try deal.requireUntouched(fields, since: command.baseVersion)
      return nil
    } catch { return error }
  }

  /// one's own deal keeps a team; an inbound copy may do without.
  private static func checkTeamSize(_ deal: Deal) throws(Rejection) {
    guard deal.team.count > Limits.teamMembers || (deal.direction == .outbound && deal.team.isEmpty)
    else { return }
    var violations = Violations()
    violations.checkTeam(deal.team, "team", atLeast: 1)
    try violations.throwIfAny()
  }

  private static func apply(
    _ edit: FieldEdit, to deal: inout Deal, _ edited: EditedFields,
    _ violations: inout Violations
  ) throws(Rejection) {
    switch edit {
    case .name(let name):
      violations.require(name, "name", "R-105", max: Limits.nameBytes)
      deal.name = name
    case .value(let value):
      violations.check(value, "value")
      deal.value = value
    case .closeDate(let date):
      violations.requireCloseDate(date, "close_date", "R-105")
      deal.closeDate = date
    case .crmID(let id):
      violations.limit(id, "crm_id", max: Limits.externalIDBytes)
      deal.crmID = id
    case .campaignID(let id):
      violations.limit(id, "campaign_id", max: Limits.externalIDBytes)
      deal.campaignID = id
    case .notes(let notes):
      violations.limit(notes, "notes", max: Limits.notesBytes)
      deal.notes = notes
    case .stage(let stage):
      if stage == .won {
        violations.add("stage", "R-406", "100 % is reached by winning the deal, not by an edit")
      }
      deal.stage = stage
    case .customerContacts(let contacts):
      PatchingLines.contacts(
        contacts, &deal, known: edited.linesBefore(.customer), &violations)
    case .replaceTeam(let team):
      PatchingLines.replaceTeam(
        team, &deal, known: edited.linesBefore(.team), &violations)
    case .putTeamMember(let member):
      PatchingLines.putTeamMember(member, &deal, &violations)
    case .removeTeamMember(let line):
      PatchingLines.removeTeamMember(line, &deal, &violations)
    case .replaceSolutions(let lines):
      try PatchingLines.replaceSolutions(
        lines, &deal, known: edited.linesBefore(.solutions), &violations)
    case .putSolution(let line):
      try PatchingLines.putSolution(line, &deal, &violations)
    case .removeSolution(let line):
      PatchingLines.removeSolution(line, &deal, &violations)
    case .visibleToVendor, .help, .forbidden:
      try refuse(edit, deal, &violations)
    }
  }

  /// Edits that no patch can carry out; only saying again what holds is let through.
  private static func refuse(
    _ edit: FieldEdit, _ deal: Deal, _ violations: inout Violations
  ) throws(Rejection) {
    switch edit {
    case .visibleToVendor(let visible):
      if visible, deal.baseKind == .privateDeal { throw KindsNotYet.visibility }
      if !visible, deal.baseKind != .privateDeal {
        violations.add(
          "visible_to_vendor", "ONE_WAY", "is true for ever once the vendor was invited")
      }
    case .help(let help):
      if deal.baseKind == .coSell {
        violations.add("help", "R-205", "is fixed since the invitation was sent")
      } else if help != nil {
        throw KindsNotYet.visibility
      }
    case .forbidden(let field):
      violations.add(field.path, field.lockRule, field.lockText)
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .stage, .customerContacts,
      .replaceTeam, .putTeamMember, .removeTeamMember, .replaceSolutions, .putSolution,
      .removeSolution:
      invariant(false, "carried out elsewhere")
    }
  }
}

extension DealField {
  /// The field as requests name it.
  package var path: String {
    switch self {
    case .status: "status"
    case .baseKind: "base_kind"
    case .partnerToPartner: "partner_to_partner"
    case .name: "name"
    case .location: "location"
    case .customer: "customer"
    case .value: "value"
    case .closeDate: "close_date"
    case .crmID: "crm_id"
    case .campaignID: "campaign_id"
    case .notes: "notes"
    case .team: "team"
    case .solutions: "solutions"
    case .consent: "consent"
    case .stage: "stage"
    case .acceptedAt: "accepted_at"
    case .acknowledgedAt: "acknowledged_at"
    case .closedAt: "closed_at"
    case .respondBy: "respond_by"
    case .closure: "closure"
    case .invitation: "invitation"
    case .cards: "cards"
    case .sharedView: "shared_view"
    }
  }

  /// The rule that keeps patches from this field.
  package var lockRule: String {
    switch self {
    case .location: "R-402"
    case .customer, .consent: "R-403"
    case .invitation, .cards, .sharedView: "R-205"
    case .status, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy, .closure: "R-406"
    case .baseKind, .partnerToPartner: "G03"
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .team, .solutions, .stage: "R-401"
    }
  }

  fileprivate var lockText: String {
    switch self {
    case .location: "is fixed since the deal was created"
    case .customer, .consent:
      "is fixed since the deal was created; only contacts may change, until first shared"
    case .invitation, .cards, .sharedView: "is fixed since the invitation was sent"
    case .status, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy, .closure:
      "changes only by accepting, declining, winning or losing"
    case .baseKind, .partnerToPartner: "follows from who is invited and is never chosen"
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .team, .solutions, .stage:
      "cannot be removed or changed in this way"
    }
  }
}
