// SPDX-License-Identifier: Apache-2.0
// Rulings on top of domain.md, over the wire; those with a theme of their own are with it.

import TandemClient
import Testing

struct DomainRulings {
  @Test func `ruling 16 an invitation is answered or ends, and is never taken back`() async throws {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited()
      let client = world.contoso.client
      let methods = try await client.describe().methods.map { $0.name.lowercased() }
      #expect(!methods.contains { $0.contains("withdraw") || $0.contains("cancel") })
      let cards = try await client.getDeal(deal).deal.cards
      let refusal = try await refused { try await client.patch(deal, path: [29]) }
      #expect(refusal.violations.map(\.reason) == ["section 5.3"])
      #expect(try await client.getDeal(deal).deal.cards == cards)
      #expect(try await world.fabrikam.client.getDeal(copy).deal.status == .pending)
    }
  }

  @Test func `ruling 17 cards, eligibility and favourites move on an ended deal, nothing else`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let (deal, copy) = try await world.asked()
      _ = try await client.winDeal(deal)
      let ended = try await client.getDeal(deal).deal
      let vendorAccepted = { () async throws -> Bool? in
        try await client.describeEligibility(of: deal).criteria
          .first { $0.criterion == .vendorAccepted }?.isMet
      }
      #expect(try await vendorAccepted() == false)
      _ = try await world.vendor.client.acceptDeal(copy, Acceptance(name: "Theirs"))
      var moved = try await world.contoso.deal(deal) { $0.cards.first?.status == .accepted }
      #expect(try await vendorAccepted() == true)
      try await client.setFavourite(deal, true)
      #expect(try await client.getDeal(deal).isFavourite)
      moved.cards = ended.cards
      moved.version = ended.version
      moved.updatedAt = ended.updatedAt
      #expect(moved == ended)
    }
  }

  @Test
  func `ruling 19 an inbound copy stands for the whole organisation unless a rule says other`()
    async throws
  {
    try await Ecosystem.run { world in
      let fabrikam = world.fabrikam
      let place = try await world.contoso.client.addLocation(name: "Berlin", country: "DE")
      let plain = try await world.invited { $0.location = place }.copy
      #expect(try await fabrikam.client.getDeal(plain).deal.location == fabrikam.everywhere)
      let paris = try await fabrikam.client.addLocation(name: "Paris", country: "FR")
      var routing = Routing()
      routing.defaultLocation = paris
      try await fabrikam.client.setRoutingRules(routing)
      let vendor = world.vendor
      let own = try #require(try await vendor.client.createDeal(.complete(for: vendor)).id)
      let lines = try await vendor.client.getDeal(own).deal.solutions.map(\.line)
      _ = try await vendor.client.inviteToDeal(
        own,
        NewInvitation(
          fabrikam.id, help: .generalOrOther, value: Money("500 EUR"), solutionLines: lines))
      let routed = try await eventually {
        try await fabrikam.list().first { $0.initiator.id == vendor.id }
      }
      #expect(routed.location == paris)
      // What came before stays where it came.
      #expect(try await fabrikam.client.getDeal(plain).deal.location == fabrikam.everywhere)
    }
  }

  @Test func `ruling 20, R-201 help from a vendor that must not see the deal is refused`()
    async throws
  {
    try await Ecosystem.run { world in
      var deal = NewDeal.coSell(for: world.contoso)
      deal.isVisibleToVendor = false
      let refusal = try await refused { try await world.contoso.client.createDeal(deal) }
      #expect(refusal.violations.map(\.field) == ["visible_to_vendor"])
      #expect(refusal.violations.map(\.reason) == ["R-201"])
      #expect(try await world.contoso.list().isEmpty)
      #expect(try await world.vendor.list().isEmpty)
    }
  }

  @Test func `ruling 21, section 20 search and filters combine`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let open = try await world.deal { $0.name = "Harbour cranes" }
      let lost = try await world.deal { $0.name = "Harbour lights" }
      let other = try await world.deal { $0.name = "Airport" }
      _ = try await client.loseDeal(lost, reason: 1)
      let found = try await client.list { filter in
        filter.statuses = [.accepted]
        filter.allOf = [[.text(.text, .contains, ["harbour"])]]
      }
      #expect(found.map(\.id) == [open])
      let either = try await client.list { filter in
        filter.allOf = [
          [.text(.text, .contains, ["harbour"]), .text(.name, .begins, ["Air"])],
          [.status([.accepted])],
        ]
      }
      #expect(Set(either.map(\.id)) == [open, other])
    }
  }

  @Test func `ruling 22 notes are optional, help without words is warned about`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var silent = NewDeal.coSell(for: world.contoso)
      silent.notesToVendor = " "
      let created = try await client.createDeal(silent)
      #expect(created.warnings.map(\.code).contains("HELP_NOT_EXPLAINED"))
      silent.notesToVendor = "please have a look at it"
      let vague = try await client.createDeal(silent)
      let warning = vague.warnings.first { $0.code == "HELP_NOT_EXPLAINED" }
      #expect(warning?.text.contains("proof of concept or demo") == true)
      silent.notesToVendor = "A Proof of Concept, please"
      let told = try await client.createDeal(silent)
      #expect(!told.warnings.map(\.code).contains("HELP_NOT_EXPLAINED"))
      let deal = try await world.deal()
      let lines = try await client.getDeal(deal).deal.solutions.map(\.line)
      let invited = try await client.inviteToDeal(
        deal,
        NewInvitation(
          world.fabrikam.id, help: .generalOrOther, value: Money("500 EUR"), solutionLines: lines))
      #expect(invited.warnings.map(\.code).contains("HELP_NOT_EXPLAINED"))
    }
  }

  @Test func `ruling 22 each kind of help is named by the words that the rules tell`() async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let rules = try await client.describeRules(lists: ["help_codes"])
      let kinds = try #require(rules.lists.first).choices
      #expect(kinds.count == HelpCode.allCases.count - 1)
      let deal = try await world.deal()
      let lines = try await client.getDeal(deal).deal.solutions.map(\.line)
      func isWarned(_ help: HelpCode, _ notes: String) async throws -> Bool {
        var invitation = NewInvitation(
          world.fabrikam.id, help: help, value: Money("500 EUR"), solutionLines: lines)
        invitation.notes = notes
        var options = ChangeOptions()
        options.validatesOnly = true
        let answer = try await client.inviteToDeal(deal, invitation, options: options)
        return answer.warnings.contains { $0.code == "HELP_NOT_EXPLAINED" }
      }
      for help in HelpCode.allCases where help != .unspecified {
        let place = try #require(HelpCode.allCases.firstIndex(of: help))
        let kind = try #require(kinds.first { $0.code == UInt32(place) })
        #expect(try await isWarned(help, ""))
        #expect(try await isWarned(help, "hello there") == (help != .generalOrOther))
        #expect(kind.namedBy.isEmpty == (help == .generalOrOther))
        for word in kind.namedBy.prefix(3) {
          #expect(try await !isWarned(help, "Hello, \(word.uppercased()) is wanted"), "\(word)")
        }
      }
    }
  }

  @Test func `ruling 23, R-205 what an invitation leaves out is taken from the deal, and said`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let deal = try await world.deal { $0.team.append(TeamMember(.named("Bo"))) }
      let mine = try await client.getDeal(deal).deal
      var invitation = NewInvitation(
        world.fabrikam.id, help: .generalOrOther, solutionLines: mine.solutions.map(\.line))
      invitation.notes = "see above"
      let unpriced = try await refused { try await client.inviteToDeal(deal, invitation) }
      #expect(unpriced.violations.map(\.field) == ["value"], "\(unpriced)")
      #expect(unpriced.violations.map(\.reason) == ["R-205"])
      invitation.value = Money("777 EUR")
      let answer = try await client.inviteToDeal(deal, invitation)
      let filled = try #require(answer.warnings.first { $0.code == "PREFILLED" })
      for field in ["close_date_ms", "team_lines"] {
        #expect(filled.text.contains(field), "\(field)")
      }
      #expect(!filled.text.contains("value"))
      let copy = try await world.copy(of: deal, at: world.fabrikam)
      let offered = try await world.fabrikam.client.getDeal(copy).deal.invitation
      #expect(offered?.closeDate == mine.closeDate && offered?.value == Money("777 EUR"))
      #expect(offered?.team == mine.team)
      // What is said is not filled, and not spoken of.
      let tailspin = try await world.join("Tailspin")
      invitation.organisation = tailspin.id
      invitation.value = Money("1 EUR")
      invitation.closeDate = Moment(day: "2095-01-01")
      invitation.teamLines = [try #require(mine.team.last?.line)]
      #expect(try await client.inviteToDeal(deal, invitation).warnings.isEmpty)
      let second = try await world.copy(of: deal, at: tailspin)
      let exact = try await tailspin.client.getDeal(second).deal.invitation
      #expect(exact?.value == Money("1 EUR") && exact?.team.map(\.person.firstName) == ["Bo"])
    }
  }

  @Test func `ruling 24, invariant 12 duplicates are sought among the caller's own copies only`()
    async throws
  {
    try await Ecosystem.run { world in
      func warns(_ company: Company, _ deal: NewDeal) async throws -> Bool {
        var dry = ChangeOptions()
        dry.validatesOnly = true
        return try await company.client.createDeal(deal, options: dry).warnings
          .contains { $0.code == "POSSIBLE_DUPLICATE" }
      }
      let contoso = world.contoso
      var deal = NewDeal.complete(for: contoso)
      #expect(try await !warns(contoso, deal))
      let first = try await world.deal()
      #expect(try await warns(contoso, deal))
      // The same customer and solution at another organisation tell it nothing.
      let shelf = try await eventually {
        let rows = try await world.fabrikam.client.listSolutions().rows
        return rows.contains { $0.solution.id == contoso.solution } ? rows : nil
      }
      #expect(!shelf.isEmpty)
      deal.location = world.fabrikam.everywhere
      #expect(try await !warns(world.fabrikam, deal))
      // Nor what the caller may not see.
      let place = try await contoso.client.addLocation(name: "Berlin", country: "DE")
      let uma = try await contoso.user("Uma", .referralsUser, at: [place])
      var dry = ChangeOptions()
      dry.validatesOnly = true
      let hers = try await uma.createDeal(.complete(for: contoso, at: place), options: dry)
      #expect(!hers.warnings.contains { $0.code == "POSSIBLE_DUPLICATE" })
      // An ended deal is none.
      deal.location = contoso.everywhere
      _ = try await contoso.client.loseDeal(first, reason: 1)
      #expect(try await !warns(contoso, deal))
    }
  }
}
