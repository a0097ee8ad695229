// SPDX-License-Identifier: Apache-2.0
// Deals that look like an open one: warned about, or refused.

import TandemDomain
import TandemPrimitives
import Testing

struct DuplicateTests {
  private func warnings(_ decision: Decision) throws -> [Warning] {
    guard case .deal(_, _, let warnings) = decision.answer else { throw Unexpected() }
    return warnings.filter { $0.code == "POSSIBLE_DUPLICATE" }
  }

  private func create(
    _ given: inout Given, by principal: Principal? = nil,
    _ change: (inout CreateDeal) -> Void = { _ in }
  ) throws -> [Warning] {
    var command = CreateDeal.sample(at: given.berlin)
    change(&command)
    return try warnings(try given.when(.createDeal(command), by: principal))
  }

  @Test func `the same customer and solution are warned about, with the deal's id`() throws {
    var given = try Given()
    let first = try given.create()
    let found = try create(&given)
    #expect(found.count == 1 && found.first?.text.contains("\(first)") == true)
    #expect(found.first?.text.contains("is open") == true)
  }

  @Test func `a D-U-N-S number decides where both have one, else name and country`() throws {
    var given = try Given()
    _ = try given.create()
    #expect(try create(&given) { $0.customer.identifiers[0].value = "987654321" }.isEmpty)
    #expect(try create(&given) { $0.customer.name = "Renamed Holding" }.count == 1)
    var other = try Given()
    _ = try other.create { $0.customer.identifiers = [] }
    #expect(try create(&other) { $0.customer.name = "ADATUM." }.count == 1)
    let changes: [(inout Customer) -> Void] = [
      { $0.address.country = .fr }, { $0.name = "Adatum Logistics" },
    ]
    for change in changes {
      let found = try create(&other) {
        $0.customer.identifiers = []
        change(&$0.customer)
      }
      #expect(found.isEmpty)
    }
  }

  @Test func `letters beyond ASCII are the same in both cases`() throws {
    let pairs = [
      ("Müller GmbH", "MÜLLER GMBH"), ("Łódź", "ŁÓDŹ"), ("Ελλάς", "ΕΛΛΆΣ"), ("Мир", "МИР"),
    ]
    for (one, other) in pairs {
      var given = try Given()
      _ = try given.create {
        $0.customer.identifiers = []
        $0.customer.name = Text(one)
      }
      let found = try create(&given) {
        $0.customer.identifiers = []
        $0.customer.name = Text(other)
      }
      #expect(found.count == 1, "\(one)")
      #expect(Text(one).equalsIgnoringCase(Text(other)))
      #expect(Text("x " + one + " y").folded.containsIgnoringASCIICase(Text(other).folded))
      #expect(Text(one + " y").hasPrefixIgnoringCase(Text(other)))
    }
    #expect(!Text("Müller").equalsIgnoringCase("Moller") && !Text("×").equalsIgnoringCase("÷"))
  }

  @Test func `R-102 a D-U-N-S number has nine digits and comes once`() throws {
    var given = try Given()
    let berlin = given.berlin
    func problems(_ identifiers: [CustomerIdentifier]) throws -> [String] {
      var command = CreateDeal.sample(at: berlin)
      command.customer.identifiers = identifiers
      return try given.refused(.createDeal(command)).violations.map { "\($0.field) \($0.rule)" }
    }
    for wrong in ["12-345-6789", "12345678", "1234567890", "12345678x"] as [Text] {
      #expect(
        try problems([CustomerIdentifier(scheme: .duns, value: wrong)])
          == ["customer.identifiers[0].value R-102"])
    }
    #expect(
      try problems([
        CustomerIdentifier(scheme: .duns, value: "123456789"),
        CustomerIdentifier(scheme: .duns, value: "987654321"),
      ]) == ["customer.identifiers[1] IDENTIFIER_TWICE"])
  }

  @Test func `other solutions and ended deals are none`() throws {
    var given = try Given()
    given.record([.solutionPublished(.named("Other", of: given.id))])
    let first = try given.create()
    #expect(try create(&given) { $0.solutions = [.named("Other")] }.isEmpty)
    try given.when(.lose(first))
    #expect(try create(&given) { $0.solutions = [.named("Backup")] }.isEmpty)
    #expect(try create(&given) { $0.solutions = [.named("Backup")] }.count == 1)
  }

  @Test func `three are named at most`() throws {
    var given = try Given()
    for _ in 0..<5 { _ = try given.create() }
    let text = try #require(try create(&given).first?.text)
    #expect(text.split(separator: "deal_").count == 3 && text.contains("are open"))
  }

  @Test func `invariant 12 a deal out of sight is no duplicate`() throws {
    var given = try Given()
    _ = try given.create()
    let user = try given.add("Uma", .referralsUser)
    #expect(try create(&given, by: user).isEmpty)
    #expect(try create(&given).count == 1)
  }

  @Test func `a solution that is added later is looked at too`() throws {
    var given = try Given()
    given.record([
      .solutionPublished(.named("Other", of: given.id)),
      .solutionPublished(.named("Something", of: given.id)),
    ])
    _ = try given.create()
    let other = try given.create { $0.solutions = [.named("Other")] }
    let same = PatchDeal.edits(other, [.putSolution(.named("Backup"))])
    #expect(try warnings(try given.when(same)).count == 1)
    let more = PatchDeal.edits(other, [.putSolution(.named("Something"))])
    #expect(try warnings(try given.when(more)).isEmpty)
  }

  @Test(arguments: [false, true])
  func `a line that was there and is only changed adds no duplicate`(refuses: Bool) throws {
    var given = try Given()
    _ = try given.create()
    let second = try given.create()
    if refuses { given.state.realm?.policy.duplicates = .refuse }
    var line = try given.deal(second).solutions[0]
    line.quantityMilli += 1_000
    let dearer = PatchDeal.edits(second, [.putSolution(line)])
    #expect(try warnings(try given.when(dearer)).isEmpty)
  }

  @Test func `where the policy says so they are refused, invitations are answered`() throws {
    var given = try Given()
    given.state.realm?.policy.duplicates = .refuse
    _ = try given.create()
    let refusal = try given.refused(.createDeal(.sample(at: given.berlin)))
    #expect(refusal.code == .alreadyExists && refusal.reason == "POSSIBLE_DUPLICATE")
    #expect(refusal.violations.map(\.field) == ["solutions"])
    var (world, _, fabrikam, _, copy) = try World.withInvitation()
    _ = try world.create(fabrikam)
    world.members[fabrikam]?.state.realm?.policy.duplicates = .refuse
    let answered = try world.when(fabrikam, .accept(copy))
    #expect(try warnings(answered).count == 1)
  }
}
