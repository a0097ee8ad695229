// SPDX-License-Identifier: Apache-2.0
// Which partition a tenant's log is, and which shard serves a partition. Tables, not arithmetic spread about.

import TandemDomain
package import TandemJournal
import TandemPlatform
package import TandemPrimitives

/// Where tenants live; fixed while a node runs.
package struct TenantPlacement: Sendable {
  package let shardCount: Int

  package init(shardCount: Int) { self.shardCount = shardCount }

  /// Fixed for a tenant's life: the store's history is written by it.
  package func partition(of tenant: TenantID) -> PartitionID {
    PartitionID(UInt16(truncatingIfNeeded: tenant.low % UInt64(Limits.partitions)))
  }

  package func shardIndex(of partition: PartitionID) -> Int {
    Int(partition.value) % shardCount
  }

  package func shardIndex(of tenant: TenantID) -> Int { shardIndex(of: partition(of: tenant)) }

  package func partitions(of shard: Int) -> [PartitionID] {
    (0..<Limits.partitions).map { PartitionID(UInt16($0)) }.filter { shardIndex(of: $0) == shard }
  }
}

/// Carries messages, receipts and directory news from shard to shard.
final class ShardRouter: Sendable {
  let placement: TenantPlacement
  let shards: [Shard]

  init(placement: TenantPlacement, shards: [Shard]) {
    self.placement = placement
    self.shards = shards
  }

  func deliver(_ envelope: Envelope) {
    let shard = shards[placement.shardIndex(of: envelope.receiver)]
    shard.executor.post {
      var mail = envelope
      ShardEntrance.deliver(shard, &mail)
    }
  }

  func deliver(_ receipt: MailReceipt) {
    let shard = shards[placement.shardIndex(of: receipt.sender)]
    shard.executor.post {
      var mark = receipt
      ShardEntrance.mark(shard, &mark)
    }
  }

  func publish(_ news: DirectoryNews) {
    for shard in shards {
      shard.executor.post {
        var copy = news
        ShardEntrance.learn(shard, &copy)
      }
    }
  }
}

/// What a directory tells every shard.
struct DirectoryNews: Sendable {
  let realm: RealmID
  var entries: [OrganisationEntry]
  /// All customers of the realm, when they changed.
  var customers: CustomerCatalogue?
  var solutions: [Solution]
  /// The realm's policy, when it changed.
  var policy: PolicyChange?
}

/// A part of that, until it is durable.
enum DirectoryItem {
  case organisation(OrganisationEntry)
  case customers(CustomerCatalogue)
  case solution(Solution)
  case policy(PolicyChange)
}
