// SPDX-License-Identifier: Apache-2.0
// The readable reference of journal, snapshots and history: what the contract means without a disk.
// It must stay short; a question about the contract is answered here.

package import TandemPrimitives

/// Everything in memory; an append is durable when it returns.
package actor InMemoryJournal: Journal, SnapshotStore, HistoryStore {
  private struct Log {
    var epoch: UInt64 = 0
    var isOpen = false
    var tail = Position.start
    var truncatedThrough = Position.start
    var batches: [Batch] = []
  }

  private let executor: any SerialExecutor
  private let subjects: SubjectsOfRecord
  private var logs: [PartitionID: Log] = [:]
  private var history: [TenantID: [Record]] = [:]
  private var snapshots: [TenantID: [Snapshot]] = [:]
  private var sealer = ChainSealer()

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  package init(executor: any SerialExecutor, subjects: @escaping SubjectsOfRecord) {
    self.executor = executor
    self.subjects = subjects
  }

  // MARK: Journal

  package func open(_ partition: PartitionID) async throws(JournalError) -> OpenedPartition {
    var log = logs[partition] ?? Log()
    log.epoch += 1
    log.isOpen = true
    logs[partition] = log
    return OpenedPartition(
      epoch: Epoch(log.epoch), tail: log.tail, truncatedThrough: log.truncatedThrough)
  }

  package func append(_ batch: Batch, after: Position, epoch: Epoch) async -> AppendResult {
    var log = logs[batch.partition] ?? Log()
    guard log.isOpen, log.epoch == epoch.value else { return .fenced(Epoch(log.epoch)) }
    guard log.tail == after, batch.first.value == after.value + 1,
      batch.continuesChains(of: sealer)
    else { return .conflict(tail: log.tail) }
    var stored = batch
    sealer.seal(batch: &stored.bytes, from: 0, first: batch.first, epoch: epoch)
    log.tail = stored.last
    log.batches.append(stored)
    logs[batch.partition] = log
    for record in stored.records ?? [] { history[record.tenant, default: []].append(record) }
    return .durable(stored.last)
  }

  package func read(_ partition: PartitionID, after position: Position) async throws(JournalError)
    -> any BatchReader
  {
    let log = logs[partition] ?? Log()
    guard position >= log.truncatedThrough else {
      throw .unavailable("records through \(log.truncatedThrough.value) are truncated")
    }
    let rest = log.batches.drop { $0.last <= position }
    return InMemoryBatchReader(rest.map { $0.suffix(after: position) }, executor: executor)
  }

  package func truncate(_ partition: PartitionID, through position: Position)
    async
    throws(JournalError)
  {
    guard var log = logs[partition], position > log.truncatedThrough else { return }
    guard position <= log.tail else { throw .unavailable("truncation beyond the tail") }
    log.truncatedThrough = position
    log.batches.removeAll { $0.last <= position }
    logs[partition] = log
  }

  package func renew(_ partition: PartitionID, epoch: Epoch) async -> LeaseState {
    guard let log = logs[partition], log.isOpen, log.epoch == epoch.value else { return .lost }
    return .held
  }

  package func close(_ partition: PartitionID) async {
    guard var log = logs[partition], log.isOpen else { return }
    log.isOpen = false
    log.epoch += 1
    logs[partition] = log
  }

  // MARK: SnapshotStore

  package func putIfAbsent(_ snapshot: Snapshot) async throws(JournalError) {
    var kept = snapshots[snapshot.footer.tenant] ?? []
    guard !kept.contains(where: { $0.footer.commitSeq == snapshot.footer.commitSeq }) else {
      return
    }
    kept.append(snapshot)
    kept.sort { $0.footer.commitSeq < $1.footer.commitSeq }
    snapshots[snapshot.footer.tenant] = Array(kept.suffix(2))
  }

  package func list(_ partition: PartitionID) async throws(JournalError) -> [SnapshotFooter] {
    snapshots.values.compactMap { $0.last?.footer }.filter { $0.partition == partition }
      .sorted { $0.tenant < $1.tenant }
  }

  package func get(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError)
    -> Snapshot?
  {
    snapshots[tenant]?.last { $0.footer.partition == partition }
  }

  package func delete(_ tenant: TenantID, in partition: PartitionID, keeping: Int)
    async
    throws(JournalError)
  {
    snapshots[tenant] = snapshots[tenant].map { Array($0.suffix(keeping)) }
  }

  // MARK: HistoryStore

  package func read(
    _ tenant: TenantID, in partition: PartitionID, after commitSeq: UInt64, recordsMax: Int,
    bytesMax: Int
  ) async throws(JournalError) -> [Record] {
    var page = HistoryPage(recordsMax: recordsMax, bytesMax: bytesMax)
    for record in history[tenant] ?? [] where record.commitSeq > commitSeq {
      guard page.add(record) else { break }
    }
    return page.records
  }

  package func read(
    _ tenant: TenantID, in partition: PartitionID, about subject: SubjectKey,
    after commitSeq: UInt64, recordsMax: Int, bytesMax: Int
  ) async throws(JournalError) -> [Record] {
    var page = HistoryPage(recordsMax: recordsMax, bytesMax: bytesMax)
    for record in history[tenant] ?? []
    where record.commitSeq > commitSeq
      && subjects(record.eventType, record.body).contains(subject)
    {
      guard page.add(record) else { break }
    }
    return page.records
  }

  package func heads(of partition: PartitionID) async throws(JournalError) -> [TenantHead] {
    history.compactMap { tenant, records in
      records.last.flatMap {
        $0.partition == partition ? TenantHead(tenant: tenant, commitSeq: $0.commitSeq) : nil
      }
    }
    .sorted { $0.tenant < $1.tenant }
  }

  package func oldest(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError)
    -> UInt64?
  {
    history[tenant]?.first?.commitSeq
  }
}

/// Hands out batches that were copied when reading began.
private actor InMemoryBatchReader: BatchReader {
  private let executor: any SerialExecutor
  private var batches: ArraySlice<Batch>

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  init(_ batches: [Batch], executor: any SerialExecutor) {
    self.batches = batches[...]
    self.executor = executor
  }

  func next() async throws(JournalError) -> Batch? { batches.popFirst() }
}
