// SPDX-License-Identifier: Apache-2.0
// Makes batches and snapshots whose contents follow from their numbers, so that any mix-up shows.

package import TandemJournal
package import TandemPrimitives

package enum Samples {
  package static func tenant(_ number: UInt64) -> TenantID {
    TenantID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
  }

  package static func body(_ tenant: UInt64, _ commitSeq: UInt64, size: Int = 40) -> [UInt8] {
    var random = SeededRandom(seed: tenant << 32 | commitSeq)
    return (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next() | 1) }
  }

  package static func personal(_ tenant: UInt64, _ commitSeq: UInt64) -> [UInt8] {
    commitSeq % 3 == 0 ? body(tenant + 1_000, commitSeq, size: 24) : []
  }

  /// A batch of one partition: tenants with the commit_seq each of them has reached.
  package static func batch(
    _ partition: PartitionID, after: Position, _ commits: [(tenant: UInt64, commitSeq: UInt64)],
    bodySize: Int = 40
  ) -> Batch {
    var bytes: [UInt8] = []
    for commit in commits {
      let parts = RecordParts(
        partition: partition, tenant: tenant(commit.tenant), commitSeq: commit.commitSeq,
        time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(commit.commitSeq)),
        eventType: UInt16(commit.commitSeq % 5 + 1), schemaVersion: 1,
        keyHash: KeyHash(high: commit.tenant, low: commit.commitSeq))
      let start = RecordCodec.begin(in: &bytes)
      bytes += body(commit.tenant, commit.commitSeq, size: bodySize)
      let people = personal(commit.tenant, commit.commitSeq)
      bytes += people
      RecordCodec.finish(parts, at: start, personalBytes: people.count, in: &bytes)
    }
    return Batch(
      partition: partition, first: Position(after.value + 1), count: commits.count, bytes: bytes)
  }

  package static func snapshot(
    _ tenantNumber: UInt64, in partition: PartitionID, commitSeq: UInt64, position: UInt64,
    chain: ChainHash = .start
  ) -> Snapshot {
    let chunks = (0..<3).map { body(tenantNumber, commitSeq + UInt64($0) * 100, size: 500) }
    let footer = SnapshotFooter(
      tenant: tenant(tenantNumber), partition: partition, commitSeq: commitSeq,
      position: Position(position), time: Timestamp(milliseconds: 5), chain: chain,
      schemaVersion: 1, nextDeadline: Timestamp(milliseconds: 77), outboxEntries: 2,
      stateHash: Snapshot.stateHash(of: chunks))
    return Snapshot(footer: footer, chunks: chunks)
  }
}

/// Reads everything after a position.
package func readAll(
  _ journal: any Journal, _ partition: PartitionID, after position: Position = .start
) async throws -> [Record] {
  let reader = try await journal.read(partition, after: position)
  var records: [Record] = []
  while let batch = try await reader.next() {
    guard let more = batch.records, more.count == batch.count else {
      throw BrokenPromise(description: "a batch does not hold its records")
    }
    try promise(more.first?.position ?? .start, is: batch.first, "first position of a batch")
    records += more
  }
  return records
}
