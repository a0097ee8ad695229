// SPDX-License-Identifier: Apache-2.0
// Working an accepted deal in the model: the editability matrix (9), stages (6), and the ends T7 to T9.

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func patch(_ asked: PatchDeal) {
    guard let before = deal(asked.deal) else { return }
    requireAccepted(before)
    complain("FIELD_REQUIRED", if: asked.guardsWholeDeal && asked.baseVersion == 0)
    var after = before
    var touched: [DealField] = []
    for edit in asked.edits {
      touched.append(edit.touches)
      carryOut(edit, before, &after)
    }
    settleOwner(asked, before, &after)
    complain("R-106", if: !after.isInbound && after.team.isEmpty && touched.contains(.team))
    complain("R-107", if: after.solutions.isEmpty && touched.contains(.solutions))
    requireUntouched(
      before, asked.guardsWholeDeal ? DealField.allCases : touched, since: asked.baseVersion)
    let added = after.solutions.filter { line in
      !before.solutions.contains { $0.solution == line.solution }
    }
    checkDuplicates(of: before.customer, selling: added, besides: before.id)
    put(after)
    guard before.isInbound, after.team != before.team else { return }
    send(.moved(after.engagement, after.status, after.team), to: after.initiator.id)
  }

  private mutating func carryOut(
    _ edit: FieldEdit, _ before: ModelDeal, _ deal: inout ModelDeal
  ) {
    switch edit {
    case .name(let name):
      complain("R-105", if: name.isEmpty)
      deal.name = name
    case .value(let value): deal.value = value
    case .closeDate(let date): deal.closeDate = date
    case .crmID(let id): deal.crmID = id
    case .campaignID(let id): deal.campaignID = id
    case .notes(let notes): deal.notes = notes
    case .stage(let asked) where deal.kind == .solutionAssessment: complete(asked, &deal)
    case .stage(let asked): deal.stage = stage(asked) ?? deal.stage
    case .visibleToVendor(let isVisible): show(isVisible, &deal)
    case .tags(let tags):
      checkTags(tags)
      deal.tags = tags
    // Judged when the team is what it will be.
    case .owner: break
    case .customerContacts(let contacts):
      complain("R-403", if: deal.isInbound || deal.haveContactsBeenShown)
      checkContacts(contacts)
      checkReplaced(contacts.map(\.line), before.customer.contacts.map(\.line))
      deal.customer.contacts = deal.numbered(contacts)
    case .replaceTeam(let team):
      checkPeople(team, "R-106")
      checkReplaced(team.map(\.line), before.team.map(\.line))
      deal.team = deal.numbered(team)
    case .putTeamMember(let member): putMember(member, &deal)
    case .removeTeamMember(let line):
      complain("LINE_UNKNOWN", if: !deal.team.contains { $0.line == line })
      deal.team.removeAll { $0.line == line }
    case .replaceSolutions, .putSolution, .removeSolution:
      editSolutions(edit, before, &deal)
    case .forbidden(let field): complain(field.lock)
    }
  }

  /// not of assessments; R-109: and none becomes one.
  private mutating func editSolutions(
    _ edit: FieldEdit, _ before: ModelDeal, _ deal: inout ModelDeal
  ) {
    guard deal.kind != .solutionAssessment else { return complain("R-404") }
    switch edit {
    case .replaceSolutions(let lines):
      checkReplaced(lines.map(\.line), before.solutions.map(\.line))
      let old = deal.solutions
      deal.solutions = deal.numbered(lines.map { kept($0, old) })
    case .putSolution(let line): putSolution(line, &deal)
    case .removeSolution(let line):
      complain("LINE_UNKNOWN", if: !deal.solutions.contains { $0.line == line })
      deal.solutions.removeAll { $0.line == line }
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .stage, .tags, .owner,
      .customerContacts, .replaceTeam, .putTeamMember, .removeTeamMember, .visibleToVendor,
      .forbidden:
      break
    }
    complain("R-109", if: deal.solutions.contains { isAssessment($0.solution) })
  }

  private mutating func checkReplaced(_ lines: [UInt32], _ known: [UInt32]) {
    let named = lines.filter { $0 != 0 }
    complain("LINE_UNKNOWN", if: named.contains { !known.contains($0) })
    complain("LINE_TWICE", if: Set(named).count < named.count)
  }

  private mutating func putMember(_ member: TeamMember, _ deal: inout ModelDeal) {
    checkPeople([member], "R-106")
    guard member.line != 0 else {
      deal.team += deal.numbered([member])
      return
    }
    guard let place = deal.team.firstIndex(where: { $0.line == member.line }) else {
      return complain("LINE_UNKNOWN")
    }
    deal.team[place] = member
  }

  private mutating func putSolution(_ line: SolutionLine, _ deal: inout ModelDeal) {
    let solution = kept(line, deal.solutions)
    guard line.line != 0 else {
      deal.solutions += deal.numbered([solution])
      return
    }
    guard let place = deal.solutions.firstIndex(where: { $0.line == line.line }) else {
      return complain("LINE_UNKNOWN")
    }
    deal.solutions[place] = solution
  }

  /// A line that stays is not judged anew, whatever became of its solution.
  private mutating func kept(_ line: SolutionLine, _ old: [SolutionLine]) -> SolutionLine {
    let same = old.first {
      line.line != 0 && $0.line == line.line && $0.solution == line.solution
    }
    guard let same else {
      checkSolution(line)
      return taken(line)
    }
    var kept = line
    kept.name = same.name
    kept.group = same.group
    return kept
  }

  /// one way.
  private mutating func show(_ isVisible: Bool, _ deal: inout ModelDeal) {
    guard !deal.isInbound else { return complain("R-207") }
    guard own.kind != .vendor else { return complain("INVITEE_SELF") }
    guard deal.kind != .solutionAssessment else { return complain("NOT_FOR_ASSESSMENTS") }
    let isSeen = deal.kind != .privateDeal
    complain("R-405", if: isSeen && !isVisible)
    guard isVisible, !isSeen else { return }
    guard let desk = desk(of: deal) else { return refuse("NO_VENDOR_DESK") }
    deal.kind = .partnerLed
    deal.shownTo = desk.reference
  }

  /// G07: own names, standard names and their aliases, or the largest stage that is not above.
  private mutating func stage(_ asked: AskedStage) -> SalesStage? {
    let standard: [String: SalesStage] = [
      "created": .created, "accepted": .created, "qualified": .qualified, "qualify": .qualified,
      "developed": .developed, "develop": .developed, "proposed": .proposed,
      "propose": .proposed, "negotiated": .negotiated, "negotiate": .negotiated,
      "close": .negotiated, "won": .won,
    ]
    var found: SalesStage?
    switch asked {
    case .percent(let percent):
      let below = SalesStage.allCases.filter { UInt32($0.rawValue) <= percent }
      found = percent > 100 ? nil : below.max { $0.rawValue < $1.rawValue } ?? .created
    case .named(let name):
      let word = name.string.lowercased()
      found = own.stageNames.first { $0.name.string.lowercased() == word }?.stage ?? standard[word]
    }
    complain("G07", if: found == nil)
    complain("R-406", if: found == .won)
    return found
  }

  /// the next stage, or the one that it has; nothing is rounded, nothing taken back.
  private mutating func complete(_ asked: AskedStage, _ deal: inout ModelDeal) {
    let names: [String: SalesStage] = [
      "secure_customer_loe": .qualified, "collect_data": .developed, "prepare_report": .proposed,
      "prepare_assessment_report": .proposed, "present_to_customer": .negotiated,
      "created": .created, "accepted": .created, "won": .won,
    ]
    var found: SalesStage?
    switch asked {
    case .percent(let percent): found = SalesStage.allCases.first { $0.rawValue == percent }
    case .named(let name):
      let word = name.string.lowercased()
      found =
        names[String(word.map { $0 == " " ? "_" : $0 })]
        ?? own.stageNames.first { $0.name.string.lowercased() == word }?.stage
    }
    guard let found else { return complain("G07") }
    guard found != .won else { return complain("R-406") }
    guard found != deal.stage else { return }
    let order: [SalesStage] = [.qualified, .developed, .proposed, .negotiated]
    let done = deal.assessment?.completed ?? []
    guard done.count < order.count, order[done.count] == found else { return complain("R-602") }
    deal.stage = found
    deal.assessment = Assessment(completed: done + [CompletedStage(stage: found, at: now)])
  }

  // MARK: Ends

  mutating func win(_ asked: WinDeal) {
    guard let deal = deal(asked.deal) else { return }
    let isAssessment = deal.kind == .solutionAssessment
    refuse("STAGES_INCOMPLETE", if: isAssessment && deal.assessment?.completed.count != 4)
    end(deal, .won, nil, asked.baseVersion)
  }

  mutating func lose(_ asked: EndDeal) {
    guard let deal = deal(asked.deal) else { return }
    requireReason(asked.reason, 1...8, "T8")
    end(
      deal, .lost, Closure(reason: asked.reason ?? ReasonCode(0), notes: asked.notes),
      asked.baseVersion)
  }

  /// Reasons 6 and 9 say "explain in notes" (4.2).
  mutating func closeAsError(_ asked: EndDeal) {
    guard let deal = deal(asked.deal) else { return }
    requireReason(asked.reason, 1...9, "T9")
    complain("T9", if: [6, 9].contains(asked.reason?.value) && asked.notes.isEmpty)
    end(
      deal, .error, Closure(reason: asked.reason ?? ReasonCode(0), notes: asked.notes),
      asked.baseVersion)
  }

  private mutating func end(
    _ deal: ModelDeal, _ status: DealStatus, _ closure: Closure?, _ base: UInt64
  ) {
    requireAccepted(deal)
    requireUntouched(deal, [.status, .stage], since: base)
    var ended = deal
    ended.status = status
    ended.closedAt = now
    ended.closure = closure
    if status == .won { ended.stage = .won }
    put(ended)
    if ended.isInbound {
      // partners report; of a seller only the status is told (11).
      let report = ClosingReport(
        value: ended.value, closeDate: ended.closeDate, closedAt: now, reason: closure?.reason)
      send(
        .moved(ended.engagement, status, ended.team, own.kind == .partner ? report : nil),
        to: ended.initiator.id)
    }
    // T11, G06; the vendor may still accept what was won (G12).
    for card in ended.cards where card.status.isNew {
      if status == .won, card.organisationKind == .vendor { continue }
      send(.closed(ended.engagement), to: card.organisation.id)
    }
  }
}

