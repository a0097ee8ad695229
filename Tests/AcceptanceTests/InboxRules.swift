// SPDX-License-Identifier: Apache-2.0
// What inbox and feed tell of deals that somebody may not see any more, over the wire.

import TandemClient
import Testing

struct InboxRules {
  @Test func `R-701 invariant 12 a right that ended takes notifications with it`() async throws {
    try await Ecosystem.run { world in
      let client = world.fabrikam.client
      let late = try await world.fabrikam.user("Lou", .referralsAdmin)
      let lou = try #require(
        try await client.listUsers().first { $0.person.email == Person.named("Lou").email }?.id)
      _ = try await world.invited()
      #expect(try await late.listNotifications().map(\.topic) == [.dealReceived])
      // On no team, a referrals user sees no deal.
      var grant = RoleGrant()
      grant.role = .referralsUser
      try await client.setUserGrants(lou, [grant])
      #expect(try await late.listNotifications().isEmpty)
      #expect(try await client.listNotifications().map(\.topic) == [.dealReceived])
    }
  }
}
