// SPDX-License-Identifier: Apache-2.0
// Tags of a deal and who of its team is responsible: the organisation's own, seen by nobody else.

import TandemDomain
import TandemPrimitives
import Testing

struct OwningDealsTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID

  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    world = try World([contoso, fabrikam, desk])
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
  }

  private static let ada: Text = "ada@example.com"
  private static let bob: Text = "bob@example.com"

  /// A deal of Ada (line 1) and Bob (line 2), for which Ada is responsible.
  private mutating func owned(_ change: (inout CreateDeal) -> Void = { _ in }) throws -> DealID {
    try world.create(contoso) {
      $0.ownerEmail = "ADA@example.com"
      $0.tags = ["renewal", "größer"]
      change(&$0)
    }
  }

  @discardableResult
  private mutating func patch(
    _ deal: DealID, _ edits: ShortList<FieldEdit>
  ) throws -> [FieldChange] {
    let events = try world.when(contoso, PatchDeal.edits(deal, edits)).events
    guard case .dealChanged(let change)? = events.first else { return [] }
    return change.changes
  }

  private mutating func refused(_ deal: DealID, _ edits: ShortList<FieldEdit>) throws -> [String] {
    try world.refused(contoso, PatchDeal.edits(deal, edits)).violations.map {
      "\($0.field) \($0.rule)"
    }
  }

  private func deal(_ id: DealID) throws -> Deal { try world[contoso].deal(id) }

  // MARK: Tags

  @Test mutating func `tags are kept as they are given, and replaced as a whole`() throws {
    let id = try owned()
    #expect(try deal(id).tags == ["renewal", "größer"] && deal(id).version == 1)
    let changes = try patch(id, [.tags(["Renewal", "b", "a"])])
    #expect(changes.map(\.before) == [.tags(["renewal", "größer"])])
    #expect(changes.map(\.after) == [.tags(["Renewal", "b", "a"])])
    #expect(try patch(id, [.tags(["Renewal", "b", "a"])]).isEmpty)
    try patch(id, [.tags([])])
    #expect(try deal(id).tags.isEmpty)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `G24 tags are few, short, say something, and none comes twice`() throws {
    let id = try owned()
    // Characters are counted, not bytes.
    let longest = Text(String(repeating: "ß", count: Limits.tagCharacters))
    try patch(id, [.tags([longest])])
    let tooLong = Text(String(repeating: "ß", count: Limits.tagCharacters + 1))
    #expect(
      try refused(id, [.tags(["x", tooLong, " ", "x"])])
        == ["tags[1] G24", "tags[2] TAG_BLANK", "tags[3] TAG_TWICE"])
    let many = (0...Limits.tags).map { Text("tag \($0)") }
    #expect(try refused(id, [.tags(many)]) == ["tags G24"])
    try patch(id, [.tags(Array(many.dropLast()))])
    var create = CreateDeal.sample(at: try world[contoso].berlin)
    create.tags = ["", "y"]
    create.name = .empty
    let found = try world.refused(contoso, .createDeal(create)).violations
    #expect(found.map { "\($0.field) \($0.rule)" } == ["name R-105", "tags[0] TAG_BLANK"])
  }

  @Test mutating func `tags and owner of one change do not conflict with another field`() throws {
    let id = try owned()
    try patch(id, [.tags(["x"])])
    try world.when(contoso, PatchDeal.edits(id, base: 1, [.owner(Self.bob)]))
    let rejection = try world.refused(contoso, PatchDeal.edits(id, base: 1, [.tags(["y"])]))
    #expect(rejection.reason == "CONFLICT" && rejection.violations.map(\.field) == ["tags"])
    let owner = try world.refused(contoso, PatchDeal.edits(id, base: 2, [.owner(.empty)]))
    #expect(owner.violations.map(\.field) == ["owner_email"])
  }

  // MARK: Who is responsible

  @Test mutating func `who is responsible is one of the team, or nobody`() throws {
    let id = try owned()
    #expect(try deal(id).owner == 1 && deal(id).ownerEmail == Self.ada)
    #expect(try refused(id, [.owner("eve@example.com")]) == ["owner_email OWNER_NOT_ON_TEAM"])
    let changes = try patch(id, [.owner("Bob@Example.COM")])
    #expect(changes.map(\.before) == [.owner(1)] && changes.map(\.after) == [.owner(2)])
    #expect(try patch(id, [.owner(Self.bob)]).isEmpty)
    try patch(id, [.owner(.empty)])
    #expect(try deal(id).owner == 0 && deal(id).ownerEmail.isEmpty)
    var create = CreateDeal.sample(at: try world[contoso].berlin)
    create.ownerEmail = "eve@example.com"
    let found = try world.refused(contoso, .createDeal(create)).violations
    #expect(found.map(\.rule) == ["OWNER_NOT_ON_TEAM"])
  }

  @Test mutating func `who is responsible stays on the team until another is named`() throws {
    let id = try owned()
    let left = ["team OWNER_LEAVES"]
    #expect(try refused(id, [.removeTeamMember(line: 1)]) == left)
    #expect(try refused(id, [.replaceTeam([.named("Cid")])]) == left)
    #expect(try refused(id, [.putTeamMember(.named("Cid", line: 1))]) == left)
    // Another member may go.
    try patch(id, [.removeTeamMember(line: 2)])
    let changes = try patch(
      id, [.owner("cid@example.com"), .removeTeamMember(line: 1), .putTeamMember(.named("Cid"))])
    #expect(changes.map(\.field) == [.team, .owner])
    let team = try deal(id).team
    #expect(try team.map(\.person.firstName) == ["Cid"] && deal(id).owner == team[0].line)
    try patch(id, [.putTeamMember(.named("Dan"))])
    try patch(id, [.owner(.empty), .removeTeamMember(line: team[0].line)])
    #expect(try deal(id).owner == 0)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `a team that is given anew keeps who is responsible by their address`() throws
  {
    let id = try owned()
    let changes = try patch(id, [.replaceTeam([.named("Cid"), .named("Ada")])])
    #expect(changes.map(\.field) == [.team, .owner])
    let team = try deal(id).team
    #expect(try deal(id).owner == team[1].line && deal(id).ownerEmail == Self.ada)
    // The same with its line is no change of who is responsible.
    var ada = TeamMember.named("Ada", line: team[1].line)
    ada.person.phone = "+49 30 2"
    #expect(try patch(id, [.putTeamMember(ada)]).map(\.field) == [.team])
  }

  @Test mutating func `who is responsible keeps the line, whoever else has the address`() throws {
    let id = try owned()
    try patch(id, [.putTeamMember(.named("Ada"))])
    let twin = try #require(try deal(id).team.last)
    try patch(id, [.replaceTeam([twin, .named("Ada", line: 1)])])
    #expect(try deal(id).owner == 1)
    try patch(id, [.removeTeamMember(line: 1)])
    #expect(try deal(id).owner == twin.line)
  }

  @Test mutating func `section 9 nothing of it changes on an ended deal`() throws {
    let id = try owned()
    try world.when(contoso, .win(id))
    for edit: FieldEdit in [.tags([]), .owner(.empty)] {
      #expect(try world.refused(contoso, PatchDeal.edits(id, [edit])).reason == "DEAL_CLOSED")
    }
  }

  // MARK: Whose they are

  @Test mutating func `section 11 no counterpart is told, and each has its own`() throws {
    let id = try owned { $0.visibleToVendor = true }
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    for member in [fabrikam, desk] {
      let theirs = try world[member].onlyDeal
      #expect(theirs.tags.isEmpty && theirs.owner == 0)
    }
    let sent = try world[contoso].state.outbox.values.map(\.lastSequence)
    try patch(id, [.tags(["secret"]), .owner(Self.bob)])
    #expect(try world[contoso].state.outbox.values.map(\.lastSequence) == sent)
    // An accepted copy has tags and an owner of its own.
    try world.when(
      fabrikam, PatchDeal.edits(copy, [.tags(["ours"]), .owner("finn@example.com")]))
    try world.settle()
    let theirs = try world[fabrikam].deal(copy)
    #expect(theirs.tags == ["ours"] && theirs.ownerEmail == "finn@example.com")
    #expect(try deal(id).tags == ["secret"] && deal(id).ownerEmail == Self.bob)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `what can be edited of it is told`() throws {
    let id = try owned()
    let given = try world[contoso]
    let verdicts = try DescribingActions.answer(
      id, to: given.who, given.state, given.deals, given.directory, at: given.now)
    for path in ["tags", "owner_email"] {
      let verdict = try #require(verdicts.fields.first { $0.path == path })
      #expect(verdict.obstacles.isEmpty)
    }
    let limits = RuleBook(given.state).limits
    #expect(limits.first { $0.name == "deal.tags" }?.value == Int64(Limits.tags))
    #expect(limits.first { $0.name == "deal.tag" }?.value == Int64(Limits.tagCharacters))
  }

  @Test mutating func `a deal of the past has the tags and the owner of then`() throws {
    let id = try owned()
    let then = try deal(id)
    try patch(id, [.tags(["later"]), .owner(Self.bob)])
    var past = PastDeal(DealAsOf(deal: id, moment: .version(1)))
    for commit in try world[contoso].commits where !past.isComplete { past.take(commit) }
    #expect(try past.result() == then)
  }
}
