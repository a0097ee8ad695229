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

  package init() {}

  package func head(of tenant: TenantID) -> ChainHead { heads[tenant] ?? .start }

  /// Takes a head found in the log, a run or a snapshot; an older one than known is ignored.
  package mutating func seed(_ tenant: TenantID, _ head: ChainHead) {
    if head.commitSeq >= self.head(of: tenant).commitSeq { heads[tenant] = head }
  }

  /// Stamps place and chain into all records from an index to the end of the buffer.
  ///
  /// Most batches are of one tenant, so its head is looked up when another tenant's record comes.
  package mutating func seal(batch bytes: inout [UInt8], from: Int, first: Position, epoch: Epoch) {
    var start = from
    var position = first.value
    var open: (tenant: TenantID, head: ChainHead)?
    while start < bytes.count,
      let range = RecordCodec.range(at: start, in: bytes, end: bytes.count)
    {
      let tenant = RecordCodec.tenant(of: range, in: bytes)
      var head = head(of: tenant, open: &open)
      RecordCodec.stamp(position: Position(position), epoch: epoch, at: start, in: &bytes)
      head = seal(range, after: head, in: &bytes)
      open = (tenant, head)
      position += 1
      start = range.end
    }
    if let open { heads[open.tenant] = open.head }
  }

  /// The head that a tenant's next record follows; an open head of another tenant is put away.
  private mutating func head(
    of tenant: TenantID, open: inout (tenant: TenantID, head: ChainHead)?
  ) -> ChainHead {
    guard let last = open else { return head(of: tenant) }
    if last.tenant == tenant { return last.head }
    heads[last.tenant] = last.head
    return head(of: tenant)
  }

  /// Stamps one record and gives the head that it makes.
  private mutating func seal(
    _ range: RecordRange, after previous: ChainHead, in bytes: inout [UInt8]
  ) -> ChainHead {
    let sequence = RecordCodec.commitSeq(of: range, in: bytes)
    invariant(sequence == previous.commitSeq + 1, "a tenant's commits are contiguous")
    let chain = Self.link(range, in: bytes, previous: previous.chain)
    RecordCodec.stamp(chain: chain, at: range.start, in: &bytes)
    return ChainHead(commitSeq: sequence, chain: chain)
  }

  /// The chain hash that belongs to a record after a given one.
  package static func link(
    _ range: RecordRange, in bytes: [UInt8], previous: ChainHash
  ) -> ChainHash {
    let tenant = range.start + RecordCodec.Offset.tenant
    var hash = SHA256()
    hash.update(bigEndian: previous.words)
    // Tenant and commit_seq stand side by side in the header.
    hash.update(bytes, in: tenant..<tenant + 24)
    hash.update(bytes, in: range.bodyStart..<range.personalStart)
    let isErased = RecordCodec.flags(of: range, in: bytes) & RecordCodec.personalErased != 0
    if isErased, range.personalCount == 32 {
      hash.update(bytes, in: range.personalStart..<range.end)
    } else {
      hash.update(bigEndian: personalDigest(of: range, in: bytes).words)
    }
    return ChainHash(hash.finish())
  }

  private static func personalDigest(of range: RecordRange, in bytes: [UInt8]) -> ChainHash {
    range.personalCount == 0
      ? Checksum.ofNothing : Checksum.sha256(bytes[range.personalStart..<range.end])
  }
}
