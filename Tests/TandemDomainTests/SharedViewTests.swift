// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

/// architecture.md 5: views that a receiver has not marked coalesce.
struct SharedViewTests {
  let contoso: TenantID
  let fabrikam: TenantID
  var world: World
  let deal: DealID
  let copy: DealID

  init() throws {
    (world, contoso, fabrikam, deal, copy) = try World.withInvitation()
    try world.when(fabrikam, .accept(copy))
    try world.settle()
  }

  private mutating func add(_ name: Text, to deal: DealID) throws {
    try world.when(contoso, PatchDeal.edits(deal, [.putTeamMember(.named(name))]))
  }

  /// How many messages Contoso has ever sent to Fabrikam.
  private var sent: UInt64 {
    get throws { try world[contoso].state.outbox[fabrikam]?.lastSequence ?? 0 }
  }

  private func expectCurrent() throws {
    let inviter = try world[contoso].deal(deal)
    #expect(try world[fabrikam].deal(copy).sharedView?.team == inviter.team)
  }

  @Test mutating func `what changes while a view is under way is told once, as it is then`() throws
  {
    let before = try sent
    for name: Text in ["Cid", "Dan", "Eve"] { try add(name, to: deal) }
    #expect(try world[contoso].state.pendingMessages(for: fabrikam).count == 1)
    try world.settle(times: 2)
    try expectCurrent()
    #expect(try sent == before + 2)
    try add("Fay", to: deal)
    try world.settle()
    try expectCurrent()
    #expect(try sent == before + 3)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `what changed back meanwhile is not told again`() throws {
    let before = try sent
    try add("Cid", to: deal)
    try add("Dan", to: deal)
    let line = try #require(try world[contoso].deal(deal).team.last?.line)
    try world.when(contoso, PatchDeal.edits(deal, [.removeTeamMember(line: line)]))
    try world.settle()
    try expectCurrent()
    #expect(try sent == before + 1)
  }

  @Test mutating func `where the inviter's copy stands follows too`() throws {
    try add("Cid", to: deal)
    try world.when(contoso, .win(deal))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).sharedView?.initiatorStatus == .won)
    try expectCurrent()
  }

  @Test mutating func `who closed its copy meanwhile is told nothing more`() throws {
    let before = try sent
    try add("Cid", to: deal)
    try add("Dan", to: deal)
    try world.when(fabrikam, .win(copy))
    try world.deliverAll(from: fabrikam, to: contoso)
    try world.settle()
    #expect(try sent == before + 1)
  }

  @Test mutating func `each engagement has a view of its own under way`() throws {
    let other = try world.create(contoso)
    try world.when(contoso, .inviteToDeal(world.invite(other, fabrikam)))
    try world.settle()
    let engagement = try world[contoso].deal(other).engagement
    let otherCopy = try #require(try world[fabrikam].deals.deal(in: engagement))
    try world.when(fabrikam, .accept(otherCopy))
    try world.settle()
    for name: Text in ["Cid", "Dan"] {
      try add(name, to: deal)
      try add(name, to: other)
    }
    #expect(try world[contoso].state.pendingMessages(for: fabrikam).count == 2)
    try world.settle()
    try expectCurrent()
    #expect(
      try world[fabrikam].deal(otherCopy).sharedView?.team == world[contoso].deal(other).team)
  }

  @Test mutating func `a mark of many is followed in commits of bounded size`() throws {
    let long = Text(String(repeating: "f", count: 250))
    var deals: [DealID] = []
    for _ in 0..<20 {
      let large = try world.create(contoso) {
        $0.customer.contacts = (0..<Limits.customerContacts).map { _ in
          TeamMember(
            line: 0,
            person: Person(
              firstName: long, lastName: long, email: "ada@example.com", phone: "+1 555 0100",
              title: long))
        }
      }
      var invite = world.invite(large, fabrikam)
      invite.solutionLines = try [world[contoso].deal(large).solutions[0].line]
      try world.when(contoso, .inviteToDeal(invite))
      deals.append(large)
    }
    try world.settle()
    for id in try world[fabrikam].deals.allIDs where id != copy {
      try world.when(fabrikam, .accept(id))
    }
    try world.settle()
    for name: Text in ["Cid", "Dan"] { for deal in deals { try add(name, to: deal) } }
    let first = try world[contoso].state.pendingMessages(for: fabrikam)
    #expect(first.count == deals.count)
    for entry in first { try world.hand(entry, from: contoso) }
    let mark = try #require(try world[fabrikam].state.inboxMarks[contoso])
    var rounds = 0
    while let waiting = try world[contoso].state.pendingMessages(for: fabrikam).first,
      waiting.sequence <= mark
    {
      let told = try world.when(
        contoso, .markOutbox(MarkOutbox(receiver: fabrikam, through: mark)))
      #expect(told.events.count > 1)
      rounds += 1
    }
    #expect(rounds > 1 && rounds < deals.count)
    try world.settle()
    for deal in deals {
      let inviter = try world[contoso].deal(deal)
      let id = try #require(try world[fabrikam].deals.deal(in: inviter.engagement))
      #expect(try world[fabrikam].deal(id).sharedView?.team == inviter.team)
    }
    world.expectReplayGivesTheSame()
  }
}
