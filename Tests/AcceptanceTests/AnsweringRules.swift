// SPDX-License-Identifier: Apache-2.0
// What answers, ends and windows do to the other copies, over the wire.

import TandemClient
import Testing

struct AnsweringRules {
  private func topics(_ company: Company, about deal: ID) async throws -> [NotificationTopic] {
    try await company.client.listNotifications().filter { $0.deal == deal }.map(\.topic)
  }

  @Test func `T2 G01 inbound is every copy that another organisation began`() async throws {
    try await Ecosystem.run { world in
      let fromPartner = try await world.invited().copy
      let vendor = world.vendor
      let own = try #require(
        try await vendor.client.createDeal(.complete(for: vendor)).id)
      let lines = try await vendor.client.getDeal(own).deal.solutions.map(\.line)
      _ = try await vendor.client.inviteToDeal(
        own,
        NewInvitation(
          world.fabrikam.id, help: .generalOrOther, value: Money("500 EUR"), solutionLines: lines))
      let mine = try #require(
        try await world.fabrikam.client.createDeal(.complete(for: world.fabrikam)).id)
      let inbound = try await eventually {
        let deals = try await world.fabrikam.list { $0.direction = .inbound }
        return deals.count == 2 ? deals : nil
      }
      #expect(inbound.contains { $0.id == fromPartner })
      #expect(Set(inbound.map(\.initiator.id)) == [world.contoso.id, vendor.id])
      for copy in inbound {
        let invitation = try #require(copy.invitation)
        #expect(copy.status == .pending && copy.respondBy == invitation.respondBy)
      }
      let outbound = try await world.fabrikam.list { $0.direction = .outbound }
      #expect(outbound.map(\.id) == [mine])
    }
  }

  @Test func `T5 R-303 G11 who declines is told of, and keeps nothing that it was shown`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited()
      let fabrikam = world.fabrikam.client
      _ = try await fabrikam.declineDeal(copy, reason: 3, notes: "too small")
      let declined = try await fabrikam.getDeal(copy).deal
      #expect(declined.status == .declined && declined.closedAt != nil)
      #expect(declined.closure?.reason == 3 && declined.closure?.notes == "too small")
      #expect(declined.respondBy == nil && declined.sharedView == nil)
      #expect(declined.customer.contacts.isEmpty)
      let told = try await world.contoso.deal(deal) { $0.cards.first?.status == .declined }
      #expect(told.status == .accepted && told.cards.first?.respondedAt != nil)
      #expect(try await topics(world.contoso, about: deal).contains(.invitationDeclined))
    }
  }

  @Test func `T6 G09 invariant 10 fourteen days to the millisecond, an answer at the end loses`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited()
      let fabrikam = world.fabrikam.client
      let pending = try await fabrikam.getDeal(copy).deal
      let due = try #require(pending.respondBy)
      let sent = try #require(pending.invitation?.sentAt)
      #expect(due.milliseconds - sent.milliseconds == 14 * 86_400_000)
      let now = try #require(try await fabrikam.getRealm().now)
      // Up to a minute before, whatever the clock of this machine does meanwhile.
      try await world.pass(.milliseconds(due.milliseconds - now.milliseconds - 60_000))
      #expect(try await fabrikam.getDeal(copy).deal.status == .pending)
      try await world.pass(.seconds(60))
      let late = try await refused {
        try await fabrikam.acceptDeal(copy, Acceptance(name: "Late"))
      }
      #expect(["INVITATION_EXPIRED", "DEAL_CLOSED"].contains(late.reason), "\(late)")
      let expired = try await world.fabrikam.deal(copy) { $0.status == .expired }
      #expect(expired.respondBy == nil && expired.sharedView == nil)
      let told = try await world.contoso.deal(deal) { $0.cards.first?.status == .expired }
      #expect(told.status == .accepted)
      #expect(try await topics(world.contoso, about: deal).contains(.invitationExpired))
    }
  }

  @Test
  func
    `section 4.2 T8 T9 G31 an end needs a reason of its own list, and notes where it says too little`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let deal = try await world.deal()
      for reason: UInt32 in [0, 9, 200] {
        let refusal = try await refused { try await client.loseDeal(deal, reason: reason) }
        #expect(refusal.violations.map(\.field) == ["reason"], "lost for \(reason)")
        #expect(refusal.violations.map(\.reason) == ["T8"], "lost for \(reason)")
      }
      for reason: UInt32 in [0, 10] {
        let refusal = try await refused { try await client.closeDealAsError(deal, reason: reason) }
        #expect(refusal.violations.map(\.reason) == ["T9"], "error for \(reason)")
      }
      for reason: UInt32 in [6, 9] {
        let refusal = try await refused { try await client.closeDealAsError(deal, reason: reason) }
        #expect(refusal.violations.map(\.field) == ["notes"], "error for \(reason)")
      }
      #expect(try await client.getDeal(deal).deal.version == 1)
      for reason: UInt32 in 1...8 {
        let lost = try await world.deal()
        _ = try await client.loseDeal(lost, reason: reason)
        #expect(try await client.getDeal(lost).deal.closure?.reason == reason)
      }
      for reason: UInt32 in 1...9 {
        let wrong = try await world.deal()
        _ = try await client.closeDealAsError(wrong, reason: reason, notes: "twice")
        let closed = try await client.getDeal(wrong).deal
        #expect(closed.closure?.reason == reason && closed.status == .error)
      }
    }
  }

  @Test func `T9 section 21 figures count a deal that was a mistake only when they are asked`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      for _ in 1...2 { _ = try await world.deal() }
      let before = try await client.aggregateDeals(groupBy: [.status], sumValues: true)
      let wrong = try await world.deal()
      _ = try await client.closeDealAsError(wrong, reason: 1)
      #expect(try await client.aggregateDeals(groupBy: [.status], sumValues: true) == before)
      #expect(
        try await client.aggregateDeals([[.stage([10])]], groupBy: [.campaign]).total.count == 2)
      let open = try await client.aggregateDeals([[.status([.accepted, .lost])]]).total.count
      #expect(open == 2)
      let asked = try await client.aggregateDeals(
        [[.status([.accepted, .error])]], groupBy: [.status])
      #expect(asked.total.count == 3 && asked.groups.count == 2)
      #expect(try await world.contoso.list().count == 3)
    }
  }

  @Test func `T11 G06 pending invitations end with the deal, accepted copies go on`() async throws {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      let ends: [(String, DealStatus, (Client, ID) async throws -> Void)] = [
        ("won", .won, { _ = try await $0.winDeal($1) }),
        ("lost", .lost, { _ = try await $0.loseDeal($1, reason: 1) }),
        ("error", .error, { _ = try await $0.closeDealAsError($1, reason: 1) }),
      ]
      for (name, status, end) in ends {
        let (deal, accepted) = try await world.invited()
        try await world.invite(tailspin, to: deal)
        let pending = try await world.copy(of: deal, at: tailspin)
        _ = try await world.fabrikam.client.acceptDeal(accepted, Acceptance(name: "Ours"))
        _ = try await world.contoso.deal(deal) { $0.cards.first?.status == .accepted }
        try await end(world.contoso.client, deal)
        let expired = try await tailspin.deal(pending) { $0.status == .expired }
        // A reason of the server's own, none that a decliner gives.
        #expect((expired.closure?.reason ?? 0) > 9, "\(name)")
        let going = try await world.fabrikam.deal(accepted) {
          $0.sharedView?.initiatorStatus == status
        }
        #expect(going.status == .accepted, "\(name)")
        _ = try await world.fabrikam.client.winDeal(accepted)
      }
    }
  }

  @Test func `G10 invited partners know each other by name, once both accepted`() async throws {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      let (deal, first) = try await world.invited()
      try await world.invite(tailspin, to: deal) { $0.value = Money("777 EUR") }
      let second = try await world.copy(of: deal, at: tailspin)
      _ = try await world.fabrikam.client.acceptDeal(first, Acceptance(name: "Ours"))
      let early = try await world.fabrikam.deal(first) { $0.sharedView?.team.isEmpty == false }
      #expect(early.sharedView?.participants == [])
      var acceptance = Acceptance(name: "Secret name")
      acceptance.notes = "secret notes"
      acceptance.crmID = "SECRET-1"
      acceptance.team = [TeamMember(.named("Tom"))]
      _ = try await tailspin.client.acceptDeal(second, acceptance)
      let told = try await world.fabrikam.deal(first) {
        $0.sharedView?.participants.isEmpty == false
      }
      #expect(told.sharedView?.participants.map(\.name) == ["Tailspin"])
      let other = try await tailspin.deal(second) { $0.sharedView?.participants.isEmpty == false }
      #expect(other.sharedView?.participants.map(\.name) == ["Fabrikam"])
      let seen = try text(of: told)
      for secret in ["Secret name", "secret notes", "SECRET-1", "777"] {
        #expect(!seen.contains(secret), "\(secret)")
      }
    }
  }

  @Test func `G13 section 14 a sender's own acknowledgement is off until it is wanted`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let quiet = try await world.invited().deal
      #expect(try await !topics(world.contoso, about: quiet).contains(.invitationSent))
      try await client.tellInvitationSent(true)
      let told = try await world.invited().deal
      #expect(try await topics(world.contoso, about: told).contains(.invitationSent))
      let viewer = try await world.contoso.user("Vic", .viewer)
      let refusal = try await refused { try await viewer.tellInvitationSent(false) }
      #expect(refusal.code == .permissionDenied)
    }
  }

  @Test func `R-502 a dry run says what would become final, and which invitations end with it`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let (deal, copy) = try await world.invited()
      var dry = ChangeOptions()
      dry.validatesOnly = true
      let before = try await client.getDeal(deal).deal
      let answers = [
        ("won", try await client.winDeal(deal, options: dry)),
        ("lost", try await client.loseDeal(deal, reason: 1, options: dry)),
        ("error", try await client.closeDealAsError(deal, reason: 1, options: dry)),
      ]
      for (status, answer) in answers {
        let warning = try #require(answer.warnings.first { $0.code == "BECOMES_FINAL" })
        #expect(warning.text.contains(status) && warning.text.contains("invitation"), "\(status)")
      }
      #expect(try await client.getDeal(deal).deal == before)
      let declined = try await world.fabrikam.client.declineDeal(copy, reason: 1, options: dry)
      #expect(declined.warnings.map(\.code) == ["BECOMES_FINAL"])
      #expect(try await world.fabrikam.client.getDeal(copy).deal.status == .pending)
    }
  }

  @Test func `R-204 section 13 search lists who co-sells and transacts, by name`() async throws {
    try await Ecosystem.run { world in
      let outside = try await world.join("Fabric Outside") { $0.inEcosystem = false }
      let offline = try await world.join("Fabric Offline") { $0.transacts = false }
      let inside = try await world.join("Fabric Inside")
      let client = world.contoso.client
      let found = try await eventually {
        let rows = try await client.listOrganisations(namePrefix: "fabri")
        return rows.contains { $0.id == inside.id } ? rows : nil
      }
      #expect(found.map(\.name) == ["Fabric Inside", "Fabrikam"])
      let deal = try await world.deal()
      for company in [outside, offline] {
        let refusal = try await refused { try await world.invite(company, to: deal) }
        #expect(refusal.violations.map(\.reason) == ["R-204"], "\(company.name)")
      }
      let oneself = try await refused { try await world.invite(world.contoso, to: deal) }
      #expect(oneself.violations.map(\.reason) == ["INVITEE_SELF"])
    }
  }
}
