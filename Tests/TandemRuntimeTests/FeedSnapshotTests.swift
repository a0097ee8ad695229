// SPDX-License-Identifier: Apache-2.0
// Watches that begin with everything.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct FeedSnapshotTests {
  private func grant(
    _ bytes: Int64, to watch: RuntimeWorld.Watch, _ party: Party, _ world: RuntimeWorld
  ) {
    world.at(party.tenant) { $0.grant(bytes, to: watch.ticket, of: watch.sink, in: party.tenant) }
    world.pass(milliseconds: 5)
  }

  /// What a reader of the feed holds: each deal's version as it was told last.
  private func versions(_ watch: RuntimeWorld.Watch) -> [DealID?: UInt64] {
    watch.sink.changes.reduce(into: [:]) { held, change in held[change.deal] = change.version }
  }

  @Test func `a snapshot is of one commit, and what comes after it follows without a gap`() throws {
    let world = RuntimeWorld(seed: 91, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let old = try (1...400).map { try world.createDeal("Old \($0)", contoso) }
    let watch = world.watch(contoso, from: .snapshot, credit: 0)
    #expect(watch.sink.feed.map(\.snapshot) == [1])
    #expect(watch.sink.feed.first?.token.isEmpty == true)
    let commit = try #require(watch.sink.feed.first?.commitSeq)
    // Whatever is written while it is read comes later, once.
    for number in 0..<40 {
      _ = world.rename(old[number], Text("New \(number)"), contoso)
      if number % 10 == 0 { _ = try world.createDeal("Late \(number)", contoso) }
      grant(900, to: watch, contoso, world)
    }
    grant(10_000_000, to: watch, contoso, world)
    let parts = watch.sink.feed.prefix { $0.snapshot != 0 }
    #expect(parts.dropFirst().dropLast().allSatisfy { $0.snapshot == 2 && $0.token.isEmpty })
    #expect(parts.last?.snapshot == 3 && parts.last?.token.isEmpty == false)
    #expect(parts.allSatisfy { $0.commitSeq == commit } && parts.count > 3)
    let told = parts.flatMap(\.changes)
    #expect(told.map(\.deal) == old && told.allSatisfy { $0.version == 1 && $0.presence == 2 })
    let after = watch.sink.feed.dropFirst(parts.count)
    #expect(after.allSatisfy { $0.snapshot == 0 && $0.commitSeq > commit })
    #expect(after.flatMap(\.changes).count == 44)
    let held = versions(watch)
    #expect(held.count == 404)
    #expect(world.deals(of: contoso).allSatisfy { held[$0.id] == $0.version })
    let again = world.watch(contoso, after: parts.last?.token)
    #expect(again.sink.changes.count == 44)
  }

  @Test func `an organisation without deals has a snapshot too`() throws {
    let world = RuntimeWorld(seed: 92, shards: 1)
    let contoso = try world.register("Contoso", .partner)
    let watch = world.watch(contoso, from: .snapshot)
    #expect(watch.sink.feed.map(\.snapshot) == [1, 3])
    _ = try world.createDeal("First", contoso)
    #expect(watch.sink.changes.map(\.presence) == [2])
  }

  @Test func `invariant 12 a snapshot tells what its reader may see, however rare that is`() throws
  {
    let world = RuntimeWorld(seed: 93, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let seller = try world.addSeller("sam@contoso.example", contoso)
    for number in 0..<(2 * Limits.feedSnapshotDealsPerTurn + 7) {
      _ = try world.createDeal("Hidden \(number)", contoso)
    }
    let deal = try world.createDeal("Seen", contoso)
    let sam = Person(
      firstName: "Sam", lastName: "Seller", email: "sam@contoso.example", phone: "+1 555 0101",
      title: "")
    _ = world.edit(deal, .putTeamMember(TeamMember(line: 0, person: sam)), contoso)
    let watch = world.watch(contoso, as: seller, from: .snapshot)
    world.pass(milliseconds: 50)
    #expect(watch.sink.feed.map(\.snapshot) == [1, 3])
    #expect(watch.sink.changes.map(\.deal) == [deal])
    #expect(!watch.sink.items.contains { $0.mentions("Hidden") })
    let chosen = world.watch(contoso, from: .snapshot, deals: [deal])
    world.pass(milliseconds: 50)
    #expect(chosen.sink.changes.map(\.deal) == [deal])
  }

  @Test func `what a copy dropped meanwhile is not told from an older picture`() throws {
    let world = RuntimeWorld(seed: 94, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createSecretDeal(contoso)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 50)
    let copy = try #require(world.deals(of: fabrikam).first)
    let watch = world.watch(fabrikam, from: .snapshot, credit: 0)
    _ = world.ask(
      .command(
        .declineDeal(
          DeclineDeal(deal: copy.id, reason: ReasonCode(1), notes: "no", validateOnly: false)),
        returnDeal: false),
      of: fabrikam.tenant, as: fabrikam.principal)
    grant(10_000_000, to: watch, fabrikam, world)
    #expect(watch.sink.changes.first?.deal == copy.id)
    for secret in RuntimeWorld.secrets {
      #expect(!watch.sink.items.contains { $0.mentions(secret) })
    }
  }

  @Test func `pictures are bounded, and free again when they were told`() throws {
    let world = RuntimeWorld(seed: 95, shards: 1)
    let contoso = try world.register("Contoso", .partner)
    let waiting = (0..<Limits.feedSnapshotsPerTenant).map { _ in
      world.watch(contoso, from: .snapshot, credit: 0)
    }
    #expect(waiting.allSatisfy { $0.sink.answers.isEmpty })
    let refused = world.watch(contoso, from: .snapshot)
    #expect(refused.sink.answers.map(\.reason) == ["TOO_MANY_SNAPSHOTS"])
    grant(1_000_000, to: waiting[0], contoso, world)
    #expect(world.watch(contoso, from: .snapshot).sink.feed.map(\.snapshot) == [1, 3])
  }

  @Test func `who takes nothing gives its picture back after a while`() throws {
    let world = RuntimeWorld(seed: 96, shards: 1) { $0.housekeepingMilliseconds = 1_000 }
    let contoso = try world.register("Contoso", .partner)
    for _ in 0..<3 { _ = try world.createDeal("Move", contoso) }
    let slow = world.watch(contoso, from: .snapshot, credit: 0)
    world.pass(milliseconds: 58_000)
    #expect(slow.sink.answers.isEmpty)
    world.pass(milliseconds: 5_000)
    #expect(slow.sink.answers.map(\.reason) == ["SNAPSHOT_STALLED"])
    // A watch that follows may be silent for as long as it likes.
    let follower = world.watch(contoso, credit: 0)
    world.pass(milliseconds: 120_000)
    #expect(follower.sink.answers.isEmpty)
  }
}
