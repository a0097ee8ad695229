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

  private var records: [UInt8] = []
  private var recordCount = 0
  private var spare: [UInt8] = []
  private var body: [UInt8] = []
  private var personal: [UInt8] = []
  /// Tenants with commits in the pending records, then those in the append in flight.
  private var pendingTenants: [TenantEntry] = []
  private var inFlightTenants: [TenantEntry] = []

  init(id: PartitionID) { self.id = id }

  var hasPending: Bool { recordCount > 0 }
  /// Whether every record that was given a position is on stable storage.
  var isSettled: Bool { tail == durable }
  var pendingBytes: Int { records.count }

  func opened(_ opened: OpenedPartition) {
    epoch = opened.epoch
    tail = opened.tail
    durable = opened.tail
    records.removeAll(keepingCapacity: true)
    recordCount = 0
    for entry in pendingTenants { entry.isInPendingRecords = false }
    pendingTenants.removeAll()
    inFlightTenants.removeAll()
    isStalled = nil
    stage = .serving
  }

  /// Adds one commit; returns the position that makes it durable.
  func append(_ commit: Commit, of entry: TenantEntry, salt: (UInt64, UInt64)) -> Position {
    tail = Position(tail.value + 1)
    body.removeAll(keepingCapacity: true)
    personal.removeAll(keepingCapacity: true)
    let eventType = CommitCodec.encode(commit, salt: salt, body: &body, personal: &personal)
    let parts = RecordParts(
      partition: id, tenant: entry.id, commitSeq: commit.sequence, time: commit.at,
      eventType: eventType, schemaVersion: CommitCodec.schemaVersion,
      keyHash: commit.ledger.map { KeyHash(high: $0.key.scopeHigh, low: $0.key.scopeLow) } ?? .none)
    RecordCodec.append(parts, body: body[...], personal: personal[...], to: &records)
    recordCount += 1
    entry.lastCommit = tail
    entry.bytesSinceSnapshot += body.count + personal.count
    if !entry.isInPendingRecords {
      entry.isInPendingRecords = true
      pendingTenants.append(entry)
    }
    return tail
  }

  /// Everything pending as one batch; the next records go into the buffer of the batch before.
  func takeBatch() -> Batch {
    let batch = Batch(
      partition: id, first: Position(tail.value - UInt64(recordCount) + 1), count: recordCount,
      bytes: records)
    records = spare
    spare = []
    records.removeAll(keepingCapacity: true)
    recordCount = 0
    swap(&pendingTenants, &inFlightTenants)
    for entry in inFlightTenants { entry.isInPendingRecords = false }
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
