// SPDX-License-Identifier: Apache-2.0
// The feed, over the wire.

import TandemClient
import Testing

struct FeedScenarios {
  @Test func `a watch begins with every deal and goes on with what happens`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var ids: [ID?] = []
      for _ in 0..<3 {
        ids.append(
          try await client.createDeal(.complete(for: world.contoso)).id)
      }
      var feed = client.watch(beginsWithSnapshot: true).makeAsyncIterator()
      #expect(try await feed.next()?.snapshot == .begins)
      var told: [DealEvent] = []
      while let item = try await feed.next() {
        told += item.events
        if item.snapshot == .ends { break }
        #expect(item.snapshot == .goesOn)
      }
      #expect(told.map(\.deal) == ids)
      #expect(told.allSatisfy { $0.whole?.name == "Migration" && $0.presence == .entered })
      _ = try await client.winDeal(try #require(ids[1]))
      let item = try await feed.next()
      #expect(item?.events.map(\.cause) == [.won] && item?.snapshot == .unspecified)
    }
  }
}
