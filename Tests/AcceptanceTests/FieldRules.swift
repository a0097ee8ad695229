// SPDX-License-Identifier: Apache-2.0
// What the entities of sections 2 to 5 hold, their history and their lists, over the wire.

import TandemClient
import Testing

struct FieldRules {
  private let helps: [HelpCode] = [
    .workloadValueProposition, .technicalArchitecture, .proofOfConcept, .quotesOrLicensing,
    .postSalesSuccess, .generalOrOther,
  ]

  @Test func `section 2.1 section 4.1 R-111 R-201 the kind follows from help and visibility`()
    async throws
  {
    try await Ecosystem.run { world in
      func make(_ help: HelpCode, isVisible: Bool) async throws -> Deal {
        let id = try await world.deal { deal in
          deal.help = help
          deal.isVisibleToVendor = isVisible
        }
        return try await world.contoso.client.getDeal(id).deal
      }
      let alone = try await make(.unspecified, isVisible: false)
      #expect(alone.baseKind == .privateDeal && alone.cards.isEmpty && alone.shownTo == nil)
      let shown = try await make(.unspecified, isVisible: true)
      #expect(shown.baseKind == .partnerLed && shown.cards.isEmpty && shown.shownTo != nil)
      for help in helps {
        let asked = try await make(help, isVisible: true)
        #expect(asked.baseKind == .coSell, "\(help)")
        #expect(asked.cards.map(\.content?.help) == [help], "\(help)")
        let copy = try await world.copy(of: try #require(asked.id), at: world.vendor)
        #expect(
          try await world.vendor.client.getDeal(copy).deal.invitation?.help == help, "\(help)")
        let refusal = try await refused { try await make(help, isVisible: false) }
        #expect(refusal.violations.map(\.reason) == ["R-201"], "\(help)")
      }
    }
  }

