// SPDX-License-Identifier: Apache-2.0
// The in-memory journal with a will of its own: it refuses, stalls, loses and forgets on demand.

import TandemJournal
import TandemPlatform
import TandemPrimitives

/// Sendable because it is only used by the one thread that steps its world.
final class ScriptedJournal: Journal, SnapshotStore, HistoryStore, @unchecked Sendable {
  enum Step {
    /// Not stored.
    case refuse(AppendResult)
    /// Stored, and told otherwise.
    case store(AppendResult)
    /// Not stored, and told only when everything is released.
    case stall(AppendResult)
  }

  private let inner: InMemoryJournal
  /// How the next appends end; afterwards they are stored.
  var script: [Step]
  /// Every append ends so, without being stored, until this is taken away.
  var refusing: AppendResult?
  var hasRoom = true
  var holdsAppends = false
  var holdsHistory = false
  var failingGets = 0
  var failingOpens = 0
  /// The newest snapshots cannot be read; those before can.
  var isNewestDamaged = false
  /// Nor can its footer.
  var isNewestFooterDamaged = false
  var areSnapshotsLost = false
  var isHistoryLost = false
  /// Bytes of every append that was offered.
  private(set) var appendSizes: [Int] = []
  /// How many records history handed out.
  var recordsRead = 0
  private(set) var truncations: [PartitionID: Position] = [:]
  /// The chain in the footer of every snapshot that was written, and that of its record.
  private(set) var snapshotChains: [(footer: ChainHash, record: ChainHash?)] = []
  private var older: [TenantID: [Snapshot]] = [:]
  private var held: [WakeSignal] = []

  init(_ inner: InMemoryJournal, _ script: [Step]) {
    self.inner = inner
    self.script = script
  }

  /// Lets everything go on that was held.
  func release() {
    holdsAppends = false
    holdsHistory = false
    let waiting = held
    held = []
    for signal in waiting { signal.raise() }
  }

  private func stand() async {
    let signal = WakeSignal()
    held.append(signal)
    await signal.wait()
  }

  func open(_ partition: PartitionID) async throws(JournalError) -> OpenedPartition {
    if failingOpens > 0 {
      failingOpens -= 1
      throw .unavailable("scripted")
    }
    return try await inner.open(partition)
  }

  func append(_ batch: Batch, after: Position, epoch: Epoch) async -> AppendResult {
    appendSizes.append(batch.bytes.count)
    if holdsAppends { await stand() }
    if let refusing { return refusing }
    guard !script.isEmpty else { return await inner.append(batch, after: after, epoch: epoch) }
    switch script.removeFirst() {
    case .refuse(let result): return result
    case .store(let result):
      _ = await inner.append(batch, after: after, epoch: epoch)
      return result
    case .stall(let result):
      await stand()
      return result
    }
  }

  func read(_ partition: PartitionID, after position: Position) async throws(JournalError)
    -> any BatchReader
  { try await inner.read(partition, after: position) }

  func truncate(_ partition: PartitionID, through position: Position) async throws(JournalError) {
    truncations[partition] = position
    try await inner.truncate(partition, through: position)
  }

  func renew(_ partition: PartitionID, epoch: Epoch) async -> LeaseState {
    await inner.renew(partition, epoch: epoch)
  }

  func close(_ partition: PartitionID) async { await inner.close(partition) }

  func putIfAbsent(_ snapshot: Snapshot) async throws(JournalError) {
    older[snapshot.footer.tenant, default: []].append(snapshot)
    let footer = snapshot.footer
    let record = try await inner.read(
      footer.tenant, in: footer.partition, after: footer.commitSeq - 1, recordsMax: 1, bytesMax: 1)
    snapshotChains.append((footer.chain, record.first?.chain))
    try await inner.putIfAbsent(snapshot)
  }

  func list(_ partition: PartitionID) async throws(JournalError) -> [SnapshotFooter] {
    let footers = areSnapshotsLost ? [] : try await inner.list(partition)
    guard isNewestFooterDamaged else { return footers }
    return footers.compactMap { older[$0.tenant]?.dropLast().last?.footer }
  }

  func get(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError) -> Snapshot? {
    if failingGets > 0 {
      failingGets -= 1
      throw .unavailable("scripted")
    }
    if areSnapshotsLost { return nil }
    if isNewestDamaged, let before = older[tenant]?.dropLast().last { return before }
    return try await inner.get(tenant, in: partition)
  }

  func delete(_ tenant: TenantID, in partition: PartitionID, keeping: Int)
    async throws(JournalError)
  { try await inner.delete(tenant, in: partition, keeping: keeping) }

  func read(
    _ tenant: TenantID, in partition: PartitionID, after commitSeq: UInt64, recordsMax: Int,
    bytesMax: Int
  ) async throws(JournalError) -> [Record] {
    if holdsHistory { await stand() }
    if isHistoryLost { return [] }
    let records = try await inner.read(
      tenant, in: partition, after: commitSeq, recordsMax: recordsMax, bytesMax: bytesMax)
    recordsRead += records.count
    return records
  }

  func read(
    _ tenant: TenantID, in partition: PartitionID, about subject: SubjectKey,
    after commitSeq: UInt64, recordsMax: Int, bytesMax: Int
  ) async throws(JournalError) -> [Record] {
    if holdsHistory { await stand() }
    let records = try await inner.read(
      tenant, in: partition, about: subject, after: commitSeq, recordsMax: recordsMax,
      bytesMax: bytesMax)
    recordsRead += records.count
    return records
  }

  func heads(of partition: PartitionID) async throws(JournalError) -> [TenantHead] {
    try await inner.heads(of: partition)
  }

  func oldest(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError)
    -> UInt64?
  { try await inner.oldest(tenant, in: partition) }
}
