// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// Nothing is told before it is durable, and everybody is told something.
@Suite(.on(.worlds)) struct DurabilityTests {
  private func rename(_ deal: DealID, _ name: Text) -> TenantRequest {
    .command(
      .patchDeal(
        PatchDeal(deal: deal, baseVersion: 0, edits: [.name(name)], validateOnly: false)),
      returnDeal: false)
  }

  private let key = RequestKey(
    scopeHigh: 1, scopeLow: 2, digestHigh: 3, digestLow: 4, madeAt: nil)

  @Test func `a read of a change that is not durable waits for it`() throws {
    let world = RuntimeWorld(seed: 11, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Before", contoso)
    world.journal.holdsAppends = true
    let change = world.send(rename(deal, "After"), of: contoso.tenant, as: contoso.principal)
    let read = world.send(.query(.getDeal(deal)), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 50)
    #expect(world.told(change) == nil)
    #expect(world.told(read) == nil)
    world.journal.release()
    world.pass(milliseconds: 50)
    #expect(world.told(change)?.head.status == .ok)
    #expect(world.told(read)?.mentions("After") == true)
  }

  @Test(arguments: [AppendResult.unavailable, .full])
  func `while storage refuses new changes are refused and held ones come through`(
    _ refusal: AppendResult
  ) throws {
    let world = RuntimeWorld(seed: 12, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Before", contoso)
    world.journal.refusing = refusal
    let held = world.send(rename(deal, "Held"), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 50)
    let refused = world.send(rename(deal, "Refused"), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 50)
    #expect(world.told(held) == nil)
    #expect(
      world.told(refused)?.reason == (refusal == .full ? "STORAGE_FULL" : "STORAGE_UNAVAILABLE"))
    world.journal.refusing = nil
    world.pass(milliseconds: 500)
    #expect(world.told(held)?.head.status == .ok)
    #expect(world.deals(of: contoso).first?.name == "Held")
  }

  @Test func `while storage refuses a repeat of a durable change is answered, and of no other`()
    throws
  {
    let world = RuntimeWorld(seed: 26, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    func key(_ number: UInt64) -> RequestKey {
      RequestKey(
        scopeHigh: 1, scopeLow: number, digestHigh: 3, digestLow: number, madeAt: nil)
    }
    let request = TenantRequest.command(.createDeal(contoso.deal("Once")), returnDeal: false)
    let first = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key(1))
    world.journal.refusing = .full
    let held = world.send(request, of: contoso.tenant, as: contoso.principal, key: key(2))
    world.pass(milliseconds: 50)
    let again = world.send(request, of: contoso.tenant, as: contoso.principal, key: key(1))
    let unsure = world.send(request, of: contoso.tenant, as: contoso.principal, key: key(2))
    let new = world.send(request, of: contoso.tenant, as: contoso.principal, key: key(3))
    world.pass(milliseconds: 50)
    #expect(world.told(again)?.body == first.body)
    #expect(world.told(again)?.head.isReplay == true)
    #expect(world.told(again)?.head.commitSeq == first.head.commitSeq)
    #expect(world.told(held) == nil && world.told(unsure) == nil)
    #expect(world.told(new)?.reason == "STORAGE_FULL")
    world.journal.refusing = nil
    world.pass(milliseconds: 500)
    #expect(world.told(held)?.head.status == .ok)
    #expect(world.told(unsure)?.body == world.told(held)?.body)
    #expect(world.deals(of: contoso).count == 2)
  }

  @Test func `before the disk is full changes are refused, what ran is answered, reads go on`()
    throws
  {
    let world = RuntimeWorld(seed: 13, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Before", contoso)
    let key = RequestKey(
      scopeHigh: 1, scopeLow: 2, digestHigh: 3, digestLow: 4, madeAt: nil)
    let first = world.send(
      rename(deal, "Begun"), of: contoso.tenant, as: contoso.principal, key: key)
    world.pass(milliseconds: 50)
    #expect(world.told(first)?.head.status == .ok)
    world.journal.hasRoom = false
    let refused = world.ask(rename(deal, "Refused"), of: contoso.tenant, as: contoso.principal)
    #expect(refused.reason == "STORAGE_FULL")
    let again = world.send(
      rename(deal, "Begun"), of: contoso.tenant, as: contoso.principal, key: key)
    world.pass(milliseconds: 50)
    #expect(world.told(again)?.head.isReplay == true)
    #expect(world.deals(of: contoso).first?.name == "Begun")
    world.journal.hasRoom = true
    let taken = world.ask(rename(deal, "Taken"), of: contoso.tenant, as: contoso.principal)
    #expect(taken.head.status == .ok)
  }

  @Test func `a partition that fails again and again is opened with pauses`() throws {
    let world = RuntimeWorld(seed: 27, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let id = try world.createDeal("Unanswered", contoso)
    let told = world.invite(fabrikam, to: id, by: contoso)
    try #require(told.head.status == .ok, "\(told.reason)")
    world.pass(milliseconds: 14 * 86_400_000 - 1_000)
    // The invitation is over: its end is tried as soon as the partition is open.
    world.journal.refusing = .indeterminate
    world.pass(milliseconds: 3_000)
    let before = world.journal.appendSizes.count
    world.pass(milliseconds: 2_000)
    let tries = world.journal.appendSizes.count - before
    #expect(tries > 0 && tries <= 2_000 / 100, "\(tries) tries in two seconds")
    world.journal.refusing = nil
    world.pass(milliseconds: 1_000)
    #expect(world.deals(of: fabrikam).first?.status == .expired)
  }

  @Test(arguments: [true, false])
  func `after an append of unknown end the journal decides and a repeat is safe`(
    _ isStored: Bool
  ) throws {
    let world = RuntimeWorld(seed: 13, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    world.journal.script = [isStored ? .store(.indeterminate) : .refuse(.fenced(Epoch(99)))]
    let request = TenantRequest.command(.createDeal(contoso.deal("Once")), returnDeal: false)
    let first = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key)
    #expect(first.reason == "OUTCOME_UNKNOWN")
    world.pass(milliseconds: 500)
    #expect(world.deals(of: contoso).count == (isStored ? 1 : 0))
    let second = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key)
    #expect(second.head.isReplay == isStored)
    #expect(second.head.status == .ok)
    #expect(world.deals(of: contoso).count == 1)
  }

  @Test func `mail of a change whose end was unknown is sent after the replay`() throws {
    let world = RuntimeWorld(seed: 14, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.script = [.store(.indeterminate)]
    #expect(world.invite(fabrikam, to: deal, by: contoso).reason == "OUTCOME_UNKNOWN")
    world.pass(milliseconds: 500)
    #expect(world.deals(of: fabrikam).count == 1)
  }

  @Test func `who had changes pending when an append failed is served as before afterwards`() throws
  {
    let world = RuntimeWorld(seed: 15, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.holdsAppends = true
    let inFlight = world.send(rename(deal, "A"), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 5)
    let pending = world.send(rename(deal, "B"), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 5)
    world.journal.script = [.refuse(.indeterminate)]
    world.journal.release()
    world.pass(milliseconds: 500)
    #expect(world.told(inFlight)?.reason == "OUTCOME_UNKNOWN")
    #expect(world.told(pending)?.reason == "OUTCOME_UNKNOWN")
    #expect(world.deals(of: contoso).first?.name == "Move")
    #expect(world.invite(fabrikam, to: deal, by: contoso).head.status == .ok)
    world.pass(milliseconds: 100)
    #expect(world.deals(of: fabrikam).count == 1)
  }

  @Test func `a node whose very first commit was lost starts all the same`() throws {
    let world = RuntimeWorld(seed: 16, shards: 2, script: [.refuse(.indeterminate)])
    let contoso = try world.register("Contoso", .partner)
    #expect(world.deals(of: contoso).isEmpty)
  }

  @Test func `a node has started when its first realm is durable`() {
    let world = RuntimeWorld(seed: 23, shards: 2, awaitsStart: false)
    world.journal.holdsAppends = true
    let started = world.begin { try await $0.start() }
    world.pass(milliseconds: 1_000)
    #expect(!started.isRaised)
    world.journal.release()
    world.pass(milliseconds: 1_000)
    #expect(started.isRaised)
  }

  private func knock(
    _ world: RuntimeWorld, _ party: Party, _ tell: @escaping (Authentication) -> Void
  ) {
    world.at(party.tenant) {
      $0.authenticate(
        party.tenant, key: party.key, secretHash: [UInt8](repeating: 1, count: 32), tell)
    }
  }

  @Test(arguments: [false, true])
  func `a key that is revoked, but not durably, decides nothing yet`(_ isLost: Bool) throws {
    let world = RuntimeWorld(seed: 24, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    _ = try world.createDeal("Move", contoso)
    world.journal.holdsAppends = true
    var told: [Authentication] = []
    // A change that is no matter of access holds nobody back.
    _ = world.send(
      .command(.createDeal(contoso.deal("Held")), returnDeal: false), of: contoso.tenant,
      as: contoso.principal)
    world.pass(milliseconds: 10)
    knock(world, contoso) { told.append($0) }
    world.pass(milliseconds: 10)
    #expect(told.count == 1)
    _ = world.send(
      .command(.revokeKey(RevokeKey(key: contoso.key)), returnDeal: false), of: contoso.tenant,
      as: contoso.principal)
    world.pass(milliseconds: 10)
    knock(world, contoso) { told.append($0) }
    world.pass(milliseconds: 10)
    #expect(told.count == 1)
    if isLost { world.journal.script = [.refuse(.indeterminate)] }
    world.journal.release()
    world.pass(milliseconds: 500)
    #expect(told.count == 2)
    #expect(told.last == (isLost ? .unavailable : .refused))
  }

  @Test func `only so many connections of one organisation are checked at once`() throws {
    let world = RuntimeWorld(seed: 25, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    var accepted = 0
    var busy = 0
    world.at(contoso.tenant) { port in
      for _ in 0..<(Limits.authenticationsPerTenant + 50) {
        port.authenticate(
          contoso.tenant, key: contoso.key, secretHash: [UInt8](repeating: 1, count: 32)
        ) {
          switch $0 {
          case .accepted: accepted += 1
          case .busy: busy += 1
          case .refused, .unavailable: Issue.record("\($0)")
          }
        }
      }
    }
    world.pass(milliseconds: 100)
    #expect(accepted == Limits.authenticationsPerTenant)
    #expect(busy == 50)
    knock(world, contoso) { if case .accepted = $0 { accepted += 1 } }
    world.pass(milliseconds: 10)
    #expect(accepted == Limits.authenticationsPerTenant + 1)
  }

  @Test(arguments: [false, true])
  func `a wrong secret and an unknown organisation take the same way`(_ isKnown: Bool) throws {
    let world = RuntimeWorld(seed: 26, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let tenant = isKnown ? contoso.tenant : TenantID(high: 77, low: 78)
    var refused = 0
    var busy = 0
    var toldAtOnce = 0
    world.at(tenant) { port in
      for _ in 0..<(Limits.authenticationsPerTenant + 50) {
        port.authenticate(
          tenant, key: contoso.key, secretHash: [UInt8](repeating: 2, count: 32)
        ) {
          switch $0 {
          case .refused: refused += 1
          case .busy: busy += 1
          case .accepted, .unavailable: Issue.record("\($0)")
          }
        }
      }
      toldAtOnce = refused
    }
    world.pass(milliseconds: 100)
    #expect(toldAtOnce == 0)
    #expect(refused == Limits.authenticationsPerTenant)
    #expect(busy == 50)
  }

  @Test func `a history call is answered also when its partition fails meanwhile`() throws {
    let world = RuntimeWorld(seed: 17, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.holdsHistory = true
    let history = world.send(
      .query(.dealHistory(DealHistory(deal: deal, afterCommit: 0, pageSize: 10))),
      of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 10)
    world.journal.script = [.refuse(.indeterminate)]
    _ = world.ask(rename(deal, "Lost"), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 500)
    #expect(world.told(history) == nil)
    world.journal.release()
    world.pass(milliseconds: 10)
    #expect(world.told(history)?.reason == "HISTORY_UNAVAILABLE")
  }

  @Test func `calls at a partition that cannot be opened again are turned away`() throws {
    let world = RuntimeWorld(seed: 18, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.script = [.refuse(.indeterminate)]
    world.journal.failingOpens = 5
    _ = world.ask(rename(deal, "Lost"), of: contoso.tenant, as: contoso.principal)
    let waiting = world.send(.query(.getDeal(deal)), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 250)
    #expect(world.told(waiting)?.reason == "STARTING")
    world.pass(milliseconds: 1_000)
    #expect(world.deals(of: contoso).first?.name == "Move")
  }

  @Test func `a stopping node answers every call`() throws {
    let world = RuntimeWorld(seed: 19, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.holdsHistory = true
    var tickets = (0..<600).map { _ in
      world.send(rename(deal, "Again"), of: contoso.tenant, as: contoso.principal)
    }
    tickets.append(
      world.send(
        .query(.dealHistory(DealHistory(deal: deal, afterCommit: 0, pageSize: 10))),
        of: contoso.tenant, as: contoso.principal))
    world.journal.holdsHistory = false
    #expect(world.stop())
    for ticket in tickets {
      #expect(world.collector.answers.count { $0.ticket == ticket } == 1)
    }
    let late = world.ask(.query(.getDeal(deal)), of: contoso.tenant, as: contoso.principal)
    #expect(late.reason == "DRAINING")
    var told: [Authentication] = []
    knock(world, contoso) { told.append($0) }
    #expect(told == [.unavailable])
  }

  @Test func `a stopping node does not wait for storage that refuses`() throws {
    let world = RuntimeWorld(seed: 20, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.refusing = .full
    let held = world.send(rename(deal, "Held"), of: contoso.tenant, as: contoso.principal)
    world.pass(milliseconds: 10)
    #expect(world.stop())
    #expect(world.told(held)?.reason == "STORAGE_FULL")
  }

  @Test func `mail that is owed to a shard that is not open yet waits for it`() throws {
    let world = RuntimeWorld(seed: 21, shards: 2)
    var parties: [Party] = []
    while Set(parties.map { world.node.placement.shardIndex(of: $0.tenant) }).count < 2 {
      parties.append(try world.register("Partner \(parties.count)", .partner))
    }
    // The sender's shard opens first.
    parties.sort {
      world.node.placement.shardIndex(of: $0.tenant)
        < world.node.placement.shardIndex(of: $1.tenant)
    }
    let (sender, receiver) = (parties[0], parties[parties.count - 1])
    let deal = try world.createDeal("Move", sender)
    world.pass(milliseconds: 100)
    world.journal.script = [.store(.durable(.start)), .stall(.indeterminate)]
    _ = world.invite(receiver, to: deal, by: sender)
    world.pass(milliseconds: 10)
    world.restart()
    world.pass(milliseconds: 180_000)
    #expect(world.deals(of: receiver).count == 1)
  }

  @Test(arguments: [false, true])
  func `a sink may hand over its next call while it is told the answer to the last`(
    _ changes: Bool
  ) throws {
    let world = RuntimeWorld(seed: 22, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    let request = changes ? rename(deal, "Again") : TenantRequest.query(.getDeal(deal))
    let sink = ChainingSink(world.node.port(of: contoso.tenant), contoso, request, calls: 50)
    world.at(contoso.tenant) { _ in sink.submit() }
    world.pass(milliseconds: 100)
    #expect(sink.answered == 50)
  }

  @Test(arguments: 0..<40)
  func `a restart at any moment loses no invitation and doubles none`(_ moment: Int) throws {
    let world = RuntimeWorld(seed: 100 + UInt64(moment), shards: 4)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    _ = world.send(
      world.invitation(of: fabrikam, to: deal), of: contoso.tenant, as: contoso.principal)
    for _ in 0..<(moment * 4) { _ = world.world.step() }
    world.restart()
    world.pass(milliseconds: 180_000)
    let cards = world.deals(of: contoso).first?.cards.count ?? 0
    #expect(world.deals(of: fabrikam).count == cards)
  }
}

/// Asks the next question as soon as it hears an answer, from within.
private final class ChainingSink: AnswerSink {
  private let port: ShardPort
  private let party: Party
  private let request: TenantRequest
  private let calls: UInt32
  private(set) var answered: UInt32 = 0

  init(_ port: ShardPort, _ party: Party, _ request: TenantRequest, calls: UInt32) {
    self.port = port
    self.party = party
    self.request = request
    self.calls = calls
  }

  func submit() {
    port.submit(
      Call(
        sink: self, ticket: Ticket(call: answered, method: 0), request: request,
        principal: party.principal, key: nil, deadline: MonotonicInstant(nanoseconds: .max),
        minSeq: 0), to: party.tenant)
  }

  func answer(_ ticket: Ticket, _ head: AnswerHead, body: Span<UInt8>) {
    answered += 1
    if answered < calls { submit() }
  }

  func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>) {}
}
