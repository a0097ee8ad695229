// SPDX-License-Identifier: Apache-2.0
// Stamps tenant chains into encoded records. Runs on the writer's thread, never on a shard's.

package import TandemPrimitives
import TandemPlatform

/// Where a tenant's chain stands.
package struct ChainHead: Sendable, Equatable {
  package let commitSeq: UInt64
  package let chain: ChainHash
  package init(commitSeq: UInt64, chain: ChainHash) {
    self.commitSeq = commitSeq
    self.chain = chain
  }
  package static let start = ChainHead(commitSeq: 0, chain: .start)
}

/// Holds the head of every tenant's chain and extends it record by record.
///
/// chain = SHA-256(previous chain ‖ tenant ‖ commit_seq ‖ body ‖ SHA-256(personal section)).
package struct ChainSealer: Sendable {
  private var heads: [TenantID: ChainHead] = [:]
  private var scratch: [UInt8] = []

  package init() {}

  package func head(of tenant: TenantID) -> ChainHead { heads[tenant] ?? .start }

  /// Takes a head found in the log, a run or a snapshot; an older one than known is ignored.
  package mutating func seed(_ tenant: TenantID, _ head: ChainHead) {
    if head.commitSeq >= self.head(of: tenant).commitSeq { heads[tenant] = head }
  }

  /// Stamps one record and moves its tenant's head.
  package mutating func seal(_ range: RecordRange, in bytes: inout [UInt8]) {
    let tenant = RecordCodec.tenant(of: range, in: bytes)
    let sequence = RecordCodec.commitSeq(of: range, in: bytes)
    let previous = head(of: tenant)
    invariant(sequence == previous.commitSeq + 1, "a tenant's commits are contiguous")
    let chain = Self.link(range, in: bytes, previous: previous.chain, scratch: &scratch)
    RecordCodec.stamp(chain: chain, at: range.start, in: &bytes)
    heads[tenant] = ChainHead(commitSeq: sequence, chain: chain)
  }

  /// The chain hash that belongs to a record after a given one.
  package static func link(
    _ range: RecordRange, in bytes: [UInt8], previous: ChainHash
  ) -> ChainHash {
    var scratch: [UInt8] = []
    return link(range, in: bytes, previous: previous, scratch: &scratch)
  }

  private static func link(
    _ range: RecordRange, in bytes: [UInt8], previous: ChainHash, scratch: inout [UInt8]
  ) -> ChainHash {
    let tenant = range.start + RecordCodec.Offset.tenant
    scratch.removeAll(keepingCapacity: true)
    previous.append(to: &scratch)
    // Tenant and commit_seq stand side by side in the header.
    scratch.append(contentsOf: bytes[tenant..<tenant + 24])
    var hash = SHA256()
    hash.update(scratch[...])
    hash.update(bytes[range.bodyStart..<range.personalStart])
    let personal = bytes[range.personalStart..<range.end]
    if RecordCodec.flags(of: range, in: bytes) & RecordCodec.personalErased != 0,
      personal.count == 32
    {
      hash.update(personal)
    } else {
      scratch.removeAll(keepingCapacity: true)
      Checksum.sha256(personal).append(to: &scratch)
      hash.update(scratch[...])
    }
    return ChainHash(hash.finish())
  }
}
