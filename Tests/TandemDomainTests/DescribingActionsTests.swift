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
      if let obstacle = verdict.obstacle {
        let refused = try trial.refused(command(verdict.action, on: id), by: who)
        #expect(refused == obstacle, "\(verdict.action)", sourceLocation: place)
      } else {
        try trial.when(command(verdict.action, on: id), by: who)
      }
    }
    return verdicts.actions.filter { $0.obstacle == nil }.map(\.action)
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

  @Test func `section 9 fields say which rule keeps patches away, and from when`() throws {
    let given = try world[contoso]
    func locked(_ id: DealID, _ given: Given) throws -> [String: String] {
      let verdicts = try DescribingActions.answer(
        id, to: given.who, given.state, given.deals, given.directory, at: given.now)
      return Dictionary(
        uniqueKeysWithValues: verdicts.fields.compactMap { verdict in
          verdict.obstacle.map { (verdict.path, $0.rule) }
        })
    }
    let shared = try locked(deal, given)
    #expect(shared["location_id"] == "R-402" && shared["customer"] == "R-403")
    #expect(shared["customer.contacts"] == "R-403" && shared["cards"] == "R-205")
    for open in ["name", "value", "close_date_ms", "notes", "team", "solutions", "stage"] {
      #expect(shared[open] == nil, "\(open)")
    }
    var fresh = given
    let other = try fresh.create()
    #expect(try locked(other, fresh)["customer.contacts"] == nil)
    try fresh.when(.lose(other))
    let closed = try locked(other, fresh)
    #expect(Set(closed.values) == ["DEAL_CLOSED"])
    #expect(closed.count == DealField.allCases.count + 1)
  }
}
