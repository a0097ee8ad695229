// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

/// Section 10: the inviter gives more time; the races are settled by the invitee's own copy.
struct ExtendingTests {
  let contoso: TenantID
  let fabrikam: TenantID
  var world: World
  let deal: DealID
  let copy: DealID

  init() throws {
    (world, contoso, fabrikam, deal, copy) = try World.withInvitation()
  }

  private func extend(
    _ days: UInt32 = 7, of invitee: Invitee? = nil, validateOnly: Bool = false
  ) -> Command {
    .extendInvitation(
      ExtendInvitation(
        deal: deal, invitee: invitee ?? .organisation(fabrikam), end: .daysLater(days),
        validateOnly: validateOnly))
  }

  private func extend(until end: Timestamp) -> Command {
    .extendInvitation(
      ExtendInvitation(
        deal: deal, invitee: .organisation(fabrikam), end: .at(end), validateOnly: false))
  }

  private var card: Card {
    get throws { try #require(world[contoso].deal(deal).cards.first) }
  }

  private func causes(_ id: TenantID, _ deal: DealID) throws -> [ChangeCause] {
    try world[id].commits.flatMap(\.events).compactMap {
      if case .dealChanged(let change) = $0, change.deal == deal { change.cause } else { nil }
    }
  }

  @Test mutating func `an extension moves the deadline, then the card shows it`() throws {
    let first = try card.content.respondBy
    let end = first.advanced(by: .days(7))
    try world.when(contoso, extend())
    #expect(try card.askedRespondBy == end && card.respondBy == first)
    try world.settle(times: 2)
    #expect(try card.askedRespondBy == nil && card.respondBy == end)
    #expect(try card.content.respondBy == first && card.status == .pending)
    let theirs = try world[fabrikam].deal(copy)
    #expect(theirs.respondBy == end && theirs.invitation?.respondBy == first)
    #expect(try causes(contoso, deal) == [.invitationSent, .extensionAsked, .deadlineExtended])
    #expect(try causes(fabrikam, copy) == [.deadlineExtended])
    let inbox = try world[fabrikam].state.notifications[world[fabrikam].admin] ?? []
    #expect(inbox.map(\.kind) == [.dealReceived, .deadlineExtended])
    #expect(inbox.last?.respondBy == end)
    world.advance(by: .days(20))
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    #expect(try card.status == .accepted)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `reminders keep their distance to the new deadline`() throws {
    world.advance(by: .days(12))
    try world.when(fabrikam, .fireDeadlines)
    try world.when(contoso, extend())
    try world.settle()
    let theirs = try world[fabrikam].deal(copy)
    let sent = try #require(theirs.invitation?.sentAt)
    #expect(theirs.remindAt == sent.advanced(by: .days(18)))
    world.advance(by: .days(9))
    while try !world.when(fabrikam, .fireDeadlines).events.isEmpty {}
    try world.settle()
    #expect(try world[fabrikam].deal(copy).status == .expired)
    #expect(try card.status == .expired)
  }

  // MARK: Races (architecture.md 5)

  @Test mutating func `an extension that meets an answer changes nothing`() throws {
    try world.when(contoso, extend())
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).respondBy == nil)
    #expect(try card.status == .accepted && card.askedRespondBy == nil && card.extendedTo == nil)
    #expect(try !causes(fabrikam, copy).contains(.deadlineExtended))
  }

  @Test
  mutating func `an extension that meets an end changes nothing, whether or not the timer ran`()
    throws
  {
    world.advance(by: Timestamp.Span(milliseconds: Timestamp.Span.days(14).milliseconds - 1))
    try world.when(contoso, extend())
    world.advance(by: Timestamp.Span(milliseconds: 1))
    try world.settle()
    let late = try world[fabrikam].deal(copy)
    #expect(late.respondBy == late.invitation?.respondBy && late.status == .pending)
    #expect(try world.refused(fabrikam, .accept(copy)).reason == "INVITATION_EXPIRED")
    while try !world.when(fabrikam, .fireDeadlines).events.isEmpty {}
    try world.settle()
    #expect(try card.status == .expired && card.askedRespondBy == nil)
  }

  @Test mutating func `an extension that meets the inviter's own close changes nothing`() throws {
    try world.when(contoso, extend())
    try world.when(contoso, .lose(deal))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).status == .expired)
    #expect(try card.status == .expired && card.askedRespondBy == nil)
  }

  @Test mutating func `two extensions under way end with the later one`() throws {
    try world.when(contoso, extend(2))
    try world.when(contoso, extend(3))
    let end = try card.content.respondBy.advanced(by: .days(5))
    #expect(try card.askedRespondBy == end)
    try world.settle(times: 3)
    #expect(try card.respondBy == end && card.askedRespondBy == nil)
    #expect(try world[fabrikam].deal(copy).respondBy == end)
  }

  // MARK: Refusals

  @Test mutating func `a deadline is only moved forward, and as far as the realm allows`() throws {
    let first = try card.content.respondBy
    for end in [first, first.advanced(by: .days(-1))] {
      let early = try world.refused(contoso, extend(until: end))
      #expect(early.reason == "EXTENSION_NOT_LATER" && early.violations[0].field == "respond_by_ms")
    }
    let long = try world.refused(contoso, extend(15))
    #expect(long.reason == "EXTENSION_TOO_LONG" && long.violations[0].field == "days")
    try world.when(contoso, extend(14))
    try world.settle()
    #expect(try world.refused(contoso, extend(1)).reason == "EXTENSION_TOO_LONG")
    world.members[contoso]?.state.realm?.policy.extensionMax = .days(15)
    try world.when(contoso, extend(1))
  }

  @Test mutating func `invariant 12 an inviter tells an invitee of more time a few times at most`()
    throws
  {
    let first = try card.content.respondBy
    let hour = Timestamp.Span(milliseconds: Limits.extensionLeastMilliseconds)
    let short = try world.refused(
      contoso, extend(until: first.advanced(by: Timestamp.Span(milliseconds: 1))))
    #expect(short.reason == "EXTENSION_TOO_SHORT" && short.violations[0].field == "respond_by_ms")
    var end = first
    for number in 1...Limits.extensionsPerInvitation {
      end = end.advanced(by: hour)
      try world.when(contoso, extend(until: end))
      #expect(try card.extensions == number)
      if number % 2 == 0 { try world.settle(times: 3) }
    }
    let usedUp = try world.refused(contoso, extend())
    #expect(usedUp.reason == "EXTENSIONS_USED_UP" && usedUp.code == .failedPrecondition)
    #expect(try world[fabrikam].deal(copy).respondBy == end)
    let verdicts = try DescribingActions.answer(
      deal, to: world[contoso].who, world[contoso].state, world[contoso].deals,
      world[contoso].directory, at: world[contoso].now)
    let verdict = verdicts.actions.first { $0.action == .extendInvitation }
    #expect(verdict?.obstacles.map(\.rules) == [["G24"]])
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `a sandbox's short window is extended by a part of it, or to the very end`()
    throws
  {
    world.members[contoso]?.state.realm?.policy.answerWindow = Timestamp.Span(milliseconds: 1_400)
    let first = try card.content.respondBy
    func after(_ milliseconds: Int64) -> Timestamp {
      first.advanced(by: Timestamp.Span(milliseconds: milliseconds))
    }
    #expect(
      try world.refused(contoso, extend(until: after(99))).reason == "EXTENSION_TOO_SHORT")
    try world.when(contoso, extend(until: after(100)))
    try world.when(contoso, extend(until: after(1_399)))
    try world.when(contoso, extend(until: after(1_400)))
    #expect(try card.askedRespondBy == after(1_400))
  }

  @Test mutating func `only who waits for an answer gets more time, from the initiator alone`()
    throws
  {
    let northwind = TenantID(high: 9, low: 9)
    let missing = try world.refused(contoso, extend(of: .organisation(northwind)))
    #expect(missing.reason == "NOT_INVITED" && missing.violations[0].field == "organisation_id")
    #expect(try world.refused(contoso, extend(of: .vendorDesk)).reason == "NOT_INVITED")
    let theirs = Command.extendInvitation(
      ExtendInvitation(
        deal: copy, invitee: .organisation(contoso), end: .daysLater(1), validateOnly: false))
    #expect(try world.refused(fabrikam, theirs).reason == "NOT_INITIATOR")
    let viewer = try world.members[contoso]?.add("Vic", .viewer)
    let ask = extend()
    let denied = try world.members[contoso]?.refused(ask, by: viewer)
    #expect(denied?.reason == "ROLE_MISSING")
    world.advance(by: .days(14))
    #expect(try world.refused(contoso, extend()).reason == "INVITATION_EXPIRED")
    try world.when(fabrikam, .fireDeadlines)
    try world.settle()
    #expect(try world.refused(contoso, extend()).reason == "NOT_NEW")
    try world.when(contoso, .win(deal))
    #expect(try world.refused(contoso, extend()).reason == "DEAL_CLOSED")
  }

  @Test mutating func `a dry run checks everything and changes nothing`() throws {
    #expect(try world.when(contoso, extend(validateOnly: true)).events.isEmpty)
    let long = try world.refused(contoso, extend(15, validateOnly: true))
    #expect(long.reason == "EXTENSION_TOO_LONG")
  }

  @Test mutating func `whether more time can be given is described`() throws {
    func obstacles(_ id: TenantID, _ deal: DealID, in world: World) throws -> [String] {
      let given = try world[id]
      let verdicts = try DescribingActions.answer(
        deal, to: given.who, given.state, given.deals, given.directory, at: given.now)
      let verdict = verdicts.actions.first { $0.action == .extendInvitation }
      return try #require(verdict).obstacles.map { "\($0.reason) \($0.rules.joined())" }
    }
    #expect(try obstacles(contoso, deal, in: world) == [])
    #expect(
      try obstacles(fabrikam, copy, in: world) == ["NOT_INITIATOR R-207", "DEAL_NOT_ACCEPTED G04"])
    var late = world
    late.advance(by: .days(14))
    #expect(try obstacles(contoso, deal, in: late) == ["INVITATION_EXPIRED R-304"])
    var full = world
    try full.when(contoso, extend(14))
    #expect(try obstacles(contoso, deal, in: full) == ["EXTENSION_TOO_LONG section 10"])
    #expect(try full.refused(contoso, extend(1)).rules == ["section 10"])
    try world.when(fabrikam, .decline(copy))
    try world.settle()
    #expect(try obstacles(contoso, deal, in: world) == ["NOT_NEW invariant 10"])
  }
}
