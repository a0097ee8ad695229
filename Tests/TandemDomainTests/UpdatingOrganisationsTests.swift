// SPDX-License-Identifier: Apache-2.0
// The operator says who is in the ecosystem and who is vetted, and what follows for everybody else.

import TandemDomain
import TandemPrimitives
import Testing

struct UpdatingOrganisationsTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID
  private let directory: TenantID

  init() throws {
    let contoso = try Given("Contoso", seed: 1, isVetted: true)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    var root = Given(unborn: Given.realm.directory)
    root.record([
      .organisationEstablished(
        Organisation(
          id: root.id, realm: Given.realm.id, kind: .directory, name: "main",
          country: CountryCode(packed: 0), inEcosystem: false, transacts: false,
          createdAt: .zero), Given.realm)
    ])
    root.record([
      .organisationListed(try contoso.entry), .organisationListed(try fabrikam.entry),
      .organisationListed(try desk.entry),
    ])
    root.who = .systemOperator
    world = try World([contoso, fabrikam, desk])
    world.members[root.id] = root
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
    directory = root.id
  }

  private func update(
    _ id: TenantID, inEcosystem: Bool? = nil, transacts: Bool? = nil, vetted: Bool? = nil
  ) -> Command {
    var update = OrganisationUpdate()
    update.inEcosystem = inEcosystem
    update.transacts = transacts
    update.isAssessmentVetted = vetted
    return .updateOrganisation(UpdateOrganisation(organisation: id, update: update))
  }

  /// Says it, and lets everybody hear of it as the runtime does.
  @discardableResult
  private mutating func say(_ command: Command) throws -> Decision {
    let decision = try world.when(directory, command)
    try world.settle(times: 2)
    for entry in try world[directory].state.entries.values {
      for id in world.ids { world.members[id]?.directory.put(entry) }
    }
    return decision
  }

  private func profile(_ id: TenantID) throws -> Organisation {
    try #require(try world[id].state.organisation)
  }

  @Test mutating func `section 3.1b what is said changes, what is not said stays`() throws {
    try say(update(fabrikam, inEcosystem: false))
    #expect(try !profile(fabrikam).inEcosystem && profile(fabrikam).transacts)
    try say(update(fabrikam, transacts: false, vetted: true))
    let entry = try #require(try world[directory].state.entries[fabrikam])
    #expect(!entry.inEcosystem && !entry.transacts && entry.isAssessmentVetted == true)
    let told = try profile(fabrikam)
    #expect(!told.inEcosystem && !told.transacts && told.isAssessmentVetted)
    #expect(try profile(contoso).inEcosystem && profile(contoso).isAssessmentVetted)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `the same once more changes nothing, and what is not listed is learned`()
    throws
  {
    // Who was registered before the directory listed it may be vetted without that being listed.
    #expect(try world[directory].state.entries[contoso]?.isAssessmentVetted == nil)
    #expect(try say(update(contoso, vetted: false)).events.count == 2)
    #expect(try !profile(contoso).isAssessmentVetted)
    #expect(try say(update(contoso, vetted: false)).events.isEmpty)
    #expect(try say(update(contoso, inEcosystem: true, transacts: true)).events.isEmpty)
    let length = try world[fabrikam].commits.count
    let changes = try say(update(fabrikam, inEcosystem: true, vetted: false)).events
    #expect(changes.count == 2, "only vetting was not known")
    let last = try #require(try world[fabrikam].commits.last)
    #expect(try world[fabrikam].commits.count == length + 1)
    #expect(
      last.events == [.inboxAdvanced(sender: directory, through: 1)], "the profile was so already")
  }

  @Test mutating func `an older message never undoes a newer one`() throws {
    try world.when(directory, update(fabrikam, inEcosystem: false))
    try world.when(directory, update(fabrikam, inEcosystem: true, vetted: true))
    let waiting = try world[directory].state.pendingMessages(for: fabrikam)
    #expect(waiting.map(\.sequence) == [1, 2])
    for place in [1, 0, 1, 0, 0] { try world.hand(waiting[place], from: directory) }
    let profile = try profile(fabrikam)
    #expect(profile.inEcosystem && profile.isAssessmentVetted)
    #expect(try world[fabrikam].state.inboxMarks[directory] == 2)
  }

  @Test mutating func `nobody but the directory says what an organisation is`() throws {
    var update = OrganisationUpdate()
    update.isAssessmentVetted = true
    try world.hand(
      OutboxEntry(receiver: fabrikam, sequence: 1, message: .organisationUpdated(update)),
      from: contoso)
    #expect(try !profile(fabrikam).isAssessmentVetted)
    let stranger = TenantID(high: 5, low: 5)
    world.members[stranger] = Given(unborn: stranger)
    try world.hand(
      OutboxEntry(receiver: stranger, sequence: 1, message: .organisationUpdated(update)),
      from: directory)
    #expect(try world[stranger].state.organisation == nil)
  }

  @Test mutating func `R-110 every wrong thing is told at once, and nothing changes`() throws {
    func problems(_ command: Command) throws -> [String] {
      try world.refused(directory, command).violations.map { "\($0.field) \($0.rule)" }
    }
    #expect(
      try problems(update(.zero)) == [
        "organisation_id FIELD_REQUIRED", "in_ecosystem FIELD_REQUIRED",
      ])
    #expect(try problems(update(fabrikam)) == ["in_ecosystem FIELD_REQUIRED"])
    #expect(
      try problems(update(desk, inEcosystem: false, transacts: true, vetted: true)) == [
        "assessment_vetted R-110", "in_ecosystem FIELD_NOT_APPLICABLE",
        "transacts FIELD_NOT_APPLICABLE",
      ])
    let stranger = TenantID(high: 5, low: 5)
    for id in [stranger, directory] {
      let unknown = try world.refused(directory, update(id, transacts: true))
      #expect(unknown.code == .notFound && unknown.reason == "ORGANISATION_NOT_FOUND")
    }
    try say(update(desk, vetted: false))
  }

  @Test mutating func `section 11 only the operator of the realm says it`() throws {
    let command = update(fabrikam, inEcosystem: false)
    for id in [contoso, fabrikam, desk] {
      #expect(try world.refused(id, command).reason == "OPERATOR_NEEDED")
    }
    world.members[contoso]?.who = .systemOperator
    #expect(try world.refused(contoso, command).reason == "NOT_A_DIRECTORY")
  }

  @Test mutating func `row 31 a dry run says what would be wrong, and changes nothing`() throws {
    let dry = Command.rehearse(update(fabrikam, inEcosystem: false), wrong: [])
    #expect(try world.when(directory, dry).events.isEmpty)
    let wrong = Command.rehearse(update(desk, vetted: true), wrong: [])
    #expect(try world.refused(directory, wrong).violations.map(\.rule) == ["R-110"])
  }

  @Test mutating func `a directory that its organisation does not hear waits`() throws {
    let receiver = fabrikam
    world.members[directory]?.record(
      (1...UInt64(Limits.outboxEntries)).map { sequence in
        .messageSent(
          OutboxEntry(
            receiver: receiver, sequence: sequence,
            message: .organisationUpdated(OrganisationUpdate())))
      })
    let full = try world.refused(directory, update(fabrikam, inEcosystem: false))
    #expect(full.reason == "COUNTERPART_BEHIND" && full.retryable)
    try world.when(directory, update(contoso, inEcosystem: false))
    #expect(try world.when(directory, update(fabrikam, inEcosystem: true)).events.isEmpty)
  }

  // MARK: What follows

  @Test mutating func `R-204 who left is neither found nor invited, until it is back`() throws {
    let deal = try world.create(contoso)
    func found() throws -> [Text] {
      try world[contoso].directory.find(namePrefix: "Fab", max: 9).map(\.name)
    }
    for flags in [(false, true), (true, false)] {
      try say(update(fabrikam, inEcosystem: flags.0, transacts: flags.1))
      #expect(try found() == [])
      let invitation = Command.inviteToDeal(world.invite(deal, fabrikam))
      #expect(try world.refused(contoso, invitation).violations.map(\.rule) == ["R-204"])
    }
    try say(update(fabrikam, inEcosystem: true, transacts: true))
    #expect(try found() == ["Fabrikam"])
    try world.when(contoso, .inviteToDeal(world.invite(deal, fabrikam)))
  }

  @Test
  mutating func
    `R-204 section 3.1b an invitation that is open when the partner leaves is answered`()
    throws
  {
    let deal = try world.create(contoso)
    try world.when(contoso, .inviteToDeal(world.invite(deal, fabrikam)))
    try world.settle()
    try say(update(fabrikam, inEcosystem: false, transacts: false))
    let copy = try world[fabrikam].onlyDeal
    #expect(copy.status == .pending)
    try world.when(fabrikam, .accept(copy.id))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards[0].status == .accepted)
    try world.when(fabrikam, .win(copy.id))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards[0].status == .won)
  }

  @Test mutating func `R-110 who is vetted no longer begins no assessment, and ends those it has`()
    throws
  {
    try world.publish(.assessment("Readiness", of: desk))
    let berlin = try world[contoso].berlin
    let create = Command.createDeal(.assessment(at: berlin))
    guard case .deal(let deal, _, _) = try world.when(contoso, create).answer else {
      throw Unexpected()
    }
    try say(update(contoso, vetted: false))
    #expect(try world.refused(contoso, create).violations.map(\.rule) == ["NOT_VETTED"])
    try world.when(contoso, PatchDeal.edits(deal, [.stage(.percent(20))]))
    try world.when(contoso, .lose(deal))
    try say(update(contoso, vetted: true))
    try world.when(contoso, create)
  }

  @Test mutating func `R-108 what a partner sells is offered to others while it takes part`() throws
  {
    try world.publish(.named("Gateway", of: fabrikam))
    let line = SolutionLine.named("Gateway")
    func offered(to id: TenantID) throws -> [Text] {
      let given = try world[id]
      let shelf = SolutionShelf(try profile(id), given.state, given.directory)
      return try shelf.list(
        ListSolutions(namePrefix: "Gate", ownOnly: false, pageSize: 9, after: nil)
      ).page.map(\.solution.name)
    }
    let deal = try world.create(contoso) { $0.solutions = [line] }
    #expect(try offered(to: contoso) == ["Gateway"])
    try say(update(fabrikam, inEcosystem: false))
    #expect(try offered(to: contoso) == [] && offered(to: fabrikam) == ["Gateway"])
    var sample = CreateDeal.sample(at: try world[contoso].berlin)
    sample.solutions = [line]
    let refused = try world.refused(contoso, .createDeal(sample))
    #expect(refused.violations.map(\.rule) == ["SOLUTION_UNKNOWN"])
    var kept = try world[contoso].deal(deal).solutions[0]
    kept.quantityMilli = 2_000
    try world.when(contoso, PatchDeal.edits(deal, [.putSolution(kept)]))
    // Its own deals go on.
    _ = try world.create(fabrikam) { $0.solutions = [line] }
    try say(update(fabrikam, inEcosystem: true))
    #expect(try offered(to: contoso) == ["Gateway"])
    _ = try world.create(contoso) { $0.solutions = [line] }
  }

  @Test func `R-108 what is offered does not depend on what was heard first`() throws {
    var random = SeededRandom(seed: 4)
    let owners = (1...6).map { TenantID(high: 0, low: $0) }
    func entry(_ id: TenantID, _ inEcosystem: Bool) -> OrganisationEntry {
      OrganisationEntry(
        id: id, kind: id.low == 6 ? .vendor : .partner, name: Text("O\(id.low)"), country: .de,
        inEcosystem: inEcosystem, transacts: true)
    }
    let solutions = (0..<40).map { index in
      var solution = Solution.named(Text("S\(index)"), of: owners[index % 6])
      solution.isCoSellReady = index % 5 != 0
      solution.isActive = index % 7 != 0
      return solution
    }
    for round in 0..<50 {
      let standing = owners.map { entry($0, random.next() % 2 == 0) }
      var moved = RealmDirectory()
      for solution in solutions where random.next() % 2 == 0 { moved.put(solution) }
      for _ in 0..<8 {
        let owner = owners[Int(random.next() % 6)]
        if round % 2 == 0 {
          moved.put(entry(owner, random.next() % 2 == 0))
        } else {
          moved.put(owners.map { entry($0, random.next() % 2 == 0) })
        }
      }
      for solution in solutions { moved.put(solution) }
      moved.put(standing)
      var fresh = RealmDirectory()
      fresh.put(standing)
      for solution in solutions.shuffled(using: &random) { fresh.put(solution) }
      #expect(moved.catalogue == fresh.catalogue)
      #expect(moved.find(namePrefix: "", max: 9) == fresh.find(namePrefix: "", max: 9))
    }
  }
}
