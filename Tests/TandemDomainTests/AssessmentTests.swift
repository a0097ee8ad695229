// SPDX-License-Identifier: Apache-2.0
// Deals that sell a solution assessment: who may create them, what they are, and what cannot be done with them.

import TandemDomain
import TandemPrimitives
import Testing

struct AssessmentTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID
  private let berlin: LocationID

  /// Contoso is vetted, Fabrikam is not.
  init() throws {
    let contoso = try Given("Contoso", seed: 1, isVetted: true)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    world = try World([contoso, fabrikam, desk])
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
    berlin = contoso.berlin
    try world.publish(.assessment("Readiness", of: desk.id))
  }

  private mutating func create(_ change: (inout CreateDeal) -> Void = { _ in }) throws -> DealID {
    let location = berlin
    let id = try world.create(contoso) {
      $0 = .assessment(at: location)
      change(&$0)
    }
    try world.settle()
    return id
  }

  /// What is wrong with a deal of an organisation: fields and rules.
  private mutating func refused(
    _ owner: TenantID, _ change: (inout CreateDeal) -> Void
  ) throws -> [String] {
    var command = CreateDeal.assessment(at: try world[owner].berlin)
    change(&command)
    return try world.refused(owner, .createDeal(command)).violations.map {
      "\($0.field) \($0.rule)"
    }
  }

  // MARK: Creating

  @Test mutating func `R-110 scenario 6 who is not vetted creates no assessment`() throws {
    let command = CreateDeal.assessment(at: try world[fabrikam].berlin)
    let rejection = try world.refused(fabrikam, .createDeal(command))
    #expect(rejection.reason == "NOT_VETTED" && rejection.code == .invalidArgument)
    #expect(rejection.message.contains("R-110"))
    // Nor does the vendor, who publishes them.
    #expect(try refused(desk) { _ in } == ["solutions[0].solution_id NOT_VETTED"])
  }

  @Test mutating func `R-109 scenario 6 invariant 7 an assessment is alone and has a location`()
    throws
  {
    #expect(
      try refused(contoso) { $0.solutions.append(.named("Cloud")) } == ["solutions R-109"])
    #expect(
      try refused(contoso) { $0.solutions.append($0.solutions[0]) } == ["solutions R-109"])
    #expect(
      try refused(contoso) { $0.solutions[0].assessmentLocation = .zero }
        == ["solutions[0].assessment_location_id R-109"])
    let elsewhere = try world[fabrikam].berlin
    #expect(
      try refused(contoso) { $0.solutions[0].assessmentLocation = elsewhere }
        == ["solutions[0].assessment_location_id LOCATION_UNKNOWN"])
    let place = berlin
    #expect(
      try refused(contoso) {
        $0.solutions = [.named("Cloud")]
        $0.solutions[0].assessmentLocation = place
      } == ["solutions[0].assessment_location_id R-109"])
  }

  @Test
  mutating func `section 7 neither help nor visibility are asked, all told at once`()
    throws
  {
    let found = try refused(contoso) {
      $0.name = .empty
      $0.solutions.append(.named("Cloud"))
      $0.solutions[0].assessmentLocation = .zero
      $0.help = .proofOfConcept
      $0.visibleToVendor = true
      $0.notesToVendor = "please"
    }
    #expect(
      found == [
        "name R-105", "solutions[0].assessment_location_id R-109", "solutions R-109",
        "help NOT_FOR_ASSESSMENTS", "visible_to_vendor NOT_FOR_ASSESSMENTS",
        "notes_to_vendor NOT_FOR_ASSESSMENTS",
      ])
  }

  @Test mutating func `invariant 5 the vendor reads an assessment, without contacts`()
    throws
  {
    let id = try create()
    let mine = try world[contoso].deal(id)
    #expect(mine.baseKind == .solutionAssessment && mine.status == .accepted)
    #expect(mine.assessment == Assessment(completed: []) && mine.shownTo?.id == desk)
    #expect(mine.solutions.map(\.group) == [.assessment] && mine.cards.isEmpty)
    #expect(mine.solutions[0].name == "Readiness" && mine.stage == .created)
    let copy = try world[desk].onlyDeal
    #expect(copy.isShadow && copy.baseKind == .solutionAssessment)
    #expect(copy.solutions == mine.solutions && copy.assessment == mine.assessment)
    #expect(copy.customer.contacts.isEmpty && copy.sharedView?.customerContacts == [])
    #expect(try world[fabrikam].deals.count == 0)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `an unknown solution is no assessment, whatever the request calls it`() throws
  {
    let found = try refused(contoso) {
      $0.solutions[0].solution = SolutionID(high: 1, low: 1)
      $0.solutions[0].group = .assessment
      $0.solutions[0].assessmentLocation = .zero
    }
    #expect(found == ["solutions[0].solution_id SOLUTION_UNKNOWN"])
  }

  @Test mutating func `a second assessment of a customer is a possible duplicate`() throws {
    _ = try create()
    let again = try world.when(contoso, .createDeal(.assessment(at: berlin))).answer
    guard case .deal(_, _, let warnings) = again else { throw Unexpected() }
    #expect(warnings.map(\.code) == ["POSSIBLE_DUPLICATE"])
  }

  // MARK: What cannot be done with it

  @Test mutating func `section 7 invariant 7 nobody is invited to an assessment, then or later`()
    throws
  {
    let id = try create()
    for invitee in [fabrikam, desk] {
      let invitation = world.invite(id, invitee, lines: [4])
      let rejection = try world.refused(contoso, .inviteToDeal(invitation))
      #expect(rejection.reason == "NOT_FOR_ASSESSMENTS")
    }
    for isVisible in [true, false] {
      let patch = PatchDeal.edits(id, [.visibleToVendor(isVisible)])
      #expect(
        try world.refused(contoso, patch).violations.map(\.rule) == ["NOT_FOR_ASSESSMENTS"])
    }
    let all = Transact(
      operations: [
        .init(.createDeal(.assessment(at: berlin))),
        .init(.inviteToDeal(world.invite(.zero, fabrikam)), createdBy: 0),
      ], validateOnly: false)
    #expect(try world.refused(contoso, .transact(all)).reason == "NOT_FOR_ASSESSMENTS")
    // What the desk has is there to be read.
    let copy = try world[desk].onlyDeal.id
    #expect(try world.refused(desk, .win(copy)).reason == "SHADOW_COPY")
  }

  @Test mutating func `R-404 section 9 what is assessed never changes`() throws {
    let id = try create()
    let line = try world[contoso].deal(id).solutions[0]
    for edit: FieldEdit in [
      .replaceSolutions([line]), .putSolution(.named("Cloud")), .removeSolution(line: line.line),
    ] {
      let found = try world.refused(contoso, PatchDeal.edits(id, [edit])).violations
      #expect(found.map { "\($0.field) \($0.rule)" } == ["solutions R-404"])
    }
  }

  @Test mutating func `R-109 no other deal becomes an assessment`() throws {
    let id = try world.create(contoso)
    let assessment = SolutionLine.assessment(at: berlin)
    var placed = SolutionLine.named("Cloud")
    placed.assessmentLocation = berlin
    for (edit, field) in [
      (FieldEdit.replaceSolutions([assessment]), "solutions[0].solution_id"),
      (.putSolution(assessment), "solutions.solution_id"),
      (.putSolution(placed), "solutions.assessment_location_id"),
    ] {
      let found = try world.refused(contoso, PatchDeal.edits(id, [edit])).violations
      #expect(found.map(\.field) == [field] && found.map(\.rule) == ["R-109"])
    }
  }

  @Test
  mutating func `section 9 the rest of an assessment is edited as ever, and the desk follows`()
    throws
  {
    let id = try create()
    try world.when(
      contoso,
      PatchDeal.edits(id, [.name("Ready?"), .value(.euros(9)), .putTeamMember(.named("Cid"))]))
    try world.settle()
    let (mine, copy) = (try world[contoso].deal(id), try world[desk].onlyDeal)
    #expect(copy.name == "Ready?" && copy.value == .euros(9))
    #expect(copy.sharedView?.team == mine.team && mine.team.count == 3)
  }

  @Test mutating func `G17 section 12 an assessment is never eligible`() throws {
    let id = try create()
    for stage: UInt32 in [20, 40, 60, 80] {
      try world.when(contoso, PatchDeal.edits(id, [.stage(.percent(stage))]))
    }
    try world.when(contoso, .win(id))
    let given = try world[contoso]
    let found = try JudgingEligibility.answer(
      id, to: given.who, given.state, given.deals, given.directory)
    #expect(!found.isEligible)
    #expect(found.criteria.contains { !$0.isMet && $0.rule == "G17" })
  }

  // MARK: What is said about it

  @Test mutating func `rules and stages of assessments are told`() throws {
    let book = RuleBook(try world[contoso].state)
    let needed = book.requirements.filter { $0.condition == "with an assessment" }.map(\.problem)
    #expect(needed.map(\.field) == ["solutions[0].assessment_location_id"])
    let stages = try #require(book.lists.first { $0.name == "assessment_stages" }?.entries)
    #expect(stages.map(\.code) == [20, 40, 60, 80])
    #expect(
      stages.map(\.word) == [
        "secure_customer_loe", "collect_data", "prepare_report", "present_to_customer",
      ])
    let others = RuleBook(try world[fabrikam].state).requirements
    #expect(others.contains { $0.problem.rule == "NOT_VETTED" })
  }

  // MARK: The catalogue

  private func listed(_ id: TenantID, ownOnly: Bool = false) throws -> [ShelvedSolution] {
    let given = try world[id]
    let shelf = SolutionShelf(
      try #require(given.state.organisation), given.state, given.directory)
    return try shelf.list(
      ListSolutions(namePrefix: "Readi", ownOnly: ownOnly, pageSize: 10, after: nil)
    ).page
  }

  @Test func `R-110 assessments are offered to who is vetted, and shown to who publishes them`()
    throws
  {
    #expect(try listed(contoso).map(\.group) == [.assessment])
    #expect(try listed(contoso).map(\.ownerName) == ["Vendor"])
    #expect(try listed(fabrikam).isEmpty)
    #expect(try listed(desk, ownOnly: true).map(\.group) == [.assessment])
  }

  @Test mutating func `R-109 types of assessments are the vendor's, and have no incentives`() throws
  {
    func command(_ incentives: [Incentive]) -> Command {
      .publishSolution(
        PublishSolution(
          solution: .zero, name: "Security check", type: .assessment, isCoSellReady: false,
          incentives: incentives, isActive: true, validateOnly: false))
    }
    let found = try world.refused(contoso, command([.intellectualProperty])).violations
    #expect(found.map { "\($0.field) \($0.rule)" } == ["type VENDOR_ONLY", "incentives G17"])
    let rewarded = try world.refused(desk, command([.businessAppsPremium])).violations
    #expect(rewarded.map(\.rule) == ["G17"])
    guard case .solution(let id) = try world.when(desk, command([])).answer else {
      throw Unexpected()
    }
    #expect(try world[desk].state.solutions[id]?.type == .assessment)
  }
}
