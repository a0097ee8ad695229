// SPDX-License-Identifier: Apache-2.0
// Who is told of what (section 14), over the wire.

import TandemClient
import Testing

struct NotificationRules {
  @Test
  func
    `section 14 invariant 12 G33 an inbound deal is told to who may answer it, an answer to the team`()
    async throws
  {
    try await Ecosystem.run { world in
      let fabrikam = world.fabrikam
      let paris = try await fabrikam.client.addLocation(name: "Paris", country: "FR")
      let rows: [(String, Role, [ID], Bool)] = [
        ("Gus", .referralsAdmin, [], true), ("Pam", .partnerAdmin, [], true),
        ("Lou", .referralsAdmin, [paris], true), ("Uma", .referralsUser, [], false),
        ("Vic", .viewer, [], false), ("Ann", .accountAdmin, [], false),
      ]
      var users: [(String, Client, Bool)] = []
      for (name, role, places, hears) in rows {
        users.append((name, try await fabrikam.user(name, role, at: places), hears))
      }
      let contoso = world.contoso
      let munich = try await contoso.client.addLocation(name: "Munich", country: "DE")
      let berlin = try await contoso.client.addLocation(name: "Berlin", country: "DE")
      let member = try await contoso.user("Mia", .referralsUser, at: [berlin])
      let beside = try await contoso.user("Bea", .referralsUser)
      let away = try await contoso.user("Abe", .referralsUser, at: [munich])
      let (deal, copy) = try await world.invited { deal in
        deal.location = berlin
        deal.team += [TeamMember(.named("Mia")), TeamMember(.named("Abe"))]
      }
      for (name, client, hears) in users {
        let topics = try await client.listNotifications().map(\.topic)
        #expect(topics.contains(.dealReceived) == hears, "\(name)")
      }
      _ = try await fabrikam.client.acceptDeal(copy, Acceptance(name: "Ours"))
      _ = try await contoso.deal(deal) { $0.cards.first?.status == .accepted }
      for (name, client, hears) in [
        ("Ada", contoso.client, true), ("Mia", member, true), ("Bea", beside, false),
      ] {
        let topics = try await client.listNotifications().map(\.topic)
        #expect(topics.contains(.invitationAccepted) == hears, "\(name)")
      }
      // On the team, and yet without a right to the deal: nothing is told of it.
      #expect(try await refused { try await away.getDeal(deal) }.code == .notFound)
      #expect(try await away.listNotifications().isEmpty)
    }
  }

  @Test func `R-303 section 14 an answer is told to admins where nobody of the deal may read it`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let uma = try await contoso.user("Uma", .referralsUser)
      let admin = try await contoso.user("Gus", .referralsAdmin)
      var new = NewDeal.complete(for: contoso)
      new.team = [TeamMember(.named("Outsider"))]
      let deal = try #require(try await uma.createDeal(new).id)
      #expect(try await refused { try await uma.getDeal(deal) }.code == .notFound)
      try await world.invite(world.fabrikam, to: deal)
      let copy = try await world.copy(of: deal, at: world.fabrikam)
      _ = try await world.fabrikam.client.declineDeal(copy, reason: 2)
      _ = try await contoso.deal(deal) { $0.cards.first?.status == .declined }
      for client in [contoso.client, admin] {
        let topics = try await client.listNotifications().map(\.topic)
        #expect(topics.contains(.invitationDeclined))
      }
      #expect(try await uma.listNotifications().isEmpty)
    }
  }
}
