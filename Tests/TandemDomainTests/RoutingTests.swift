// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct RoutingTests {
  private static let place = LocationID(high: 5, low: 5)

  private static func rule(
    _ name: Text, _ markets: [CountryCode], _ solutions: [Text], at location: LocationID = place
  ) -> RoutingRule {
    RoutingRule(
      name: name, markets: markets,
      solutions: solutions.map { RoutedSolution(id: .zero, name: $0) },
      location: location)
  }

  private static func set(
    _ rules: [RoutingRule], default location: LocationID = .zero, validateOnly: Bool = false
  ) -> Command {
    .setRoutingRules(
      SetRoutingRules(rules: rules, defaultLocation: location, validateOnly: validateOnly))
  }

  @Test(
    arguments: [
      (.de, ["Backup"], "both"), (.fr, ["backup"], "solution"), (.de, ["Cloud"], "market"),
      (.fr, ["Cloud"], "default"), (.de, ["Cloud", "BACKUP"], "both"),
      (.fr, ["Archive", "Backup"], "archive"), (.fr, ["Backup", "Archive"], "solution"),
    ] as [(CountryCode, [Text], Text)])
  func `section 13 market and solution decide before the solution, that before the market`(
    country: CountryCode, solutions: [Text], wanted: Text
  ) {
    let names: [Text] = ["market", "solution", "both", "archive", "default"]
    let places = names.indices.map { LocationID(high: 1, low: UInt64($0)) }
    var routing = Routing()
    routing.rules = [
      Self.rule("market", [.de], [], at: places[0]),
      Self.rule("solution", [], ["Backup"], at: places[1]),
      Self.rule("both", [.de], ["Backup"], at: places[2]),
      Self.rule("archive", [], ["Archive"], at: places[3]),
    ]
    routing.defaultLocation = places[4]
    // Lines that came before there was a catalogue have names only.
    let lines = solutions.map { name in
      SolutionLine(
        line: 1, solution: .zero, name: name, group: .ownCompany, quantityMilli: 0, price: nil)
    }
    let found = routing.location(for: country, lines)
    #expect(found.flatMap { places.firstIndex(of: $0) }.map { names[$0] } == wanted)
  }

  @Test func `section 13 a solution is known by its id where it has one`() {
    let id = SolutionID(high: 3, low: 3)
    var routing = Routing()
    routing.rules = [
      RoutingRule(
        name: "x", markets: [], solutions: [RoutedSolution(id: id, name: .empty)],
        location: Self.place)
    ]
    var line = SolutionLine.named("Backup")
    #expect(routing.location(for: .de, [line]) == nil)
    line.solution = id
    #expect(routing.location(for: .de, [line]) == Self.place)
  }

  @Test func `section 13 what a seller sends arrives by rule, at once and not in retrospect`()
    throws
  {
    let vendor = try Given("Vendor", kind: .vendor, seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let contoso = try Given("Contoso", seed: 3)
    var world = try World([vendor, fabrikam, contoso])
    func arrives(from sender: TenantID) throws -> LocationID {
      let deal = try world.create(sender)
      try world.when(sender, .inviteToDeal(world.invite(deal, fabrikam.id)))
      try world.settle()
      let engagement = try world[sender].deal(deal).engagement
      let copy = try #require(try world[fabrikam.id].deals.deal(in: engagement))
      return try world[fabrikam.id].deal(copy).location
    }
    #expect(try arrives(from: vendor.id) == fabrikam.globalLocation)
    let before = try world[fabrikam.id].deals
    try world.when(fabrikam.id, Self.set([Self.rule("de", [.de], [], at: fabrikam.berlin)]))
    #expect(try world[fabrikam.id].deals == before)
    #expect(try arrives(from: vendor.id) == fabrikam.berlin)
    #expect(try arrives(from: contoso.id) == fabrikam.globalLocation)
    try world.when(fabrikam.id, Self.set([], default: fabrikam.berlin))
    #expect(try arrives(from: vendor.id) == fabrikam.berlin)
    world.expectReplayGivesTheSame()
  }

  @Test func `section 13 the admins of the location where it arrives are told`() throws {
    let vendor = try Given("Vendor", kind: .vendor, seed: 1)
    var fabrikam = try Given("Fabrikam", seed: 2)
    guard
      case .location(let paris) = try fabrikam.when(
        .addLocation(AddLocation(name: "Paris", country: .fr))
      ).answer,
      case .user(let lea, _, _) = try fabrikam.add("Lea", .referralsAdmin, at: [fabrikam.berlin]),
      case .user(let pia, _, _) = try fabrikam.add("Pia", .referralsAdmin, at: [paris])
    else { throw Unexpected() }
    try fabrikam.when(Self.set([], default: fabrikam.berlin))
    var world = try World([vendor, fabrikam])
    let deal = try world.create(vendor.id)
    try world.when(vendor.id, .inviteToDeal(world.invite(deal, fabrikam.id)))
    try world.settle()
    let told = try world[fabrikam.id].state.notifications
    #expect(told[lea]?.count == 1 && told[pia] == nil)
  }

  @Test func `section 13 a solution by its id and by its name is caught twice`() throws {
    var given = try Given()
    let backup = Solution.named("Backup", of: given.id)
    given.record([.solutionPublished(backup)])
    var named = Self.rule("b", [], ["BACKUP"], at: given.berlin)
    var numbered = named
    numbered.name = "a"
    numbered.solutions = [RoutedSolution(id: backup.id, name: .empty)]
    let rejection = try given.refused(Self.set([numbered, named]))
    #expect(rejection.reason == "ROUTING_CONFLICT")
    #expect(rejection.violations.map(\.field) == ["rules[1]"])
    named.solutions = [RoutedSolution(id: .zero, name: "Cloud")]
    try given.when(Self.set([numbered, named]))
  }

  @Test
  func `section 13 a rule that catches what another catches is refused, and the other is named`()
    throws
  {
    var given = try Given()
    let berlin = given.berlin
    let rejection = try given.refused(
      Self.set([
        Self.rule("a", [.de, .fr], ["Backup"], at: berlin),
        Self.rule("b", [.de], ["BACKUP", "Cloud"], at: berlin),
        Self.rule("c", [], ["Cloud"], at: berlin), Self.rule("d", [], ["cloud"], at: berlin),
        Self.rule("e", [.fr], [], at: berlin), Self.rule("f", [.fr], [], at: berlin),
      ]))
    #expect(rejection.violations.map(\.field) == ["rules[1]", "rules[3]", "rules[5]"])
    #expect(rejection.violations.map(\.rule) == Array(repeating: "ROUTING_CONFLICT", count: 3))
    #expect(
      rejection.violations.map(\.text) == [
        "and rule \"a\" both catch DE, BACKUP; leave it to one of them",
        "and rule \"c\" both catch cloud; leave it to one of them",
        "and rule \"e\" both catch FR; leave it to one of them",
      ])
    try given.when(
      Self.set([
        Self.rule("a", [.de], ["Backup"], at: berlin),
        Self.rule("b", [.fr], ["Backup"], at: berlin),
        Self.rule("c", [], ["Backup"], at: berlin), Self.rule("d", [.de], [], at: berlin),
      ]))
  }

  @Test func `section 13 every wrong rule is told at once`() throws {
    var given = try Given()
    let nowhere = CountryCode(packed: 0x5A5A)
    let rejection = try given.refused(
      Self.set(
        [
          Self.rule(.empty, [], [], at: .zero), Self.rule("a", [nowhere, nowhere], [.empty]),
          Self.rule("A", [], ["x", "X"], at: given.berlin),
        ], default: Self.place))
    #expect(
      rejection.violations.map(\.field) == [
        "rules[0].name", "rules[0]", "rules[0].location_id", "rules[1].markets[0]",
        "rules[1].markets[1]", "rules[1].markets[1]", "rules[1].solutions[0]",
        "rules[1].location_id", "rules[2].solutions[1]", "rules[2].name", "default_location_id",
      ])
    let many = (0...Limits.routingRules).map { Self.rule(Text("r\($0)"), [.de], [Text("s\($0)")]) }
    #expect(try given.refused(Self.set(many)).violations.first?.field == "rules")
  }

  @Test func `section 13 the same rules again and a dry run are no event`() throws {
    var given = try Given()
    let command = Self.set([Self.rule("a", [.de], [], at: given.berlin)])
    let dry = Self.set([Self.rule("a", [.de], [], at: given.berlin)], validateOnly: true)
    #expect(try given.when(dry).events.isEmpty)
    #expect(try given.when(command).events.count == 1)
    #expect(try given.when(command).events.isEmpty)
    given.expectReplayGivesTheSame()
  }

  @Test(
    arguments: [
      (.partnerAdmin, true, true), (.referralsAdmin, true, true), (.referralsUser, false, true),
      (.viewer, false, true), (.accountAdmin, false, false),
    ] as [(Role, Bool, Bool)])
  func `R-705 who administers all deals sets rules, who sees deals reads them`(
    role: Role, sets: Bool, reads: Bool
  ) throws {
    var given = try Given()
    let user = try given.add("Uma", role)
    let command = Self.set([Self.rule("a", [.de], [], at: given.berlin)])
    if sets {
      try given.when(command, by: user)
    } else {
      #expect(try given.refused(command, by: user).code == .permissionDenied)
    }
    if reads {
      try given.state.requireRight(.read, user)
    } else {
      #expect(throws: Rejection.self) { try given.state.requireRight(.read, user) }
    }
    let local = try given.add("Lea", .referralsAdmin, at: [given.berlin])
    #expect(try given.refused(command, by: local).code == .permissionDenied)
  }
}
