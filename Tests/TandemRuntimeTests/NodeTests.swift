// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct NodeTests {
  @Test func `a new node has the realm main and registers an organisation`() throws {
    let world = RuntimeWorld(seed: 1, shards: 4)
    let contoso = try world.register("Contoso", .partner)
    let told = world.ask(.query(.getOrganisation), of: contoso.tenant, as: contoso.principal)
    #expect(told.head.status == .ok)
    #expect(told.body.contains(Array("Contoso".utf8)))
  }

  @Test func `a created deal is read back, also after a restart`() throws {
    let world = RuntimeWorld(seed: 2, shards: 4)
    let contoso = try world.register("Contoso", .partner)
    let deal = try world.createDeal("Datacentre move", contoso)
    let before = world.ask(.query(.getDeal(deal)), of: contoso.tenant, as: contoso.principal)
    #expect(before.head.status == .ok)
    world.restart()
    let after = world.ask(.query(.getDeal(deal)), of: contoso.tenant, as: contoso.principal)
    #expect(after.body == before.body)
  }

  @Test func `an invited partner receives a copy, accepts it, and the inviter's card says so`()
    throws
  {
    let world = RuntimeWorld(seed: 3, shards: 4)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Datacentre move", contoso)
    #expect(world.invite(fabrikam, to: deal, by: contoso).head.status == .ok)
    world.pass(milliseconds: 10)
    let copy = try #require(world.deals(of: fabrikam).first)
    #expect(copy.status == .pending)
    let accepted = world.ask(
      .command(
        .acceptDeal(
          AcceptDeal(
            deal: copy.id, name: "With Contoso", value: nil, closeDate: nil, notes: "", crmID: "",
            campaignID: "", team: [], validateOnly: false)), returnDeal: false),
      of: fabrikam.tenant, as: fabrikam.principal)
    #expect(accepted.head.status == .ok)
    world.pass(milliseconds: 10)
    #expect(world.deals(of: contoso).first?.cards.first?.status == .accepted)
  }

  @Test func `an invitation without an answer expires after the window`() throws {
    let world = RuntimeWorld(seed: 4, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let fabrikam = try world.register("Fabrikam", .partner)
    let deal = try world.createDeal("Datacentre move", contoso)
    _ = world.invite(fabrikam, to: deal, by: contoso)
    world.pass(milliseconds: 14 * 86_400_000 + 1_000)
    #expect(world.deals(of: fabrikam).first?.status == .expired)
    #expect(world.deals(of: contoso).first?.cards.first?.status == .expired)
  }

  @Test func `a repeated key is answered with the stored answer`() throws {
    let world = RuntimeWorld(seed: 5, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let key = RequestKey(
      scopeHigh: 1, scopeLow: 2, digestHigh: 3, digestLow: 4, madeAt: nil)
    let request = TenantRequest.command(.createDeal(contoso.deal("Twice")), returnDeal: false)
    let first = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key)
    world.restart()
    let second = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key)
    #expect(second.head.isReplay)
    #expect(second.body == first.body)
    #expect(world.deals(of: contoso).count == 1)
  }

  @Test func `a repeated call with return_deal carries the deal as it is now`() throws {
    let world = RuntimeWorld(seed: 6, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    let key = RequestKey(
      scopeHigh: 1, scopeLow: 2, digestHigh: 3, digestLow: 4, madeAt: nil)
    let request = TenantRequest.command(.createDeal(contoso.deal("Then")), returnDeal: true)
    let first = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key)
    #expect(first.mentions("Then"))
    let deal = try #require(DealID(bytes: first.body[2..<18]))
    _ = world.rename(deal, "Now", contoso)
    let second = world.ask(request, of: contoso.tenant, as: contoso.principal, key: key)
    #expect(second.head.isReplay)
    #expect(second.mentions("Now"))
    #expect(!second.mentions("Then"))
  }

  @Test func `a list names a deal once, also when a status is asked for twice`() throws {
    let world = RuntimeWorld(seed: 7, shards: 2)
    let contoso = try world.register("Contoso", .partner)
    _ = try world.createDeal("Move", contoso)
    func list(_ statuses: [DealStatus]) -> [UInt8] {
      world.ask(
        .query(
          .listDeals(
            ListDeals(
              statuses: statuses, direction: nil, favouritesOnly: false, sort: .updated,
              descending: true, pageSize: 10, after: nil))),
        of: contoso.tenant, as: contoso.principal
      ).body
    }
    #expect(list([.accepted]).mentions("Move"))
    #expect(list([.accepted, .accepted]) == list([.accepted]))
  }

  @Test func `the directory of main lists main and the sandboxes that it made`() throws {
    let world = RuntimeWorld(seed: 8, shards: 2)
    let main = Node.directory(of: Node.mainRealm)
    for name: Text in ["rehearsal", "school"] {
      let create = CreateRealm(name: name, policy: .standard)
      let made = world.ask(
        .command(.createRealm(create), returnDeal: false), of: main, as: .systemOperator)
      try #require(made.head.status == .ok)
    }
    let listed = world.ask(.query(.listRealms), of: main, as: .systemOperator)
    var realms: [Realm] = []
    var reader = ProtoReader(listed.body[...])
    while try reader.next() { realms.append(try reader.value()) }
    #expect(realms.map(\.name) == ["main", "rehearsal", "school"])
    #expect(realms.map(\.isSandbox) == [false, true, true])
  }
}
