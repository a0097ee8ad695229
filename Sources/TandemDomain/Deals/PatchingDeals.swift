// SPDX-License-Identifier: Apache-2.0
// Editing fields of an accepted deal (R-401 to R-407, domain.md 9), with per-field conflict checks.
// The hot path: strings are only made for a rejection, arrays only for the changes.

import TandemPrimitives

package enum PatchingDeals {
  package static func decide(
    _ command: PatchDeal, _ state: TenantState, _ deals: some DealStore,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    let deal = try state.deal(command.deal, for: .edit, caller, deals)
    try deal.requireAccepted(to: "change")
    var after = deal
    var touched: FieldMask = []
    var violations = Violations()
    for index in command.edits.indices {
      let touches = try apply(command.edits[index], to: &after, before: deal, &violations)
      touched.formUnion(touches)
    }
    try violations.throwIfAny()
    try deal.requireUntouched(touched, since: command.baseVersion)
    if touched.contains(FieldMask(.team)) { try checkTeamSize(after) }
    if touched.contains(FieldMask(.solutions)), after.solutions.isEmpty {
      violations.checkSolutions([], "solutions")
      try violations.throwIfAny()
    }
    guard let change = deal.change(to: after, in: touched, .patched, at: context.now),
      !command.validateOnly
    else {
      return Decision(
        events: [], answer: .deal(id: deal.id, version: deal.version, warnings: []))
    }
    var events = [change]
    if touched.contains(FieldMask(.team)), after.team != deal.team {
      try SharedViews.tell(after, &events, state, context.now)
    }
    return Decision(
      events: events, answer: .deal(id: deal.id, version: deal.version + 1, warnings: []),
      basis: deal)
  }

  /// one's own deal keeps a team; an inbound copy may do without.
  private static func checkTeamSize(_ deal: Deal) throws(Rejection) {
    guard deal.team.count > Limits.teamMembers || (deal.direction == .outbound && deal.team.isEmpty)
    else { return }
    var violations = Violations()
    violations.checkTeam(deal.team, "team", atLeast: 1)
    try violations.throwIfAny()
  }

  /// Applies one edit and says which field it touches.
  private static func apply(
    _ edit: FieldEdit, to deal: inout Deal, before: Deal, _ violations: inout Violations
  ) throws(Rejection) -> FieldMask {
    switch edit {
    case .name(let name):
      violations.require(name, "name", "R-105", max: Limits.nameBytes)
      deal.name = name
      return FieldMask(.name)
    case .value(let value):
      violations.check(value, "value")
      deal.value = value
      return FieldMask(.value)
    case .closeDate(let date):
      violations.requireCloseDate(date, "close_date", "R-105")
      deal.closeDate = date
      return FieldMask(.closeDate)
    case .crmID(let id):
      violations.limit(id, "crm_id", max: Limits.externalIDBytes)
      deal.crmID = id
      return FieldMask(.crmID)
    case .campaignID(let id):
      violations.limit(id, "campaign_id", max: Limits.externalIDBytes)
      deal.campaignID = id
      return FieldMask(.campaignID)
    case .notes(let notes):
      violations.limit(notes, "notes", max: Limits.notesBytes)
      deal.notes = notes
      return FieldMask(.notes)
    case .stage(let stage):
      if stage == .won {
        violations.add("stage", "R-406", "100 % is reached by winning the deal, not by an edit")
      }
      deal.stage = stage
      return FieldMask(.stage)
    case .customerContacts(let contacts):
      return PatchingLines.contacts(contacts, &deal, before, &violations)
    case .replaceTeam(let team):
      return PatchingLines.replaceTeam(team, &deal, before, &violations)
    case .putTeamMember(let member):
      return PatchingLines.putTeamMember(member, &deal, &violations)
    case .removeTeamMember(let line):
      return PatchingLines.removeTeamMember(line, &deal, &violations)
    case .replaceSolutions(let lines):
      return try PatchingLines.replaceSolutions(lines, &deal, before, &violations)
    case .putSolution(let line):
      return try PatchingLines.putSolution(line, &deal, &violations)
    case .removeSolution(let line):
      return PatchingLines.removeSolution(line, &deal, &violations)
    case .visibleToVendor, .help, .forbidden:
      try refuse(edit, before, &violations)
      return []
    }
  }

  /// Edits that no patch can carry out; only saying again what holds is let through.
  private static func refuse(
    _ edit: FieldEdit, _ before: Deal, _ violations: inout Violations
  ) throws(Rejection) {
    switch edit {
    case .visibleToVendor(let visible):
      if visible, before.baseKind == .privateDeal { throw KindsNotYet.visibility }
      if !visible, before.baseKind != .privateDeal {
        violations.add(
          "visible_to_vendor", "ONE_WAY", "is true for ever once the vendor was invited")
      }
    case .help(let help):
      if before.baseKind == .coSell {
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
