// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct AnsweringTests {
  let contoso: TenantID
  let fabrikam: TenantID
  var world: World
  let deal: DealID
  let copy: DealID

  init() throws {
    (world, contoso, fabrikam, deal, copy) = try World.withInvitation()
  }

  private func expectNothingShown(_ deal: Deal) {
    #expect(deal.sharedView == nil)
    #expect(deal.customer.contacts.isEmpty)
    #expect(deal.invitation?.team.isEmpty == true)
    #expect(deal.respondBy == nil)
  }

  @Test mutating func `T3 G05 only an explicit acknowledgement makes a copy Received`() throws {
    try world.when(fabrikam, .acknowledgeDeal(AcknowledgeDeal(deal: copy)))
    let received = try world[fabrikam].deal(copy)
    #expect(received.status == .received && received.acknowledgedAt != nil)
    #expect(received.respondBy == received.invitation?.respondBy)
    #expect(
      try world.when(fabrikam, .acknowledgeDeal(AcknowledgeDeal(deal: copy))).events.isEmpty)
  }

  @Test mutating func `T3 T11 section 5.3 the inviter sees that its invitation was received`()
    throws
  {
    let told = try world.when(fabrikam, .acknowledgeDeal(AcknowledgeDeal(deal: copy)))
    #expect(told.events.count == 2)
    try world.settle()
    let card = try world[contoso].deal(deal).cards[0]
    #expect(card.status == .received && card.respondedAt == nil && card.team.isEmpty)
    // It waits as before: more time can be given, and the end of the engagement ends it.
    try world.when(
      contoso,
      .extendInvitation(
        ExtendInvitation(
          deal: deal, invitee: .organisation(fabrikam), end: .daysLater(1), validateOnly: false)))
    try world.settle()
    let later = try world[contoso].deal(deal).cards[0]
    #expect(later.status == .received && later.respondBy > card.respondBy)
    try world.when(contoso, .lose(deal))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).status == .expired)
    #expect(try world[contoso].deal(deal).cards[0].status == .expired)
  }

  @Test func `T3 an acknowledgement that comes after the answer moves no card back`() throws {
    for status in [DealStatus.accepted, .won, .declined] {
      var (world, contoso, fabrikam, deal, copy) = try World.withInvitation()
      try world.when(fabrikam, status == .declined ? .decline(copy) : .accept(copy))
      if status == .won { try world.when(fabrikam, .win(copy)) }
      try world.settle()
      let before = try world[contoso].deal(deal)
      #expect(before.cards[0].status == status)
      let late = CounterpartMoved(
        engagement: before.engagement, status: .received, team: [], at: before.updatedAt)
      let mark = try world[contoso].state.inboxMarks[fabrikam] ?? 0
      try world.when(
        contoso,
        .receiveMessage(
          ReceiveMessage(sender: fabrikam, sequence: mark + 1, message: .counterpartMoved(late))))
      #expect(try world[contoso].deal(deal) == before)
    }
  }

  @Test mutating func `R-304 T10 a late answer is told the deadline, not when the timer ran`()
    throws
  {
    let due = try #require(try world[fabrikam].deal(copy).respondBy)
    world.advance(by: .days(20))
    while try !world.when(fabrikam, .fireDeadlines).events.isEmpty {}
    let late = try world.refused(fabrikam, .accept(copy))
    #expect(late.reason == "DEAL_CLOSED" && late.possibleUntil == .due)
    #expect(late.message.contains("until \(due)"))
    // An invitation that nobody accepted could never be changed.
    let change = try world.refused(fabrikam, PatchDeal.edits(copy, [.notes("x")]))
    #expect(change.possibleUntil == nil && !change.message.contains("was possible"))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards[0].respondedAt == nil)
  }

  @Test mutating func `T10 of a closed deal is told until when each action was possible`() throws {
    try world.when(fabrikam, .accept(copy))
    try world.when(fabrikam, .win(copy))
    #expect(try world.refused(fabrikam, .decline(copy)).possibleUntil == .answered)
    #expect(try world.refused(fabrikam, .lose(copy)).possibleUntil == .closed)
    try world.when(contoso, .lose(deal))
    #expect(try world.refused(contoso, .accept(deal)).possibleUntil == nil)
    #expect(try world.refused(contoso, .win(deal)).possibleUntil == .closed)
  }

  @Test mutating func `G04 T9 a New copy is neither worked, won, lost nor closed as error`() throws
  {
    for command in [
      PatchDeal.edits(copy, [.notes("x")]), .win(copy), .lose(copy), .closeAsError(copy),
    ] {
      #expect(try world.refused(fabrikam, command).reason == "DEAL_NOT_ACCEPTED")
    }
  }

  @Test mutating func `G04 an accepted copy is neither accepted nor declined again`() throws {
    try world.when(fabrikam, .accept(copy))
    #expect(try world.refused(fabrikam, .accept(copy)).reason == "NOT_NEW")
    #expect(try world.refused(fabrikam, .decline(copy)).reason == "NOT_NEW")
  }

  @Test mutating func `copies that expire together do so in commits of bounded size`() throws {
    let person = Person(
      firstName: Text(String(repeating: "f", count: 250)),
      lastName: Text(String(repeating: "l", count: 250)), email: "ada@example.com",
      phone: "+1 555 0100", title: Text(String(repeating: "t", count: 250)))
    for _ in 0..<20 {
      let large = try world.create(contoso) {
        $0.customer.contacts = (0..<Limits.customerContacts).map { _ in
          TeamMember(line: 0, person: person)
        }
      }
      var invite = world.invite(large, fabrikam)
      invite.solutionLines = try [world[contoso].deal(large).solutions[0].line]
      try world.when(contoso, .inviteToDeal(invite))
      try world.settle()
    }
    world.advance(by: .days(15))
    var turns = 0
    while let decision = try? world.when(fabrikam, .fireDeadlines), !decision.events.isEmpty {
      turns += 1
      let ended = decision.events.count {
        if case .dealChanged = $0 { true } else { false }
      }
      // Each drops 38 kB of contacts from the customer, and as many from the shared view.
      #expect(ended <= 6)
    }
    #expect(turns > 3)
    #expect(try world[fabrikam].deals.nextDue == nil)
  }

  @Test mutating func `T5 R-303 G11 declining needs a reason and drops what was shown`() throws {
    #expect(
      try world.refused(fabrikam, .decline(copy, nil)).violations.map(\.rule) == ["R-303"])
    #expect(
      try world.refused(fabrikam, .decline(copy, 9)).violations.map(\.rule) == ["R-303"])
    try world.when(fabrikam, .decline(copy))
    try world.settle()
    let declined = try world[fabrikam].deal(copy)
    #expect(declined.status == .declined && declined.closure?.reason == ReasonCode(4))
    expectNothingShown(declined)
    let inviter = try world[contoso].deal(deal)
    #expect(inviter.status == .accepted)
    #expect(inviter.cards[0].status == .declined && inviter.cards[0].closure?.notes == "no time")
    let inbox = try world[contoso].state.notifications[try world[contoso].admin] ?? []
    #expect(inbox.map(\.kind) == [.invitationDeclined])
    #expect(try world[fabrikam].state.answerTimes.declined == 1)
  }

  @Test mutating func `T6 R-304 after the window the copy expires, the sender hears`() throws {
    world.advance(by: Timestamp.Span(milliseconds: Timestamp.Span.days(14).milliseconds - 1))
    for _ in 0..<3 { try world.when(fabrikam, .fireDeadlines) }
    #expect(try world[fabrikam].deal(copy).status == .pending)
    world.advance(by: Timestamp.Span(milliseconds: 1))
    try world.when(fabrikam, .fireDeadlines)
    try world.settle()
    let expired = try world[fabrikam].deal(copy)
    #expect(expired.status == .expired && expired.closure == nil)
    expectNothingShown(expired)
    #expect(try world[contoso].deal(deal).cards[0].status == .expired)
    let inbox = try world[contoso].state.notifications[try world[contoso].admin] ?? []
    #expect(inbox.map(\.kind) == [.invitationExpired])
    #expect(try world[fabrikam].state.answerTimes.expired == 1)
    #expect(try world[fabrikam].deals.nextDue == nil)
  }

  @Test mutating func `invariant 10 an answer at the deadline loses before the timer ran`() throws {
    world.advance(by: .days(14))
    for command in [
      Command.accept(copy), .decline(copy), .acknowledgeDeal(AcknowledgeDeal(deal: copy)),
    ] {
      #expect(try world.refused(fabrikam, command).reason == "INVITATION_EXPIRED")
    }
  }

  @Test mutating func `T11 G06 closing ends pending invitations`() throws {
    try world.when(contoso, .lose(deal))
    #expect(try world[contoso].deal(deal).cards[0].status == .pending)
    try world.settle()
    let ended = try world[fabrikam].deal(copy)
    #expect(ended.status == .expired && ended.closure?.reason == .engagementClosed)
    expectNothingShown(ended)
    let card = try world[contoso].deal(deal).cards[0]
    #expect(card.status == .expired && card.closure?.reason == .engagementClosed)
    let inbox = try world[fabrikam].state.notifications[try world[fabrikam].admin] ?? []
    #expect(inbox.map(\.kind) == [.dealReceived, .invitationExpired])
    // Who ended it knows, and nobody responded.
    let own = try world[contoso].state.notifications[try world[contoso].admin] ?? []
    #expect(own.isEmpty && card.respondedAt == nil)
    #expect(try world[fabrikam].state.answerTimes.expired == 0)
  }

  @Test mutating func `G06 an accepted copy outlives the initiator's and is told so`() throws {
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    try world.when(contoso, .win(deal))
    try world.settle()
    let open = try world[fabrikam].deal(copy)
    #expect(open.status == .accepted && open.sharedView?.initiatorStatus == .won)
    try world.when(fabrikam, .lose(copy))
    try world.settle()
    #expect(try world[contoso].deal(deal).status == .won)
    #expect(try world[contoso].deal(deal).cards[0].status == .lost)
  }

  @Test mutating func `R-502 a dry run names the invitations that would end`() throws {
    let dry = Command.winDeal(WinDeal(deal: deal, baseVersion: 0, validateOnly: true))
    guard case .deal(_, _, let warnings) = try world.when(contoso, dry).answer else {
      throw Unexpected()
    }
    #expect(warnings.last?.text.contains("an unanswered invitation ends with it") == true)
    let decline = Command.declineDeal(
      DeclineDeal(deal: copy, reason: ReasonCode(1), notes: .empty, validateOnly: true))
    guard case .deal(_, _, let told) = try world.when(fabrikam, decline).answer else {
      throw Unexpected()
    }
    #expect(told.map(\.code) == ["BECOMES_FINAL"])
  }

  @Test mutating func `T9 the others are told of a copy that was closed as error`() throws {
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    try world.when(fabrikam, .closeAsError(copy))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards[0].status == .error)
    #expect(try world[contoso].deal(deal).status == .accepted)
  }

  @Test mutating func `R-503 G15 a partner reports what its copy ended with, and no notes`() throws
  {
    try world.when(fabrikam, .accept(copy))
    try world.when(fabrikam, PatchDeal.edits(copy, [.value(.euros(450)), .notes("private")]))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards[0].report == nil)
    let open = world
    for end: (DealID) -> Command in [{ .win($0) }, { .lose($0, 3) }, { .closeAsError($0, 7) }] {
      world = open
      try world.when(fabrikam, end(copy))
      try world.settle(times: 2)
      let ended = try world[fabrikam].deal(copy)
      let card = try #require(try world[contoso].deal(deal).cards.first)
      let closedAt = try #require(ended.closedAt)
      let report = ClosingReport(
        value: .euros(450), closeDate: ended.closeDate, closedAt: closedAt,
        reason: ended.closure?.reason)
      #expect(card.status == ended.status && card.report == report)
      #expect(card.closure == nil)
      world.expectReplayGivesTheSame()
    }
  }

  @Test mutating func `T9 T11 an initiator's error ends pending invitations`() throws {
    try world.when(contoso, .closeAsError(deal))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).status == .expired)
    #expect(try world[fabrikam].deal(copy).closure?.reason == .engagementClosed)
  }

  @Test mutating func `a close that crosses an acceptance leaves the copy to its owner`() throws {
    try world.when(contoso, .lose(deal))
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).status == .accepted)
    #expect(try world[fabrikam].deal(copy).sharedView?.initiatorStatus == .lost)
    #expect(try world[contoso].deal(deal).cards[0].status == .accepted)
  }

  @Test mutating func `a message is applied once and never ahead of its turn`() throws {
    try world.when(fabrikam, .accept(copy))
    let answer = try #require(try world[fabrikam].state.pendingMessages(for: contoso).first)
    var later = answer
    later.sequence += 1
    try world.hand(later, from: fabrikam)
    #expect(try world[contoso].state.inboxMarks[fabrikam] == nil)
    try world.hand(answer, from: fabrikam)
    let once = try world[contoso].state
    try world.hand(answer, from: fabrikam)
    #expect(try world[contoso].state == once)
    try world.settle(times: 3)
    #expect(try world[contoso].deal(deal).cards[0].status == .accepted)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `a stranger cannot answer or move somebody else's invitation`() throws {
    let stranger = TenantID(high: 6, low: 6)
    let engagement = try world[contoso].deal(deal).engagement
    let forged = Message.invitationAnswered(
      InvitationAnswered(
        engagement: engagement, outcome: .accepted, at: .zero, closure: nil, team: []))
    try world.hand(
      OutboxEntry(receiver: contoso, sequence: 1, message: forged), from: stranger)
    #expect(try world[contoso].deal(deal).cards[0].status == .pending)
    #expect(try world[contoso].state.inboxMarks[stranger] == 1)
  }

  @Test mutating func `reading notifications marks them once`() throws {
    let admin = try world[fabrikam].admin
    let id = try #require(try world[fabrikam].state.notifications[admin]?.first?.id)
    let command = Command.markNotificationsRead(MarkNotificationsRead(notifications: [id]))
    try world.when(fabrikam, command)
    #expect(try world[fabrikam].state.notifications[admin]?.allSatisfy(\.isRead) == true)
    #expect(try world.when(fabrikam, command).events.isEmpty)
    let unknown = Command.markNotificationsRead(
      MarkNotificationsRead(notifications: [NotificationID(high: 1, low: 1)]))
    #expect(try world.refused(fabrikam, unknown).reason == "NOTIFICATION_UNKNOWN")
  }
}
