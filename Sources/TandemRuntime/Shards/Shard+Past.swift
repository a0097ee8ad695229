// SPDX-License-Identifier: Apache-2.0
// Reading the past for histories and feeds, and writing snapshots: everything that waits for the disk.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Shard {
  private static var pageRecords: Int { 512 }
  private static var pageBytes: Int { 1024 * 1024 }

  func fetchHistory(_ work: HistoryWork, _ entry: TenantEntry) {
    guard case .awake(let tenant) = entry.stage else { return miss(work) }
    errands += 1
    spawn(HistoryErrand(work: work, entry: entry, tenant: tenant)) { shard, errand in
      await shard.fetch(errand.value)
    }
  }

  /// Whoever asked is gone with its partition: its watches ended, its calls are told to ask again.
  private func miss(_ work: HistoryWork) {
    switch work.purpose {
    case .dealHistory(let call, _), .pastDeal(let call, _):
      refuse(call, TurnRefusals.historyUnavailable)
    case .watch: break
    }
  }

  private func fetch(_ errand: HistoryErrand) async {
    defer { errands -= 1 }
    let work = errand.work
    let entry = errand.entry
    let commits: Result<PastCommits, JournalError>
    do throws(JournalError) {
      commits = .success(try await readPast(work, entry))
    } catch {
      commits = .failure(error)
    }
    guard case .awake(let tenant) = entry.stage, tenant === errand.tenant else {
      return miss(work)
    }
    var page = HistoryPage(work: work, commits: commits, burst: makeBurst(entry, limit: 0))
    TenantEntrance.take(tenant, &page)
    finish(&page.burst)
  }

  private func readPast(
    _ work: HistoryWork, _ entry: TenantEntry
  ) async throws(JournalError) -> PastCommits {
    switch work.purpose {
    case .watch(_, let after):
      return try await readPage(entry, after: after)
    case .dealHistory(_, let query):
      return try await readDeal(query, entry)
    case .pastDeal(_, let past):
      return try await readDeal(
        DealHistory(
          deal: past.wanted.deal, afterCommit: past.commit,
          pageSize: UInt32(PastDeal.commitsPerPage)),
        entry)
    }
  }

  /// Commits of a tenant from the past, oldest first; empty at the durable end.
  private func readPage(
    _ entry: TenantEntry, after: UInt64
  ) async throws(JournalError) -> PastCommits {
    let records = try await storage.history.read(
      entry.id, in: entry.log.id, after: after, recordsMax: Self.pageRecords,
      bytesMax: Self.pageBytes)
    var page = PastCommits(commits: [])
    page.commits.reserveCapacity(records.count)
    for record in records { page.commits.append(try record.commit()) }
    return page
  }

  /// Commits that touched one deal: one more than a page has entries, unless they have enough bytes for
  /// a page before that.
  private func readDeal(
    _ query: DealHistory, _ entry: TenantEntry
  ) async throws(JournalError) -> PastCommits {
    let subject = SubjectKey(query.deal)
    var page = PastCommits(commits: [])
    var bytes = 0
    while page.commits.count <= Int(query.pageSize), !page.isCut {
      let records = try await storage.history.read(
        entry.id, in: entry.log.id, about: subject,
        after: page.commits.last?.sequence ?? query.afterCommit,
        recordsMax: min(Self.pageRecords, Int(query.pageSize) + 1 - page.commits.count),
        bytesMax: Self.pageBytes)
      guard !records.isEmpty else { break }
      for record in records {
        page.commits.append(try record.commit())
        bytes += record.body.count + record.personal.count
      }
      page.isCut = bytes >= Limits.pageBytes
    }
    return page
  }

  // MARK: Snapshots

  func snapshotIfDue(_ entry: TenantEntry) {
    guard entry.commitsSinceSnapshot > 0, !entry.isSnapshotting,
      case .awake(let tenant) = entry.stage
    else { return }
    let age = settings.snapshotAfterMilliseconds
    let isDue =
      entry.commitsSinceSnapshot >= settings.snapshotAfterCommits
      || entry.bytesSinceSnapshot >= max(settings.snapshotAfterBytes, 2 * entry.stateBytes)
      || entry.log.bytesAppended - entry.logBytesAtSnapshot >= settings.snapshotAfterLogBytes
      || entry.snapshotAt.advanced(byMilliseconds: age) <= executor.turnTime.monotonic
    guard isDue else { return }
    var image: TenantImage?
    TenantEntrance.image(tenant, &image)
    guard let image else { return }
    entry.isSnapshotting = true
    let job = SnapshotJob(
      image: image, entry: entry, epoch: entry.log.epoch, commits: entry.commitsSinceSnapshot)
    entry.commitsSinceSnapshot = 0
    entry.bytesSinceSnapshot = 0
    entry.logBytesAtSnapshot = entry.log.bytesAppended
    entry.snapshotAt = executor.turnTime.monotonic
    spawn(job) { shard, job in await shard.write(job.value) }
  }

  private func write(_ job: SnapshotJob) async {
    let entry = job.entry
    let image = job.image
    defer { entry.isSnapshotting = false }
    // The image may hold commits that are not durable yet; a snapshot must never be ahead of the log.
    while entry.log.durable < image.position {
      #if TANDEM_PLANTED_BUGS
        if PlantedBug.snapshotAheadOfLog.isActive { break }
      #endif
      // After a failure its position may belong to another commit.
      guard job.isCurrent else { return }
      await pause(milliseconds: 1)
    }
    guard job.isCurrent else { return }
    let partition = entry.log.id
    let tenant = entry.id
    do throws(JournalError) {
      let chain = try await chain(at: image.position, in: partition, of: tenant)
      let snapshot = await Task(executorPreference: storage.background) {
        SnapshotWriter.encode(image, of: tenant, in: partition, chain: chain)
      }.value
      try await storage.snapshots.putIfAbsent(snapshot)
      try await storage.snapshots.delete(tenant, in: partition, keeping: 2)
      counters.snapshots += 1
      entry.previousSnapshot = entry.newestSnapshot
      entry.newestSnapshot = image.position
      entry.snapshotCommit = max(entry.snapshotCommit, image.state.commitSequence)
      // While the partition is opened again its tenants are not here to be asked what they need.
      guard job.isCurrent else { return }
      try await storage.journal.truncate(partition, through: needed(of: entry.log))
    } catch {
      counters.failedSnapshots += 1
      // Due again after the usual time, also when nothing else changes.
      entry.commitsSinceSnapshot += job.commits
    }
  }

  /// A tenant's chain as the journal sealed it with the newest commit of an image, which is durable.
  private func chain(
    at position: Position, in partition: PartitionID, of tenant: TenantID
  ) async throws(JournalError) -> ChainHash {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.snapshotAheadOfLog.isActive { return .start }
    #endif
    let reader = try await storage.journal.read(partition, after: Position(position.value - 1))
    guard let record = try await reader.next()?.firstRecord, record.position == position,
      record.tenant == tenant
    else {
      throw .corrupt("position \(position.value) does not hold the newest commit of \(tenant)")
    }
    return record.chain
  }

  /// The log before this position is needed by nobody: every tenant with commits behind its newest
  /// snapshot has an older one there, so that a damaged one can be survived.
  ///
  /// Who has none, awake or asleep, holds nothing back: its older snapshot and history stand for it.
  private func needed(of log: PartitionLog) -> Position {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.truncatedTooFar.isActive { return log.durable }
    #endif
    return awake.filter { $0.log === log && $0.lastCommit > $0.newestSnapshot }
      .map(\.previousSnapshot).min() ?? log.durable
  }
}

