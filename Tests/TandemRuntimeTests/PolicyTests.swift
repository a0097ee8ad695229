// SPDX-License-Identifier: Apache-2.0
// A changed policy reaches every organisation on every shard, holds after restarts, and is a commit of each.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct PolicyTests {
  private func update(
    _ world: RuntimeWorld, _ realm: RealmID = Node.mainRealm,
    _ say: (inout RealmPolicyUpdate) -> Void
  ) -> Told {
    var update = RealmPolicyUpdate()
    say(&update)
    return world.ask(
      .command(.updateRealm(UpdateRealm(realm: realm, update: update)), returnDeal: false),
      of: Node.directory(of: Node.mainRealm), as: .systemOperator)
  }

  private func realm(
    _ world: RuntimeWorld, of tenant: TenantID, as principal: Principal
  ) throws -> Realm {
    let told = world.ask(.query(.getRealm), of: tenant, as: principal)
    var reader = ProtoReader(told.body[...])
    while try reader.next() {
      if reader.field == 1 { return try reader.value() }
      try reader.skip()
    }
    throw WireError(.malformed, field: "realm", "is missing")
  }

  @Test func `ruling 4 a policy reaches every shard, restarts and who comes later`() throws {
    let world = RuntimeWorld(seed: 41, shards: 4) { $0.snapshotAfterCommits = 1 }
    var parties: [Party] = []
    for number in 1...8 { parties.append(try world.register("Partner \(number)", .partner)) }
    #expect(update(world) { $0.answerWindow = .days(7) }.head.status == .ok)
    world.pass(milliseconds: 10)
    for party in parties {
      let told = try realm(world, of: party.tenant, as: party.principal)
      #expect(told.policy.answerWindow == .days(7) && told.policyVersion == 1)
    }
    // Told at the same moment as a process dies, it holds for those that never heard of it.
    #expect(update(world) { $0.vendorRetries = 1 }.head.status == .ok)
    world.restart()
    parties.append(try world.register("Late", .partner))
    let main = Node.directory(of: Node.mainRealm)
    for _ in 0..<2 {
      for party in parties {
        let told = try realm(world, of: party.tenant, as: party.principal)
        #expect(told.policy.answerWindow == .days(7) && told.policy.vendorRetries == 1)
        #expect(told.policyVersion == 2)
      }
      let own = try realm(world, of: main, as: .systemOperator)
      #expect(own.policy.answerWindow == .days(7) && own.policyVersion == 2)
      world.restart()
    }
  }

  @Test func `ruling 4 a sandbox's policy is its own, and holds after a restart`() throws {
    let world = RuntimeWorld(seed: 42, shards: 2)
    let main = Node.directory(of: Node.mainRealm)
    let create = CreateRealm(name: "rehearsal", policy: .standard)
    let made = world.ask(
      .command(.createRealm(create), returnDeal: false), of: main, as: .systemOperator)
    var reader = ProtoReader(made.body[...])
    #expect(try reader.next())
    let sandbox = try #require(RealmID(bytes: try reader.slice()))
    world.pass(milliseconds: 10)
    #expect(update(world, sandbox) { $0.counterpartsMax = 3 }.head.status == .ok)
    world.pass(milliseconds: 10)
    for _ in 0..<2 {
      let told = try realm(world, of: Node.directory(of: sandbox), as: .systemOperator)
      #expect(told.policy.counterpartsMax == 3 && told.policyVersion == 1)
      #expect(try realm(world, of: main, as: .systemOperator).policy.counterpartsMax == 20)
      world.restart()
    }
    let unknown = update(world, RealmID(high: 7, low: 7)) { $0.counterpartsMax = 3 }
    #expect(unknown.head.status == .notFound && unknown.reason == "REALM_NOT_FOUND")
  }

  @Test func `ruling 4 hearing of a policy is a commit of its own, before what is asked`() throws {
    let world = RuntimeWorld(seed: 43, shards: 2)
    let party = try world.register("Contoso", .partner)
    _ = try world.createDeal("first", party)
    let before = world.ask(.query(.getRealm), of: party.tenant, as: party.principal)
    #expect(update(world) { $0.duplicates = .refuse }.head.status == .ok)
    world.pass(milliseconds: 10)
    let twice = world.ask(
      .command(.createDeal(party.deal("second")), returnDeal: false), of: party.tenant,
      as: party.principal)
    #expect(twice.reason == "POSSIBLE_DUPLICATE")
    #expect(twice.head.commitSeq == before.head.commitSeq + 1)
    let again = world.ask(.query(.getRealm), of: party.tenant, as: party.principal)
    #expect(again.head.commitSeq == twice.head.commitSeq)
  }
}
