// SPDX-License-Identifier: Apache-2.0
// What a deal needs to be created, rule by rule, over the wire.

import TandemClient
import Testing

struct CreatingRules {
  @Test func `R-101 who creates deals has something to sell, and a role for it`() async throws {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      var deal = NewDeal.complete(for: tailspin)
      let nothing = try await refused { try await tailspin.client.createDeal(deal) }
      #expect(nothing.reason == "NOTHING_TO_SELL" && nothing.message.contains("R-101"))
      _ = try await tailspin.client.publishSolution(NewSolution(name: "Draft", type: .service))
      let draft = try await refused { try await tailspin.client.createDeal(deal) }
      #expect(draft.reason == "NOTHING_TO_SELL")
      let ready = try await tailspin.client.publishSolution(
        NewSolution(name: "Ready", type: .service, isCoSellReady: true))
      deal.solutions[0].solution = ready
      #expect(try await tailspin.client.createDeal(deal).version == 1)
      let viewer = try await tailspin.user("Vic", .viewer)
      let accounts = try await tailspin.user("Ann", .accountAdmin)
      for client in [viewer, accounts] {
        let refusal = try await refused { try await client.createDeal(deal) }
        #expect(refusal.reason == "ROLE_MISSING" && refusal.code == .permissionDenied)
      }
    }
  }

  @Test func `R-105 R-102 every mandatory field is named when it is missing, with its rule`()
    async throws
  {
    let rows: [(field: String, rule: String, drop: (inout NewDeal) -> Void)] = [
      ("name", "R-105", { $0.name = "" }),
      ("location_id", "R-105", { $0.location = nil }),
      ("value", "R-105", { $0.value = nil }),
      ("close_date_ms", "R-105", { $0.closeDate = nil }),
      ("customer.name", "R-102", { $0.customer.name = "" }),
      ("customer.address.line1", "R-102", { $0.customer.address.line1 = "" }),
      ("customer.address.city", "R-102", { $0.customer.address.city = "" }),
      ("customer.address.country", "R-102", { $0.customer.address.country = "" }),
      ("team", "R-106", { $0.team = [] }),
      ("solutions", "R-107", { $0.solutions = [] }),
      ("consent.share_with_others", "CONSENT_MISSING", { $0.consent.shareWithOthers = false }),
    ]
    try await Ecosystem.run { world in
      let contoso = world.contoso
      var without = NewDeal.complete(for: contoso)
      for row in rows {
        var deal = NewDeal.complete(for: contoso)
        row.drop(&deal)
        row.drop(&without)
        let refusal = try await refused { try await contoso.client.createDeal(deal) }
        #expect(refusal.violations.map(\.field) == [row.field], "\(row.field): \(refusal)")
        #expect(refusal.violations.map(\.reason) == [row.rule], "\(row.field): \(refusal)")
      }
      // All at once.
      let all = try await refused { try await contoso.client.createDeal(without) }
      #expect(Set(all.violations.map(\.field)) == Set(rows.map(\.field)))
      #expect(try await contoso.list().isEmpty)
      // What is optional may be left out, and is not there then.
      var deal = NewDeal.complete(for: contoso)
      deal.customer.contacts = []
      deal.consent.customerContact = false
      let id = try #require(try await contoso.client.createDeal(deal).id)
      let made = try await contoso.client.getDeal(id).deal
      #expect(made.crmID.isEmpty && made.campaignID.isEmpty && made.notes.isEmpty)
      #expect(made.customer.contacts.isEmpty && !made.consent.customerContact)
    }
  }

  @Test func `R-106 each member of a team has name, phone and e-mail, each missing one is named`()
    async throws
  {
    let rows: [(field: String, drop: (inout Person) -> Void)] = [
      ("first_name", { $0.firstName = "" }), ("last_name", { $0.lastName = "" }),
      ("phone", { $0.phone = "" }), ("email", { $0.email = "" }),
    ]
    try await Ecosystem.run { world in
      let contoso = world.contoso
      for row in rows {
        var deal = NewDeal.complete(for: contoso)
        deal.team.append(TeamMember(.named("Bo")))
        row.drop(&deal.team[1].person)
        let refusal = try await refused { try await contoso.client.createDeal(deal) }
        #expect(refusal.violations.map(\.field) == ["team[1].person.\(row.field)"], "\(refusal)")
        #expect(refusal.violations.map(\.reason) == ["R-106"])
      }
      // The last member stays.
      let id = try await world.deal()
      let line = try #require(try await contoso.client.getDeal(id).deal.team.first?.line)
      let bare = try await refused {
        try await contoso.client.patchDeal(id, .only { $0.removedTeamLines = [line] })
      }
      #expect(bare.violations.map(\.field) == ["team"])
    }
  }

  @Test func `R-103 R-104 G22 contact and consent are needed on every way to co-sell`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      // At creation.
      var deal = NewDeal.coSell(for: world.contoso)
      deal.customer.contacts = []
      deal.consent.customerContact = false
      let made = try await refused { try await client.createDeal(deal) }
      #expect(
        Set(made.violations.map { "\($0.field) \($0.reason)" }) == [
          "customer.contacts R-103", "consent.customer_contact R-104",
        ])
      // Later, from private and from partner-led.
      for isVisible in [false, true] {
        let id = try await world.deal { deal in
          deal.customer.contacts = []
          deal.consent.customerContact = false
          deal.isVisibleToVendor = isVisible
        }
        let lines = try await client.getDeal(id).deal.solutions.map(\.line)
        var help = NewInvitation(help: .proofOfConcept, solutionLines: lines)
        let bare = try await refused { try await client.inviteToDeal(id, help) }
        #expect(
          Set(bare.violations.map { "\($0.field) \($0.reason)" }) == [
            "customer.contacts R-103", "consent.customer_contact R-104",
          ], "visible: \(isVisible)")
        _ = try await client.patchDeal(
          id, .only { $0.customerContacts = [TeamMember(.named("Cora"))] })
        help.customerConsent = true
        _ = try await client.inviteToDeal(id, help)
        let upgraded = try await client.getDeal(id).deal
        #expect(upgraded.baseKind == .coSell && upgraded.consent.customerContact)
      }
    }
  }

  @Test func `R-103 G22 half a contact will do until the vendor's help is asked`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let id = try await world.deal { deal in
        deal.customer.contacts = [TeamMember(.named("Cora"))]
        deal.customer.contacts[0].person.phone = ""
        deal.isVisibleToVendor = true
      }
      let deal = try await client.getDeal(id).deal
      #expect(deal.customer.contacts.map(\.person.phone) == [""])
      var help = NewInvitation(help: .proofOfConcept, solutionLines: deal.solutions.map(\.line))
      help.customerConsent = true
      let half = try await refused { try await client.inviteToDeal(id, help) }
      #expect(
        half.violations.map { "\($0.field) \($0.reason)" } == [
          "customer.contacts[0].person.phone R-103"
        ])
      _ = try await client.patchDeal(
        id, .only { $0.customerContacts = [TeamMember(.named("Cora"))] })
      _ = try await client.inviteToDeal(id, help)
      #expect(try await client.getDeal(id).deal.baseKind == .coSell)
      var nobody = NewDeal.complete(for: world.contoso)
      nobody.customer.contacts = [TeamMember(Person())]
      let empty = try await refused { try await client.createDeal(nobody) }
      #expect(empty.violations.map(\.field) == ["customer.contacts[0].person"])
    }
  }

  @Test func `R-403 customer and consent stay, contacts change until they are shared`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let deal = try await world.deal()
      _ = try await client.patchDeal(
        deal, .only { $0.customerContacts = [TeamMember(.named("Dora"))] })
      let changed = try await client.getDeal(deal).deal
      #expect(changed.customer.contacts.map(\.person.firstName) == ["Dora"])
      for (path, field) in [([UInt32(10)], "customer"), ([18], "consent")] {
        let refusal = try await refused { try await client.patch(deal, path: path) }
        #expect(refusal.violations.map(\.field) == [field], "\(refusal)")
        #expect(refusal.violations.map(\.reason) == ["R-403"], "\(refusal)")
      }
      try await world.invite(world.fabrikam, to: deal)
      let late = try await refused {
        try await client.patchDeal(
          deal, .only { $0.customerContacts = [TeamMember(.named("Elsa"))] })
      }
      #expect(late.violations.map(\.field) == ["customer.contacts"])
      #expect(late.violations.map(\.reason) == ["R-403"])
    }
  }

  @Test
  func
    `G24 ruling 10 section 3.4 lengths and counts beyond our limits are refused with limit and value`()
    async throws
  {
    let rows: [(field: String, limit: Int, fill: (inout NewDeal, Int) -> Void)] = [
      ("name", 256, { $0.name = String(repeating: "x", count: $1) }),
      ("notes", 10_000, { $0.notes = String(repeating: "x", count: $1) }),
      ("crm_id", 128, { $0.crmID = String(repeating: "x", count: $1) }),
      ("campaign_id", 128, { $0.campaignID = String(repeating: "x", count: $1) }),
      (
        "customer.address.line1", 256,
        { $0.customer.address.line1 = String(repeating: "x", count: $1) }
      ),
      ("team", 50, { $0.team = Array(repeating: TeamMember(.named("Ada")), count: $1) }),
      ("solutions", 50, { $0.solutions = Array(repeating: $0.solutions[0], count: $1) }),
    ]
    try await Ecosystem.run { world in
      let client = world.contoso.client
      for row in rows {
        var deal = NewDeal.complete(for: world.contoso)
        row.fill(&deal, row.limit)
        #expect(try await client.createDeal(deal).version == 1, "\(row.field)")
        row.fill(&deal, row.limit + 1)
        let refusal = try await refused { try await client.createDeal(deal) }
        #expect(refusal.violations.map(\.field) == [row.field], "\(refusal)")
        #expect(refusal.violations.map(\.reason) == ["G24"], "\(refusal)")
        let text = refusal.violations.first?.description ?? ""
        #expect(text.contains("\(row.limit)") && text.contains("\(row.limit + 1)"), "\(text)")
      }
      let deal = try await world.deal()
      let long = String(repeating: "x", count: 4_001)
      let wordy = try await refused {
        try await client.loseDeal(deal, reason: 1, notes: long)
      }
      #expect(wordy.violations.map(\.field) == ["notes"])
      #expect(wordy.violations.map(\.reason) == ["G24"])
      _ = try await client.loseDeal(deal, reason: 1, notes: String(long.dropLast()))
    }
  }

  @Test func `G24 one deal has twenty counterparts at most`() async throws {
    try await Ecosystem.run { world in
      let deal = try await world.deal()
      for number in 1...20 {
        let partner = try await world.join("Partner \(number)")
        try await world.invite(partner, to: deal)
      }
      let refusal = try await refused { try await world.invite(world.fabrikam, to: deal) }
      #expect(refusal.reason == "COUNTERPARTS_FULL" && refusal.message.contains("20"))
    }
  }
}
