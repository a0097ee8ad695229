// SPDX-License-Identifier: Apache-2.0
// Editing, closing and seeing deals, over the wire.

import TandemClient
import Testing

struct WorkingScenarios {
  @Test func `scenario 14, R-402 the location stays`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let made = try await client.createDeal(.complete(for: world.contoso))
      let actions = try await client.describeDealActions(try #require(made.id))
      let verdict = actions.fields.first { $0.path == "location_id" }
      #expect(verdict?.isEditable == false && verdict?.rule == "R-402")
    }
  }

  @Test func `scenario 15, R-406 R-501 R-503 R-504 R-505 G28 what has ended stays as it is`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var ends: [(DealStatus, (ID) async throws -> Void)] = []
      ends.append((.won, { _ = try await client.winDeal($0) }))
      ends.append((.lost, { _ = try await client.loseDeal($0, reason: 3) }))
      ends.append((.error, { _ = try await client.closeDealAsError($0, reason: 1) }))
      for (status, end) in ends {
        let made = try await client.createDeal(.complete(for: world.contoso))
        let id = try #require(made.id)
        try await end(id)
        var patch = DealPatch()
        patch.notes = "too late"
        let before = try await client.getDeal(id).deal
        #expect(before.status == status && before.closedAt != nil)
        #expect(before.value == Money("25000 EUR") && before.closeDate != nil)
        let edited = try await refused { try await client.patchDeal(id, patch) }
        #expect(edited.reason == "DEAL_CLOSED" && edited.message.contains("T10"))
        let won = try await refused { try await client.winDeal(id) }
        #expect(won.reason == "DEAL_CLOSED")
        #expect(try await client.getDeal(id).deal == before)
        var filter = DealFilter()
        filter.statuses = [status]
        var listed: [ID?] = []
        for try await row in client.listDeals(filter) { listed.append(row.deal.id) }
        #expect(listed == [id])
      }
    }
  }

  @Test
  func `scenario 17, T7 R-806 G14 section 10 winning at 71 hours is warned about, at 72 it is not`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let early = try await client.createDeal(.complete(for: world.contoso))
      let late = try await client.createDeal(.complete(for: world.contoso))
      try await world.pass(.seconds(71 * 3_600))
      let warned = try await client.winDeal(try #require(early.id))
      #expect(warned.warnings.map(\.code) == ["CLOSED_WITHIN_72H"])
      #expect(try await client.getDeal(try #require(early.id)).deal.stage == 100)
      try await world.pass(.seconds(3_600))
      #expect(try await client.winDeal(try #require(late.id)).warnings.isEmpty)
    }
  }

  @Test func `scenario 21, R-701 G20 G33 a user beside the team sees nothing, on it the deal`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let place = try await contoso.client.addLocation(name: "Berlin", country: "DE")
      let uma = try await contoso.user("Uma", .referralsUser, at: [place])
      let made = try await contoso.client.createDeal(.complete(for: contoso, at: place))
      let id = try #require(made.id)
      let hidden = try await refused { try await uma.getDeal(id) }
      #expect(hidden.code == .notFound)
      for try await _ in uma.listDeals() { Issue.record("Uma sees a deal") }
      var patch = DealPatch()
      patch.addedTeam = [TeamMember(.named("Uma"))]
      _ = try await contoso.client.patchDeal(id, patch)
      #expect(try await uma.getDeal(id).deal.id == id)
    }
  }

  @Test func `scenario 22, R-703 G32 a global administrator sees all`() async throws {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let place = try await contoso.client.addLocation(name: "Berlin", country: "DE")
      for role in [Role.referralsAdmin, .partnerAdmin] {
        let global = try await contoso.user("Gus\(role.rawValue)", role)
        let made = try await contoso.client.createDeal(.complete(for: contoso, at: place))
        #expect(try await global.getDeal(try #require(made.id)).deal.location == place)
      }
    }
  }

  @Test func `scenario 23, R-551 R-552 G19 a favourite is one user's mark`() async throws {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let gus = try await contoso.user("Gus", .referralsAdmin)
      let made = try await contoso.client.createDeal(.complete(for: contoso))
      let id = try #require(made.id)
      func marked(_ client: Client) async throws -> [ID?] {
        var filter = DealFilter()
        filter.favouritesOnly = true
        var ids: [ID?] = []
        for try await row in client.listDeals(filter) { ids.append(row.deal.id) }
        return ids
      }
      let before = try await contoso.client.getDeal(id).deal
      try await contoso.client.setFavourite(id, true)
      #expect(try await marked(contoso.client) == [id])
      #expect(try await marked(gus).isEmpty)
      #expect(try await contoso.client.getDeal(id).deal == before)
      try await contoso.client.setFavourite(id, false)
      #expect(try await marked(contoso.client).isEmpty)
    }
  }

  @Test func `scenario 24, section 3.2h G29 G30 the second change on one version conflicts`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let made = try await client.createDeal(.complete(for: world.contoso))
      let id = try #require(made.id)
      var options = ChangeOptions()
      options.baseVersion = made.version
      var patch = DealPatch()
      patch.notes = "first"
      options.call.idempotencyKey = Array("first-change".utf8)
      #expect(try await client.patchDeal(id, patch, options: options).isReplayed == false)
      #expect(try await client.patchDeal(id, patch, options: options).isReplayed)
      options.call.idempotencyKey = []
      patch.notes = "second"
      let conflict = try await refused { try await client.patchDeal(id, patch, options: options) }
      #expect(conflict.reason == "CONFLICT")
      #expect(conflict.violations.map(\.field) == ["notes"])
      #expect(try await client.patchDeal(id, patch).version == made.version + 2)
    }
  }

  @Test func `scenario 27, R-601 R-605 G07 fifty-five per cent is developed`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let made = try await client.createDeal(.complete(for: world.contoso))
      let id = try #require(made.id)
      var patch = DealPatch()
      patch.stage = 55
      let change = try await client.patchDeal(id, patch)
      #expect(change.warnings.map(\.code) == ["STAGE_MAPPED"])
      #expect(try await client.getDeal(id).deal.stage == 40)
      // Every number from 0 on is the stage at or below it, the first where there is none.
      for (number, stage) in [(0, 10), (5, 10), (99, 80), (55, 40)] as [(UInt32, UInt32)] {
        patch.stage = number
        let mapped = try await client.patchDeal(id, patch)
        #expect(mapped.warnings.map(\.code) == ["STAGE_MAPPED"], "\(number)")
        #expect(try await client.getDeal(id).deal.stage == stage, "\(number)")
      }
      let now = try await client.getDeal(id).deal.version
      // Stages may be left out: the deal is won from here.
      #expect(try await client.winDeal(id).version == now + 1)
    }
  }

  @Test func `R-401 R-407 section 9 an accepted deal is edited until its end`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let made = try await client.createDeal(.complete(for: world.contoso))
      let id = try #require(made.id)
      var patch = DealPatch()
      patch.name = "Renamed"
      patch.value = Money("1 EUR")
      patch.closeDate = Moment(day: "2100-01-01")
      patch.notes = "called"
      patch.crmID = "C-2"
      patch.campaignID = "spring"
      patch.addedTeam = [TeamMember(.named("Cleo"))]
      patch.addedSolutions = NewDeal.complete(for: world.contoso).solutions
      _ = try await client.patchDeal(id, patch)
      let deal = try await client.getDeal(id).deal
      #expect(deal.name == "Renamed" && deal.value == Money("1 EUR") && deal.notes == "called")
      #expect(deal.crmID == "C-2" && deal.campaignID == "spring")
      #expect(deal.team.count == 2 && deal.solutions.count == 2)
    }
  }

  @Test func `R-503 section 11 G10 G15 an invited partner reports what its copy ended with`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited()
      let tailspin = try await world.join("Tailspin")
      try await world.invite(tailspin, to: deal)
      let other = try await world.copy(of: deal, at: tailspin)
      let fabrikam = world.fabrikam.client
      _ = try await fabrikam.acceptDeal(copy, Acceptance(name: "Ours"))
      _ = try await tailspin.client.acceptDeal(other, Acceptance(name: "Theirs"))
      _ = try await fabrikam.patchDeal(
        copy,
        .only {
          $0.value = Money("4321 EUR")
          $0.closeDate = Moment(day: "2099-04-30")
          $0.notes = "kept at home"
        })
      _ = try await fabrikam.winDeal(copy)
      let won = try await world.contoso.deal(deal) { $0.cards.first?.status == .won }
      let report = try #require(won.cards.first?.report)
      #expect(report.value == Money("4321 EUR") && report.reason == 0)
      #expect(report.closeDate == Moment(day: "2099-04-30"))
      let closedAt = try await fabrikam.getDeal(copy).deal.closedAt
      #expect(report.closedAt == closedAt)
      _ = try await tailspin.client.loseDeal(other, reason: 3, notes: "kept at home")
      let lost = try await world.contoso.deal(deal) { $0.cards.last?.status == .lost }
      #expect(lost.cards.last?.report?.reason == 3 && lost.cards.last?.closure == nil)
      #expect(lost.cards.last?.report?.value == Money("5000 EUR"))
      let told = try text(of: try await world.contoso.client.history(of: deal))
      #expect(told.contains("\"units\":4321") && !told.contains("kept at home"))
      // What the partners reported is for Contoso alone.
      for (client, id) in [(tailspin.client, other), (fabrikam, copy)] {
        let seen = try await client.getDeal(id).deal
        #expect(try !text(of: seen.sharedView).contains("units") && seen.cards.isEmpty)
      }
    }
  }
}
