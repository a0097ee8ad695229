// SPDX-License-Identifier: Apache-2.0
// A realm that lets the vendor be asked once more after its no (domain.md 25a, G08), over the wire.

import TandemClient
import Testing

struct VendorRetryScenarios {
  /// The vendor's copies of a deal, the oldest first.
  private func copies(_ world: Ecosystem, of deal: ID, count: Int) async throws -> [Deal] {
    let engagement = try #require(
      try await world.contoso.client.getDeal(deal).deal.engagement)
    return try await eventually {
      let found = try await world.vendor.list { $0.allOf = [[.ids(.engagement, [engagement])]] }
      let sorted = found.sorted {
        ($0.createdAt?.milliseconds ?? 0) < ($1.createdAt?.milliseconds ?? 0)
      }
      return sorted.count == count ? sorted : nil
    }
  }

  private func verdict(_ world: Ecosystem, on deal: ID) async throws -> ActionVerdict {
    let told = try await world.contoso.client.describeDealActions(deal)
    return try #require(told.actions.first { $0.action == .inviteVendor })
  }

  private func ask(_ world: Ecosystem, for deal: ID, isDry: Bool = false) async throws {
    let lines = try await world.contoso.client.getDeal(deal).deal.solutions.map(\.line)
    var invitation = NewInvitation(help: .technicalArchitecture, solutionLines: lines)
    invitation.notes = "asked once more"
    var options = ChangeOptions()
    options.validatesOnly = isDry
    _ = try await world.contoso.client.inviteToDeal(deal, invitation, options: options)
  }

  @Test func `section 25a G08 the vendor is asked once more after a no, and never a third time`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, first) = try await world.asked()
      try await world.rule { $0.vendorRetries = 1 }
      let early = try await refused { try await ask(world, for: deal) }
      #expect(early.reason == "ALREADY_INVITED" && early.message.contains("after its no"))
      #expect(try await verdict(world, on: deal).rule == "ALREADY_INVITED")

      _ = try await world.vendor.client.declineDeal(first, reason: 1)
      _ = try await world.contoso.deal(deal) { $0.cards.map(\.status) == [.declined] }
      #expect(try await verdict(world, on: deal).isAllowed)
      try await ask(world, for: deal, isDry: true)
      #expect(try await world.contoso.client.getDeal(deal).deal.cards.count == 1)
      try await ask(world, for: deal)
      let mine = try await world.contoso.client.getDeal(deal).deal
      #expect(mine.cards.map(\.status) == [.declined, .pending])
      #expect(mine.cards.last?.content?.notes == "asked once more")
      let pair = try await copies(world, of: deal, count: 2)
      #expect(pair.map(\.status) == [.declined, .pending] && pair.first?.id == first)
      let second = try #require(pair.last?.id)
      let twice = try await refused { try await ask(world, for: deal) }
      #expect(twice.reason == "ALREADY_INVITED")

      _ = try await world.vendor.client.declineDeal(second, reason: 2)
      _ = try await world.contoso.deal(deal) { $0.cards.map(\.status) == [.declined, .declined] }
      for isDry in [true, false] {
        let last = try await refused { try await ask(world, for: deal, isDry: isDry) }
        #expect(last.reason == "ALREADY_INVITED" && last.message.contains("2 times"))
      }
      #expect(try await verdict(world, on: deal).rule == "ALREADY_INVITED")
    }
  }

  @Test func `section 25a G08 who was late is asked again, is given time, accepts and works on it`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      try await world.rule { change in
        change.vendorRetries = 1
        change.counterpartsMaximum = 1
      }
      let (deal, first) = try await world.asked()
      try await world.pass(.seconds(15 * 86_400))
      _ = try await world.contoso.deal(deal) { $0.cards.map(\.status) == [.expired] }
      // Who is asked again takes no other's place.
      try await ask(world, for: deal)
      let second = try #require(try await copies(world, of: deal, count: 2).last)
      let id = try #require(second.id)
      let sent = try #require(second.invitation?.sentAt)
      #expect(second.respondBy?.milliseconds == sent.milliseconds + 14 * 86_400_000)
      _ = try await client.extendInvitation(deal, of: world.vendor.id, until: .daysLater(2))
      _ = try await world.contoso.deal(deal) { $0.cards.last?.respondBy != nil }
      try await world.pass(.seconds(15 * 86_400))
      var acceptance = Acceptance(name: "Theirs")
      acceptance.team = [TeamMember(.named("Sela"))]
      _ = try await world.vendor.client.acceptDeal(id, acceptance)
      let seen = try await world.contoso.deal(deal) {
        $0.cards.map(\.status) == [.expired, .accepted]
      }
      #expect(seen.cards.last?.team.map(\.person.firstName) == ["Sela"])
      #expect(seen.cards.first?.team.isEmpty == true)
      _ = try await client.patchDeal(deal, .only { $0.notes = "for both" })
      _ = try await world.vendor.deal(id) { $0.sharedView?.notes == "for both" }
      let old = try await world.vendor.client.getDeal(first).deal
      #expect(old.status == .expired && old.sharedView == nil)
      let causes = try await world.vendor.client.history(of: id).map(\.cause)
      #expect(causes.first == .invitationReceived && causes.contains(.reminded))
      _ = try await world.vendor.client.winDeal(id)
      _ = try await world.contoso.deal(deal) { $0.cards.map(\.status) == [.expired, .won] }
      let partner = try await refused { try await world.invite(world.fabrikam, to: deal) }
      #expect(partner.reason == "COUNTERPARTS_FULL")
    }
  }

  @Test
  func `section 25a G08 the vendor follows its new copy in its feed, and the old one is over`()
    async throws
  {
    try await Ecosystem.run { world in
      try await world.rule { $0.vendorRetries = 1 }
      let (deal, first) = try await world.asked()
      _ = try await world.vendor.client.declineDeal(first, reason: 1)
      _ = try await world.contoso.deal(deal) { $0.cards.map(\.status) == [.declined] }
      var feed = world.vendor.client.watch(includesProgress: true).makeAsyncIterator()
      while let item = try await feed.next(), !item.isProgress {}
      try await ask(world, for: deal)
      let new = try #require(try await copies(world, of: deal, count: 2).last?.id)
      var told: [ID?] = []
      while told.isEmpty, let item = try await feed.next() { told += item.events.map(\.deal) }
      #expect(told == [new] && new != first)
      // Partners are invited once, whatever the policy.
      let (other, copy) = try await world.invited { $0.name = "Another" }
      _ = try await world.fabrikam.client.declineDeal(copy, reason: 1)
      _ = try await world.contoso.deal(other) { $0.cards.map(\.status) == [.declined] }
      let again = try await refused { try await world.invite(world.fabrikam, to: other) }
      #expect(again.reason == "ALREADY_INVITED" && again.message.contains("G08"))
    }
  }
}
