// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

/// Section 14: who hears of what, and who wants to.
struct PreferringNotificationsTests {
  let contoso: TenantID
  let fabrikam: TenantID
  var world: World
  let deal: DealID
  let copy: DealID

  init() throws {
    (world, contoso, fabrikam, deal, copy) = try World.withInvitation()
  }

  private func mute(_ topics: [NotificationTopic], validateOnly: Bool = false) -> Command {
    .muteTopics(MuteTopics(topics: topics, validateOnly: validateOnly))
  }

  private func tellSent(_ isTold: Bool, validateOnly: Bool = false) -> Command {
    .setNotificationSettings(
      SetNotificationSettings(
        settings: NotificationSettings(tellsInvitationSent: isTold), validateOnly: validateOnly))
  }

  private func topics(_ id: TenantID, of user: UserID? = nil) throws -> [NotificationTopic] {
    let given = try world[id]
    return (given.state.notifications[user ?? given.admin] ?? []).map(\.kind)
  }

  @Test mutating func `section 14 who muted a topic hears nothing of it, others do`() throws {
    let second = try world.members[contoso]?.add("Bob", .referralsUser)
    guard case .user(let bob, _, _) = second else { throw Unexpected() }
    try world.when(contoso, mute([.invitationAccepted]))
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    #expect(try topics(contoso).isEmpty)
    #expect(try topics(contoso, of: bob) == [.invitationAccepted])
    #expect(try world[contoso].deal(deal).cards[0].status == .accepted)
    let preferences = try world[contoso].state.preferences(of: world[contoso].admin)
    #expect(preferences.map(\.topic) == NotificationTopic.allCases)
    #expect(preferences.filter(\.isMuted).map(\.topic) == [.invitationAccepted])
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `section 14 reminders can be muted, and come again when unmuted`() throws {
    try world.when(fabrikam, mute([.answerDueSoon]))
    world.advance(by: .days(11))
    try world.when(fabrikam, .fireDeadlines)
    try world.when(fabrikam, mute([]))
    #expect(try world[fabrikam].state.mutedTopics.isEmpty)
    world.advance(by: .days(2))
    try world.when(fabrikam, .fireDeadlines)
    #expect(try topics(fabrikam) == [.dealReceived, .answerDueSoon])
  }

  @Test mutating func `section 14 mandatory topics cannot be muted, none comes twice`() throws {
    let refused = try world.refused(
      contoso, mute([.invitationUndeliverable, .dealReceived, .dealReceived]))
    #expect(refused.violations.map(\.rule) == ["TOPIC_MANDATORY", "TOPIC_TWICE"])
    #expect(refused.violations.map(\.field) == ["muted[0]", "muted[2]"])
    let many = try world.refused(
      contoso, mute(Array(repeating: .dealReceived, count: NotificationTopic.allCases.count + 1)))
    #expect(many.violations.contains { $0.rule == "G24" })
  }

  @Test mutating func `preferences are one's own, and a key that only reads changes none`() throws {
    var given = try world[contoso]
    let reader = Principal.user(given.admin, via: nil, readOnly: true)
    #expect(try given.refused(mute([.dealReceived]), by: reader).reason == "KEY_READ_ONLY")
    let viewer = try given.add("Vic", .viewer)
    try given.when(mute([.dealReceived]), by: viewer)
    #expect(given.state.mutedTopics[given.admin] == nil)
    #expect(try given.when(mute([.dealReceived]), by: viewer).events.isEmpty)
    #expect(try given.when(mute([], validateOnly: true), by: viewer).events.isEmpty)
  }

  @Test
  mutating func `G13 the team hears of an invitation that it sends only where that is wanted`()
    throws
  {
    #expect(try topics(contoso).isEmpty)
    #expect(try world.when(contoso, tellSent(true, validateOnly: true)).events.isEmpty)
    try world.when(contoso, tellSent(true))
    #expect(try world.when(contoso, tellSent(true)).events.isEmpty)
    let northwind = try Given("Northwind", seed: 3)
    var directory = try world[contoso].directory
    directory.put(try northwind.entry)
    world.members[contoso]?.directory = directory
    try world.when(contoso, .inviteToDeal(world.invite(deal, northwind.id)))
    let sent = try #require(try world[contoso].state.notifications[world[contoso].admin]?.last)
    #expect(sent.kind == .invitationSent && sent.counterpart.name == "Northwind")
    #expect(sent.respondBy == sent.at.advanced(by: .days(14)))
    try world.when(contoso, tellSent(false))
    #expect(try world[contoso].state.notificationSettings == NotificationSettings())
  }

  @Test mutating func `G13 a deal that is created with a call for help is acknowledged too`() throws
  {
    let vendor = try Given("Vendor", kind: .vendor, seed: 5)
    var directory = try world[contoso].directory
    directory.put(try vendor.entry)
    world.members[contoso]?.directory = directory
    try world.when(contoso, tellSent(true))
    _ = try world.create(contoso) {
      $0.help = .proofOfConcept
      $0.visibleToVendor = true
    }
    #expect(try topics(contoso) == [.invitationSent])
  }

  @Test mutating func `G13 settings are for administrators of deals`() throws {
    var given = try world[contoso]
    for (role, isAllowed) in [
      (Role.referralsAdmin, true), (.referralsUser, false), (.viewer, false),
    ] {
      let who = try given.add(Text("U\(role)"), role)
      if isAllowed {
        try given.when(tellSent(true), by: who)
      } else {
        #expect(try given.refused(tellSent(false), by: who).reason == "ROLE_MISSING")
      }
    }
  }

  @Test mutating func `an inbox keeps the newest entries and is never larger than its bound`()
    throws
  {
    var given = try world[fabrikam]
    let admin = given.admin
    for number in 0..<Limits.notificationsPerUser + 5 {
      let note = Notification(
        id: NotificationID(high: 1, low: UInt64(number)), kind: .answerDueSoon, deal: copy,
        counterpart: OrganisationReference(id: contoso, name: "Contoso"), at: given.now,
        respondBy: nil, isRead: false)
      given.record([.notificationAdded(note, recipients: [admin])])
    }
    let inbox = given.state.notifications[admin] ?? []
    #expect(inbox.count == Limits.notificationsPerUser)
    #expect(inbox.last?.id.low == UInt64(Limits.notificationsPerUser + 4))
    #expect(given.state.checkInvariants(given.deals) == [])
  }
}
