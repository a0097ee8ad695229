// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

/// domain.md 10: reminders at day 11 and 13 of an answer window of 14 days.
struct RemindingTests {
  let contoso: TenantID
  let fabrikam: TenantID
  var world: World
  let deal: DealID
  let copy: DealID

  init() throws {
    (world, contoso, fabrikam, deal, copy) = try World.withInvitation()
  }

  private func reminders(of user: UserID? = nil) throws -> [Notification] {
    let given = try world[fabrikam]
    let inbox = given.state.notifications[user ?? given.admin] ?? []
    return inbox.filter { $0.kind == .answerDueSoon }
  }

  /// Fires until nothing is due; gives the causes of what changed.
  private mutating func fire() throws -> [ChangeCause] {
    var causes: [ChangeCause] = []
    while true {
      let events = try world.when(fabrikam, .fireDeadlines).events
      guard !events.isEmpty else { return causes }
      for case .dealChanged(let change) in events { causes.append(change.cause) }
    }
  }

  @Test mutating func `an unanswered deal is reminded of on day 11 and day 13, then expires`()
    throws
  {
    let began = try world[fabrikam].deal(copy).createdAt
    #expect(try world[fabrikam].deal(copy).remindAt == began.advanced(by: .days(11)))
    #expect(try world[fabrikam].deals.nextDue == began.advanced(by: .days(11)))
    world.advance(by: .days(10))
    #expect(try fire() == [])
    world.advance(by: .days(1))
    #expect(try fire() == [.reminded])
    let told = try world[fabrikam].deal(copy)
    #expect(told.remindAt == began.advanced(by: .days(13)) && told.status == .pending)
    #expect(try reminders().map(\.respondBy) == [told.respondBy])
    world.advance(by: .days(2))
    #expect(try fire() == [.reminded])
    #expect(try world[fabrikam].deal(copy).remindAt == nil)
    #expect(try reminders().count == 2)
    world.advance(by: .days(1))
    #expect(try fire() == [.expired])
    #expect(try reminders().count == 2)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `a clock that jumps over both reminders tells once`() throws {
    world.advance(by: Timestamp.Span(milliseconds: Timestamp.Span.days(14).milliseconds - 1))
    #expect(try fire() == [.reminded])
    #expect(try reminders().count == 1)
    let late = try world[fabrikam].deal(copy)
    #expect(late.status == .pending && late.remindAt == nil)
  }

  @Test mutating func `a clock that jumps over the end only ends`() throws {
    world.advance(by: .days(14))
    #expect(try fire() == [.expired])
    #expect(try reminders().isEmpty)
    #expect(try world[fabrikam].deals.nextDue == nil)
  }

  @Test mutating func `an acknowledged deal is reminded of like an unseen one`() throws {
    try world.when(fabrikam, .acknowledgeDeal(AcknowledgeDeal(deal: copy)))
    world.advance(by: .days(11))
    #expect(try fire() == [.reminded])
    #expect(try world[fabrikam].deal(copy).status == .received)
  }

  @Test(arguments: ["accept", "decline", "close"])
  mutating func `nobody is reminded of a deal that is answered or over`(how: String) throws {
    switch how {
    case "accept": try world.when(fabrikam, .accept(copy))
    case "decline": try world.when(fabrikam, .decline(copy))
    default:
      try world.when(contoso, .lose(deal))
      try world.settle()
    }
    #expect(try world[fabrikam].deal(copy).remindAt == nil)
    world.advance(by: .days(13))
    #expect(try fire() == [])
    #expect(try reminders().isEmpty)
  }

  @Test
  mutating func `an invitation that arrives after a reminder's time is not reminded of at once`()
    throws
  {
    let second = try world.create(contoso)
    let northwind = try Given("Northwind", seed: 3)
    world = try World([world[contoso], northwind])
    try world.when(contoso, .inviteToDeal(world.invite(second, northwind.id)))
    world.advance(by: .days(12))
    try world.settle()
    let late = try world[northwind.id].onlyDeal
    let sent = try #require(late.invitation?.sentAt)
    #expect(late.remindAt == sent.advanced(by: .days(13)))
    #expect(late.respondBy == sent.advanced(by: .days(14)))
  }

