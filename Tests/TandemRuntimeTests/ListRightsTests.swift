// SPDX-License-Identifier: Apache-2.0
// Lists that take several turns, while rights and deals change and others wait.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct ListRightsTests {
  private static func list(_ order: ListOrder?, _ filter: DealFilter = DealFilter()) -> ListDeals {
    var list = ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .created, descending: false,
      pageSize: 100, after: nil, filter: filter)
    list.order = order
    return list
  }

  /// Sends a list and changes after it, which come before its next slice; gives what it answers.
  private func answer(
    _ list: ListDeals, of party: Party, as principal: Principal? = nil, in world: RuntimeWorld,
    while changes: [Command]
  ) throws -> Told {
    let ticket = world.send(
      .query(.listDeals(list)), of: party.tenant, as: principal ?? party.principal)
    for change in changes {
      _ = world.send(.command(change, returnDeal: false), of: party.tenant, as: party.principal)
    }
    _ = world.world.run(stepsMax: 200_000) { world.told(ticket) != nil }
    let told = try #require(world.told(ticket))
    #expect(told.head.status == .ok)
    return told
  }

  private static let orders = [nil, ListOrder([.init(.name, descending: false)])]

  @Test(arguments: orders)
  func `invariant 12 what a copy dropped while a list was made is not told by it`(
    _ order: ListOrder?
  ) throws {
    let world = RuntimeWorld(seed: 41, shards: 1) { $0.dealsPerSlice = 2 }
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    for _ in 0..<6 {
      _ = world.invite(fabrikam, to: try world.createSecretDeal(contoso), by: contoso)
    }
    world.pass(milliseconds: 50)
    let copies = world.deals(of: fabrikam)
    let before = try answer(Self.list(order), of: fabrikam, in: world, while: [])
    #expect(copies.count == 6)
    #expect(RuntimeWorld.secrets.contains { before.mentions($0) })
    let told = try answer(
      Self.list(order), of: fabrikam, in: world,
      while: copies.map {
        .declineDeal(
          DeclineDeal(deal: $0.id, reason: ReasonCode(1), notes: "no", validateOnly: false))
      })
    #expect(try RuntimeWorld.rows(told.body).count == 6)
    for secret in RuntimeWorld.secrets { #expect(!told.mentions(secret)) }
  }

  @Test(arguments: orders, [1, 100])
  func `invariant 12 a deal that its reader lost while a list was made is not in it`(
    _ order: ListOrder?, _ sorted: Int
  ) throws {
    let world = RuntimeWorld(seed: 42, shards: 1) {
      $0.dealsPerSlice = 2
      $0.dealsSorted = sorted
    }
    let contoso = try world.register("Contoso", .partner)
    let seller = try world.addSeller("sam@contoso.example", contoso)
    let sam = Person(
      firstName: "Sam", lastName: "Seller", email: "sam@contoso.example", phone: "+1 555 0101",
      title: "")
    let deals = try (0..<6).map { try world.createDeal("Seen \($0)", contoso) }
    for deal in deals {
      _ = world.edit(deal, .putTeamMember(TeamMember(line: 0, person: sam)), contoso)
    }
    let list = Self.list(order)
    let before = try answer(list, of: contoso, as: seller, in: world, while: [])
    #expect(try RuntimeWorld.rows(before.body).map(\.id).sorted() == deals.sorted())
    let line = try #require(
      world.deals(of: contoso).first?.team.first { $0.person.email == sam.email }?.line)
    let told = try answer(
      list, of: contoso, as: seller, in: world,
      while: deals.map {
        .patchDeal(
          PatchDeal(
            deal: $0, baseVersion: 0, edits: [.removeTeamMember(line: line)], validateOnly: false))
      })
    #expect(try RuntimeWorld.rows(told.body).isEmpty)
  }

  /// How many of more lists than may be under way at once are told to wait.
  private func refused(_ list: ListDeals, of party: Party, in world: RuntimeWorld) -> Int {
    let tickets = (0..<Limits.scansPerTenant + 3).map { _ in
      world.send(.query(.listDeals(list)), of: party.tenant, as: party.principal)
    }
    _ = world.world.run(stepsMax: 200_000) { tickets.allSatisfy { world.told($0) != nil } }
    return tickets.count { world.told($0)?.reason == "TOO_MANY_SCANS" }
  }

  @Test func `limits a turn searches few bytes, however few the deals are that hold them`() throws {
    let world = RuntimeWorld(seed: 43, shards: 1) { $0.dealsPerSlice = 100 }
    let contoso = try world.register("Contoso", .partner)
    let location = contoso.location
    for _ in 0..<6 {
      let deal = try world.createDeal("Long", contoso)
      let notes = Text(String(repeating: "a", count: Limits.notesBytes))
      _ = world.edit(deal, .notes(notes), contoso)
    }
    // Every deal is looked at, which is one slice.
    let all = DealFilter([.init([.init(.location([location]))])])
    #expect(refused(Self.list(nil, all), of: contoso, in: world) == 0)
    var words = all
    words.require(.anywhere([Text(String(repeating: "b", count: 64))], ids: []))
    #expect(refused(Self.list(nil, words), of: contoso, in: world) == 3)
    let order = ListOrder([.init(.name, descending: false)])
    #expect(refused(Self.list(order, words), of: contoso, in: world) == 3)
  }

  @Test func `limits deals that an index names are looked at a slice per turn`() throws {
    let world = RuntimeWorld(seed: 44, shards: 1) { $0.dealsPerSlice = 4 }
    let contoso = try world.register("Contoso", .partner)
    for _ in 0..<6 { _ = try world.createDeal("Fleet", contoso) }
    let named = DealFilter([.init([.init(.text(.name, .equals(["Fleet"])))])])
    #expect(refused(Self.list(nil, named), of: contoso, in: world) == 3)
  }
}
