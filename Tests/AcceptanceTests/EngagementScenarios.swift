// SPDX-License-Identifier: Apache-2.0
// Inviting, answering and sharing, over the wire.

import TandemClient
import Testing

struct EngagementScenarios {
  @Test func `scenario 7, R-301 R-302 accepting needs a name and is told to the sender`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, id) = try await world.invited()
      let fabrikam = world.fabrikam.client
      let nameless = try await refused { try await fabrikam.acceptDeal(id, Acceptance(name: "")) }
      #expect(nameless.violations.map(\.field) == ["name"])
      let early = try await refused { try await fabrikam.winDeal(id) }
      #expect(early.reason == "DEAL_NOT_ACCEPTED")
      _ = try await fabrikam.acceptDeal(id, Acceptance(name: "With Contoso"))
      let accepted = try await fabrikam.getDeal(id).deal
      #expect(accepted.status == .accepted && accepted.stage == 10)
      let told = try await world.contoso.deal(deal) { $0.cards.first?.status == .accepted }
      #expect(told.status == .accepted && told.partnerToPartner)
      let inbox = try await world.contoso.client.listNotifications()
      #expect(inbox.contains { $0.topic == .invitationAccepted && $0.deal == deal })
    }
  }

  @Test func `scenario 8, R-303 G31 declining needs a reason`() async throws {
    try await Ecosystem.run { world in
      let (deal, id) = try await world.invited()
      let silent = try await refused {
        try await world.fabrikam.client.declineDeal(id, reason: 0)
      }
      #expect(silent.violations.map(\.field) == ["reason"])
      let unknown = try await refused {
        try await world.fabrikam.client.declineDeal(id, reason: 9)
      }
      #expect(unknown.violations.map(\.field) == ["reason"])
      _ = try await world.fabrikam.client.declineDeal(id, reason: 4, notes: "no capacity")
      let told = try await world.contoso.deal(deal) { $0.cards.first?.status == .declined }
      #expect(told.cards.first?.closure?.reason == 4)
      #expect(told.cards.first?.closure?.notes == "no capacity")
    }
  }

  @Test func `scenario 9, R-304 section 10 after fourteen days it is too late`() async throws {
    try await Ecosystem.run { world in
      let (deal, id) = try await world.invited()
      try await world.pass(.seconds(14 * 86_400 - 60))
      #expect(try await world.fabrikam.client.getDeal(id).deal.status == .pending)
      try await world.pass(.seconds(60))
      _ = try await world.fabrikam.deal(id) { $0.status == .expired }
      let late = try await refused {
        try await world.fabrikam.client.acceptDeal(id, Acceptance(name: "Late"))
      }
      #expect(late.code == .failedPrecondition)
      _ = try await world.contoso.deal(deal) { $0.cards.first?.status == .expired }
      let inbox = try await world.contoso.client.listNotifications()
      #expect(inbox.contains { $0.topic == .invitationExpired && $0.deal == deal })
    }
  }

  @Test func `scenario 10, section 5.1 G08 when the vendor declines the deal goes on`() async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let made = try await contoso.client.createDeal(.coSell(for: contoso))
      let copy = try await world.vendor.inbound()
      _ = try await world.vendor.client.declineDeal(try #require(copy.id), reason: 5)
      let deal = try await contoso.deal(made.id) { $0.cards.first?.status == .declined }
      #expect(deal.status == .accepted && deal.baseKind == .coSell)
      let again = NewInvitation(help: .generalOrOther, solutionLines: deal.solutions.map(\.line))
      let refusal = try await refused {
        try await contoso.client.inviteToDeal(try #require(made.id), again)
      }
      #expect(refusal.code == .failedPrecondition)
    }
  }

  @Test func `scenario 11, R-206 section 7 a partner first, the vendor later`() async throws {
    try await Ecosystem.run { world in
      let id = try await world.invited().deal
      let deal = try await world.contoso.client.getDeal(id).deal
      #expect(deal.baseKind == .privateDeal && deal.partnerToPartner)
      var help = NewInvitation(help: .proofOfConcept, solutionLines: deal.solutions.map(\.line))
      help.customerConsent = true
      help.notes = "a proof of concept is wanted"
      _ = try await world.contoso.client.inviteToDeal(id, help)
      let upgraded = try await world.contoso.client.getDeal(id).deal
      #expect(upgraded.baseKind == .coSell && upgraded.partnerToPartner)
      #expect(upgraded.cards.count == 2)
      #expect(try await world.vendor.inbound().baseKind == .coSell)
    }
  }

  @Test func `section 7 G03 an accepted copy becomes what its deal becomes`() async throws {
    try await Ecosystem.run { world in
      let (id, copy) = try await world.invited()
      _ = try await world.fabrikam.client.acceptDeal(copy, Acceptance(name: "Ours"))
      let deal = try await world.contoso.client.getDeal(id).deal
      var help = NewInvitation(help: .proofOfConcept, solutionLines: deal.solutions.map(\.line))
      help.customerConsent = true
      help.notes = "a proof of concept is wanted"
      _ = try await world.contoso.client.inviteToDeal(id, help)
      let followed = try await world.fabrikam.deal(copy) { $0.baseKind == .coSell }
      #expect(followed.partnerToPartner && followed.sharedView?.baseKind == .coSell)
      #expect(try await world.vendor.inbound().partnerToPartner)
    }
  }

  @Test func `scenario 12, R-207 G18 G21 section 7 an invited partner invites nobody`() async throws
  {
    try await Ecosystem.run { world in
      let id = try await world.invited().copy
      _ = try await world.fabrikam.client.acceptDeal(id, Acceptance(name: "Ours"))
      let lines = try await world.fabrikam.client.getDeal(id).deal.solutions.map(\.line)
      for invitee in [world.contoso.id, world.vendor.id, nil] {
        let refusal = try await refused {
          try await world.fabrikam.client.inviteToDeal(
            id, NewInvitation(invitee, help: .generalOrOther, solutionLines: lines))
        }
        #expect(refusal.reason == "NOT_INITIATOR", "\(refusal)")
      }
    }
  }

  @Test func `scenario 13, R-205 the invitee's share is the invitee's`() async throws {
    try await Ecosystem.run { world in
      let (deal, id) = try await world.invited()
      #expect(try await world.fabrikam.client.getDeal(id).deal.value == Money("5000 EUR"))
      var acceptance = Acceptance(name: "Ours")
      acceptance.value = Money("6000 EUR")
      _ = try await world.fabrikam.client.acceptDeal(id, acceptance)
      _ = try await world.contoso.deal(deal) { $0.cards.first?.status == .accepted }
      var patch = DealPatch()
      patch.value = Money("7000 EUR")
      _ = try await world.contoso.client.patchDeal(deal, patch)
      #expect(try await world.fabrikam.client.getDeal(id).deal.value == Money("6000 EUR"))
      _ = try await world.fabrikam.client.patchDeal(id, patch)
      #expect(try await world.fabrikam.client.getDeal(id).deal.value == Money("7000 EUR"))
      // The inviter has no way to the card: a second invitation is none.
      let again = try await refused { try await world.invite(world.fabrikam, to: deal) }
      #expect(again.reason == "ALREADY_INVITED", "\(again)")
    }
  }

  @Test func `R-306 G11 the customer can be reached before the answer, not after a no`()
    async throws
  {
    try await Ecosystem.run { world in
      let id = try await world.invited().copy
      let copy = try await world.fabrikam.client.getDeal(id).deal
      #expect(copy.customer.name == "Adatum")
      #expect(copy.sharedView?.customerContacts.map(\.person.firstName) == ["Cora"])
      _ = try await world.fabrikam.client.declineDeal(id, reason: 1)
      let declined = try await world.fabrikam.client.getDeal(id).deal
      #expect(declined.sharedView == nil && declined.customer.contacts.isEmpty)
    }
  }

  @Test func `R-208 T4 who the seller is is told after acceptance only`() async throws {
    try await Ecosystem.run { world in
      let made = try await world.contoso.client.createDeal(
        .coSell(for: world.contoso))
      let copy = try await world.vendor.inbound()
      let pending = try await world.contoso.client.getDeal(try #require(made.id)).deal
      #expect(pending.cards.first?.team == [])
      var acceptance = Acceptance(name: "Theirs")
      acceptance.team = [TeamMember(.named("Sela"))]
      _ = try await world.vendor.client.acceptDeal(try #require(copy.id), acceptance)
      let told = try await world.contoso.deal(made.id) { $0.cards.first?.status == .accepted }
      #expect(told.cards.first?.team.map(\.person.firstName) == ["Sela"])
    }
  }

  @Test func `G27 T2 a deal that a seller starts belongs to the vendor`() async throws {
    try await Ecosystem.run { world in
      let vendor = world.vendor
      let made = try await vendor.client.createDeal(.complete(for: vendor))
      let lines = try await vendor.client.getDeal(try #require(made.id)).deal.solutions.map(\.line)
      _ = try await vendor.client.inviteToDeal(
        try #require(made.id),
        NewInvitation(
          world.contoso.id, help: .generalOrOther, value: Money("500 EUR"), solutionLines: lines))
      let copy = try await world.contoso.inbound()
      #expect(copy.initiator.id == vendor.id && copy.direction == .inbound)
      let id = try #require(copy.id)
      _ = try await world.contoso.client.acceptDeal(id, Acceptance(name: "Ours"))
      let refusal = try await refused {
        try await world.contoso.client.inviteToDeal(
          id, NewInvitation(world.fabrikam.id, help: .generalOrOther, solutionLines: lines))
      }
      #expect(refusal.reason == "NOT_INITIATOR")
    }
  }

  @Test func `G23 the owner edits while an invitation is pending`() async throws {
    try await Ecosystem.run { world in
      let (deal, id) = try await world.invited()
      var patch = DealPatch()
      patch.addedTeam = [TeamMember(.named("Cleo"))]
      patch.value = Money("99000 EUR")
      _ = try await world.contoso.client.patchDeal(deal, patch)
      let seen = try await world.fabrikam.client.getDeal(id).deal
      #expect(seen.value == Money("5000 EUR"))
    }
  }
}
