// SPDX-License-Identifier: Apache-2.0
// The commit pipeline of one partition: turns add records, one append is in flight, durable positions
// open the gate. Confined to its shard; does no IO.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

final class PartitionLog {
  /// Closed → opening → serving → (failed → opening | closed).
  enum Stage: Equatable {
    case closed
    case opening
    case serving
    /// An append had no certain end; waiting to be opened again.
    case failed
  }

  let id: PartitionID
  var stage = Stage.closed
  var epoch = Epoch(0)
  /// The last position given to a record.
  private(set) var tail = Position.start
  private(set) var durable = Position.start
  var gate = HeldAnswers()
  /// Set while the journal refuses appends with certainty; new commands are turned away.
  var isStalled: AppendResult?
  let work = WakeSignal()
  /// When it was last opened again after a failure.
  var reopenedAt: MonotonicInstant?

  /// Record bytes since the process began.
  private(set) var bytesAppended: UInt64 = 0
  /// Of the newest record.
  private(set) var newestRecordBytes = 0
  private let batchBytes: Int
  private var records: [UInt8] = []
  private var recordCount = 0
  private var spare: [UInt8] = []
  /// Batches that were filled while an append was in flight, oldest first; what is above follows them.
  private var full: [(bytes: [UInt8], count: Int)] = []
  private var fullHead = 0
  private var fullRecords = 0
  private var body: [UInt8] = []
  private var personal: [UInt8] = []
  /// Tenants with commits in the pending records, then those in the append in flight.
  private var pendingTenants: [TenantEntry] = []
  private var inFlightTenants: [TenantEntry] = []

  init(id: PartitionID, batchBytes: Int) {
    self.id = id
    self.batchBytes = batchBytes
  }

  var hasPending: Bool { recordCount > 0 || fullRecords > 0 }
  /// Whether every record that was given a position is on stable storage.
  var isSettled: Bool { tail == durable }

  func opened(_ opened: OpenedPartition) {
    epoch = opened.epoch
    tail = opened.tail
    durable = opened.tail
    records.removeAll(keepingCapacity: true)
    recordCount = 0
    full.removeAll()
    fullHead = 0
    fullRecords = 0
    for entry in pendingTenants { entry.isInPendingRecords = false }
    pendingTenants.removeAll()
    inFlightTenants.removeAll()
    isStalled = nil
    stage = .serving
  }

  /// Adds one commit; gives the position that makes it durable, or adds nothing when its record
  /// would have more bytes than it may.
  func append(
    _ commit: Commit, of entry: TenantEntry, salt: (UInt64, UInt64), bytesMax: Int
  ) -> Result<Position, CommitTooLarge> {
    body.removeAll(keepingCapacity: true)
    personal.removeAll(keepingCapacity: true)
    let eventType = CommitCodec.encode(commit, salt: salt, body: &body, personal: &personal)
    let size = RecordCodec.headerBytes + body.count + personal.count
    guard size <= bytesMax else { return .failure(CommitTooLarge(bytes: size)) }
    if recordCount > 0, records.count + size > batchBytes { closeBatch() }
    tail = Position(tail.value + 1)
    let parts = RecordParts(
      partition: id, tenant: entry.id, commitSeq: commit.sequence, time: commit.at,
      eventType: eventType, schemaVersion: CommitCodec.schemaVersion,
      keyHash: commit.ledger.map { KeyHash(high: $0.key.scopeHigh, low: $0.key.scopeLow) } ?? .none)
    RecordCodec.append(parts, body: body[...], personal: personal[...], to: &records)
    recordCount += 1
    bytesAppended += UInt64(size)
    newestRecordBytes = size
    entry.lastCommit = tail
    entry.bytesSinceSnapshot += body.count + personal.count
    if !entry.isInPendingRecords {
      entry.isInPendingRecords = true
      pendingTenants.append(entry)
    }
    return .success(tail)
  }

  private func closeBatch() {
    full.append((records, recordCount))
    fullRecords += recordCount
    records = spare
    spare = []
    records.removeAll(keepingCapacity: true)
    recordCount = 0
  }

  /// As much of what is pending as one batch takes, which is at least one commit.
  ///
  /// The next records go into the buffer of the batch before.
  func takeBatch() -> Batch {
    let pending = UInt64(fullRecords + recordCount)
    if fullRecords == 0 { closeBatch() }
    let next = full[fullHead]
    full[fullHead].bytes = []
    fullHead += 1
    fullRecords -= next.count
    if fullRecords == 0 {
      full.removeAll(keepingCapacity: true)
      fullHead = 0
    } else if fullHead > 64, fullHead * 2 > full.count {
      full.removeFirst(fullHead)
      fullHead = 0
    }
    let batch = Batch(
      partition: id, first: Position(tail.value - pending + 1), count: next.count,
      bytes: next.bytes)
    swap(&pendingTenants, &inFlightTenants)
    // Who has commits behind this batch is looked after again when they are durable.
    for entry in inFlightTenants {
      entry.isInPendingRecords = entry.lastCommit > batch.last
      if entry.isInPendingRecords { pendingTenants.append(entry) }
    }
    return batch
  }

  /// The batch in flight is on stable storage; returns the tenants that committed in it.
  func settled(_ batch: consuming Batch) -> [TenantEntry] {
    durable = batch.last
    spare = batch.bytes
    let tenants = inFlightTenants
    inFlightTenants.removeAll(keepingCapacity: true)
    return tenants
  }
}

/// Why a commit was not taken.
struct CommitTooLarge: Error {
  let bytes: Int
}
