// SPDX-License-Identifier: Apache-2.0
// Editing fields of an accepted deal (R-401 to R-407, domain.md 9), with per-field conflict checks.
// The hot path: strings are only made for a rejection, arrays only for the changes, and the deal is only
// copied where lines are edited, or where somebody else reads what changed.

import TandemPrimitives

package enum PatchingDeals {
  package static func decide(
    _ command: PatchDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .edit, context, deals)
    try deal.requireAccepted(to: .patch)
    var edited = EditedFields()
    var violations = Violations(at: context.now)
    for index in command.edits.indices {
      guard try apply(command.edits[index], to: deal, state, &edited, &violations) else {
        return try decideLines(command, deal, state, deals, context)
      }
    }
    try violations.throwIfAny()
    try requireNoConflict(command, deal)
    var decision = decide(
      command, deal, edited.takeChanges(), nextLine: deal.nextLine, context.now)
    if deal.shownTo != nil { try tellShadow(deal, &decision, state) }
    try tellReaders(deal, of: edited.differing, &decision, state, context.now)
    return decision
  }

  /// Whoever reads along is told what differs for it; deals are not copied for what stays at home.
  private static func tellReaders(
    _ deal: Deal, of edited: FieldMask, _ decision: inout Decision, _ state: TenantState,
    _ now: Timestamp
  ) throws(Rejection) {
    guard !edited.isDisjoint(with: SharedViews.fields(shownOf: deal)),
      let after = changed(deal, by: decision)
    else { return }
    try SharedViews.tell(deal, after, &decision.events, state, now)
  }

  /// What the vendor reads of the deal follows the change.
  private static func tellShadow(
    _ deal: Deal, _ decision: inout Decision, _ state: TenantState
  ) throws(Rejection) {
    guard let after = changed(deal, by: decision) else { return }
    try ShadowCopies.tell(deal, after, &decision.events, state)
  }

  /// The deal as a decision leaves it; nil when that is as it was.
  private static func changed(_ deal: Deal, by decision: Decision) -> Deal? {
    guard case .dealChanged(let change) = decision.events.first else { return nil }
    var after = deal
    after.apply(change)
    return after
  }

  /// The same when lines are edited, or who sees the deal: that is done in a copy of the deal, one edit
  /// after the other.
  private static func decideLines(
    _ command: PatchDeal, _ deal: Deal, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: borrowing CommandContext
  ) throws(Rejection) -> Decision {
    var after = deal
    guard let organisation = state.organisation else { throw .organisationMissing }
    let shelf = SolutionShelf(organisation, state, context.directory)
    var edited = EditedFields()
    var violations = Violations(at: context.now)
    var owner: Text?
    for edit in command.edits {
      if try apply(edit, to: deal, state, &edited, &violations) { continue }
      if case .visibleToVendor(let visible) = edit {
        try show(&after, visible, &edited, &violations, state, context.directory)
      } else if case .stage(let asked) = edit {
        complete(asked, of: deal, &edited, organisation, context.now, &violations)
      } else if case .owner(let email) = edit {
        owner = email
      } else if edit.field == .solutions, let lock = deal.solutionsLock {
        violations.add(lock)
      } else {
        editLines(edit, of: &after, &edited, shelf, &violations)
      }
    }
    OwningDeals.settle(owner, deal, &after, &edited, &violations)
    checkSizes(after, edited.fields, &violations)
    try violations.throwIfAny()
    try requireNoConflict(command, deal)
    edited.takeLines(of: after)
    let changes = edited.takeChanges()
    var decision = decide(command, deal, changes, nextLine: after.nextLine, context.now)
    if edited.fields.contains(FieldMask(.solutions)) {
      let added = after.solutions.filter { line in !deal.solutions.contains { $0.isSame(as: line) }
      }
      decision.warn(
        try Duplicates.warnings(
          selling: added, to: deal.customer, besides: deal.id, state.caller(context.principal),
          state, deals))
    }
    try tellReaders(deal, of: edited.differing, &decision, state, context.now)
    if after.shownTo != nil { try tellShadow(deal, &decision, state) }
    return decision
  }

  private static func decide(
    _ command: PatchDeal, _ deal: Deal, _ changes: consuming [FieldChange], nextLine: UInt32,
    _ now: Timestamp
  ) -> Decision {
    let warnings = command.stageWarnings
    guard !command.validateOnly,
      let change = deal.event(of: changes, nextLine: nextLine, .patched, at: now)
    else {
      return Decision(
        events: [], answer: .deal(id: deal.id, version: deal.version, warnings: warnings))
    }
    return Decision(
      events: [change], answer: .deal(id: deal.id, version: deal.version + 1, warnings: warnings))
  }

  private static func requireNoConflict(
    _ command: PatchDeal, _ deal: Deal
  ) throws(Rejection) {
    guard command.baseVersion != 0 else {
      if command.guardsWholeDeal {
        throw .invalid("base_version", "FIELD_REQUIRED", "is required with whole_deal")
      }
      return
    }
    if command.guardsWholeDeal {
      return try deal.requireUntouched(.all, since: command.baseVersion)
    }
    var fields: FieldMask = []
    for edit in command.edits { if let field = edit.field { fields.formUnion(FieldMask(field)) } }
    try deal.requireUntouched(fields, since: command.baseVersion)
  }

  /// What lists must hold once every line of them was edited.
  ///
  /// one's own deal keeps a team; an inbound copy may do without. R-107: something is sold.
  private static func checkSizes(
    _ deal: Deal, _ edited: FieldMask, _ violations: inout Violations
  ) {
    if edited.contains(FieldMask(.team)) {
      if deal.direction == .outbound, deal.team.isEmpty {
        violations.checkTeam([], "team", atLeast: 1)
      }
      // A list that was replaced as a whole has told so already.
      if !violations.found.contains(where: { $0.field == "team" }) {
        violations.limit(count: deal.team.count, "team", max: Limits.teamMembers)
      }
    }
    guard edited.contains(FieldMask(.solutions)), deal.solutions.isEmpty,
      !violations.found.contains(where: { $0.field == "solutions" })
    else { return }
    violations.checkSolutions([], "solutions")
  }

  /// Carries out an edit that says all of its field; false for edits of lines.
  private static func apply(
    _ edit: consuming FieldEdit, to deal: Deal, _ state: TenantState,
    _ edited: inout EditedFields, _ violations: inout Violations
  ) throws(Rejection) -> Bool {
    switch consume edit {
    case .name(let name):
      violations.require(name, "name", "R-105", max: Limits.nameBytes)
      edited.set(.name, from: .name(deal.name), to: .name(name))
    case .value(let value):
      violations.check(value, "value")
      edited.set(.value, from: .value(deal.value), to: .value(value))
    case .closeDate(let date):
      violations.requireCloseDate(date, "close_date_ms", "R-105")
      edited.set(.closeDate, from: .closeDate(deal.closeDate), to: .closeDate(date))
    case .crmID(let id):
      violations.limit(id, "crm_id", max: Limits.externalIDBytes)
      edited.set(.crmID, from: .crmID(deal.crmID), to: .crmID(id))
    case .campaignID(let id):
      violations.limit(id, "campaign_id", max: Limits.externalIDBytes)
      edited.set(.campaignID, from: .campaignID(deal.campaignID), to: .campaignID(id))
    case .notes(let notes):
      violations.limit(notes, "notes", max: Limits.notesBytes)
      edited.set(.notes, from: .notes(deal.notes), to: .notes(notes))
    case .stage(let asked):
      if deal.isAssessment { return false }
      let stage =
        violations.require(asked, "stage", among: state.organisation?.stageNames ?? [])
        ?? deal.stage
      edited.set(.stage, from: .stage(deal.stage), to: .stage(stage))
    case .tags(let tags):
      violations.checkTags(tags, "tags")
      edited.set(.tags, from: .tags(deal.tags), to: .tags(tags))
    case .forbidden(let field):
      #if TANDEM_PLANTED_BUGS
        if PlantedBug.locationEdited.isActive, field == .location { return true }
      #endif
      violations.add(field.lock)
    case .customerContacts, .replaceTeam, .putTeamMember, .removeTeamMember, .replaceSolutions,
      .putSolution, .removeSolution, .owner, .visibleToVendor:
      return false
    }
    return true
  }

  /// Lines depend on the edits before, so they are edited in the deal itself.
  private static func editLines(
    _ edit: FieldEdit, of deal: inout Deal, _ edited: inout EditedFields,
    _ shelf: SolutionShelf, _ violations: inout Violations
  ) {
    if let field = edit.field { edited.note(field, of: deal) }
    switch edit {
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
      PatchingLines.replaceSolutions(
        lines, &deal, known: edited.linesBefore(.solutions), shelf, &violations)
    case .putSolution(let line):
      PatchingLines.putSolution(line, &deal, shelf, &violations)
    case .removeSolution(let line):
      PatchingLines.removeSolution(line, &deal, &violations)
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .stage, .tags, .owner,
      .visibleToVendor, .forbidden:
      invariant(false, "carried out elsewhere")
    }
  }

  /// an assessment completes its next stage now; to say again what is complete is no change.
  private static func complete(
    _ asked: AskedStage, of deal: Deal, _ edited: inout EditedFields,
    _ organisation: Organisation, _ now: Timestamp, _ violations: inout Violations
  ) {
    let stage = violations.requireNext(asked, "stage", of: deal, among: organisation.stageNames)
    edited.set(.stage, from: .stage(deal.stage), to: .stage(stage ?? deal.stage))
    guard let stage, stage != deal.stage else { return }
    edited.set(
      .assessment, from: .assessment(deal.assessment),
      to: .assessment(deal.completing(stage, at: now)))
  }

  /// a private deal becomes partner-led, and never goes back; to say again what holds is no
  /// change.
  private static func show(
    _ deal: inout Deal, _ isVisible: Bool, _ edited: inout EditedFields,
    _ violations: inout Violations, _ state: TenantState, _ directory: RealmDirectory
  ) throws(Rejection) {
    guard let organisation = state.organisation else { throw .organisationMissing }
    let before = deal
    if let lock = deal.visibilityLock(organisation) {
      return violations.add(lock)
    }
    guard isVisible != (deal.baseKind != .privateDeal) else { return }
    guard isVisible else {
      return violations.add(.shownForEver)
    }
    let desk = try Inviting.vendorDesk(for: deal.customer, organisation, directory)
    ShadowCopies.show(&deal, to: desk)
    edited.set(.baseKind, from: .baseKind(before.baseKind), to: .baseKind(deal.baseKind))
    edited.set(.shownTo, from: .shownTo(before.shownTo), to: .shownTo(deal.shownTo))
  }
}

extension Violation {
  /// one way, so a deal that the vendor sees has nothing left to decide.
  static let shownForEver = Violation(
    "visible_to_vendor", "R-405", "is true for ever once the vendor was shown the deal",
    until: .shared)
}

extension Deal {
  /// Why this organisation never decides whether the vendor sees the deal; nil when it does.
  func visibilityLock(_ organisation: Organisation) -> Violation? {
    if direction == .inbound {
      return Violation(
        "visible_to_vendor", "R-207",
        "is decided by \(initiator.name.string), who started this deal")
    }
    if organisation.kind == .vendor {
      return Violation(
        "visible_to_vendor", "INVITEE_SELF", "is about the vendor, and you are it",
        rules: ["ruling 1"])
    }
    if isAssessment {
      return Violation(
        "visible_to_vendor", Violations.notForAssessments,
        "is not asked of assessments: the vendor reads them all (section 2.1)",
        rules: ["section 2.1"])
    }
    return nil
  }
}
