// SPDX-License-Identifier: Apache-2.0
// A deal as it was, read from the journal page by page.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct PastDealReadTests {
  @Test func `a version is found however many pages lie before it, also after a restart`() throws {
    let world = RuntimeWorld(seed: 81, shards: 1)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Name 1", contoso)
    let last = 2 * PastDeal.commitsPerPage + 50
    for version in 2...last { _ = world.rename(deal, Text("Name \(version)."), contoso) }
    for version in [1, 2, PastDeal.commitsPerPage + 1, 2 * PastDeal.commitsPerPage + 2, last] {
      let told = world.past(.version(UInt64(version)), of: deal, contoso)
      #expect(told.mentions(version == 1 ? "Name 1" : "Name \(version)."), "\(version)")
    }
    #expect(world.past(.version(UInt64(last + 1)), of: deal, contoso).reason == "VERSION_UNKNOWN")
    world.restart()
    #expect(world.past(.version(7), of: deal, contoso).mentions("Name 7."))
  }

  @Test func `today's rights hold for the past, and the future is not told`() throws {
    let world = RuntimeWorld(seed: 82, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let wingtip = try world.register("Wingtip", .partner)
    let deal = try world.createDeal("Secret", contoso)
    _ = world.rename(deal, "Open", contoso)
    let foreign = world.past(.version(1), of: deal, wingtip)
    #expect(foreign.reason == "DEAL_NOT_FOUND")
    let ahead = DealAsOf.Moment.time(Timestamp(milliseconds: .max))
    #expect(world.past(ahead, of: deal, contoso).reason == "TIME_AHEAD")
    let before = DealAsOf.Moment.time(Timestamp(milliseconds: 1))
    #expect(world.past(before, of: deal, contoso).reason == "BEFORE_CREATION")
  }
}
