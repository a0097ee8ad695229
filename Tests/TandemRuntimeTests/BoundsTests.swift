// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemRuntime
import TandemWire
import Testing

/// Commits and appends are held to their bounds, whatever piles up.
struct BoundsTests {
  private func note(_ deal: DealID, _ bytes: Int, tries: Bool = false) -> TenantRequest {
    .command(
      .patchDeal(
        PatchDeal(
          deal: deal, baseVersion: 0, edits: [.notes(Text(String(repeating: "n", count: bytes)))],
          validateOnly: tries)),
      returnDeal: true)
  }

  @Test func `a change that is too large for one commit is refused and not made`() throws {
    let world = RuntimeWorld(seed: 81, shards: 2) { $0.commitBytes = 4_096 }
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    let refused = world.ask(note(deal, 8_000), of: contoso.tenant, as: contoso.principal)
    #expect(refused.reason == "COMMIT_TOO_LARGE")
    let error = try ErrorStatus(decoding: refused.body[...])
    #expect(error.notExecuted && !error.retryable)
    let tried = world.ask(note(deal, 8_000, tries: true), of: contoso.tenant, as: contoso.principal)
    #expect(try ErrorStatus(decoding: tried.body[...]).message == error.message)
    let small = world.ask(note(deal, 1_000, tries: true), of: contoso.tenant, as: contoso.principal)
    #expect(small.head.status == .ok)
    #expect(world.deals(of: contoso).first?.notes.isEmpty == true)
    let told = world.ask(note(deal, 1_000), of: contoso.tenant, as: contoso.principal)
    #expect(told.head.status == .ok)
    #expect(told.head.commitSeq == refused.head.commitSeq + 1)
    world.restart()
    #expect(world.deals(of: contoso).first?.notes.byteCount == 1_000)
  }

  @Test func `a dry run of what is too large for one commit is refused the same`() throws {
    let world = RuntimeWorld(seed: 87, shards: 2) { $0.commitBytes = 4_096 }
    let contoso = try world.register("Contoso", .partner)
    var said: [String] = []
    for (count, validatesOnly) in [(1, true), (40, true), (40, false), (1, false)] {
      let created = (0..<count).map { Transact.Operation(.createDeal(contoso.deal("Deal \($0)"))) }
      let whole = Transact(operations: created, validateOnly: validatesOnly)
      let told = world.ask(
        .command(.transact(whole), returnDeal: false), of: contoso.tenant, as: contoso.principal)
      #expect((told.head.status == .ok) == (count == 1), "\(count) \(validatesOnly)")
      if told.head.status == .ok { continue }
      let error = try ErrorStatus(decoding: told.body[...])
      #expect(error.reason == "COMMIT_TOO_LARGE" && error.notExecuted && !error.retryable)
      said.append(error.message)
      #expect(world.deals(of: contoso).isEmpty)
    }
    // The same bytes, too: only identifiers differ, which have one size.
    #expect(said.count == 2 && said.first == said.last)
    #expect(world.deals(of: contoso).map(\.name) == ["Deal 0"])
    world.restart()
    #expect(world.deals(of: contoso).map(\.name) == ["Deal 0"])
  }

  @Test func `what piled up while storage refused goes in appends of bounded size`() throws {
    let world = RuntimeWorld(seed: 82, shards: 2) { $0.batchBytes = 8_192 }
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.holdsAppends = true
    let tickets = (0..<60).map {
      world.send(note(deal, 1_000 + $0), of: contoso.tenant, as: contoso.principal)
    }
    world.pass(milliseconds: 50)
    world.journal.release()
    world.pass(milliseconds: 500)
    for ticket in tickets { #expect(world.told(ticket)?.head.status == .ok) }
    #expect((world.journal.appendSizes.max() ?? 0) <= 8_192)
    #expect(world.journal.appendSizes.count > 12)
    world.restart()
    #expect(world.deals(of: contoso).first?.notes.byteCount == 1_059)
  }

  @Test func `the history of a deal reads that deal and no other`() throws {
    let world = RuntimeWorld(seed: 84, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    for number in 0..<100 { _ = try world.createDeal("Deal \(number)", contoso) }
    _ = world.rename(deal, "Moved", contoso)
    world.journal.recordsRead = 0
    let told = world.history(of: deal, contoso)
    #expect(told.mentions("Moved"))
    #expect(world.journal.recordsRead == 2)
  }

  @Test func `deals asked for at once are bounded by bytes, and what is left is named`() throws {
    let world = RuntimeWorld(seed: 86, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let foreign = try world.createDeal("Theirs", fabrikam)
    var ids = [foreign]
    for number in 0..<300 {
      let id = try world.createDeal("Deal \(number)", contoso)
      _ = world.ask(note(id, 9_999), of: contoso.tenant, as: contoso.principal)
      ids.append(id)
    }
    var left = ids
    var rows: [[UInt8]] = []
    var missing: [[UInt8]] = []
    while !left.isEmpty {
      let told = world.ask(.query(.getDeals(left)), of: contoso.tenant, as: contoso.principal)
      #expect(told.body.count <= Limits.pageBytes + Limits.commitBytes)
      var rest: [DealID] = []
      var reader = ProtoReader(told.body[...])
      while try reader.next() {
        switch reader.field {
        case 1:
          var row = try reader.message()
          #expect(try row.next() && row.field == 1)
          var deal = try row.message()
          #expect(try deal.next() && deal.field == 1)
          rows.append(Array(try deal.slice()))
        case 2: missing.append(Array(try reader.slice()))
        case 3: rest.append(try reader.identifier())
        default: Issue.record("field \(reader.field)")
        }
      }
      #expect(rest.count < left.count)
      left = rest
    }
    #expect(missing == [foreign.bytes])
    #expect(rows == ids.dropFirst().map(\.bytes))
  }

  @Test func `a page of history is bounded by bytes, and pages make the whole`() throws {
    let world = RuntimeWorld(seed: 85, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    let changes = 400
    for number in 0..<changes {
      _ = world.ask(
        note(deal, 9_000 + number), of: contoso.tenant, as: contoso.principal)
    }
    var after: UInt64 = 0
    var entries = 0
    var pages = 0
    repeat {
      let told = world.ask(
        .query(.dealHistory(DealHistory(deal: deal, afterCommit: after, pageSize: 10_000))),
        of: contoso.tenant, as: contoso.principal)
      #expect(told.body.count <= Limits.pageBytes + Limits.commitBytes)
      after = 0
      var reader = ProtoReader(told.body[...])
      while try reader.next() {
        if reader.field == 2 {
          after = try reader.unsigned()
        } else {
          entries += 1
          try reader.skip()
        }
      }
      pages += 1
    } while after > 0 && pages < 20
    #expect(entries == changes + 1)
    #expect(pages > 3)
  }

  @Test func `a commit larger than an append goes alone`() throws {
    let world = RuntimeWorld(seed: 83, shards: 2) { $0.batchBytes = 1_024 }
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    let tickets = (0..<5).map { _ in
      world.send(note(deal, 3_000), of: contoso.tenant, as: contoso.principal)
    }
    world.pass(milliseconds: 500)
    for ticket in tickets { #expect(world.told(ticket)?.head.status == .ok) }
  }
}
