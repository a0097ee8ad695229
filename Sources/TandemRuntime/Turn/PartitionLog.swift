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
  /// Raised when there is something to append and nothing in flight.
  let work = WakeSignal()
  private(set) var isAppending = false
  /// Whether its shard will raise `work` at the next lull.
  var isDue = false
  /// When it was last opened again after a failure.
  var reopenedAt: MonotonicInstant?

  /// Record bytes since the process began.
  private(set) var bytesAppended: UInt64 = 0
  /// Of the newest record.
  private(set) var newestRecordBytes = 0
  private let batchBytes: Int
  private var pending = PendingRecords()
  private var spare: [UInt8] = []
  /// Batches that were filled while an append was in flight, oldest first; what is above follows them.
  private var full: [(bytes: [UInt8], count: Int)] = []
  private var fullHead = 0
  private var fullRecords = 0
  /// Tenants with commits in the pending records, then those in the append in flight.
  private var pendingTenants: [TenantEntry] = []
  private var inFlightTenants: [TenantEntry] = []

  init(id: PartitionID, batchBytes: Int) {
    self.id = id
    self.batchBytes = batchBytes
  }

  var hasPending: Bool { pending.count > 0 || fullRecords > 0 }
  var wantsAppend: Bool { stage == .serving && hasPending && !isAppending }
  /// Whether every record that was given a position is on stable storage.
  var isSettled: Bool { tail == durable }

  func opened(_ opened: OpenedPartition) {
    epoch = opened.epoch
    tail = opened.tail
    durable = opened.tail
    pending = PendingRecords()
    full.removeAll()
    fullHead = 0
    fullRecords = 0
    for entry in pendingTenants { entry.isInPendingRecords = false }
    pendingTenants.removeAll()
    inFlightTenants.removeAll()
    isStalled = nil
    isAppending = false
    stage = .serving
  }

  /// Adds one commit; gives the position that makes it durable, or adds nothing when its record
  /// would have more bytes than it may.
  func append(
    _ commit: Commit, of entry: TenantEntry, salt: (UInt64, UInt64), bytesMax: Int
  ) -> Result<Position, CommitTooLarge> {
    let size = pending.add(commit, of: entry.id, in: id, salt: salt)
    guard size <= bytesMax else {
      pending.removeLast(size)
      return .failure(CommitTooLarge(bytes: size))
    }
    if pending.count > 1, pending.bytes.count > batchBytes {
      var next = PendingRecords(reusing: &spare)
      pending.moveLast(size, to: &next)
      closeBatch(before: next)
    }
    tail = Position(tail.value + 1)
    bytesAppended += UInt64(size)
    newestRecordBytes = size
    entry.lastCommit = tail
    entry.bytesSinceSnapshot += size - RecordCodec.headerBytes
    if !entry.isInPendingRecords {
      entry.isInPendingRecords = true
      pendingTenants.append(entry)
    }
    return .success(tail)
  }

  /// The bytes of the record that a commit would have.
  func weigh(_ commit: Commit, of entry: TenantEntry) -> Int {
    let size = pending.add(commit, of: entry.id, in: id, salt: (0, 0))
    pending.removeLast(size)
    return size
  }

  private func closeBatch(before next: PendingRecords) {
    full.append((pending.bytes, pending.count))
    fullRecords += pending.count
    pending = next
  }

  /// As much of what is pending as one batch takes, which is at least one commit.
  ///
  /// The next records go into the buffer of the batch before.
  func takeBatch() -> Batch {
    isAppending = true
    let waiting = UInt64(fullRecords + pending.count)
    if fullRecords == 0 { closeBatch(before: PendingRecords(reusing: &spare)) }
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
      partition: id, first: Position(tail.value - waiting + 1), count: next.count,
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
    isAppending = false
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