extension FieldEdit {
  /// The field whose changes since the base version conflict with it.
  fileprivate var touches: DealField {
    switch self {
    case .name: .name
    case .value: .value
    case .closeDate: .closeDate
    case .crmID: .crmID
    case .campaignID: .campaignID
    case .notes: .notes
    case .stage: .stage
    case .customerContacts: .customer
    case .replaceTeam, .putTeamMember, .removeTeamMember: .team
    case .replaceSolutions, .putSolution, .removeSolution: .solutions
    case .visibleToVendor: .shownTo
    case .tags: .tags
    case .owner: .owner
    case .forbidden(let field): field
    }
  }
}

extension DealField {
  /// Section 9: why a patch cannot touch it.
  fileprivate var lock: String {
    switch self {
    case .location: "R-402"
    case .customer, .consent: "R-403"
    case .invitation: "R-205"
    case .cards: "section 5.3"
    case .sharedView: "ruling 2"
    case .shownTo: "R-405"
    case .assessment: "R-602"
    case .status, .closedAt, .closure: "R-406"
    case .acceptedAt: "T4"
    case .acknowledgedAt: "T3"
    case .respondBy: "G09"
    case .remindAt: "section 10a"
    case .baseKind: "section 2.1"
    case .partnerToPartner: "G03"
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .team, .solutions, .stage, .tags,
      .owner:
      "R-401"
    }
  }
}
