// SPDX-License-Identifier: Apache-2.0
// Seam for per-tenant snapshots: immutable objects, stored beside the log.

package import TandemPrimitives

/// Keeps the newest two snapshots of each tenant; an object is written once and never changed.
package protocol SnapshotStore: Sendable {
  /// Stores a snapshot; durable and verified when it returns. An existing one of the same name stays.
  func putIfAbsent(_ snapshot: Snapshot) async throws(JournalError)
  /// The newest footer of every tenant of a partition, without bodies.
  func list(_ partition: PartitionID) async throws(JournalError) -> [SnapshotFooter]
  /// The newest intact snapshot of a tenant; damaged ones fall back to the one before.
  func get(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError) -> Snapshot?
  /// Forgets snapshots of a tenant older than its newest `keeping`.
  func delete(_ tenant: TenantID, in partition: PartitionID, keeping: Int)
    async
    throws(JournalError)
}

/// State of one tenant at one position, as opaque chunks.
package struct Snapshot: Sendable {
  package let footer: SnapshotFooter
  package let chunks: [[UInt8]]
  package init(footer: SnapshotFooter, chunks: [[UInt8]]) {
    self.footer = footer
    self.chunks = chunks
  }
}

/// What must be known of a sleeping tenant without loading it.
package struct SnapshotFooter: Sendable, Equatable {
  package var tenant: TenantID
  package var partition: PartitionID
  package var commitSeq: UInt64
  package var position: Position
  package var time: Timestamp
  /// Of the tenant's record with this commit_seq, as the journal sealed it.
  package var chain: ChainHash
  package var schemaVersion: UInt16
  /// When the tenant's next timer is due; nil when it has none.
  package var nextDeadline: Timestamp?
  /// Messages not yet marked by their receivers.
  package var outboxEntries: UInt32
  /// SHA-256 over the chunks.
  package var stateHash: ChainHash

  package init(
    tenant: TenantID, partition: PartitionID, commitSeq: UInt64, position: Position,
    time: Timestamp, chain: ChainHash, schemaVersion: UInt16, nextDeadline: Timestamp?,
    outboxEntries: UInt32, stateHash: ChainHash
  ) {
    self.tenant = tenant
    self.partition = partition
    self.commitSeq = commitSeq
    self.position = position
    self.time = time
    self.chain = chain
    self.schemaVersion = schemaVersion
    self.nextDeadline = nextDeadline
    self.outboxEntries = outboxEntries
    self.stateHash = stateHash
  }
}
