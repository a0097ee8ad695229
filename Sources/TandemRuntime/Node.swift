// SPDX-License-Identifier: Apache-2.0
// All shards of one process: opens the store, brings the directories up, answers where tenants live.

import TandemDomain
package import TandemJournal
package import TandemPlatform
package import TandemPrimitives

/// A running set of shards.
package final class Node: Sendable {
  /// The directory of `main` has the realm's own bytes as its tenant id; so has every other directory.
  package static let mainRealm = RealmID(high: 0x0000_0000_0000_7000, low: 0x8000_0000_0000_0001)

  package static func directory(of realm: RealmID) -> TenantID {
    TenantID(high: realm.high, low: realm.low)
  }

  package let shards: [Shard]
  package let placement: TenantPlacement
  private let router: ShardRouter

  package init(
    executors: [any ShardExecutor], storage: RuntimeStorage, settings: RuntimeSettings,
    seed: UInt64
  ) {
    invariant(!executors.isEmpty, "a node needs at least one executor")
    let placement = TenantPlacement(shardCount: executors.count)
    var random = SeededRandom(seed: seed)
    shards = executors.enumerated().map { index, executor in
      Shard(
        index: index, executor: executor, storage: storage, settings: settings,
        placement: placement, seed: random.next())
    }
    self.placement = placement
    router = ShardRouter(placement: placement, shards: shards)
  }

  /// The door to the shard that serves a tenant.
  package func port(of tenant: TenantID) -> ShardPort {
    ShardPort(shard: shards[placement.shardIndex(of: tenant)])
  }

  package func port(at index: Int) -> ShardPort { ShardPort(shard: shards[index]) }

  /// Opens every partition and makes sure that the realm `main` exists.
  package func start() async throws(JournalError) {
    for shard in shards {
      await shard.connect(router)
      try await shard.open()
    }
    let main = shards[placement.shardIndex(of: Self.directory(of: Self.mainRealm))]
    for realm in await main.establishMain() where realm != Self.mainRealm {
      await shards[placement.shardIndex(of: Self.directory(of: realm))].awaken(
        Self.directory(of: realm))
    }
  }

  /// Makes what is pending durable and gives the partitions up.
  package func stop() async {
    for shard in shards { await shard.close() }
  }
}

extension Shard {
  func connect(_ router: ShardRouter) { self.router = router }

  /// The directory of main exists from the first start on; returns the realms that it knows.
  func establishMain() async -> [RealmID] {
    let id = Node.directory(of: Node.mainRealm)
    let entry = entries[id] ?? found(id)
    let now = executor.turnTime.wall
    let establish = SystemCommand.establish(
      EstablishOrganisation(
        organisation: Organisation(
          id: id, realm: Node.mainRealm, kind: .directory, name: "main",
          country: CountryCode(packed: 0), inEcosystem: false, transacts: false, createdAt: now),
        realm: Realm(
          id: Node.mainRealm, name: "main", isSandbox: false,
          clockOffset: Timestamp.Span(milliseconds: 0), policy: .standard, createdAt: now)))
    return await news(of: entry, beginningWith: establish)
  }

  /// Whether everything that an awake tenant has done is durable.
  private func isDurable(_ entry: TenantEntry, _ tenant: Tenant) -> Bool {
    guard case .awake(let present) = entry.stage, present === tenant else { return false }
    return entry.log.stage == .serving && entry.lastCommit <= entry.log.durable
  }

  /// Loads a directory so that everybody knows its organisations.
  func awaken(_ id: TenantID) async {
    guard let entry = entries[id] else { return }
    _ = await news(of: entry)
  }

  /// Waits until a directory is awake and what it lists is durable, publishes that, and returns its
  /// realms.
  ///
  /// The first command is repeated while the tenant is empty: its commit may have been lost.
  private func news(
    of entry: TenantEntry, beginningWith command: SystemCommand? = nil
  ) async -> [RealmID] {
    enqueue(.beat, entry)
    while true {
      if case .awake(let tenant) = entry.stage {
        let listing = await tenant.listing
        if let realm = listing.realm, isDurable(entry, tenant) {
          router?.publish(
            DirectoryNews(
              realm: realm, entries: listing.entries, customers: listing.customers,
              solutions: listing.solutions, policy: listing.policy))
          return listing.realms
        }
        if listing.realm == nil, let command, entry.queue.isEmpty {
          enqueue(.command(command), entry)
        }
      }
      guard isServing else { return [] }
      await pause(milliseconds: 1)
    }
  }
}

extension Tenant {
  /// What a directory tells: its own realm, its organisations, customers and solutions, the realms it
  /// made; in ascending order.
  var listing: Listing {
    Listing(
      realm: core.state.realm?.id, entries: core.state.entries.values.sorted { $0.id < $1.id },
      customers: core.state.customers,
      solutions: core.state.solutions.values.sorted { $0.id < $1.id },
      policy: core.state.realm.map {
        PolicyChange(realm: $0.id, policy: $0.policy, version: $0.policyVersion)
      },
      realms: core.state.realms.keys.sorted())
  }

  struct Listing: Sendable {
    let realm: RealmID?
    let entries: [OrganisationEntry]
    let customers: CustomerCatalogue
    let solutions: [Solution]
    let policy: PolicyChange?
    let realms: [RealmID]
  }
}
