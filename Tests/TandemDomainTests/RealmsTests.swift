// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct RealmsTests {
  var world: World
  let main: TenantID

  init() throws {
    main = Given.realm.directory
    var directory = Given(unborn: main)
    directory.who = .systemOperator
    try directory.when(
      .establish(
        EstablishOrganisation(
          organisation: Organisation(
            id: main, realm: Given.realm.id, kind: .directory, name: "main", country: .de,
            inEcosystem: false, transacts: false, createdAt: directory.now), realm: Given.realm)))
    world = try World([directory])
  }

  private func register(_ name: Text, _ kind: OrganisationKind = .partner) -> Command {
    .registerOrganisation(
      RegisterOrganisation(
        kind: kind, name: name, country: .de, inEcosystem: true, transacts: true,
        administrator: .named("Ada"), keySecretHash: [UInt8](repeating: 9, count: 32)))
  }

  private let sandbox = Command.createRealm(CreateRealm(name: "trial", policy: .standard))

  private mutating func trial() throws -> TenantID {
    guard case .realm(_, let directory) = try world.when(main, sandbox).answer else {
      throw Unexpected()
    }
    try world.settle()
    world.members[directory]?.who = .systemOperator
    return directory
  }

  @Test mutating func `a new organisation has an administrator, a key and a place`() throws {
    guard
      case .organisation(let id, let admin, let key, let global) = try world.when(
        main, register("Contoso")
      ).answer
    else { throw Unexpected() }
    try world.settle(times: 2)
    let born = try world[id]
    #expect(born.state.organisation?.name == "Contoso")
    #expect(born.state.users[admin]?.administers == true)
    #expect(born.state.keys[key]?.user == admin)
    #expect(born.state.locations[global]?.isGlobal == true)
    #expect(try world[main].state.entries[id]?.name == "Contoso")
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `names are unique in a realm, whatever their case`() throws {
    try world.when(main, register("Contoso"))
    let rejection = try world.refused(main, register("CONTOSO"))
    #expect(rejection.code == .alreadyExists && rejection.reason == "ORGANISATION_EXISTS")
  }

  @Test mutating func `R-110 the operator says who is vetted for assessments, which no vendor is`()
    throws
  {
    func vetted(_ kind: OrganisationKind) -> Command {
      var command = RegisterOrganisation(
        kind: kind, name: "Contoso", country: .de, inEcosystem: true, transacts: true,
        administrator: .named("Ada"), keySecretHash: [UInt8](repeating: 9, count: 32))
      command.isAssessmentVetted = true
      return .registerOrganisation(command)
    }
    let found = try world.refused(main, vetted(.vendor)).violations
    #expect(found.map { "\($0.field) \($0.rule)" } == ["assessment_vetted R-110"])
    guard case .organisation(let id, _, _, _) = try world.when(main, vetted(.partner)).answer
    else { throw Unexpected() }
    try world.settle()
    #expect(try world[id].state.organisation?.isAssessmentVetted == true)
  }

  @Test mutating func `only operators register, and only with directories`() throws {
    var partner = try Given()
    let command = register("Other")
    #expect(try partner.refused(command).reason == "OPERATOR_NEEDED")
    #expect(try partner.refused(command, by: .systemOperator).reason == "NOT_A_DIRECTORY")
  }

  @Test mutating func `main makes sandboxes, sandboxes do not`() throws {
    let directory = try trial()
    #expect(try world[directory].state.realm?.isSandbox == true)
    #expect(try world.refused(main, sandbox).reason == "REALM_EXISTS")
    #expect(try world.refused(directory, sandbox).reason == "NOT_MAIN")
  }

  @Test mutating func `a sandbox clock runs ahead in all its organisations, main's never`() throws {
    let directory = try trial()
    guard
      case .organisation(let id, _, _, _) = try world.when(directory, register("Contoso")).answer
    else { throw Unexpected() }
    try world.settle()
    let advance = Command.advanceClock(AdvanceClock(by: .days(14)))
    try world.when(directory, advance)
    try world.when(directory, advance)
    try world.settle()
    #expect(try world[directory].state.realm?.clockOffset == .days(28))
    #expect(try world[id].state.realm?.clockOffset == .days(28))
    #expect(try world.refused(main, advance).reason == "NOT_A_SANDBOX")
    for span in [Timestamp.Span.days(0), .days(401), .days(-1)] {
      let rejection = try world.refused(directory, .advanceClock(AdvanceClock(by: span)))
      #expect(rejection.reason == "CLOCK_RANGE")
    }
  }
}
