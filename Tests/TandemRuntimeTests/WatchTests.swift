// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct WatchTests {
  /// Five copies that expire in one commit of more than a hundred kilobytes.
  private func expiring(_ world: RuntimeWorld, _ fabrikam: Party) throws {
    let contoso = try world.register("Contoso", .partner)
    for number in 0..<5 {
      let id = try world.createDeal("Deal \(number)", contoso)
      let notes = Text(String(repeating: "n", count: 9_900))
      let told = world.invite(fabrikam, to: id, by: contoso, notes: notes)
      try #require(told.head.status == .ok, "\(told.reason)")
    }
    world.pass(milliseconds: 14 * 86_400_000 - 1_000)
  }

  @Test func `a large commit is told in parts, one more with each credit`() throws {
    let world = RuntimeWorld(seed: 58, shards: 2)
    let fabrikam = try world.register("Fabrikam", .partner)
    try expiring(world, fabrikam)
    let watch = world.watch(fabrikam, credit: 1_000)
    world.pass(milliseconds: 10_000)
    let seller = try #require(watch.sink.feed.first)
    #expect(!seller.isContinued)
    #expect(watch.sink.feed.count == 2 && watch.sink.feed[1].isContinued)
    #expect(watch.sink.feed[1].token.isEmpty)
    // Silence is no reason to tell of progress in the middle of a commit.
    world.pass(milliseconds: 120_000)
    #expect(watch.sink.feed.count == 2)
    world.at(fabrikam.tenant) {
      $0.grant(1_000_000, to: watch.ticket, of: watch.sink, in: fabrikam.tenant)
    }
    world.pass(milliseconds: 100)
    let parts = watch.sink.feed.dropFirst().prefix { !$0.changes.isEmpty }
    #expect(parts.count > 1)
    #expect(parts.dropLast().allSatisfy { $0.isContinued && $0.token.isEmpty })
    #expect(parts.last?.isContinued == false && parts.last?.token.isEmpty == false)
    #expect(Set(parts.map(\.commitSeq)).count == 1)
    #expect(watch.sink.changes.count == 5)
    #expect(watch.sink.items.allSatisfy { $0.count <= Limits.feedItemBytes })
  }

  @Test func `the rest of a large commit is not told to whom rights were changed`() throws {
    let world = RuntimeWorld(seed: 59, shards: 2)
    let fabrikam = try world.register("Fabrikam", .partner)
    try expiring(world, fabrikam)
    let watch = world.watch(fabrikam, credit: 1_000)
    world.pass(milliseconds: 10_000)
    #expect(watch.sink.feed.last?.isContinued == true)
    _ = try world.addSeller("sam@fabrikam.example", fabrikam)
    world.at(fabrikam.tenant) {
      $0.grant(1_000_000, to: watch.ticket, of: watch.sink, in: fabrikam.tenant)
    }
    world.pass(milliseconds: 100)
    #expect(watch.sink.answers.first?.reason == "RIGHTS_CHANGED")
    #expect(watch.sink.answers.first?.head.commitSeq == watch.sink.feed.first?.commitSeq)
    let again = world.watch(fabrikam, after: watch.sink.feed.first?.token)
    #expect(again.sink.changes.count == 5)
  }

  @Test func `a watch tells a token at once, then changes in order`() throws {
    let world = RuntimeWorld(seed: 41, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let watch = world.watch(contoso)
    #expect(watch.sink.feed.count == 1)
    #expect(watch.sink.feed.first?.token.count == ResumeToken.byteCount)
    let deal = try world.createDeal("Move", contoso)
    for name: Text in ["A", "B", "C"] { _ = world.rename(deal, name, contoso) }
    world.pass(milliseconds: 10)
    #expect(watch.sink.changes.map(\.deal) == [deal, deal, deal, deal])
    #expect(watch.sink.changes.map(\.presence) == [2, 1, 1, 1])
    let places = watch.sink.feed.map(\.commitSeq)
    #expect(places == places.sorted())
  }

  @Test func `an invitation comes with its notification`() throws {
    let world = RuntimeWorld(seed: 42, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    let watch = world.watch(fabrikam)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 50)
    #expect(watch.sink.changes.count == 1)
    #expect(watch.sink.feed.reduce(0) { $0 + $1.notifications } == 1)
  }

  @Test func `a token goes on where it was, across a restart and behind the ring`() throws {
    let world = RuntimeWorld(seed: 43, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    let first = world.watch(contoso)
    let token = try #require(first.sink.feed.first?.token)
    for number in 0..<20 { _ = world.rename(deal, Text("Name \(number)"), contoso) }
    world.pass(milliseconds: 10)
    let live = first.sink.items.dropFirst()
    #expect(live.count == 20)
    world.restart()
    let second = world.watch(contoso, after: token)
    #expect(second.sink.feed.first?.changes.isEmpty == true)
    #expect(Array(second.sink.items.dropFirst()) == Array(live))
    let middle = first.sink.feed[7].token
    let third = world.watch(contoso, after: middle)
    #expect(Array(third.sink.items.dropFirst()) == Array(live.dropFirst(7)))
  }

  @Test(arguments: [false, true])
  func `nothing but the first item comes without credit, and a grant is not overdrawn by a page`(
    _ isBehind: Bool
  ) throws {
    let world = RuntimeWorld(seed: 44, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    let token = try #require(world.watch(contoso).sink.feed.first?.token)
    if isBehind { world.restart() }
    let early = isBehind ? nil : world.watch(contoso, after: token, credit: 0)
    for number in 0..<30 { _ = world.rename(deal, Text("Name \(number)"), contoso) }
    let watch = early ?? world.watch(contoso, after: token, credit: 0)
    world.pass(milliseconds: 10)
    #expect(watch.sink.items.count == 1)
    let firstCost = Int64(16 + watch.sink.items[0].count)
    world.at(contoso.tenant) {
      $0.grant(firstCost + 1, to: watch.ticket, of: watch.sink, in: contoso.tenant)
    }
    world.pass(milliseconds: 10)
    #expect(watch.sink.items.count == 2)
    world.at(contoso.tenant) {
      $0.grant(1_000_000, to: watch.ticket, of: watch.sink, in: contoso.tenant)
    }
    world.pass(milliseconds: 50)
    #expect(watch.sink.changes.count == 30)
  }

  @Test func `a cancelled watch is answered once and told nothing more`() throws {
    let world = RuntimeWorld(seed: 45, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let watch = world.watch(contoso)
    world.at(contoso.tenant) { port in
      port.cancel(watch.ticket, of: watch.sink, in: contoso.tenant)
      port.cancel(watch.ticket, of: watch.sink, in: contoso.tenant)
    }
    world.pass(milliseconds: 10)
    _ = try world.createDeal("Move", contoso)
    #expect(watch.sink.answers.map(\.reason) == ["CANCELLED"])
    #expect(watch.sink.items.count == 1)
  }

  @Test func `a token of another selection, store or organisation is refused`() throws {
    let world = RuntimeWorld(seed: 46, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Move", contoso)
    let token = try #require(world.watch(contoso).sink.feed.first?.token)
    let other = world.watch(contoso, after: token, deals: [deal])
    #expect(other.sink.answers.map(\.reason) == ["RESUME_SELECTOR_CHANGED"])
    let foreign = world.watch(fabrikam, after: token)
    #expect(foreign.sink.answers.map(\.reason) == ["RESUME_TOKEN_INVALID"])
    world.timeline = TimelineID(high: 1, low: 2)
    world.restart()
    let restored = world.watch(contoso, after: token)
    #expect(restored.sink.answers.map(\.reason) == ["RESUME_TIMELINE_CHANGED"])
    #expect(restored.sink.items.isEmpty)
  }

  @Test func `a deal enters and leaves the view of a user with the team`() throws {
    let world = RuntimeWorld(seed: 47, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let seller = try world.addSeller("sam@contoso.example", contoso)
    let deal = try world.createDeal("Move", contoso)
    let watch = world.watch(contoso, as: seller)
    _ = world.rename(deal, "Hidden", contoso)
    world.pass(milliseconds: 10)
    #expect(watch.sink.changes.isEmpty)
    let sam = Person(
      firstName: "Sam", lastName: "Seller", email: "sam@contoso.example", phone: "+1 555 0101",
      title: "")
    let team = world.deals(of: contoso).first?.team ?? []
    #expect(
      world.edit(deal, .putTeamMember(TeamMember(line: 0, person: sam)), contoso).head.status
        == .ok)
    _ = world.rename(deal, "Seen", contoso)
    let line = try #require(
      world.deals(of: contoso).first?.team.first { $0.person.email == sam.email }?.line)
    #expect(world.edit(deal, .removeTeamMember(line: line), contoso).head.status == .ok)
    _ = world.rename(deal, "Hidden again", contoso)
    world.pass(milliseconds: 10)
    #expect(watch.sink.changes.map(\.presence) == [2, 1, 3])
    #expect(watch.sink.changes.first?.hasWholeDeal == true)
    #expect(!watch.sink.items.contains { $0.mentions("Hidden again") })
    #expect(world.deals(of: contoso).first?.team == team)
  }

  @Test func `a deactivated user hears and reads nothing more`() throws {
    let world = RuntimeWorld(seed: 48, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let seller = try world.addSeller("sam@contoso.example", contoso)
    let watch = world.watch(contoso, as: seller)
    guard case .user(let user, _, _) = seller else { throw NoUser() }
    _ = world.ask(
      .command(
        .setUserGrants(SetUserGrants(user: user, grants: [], isActive: false)), returnDeal: false),
      of: contoso.tenant, as: contoso.principal)
    _ = try world.createDeal("Move", contoso)
    #expect(watch.sink.items.count == 1)
    #expect(watch.sink.answers.map(\.reason) == ["USER_INACTIVE"])
    let told = world.ask(.query(.listUsers), of: contoso.tenant, as: seller)
    #expect(told.reason == "USER_INACTIVE")
  }

  @Test func `a watch in another's name ends with the right to it`() throws {
    let world = RuntimeWorld(seed: 49, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    guard case .user(let admin, _, _) = contoso.principal else { throw NoUser() }
    let service = try world.addUser(
      AddUser(
        isService: true,
        person: Person(firstName: "Sync", lastName: "", email: "", phone: "", title: ""),
        grants: [], mayActAsUser: true), contoso)
    let watch = world.watch(contoso, as: .user(admin, via: service, readOnly: false))
    _ = try world.createDeal("Move", contoso)
    #expect(watch.sink.changes.count == 1)
    _ = world.ask(
      .command(
        .setUserGrants(SetUserGrants(user: service, grants: [], isActive: false)),
        returnDeal: false),
      of: contoso.tenant, as: contoso.principal)
    _ = try world.createDeal("Move on", contoso)
    #expect(watch.sink.changes.count == 1)
    #expect(watch.sink.answers.map(\.reason) == ["ACT_AS_FORBIDDEN"])
  }

  private struct NoUser: Error {}

  @Test func `the first token waits for the commit that it names`() throws {
    let world = RuntimeWorld(seed: 49, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Move", contoso)
    world.journal.holdsAppends = true
    _ = world.send(
      .command(
        .patchDeal(
          PatchDeal(deal: deal, baseVersion: 0, edits: [.name("Held")], validateOnly: false)),
        returnDeal: false),
      of: contoso.tenant, as: contoso.principal)
    let watch = world.watch(contoso)
    #expect(watch.sink.items.isEmpty)
    world.journal.release()
    world.pass(milliseconds: 10)
    #expect(watch.sink.items.count == 1)
    #expect(watch.sink.changes.isEmpty)
  }

  @Test func `a silent watch hears how far it is, and a stopping node ends it`() throws {
    let world = RuntimeWorld(seed: 50, shards: 2) { $0.housekeepingMilliseconds = 250 }
    let contoso = try world.register("Contoso", .partner)
    let watch = world.watch(contoso)
    world.pass(milliseconds: 16_000)
    #expect((3...4).contains(watch.sink.items.count))
    #expect(world.stop())
    #expect(watch.sink.answers.map(\.reason) == ["DRAINING"])
  }
}
