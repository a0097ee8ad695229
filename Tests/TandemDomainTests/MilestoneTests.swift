// SPDX-License-Identifier: Apache-2.0
// Until when something was possible, as a deal's description tells it: the point of its life, and the time.

import TandemDomain
import TandemPrimitives
import Testing

struct MilestoneTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID
  private let deal: DealID
  /// When Fabrikam was invited, and when the vendor.
  private let shared: Timestamp
  private let asked: Timestamp

  init() throws {
    let contoso = try Given("Contoso", seed: 1, isVetted: true)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    var world = try World([contoso, fabrikam, desk])
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
    deal = try world.create(contoso.id)
    world.advance(by: .hours(1))
    shared = try world[contoso.id].now
    try world.when(contoso.id, .inviteToDeal(world.invite(deal, fabrikam.id)))
    world.advance(by: .hours(1))
    asked = try world[contoso.id].now
    try world.when(contoso.id, .inviteToDeal(world.invite(deal, desk.id)))
    world.advance(by: .hours(1))
    try world.settle()
    self.world = world
  }

  private func described(_ id: DealID, by owner: TenantID) throws -> DealVerdicts {
    let given = try world[owner]
    return try DescribingActions.answer(
      id, to: given.who, given.state, given.deals, given.directory, at: given.now)
  }

  private func obstacle(
    _ action: DealAction, _ id: DealID, by owner: TenantID
  ) throws -> Obstacle {
    let verdicts = try described(id, by: owner).actions
    return try #require(verdicts.first { $0.action == action }?.obstacles.first)
  }

  private func obstacle(
    _ path: String, _ id: DealID, by owner: TenantID
  ) throws -> Obstacle {
    let verdicts = try described(id, by: owner).fields
    return try #require(verdicts.first { $0.path == path }?.obstacles.first)
  }

  @Test func `R-402 R-403 section 9 some fields could be set until the deal was created`() throws {
    let created = try world[contoso].deal(deal).createdAt
    for path in ["location_id", "customer", "consent"] {
      let told = try obstacle(path, deal, by: contoso)
      #expect(told.until == .created && told.untilTime == created, "\(path)")
    }
  }

  @Test func `R-403 section 3.3 contacts could change until the deal was first shared`() throws {
    let told = try obstacle("customer.contacts", deal, by: contoso)
    #expect(told.until == .shared && told.untilTime == shared)
  }

  @Test mutating func `R-405 since when the vendor only reads a deal is not known`() throws {
    let led = try world.create(contoso) { $0.visibleToVendor = true }
    let told = try obstacle("visible_to_vendor", led, by: contoso)
    #expect(told.rules == ["R-405"] && told.until == .shared && told.untilTime == nil)
  }

  @Test mutating func `G08 the vendor could be asked until it was`() throws {
    let told = try obstacle(.inviteVendor, deal, by: contoso)
    #expect(told.reason == "ALREADY_INVITED" && told.rules == ["G08"])
    #expect(told.until == .invited && told.untilTime == asked)
    // Partners too are invited once.
    for invitee in [fabrikam, desk] {
      let refusal = try world.refused(contoso, .inviteToDeal(world.invite(deal, invitee)))
      #expect(refusal.reason == "ALREADY_INVITED" && refusal.possibleUntil == .invited)
    }
  }

  @Test func `R-205 what an invitation says could change until it was sent`() throws {
    let copy = try world[fabrikam].onlyDeal.id
    let told = try obstacle("invitation", copy, by: fabrikam)
    #expect(told.until == .invited && told.untilTime == shared)
  }

  @Test mutating func `R-301 an invitation could be answered until it was`() throws {
    let copy = try world[fabrikam].onlyDeal.id
    let accepted = try world[fabrikam].now
    try world.when(fabrikam, .accept(copy))
    world.advance(by: .hours(1))
    for action in [DealAction.acknowledge, .accept, .decline] {
      let told = try obstacle(action, copy, by: fabrikam)
      #expect(told.reason == "NOT_NEW" && told.until == .answered, "\(action)")
      #expect(told.untilTime == accepted, "\(action)")
    }
  }

  @Test mutating func `R-304 an answer could be given, or put off, until it was due`() throws {
    let copy = try world[fabrikam].onlyDeal
    world.advance(by: .days(14))
    let late = try obstacle(.accept, copy.id, by: fabrikam)
    #expect(late.reason == "INVITATION_EXPIRED" && late.until == .due)
    #expect(late.untilTime == copy.respondBy)
    // Of several invitees each has a time of its own: the words name it.
    let verdicts = try described(deal, by: contoso).actions
    let extending = try #require(verdicts.first { $0.action == .extendInvitation }).obstacles
    #expect(extending.map(\.until) == [.due, .due])
    #expect(extending.map(\.untilTime) == [nil, nil])
    let cards = try world[contoso].deal(deal).cards
    for card in cards {
      #expect(extending.contains { $0.text.contains("until \(card.respondBy)") })
    }
    #expect(Set(cards.map(\.respondBy)).count == 2)
  }

  @Test mutating func `R-404 R-602 an assessment's stages could be set until all were complete`()
    throws
  {
    try world.publish(.assessment("Readiness", of: desk))
    let berlin = try world[contoso].berlin
    let id = try world.create(contoso) { $0 = .assessment(at: berlin) }
    let created = try world[contoso].now
    for stage: UInt32 in [20, 40, 60, 80] {
      world.advance(by: .hours(1))
      try world.when(contoso, PatchDeal.edits(id, [.stage(.percent(stage))]))
    }
    let completed = try world[contoso].now
    world.advance(by: .hours(1))
    let stage = try obstacle("stage", id, by: contoso)
    #expect(stage.rules == ["R-602"] && stage.until == .completed)
    #expect(stage.untilTime == completed)
    let solutions = try obstacle("solutions", id, by: contoso)
    #expect(solutions.rules == ["R-404"] && solutions.until == .created)
    #expect(solutions.untilTime == created)
    try world.when(contoso, .win(id))
    #expect(try obstacle(.patch, id, by: contoso).until == .closed)
  }
}
