// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// Tenants that stand in snapshots: they wake as they were, and their timers go on.
@Suite(.on(.worlds)) struct SleepingTests {
  private func snapshotting(_ seed: UInt64) -> RuntimeWorld {
    RuntimeWorld(seed: seed, shards: 2) { $0.snapshotAfterCommits = 1 }
  }

  @Test func `a node that starts from snapshots answers as before`() throws {
    let world = snapshotting(31)
    let contoso = try world.register("Contoso", .partner)
    for number in 0..<40 {
      _ = try world.createDeal("Deal \(number)", contoso)
      world.pass(milliseconds: 10)
    }
    let list = TenantRequest.query(
      .listDeals(
        ListDeals(
          statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: true,
          pageSize: 100, after: nil)))
    let before = world.ask(list, of: contoso.tenant, as: contoso.principal)
    let partition = world.node.placement.partition(of: contoso.tenant)
    #expect((world.journal.truncations[partition] ?? .start) > .start)
    #expect(world.journal.snapshotChains.count > 40)
    #expect(world.journal.snapshotChains.allSatisfy { $0.footer == $0.record })
    world.restart()
    let after = world.ask(list, of: contoso.tenant, as: contoso.principal)
    #expect(after.body == before.body)
    _ = try world.createDeal("One more", contoso)
    world.restart()
    #expect(world.deals(of: contoso).count == 41)
  }

  @Test func `a damaged newest snapshot is survived with history`() throws {
    let world = snapshotting(32)
    let contoso = try world.register("Contoso", .partner)
    for number in 0..<5 {
      _ = try world.createDeal("Deal \(number)", contoso)
      world.pass(milliseconds: 10)
    }
    let before = world.deals(of: contoso)
    world.restart()
    world.journal.isNewestDamaged = true
    #expect(world.deals(of: contoso) == before)
    _ = try world.createDeal("One more", contoso)
    #expect(world.deals(of: contoso).count == before.count + 1)
  }

  /// Two organisations of one partition.
  private func neighbours(_ world: RuntimeWorld) throws -> (Party, Party) {
    var parties: [Party] = []
    while true {
      let next = try world.register("Partner \(parties.count)", .partner)
      let partition = world.node.placement.partition(of: next.tenant)
      if let first = parties.first(where: {
        world.node.placement.partition(of: $0.tenant) == partition
      }) {
        return (first, next)
      }
      parties.append(next)
    }
  }

  @Test func `who is idle holds back nothing of the log of its partition`() throws {
    let world = snapshotting(38)
    let (idle, busy) = try neighbours(world)
    _ = try world.createDeal("Idle", idle)
    world.pass(milliseconds: 50)
    for number in 0..<10 {
      _ = try world.createDeal("Deal \(number)", busy)
      world.pass(milliseconds: 50)
    }
    let partition = world.node.placement.partition(of: busy.tenant)
    // Of the busy one the snapshot before the newest still counts.
    #expect((world.journal.truncations[partition] ?? .start) >= Position(10))
    world.restart { $0.isNewestDamaged = true }
    #expect(world.deals(of: idle).map(\.name) == ["Idle"])
    #expect(world.deals(of: busy).count == 10)
  }

  @Test func `who changed a little is written when the log of its partition grew much`() throws {
    let world = RuntimeWorld(seed: 39, shards: 2) {
      $0.snapshotAfterBytes = 4_096
      $0.snapshotAfterLogBytes = 16 * 1024
      $0.housekeepingMilliseconds = 1_000
    }
    let (still, busy) = try neighbours(world)
    for number in 0..<60 {
      _ = try world.createDeal("Deal \(number)", busy)
      world.pass(milliseconds: 20)
    }
    world.pass(milliseconds: 3_000)
    for number in 0..<60 {
      _ = try world.createDeal("More \(number)", busy)
      world.pass(milliseconds: 20)
    }
    let partition = world.node.placement.partition(of: busy.tenant)
    #expect((world.journal.truncations[partition] ?? .start) > Position(40))
    #expect(world.deals(of: still).isEmpty)
  }

  @Test(arguments: [false, true])
  func `an older snapshot never brings an older state back`(_ areAllLost: Bool) throws {
    let world = snapshotting(36)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    for number in 0..<5 {
      let deal = try world.createDeal("Deal \(number)", contoso)
      _ = world.invite(fabrikam, to: deal, by: contoso)
      world.pass(milliseconds: 50)
    }
    let before = world.deals(of: contoso)
    let copies = world.deals(of: fabrikam)
    world.restart {
      $0.isNewestDamaged = true
      $0.isNewestFooterDamaged = true
      $0.areSnapshotsLost = areAllLost
    }
    #expect(world.deals(of: contoso) == before)
    #expect(world.deals(of: fabrikam) == copies)
    _ = try world.createDeal("One more", contoso)
    #expect(world.deals(of: contoso).count == before.count + 1)
    // The deadline of an invitation stands in no footer that can be read.
    world.pass(milliseconds: 14 * 86_400_000 + 10_000)
    #expect(world.deals(of: fabrikam).allSatisfy { $0.status == .expired })
  }

  @Test func `who has neither snapshot nor history is told so`() throws {
    let world = snapshotting(37)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.pass(milliseconds: 100)
    world.restart()
    world.journal.areSnapshotsLost = true
    world.journal.isHistoryLost = true
    let told = world.ask(
      .query(.getDeal(deal)), of: contoso.tenant, as: contoso.principal)
    #expect(told.reason == "ORGANISATION_DAMAGED")
    #expect(told.head.status == .dataLoss)
  }

  @Test func `who cannot be loaded is turned away and comes back`() throws {
    let world = snapshotting(33)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.pass(milliseconds: 100)
    world.restart()
    world.journal.failingGets = 1
    let get = TenantRequest.query(.getDeal(deal))
    let refused = world.ask(get, of: contoso.tenant, as: contoso.principal)
    #expect(refused.reason == "STARTING")
    let told = world.ask(get, of: contoso.tenant, as: contoso.principal)
    #expect(told.head.status == .ok)
  }

  @Test func `a sleeping invitation expires also when its tenant cannot be loaded at first`() throws
  {
    let world = snapshotting(34)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 1_000)
    world.restart()
    world.journal.failingGets = 3
    world.pass(milliseconds: 14 * 86_400_000 + 10_000)
    #expect(world.deals(of: fabrikam).first?.status == .expired)
    #expect(world.deals(of: contoso).first?.cards.first?.status == .expired)
  }

  @Test func `reminders come once each, whatever was written to snapshots and restarted between`()
    throws
  {
    let world = snapshotting(36)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    func reminders() throws -> Int {
      let list = ListNotifications(unreadOnly: false, pageSize: 100)
      let told = world.ask(
        .query(.listNotifications(list)), of: fabrikam.tenant, as: fabrikam.principal)
      var count = 0
      var reader = ProtoReader(told.body[...])
      while try reader.next() {
        let note: TandemDomain.Notification = try reader.value()
        if note.kind == .answerDueSoon { count += 1 }
      }
      return count
    }
    world.pass(milliseconds: 60_000)
    for (days, expected) in [(10, 0), (1, 1), (1, 1), (1, 2)] as [(UInt64, Int)] {
      world.pass(milliseconds: days * 86_400_000)
      #expect(try reminders() == expected)
      world.restart()
      #expect(try reminders() == expected)
    }
    world.pass(milliseconds: 86_400_000)
    #expect(world.deals(of: fabrikam).first?.status == .expired)
    #expect(try reminders() == 2)
  }

  @Test func `a snapshot of changes that were lost is not written`() throws {
    let world = RuntimeWorld(seed: 35, shards: 2) { $0.snapshotAfterCommits = 2 }
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.pass(milliseconds: 100)
    func rename(_ name: Text) -> Ticket {
      world.send(
        .command(
          .patchDeal(
            PatchDeal(deal: deal, baseVersion: 0, edits: [.name(name)], validateOnly: false)),
          returnDeal: false),
        of: contoso.tenant, as: contoso.principal)
    }
    world.journal.holdsAppends = true
    _ = rename("Stored")
    world.pass(milliseconds: 2)
    let lost = rename("Lost")
    world.pass(milliseconds: 2)
    // With the first a snapshot of both is begun; it waits for the second, whose place another takes.
    world.journal.script = [.store(.durable(.start)), .stall(.indeterminate)]
    world.journal.release()
    // Between two looks at whether the second is durable.
    world.pass(milliseconds: 3, microseconds: 500)
    world.journal.release()
    #expect(world.world.run(stepsMax: 10_000) { world.told(lost) != nil })
    #expect(world.told(lost)?.reason == "OUTCOME_UNKNOWN")
    let last = rename("Last")
    world.pass(milliseconds: 1_000)
    #expect(world.told(last)?.head.status == .ok)
    world.restart()
    #expect(world.deals(of: contoso).first?.name == "Last")
  }
}
