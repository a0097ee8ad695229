// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// As many partners of one deal as a realm may allow, with commits of the usual size.
@Suite(.on(.worlds))
struct ManyCounterpartsTests {
  private static let most = Limits.counterparts

  private func accept(_ copy: DealID) -> TenantRequest {
    .command(
      .acceptDeal(
        AcceptDeal(
          deal: copy, name: "With Contoso", value: nil, closeDate: nil, notes: "", crmID: "",
          campaignID: "", team: [], validateOnly: false)), returnDeal: false)
  }

  private func allowMost(_ world: RuntimeWorld) {
    var update = RealmPolicyUpdate()
    update.counterpartsMax = UInt32(Self.most)
    let told = world.ask(
      .command(
        .updateRealm(UpdateRealm(realm: Node.mainRealm, update: update)), returnDeal: false),
      of: Node.directory(of: Node.mainRealm), as: .systemOperator)
    #expect(told.head.status == .ok)
    world.pass(milliseconds: 100)
  }

  @Test func `G24 a policy allows 200 partners of a deal, who are all told of everything`() throws {
    // A larger commit goes alone, and would show as a larger append.
    let world = RuntimeWorld(seed: 88, shards: 2) { $0.batchBytes = Limits.commitBytes }
    let contoso = try world.register("Contoso", .partner)
    let partners = try (0...Self.most).map { try world.register("Partner \($0)", .partner) }
    let deal = try world.createDeal("Move", contoso)
    let line = try #require(world.deals(of: contoso).first?.solutions.first?.line)

    func invite(_ partner: Party) -> Told {
      let request = world.invitation(of: partner, to: deal, line)
      return world.ask(request, of: contoso.tenant, as: contoso.principal)
    }
    for partner in partners.prefix(Limits.counterpartsByDefault) {
      #expect(invite(partner).head.status == .ok)
    }
    #expect(invite(partners[Limits.counterpartsByDefault]).reason == "COUNTERPARTS_FULL")
    allowMost(world)
    for partner in partners[Limits.counterpartsByDefault..<Self.most] {
      #expect(invite(partner).head.status == .ok)
    }
    #expect(invite(partners[Self.most]).reason == "COUNTERPARTS_FULL")
    world.pass(milliseconds: 1_000)

    for partner in partners.prefix(Self.most) {
      let copy = try #require(world.deals(of: partner).first)
      _ = world.send(accept(copy.id), of: partner.tenant, as: partner.principal)
    }
    world.pass(milliseconds: 30_000)
    try expect(.accepted, world, contoso, partners)

    let won = world.ask(
      .command(
        .winDeal(WinDeal(deal: deal, baseVersion: 0, validateOnly: false)), returnDeal: false),
      of: contoso.tenant, as: contoso.principal)
    #expect(won.head.status == .ok)
    world.pass(milliseconds: 30_000)
    try expect(.won, world, contoso, partners)
    #expect((world.journal.appendSizes.max() ?? 0) <= Limits.commitBytes)
    world.restart()
    try expect(.won, world, contoso, partners)
  }

  /// Everybody sees the initiator's status, its team and all others, and the deal is read and listed.
  private func expect(
    _ status: DealStatus, _ world: RuntimeWorld, _ contoso: Party, _ partners: [Party]
  ) throws {
    let own = try #require(world.deals(of: contoso).first)
    #expect(own.status == status && own.cards.count == Self.most)
    #expect(own.cards.allSatisfy { $0.status == .accepted })
    let read = world.ask(
      .query(.getDeals([own.id])), of: contoso.tenant, as: contoso.principal)
    #expect(read.head.status == .ok && read.body.count <= Limits.pageBytes)
    let all = Set(own.cards.map(\.organisation.id))
    for partner in partners.prefix(Self.most) {
      let copy = try #require(world.deals(of: partner).first)
      let view = try #require(copy.sharedView)
      #expect(copy.status == .accepted && view.initiatorStatus == status)
      #expect(view.team.map(\.person) == own.team.map(\.person))
      #expect(
        view.participants.count == Self.most - 1
          && Set(view.participants.map(\.id)) == all.subtracting([partner.tenant]))
    }
    #expect(world.deals(of: partners[Self.most]).isEmpty)
  }
}