  @Test mutating func `section 14 admins in whose scope the deal lies are reminded, nobody else`()
    throws
  {
    var given = try world[fabrikam]
    let berlin = try given.add("Bea", .referralsAdmin, at: [given.berlin])
    let munich = try given.when(.addLocation(AddLocation(name: "Munich", country: .de))).answer
    guard case .location(let munichID) = munich else { throw Unexpected() }
    let other = try given.add("Mia", .referralsAdmin, at: [munichID])
    let user = try given.add("Uma", .referralsUser)
    let viewer = try given.add("Vic", .viewer)
    // A copy that stands in Berlin.
    var local = try given.deal(copy)
    local.id = DealID(high: 5, low: 5)
    local.engagement = EngagementID(high: 5, low: 5)
    local.location = given.berlin
    given.record([.invitationReceived(local, inviterKind: .partner)])
    world.members[fabrikam] = given
    world.advance(by: .days(11))
    #expect(try fire() == [.reminded, .reminded])
    func deals(_ principal: Principal) throws -> [DealID] {
      guard case .user(let id, _, _) = principal else { throw Unexpected() }
      return try reminders(of: id).map(\.deal).sorted()
    }
    // what stands at the entire organisation is everybody's.
    #expect(try deals(given.who) == [copy, local.id].sorted())
    #expect(try deals(berlin) == [copy, local.id].sorted())
    #expect(try deals(other) == [copy])
    #expect(try deals(user).isEmpty)
    #expect(try deals(viewer).isEmpty)
  }

  @Test mutating func `many reminders of one moment come in commits of bounded size`() throws {
    let names = try (0..<400).map { _ in try world.create(contoso) }
    for name in names {
      let lines = try world[contoso].deal(name).solutions.map(\.line)
      try world.when(contoso, .inviteToDeal(world.invite(name, fabrikam, lines: [lines[0]])))
    }
    try world.settle()
    world.advance(by: .days(11))
    let first = try world.when(fabrikam, .fireDeadlines).events
    let count = first.count { if case .dealChanged = $0 { true } else { false } }
    #expect(count > 100 && count <= FiringDeadlines.copiesPerTurn)
    #expect(try fire().count == 401 - count)
    #expect(try reminders().count == 401)
  }

  // MARK: Policy

  @Test(arguments: [
    (Int64(14 * 86_400_000), Int64(3 * 86_400_000), Int64(86_400_000)), (28_000, 6_000, 2_000),
    (1_000, 214, 71), (13, 2, 0), (1, 0, 0),
  ])
  func `reminders keep their proportion to a realm's own answer window`(
    window: Int64, first: Int64, last: Int64
  ) {
    var policy = RealmPolicy.standard
    policy.answerWindow = Timestamp.Span(milliseconds: window)
    #expect(policy.reminders.map(\.milliseconds) == [first, last])
    #expect(policy.spelledOut.firstReminder?.milliseconds == first)
  }

  @Test func `a window too short for reminders has none`() throws {
    var given = try Given()
    given.state.realm?.policy.answerWindow = Timestamp.Span(milliseconds: 3)
    let now = Timestamp(milliseconds: 1_000)
    let end = Timestamp(milliseconds: 1_003)
    #expect(Reminding.next(after: now, before: end, given.state) == nil)
  }

  @Test(arguments: [
    (Int64(0), Int64(0), [String]()), (20, 5, []), (20, 0, ["policy.last_reminder_ms"]),
    (24, 0, ["policy.first_reminder_ms"]), (2, 5, ["policy.last_reminder_ms"]),
    (-1, 0, ["policy.first_reminder_ms", "policy.last_reminder_ms"]),
  ])
  func `a realm's own reminders lie in its window, the first before the last`(
    first: Int64, last: Int64, fields: [String]
  ) throws {
    var directory = try Given("Directory", kind: .directory)
    var policy = RealmPolicy.standard
    policy.answerWindow = .hours(24)
    if first != 0 { policy.firstReminder = .hours(first) }
    if last != 0 { policy.lastReminder = .hours(last) }
    if last == 0, first == 20 { policy.lastReminder = .hours(0) }
    let command = Command.createRealm(CreateRealm(name: "trial", policy: policy))
    if fields.isEmpty {
      try directory.when(command, by: .systemOperator)
    } else {
      let refused = try directory.refused(command, by: .systemOperator)
      #expect(refused.violations.map(\.field) == fields)
      #expect(refused.violations.allSatisfy { $0.rule == "POLICY_RANGE" })
    }
  }
}
