// SPDX-License-Identifier: Apache-2.0
// What changes something can be tried first, over the wire: every rule is run, nothing is changed.

import TandemClient
import Testing

struct DryRunScenarios {
  /// All that an organisation is asked to change beside its deals' contents.
  private struct Picture: Equatable {
    var users: [User]
    var locations: [Location]
    var keys: [AccessKey]
    var organisation: Organisation
    var inbox: [TandemClient.Notification]
    var preferences: NotificationPreferences

    static func of(_ company: Company) async throws -> Picture {
      let client = company.client
      return Picture(
        users: try await client.listUsers(), locations: try await client.listLocations(),
        keys: try await client.listKeys(), organisation: try await client.getOrganisation(),
        inbox: try await client.listNotifications(),
        preferences: try await client.notificationPreferences())
    }
  }

  @Test func `row 31 an organisation's changes are tried without effect`() async throws {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let client = contoso.client
      let key = try await client.issueKey(for: contoso.administrator, label: "kept")
      let before = try await Picture.of(contoso)

      try await client.checkUser(NewUser(.named("Rita"), grants: [RoleGrant(.viewer, at: [])]))
      try await client.setUserGrants(
        contoso.administrator, [RoleGrant(.partnerAdmin, at: [])], isActive: true,
        validatesOnly: true)
      try await client.checkLocation(name: "Hamburg", country: "DE")
      let tried = try await client.issueKey(
        for: contoso.administrator, label: "tried", validatesOnly: true)
      #expect(tried.id == nil && tried.key.isEmpty && tried.commit == 0)
      try await client.revokeKey(try #require(key.id), validatesOnly: true)
      try await client.setStageNames([StageName("Offer", stage: 60)], validatesOnly: true)
      try await client.muteTopics([.answerDueSoon], validatesOnly: true)
      try await client.tellInvitationSent(true, validatesOnly: true)

      #expect(try await Picture.of(contoso) == before)
      let still = try Client(contoso.url, key: key.key)
      #expect(try await still.getOrganisation().id == contoso.id)
    }
  }

  @Test func `row 31 what would be refused is refused the same when it is tried`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let user = try await refused {
        try await client.checkUser(NewUser(Person(), grants: []))
      }
      #expect(user.violations.count > 1, "\(user)")
      let location = try await refused { try await client.checkLocation(name: "", country: "X") }
      #expect(location.violations.map(\.field) == ["country", "name"])
      let stage = try await refused {
        try await client.setStageNames([StageName("Offer", stage: 65)], validatesOnly: true)
      }
      #expect(!stage.violations.isEmpty, "\(stage)")
    }
  }

  @Test func `row 31 a transaction too large for one commit is refused the same when it is tried`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      var deal = NewDeal.complete(for: contoso)
      deal.notes = String(repeating: "n", count: 9_000)
      var large = Transaction()
      for _ in 0..<40 { large.create(deal) }
      let asked = large
      var said: [String] = []
      for validatesOnly in [true, false] {
        let error = try await refused {
          try await contoso.client.transact(asked, validatesOnly: validatesOnly)
        }
        #expect(error.code == .resourceExhausted && error.reason == "COMMIT_TOO_LARGE")
        said.append(error.message)
      }
      #expect(said.first == said.last)
      for try await row in contoso.client.listDeals() { Issue.record("made \(row)") }
      var small = Transaction()
      small.create(deal)
      _ = try await contoso.client.transact(small, validatesOnly: true)
    }
  }

  @Test func `ruling 7 what cannot be and what is missing are told at once`() async throws {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      var deal = NewDeal.complete(for: contoso)
      deal.name = ""
      deal.customer.address.country = "Germany"
      deal.value?.currency = "euro"
      deal.team = []
      let error = try await refused { try await contoso.client.createDeal(deal) }
      #expect(error.code == .invalidArgument && error.reason == "FIELD_INVALID")
      #expect(
        Set(error.violations.map(\.field)) == [
          "customer.address.country", "value.currency", "name", "team",
        ])
      for try await row in contoso.client.listDeals() { Issue.record("made \(row)") }

      let viewer = try await contoso.user("Vera", .viewer)
      let denied = try await refused { try await viewer.createDeal(deal) }
      #expect(denied.code == .permissionDenied && denied.violations.isEmpty)
    }
  }

  @Test func `row 31 marks, answers and notifications are tried without effect`() async throws {
    try await Ecosystem.run { world in
      let (contoso, fabrikam) = (world.contoso, world.fabrikam)
      let made = try await contoso.client.createDeal(.complete(for: contoso)).id
      let deal = try #require(made)
      let lines = try await contoso.client.getDeal(deal).deal.solutions.map(\.line)
      _ = try await contoso.client.inviteToDeal(
        deal,
        NewInvitation(
          fabrikam.id, help: .technicalArchitecture, value: Money("500 EUR"), solutionLines: lines))
      let copy = try await fabrikam.inbound()
      let id = try #require(copy.id)
      var dry = ChangeOptions()
      dry.validatesOnly = true

      try await fabrikam.client.setFavourite(id, true, validatesOnly: true)
      #expect(try await fabrikam.client.acknowledgeDeal(id, options: dry).commit == 0)
      let after = try await fabrikam.client.getDeal(id)
      #expect(!after.isFavourite && after.deal.status == .pending)
      #expect(after.deal.version == copy.version)

      let note = try #require(try await fabrikam.client.listNotifications().first?.id)
      try await fabrikam.client.markNotificationsRead([note], validatesOnly: true)
      #expect(try await fabrikam.client.listNotifications(unreadOnly: true).map(\.id) == [note])
    }
  }

  @Test func `row 31 an operator tries realms, organisations and clocks`() async throws {
    try await Ecosystem.run { world in
      let registrar = world.registrar
      let tried = try await registrar.registerOrganisation(
        NewOrganisation(.partner, name: "Tailspin", country: "DE", administrator: .named("Tia")),
        validatesOnly: true)
      #expect(tried.organisation == nil && tried.key.isEmpty)
      #expect(try await world.contoso.client.listOrganisations(namePrefix: "Tail").isEmpty)
      // A field that is wrong already, with and without being only to be tried.
      for validatesOnly in [true, false] {
        let wrong = try await refused {
          try await registrar.registerOrganisation(
            NewOrganisation(
              .unspecified, name: "Tailspin", country: "DE", administrator: .named("Tia")),
            validatesOnly: validatesOnly)
        }
        #expect(wrong.violations.map(\.field) == ["kind"])
      }
      let ahead = try await registrar.getRealm().realm.clockOffsetMilliseconds
      let clock = try await registrar.advanceClock(by: .seconds(86_400 * 300), validatesOnly: true)
      #expect(clock.commit == 0 && clock.now != nil)
      #expect(try await registrar.getRealm().realm.clockOffsetMilliseconds == ahead)
      let realm = try await refused {
        try await registrar.createRealm(name: "inner", validatesOnly: true)
      }
      #expect(realm.reason == "NOT_MAIN")
    }
  }
}
