// SPDX-License-Identifier: Apache-2.0
// What the vendor that is asked for help reads of the partner's own deal, over the wire.

import TandemClient
import Testing

struct VendorReading {
  @Test
  func
    `section 5.2 section 11 G23 who read a deal and is asked for help still reads it, and its changes`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso.client
      let (deal, copy) = try await world.shown { $0.name = "Umzug" }
      #expect(try await world.vendor.client.getDeal(copy).deal.name == "Umzug")
      try await world.invite(world.vendor, to: deal) { $0.customerConsent = true }
      let asked = try await world.vendor.deal(copy) { $0.status == .pending }
      let mine = try await contoso.getDeal(deal).deal
      #expect(asked.name.isEmpty && asked.value == Money("5000 EUR"))
      #expect(asked.sharedView?.details?.name == "Umzug")
      try expect(asked, shows: mine)
      // While the vendor thinks about it, and after it accepted.
      for (name, stage) in [("Umzug Nord", 40), ("Umzug Nord und West", 60)] as [(String, UInt32)] {
        _ = try await contoso.patchDeal(
          deal,
          .only {
            $0.name = name
            $0.value = Money("\(stage)000 EUR")
            $0.closeDate = Moment(day: "2099-0\(stage / 10)-01")
            $0.stage = stage
          })
        let following = try await world.vendor.deal(copy) {
          $0.sharedView?.details?.name == name
        }
        try expect(following, shows: try await contoso.getDeal(deal).deal)
        if stage == 40 {
          #expect(following.status == .pending)
          _ = try await world.vendor.client.acceptDeal(copy, Acceptance(name: "Desk"))
        }
      }
      // Its own copy is its own.
      let own = try await world.vendor.client.getDeal(copy).deal
      #expect(own.name == "Desk" && own.value == Money("5000 EUR") && own.stage == 10)
      _ = try await contoso.winDeal(deal)
      let won = try await world.vendor.deal(copy) { $0.sharedView?.initiatorStatus == .won }
      #expect(won.sharedView?.details?.stage == 100 && won.status == .accepted)
    }
  }

  private func expect(_ copy: Deal, shows deal: Deal) throws {
    let details = try #require(copy.sharedView?.details)
    #expect(details.name == deal.name && details.value == deal.value)
    #expect(details.closeDate == deal.closeDate && details.stage == deal.stage)
    #expect(details.solutions.map(\.line) == deal.solutions.map(\.line))
    // What is one's own company's to the partner is a third party's to the vendor.
    #expect(deal.solutions.map(\.group) == [.ownCompany])
    #expect(details.solutions.map(\.group) == [.otherThirdParty])
  }

  @Test func `section 11 R-203 after its no the vendor reads nothing more of the deal`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.asked { $0.name = "Umzug" }
      _ = try await world.vendor.client.declineDeal(copy, reason: 4)
      _ = try await world.contoso.deal(deal) { $0.cards.first?.status == .declined }
      _ = try await world.contoso.client.patchDeal(deal, .only { $0.name = "afterwards" })
      // Messages arrive in order: what comes of this deal comes after all that could have come.
      _ = try await world.shown()
      let declined = try await world.vendor.client.getDeal(copy).deal
      #expect(declined.sharedView == nil && declined.status == .declined)
    }
  }

  @Test func `section 11 G23 a partner that has not answered is not told of the inviter's edits`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited { $0.name = "Umzug" }
      let before = try await world.fabrikam.client.getDeal(copy).deal
      _ = try await world.contoso.client.patchDeal(
        deal,
        .only {
          $0.name = "afterwards"
          $0.notes = "afterwards"
          $0.addedTeam = [TeamMember(.named("Bo"))]
        })
      _ = try await world.invited()
      #expect(try await world.fabrikam.client.getDeal(copy).deal == before)
      #expect(before.sharedView?.details == nil)
      _ = try await world.fabrikam.client.acceptDeal(copy, Acceptance(name: "Ours"))
      let accepted = try await world.fabrikam.deal(copy) { $0.sharedView?.team.count == 2 }
      #expect(accepted.sharedView?.details == nil && accepted.sharedView?.notes == "")
    }
  }

  @Test
  func `section 3.3 G11 G23 R-403 a contact that comes later reaches who has not answered yet`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited { $0.customer.contacts = [] }
      let before = try await world.fabrikam.client.getDeal(copy).deal
      #expect(before.sharedView?.customerContacts.isEmpty == true)
      let contoso = world.contoso.client
      _ = try await contoso.patchDeal(
        deal, .only { $0.customerContacts = [TeamMember(.named("Neo"))] })
      let told = try await world.fabrikam.deal(copy) {
        $0.sharedView?.customerContacts.map(\.person.firstName) == ["Neo"]
      }
      #expect(told.status == .pending && told.sharedView?.team == before.sharedView?.team)
      let refusal = try await refused {
        try await contoso.patchDeal(
          deal, .only { $0.customerContacts = [TeamMember(.named("Zoe"))] })
      }
      #expect(refusal.violations.map(\.reason) == ["R-403"])
      // G11: gone with a no; what comes after that nobody was shown, so it may change.
      _ = try await world.fabrikam.client.declineDeal(copy, reason: 2)
      #expect(try await world.fabrikam.client.getDeal(copy).deal.sharedView == nil)
      let (other, late) = try await world.invited {
        $0.name = "Umzug"
        $0.customer.contacts = []
      }
      _ = try await world.fabrikam.client.declineDeal(late, reason: 2)
      _ = try await world.contoso.deal(other) { $0.cards.first?.status == .declined }
      for name in ["Neo", "Zoe"] {
        _ = try await contoso.patchDeal(
          other, .only { $0.customerContacts = [TeamMember(.named(name))] })
      }
      let locked = try await contoso.describeDealActions(other).fields.first {
        $0.path == "customer.contacts"
      }
      #expect(locked?.isEditable == true)
    }
  }
}
