// SPDX-License-Identifier: Apache-2.0
// Which deals can be registered for an incentive, and what is missing from the others (domain.md 12.1).

import TandemDomain
import TandemPrimitives
import Testing

struct EligibilityTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID

  init() throws {
    var contoso = try Given("Contoso", seed: 1)
    var rewarded = Solution.named("Hub", of: contoso.id)
    rewarded.incentives = [.intellectualProperty, .businessAppsPremium]
    contoso.record([.solutionPublished(rewarded)])
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    world = try World([contoso, fabrikam, desk])
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
  }

  private mutating func make(
    with solution: Text = "Hub", _ change: (inout CreateDeal) -> Void = { _ in }
  ) throws -> DealID {
    try world.create(contoso) { command in
      command.solutions = [.named(solution)]
      change(&command)
    }
  }

  private static func ask(_ command: inout CreateDeal) {
    command.help = .proofOfConcept
    command.visibleToVendor = true
  }

  private func judged(_ id: DealID, by owner: TenantID? = nil) throws -> Eligibility {
    let given = try world[owner ?? contoso]
    return try JudgingEligibility.answer(
      id, to: given.who, given.state, given.deals, given.directory)
  }

  private func missing(_ found: Eligibility) -> [EligibilityCriterion] {
    found.criteria.filter { !$0.isMet }.map(\.criterion)
  }

  @Test mutating func `section 12 scenario 18 a private deal is never eligible`() throws {
    let id = try make()
    try world.when(contoso, .win(id))
    let found = try judged(id)
    #expect(!found.isEligible && missing(found) == [.kind])
    #expect(found.incentives == [.intellectualProperty, .businessAppsPremium])
  }

  @Test mutating func `scenario 19 R-801 a won partner-led deal with an incentive is`() throws {
    let id = try make { $0.visibleToVendor = true }
    #expect(missing(try judged(id)) == [.won])
    try world.when(contoso, .win(id))
    let found = try judged(id)
    #expect(found.isEligible && found.version == 2)
    let plain = try make(with: "Backup") { $0.visibleToVendor = true }
    try world.when(contoso, .win(plain))
    let without = try judged(plain)
    #expect(missing(without) == [.solution] && without.incentives.isEmpty)
    #expect(without.criteria.map(\.rule).contains("R-801"))
  }

  @Test mutating func `scenario 20 G12 a co-sell deal is once the vendor accepted, also later`()
    throws
  {
    let id = try make(Self.ask)
    try world.settle()
    try world.when(contoso, .win(id))
    try world.settle()
    let early = try judged(id)
    #expect(missing(early) == [.vendorAccepted])
    #expect(early.criteria.last?.text.contains("pending") == true)
    let copy = try world[desk].onlyDeal
    #expect(copy.status == .pending)
    try world.when(desk, .accept(copy.id))
    try world.settle()
    #expect(try judged(id).isEligible)
    try world.when(desk, .win(copy.id))
    try world.settle()
    #expect(try judged(id).isEligible)
    world.expectReplayGivesTheSame()
  }

  @Test(arguments: [DealStatus.declined, .expired])
  mutating func `scenario 10 what the vendor did not accept is not eligible`(answer: DealStatus)
    throws
  {
    let id = try make(Self.ask)
    try world.settle()
    if answer == .declined {
      try world.when(desk, .decline(try world[desk].onlyDeal.id))
    } else {
      world.advance(by: .days(15))
      try world.when(desk, .fireDeadlines)
    }
    try world.settle()
    try world.when(contoso, .win(id))
    let found = try judged(id)
    #expect(missing(found) == [.vendorAccepted])
    #expect(found.criteria.last?.text.contains("\(answer)") == true)
  }

  @Test mutating func `T11 G06 a lost deal ends the vendor's invitation, a won one does not`()
    throws
  {
    let lost = try make(Self.ask)
    try world.settle()
    try world.when(contoso, .lose(lost))
    try world.settle()
    #expect(try world[desk].onlyDeal.status == .expired)
    let won = try make(Self.ask)
    let dry = try world.when(
      contoso, .winDeal(WinDeal(deal: won, baseVersion: 0, validateOnly: true)))
    guard case .deal(_, _, let warnings) = dry.answer else { throw Unexpected() }
    #expect(warnings.last?.code == "BECOMES_FINAL")
    #expect(warnings.last?.text.contains("invitation") == false)
  }

  @Test mutating func `G14 scenario 17 a deal won early is eligible and looked at`() throws {
    let early = try make { $0.visibleToVendor = true }
    let late = try make { $0.visibleToVendor = true }
    world.advance(by: .hours(71))
    try world.when(contoso, .win(early))
    world.advance(by: .hours(1))
    try world.when(contoso, .win(late))
    #expect(try judged(early).isEligible && judged(early).isWonEarly)
    #expect(try judged(late).isEligible && !judged(late).isWonEarly)
  }

  @Test mutating func `R-805 only intellectual property is reviewed`() throws {
    var premium = Solution.named("Suite", of: contoso)
    premium.incentives = [.businessAppsPremium]
    world.members[contoso]?.record([.solutionPublished(premium)])
    let suite = try make(with: "Suite") { $0.visibleToVendor = true }
    #expect(try !judged(suite).isReviewed)
    let own = try make()
    #expect(try judged(own).isReviewed)
  }

  @Test
  mutating func `section 12 R-209 an invited copy is judged by whether the vendor takes part`()
    throws
  {
    let id = try make(Self.ask)
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    let found = try judged(copy, by: fabrikam)
    #expect(missing(found).last == .vendorAccepted)
    #expect(found.criteria.last?.text.contains("Contoso") == true)
    try world.when(fabrikam, .accept(copy))
    try world.when(desk, .accept(try world[desk].onlyDeal.id))
    try world.settle(times: 2)
    try world.when(fabrikam, .win(copy))
    let won = try judged(copy, by: fabrikam)
    #expect(won.criteria.last?.isMet == true && !missing(won).contains(.kind))
    #expect(won.criteria.last?.text.contains("(R-209)") == true)
    let theirs = try world.create(desk)
    var invite = world.invite(theirs, contoso)
    invite.solutionLines = [4]
    try world.when(desk, .inviteToDeal(invite))
    try world.settle()
    let inbound = try #require(
      try world[contoso].deals.allIDs.last { try world[contoso].deal($0).direction == .inbound })
    #expect(try judged(inbound).criteria.last?.isMet == true)
  }

  /// Fabrikam's copy of a deal of Contoso's, which it accepted and ended.
  private mutating func ended(_ id: DealID, _ end: (DealID) -> Command) throws -> DealID {
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    try world.when(fabrikam, end(copy))
    try world.settle()
    return copy
  }

  @Test
  mutating func `scenario 20 G12 T10 a won invited copy hears that the vendor accepted later`()
    throws
  {
    let id = try make(Self.ask)
    let copy = try ended(id) { .win($0) }
    #expect(try missing(judged(copy, by: fabrikam)).last == .vendorAccepted)
    let won = try world[fabrikam].deal(copy)
    let sent = try world[contoso].state.outbox[fabrikam]?.lastSequence
    // Of all else nothing reaches it.
    try world.when(
      contoso, PatchDeal.edits(id, [.putTeamMember(.named("Cid")), .notes("later")]))
    try world.settle()
    #expect(try world[contoso].state.outbox[fabrikam]?.lastSequence == sent)
    try world.when(desk, .accept(try world[desk].onlyDeal.id))
    try world.settle(times: 2)
    #expect(try !missing(judged(copy, by: fabrikam)).contains(.vendorAccepted))
    let after = try world[fabrikam].deal(copy)
    #expect(after.version == won.version + 1 && after.status == .won)
    #expect(after.sharedView?.participants.map(\.name) == ["Vendor"])
    var view = after.sharedView
    view?.participants = []
    #expect(view == won.sharedView)
    let edit = try world.refused(fabrikam, PatchDeal.edits(copy, [.name("afterwards")]))
    #expect(edit.rules == ["T10"])
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `T10 a won invited copy stays of the kind that it was won as`() throws {
    let id = try make()
    let copy = try ended(id) { .win($0) }
    let won = try world[fabrikam].deal(copy)
    try world.when(contoso, .inviteToDeal(world.invite(id, desk)))
    try world.settle()
    try world.when(desk, .accept(try world[desk].onlyDeal.id))
    try world.settle(times: 2)
    let after = try world[fabrikam].deal(copy)
    #expect(after.baseKind == .privateDeal && after.partnerToPartner)
    #expect(after.sharedView?.baseKind == won.sharedView?.baseKind)
    #expect(after.sharedView?.participants.map(\.name) == ["Vendor"])
    #expect(try missing(judged(copy, by: fabrikam)).first == .kind)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `T10 a lost invited copy hears nothing any more`() throws {
    let id = try make(Self.ask)
    let copy = try ended(id) { .lose($0) }
    let lost = try world[fabrikam].deal(copy)
    try world.when(desk, .accept(try world[desk].onlyDeal.id))
    try world.settle(times: 2)
    #expect(try world[fabrikam].deal(copy) == lost)
  }

  @Test mutating func `section 12 what the vendor declined is eligible on no copy`() throws {
    let id = try make()
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    let early = try #require(try judged(copy, by: fabrikam).criteria.first)
    #expect(!early.isMet && early.text.contains("only Contoso, who started it"))
    try world.when(fabrikam, .accept(copy))
    try world.settle(times: 2)
    try world.when(contoso, .inviteToDeal(world.invite(id, desk)))
    try world.settle(times: 2)
    try world.when(desk, .decline(try world[desk].onlyDeal.id))
    try world.settle(times: 2)
    try world.when(fabrikam, .win(copy))
    try world.when(contoso, .win(id))
    let theirs = missing(try judged(copy, by: fabrikam))
    #expect(theirs.last == .vendorAccepted && !theirs.contains(.kind))
    #expect(try missing(judged(id)) == [.vendorAccepted])
  }

  @Test mutating func `invariant 12 eligibility tells nothing of deals out of sight`() throws {
    let id = try make()
    var given = try world[contoso]
    let outsider = try given.add("Olga", .referralsUser)
    #expect(throws: Rejection.dealNotFound(id)) {
      try JudgingEligibility.answer(id, to: outsider, given.state, given.deals, given.directory)
    }
    let shown = try make { $0.visibleToVendor = true }
    try world.settle()
    let copy = try world[desk].onlyDeal.id
    let asked = try world[desk]
    let refusal = #expect(throws: Rejection.self) {
      try JudgingEligibility.answer(copy, to: asked.who, asked.state, asked.deals, asked.directory)
    }
    #expect(refusal?.reason == "PARTNERS_ONLY" && shown != id)
  }
}
