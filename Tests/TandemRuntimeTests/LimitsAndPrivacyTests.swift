// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct LimitsAndPrivacyTests {
  @Test func `calls beyond the quota are told when to come again`() throws {
    let world = RuntimeWorld(seed: 61, shards: 2) {
      $0.tenantCallsPerSecond = 10
      $0.tenantBurstCalls = 3
    }
    let contoso = try world.register("Contoso", .partner)
    let tickets = (0..<5).map { _ in
      world.send(.query(.getOrganisation), of: contoso.tenant, as: contoso.principal)
    }
    world.pass(milliseconds: 1)
    let told = tickets.compactMap { world.told($0) }
    #expect(told.count { $0.head.status == .ok } == 3)
    let refused = told.filter { $0.reason == "RATE_LIMITED" }
    #expect(refused.count == 2)
    for one in refused {
      let error = try ErrorStatus(decoding: one.body[...])
      #expect(error.retryAfterMilliseconds == 100)
      #expect(error.notExecuted)
    }
    world.pass(milliseconds: 100)
    let again = world.ask(.query(.getOrganisation), of: contoso.tenant, as: contoso.principal)
    #expect(again.head.status == .ok)
  }

  @Test func `the queue of an organisation is bounded, and what it took is answered`() throws {
    let world = RuntimeWorld(seed: 62, shards: 1)
    let contoso = try world.register("Contoso", .partner)
    let before = world.collector.answers.count
    for _ in 0..<(Limits.callsQueuedPerTenant + 10) {
      _ = world.send(.query(.getOrganisation), of: contoso.tenant, as: contoso.principal)
    }
    world.pass(milliseconds: 10)
    let told = world.collector.answers.dropFirst(before)
    #expect(told.count { $0.reason == "TENANT_QUEUE_FULL" } == 10)
    #expect(told.count { $0.head.status == .ok } == Limits.callsQueuedPerTenant)
  }

  private func batch(_ count: Int, to party: Party, _ sink: Collector) -> CallBatch {
    var batch = CallBatch()
    for number in 1...count {
      batch.add(
        Call(
          sink: sink, ticket: Ticket(call: UInt32(number), method: 0),
          request: .query(.getOrganisation), principal: party.principal, key: nil,
          deadline: MonotonicInstant(nanoseconds: .max), minSeq: 0))
    }
    return batch
  }

  @Test func `calls that come together are bound by the quota each for itself`() throws {
    let world = RuntimeWorld(seed: 71, shards: 1) {
      $0.tenantCallsPerSecond = 10
      $0.tenantBurstCalls = 3
    }
    let contoso = try world.register("Contoso", .partner)
    world.pass(milliseconds: 1_000)
    let sink = Collector()
    var refusals: [CallBatch.Refusal] = []
    world.at(contoso.tenant) { port in
      var calls = batch(5, to: contoso, sink)
      #expect(port.submit(&calls, to: contoso.tenant, isOfUser: true))
      refusals = calls.takeRefusals()
      #expect(calls.isEmpty && calls.takeRefusals().isEmpty)
      #expect(port.submit(&calls, to: contoso.tenant, isOfUser: true) == false)
    }
    world.pass(milliseconds: 1)
    #expect(sink.answers.map(\.ticket.call) == [1, 2, 3])
    #expect(refusals.map(\.ticket.call) == [4, 5])
    #expect(refusals.allSatisfy { $0.error.reason == "RATE_LIMITED" })
    world.pass(milliseconds: 200)
    world.at(contoso.tenant) { port in
      var calls = batch(2, to: contoso, sink)
      #expect(port.submit(&calls, to: contoso.tenant, isOfUser: true) == false)
    }
    world.pass(milliseconds: 1)
    #expect(sink.answers.count == 5)
  }

  @Test func `calls that come together stay in order, fill the queue and find their tenant`() throws
  {
    let world = RuntimeWorld(seed: 72, shards: 1)
    let contoso = try world.register("Contoso", .partner)
    let sink = Collector()
    var refusals: [CallBatch.Refusal] = []
    world.at(contoso.tenant) { port in
      for _ in 0..<3 {
        var calls = batch(Limits.callsQueuedPerTenant / 2 + 1, to: contoso, sink)
        if port.submit(&calls, to: contoso.tenant, isOfUser: false) {
          refusals += calls.takeRefusals()
        }
      }
      #expect(refusals.count == Limits.callsQueuedPerTenant / 2 + 3)
      #expect(refusals.allSatisfy { $0.error.reason == "TENANT_QUEUE_FULL" })
      var lost = batch(3, to: contoso, sink)
      #expect(port.submit(&lost, to: TenantID(high: 7, low: 7), isOfUser: true))
      #expect(lost.takeRefusals().map(\.ticket.call) == [1, 2, 3])
      #expect(lost.isEmpty)
    }
    world.pass(milliseconds: 10)
    let half = UInt32(Limits.callsQueuedPerTenant / 2)
    #expect(sink.answers.map(\.ticket.call) == Array(1...half + 1) + Array(1...half - 1))
  }

  @Test func `a call whose time is over is not executed`() throws {
    let world = RuntimeWorld(seed: 63, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let late = world.send(
      .command(.createDeal(contoso.deal("Late")), returnDeal: false), of: contoso.tenant,
      as: contoso.principal, deadline: 0)
    world.pass(milliseconds: 10)
    #expect(world.told(late)?.reason == "DEADLINE")
    #expect(world.deals(of: contoso).isEmpty)
  }

  @Test func `after a jump of the clock nothing expires until an operator has looked`() throws {
    let world = RuntimeWorld(seed: 64, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 120_000)
    world.world.jumpWall(byMilliseconds: 15 * 86_400_000)
    world.pass(milliseconds: 15 * 86_400_000)
    #expect(world.deals(of: fabrikam).first?.status == .pending)
    #expect(
      world.carryOut { node in for shard in node.shards { await shard.acceptClock() } })
    world.pass(milliseconds: 1_000)
    #expect(world.deals(of: fabrikam).first?.status == .expired)
  }

  @Test func `a small step of the wall clock is followed at once`() throws {
    let world = RuntimeWorld(seed: 68, shards: 2) { $0.housekeepingMilliseconds = 10_000 }
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 1_000)
    // Less than what an operator must accept.
    world.world.jumpWall(byMilliseconds: 50_000)
    world.pass(milliseconds: 14 * 86_400_000 - 55_000)
    #expect(world.deals(of: fabrikam).first?.status == .pending)
    world.pass(milliseconds: 20_000)
    #expect(world.deals(of: fabrikam).first?.status == .expired)
  }

  @Test func `a timer that is due sees a jump of the clock before it fires`() throws {
    let world = RuntimeWorld(seed: 67, shards: 1) { $0.housekeepingMilliseconds = 3_600_000 }
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    // Far from the hours at which the shard looks at the clock anyway.
    world.pass(milliseconds: 1_800_000)
    let early = try world.createDeal("Early", contoso)
    _ = world.invite(fabrikam, to: early, by: contoso)
    world.pass(milliseconds: 10 * 86_400_000)
    let late = try world.createDeal("Late", contoso)
    _ = world.invite(fabrikam, to: late, by: contoso)
    world.pass(milliseconds: 4 * 86_400_000 - 10_000)
    world.world.jumpWall(byMilliseconds: 30 * 86_400_000)
    world.pass(milliseconds: 11_000)
    #expect(world.deals(of: fabrikam).map(\.status) == [.pending, .pending])
  }

  @Test func `a deal of another organisation looks like one that does not exist`() throws {
    let world = RuntimeWorld(seed: 65, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let wingtip = try world.register("Wingtip", .partner)
    let deal = try world.createDeal("Secret", contoso)
    let nobody = DealID(high: 9, low: 9)
    let watch = world.watch(wingtip, deals: [deal])
    func tell(_ id: DealID) -> [ErrorStatus] {
      [
        world.ask(.query(.getDeal(id)), of: wingtip.tenant, as: wingtip.principal),
        world.history(of: id, wingtip), world.rename(id, "Mine", wingtip),
        world.invite(contoso, to: id, by: wingtip),
      ].compactMap { try? ErrorStatus(decoding: $0.body[...]) }
    }
    for (real, missing) in zip(tell(deal), tell(nobody)) {
      #expect(real.reason == "DEAL_NOT_FOUND")
      #expect(
        real.message.replacing("\(deal)", with: "")
          == missing.message.replacing("\(nobody)", with: ""))
    }
    _ = world.rename(deal, "Secret too", contoso)
    world.pass(milliseconds: 10)
    #expect(world.deals(of: wingtip).isEmpty)
    #expect(watch.sink.changes.isEmpty)
    // A user of another organisation at the owner's door.
    let stranger = world.ask(.query(.getDeal(deal)), of: contoso.tenant, as: wingtip.principal)
    #expect(stranger.head.status != .ok)
    #expect(!stranger.mentions("Secret"))
  }

  @Test(arguments: [true, false])
  func `history and feeds of an ended copy tell nothing that the copy dropped`(
    _ isDeclined: Bool
  ) throws {
    let world = RuntimeWorld(seed: 66, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createSecretDeal(contoso)
    let token = try #require(world.watch(fabrikam).sink.feed.first?.token)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 50)
    let copy = try #require(world.deals(of: fabrikam).first)
    for secret in RuntimeWorld.secrets {
      #expect(world.history(of: copy.id, fabrikam).mentions(secret))
    }
    if isDeclined {
      let told = world.ask(
        .command(
          .declineDeal(
            DeclineDeal(deal: copy.id, reason: ReasonCode(1), notes: "no", validateOnly: false)),
          returnDeal: false),
        of: fabrikam.tenant, as: fabrikam.principal)
      #expect(told.head.status == .ok)
    } else {
      world.pass(milliseconds: 14 * 86_400_000 + 1_000)
    }
    let watch = world.watch(fabrikam, after: token)
    // Two reminders come before the end.
    #expect(watch.sink.changes.count == (isDeclined ? 2 : 4))
    let after = world.history(of: copy.id, fabrikam)
    #expect(after.head.status == .ok)
    let first = world.past(.version(1), of: copy.id, fabrikam)
    #expect(first.head.status == .ok && first.mentions("Adatum"))
    for secret in RuntimeWorld.secrets {
      #expect(!after.mentions(secret))
      #expect(!first.mentions(secret))
      #expect(!watch.sink.items.contains { $0.mentions(secret) })
    }
    for secret in RuntimeWorld.secrets {
      #expect(world.history(of: deal, contoso).mentions(secret))
    }
  }
}

extension RuntimeWorld {
  /// Who stands only in the inviter's team and among the customer's contacts.
  static let secrets = ["tess@contoso.example", "carl@adatum.example"]

  func createSecretDeal(_ party: Party) throws -> DealID {
    func person(_ email: String) -> Person {
      Person(
        firstName: "Tess", lastName: "Team", email: Text(email), phone: "+1 555 0102", title: "")
    }
    var create = party.deal("Move")
    create.team = [TeamMember(line: 0, person: person(Self.secrets[0]))]
    create.customer.contacts = [TeamMember(line: 0, person: person(Self.secrets[1]))]
    let told = ask(
      .command(.createDeal(create), returnDeal: false), of: party.tenant, as: party.principal)
    try #require(told.head.status == .ok, "\(told.reason)")
    return try #require(DealID(bytes: told.body[2..<18]))
  }
}
