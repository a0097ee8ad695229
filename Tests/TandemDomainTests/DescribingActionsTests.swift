// SPDX-License-Identifier: Apache-2.0
// A verdict is held against what the rules do when the action is really asked for.

import TandemDomain
import TandemPrimitives
import Testing

struct DescribingActionsTests {
  private let world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let tailspin: TenantID
  private let deal: DealID
  private let copy: DealID

  /// Contoso has invited Fabrikam and could invite Tailspin.
  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let tailspin = try Given("Tailspin", seed: 3)
    let northwind = try Given("Northwind", kind: .vendor, seed: 4)
    var world = try World([contoso, fabrikam, tailspin, northwind])
    (self.contoso, self.fabrikam, self.tailspin) = (contoso.id, fabrikam.id, tailspin.id)
    deal = try world.create(contoso.id)
    try world.when(contoso.id, .inviteToDeal(world.invite(deal, fabrikam.id)))
    try world.settle()
    copy = try world[fabrikam.id].onlyDeal.id
    self.world = world
  }

  /// A request for an action in which nothing is wrong.
  private func command(_ action: DealAction, on id: DealID) -> Command {
    switch action {
    case .patch: PatchDeal.edits(id, [.notes("x")])
    case .win: .win(id)
    case .lose: .lose(id)
    case .closeAsError: .closeAsError(id)
    case .invite: .inviteToDeal(world.invite(id, tailspin))
    case .inviteVendor: .inviteToDeal(askVendor(id))
    case .extendInvitation:
      .extendInvitation(
        ExtendInvitation(
          deal: id, invitee: .organisation(fabrikam), end: .daysLater(1), validateOnly: false))
    case .acknowledge: .acknowledgeDeal(AcknowledgeDeal(deal: id))
    case .accept: .accept(id)
    case .decline: .decline(id)
    case .setFavourite: .setFavourite(SetFavourite(deal: id, isFavourite: true))
    }
  }

  private func askVendor(_ id: DealID) -> InviteToDeal {
    var command = world.invite(id, tailspin)
    command.invitee = .vendorDesk
    command.customerConsent = true
    return command
  }

  /// Holds every verdict against the rules; gives the actions that are allowed.
  @discardableResult
  private func check(
    _ given: Given, _ id: DealID, by principal: Principal? = nil,
    _ place: SourceLocation = #_sourceLocation
  ) throws -> [DealAction] {
    let who = principal ?? given.who
    let verdicts = try DescribingActions.answer(
      id, to: who, given.state, given.deals, given.directory, at: given.now)
    #expect(verdicts.actions.map(\.action) == DealAction.allCases, sourceLocation: place)
    for verdict in verdicts.actions {
      var trial = given
      if let first = verdict.obstacles.first {
        let refused = try trial.refused(command(verdict.action, on: id), by: who)
        let told = Obstacle.all(of: refused, on: try given.deal(id))
        #expect(told.first == first, "\(verdict.action)", sourceLocation: place)
        #expect(
          told.allSatisfy(verdict.obstacles.contains), "\(verdict.action)", sourceLocation: place)
        #expect(
          verdict.obstacles.allSatisfy { !$0.rules.isEmpty }, "\(verdict.action)",
          sourceLocation: place)
      } else {
        try trial.when(command(verdict.action, on: id), by: who)
      }
    }
    return verdicts.actions.filter(\.obstacles.isEmpty).map(\.action)
  }

  @Test func `one's own open deal can be worked, closed and shown to others`() throws {
    let allowed = try check(try world[contoso], deal)
    #expect(
      allowed == [
        .patch, .win, .lose, .closeAsError, .invite, .setFavourite, .inviteVendor,
        .extendInvitation,
      ])
  }

  @Test func `G08 R-103 the vendor is asked once, and about a customer that can be reached`() throws
  {
    var world = world
    let bare = try world.create(contoso) {
      $0.customer.contacts = []
      // Lines are numbered through team, contacts and solutions.
      $0.team.append(.named("Dan"))
    }
    #expect(!(try check(try world[contoso], bare).contains(.inviteVendor)))
    let half = try world.create(contoso) { $0.customer.contacts[0].person.phone = .empty }
    #expect(!(try check(try world[contoso], half).contains(.inviteVendor)))
    try world.when(contoso, .inviteToDeal(askVendor(deal)))
    let allowed = try check(try world[contoso], deal)
    #expect(
      allowed == [
        .patch, .win, .lose, .closeAsError, .invite, .setFavourite, .extendInvitation,
      ])
  }

  @Test func `an invitation can be answered until its day`() throws {
    let answers: [DealAction] = [.acknowledge, .accept, .decline, .setFavourite]
    #expect(try check(try world[fabrikam], copy) == answers)
    var late = world
    late.advance(by: .days(14))
    #expect(try check(try late[fabrikam], copy) == [.setFavourite])
  }

  @Test func `R-207 an accepted copy can be worked and shown to nobody`() throws {
    var world = world
    try world.when(fabrikam, .accept(copy))
    let allowed = try check(try world[fabrikam], copy)
    #expect(allowed == [.patch, .win, .lose, .closeAsError, .setFavourite])
  }

  @Test func `T10 a closed deal can be marked and no more`() throws {
    for close in [Command.win(deal), .lose(deal), .closeAsError(deal)] {
      var world = world
      try world.when(contoso, close)
      #expect(try check(try world[contoso], deal) == [.setFavourite])
    }
  }

  @Test func `section 11 rights are part of the verdict`() throws {
    var given = try world[contoso]
    let viewer = try given.add("Vic", .viewer)
    #expect(try check(given, deal, by: viewer) == [.setFavourite])
    let reader = Principal.user(given.admin, via: nil, readOnly: true)
    #expect(try check(given, deal, by: reader) == [])
  }

  @Test func `invariant 12 a deal out of sight is not described`() throws {
    var given = try world[contoso]
    let outsider = try given.add("Olga", .referralsUser)
    #expect(throws: Rejection.dealNotFound(deal)) {
      try DescribingActions.answer(
        deal, to: outsider, given.state, given.deals, given.directory, at: given.now)
    }
  }

  private func described(
    _ id: DealID, _ given: Given, by principal: Principal? = nil
  ) throws -> DealVerdicts {
    try DescribingActions.answer(
      id, to: principal ?? given.who, given.state, given.deals, given.directory, at: given.now)
  }

  /// The rules of an action's obstacles, one text for each.
  private func rules(_ action: DealAction, _ verdicts: DealVerdicts) throws -> [String] {
    try #require(verdicts.actions.first { $0.action == action }).obstacles.map {
      $0.rules.joined(separator: " ")
    }
  }

  @Test
  func `T10 R-103 R-207 G04 G08 section 11 every rule is told, in the order of refusals`()
    throws
  {
    var given = try world[contoso]
    let bare = try given.create { $0.customer.contacts = [] }
    try given.when(.win(bare))
    let viewer = try given.add("Vic", .viewer)
    let verdicts = try described(bare, given, by: viewer)
    #expect(try rules(.inviteVendor, verdicts) == ["section 11", "T10", "R-103"])
    #expect(try rules(.invite, verdicts) == ["section 11", "T10"])
    #expect(try rules(.extendInvitation, verdicts) == ["section 11", "T10", "invariant 10"])
    #expect(try rules(.accept, verdicts) == ["section 11", "T10"])
    #expect(try rules(.setFavourite, verdicts) == [])
    let theirs = try described(copy, try world[fabrikam])
    // What the initiator's deal lacks is not told of another's copy.
    #expect(try rules(.inviteVendor, theirs) == ["R-207", "G04"])
    var asked = world
    try asked.when(contoso, .inviteToDeal(askVendor(deal)))
    #expect(try rules(.inviteVendor, described(deal, asked[contoso])) == ["G08"])
  }

  @Test func `G24 neither counterparts nor marks without end`() throws {
    var given = try world[contoso]
    given.state.realm?.policy.counterpartsMax = 1
    #expect(try rules(.invite, described(deal, given)) == ["G24"])
    #expect(try given.refused(.inviteToDeal(world.invite(deal, tailspin))).rules == ["G24"])
    let others = (1...UInt64(Limits.favouritesPerUser)).map { DealID(high: 7, low: $0) }
    given.state.favourites[given.admin] = Set(others)
    #expect(try rules(.setFavourite, described(deal, given)) == ["G24"])
    given.state.favourites[given.admin] = Set(others.dropFirst() + [deal])
    #expect(try rules(.setFavourite, described(deal, given)) == [])
  }

  @Test func `ruling 1 without a desk the vendor is neither asked nor shown the deal`() throws {
    var given = try world[contoso]
    given.directory = RealmDirectory()
    let verdicts = try described(deal, given)
    #expect(try rules(.inviteVendor, verdicts) == ["ruling 1"])
    let shown = try #require(verdicts.fields.first { $0.path == "visible_to_vendor" })
    #expect(shown.obstacles.map(\.rules) == [["ruling 1"]])
    let refused = try given.refused(PatchDeal.edits(deal, [.visibleToVendor(true)]))
    #expect(refused.rules == ["ruling 1"])
    given.directory.put(try world[tailspin].entry)
    given.state.realm?.policy.counterpartsMax = 1
    #expect(try rules(.inviteVendor, described(deal, given)) == ["ruling 1", "G24"])
    try check(given, deal)
  }

  @Test func `ruling 1 the vendor is told that it cannot ask itself, and nothing of a contact`()
    throws
  {
    let vendor = try #require(world.ids.first { try world[$0].state.organisation?.kind == .vendor })
    var given = try world[vendor]
    let bare = try given.create { $0.customer.contacts = [] }
    #expect(try rules(.inviteVendor, described(bare, given)) == ["ruling 1"])
    for invitee in [Invitee.vendorDesk, .organisation(vendor)] {
      var ask = askVendor(bare)
      ask.invitee = invitee
      ask.solutionLines = try given.deal(bare).solutions.map(\.line)
      let found = try given.refused(.inviteToDeal(ask)).violations
      #expect(found.map(\.rule) == ["INVITEE_SELF"], "\(found)")
    }
  }

  @Test
  func `section 9 fields say which rule keeps patches away, and until when they could be set`()
    throws
  {
    let given = try world[contoso]
    func locked(_ id: DealID, _ given: Given) throws -> [String: [String]] {
      let verdicts = try described(id, given)
      return Dictionary(
        uniqueKeysWithValues: verdicts.fields.map { verdict in
          (verdict.path, verdict.obstacles.map { $0.rules.joined() })
        })
    }
    let shared = try locked(deal, given)
    #expect(shared["location_id"] == ["R-402"] && shared["customer"] == ["R-403"])
    #expect(shared["customer.contacts"] == ["R-403"] && shared["cards"] == ["section 5.3"])
    #expect(shared["remind_ms"] == ["section 10a"] && shared["direction"] == ["G01"])
    for open in ["name", "value", "close_date_ms", "notes", "team", "solutions", "stage"] {
      #expect(shared[open] == [], "\(open)")
    }
    #expect(shared.count == DealField.allCases.count + KeptField.allCases.count + 1)
    var fresh = given
    let other = try fresh.create()
    #expect(try locked(other, fresh)["customer.contacts"] == [])
    try fresh.when(.lose(other))
    let closed = try locked(other, fresh)
    #expect(closed.values.allSatisfy { $0.last == "T10" })
    #expect(closed["location_id"] == ["R-402", "T10"] && closed["name"] == ["T10"])
    let verdicts = try described(other, fresh)
    let location = try #require(verdicts.fields.first { $0.path == "location_id" })
    #expect(location.obstacles.map(\.until) == [.created, .closed])
    let created = try fresh.deal(other).createdAt
    #expect(location.obstacles.map(\.untilTime) == [created, fresh.now])
  }

  @Test func `a refusal has the rules of all its problems, each once`() throws {
    var given = try world[contoso]
    let refused = try given.refused(
      PatchDeal.edits(deal, [.forbidden(.location), .name(""), .notes("x"), .forbidden(.consent)]))
    #expect(refused.rules == ["R-402", "R-105", "R-403"])
    var late = Violations()
    for violation in [
      Violation("a", "LINE_TWICE", "x"), Violation("b", "G24", "y"), Violation("c", "G24", "z"),
      Violation("d", "INVITEE_SELF", "w", rules: ["ruling 1"]),
    ] { late.add(violation) }
    #expect(late.rejection.rules == ["G24", "ruling 1"])
  }
}
