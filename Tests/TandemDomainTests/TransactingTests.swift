// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

/// Several operations as one: all or nothing, in one commit.
struct TransactingTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let vendor: TenantID

  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let vendor = try Given("Northwind", kind: .vendor, seed: 3)
    (self.contoso, self.fabrikam, self.vendor) = (contoso.id, fabrikam.id, vendor.id)
    world = try World([contoso, fabrikam, vendor])
  }

  private typealias Operation = Transact.Operation

  private func transact(_ operations: [Operation], validateOnly: Bool = false) -> Command {
    .transact(Transact(operations: operations, validateOnly: validateOnly))
  }

  private func create(_ change: (inout CreateDeal) -> Void = { _ in }) throws -> Operation {
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    change(&command)
    return Operation(.createDeal(command))
  }

  private func invite(_ invitee: TenantID, _ place: Int) -> Operation {
    Operation(.inviteToDeal(world.invite(.zero, invitee)), createdBy: place)
  }

  private func mark(_ place: Int) -> Operation {
    Operation(.setFavourite(SetFavourite(deal: .zero, isFavourite: true)), createdBy: place)
  }

  /// What a transaction of Contoso answers for each operation.
  private mutating func answers(_ command: Command) throws -> [Answer] {
    guard case .transaction(let answers) = try world.when(contoso, command).answer else {
      throw Unexpected()
    }
    return answers
  }

  @Test
  mutating func `R-113 a deal, the vendor's copy, a partner's and a mark are made in one commit`()
    throws
  {
    let before = try world[contoso].state.commitSequence
    let answers = try answers(
      transact([create(), invite(fabrikam, 0), invite(vendor, 0), mark(0)]))
    let deal = try world[contoso].onlyDeal
    #expect(try world[contoso].state.commitSequence == before + 1)
    #expect(deal.version == 3 && deal.baseKind == .coSell)
    #expect(deal.cards.map(\.organisation.id) == [fabrikam, vendor])
    #expect(try world[contoso].state.favourites[world[contoso].admin] == [deal.id])
    var versions: [UInt64] = []
    for case .deal(let id, let version, _) in answers {
      #expect(id == deal.id)
      versions.append(version)
    }
    #expect(versions == [1, 2, 3])
    #expect(answers.last == .favourite(id: deal.id, isFavourite: true))
    try world.settle(times: 2)
    #expect(try world[fabrikam].onlyDeal.status == .pending)
    #expect(try world[vendor].onlyDeal.status == .pending)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `one refused operation leaves nothing of the others, in no outbox and inbox`()
    throws
  {
    let refused = try world.refused(
      contoso, transact([create(), invite(fabrikam, 0), mark(0), invite(fabrikam, 0)]))
    #expect(refused.reason == "ALREADY_INVITED" && refused.code == .failedPrecondition)
    #expect(refused.message.hasPrefix("operations[3]: "))
    #expect(refused.message.hasSuffix("; nothing was changed"))
    #expect(refused.violations.map(\.field) == ["operations[3]"])
    #expect(try world[contoso].deals.count == 0)
    #expect(try world[contoso].state.pendingReceivers.isEmpty)
    #expect(try world[contoso].state.favourites.isEmpty)
  }

  @Test mutating func `every problem of every operation is told at once`() throws {
    let other = try world.create(contoso)
    let refused = try world.refused(
      contoso,
      transact([
        create {
          $0.name = .empty
          $0.team = []
        },
        invite(fabrikam, 0), Operation(.lose(other, nil)), Operation(.win(other)),
        Operation(.accept(DealID(high: 4, low: 4))),
      ]))
    #expect(
      refused.violations.map(\.field) == [
        "operations[0].name", "operations[0].team", "operations[2].reason", "operations[4]",
      ])
    #expect(refused.violations.map(\.rule) == ["R-105", "R-106", "T8", "DEAL_NOT_FOUND"])
    #expect(refused.code == .invalidArgument)
    #expect(refused.message.hasPrefix("3 operations are refused; the first is operations[0]: "))
  }

  @Test mutating func `only a deal that an operation before creates can be named by its place`()
    throws
  {
    let refused = try world.refused(
      contoso, transact([mark(0), create(), mark(2), mark(1), mark(9)]))
    #expect(
      refused.violations.map(\.field) == [0, 2, 4].map { "operations[\($0)].created_by_operation" })
    #expect(refused.violations.allSatisfy { $0.rule == "OPERATION_UNKNOWN" })
    #expect(refused.reason == "OPERATION_UNKNOWN" || refused.reason == "FIELD_INVALID")
  }

  @Test mutating func `a transaction has one to a hundred operations`() throws {
    let none = try world.refused(contoso, transact([]))
    #expect(none.violations.map(\.field) == ["operations"])
    let one = try create()
    let many = Array(repeating: one, count: Limits.transactionOperations + 1)
    #expect(try world.refused(contoso, transact(many)).violations.map(\.rule) == ["G24"])
    let most = Array(repeating: one, count: Limits.transactionOperations)
    #expect(try answers(transact(most)).count == Limits.transactionOperations)
    #expect(try world[contoso].deals.count == Limits.transactionOperations)
  }

  @Test mutating func `a later operation sees what the earlier ones did`() throws {
    let deal = try world.create(contoso)
    let stage = Operation(PatchDeal.edits(deal, base: 1, [.stage(.percent(60))]))
    let answers = try answers(
      transact([
        stage, Operation(PatchDeal.edits(deal, base: 2, [.stage(.percent(80))])),
        Operation(.win(deal)),
      ]))
    #expect(answers.count == 3)
    let won = try world[contoso].deal(deal)
    #expect(won.status == .won && won.version == 4)
    let late = try world.refused(
      contoso, transact([Operation(PatchDeal.edits(deal, [.notes("x")]))]))
    #expect(late.reason == "DEAL_CLOSED")
    let stale = try world.create(contoso)
    let conflict = try world.refused(
      contoso,
      transact([
        Operation(PatchDeal.edits(stale, base: 1, [.notes("a")])),
        Operation(PatchDeal.edits(stale, base: 1, [.notes("b")])),
      ]))
    #expect(conflict.reason == "CONFLICT" && conflict.violations[0].field == "operations[1].notes")
  }

  @Test mutating func `a refusal names no version that is gone with the transaction`() throws {
    let deal = try world.create(contoso)
    try world.when(contoso, PatchDeal.edits(deal, base: 1, [.notes("kept")]))
    let rename = Operation(PatchDeal.edits(deal, [.name("Moved")]))

    let own = try world.refused(
      contoso, transact([rename, Operation(PatchDeal.edits(deal, base: 2, [.name("Other")]))]))
    #expect(own.reason == "CONFLICT" && own.code == .aborted)
    #expect(
      own.message == "operations[1]: changed after version 2: name; operations before it did that; "
        + "a base_version that counts them is 3; nothing was changed")
    #expect(own.violations.map(\.field) == ["operations[1].name"])
    #expect(own.violations[0].text == "changed by an operation before it, to: Moved")

    let others = try world.refused(
      contoso, transact([rename, Operation(PatchDeal.edits(deal, base: 1, [.notes("Other")]))]))
    #expect(others.message.contains("read version 2 and decide again"))
    #expect(others.violations[0].text == "changed in version 2; now: kept")

    let ahead = try world.refused(
      contoso, transact([rename, Operation(PatchDeal.edits(deal, base: 9, [.notes("Other")]))]))
    #expect(
      ahead.message.contains("version 3, which the operations before it make of the deal"))
    #expect(ahead.violations.map(\.field) == ["operations[1].base_version"])
    #expect(ahead.violations[0].text.contains("which the operations before it make of the deal"))
    #expect(try world[contoso].deal(deal).version == 2)

    // Alone, and with the version that counts what comes before, nothing is in the way.
    let alone = try world.refused(contoso, PatchDeal.edits(deal, base: 1, [.notes("Other")]))
    #expect(alone.message.contains("read version 2 and decide again"))
    try world.when(
      contoso, transact([rename, Operation(PatchDeal.edits(deal, base: 3, [.name("Other")]))]))
    #expect(try world[contoso].deal(deal).name == "Other")
  }

  @Test mutating func `a refusal names no deal that is gone with the transaction`() throws {
    world.members[contoso]?.state.realm?.policy.duplicates = .refuse
    let twins = try world.refused(contoso, transact([create(), create()]))
    #expect(twins.reason == "POSSIBLE_DUPLICATE")
    #expect(twins.message.hasPrefix("operations[1]: the deal of operations[0] is open, has"))
    #expect(twins.violations.map(\.text) == ["are sold by the deal of operations[0] already"])
    let deal = try world.create(contoso)
    let stored = try world.refused(contoso, transact([create()]))
    #expect(stored.message.contains(deal.description))
  }

  @Test mutating func `an invitee accepts, works and marks in one`() throws {
    let deal = try world.create(contoso)
    try world.when(contoso, .inviteToDeal(world.invite(deal, fabrikam)))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    try world.when(
      fabrikam,
      transact([
        Operation(.acknowledgeDeal(AcknowledgeDeal(deal: copy))), Operation(.accept(copy)),
        Operation(PatchDeal.edits(copy, [.putTeamMember(.named("Gil"))])),
      ]))
    try world.settle()
    let card = try world[contoso].deal(deal).cards[0]
    #expect(card.status == .accepted && card.team.count == 2)
  }

  @Test mutating func `a dry run says what each operation warns of and changes nothing`() throws {
    let deal = try world.create(contoso)
    let before = try world[contoso].state
    let answers = try answers(
      transact([Operation(.win(deal)), create(), invite(fabrikam, 1), mark(1)], validateOnly: true))
    #expect(try world[contoso].state == before)
    #expect(try world[contoso].deals.count == 1)
    guard case .deal(deal, 2, let won) = answers[0], case .deal(.zero, 1, _) = answers[1],
      case .deal(.zero, 2, let invited) = answers[2]
    else { throw Unexpected() }
    #expect(won.map(\.code) == ["CLOSED_WITHIN_72H", "BECOMES_FINAL"])
    #expect(invited.map(\.code) == ["PREFILLED"])
    #expect(answers[3] == .favourite(id: .zero, isFavourite: true))
    let refused = try world.refused(
      contoso, transact([Operation(.win(deal)), Operation(.win(deal))], validateOnly: true))
    #expect(refused.violations.map(\.field) == ["operations[1]"])
  }

  @Test mutating func `invariant 12 a deal out of sight is not there in a transaction either`()
    throws
  {
    let deal = try world.create(contoso)
    let outsider = try #require(try world.members[contoso]?.add("Olga", .referralsUser))
    let ask = transact([Operation(.win(deal))])
    let missing = transact([Operation(.win(DealID(high: 4, low: 4)))])
    let unseen = try world.members[contoso]?.refused(ask, by: outsider)
    let unknown = try world.members[contoso]?.refused(missing, by: outsider)
    #expect(unseen?.reason == "DEAL_NOT_FOUND" && unseen?.code == unknown?.code)
  }

  @Test
  mutating func
    `a deal that looks like one that is stored, or like one made before it, is noticed`()
    throws
  {
    let stored = try world.create(contoso)
    let answers = try answers(transact([create(), create()]))
    for case .deal(_, _, let warnings) in answers {
      #expect(warnings.map(\.code) == ["POSSIBLE_DUPLICATE"])
    }
    guard case .deal(let first, _, let one) = answers[0], case .deal(_, _, let two) = answers[1]
    else { throw Unexpected() }
    #expect(one[0].text.contains(stored.description) && !one[0].text.contains(first.description))
    #expect(two[0].text.contains(stored.description) && two[0].text.contains(first.description))
    // One that is only tried is named by its operation.
    let other = try create {
      $0.customer.name = "Litware"
      $0.customer.identifiers = []
    }
    let tried = try self.answers(transact([other, other], validateOnly: true))
    guard case .deal(.zero, 1, let alone) = tried[1] else { throw Unexpected() }
    #expect(alone.map(\.code) == ["POSSIBLE_DUPLICATE"])
    #expect(alone[0].text.hasPrefix("the deal of operations[0] is open"))
  }

  /// The same as one after the other, or nothing.
  @Test(arguments: 1...10)
  func `a transaction leads where its operations lead one after the other`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var world = world
    var done = (whole: 0, refused: 0)
    for _ in 0..<150 {
      let actor = world.ids[Int.random(in: 0..<world.ids.count, using: &random)]
      if random.next() % 4 == 0 { try world.settle() }
      if random.next() % 8 == 0 { world.advance(by: .hours(40)) }
      var single = try world[actor]
      var commands: [Command] = []
      var failed: Int?
      for place in 0..<Int.random(in: 1...4, using: &random) {
        let command = RandomCommandsTests.command(for: single, world.ids, &random)
        if command.isInternal { continue }
        commands.append(command)
        do { try single.when(command) } catch is Rejection { failed = failed ?? place }
      }
      guard !commands.isEmpty else { continue }
      let whole = transact(commands.map { Operation($0) })
      if failed != nil {
        _ = try world.refused(actor, whole)
        done.refused += 1
      } else {
        try world.when(actor, whole)
        let given = try world[actor]
        #expect(given.deals == single.deals)
        #expect(given.state.outbox == single.state.outbox)
        #expect(given.state.favourites == single.state.favourites)
        #expect(given.state.notifications == single.state.notifications)
        done.whole += 1
      }
    }
    #expect(done.whole > 10 && done.refused > 10)
    world.expectReplayGivesTheSame()
  }
}
