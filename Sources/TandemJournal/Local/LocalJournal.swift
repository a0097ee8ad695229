// SPDX-License-Identifier: Apache-2.0
// The journal of one data directory: owners, waiting appends and group commit over `LogWriter`.
// Runs on an executor that may block; must not be given a shard's.

import Synchronization
package import TandemPlatform
package import TandemPrimitives

/// All partitions of a node in one physical log with one write in flight.
///
/// Appends that arrive while a frame is written wait and share the next one. After any write error
/// nothing is acknowledged any more and `onFatal` is called once; the program must end.
package actor LocalJournal: Journal {
  private struct Owner {
    var epoch: UInt64
    var isOpen = false
    var hasPending = false
    var tail: UInt64
    var truncatedThrough: UInt64
  }
  private struct Waiting {
    let sealing: SealingBatch
    let continuation: CheckedContinuation<AppendResult, Never>
  }

  private let executor: any SerialExecutor
  /// Where batches are read back, so that no commit waits for a read of the disk.
  private let reading: any SerialExecutor
  let files: any FileSystem
  let settings: LocalJournalSettings
  private let clock: any TimeSource
  private let onFatal: @Sendable (JournalError) -> Void

  private var lock: (any FileLock)?
  private var manifest: Manifest
  private var mark: SlotFile
  private var writer: LogWriter
  private var owners: [Owner]
  private var waiting: [Waiting] = []
  private var isFlushScheduled = false
  private var hasFailed = false
  private var lastFrame: MonotonicInstant
  private var lastMark: MonotonicInstant
  private let room = Atomic<Bool>(true)
  private let begun = Atomic<Int>(0)

  /// What recovery had to say; for the operator.
  package nonisolated let warnings: [String]
  package nonisolated let store: StoreID
  package nonisolated let timeline: TimelineID
  package nonisolated let nodeEpoch: UInt64

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  private init(
    _ opened: OpenedLog, _ opening: LocalOpening, executor: any SerialExecutor,
    reading: any SerialExecutor, onFatal: @escaping @Sendable (JournalError) -> Void
  ) {
    self.executor = executor
    self.reading = reading
    self.onFatal = onFatal
    files = opening.files
    settings = opening.settings
    clock = opening.clock
    lock = opened.lock
    manifest = opened.manifest
    mark = opened.mark
    writer = opened.writer
    let epoch = opened.nodeEpoch << 32
    owners = opened.tails.enumerated().map { index, tail in
      Owner(epoch: epoch, tail: tail, truncatedThrough: opened.manifest.bases[index])
    }
    lastFrame = opening.clock.monotonic
    lastMark = lastFrame
    warnings = opened.warnings
    store = opened.manifest.store
    timeline = opened.manifest.timeline
    nodeEpoch = opened.nodeEpoch
  }

  /// Recovers a data directory and takes it.
  ///
  /// Blocks; call it from the thread that runs `executor`, or before anything else runs.
  package static func open(
    files: any FileSystem, settings: LocalJournalSettings, clock: any TimeSource,
    entropy: any EntropySource, executor: any SerialExecutor,
    reading: (any SerialExecutor)? = nil, onFatal: @escaping @Sendable (JournalError) -> Void
  ) throws(JournalError) -> LocalJournal {
    let opening = LocalOpening(files: files, settings: settings, clock: clock, entropy: entropy)
    return LocalJournal(
      try opening.open(), opening, executor: executor, reading: reading ?? executor,
      onFatal: onFatal)
  }

  // MARK: Ownership

  package func open(_ partition: PartitionID) async throws(JournalError) -> OpenedPartition {
    let index = try index(of: partition)
    if hasFailed { throw .unavailable("the log has failed") }
    guard lock != nil else { throw .closed }
    owners[index].epoch += 1
    owners[index].isOpen = true
    dropWaiting(of: partition, as: .fenced(Epoch(owners[index].epoch)))
    let owner = owners[index]
    return OpenedPartition(
      epoch: Epoch(owner.epoch), tail: Position(owner.tail),
      truncatedThrough: Position(owner.truncatedThrough))
  }

  package func renew(_ partition: PartitionID, epoch: Epoch) async -> LeaseState {
    guard !hasFailed, lock != nil, Int(partition.value) < owners.count else { return .lost }
    let owner = owners[Int(partition.value)]
    return owner.isOpen && owner.epoch == epoch.value ? .held : .lost
  }

  package func close(_ partition: PartitionID) async {
    guard Int(partition.value) < owners.count, owners[Int(partition.value)].isOpen else { return }
    owners[Int(partition.value)].isOpen = false
    owners[Int(partition.value)].epoch += 1
    dropWaiting(of: partition, as: .fenced(Epoch(owners[Int(partition.value)].epoch)))
  }

  private func index(of partition: PartitionID) throws(JournalError) -> Int {
    guard Int(partition.value) < owners.count else {
      throw .unavailable("partition \(partition.value) does not exist")
    }
    return Int(partition.value)
  }

  /// Answers a batch that no frame holds yet.
  private func dropWaiting(of partition: PartitionID, as result: AppendResult) {
    guard owners[Int(partition.value)].hasPending else { return }
    owners[Int(partition.value)].hasPending = false
    for entry in waiting where entry.sealing.batch.partition == partition {
      entry.continuation.resume(returning: result)
    }
    waiting.removeAll { $0.sealing.batch.partition == partition }
  }

  // MARK: Appending

  package func append(_ batch: Batch, after: Position, epoch: Epoch) async -> AppendResult {
    if let refusal = refusal(batch, after: after, epoch: epoch) { return refusal }
    owners[Int(batch.partition.value)].hasPending = true
    return await withCheckedContinuation { continuation in
      let sealing = SealingBatch(batch: batch, epoch: epoch)
      waiting.append(Waiting(sealing: sealing, continuation: continuation))
      scheduleFlush()
    }
  }

  private func refusal(_ batch: Batch, after: Position, epoch: Epoch) -> AppendResult? {
    if hasFailed { return .indeterminate }
    let index = Int(batch.partition.value)
    guard lock != nil, index < owners.count else { return .unavailable }
    let owner = owners[index]
    guard owner.isOpen, owner.epoch == epoch.value else { return .fenced(Epoch(owner.epoch)) }
    guard owner.tail == after.value, batch.first.value == after.value + 1, !owner.hasPending,
      batch.continuesChains(of: writer.sealer)
    else { return .conflict(tail: Position(owner.tail)) }
    return nil
  }

  /// The flush stands in the executor's queue behind every append that is already there.
  private func scheduleFlush() {
    guard !isFlushScheduled else { return }
    isFlushScheduled = true
    Task { self.flush() }
  }

  private func flush() {
    isFlushScheduled = false
    guard !hasFailed, lock != nil, !waiting.isEmpty else { return }
    let taken = takeFrame()
    if !waiting.isEmpty { scheduleFlush() }
    do {
      try writer.commit(taken.map(\.sealing), at: clock.wall)
      lastFrame = clock.monotonic
      for entry in taken {
        let index = Int(entry.sealing.batch.partition.value)
        owners[index].tail = entry.sealing.batch.last.value
        owners[index].hasPending = false
        entry.continuation.resume(returning: .durable(entry.sealing.batch.last))
      }
      lookForRoom()
    } catch {
      switch error {
      case .full: for entry in taken { answer(entry, .full) }
      case .failed(let cause):
        for entry in taken { answer(entry, .indeterminate) }
        fail(cause)
      }
    }
  }

  private func answer(_ entry: Waiting, _ result: AppendResult) {
    owners[Int(entry.sealing.batch.partition.value)].hasPending = false
    entry.continuation.resume(returning: result)
  }

  /// As many waiting batches as one frame takes; at least one.
  private func takeFrame() -> [Waiting] {
    var bytes = 0
    var count = 0
    for entry in waiting {
      bytes += entry.sealing.batch.bytes.count + BatchEntry.headerBytes
      if count > 0 && bytes > settings.frameBytes { break }
      count += 1
    }
    let taken = Array(waiting[..<count])
    waiting.removeFirst(count)
    return taken
  }

  private func fail(_ cause: FileError) {
    guard !hasFailed else { return }
    hasFailed = true
    for entry in waiting { answer(entry, .indeterminate) }
    waiting = []
    onFatal(JournalError(cause))
  }

  // MARK: Time

  /// Writes what proves older frames durable.
  ///
  /// Call it every few milliseconds.
  package func tick() {
    guard !hasFailed, lock != nil else { return }
    let now = clock.monotonic
    let idle = lastFrame.advanced(byMilliseconds: settings.idleMarkMilliseconds)
    if writer.lastIsData, waiting.isEmpty, now >= idle { writeMarkFrame() }
    let due = lastMark.advanced(byMilliseconds: settings.durableMarkMilliseconds)
    if !hasFailed, writer.durableLSN > mark.value, now >= due { writeDurableMark(now) }
    if !hasRoom { lookForRoom() }
  }

  private func writeMarkFrame() {
    do {
      try writer.commit(.mark, at: clock.wall)
      lastFrame = clock.monotonic
    } catch {
      switch error {
      case .full: break
      case .failed(let cause): fail(cause)
      }
    }
  }

  private func writeDurableMark(_ now: MonotonicInstant) {
    do {
      try mark.store(writer.durableLSN)
      lastMark = now
    } catch {
      // The mark only proves what is durable already; without room the one before stays.
      if error.reason == .full { lastMark = now } else { fail(error) }
    }
  }

  /// Writes what waits, proves it durable and gives the data directory up.
  package func stop() {
    while !hasFailed, !waiting.isEmpty { flush() }
    if !hasFailed, writer.lastIsData { writeMarkFrame() }
    if !hasFailed, lock != nil, writer.durableLSN > mark.value { writeDurableMark(clock.monotonic) }
    lock = nil
  }

  // MARK: Room

  package nonisolated var hasRoom: Bool { room.load(ordering: .relaxed) }

  /// How many segments were started since the log was opened; after each of them a file is to be
  /// prepared and a run to be built.
  package nonisolated var segmentsBegun: Int { begun.load(ordering: .relaxed) }

  /// Near the end of a segment that nothing can follow, new changes stop while those that were begun
  /// still fit: on a full disk nobody then waits, neither for an answer nor for a read.
  private func lookForRoom() {
    begun.store(writer.segmentsBegun, ordering: .relaxed)
    let isNearEnd = writer.bytesLeft < settings.segmentBytes / 8
    do {
      room.store(try !isNearEnd || writer.canGoOn(), ordering: .relaxed)
    } catch {
      // Whether the disk works is found out by writing.
      room.store(true, ordering: .relaxed)
    }
  }

  // MARK: Reading

  package func read(_ partition: PartitionID, after position: Position) async throws(JournalError)
    -> any BatchReader
  {
    let index = try index(of: partition)
    guard position.value >= owners[index].truncatedThrough else {
      throw .unavailable("records through \(owners[index].truncatedThrough) are truncated")
    }
    return LocalBatchReader(
      sources(of: index, fromLSN: 0), after: position, executor: reading)
  }

  /// Where a partition's batches lie in segments from an LSN on.
  func sources(of partition: Int, fromLSN: UInt64) -> [BatchSource] {
    writer.segments.filter { $0.firstLSN >= fromLSN && !$0.batches[partition].isEmpty }
      .map { BatchSource(path: $0.path, file: $0.file, entries: $0.batches[partition]) }
  }

  // MARK: Forgetting

  package func truncate(_ partition: PartitionID, through position: Position)
    async
    throws(JournalError)
  {
    let index = try index(of: partition)
    guard position.value <= owners[index].tail else {
      throw .unavailable("truncation beyond the tail")
    }
    owners[index].truncatedThrough = max(owners[index].truncatedThrough, position.value)
  }

  /// Segments that take no further frames: first LSN and the LSN after their last.
  package func sealedSegments() -> [(firstLSN: UInt64, nextLSN: UInt64)] {
    writer.segments.dropLast().map { ($0.firstLSN, $0.nextLSN) }
  }

  /// Ends the active segment, so that its records can go into a run.
  package func sealSegment() throws(JournalError) {
    guard !hasFailed, lock != nil else { throw .closed }
    guard let active = writer.segments.last, active.nextLSN > active.firstLSN else { return }
    do { try writer.startSegment(at: clock.wall) } catch {
      switch error {
      case .full: throw .unavailable("the disk is full")
      case .failed(let cause):
        fail(cause)
        throw JournalError(cause)
      }
    }
  }

  /// Forgets segments at the front that are truncated in all their partitions and stand in one of the
  /// runs, which must be open: the name of a run alone does not say that it can be read.
  ///
  /// Gives their number, and the first LSN of the log: no file before it is needed any more.
  package func forgetSegments(
    standingIn runs: [RunCatalogue.Range]
  ) throws(JournalError) -> (count: Int, firstLSN: UInt64) {
    guard !hasFailed, lock != nil else { throw .closed }
    let gone = writer.segments.dropLast().prefix { segment in
      runs.contains { $0.firstLSN <= segment.firstLSN && segment.nextLSN <= $0.nextLSN }
        && segment.lastPositions.allSatisfy { owners[$0.partition].truncatedThrough >= $0.position }
    }
    guard let last = gone.last else { return (0, manifest.firstLSN) }
    var next = manifest
    next.firstLSN = last.nextLSN
    for segment in gone {
      for (partition, position) in segment.lastPositions { next.bases[partition] = position }
    }
    // The manifest goes before the files: one that it still names must exist.
    do { try next.save(files) } catch { throw JournalError(error) }
    manifest = next
    writer.forget(segmentsBefore: next.firstLSN)
    return (gone.count, next.firstLSN)
  }
}
