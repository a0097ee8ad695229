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

  @Test func `section 14 what was read is told to who read it, on every connection`() async throws {
    try await Ecosystem.run { world in
      let mine = world.fabrikam.client
      let late = try await world.fabrikam.user("Lou", .referralsAdmin)
      _ = try await world.invited()
      var own = mine.watch(includesProgress: true).makeAsyncIterator()
      var lous = late.watch(includesProgress: true).makeAsyncIterator()
      _ = try await (own.next(), lous.next())
      let note = try #require(try await mine.listNotifications().first?.id)
      try await mine.markNotificationsRead([note])
      #expect(try await news(&own).notificationsRead == [note])
      // Again, it is no news.
      try await mine.markNotificationsRead([note])
      _ = try await mine.createDeal(.complete(for: world.fabrikam))
      let after = try await news(&own)
      #expect(after.events.count == 1 && after.notificationsRead.isEmpty)
      let others = try await news(&lous)
      #expect(others.events == after.events && others.notificationsRead.isEmpty)
      #expect(try await late.listNotifications().map(\.isRead) == [false])
    }
  }

  /// The next item that tells something.
  private func news(_ feed: inout Watch.AsyncIterator) async throws -> WatchItem {
    while let item = try await feed.next() { if !item.isProgress { return item } }
    throw NeverCame()
  }
}
