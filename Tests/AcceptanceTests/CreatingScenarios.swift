// SPDX-License-Identifier: Apache-2.0
// Creating deals, over the wire.

import TandemClient
import Testing

struct CreatingScenarios {
  @Test func `scenario 1, R-112 R-114 R-553 T1 without help a deal is private, accepted, outbound`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      var options = ChangeOptions()
      options.returnsDeal = true
      let made = try await contoso.client.createDeal(
        .complete(for: contoso), options: options)
      let deal = try #require(made.deal)
      #expect(deal.baseKind == .privateDeal && !deal.partnerToPartner)
      #expect(deal.status == .accepted && deal.direction == .outbound && deal.stage == 10)
      #expect(deal.acceptedAt == deal.createdAt)
      var outbound = DealFilter()
      outbound.direction = .outbound
      var listed: [ID?] = []
      for try await row in contoso.client.listDeals(outbound) { listed.append(row.deal.id) }
      #expect(listed == [made.id])
    }
  }

  @Test
  func
    `scenario 3, R-103 R-203 G02 help needs a contact of the customer, and the vendor sees none`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      var deal = NewDeal.coSell(for: contoso)
      deal.customer.contacts = []
      let none = try await refused { try await contoso.client.createDeal(deal) }
      #expect(none.violations.contains { $0.field.hasPrefix("customer.contacts") })
      deal.customer.contacts = [TeamMember(.named("Cora"))]
      deal.customer.contacts[0].person.email = ""
      let incomplete = try await refused { try await contoso.client.createDeal(deal) }
      #expect(incomplete.violations.contains { $0.field.hasPrefix("customer.contacts") })
      deal = .coSell(for: contoso)
      deal.consent.customerContact = false
      let silent = try await refused { try await contoso.client.createDeal(deal) }
      #expect(silent.violations.contains { $0.field.hasPrefix("consent") })
      _ = try await contoso.client.createDeal(.complete(for: contoso))
      for try await row in world.vendor.client.listDeals() {
        Issue.record("the vendor sees \(row.deal.name)")
      }
    }
  }

  @Test func `scenario 4, R-113 R-202 G09 help makes a co-sell deal and a copy at the vendor`()
    async throws
  {
    try await Ecosystem.run { world in
      let made = try await world.contoso.client.createDeal(
        .coSell(for: world.contoso))
      let copy = try await world.vendor.inbound()
      #expect(copy.status == .pending && copy.baseKind == .coSell)
      let sent = try #require(copy.invitation?.sentAt)
      let fortnight = Moment(milliseconds: sent.milliseconds + 14 * 24 * 3_600_000)
      #expect(copy.respondBy == fortnight)
      let deal = try await world.contoso.client.getDeal(try #require(made.id)).deal
      #expect(deal.baseKind == .coSell && deal.status == .accepted)
      #expect(deal.cards.map(\.status) == [.pending])
      #expect(deal.cards.first?.organisation.id == world.vendor.id)
    }
  }

  @Test func `scenario 5 without team, a whole member or a solution nothing is made`() async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      var bare = NewDeal.complete(for: contoso)
      bare.team = []
      bare.solutions = []
      let both = try await refused { try await contoso.client.createDeal(bare) }
      #expect(Set(both.violations.map(\.field)).isSuperset(of: ["team", "solutions"]))
      var half = NewDeal.complete(for: contoso)
      half.team[0].person.phone = ""
      let incomplete = try await refused { try await contoso.client.createDeal(half) }
      #expect(incomplete.violations.map(\.field) == ["team[0].person.phone"])
      for try await _ in contoso.client.listDeals() { Issue.record("a deal was made") }
    }
  }
}
