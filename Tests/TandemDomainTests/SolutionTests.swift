// SPDX-License-Identifier: Apache-2.0
// The catalogue: who publishes what, who may choose it, and what lines of deals say of it.

import TandemDomain
import TandemPrimitives
import Testing

struct SolutionTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID
  private let directory: TenantID

  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    var root = Given(unborn: Given.realm.directory)
    root.record([
      .organisationEstablished(
        Organisation(
          id: root.id, realm: Given.realm.id, kind: .directory, name: "main",
          country: CountryCode(packed: 0), inEcosystem: false, transacts: false,
          createdAt: .zero), Given.realm),
      .organisationListed(try contoso.entry), .organisationListed(try fabrikam.entry),
      .organisationListed(try desk.entry),
    ])
    world = try World([contoso, fabrikam, desk])
    world.members[root.id] = root
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
    directory = root.id
  }

  private static func hub(_ change: (inout PublishSolution) -> Void = { _ in }) -> PublishSolution {
    var command = PublishSolution(
      solution: .zero, name: "Hub", type: .intellectualProperty, isCoSellReady: true,
      incentives: [.intellectualProperty], isActive: true, validateOnly: false)
    change(&command)
    return command
  }

  /// Publishes, and lets everybody hear of it as the runtime does.
  @discardableResult
  private mutating func publish(
    _ owner: TenantID, _ change: (inout PublishSolution) -> Void = { _ in }
  ) throws -> SolutionID {
    let answer = try world.when(owner, .publishSolution(Self.hub(change))).answer
    guard case .solution(let id) = answer else { throw Unexpected() }
    try world.settle()
    for solution in try world[directory].state.solutions.values {
      for member in world.ids { world.members[member]?.directory.put(solution) }
    }
    return id
  }

  private func line(_ id: SolutionID, _ group: SolutionGroup? = nil) -> SolutionLine {
    SolutionLine(
      line: 0, solution: id, name: .empty, group: group, quantityMilli: 0, price: nil)
  }

  private mutating func refused(_ lines: [SolutionLine]) throws -> [Violation] {
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    command.solutions = lines
    return try world.refused(contoso, .createDeal(command)).violations
  }

  private func list(
    _ id: TenantID, _ prefix: Text = .empty, ownOnly: Bool = false, size: UInt32 = 10,
    after: SolutionID? = nil
  ) throws -> (page: [ShelvedSolution], isMore: Bool) {
    let given = try world[id]
    let shelf = SolutionShelf(
      try #require(given.state.organisation), given.state, given.directory)
    return try shelf.list(
      ListSolutions(namePrefix: prefix, ownOnly: ownOnly, pageSize: size, after: after))
  }

  // MARK: Publishing

  @Test mutating func `section 17 what an organisation publishes, the directory lists`() throws {
    let id = try publish(contoso)
    let mine = try #require(try world[contoso].state.solutions[id])
    #expect(mine.owner == contoso && mine.name == "Hub" && mine.incentives.count == 1)
    #expect(try world[directory].state.solutions[id] == mine)
    try publish(contoso) {
      $0.solution = id
      $0.name = "Hub 2"
      $0.isActive = false
    }
    #expect(try world[directory].state.solutions[id]?.name == "Hub 2")
    #expect(try world[directory].state.solutions[id]?.isActive == false)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `the same once more, and a dry run, change nothing`() throws {
    let id = try publish(contoso)
    let again = Self.hub { $0.solution = id }
    #expect(try world.when(contoso, .publishSolution(again)).events.isEmpty)
    let dry = Self.hub {
      $0.name = "Other"
      $0.validateOnly = true
    }
    #expect(try world.when(contoso, .publishSolution(dry)).events.isEmpty)
  }

  @Test mutating func `R-901 every wrong thing about a solution is told at once`() throws {
    let id = try publish(contoso)
    let wrong = Self.hub {
      $0.solution = id
      $0.name = "backup"
      $0.type = .service
      $0.isCoSellReady = false
      $0.incentives = [.businessAppsStandard, .businessAppsStandard]
    }
    let found = try world.refused(contoso, .publishSolution(wrong)).violations
    #expect(found.map(\.field) == ["name", "type", "incentives", "incentives[1]"])
    #expect(
      found.map(\.rule) == ["SOLUTION_EXISTS", "SOLUTION_TYPE", "R-901", "INCENTIVE_TWICE"])
    let blank = Self.hub {
      $0.name = .empty
      $0.type = nil
    }
    let missing = try world.refused(contoso, .publishSolution(blank)).violations
    #expect(missing.map(\.field) == ["name", "type"])
  }

  @Test mutating func `a solution of others is not one's own to change`() throws {
    let id = try publish(fabrikam)
    let theft = Self.hub { $0.solution = id }
    #expect(
      try world.refused(contoso, .publishSolution(theft)).reason == "SOLUTION_NOT_FOUND")
    var forged = try #require(try world[fabrikam].state.solutions[id])
    forged.name = "Forged"
    try world.hand(
      OutboxEntry(receiver: directory, sequence: 1, message: .solutionPublished(forged)),
      from: contoso)
    #expect(try world[directory].state.solutions[id]?.name == "Hub")
  }

  @Test(
    arguments: [
      (.partnerAdmin, true), (.referralsAdmin, true), (.referralsUser, false),
      (.viewer, false), (.accountAdmin, false),
    ] as [(Role, Bool)])
  func `section 11 who publishes solutions`(role: Role, may: Bool) throws {
    var given = try Given()
    let user = try given.add("Uma", role)
    if may {
      try given.when(.publishSolution(Self.hub()), by: user)
    } else {
      let refused = try given.refused(.publishSolution(Self.hub()), by: user)
      #expect(refused.code == .permissionDenied)
    }
    if role == .referralsAdmin {
      let local = try given.add("Lea", role, at: [given.berlin])
      let refused = try given.refused(.publishSolution(Self.hub { $0.name = "x" }), by: local)
      #expect(refused.code == .permissionDenied)
    }
  }

  @Test func `section 11 sellers publish what the vendor sells`() throws {
    var vendor = try Given("Vendor", kind: .vendor)
    #expect(try vendor.when(.publishSolution(Self.hub())).events.count == 2)
  }

  @Test func `an organisation sells a bounded number of solutions`() throws {
    var given = try Given()
    let have = given.state.solutions.count
    given.record(
      (have..<Limits.solutionsPerOrganisation).map {
        .solutionPublished(.named(Text("Solution \($0)"), of: given.id))
      })
    let full = try given.refused(.publishSolution(Self.hub()))
    #expect(full.code == .resourceExhausted && full.message.contains("200"))
  }

  // MARK: Choosing

  @Test mutating func `R-107 solutions are sought and sorted whatever the case of their letters`()
    throws
  {
    for name: Text in ["ärztebuch", "Ärzteportal", "ÄRZTEKARTE", "Öfen", "Zange"] {
      try publish(fabrikam) { $0.name = name }
    }
    func listed(_ prefix: Text, of owner: TenantID, after: SolutionID? = nil) throws -> [Text] {
      let given = try world[owner]
      let shelf = SolutionShelf(
        try #require(given.state.organisation), given.state, given.directory)
      let list = ListSolutions(namePrefix: prefix, ownOnly: false, pageSize: 2, after: after)
      let found = try shelf.list(list)
      let names = found.page.map(\.solution.name)
      guard found.isMore, let last = found.page.last else { return names }
      return try names + listed(prefix, of: owner, after: last.solution.id)
    }
    for prefix: Text in ["ärzte", "ÄRZTE"] {
      for owner in [contoso, fabrikam] {
        let found = try listed(prefix, of: owner)
        #expect(found == ["ärztebuch", "ÄRZTEKARTE", "Ärzteportal"])
      }
    }
    let all = try listed("", of: contoso)
    #expect(
      all == ["Backup", "Cloud", "Zange", "ärztebuch", "ÄRZTEKARTE", "Ärzteportal", "Öfen"])
    #expect(try listed("arzte", of: contoso) == [])
  }

  @Test mutating func `R-107 name and group of a line follow from the catalogue`() throws {
    let own = try publish(contoso)
    let vendors = try publish(desk) {
      $0.isCoSellReady = false
      $0.incentives = []
    }
    let other = try publish(fabrikam) { $0.name = "Gateway" }
    let lines = [line(own), line(vendors, .vendor), line(other)]
    let deal = try world.create(contoso) { $0.solutions = lines }
    let found = try world[contoso].deal(deal).solutions
    #expect(found.map(\.name) == ["Hub", "Hub", "Gateway"])
    #expect(found.map(\.group) == [.ownCompany, .vendor, .otherThirdParty])
  }

  @Test mutating func `section 3.5 groups are relative to who looks, on every copy`() throws {
    let solutions = [try publish(contoso), try publish(desk), try publish(fabrikam)]
    let sold = solutions.map { line($0) }
    let deal = try world.create(contoso) { $0.solutions = sold }
    let lines = try world[contoso].deal(deal).solutions.map(\.line)
    for invitee in [fabrikam, desk] {
      try world.when(contoso, .inviteToDeal(world.invite(deal, invitee, lines: lines)))
    }
    try world.settle(times: 2)
    let partners = try world[fabrikam].onlyDeal
    #expect(partners.solutions.map(\.group) == [.otherThirdParty, .vendor, .ownCompany])
    #expect(partners.invitation?.solutions == partners.solutions)
    let vendors = try world[desk].onlyDeal
    #expect(vendors.solutions.map(\.group) == [.otherThirdParty, .ownCompany, .otherThirdParty])
    #expect(vendors.invitation?.solutions == vendors.solutions)
    #expect(vendors.sharedView?.details?.solutions == vendors.solutions)
  }

  @Test mutating func `section 3.5 of a seller's deal the vendor's are the vendor's`() throws {
    let solutions = [try publish(contoso), try publish(desk), try publish(fabrikam)]
    let sold = solutions.map { line($0) }
    let deal = try world.create(desk) { $0.solutions = sold }
    let theirs = try world[desk].deal(deal).solutions
    #expect(theirs.map(\.group) == [.otherThirdParty, .ownCompany, .otherThirdParty])
    try world.when(
      desk, .inviteToDeal(world.invite(deal, contoso, lines: theirs.map(\.line))))
    try world.settle()
    let copy = try world[contoso].onlyDeal
    #expect(copy.solutions.map(\.group) == [.ownCompany, .vendor, .otherThirdParty])
    #expect(copy.invitation?.solutions == copy.solutions)
  }

  @Test mutating func `R-107 R-108 what may not be chosen is refused, all at once`() throws {
    let raw = try publish(contoso) {
      $0.isCoSellReady = false
      $0.incentives = []
    }
    let old = try publish(contoso) {
      $0.name = "Old"
      $0.isActive = false
    }
    let own = try publish(contoso) { $0.name = "Own" }
    let hidden = try publish(fabrikam) {
      $0.isCoSellReady = false
      $0.incentives = []
    }
    let gone = try publish(desk) { $0.isActive = false }
    let unknown = SolutionID(high: 1, low: 2)
    var named = line(own, .vendor)
    named.name = "Mine"
    let found = try refused(
      [line(.zero), line(unknown), line(hidden), line(gone), line(raw), line(old), named])
    #expect(
      found.map(\.rule) == [
        "R-107", "SOLUTION_UNKNOWN", "SOLUTION_UNKNOWN", "SOLUTION_UNKNOWN", "R-108",
        "SOLUTION_INACTIVE", "SOLUTION_NAME", "R-107",
      ])
    #expect(found[6].field == "solutions[6].name" && found[7].field == "solutions[6].group")
    // Invariant 12: what others hide looks like what does not exist.
    #expect(
      found[1].text.replacing(unknown.description, with: "")
        == found[2].text.replacing(hidden.description, with: ""))
  }

  @Test mutating func `R-108 a partner outside the ecosystem offers nothing`() throws {
    let id = try publish(fabrikam)
    var outside = RealmDirectory()
    for member in [contoso, fabrikam, desk] {
      var entry = try world[member].entry
      if member == fabrikam { entry.inEcosystem = false }
      outside.put(entry)
    }
    outside.put(try #require(try world[fabrikam].state.solutions[id]))
    world.members[contoso]?.directory = outside
    #expect(try refused([line(id)]).map(\.rule) == ["SOLUTION_UNKNOWN"])
  }

  @Test mutating func `R-401 a line that stays is what it was, a new one is looked up`() throws {
    let id = try publish(contoso)
    let first = line(id)
    let deal = try world.create(contoso) { $0.solutions = [first] }
    try publish(contoso) {
      $0.solution = id
      $0.name = "Renamed"
      $0.isActive = false
    }
    var kept = try world[contoso].deal(deal).solutions[0]
    kept.quantityMilli = 3_000
    try world.when(contoso, PatchDeal.edits(deal, [.putSolution(kept)]))
    try world.when(contoso, PatchDeal.edits(deal, [.replaceSolutions([kept, .named("Cloud")])]))
    let lines = try world[contoso].deal(deal).solutions
    #expect(lines.map(\.name) == ["Hub", "Cloud"] && lines[0].quantityMilli == 3_000)
    let added = try world.refused(contoso, PatchDeal.edits(deal, [.putSolution(line(id))]))
    #expect(added.violations.map(\.rule) == ["SOLUTION_INACTIVE"])
    var other = kept
    other.solution = SolutionID(high: 1, low: 2)
    let swapped = try world.refused(contoso, PatchDeal.edits(deal, [.replaceSolutions([other])]))
    #expect(swapped.violations.map(\.rule) == ["SOLUTION_UNKNOWN"])
    #expect(swapped.violations.map(\.field) == ["solutions[0].solution_id"])
  }

  @Test func `R-101 a partner that has nothing ready to sell makes no deals`() throws {
    var given = try Given()
    for solution in given.state.solutions.values.sorted(by: { $0.id < $1.id }) {
      let command = Self.hub {
        $0.solution = solution.id
        $0.name = solution.name
        $0.type = solution.type
        $0.isCoSellReady = false
        $0.incentives = []
      }
      try given.when(.publishSolution(command))
    }
    let refused = try given.refused(.createDeal(.sample(at: given.berlin)))
    #expect(refused.code == .failedPrecondition && refused.reason == "NOTHING_TO_SELL")
    try given.when(.publishSolution(Self.hub()))
    let line = try given.refused(.createDeal(.sample(at: given.berlin)))
    #expect(line.violations.map(\.rule) == ["R-108", "R-108"])
  }

  // MARK: Listing

  @Test mutating func `section 17 lists are by name, in pages, of what may be chosen`() throws {
    try publish(contoso) { $0.name = "Delta" }
    try publish(fabrikam) { $0.name = "charlie" }
    try publish(fabrikam) {
      $0.name = "Hidden"
      $0.isCoSellReady = false
      $0.incentives = []
    }
    try publish(desk) { $0.name = "Alpha" }
    let all = try list(contoso)
    #expect(all.page.map(\.solution.name) == ["Alpha", "Backup", "charlie", "Cloud", "Delta"])
    #expect(
      all.page.map(\.group) == [
        .vendor, .ownCompany, .otherThirdParty, .ownCompany, .ownCompany,
      ])
    #expect(all.page[2].ownerName == "Fabrikam" && !all.isMore)
    #expect(try list(contoso, "c").page.map(\.solution.name) == ["charlie", "Cloud"])
    #expect(try list(contoso, ownOnly: true).page.count == 3)
    #expect(try list(fabrikam, "Hid").page.map(\.group) == [.ownCompany])
    #expect(try list(desk, "Alpha").page.map(\.group) == [.ownCompany])
    var names: [Text] = []
    var cursor: SolutionID?
    var pages = 0
    repeat {
      let found = try list(contoso, size: 2, after: cursor)
      names += found.page.map(\.solution.name)
      cursor = found.isMore ? found.page.last?.solution.id : nil
      pages += 1
    } while cursor != nil
    #expect(names == all.page.map(\.solution.name) && pages == 3)
    let wrong = #expect(throws: Rejection.self) {
      try list(contoso, after: SolutionID(high: 1, low: 2))
    }
    #expect(wrong?.violations.map(\.field) == ["cursor"])
  }

  @Test mutating func `a solution that is renamed or withdrawn moves in the list`() throws {
    let id = try publish(fabrikam) { $0.name = "Zeta" }
    #expect(try list(contoso).page.map(\.solution.name) == ["Backup", "Cloud", "Zeta"])
    try publish(fabrikam) {
      $0.solution = id
      $0.name = "Aqua"
    }
    #expect(try list(contoso).page.map(\.solution.name) == ["Aqua", "Backup", "Cloud"])
    try publish(fabrikam) {
      $0.solution = id
      $0.isActive = false
    }
    #expect(try list(contoso).page.map(\.solution.name) == ["Backup", "Cloud"])
  }
}
