// SPDX-License-Identifier: Apache-2.0
// A tenant's past from a data directory: runs first, then the segments that have no run yet.
// Runs on a background executor of its own, so that a long read never delays a commit.

import TandemPlatform
package import TandemPrimitives

package actor LocalHistory: HistoryStore {
  private let executor: any SerialExecutor
  private let journal: LocalJournal
  private let files: any FileSystem
  private let subjects: SubjectsOfRecord
  private var runs: [RunFile]
  /// Newest commits by partition, gathered from all runs when first asked for.
  private var knownHeads: [PartitionID: [TenantID: UInt64]]?
  /// Of the segment that was read last: memory of this size is dear to get, so it is kept while one run
  /// follows another.
  private var segmentBytes: [UInt8] = []
  private static let idleRoundsMost = 5
  private var idleRounds = 0
  /// An earlier process may have ended between forgetting segments and deleting them.
  private var hasSearchedForGarbage = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  /// Opens the runs of the journal's data directory.
  ///
  /// Blocks.
  package init(
    _ journal: LocalJournal, executor: any SerialExecutor, subjects: @escaping SubjectsOfRecord
  ) throws(JournalError) {
    self.executor = executor
    self.journal = journal
    self.subjects = subjects
    files = journal.files
    runs = try RunCatalogue.load(journal.files, store: journal.store)
  }

  /// Prepares the next segment file, so that the writer need not.
  package func prepareSegment() throws(JournalError) {
    do {
      try SegmentPreparation(files: files, settings: journal.settings).prepare()
    } catch { throw JournalError(error) }
  }

  /// Builds a run from every sealed segment that has none, oldest first; gives their number.
  @discardableResult
  package func buildRuns(atMost most: Int = .max) async throws(JournalError) -> Int {
    let builder = RunBuilder(files: files, store: journal.store, subjects: subjects)
    var built = 0
    for segment in await journal.sealedSegments()
    where segment.firstLSN >= runEnd && built < most {
      runs.append(try builder.build(segment, in: &segmentBytes))
      built += 1
      knownHeads = nil
    }
    idleRounds = built > 0 ? 0 : idleRounds + 1
    if idleRounds > Self.idleRoundsMost { segmentBytes = [] }
    return built
  }

  /// Deletes segments that the log has no need of, here because it may take the file system a while;
  /// gives how many the log has forgotten.
  @discardableResult
  package func collectGarbage() async throws(JournalError) -> Int {
    // The names of the runs that were there at the start may not be durable yet.
    if !hasSearchedForGarbage { try syncRuns() }
    let (count, firstLSN) = try await journal.forgetSegments(
      standingIn: runs.map { RunCatalogue.Range(firstLSN: $0.firstLSN, nextLSN: $0.nextLSN) })
    guard count > 0 || !hasSearchedForGarbage else { return count }
    hasSearchedForGarbage = false
    do {
      let names = try files.list(LocalPath.log)
      for number in names.compactMap(LocalPath.segmentNumber) where number < firstLSN {
        let kept = LocalPath.beforeRecovery(LocalPath.segment(number))
        if try files.exists(kept) { try files.remove(kept) }
        try files.remove(LocalPath.segment(number))
      }
      try files.syncDirectory(LocalPath.log)
    } catch { throw JournalError(error) }
    hasSearchedForGarbage = true
    return count
  }

  private func syncRuns() throws(JournalError) {
    do { try files.syncDirectory(LocalPath.runs) } catch { throw JournalError(error) }
  }

  /// LSN from which on nothing stands in a run.
  private var runEnd: UInt64 { runs.last?.nextLSN ?? 0 }

  package func read(
    _ tenant: TenantID, in partition: PartitionID, after commitSeq: UInt64, recordsMax: Int,
    bytesMax: Int
  ) async throws(JournalError) -> [Record] {
    let sources = await sourcesBehindRuns(partition)
    var page = HistoryPage(recordsMax: recordsMax, bytesMax: bytesMax)
    var last = commitSeq
    for run in runs where !page.isFull {
      try run.collect(tenant, after: last, into: &page)
      last = page.records.last?.commitSeq ?? last
    }
    for source in sources {
      for entry in source.entries {
        for record in try source.read(entry).records ?? [] where record.tenant == tenant {
          if record.commitSeq > last, !page.add(record) { return page.records }
        }
      }
    }
    return page.records
  }

  package func read(
    _ tenant: TenantID, in partition: PartitionID, about subject: SubjectKey,
    after commitSeq: UInt64, recordsMax: Int, bytesMax: Int
  ) async throws(JournalError) -> [Record] {
    let sources = await sourcesBehindRuns(partition)
    var page = HistoryPage(recordsMax: recordsMax, bytesMax: bytesMax)
    for run in runs {
      let commits = run.commits(of: tenant, about: subject).filter { $0 > commitSeq }
      guard try run.collect(commits, of: tenant, into: &page) else { return page.records }
    }
    let last = page.records.last?.commitSeq ?? commitSeq
    for source in sources {
      for entry in source.entries {
        for record in try source.read(entry).records ?? []
        where record.tenant == tenant && record.commitSeq > last
          && subjects(record.eventType, record.body).contains(subject)
        {
          guard page.add(record) else { return page.records }
        }
      }
    }
    return page.records
  }

  /// What of a partition stands in segments that have no run yet.
  private func sourcesBehindRuns(_ partition: PartitionID) async -> [BatchSource] {
    // Asked again when a run was built meanwhile: its segment may be gone from the journal already.
    while true {
      let border = runEnd
      let sources = await journal.sources(of: Int(partition.value), fromLSN: border)
      if border == runEnd { return sources }
    }
  }

  package func heads(of partition: PartitionID) async throws(JournalError) -> [TenantHead] {
    let heads = knownHeads ?? headsOfRuns()
    knownHeads = heads
    return (heads[partition] ?? [:]).map { TenantHead(tenant: $0.key, commitSeq: $0.value) }
      .sorted { $0.tenant < $1.tenant }
  }

  private func headsOfRuns() -> [PartitionID: [TenantID: UInt64]] {
    var heads: [PartitionID: [TenantID: UInt64]] = [:]
    for run in runs {
      for entry in run.tenants {
        heads[entry.partition, default: [:]][entry.tenant, default: 0] = entry.lastCommitSeq
      }
    }
    return heads
  }

  package func oldest(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError)
    -> UInt64?
  {
    for run in runs {
      if let entry = run.tenant(tenant) { return entry.firstCommitSeq }
    }
    let page = try await read(tenant, in: partition, after: 0, recordsMax: 1, bytesMax: 1)
    return page.first?.commitSeq
  }
}
