// SPDX-License-Identifier: Apache-2.0
// Seam for reading a tenant's past: runs first, then whatever of the log has no run yet.

package import TandemPrimitives

/// Durable commits of a tenant in order, from the beginning of time that retention kept.
package protocol HistoryStore: Sendable {
  /// Up to `recordsMax` records and `bytesMax` bytes with commit_seq above `after`; empty at the end.
  func read(
    _ tenant: TenantID, in partition: PartitionID, after commitSeq: UInt64, recordsMax: Int,
    bytesMax: Int
  ) async throws(JournalError) -> [Record]
  /// The same of the records that name a subject; the others are passed over by an index.
  func read(
    _ tenant: TenantID, in partition: PartitionID, about subject: SubjectKey,
    after commitSeq: UInt64, recordsMax: Int, bytesMax: Int
  ) async throws(JournalError) -> [Record]
  /// The newest commit_seq of every tenant of a partition that history knows, ascending by tenant.
  ///
  /// What the log still holds may be missing here; what it was allowed to forget is not.
  func heads(of partition: PartitionID) async throws(JournalError) -> [TenantHead]
  /// The oldest commit_seq that is still kept, or nil when nothing is.
  func oldest(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError) -> UInt64?
}

/// How far history knows a tenant.
package struct TenantHead: Sendable, Equatable {
  package let tenant: TenantID
  package let commitSeq: UInt64
  package init(tenant: TenantID, commitSeq: UInt64) {
    self.tenant = tenant
    self.commitSeq = commitSeq
  }
}