/// A snapshot that is being written.
struct SnapshotJob {
  let image: TenantImage
  let entry: TenantEntry
  /// The partition's when the picture was taken.
  let epoch: Epoch
  /// How many commits the picture has over the snapshot before.
  let commits: UInt64

  var isCurrent: Bool { entry.log.stage == .serving && entry.log.epoch == epoch }
}

/// Encodes a picture of a tenant; runs beside the shards.
enum SnapshotWriter {
  static func encode(
    _ image: TenantImage, of tenant: TenantID, in partition: PartitionID, chain: ChainHash
  ) -> Snapshot {
    var deals = DealChunkWriter()
    for place in 0..<image.deals.count { deals.append(image.deals[place].bytes) }
    deals.seal()
    let chunks = [SnapshotCodec.encodeState(image.state)] + deals.chunks
    let footer = SnapshotFooter(
      tenant: tenant, partition: partition, commitSeq: image.state.commitSequence,
      position: image.position, time: image.state.lastTime, chain: chain,
      schemaVersion: CommitCodec.schemaVersion, nextDeadline: image.nextDeadline,
      outboxEntries: UInt32(image.state.outbox.values.reduce(0) { $0 + $1.entries.count }),
      stateHash: Snapshot.stateHash(of: chunks))
    return Snapshot(footer: footer, chunks: chunks)
  }
}
