// SPDX-License-Identifier: Apache-2.0
// One commit of one tenant as it stands in the log. The header is fixed; FORMAT.md draws it byte by byte.

package import TandemPrimitives

/// One commit of one tenant: everything one turn changed, with its header.
///
/// The body holds what may stay for ever; names, phones and e-mails stand only in the personal section,
/// which begins with a random salt so that it can be erased without breaking the tenant's hash chain.
package struct Record: Sendable, Equatable {
  package var partition: PartitionID
  package var position: Position
  package var epoch: Epoch
  package var tenant: TenantID
  /// Per tenant, contiguous, from 1.
  package var commitSeq: UInt64
  package var time: Timestamp
  /// The first event of the commit; opaque here.
  package var eventType: UInt16
  package var schemaVersion: UInt16
  /// First 16 bytes of SHA-256 over principal, method and key; zero without a key.
  package var keyHash: KeyHash
  /// SHA-256(previous chain ‖ identity ‖ body ‖ SHA-256(personal)); stamped when a frame is sealed.
  package var chain: ChainHash
  package var body: ArraySlice<UInt8>
  package var personal: ArraySlice<UInt8>

  package init(
    partition: PartitionID, position: Position, epoch: Epoch, tenant: TenantID, commitSeq: UInt64,
    time: Timestamp, eventType: UInt16, schemaVersion: UInt16, keyHash: KeyHash, chain: ChainHash,
    body: ArraySlice<UInt8>, personal: ArraySlice<UInt8>
  ) {
    self.partition = partition
    self.position = position
    self.epoch = epoch
    self.tenant = tenant
    self.commitSeq = commitSeq
    self.time = time
    self.eventType = eventType
    self.schemaVersion = schemaVersion
    self.keyHash = keyHash
    self.chain = chain
    self.body = body
    self.personal = personal
  }
}

/// Sixteen bytes that name an idempotency key without holding it.
package struct KeyHash: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
  package static let none = KeyHash(high: 0, low: 0)
}

/// One link of a tenant's hash chain.
package struct ChainHash: Hashable, Sendable {
  package var words: (UInt64, UInt64, UInt64, UInt64)
  package init(_ words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }
  package static let start = ChainHash((0, 0, 0, 0))
  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }
  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// Contiguous records of one partition, encoded back to back; stored whole or not at all.
package struct Batch: Sendable, Equatable {
  package let partition: PartitionID
  /// Position of the first record.
  package let first: Position
  package let count: Int
  /// `RecordCodec` bytes; chains are stamped by the journal.
  package var bytes: [UInt8]

  package init(partition: PartitionID, first: Position, count: Int, bytes: [UInt8]) {
    self.partition = partition
    self.first = first
    self.count = count
    self.bytes = bytes
  }

  package var last: Position { Position(first.value + UInt64(count) - 1) }
}