  @Test func `section 3.2 section 1a a copy says whose it is, where it stands and since when`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let (deal, copy) = try await world.invited { deal in
        deal.crmID = "CRM-1"
        deal.campaignID = "spring"
        deal.notes = "internal"
      }
      let mine = try await client.getDeal(deal).deal
      #expect(mine.crmID == "CRM-1" && mine.campaignID == "spring" && mine.notes == "internal")
      #expect(mine.initiator.name == "Contoso" && mine.initiator.id == world.contoso.id)
      #expect(mine.createdBy == world.contoso.administrator && mine.version == 2)
      #expect(mine.acceptedAt == mine.createdAt && mine.closedAt == nil && mine.respondBy == nil)
      let theirs = try await world.fabrikam.client.getDeal(copy).deal
      #expect(theirs.engagement == mine.engagement && theirs.id != mine.id)
      #expect(theirs.direction == .inbound && theirs.initiator == mine.initiator)
      #expect(theirs.acceptedAt == nil && theirs.respondBy == theirs.invitation?.respondBy)
      try await world.pass(.seconds(3_600))
      _ = try await world.fabrikam.client.acceptDeal(copy, Acceptance(name: "Ours"))
      let accepted = try await world.fabrikam.client.getDeal(copy).deal
      let acceptedAt = try #require(accepted.acceptedAt)
      let createdAt = try #require(accepted.createdAt)
      #expect(acceptedAt.milliseconds - createdAt.milliseconds >= 3_600_000)
      #expect(accepted.respondBy == nil && accepted.updatedAt == acceptedAt)
      _ = try await client.loseDeal(deal, reason: 2, notes: "silent since May")
      let lost = try await client.getDeal(deal).deal
      #expect(lost.closedAt == lost.updatedAt && lost.closure?.notes == "silent since May")
      #expect(lost.stage == 10)
    }
  }

  @Test func `section 3.3 section 3.5 customer, people and lines are kept as given`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var duns = CustomerIdentifier()
      duns.scheme = .duns
      duns.value = "150483782"
      var external = CustomerIdentifier()
      external.scheme = .external
      external.value = "A-1"
      let deal = try await world.deal { deal in
        deal.customer.address.line2 = "Hof 2"
        deal.customer.address.state = "Berlin"
        deal.customer.address.postalCode = "10117"
        deal.customer.size = 250
        deal.customer.identifiers = [duns, external]
        deal.customer.contacts.append(TeamMember(.named("Dora")))
        deal.team[0].person.title = "Account manager"
        deal.solutions[0].quantityMilli = 2_500
        deal.solutions[0].price = Money("99.95 EUR")
      }
      let made = try await client.getDeal(deal).deal
      #expect(made.customer.address.line2 == "Hof 2" && made.customer.address.state == "Berlin")
      #expect(made.customer.address.postalCode == "10117" && made.customer.size == 250)
      #expect(made.customer.identifiers == [duns, external])
      #expect(made.customer.contacts.map(\.person.firstName) == ["Cora", "Dora"])
      #expect(made.team[0].person.title == "Account manager")
      #expect(made.solutions[0].quantityMilli == 2_500)
      #expect(made.solutions[0].price == Money("99.95 EUR"))
      #expect(made.solutions[0].group == .ownCompany && made.solutions[0].name == "Backup")
      // Each line has a number of its own, for one edit at a time.
      let lines = made.team.map(\.line) + made.customer.contacts.map(\.line)
      #expect(Set(lines + made.solutions.map(\.line)).count == 4)
      var line = made.solutions[0]
      line.price = Money("-1 EUR")
      let refusal = try await refused {
        try await client.patchDeal(deal, .only { $0.solutions = [line] })
      }
      #expect(refusal.violations.map(\.reason) == ["MONEY_NEGATIVE"])
    }
  }

  @Test func `section 3.8 history says who changed what when and why, before and after`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let (deal, copy) = try await world.invited()
      let gus = try await contoso.client.addUser(
        NewUser(.named("Gus"), grants: [RoleGrant(.referralsAdmin)]))
      let client = try Client(
        contoso.url, key: try await contoso.client.issueKey(for: gus, label: "test").key)
      try await world.pass(.seconds(60))
      _ = try await client.patchDeal(
        deal,
        .only { patch in
          patch.name = "Renamed"
          patch.value = Money("7 EUR")
        })
      _ = try await world.fabrikam.client.declineDeal(copy, reason: 4)
      _ = try await contoso.deal(deal) { $0.cards.first?.status == .declined }
      _ = try await client.loseDeal(deal, reason: 1)
      let entries = try await client.history(of: deal)
      #expect(
        entries.map(\.cause) == [.created, .invitationSent, .patched, .counterpartAnswered, .lost])
      #expect(entries.map(\.version) == [1, 2, 3, 4, 5])
      #expect(
        entries.map(\.actor) == [contoso.administrator, contoso.administrator, gus, nil, gus])
      let times = entries.compactMap(\.at)
      #expect(times.count == 5 && times == times.sorted())
      #expect(times[2].milliseconds - times[1].milliseconds >= 60_000)
      let patched = entries[2]
      #expect(patched.fields.map(Deal.fieldName) == ["name", "value"])
      #expect(patched.before?.name == "Migration" && patched.after?.name == "Renamed")
      #expect(patched.before?.value == Money("25000 EUR") && patched.after?.value == Money("7 EUR"))
      #expect(patched.before?.notes == "" && patched.after?.customer.name == "")
    }
  }

  @Test
  func `section 20 section 20a rows have both statuses and expiry, search takes three letters`()
    async throws
  {
    try await Ecosystem.run { world in
      let deal = try await world.invited { deal in
        deal.name = "Harbour cranes"
        deal.customer.name = "Litware Press"
        deal.notes = "the foreman is Zoe"
      }.deal
      _ = try await world.deal { $0.name = "Airport" }
      let rows = try await world.contoso.list { $0.sort = .name }
      #expect(rows.map(\.name) == ["Airport", "Harbour cranes"])
      #expect(rows[1].status == .accepted && rows[1].cards.map(\.status) == [.pending])
      let due = try await world.fabrikam.list()
      #expect(due.map(\.status) == [.pending] && due[0].respondBy != nil)
      for words in ["harb", "CRANES", "litware", "zoe"] {
        let found = try await world.contoso.list {
          $0.allOf = [[.text(.text, .contains, [words])]]
        }
        #expect(found.map(\.id) == [deal], "\(words)")
      }
      let short = try await refused {
        try await world.contoso.list { $0.allOf = [[.text(.text, .contains, ["ha"])]] }
      }
      #expect(short.code == .invalidArgument && short.message.contains("3"), "\(short)")
    }
  }

  @Test func `section 3.1 a location has a partner number and an address in its country`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var address = Address()
      address.line1 = "Quai 1"
      address.city = "Lyon"
      address.country = "FR"
      let id = try await client.addLocation(
        name: "Lyon", country: "FR", partnerID: "4711", address: address)
      let plain = try await client.addLocation(name: "Nice", country: "FR")
      let listed = try await client.listLocations()
      let lyon = try #require(listed.first { $0.id == id })
      #expect(lyon.partnerID == "4711" && lyon.address == address && lyon.name == "Lyon")
      let nice = try #require(listed.first { $0.id == plain })
      #expect(nice.partnerID.isEmpty && nice.address == nil)
      address.line1 = ""
      address.country = "DE"
      let refusal = try await refused {
        try await client.addLocation(
          name: "Paris", country: "FR", partnerID: String(repeating: "7", count: 2_000),
          address: address)
      }
      #expect(
        Set(refusal.violations.map(\.field)) == [
          "partner_id", "address.line1", "address.country",
        ], "\(refusal)")
    }
  }

  @Test func `section 20 deals are found by their id and by the name of what they sell`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited()
      _ = try await world.deal()
      let contoso = world.contoso
      let byID = try await contoso.list { $0.allOf = [[.text(.text, .contains, ["\(deal)"])]] }
      #expect(byID.map(\.id) == [deal])
      // Somebody else's copy has an id that finds nothing here.
      let foreign = try await contoso.list { $0.allOf = [[.text(.text, .contains, ["\(copy)"])]] }
      #expect(foreign.isEmpty)
      let bound = FilterTerm.text(.text, .contains, ["\(deal)", "nothing else"])
      #expect(try await contoso.list { $0.allOf = [[!bound]] }.count == 1)
      for (test, name, count) in [
        (FilterTest.equal, "backup", 2), (.begins, "BACK", 2), (.contains, "ckup", 2),
        (.equal, "back", 0), (.begins, "ckup", 0),
      ] {
        let found = try await contoso.list { $0.allOf = [[.text(.solutionName, test, [name])]] }
        #expect(found.count == count, "\(test) \(name)")
      }
      let numbers = try await refused {
        try await contoso.list { $0.allOf = [[.ids(.solutionName, [deal])]] }
      }
      #expect(numbers.code == .invalidArgument)
    }
  }

  @Test func `section 5.2 section 5.3 an invitation is sent, seen, answered or expired, once`()
    async throws
  {
    try await Ecosystem.run { world in
      let ends: [(DealStatus, (Client, ID) async throws -> Void)] = [
        (.accepted, { _ = try await $0.acceptDeal($1, Acceptance(name: "Ours")) }),
        (.declined, { _ = try await $0.declineDeal($1, reason: 8) }),
        (.expired, { _, _ in try await world.pass(.seconds(15 * 86_400)) }),
      ]
      for (status, end) in ends {
        let (deal, copy) = try await world.invited()
        let client = world.fabrikam.client
        _ = try await client.acknowledgeDeal(copy)
        #expect(try await client.getDeal(copy).deal.status == .received, "\(status)")
        try await end(client, copy)
        _ = try await world.contoso.deal(deal) { $0.cards.first?.status == status }
        let again = try await refused { try await world.invite(world.fabrikam, to: deal) }
        #expect(again.reason == "ALREADY_INVITED", "\(status)")
        // The upgrade does not go back with the answer.
        #expect(try await world.contoso.client.getDeal(deal).deal.partnerToPartner, "\(status)")
      }
    }
  }
}
