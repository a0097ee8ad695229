// SPDX-License-Identifier: Apache-2.0
// From closed partitions to serving ones: open, read footers, replay the tail, wake who has something to do.

import TandemDomain
package import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Shard {
  /// Opens all partitions of this shard; throws what the journal refuses to serve.
  package func open() async throws(JournalError) {
    for partition in placement.partitions(of: index) {
      let log = PartitionLog(id: partition, batchBytes: settings.batchBytes)
      logs.append(log)
      try await open(log)
    }
    isServing = true
    startHousekeeping()
    // Mail from shards that were here earlier was dropped until now; what is owed comes again.
    for log in logs {
      for entry in entriesInOrder(of: log) where entry.hasUnmarkedMail { enqueue(.resend, entry) }
    }
  }

  private func open(_ log: PartitionLog) async throws(JournalError) {
    log.stage = .opening
    let opened = try await storage.journal.open(log.id)
    var footers: [TenantID: SnapshotFooter] = [:]
    for footer in try await storage.snapshots.list(log.id) {
      footers[footer.tenant] = footer
      let entry = entries[footer.tenant] ?? register(footer.tenant)
      entry.stage = .asleep
      entry.newestSnapshot = footer.position
      entry.snapshotCommit = footer.commitSeq
      entry.lastCommit = .start
      // A load from before a failure must not be admitted over what is replayed now.
      entry.loads += 1
      entry.nextDeadline = nil
      note(deadline: footer.nextDeadline, of: entry)
      entry.hasUnmarkedMail = footer.outboxEntries > 0
    }
    let beyond = try await tenantsBeyondSnapshots(log, footers)
    let recovered = try await replay(log, after: opened.truncatedThrough, footers)
    guard !isStopping else { return }
    log.opened(opened)
    for recovery in recovered { admit(recovery) }
    // Their deadlines and mail stand in no footer: load them now.
    for entry in beyond { enqueue(.beat, entry) }
    for entry in entriesInOrder(of: log) {
      // Its first commit was lost with the partition: it is as new as it was before.
      if case .loading = entry.stage { admit(TenantRecovery(id: entry.id)) }
    }
    spawn(log) { shard, log in await shard.drive(log.value) }
    for entry in entriesInOrder(of: log) where entry.hasUnmarkedMail || !entry.queue.isEmpty {
      enqueue(.resend, entry)
    }
  }

  /// Tenants whose newest snapshot is lost or damaged, as history knows of later commits: they are not
  /// what an older snapshot says, and must be rebuilt from there on.
  private func tenantsBeyondSnapshots(
    _ log: PartitionLog, _ footers: [TenantID: SnapshotFooter]
  ) async throws(JournalError) -> [TenantEntry] {
    var beyond: [TenantEntry] = []
    #if TANDEM_PLANTED_BUGS
      // What was truncated too far stands in history; the mistake shows only where it is not asked.
      if PlantedBug.truncatedTooFar.isActive { return beyond }
    #endif
    for head in try await storage.history.heads(of: log.id)
    where head.commitSeq > footers[head.tenant]?.commitSeq ?? 0 {
      let entry = entries[head.tenant] ?? register(head.tenant)
      entry.stage = .asleep
      entry.snapshotCommit = head.commitSeq
      entry.lastCommit = .start
      entry.loads += 1
      beyond.append(entry)
    }
    return beyond
  }

  /// Rebuilds every tenant that has records behind its snapshot, in the order of their first record.
  private func replay(
    _ log: PartitionLog, after start: Position, _ footers: [TenantID: SnapshotFooter]
  ) async throws(JournalError) -> [TenantRecovery] {
    var recoveries: [TenantRecovery] = []
    var places: [TenantID: Int] = [:]
    let reader = try await storage.journal.read(log.id, after: start)
    while let batch = try await reader.next() {
      guard let records = batch.records else {
        throw .corrupt("a batch of partition \(log.id.value) does not hold whole records")
      }
      for record in records {
        if let footer = footers[record.tenant], record.commitSeq <= footer.commitSeq { continue }
        let place: Int
        if let known = places[record.tenant] {
          place = known
        } else {
          place = recoveries.count
          places[record.tenant] = place
          let known = beforeReplay(of: record, footers[record.tenant])
          recoveries.append(try await restore(record.tenant, in: log, through: known))
        }
        try recoveries[place].apply(record)
      }
    }
    return recoveries
  }

  /// The commit from which a tenant's records in the log go on.
  private func beforeReplay(of first: Record, _ footer: SnapshotFooter?) -> UInt64 {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.truncatedTooFar.isActive { return footer?.commitSeq ?? 0 }
    #endif
    return max(footer?.commitSeq ?? 0, first.commitSeq - 1)
  }

  /// A tenant from its newest intact snapshot, or from nothing; what no snapshot holds comes from
  /// history.
  private func restore(
    _ tenant: TenantID, in log: PartitionLog, through commitSeq: UInt64
  ) async throws(JournalError) -> TenantRecovery {
    guard commitSeq > 0 else { return TenantRecovery(id: tenant) }
    var recovery = TenantRecovery(id: tenant)
    if let snapshot = try await storage.snapshots.get(tenant, in: log.id) {
      recovery = try TenantRecovery(id: tenant, snapshot: snapshot)
    }
    while recovery.state.commitSequence < commitSeq {
      let records = try await storage.history.read(
        tenant, in: log.id, after: recovery.state.commitSequence, recordsMax: 512,
        bytesMax: Limits.batchBytes)
      guard !records.isEmpty else {
        throw .corrupt(
          "\(tenant) stands at commit \(commitSeq); its snapshots reach only commit"
            + " \(recovery.state.commitSequence), and history does not hold the next one")
      }
      for record in records { try recovery.apply(record) }
    }
    return recovery
  }

  private func admit(_ recovery: TenantRecovery) {
    let entry = entries[recovery.id] ?? register(recovery.id)
    entry.realm = recovery.state.realm?.id
    entry.hasUnmarkedMail = recovery.state.outbox.values.contains { !$0.entries.isEmpty }
    wakeUp(
      entry,
      Tenant(
        id: recovery.id, executor: executor, state: recovery.state, deals: recovery.takeDeals(),
        position: recovery.position))
    entry.lastCommit = recovery.position
    entry.commitsSinceSnapshot = recovery.commitsApplied
  }

  /// Loads a sleeping tenant; what came meanwhile waits in its queue.
  func wake(_ entry: TenantEntry) {
    guard entry.log.stage == .serving else { return }
    entry.stage = .loading
    entry.loads += 1
    spawn(entry) { shard, entry in await shard.load(entry.value) }
  }

  private func load(_ entry: TenantEntry) async {
    let number = entry.loads
    do throws(JournalError) {
      let recovery = try await restore(entry.id, in: entry.log, through: entry.snapshotCommit)
      guard entry.loads == number else { return }
      admit(recovery)
    } catch {
      guard entry.loads == number else { return }
      counters.failedLoads += 1
      entry.stage = .asleep
      turnAway(entry, isStopping ? TurnRefusals.draining : TurnRefusals.notLoaded(error))
      await pause(milliseconds: settings.appendRetryMilliseconds)
      // Timers and receipts that wait come again; nobody else would wake the tenant for them.
      if case .asleep = entry.stage, !entry.queue.isEmpty, isServing { wake(entry) }
    }
  }

  /// Answers what waits for a tenant that is not here; the runtime's own work stays for later.
  func turnAway(_ entry: TenantEntry, _ error: ErrorStatus) {
    var kept = WorkQueue()
    while !entry.queue.isEmpty {
      if let call = entry.queue.popCall() {
        refuse(call, error)
        continue
      }
      guard let work = entry.queue.popWork() else { continue }
      switch work {
      case .authenticate(_, _, let done): done(.unavailable)
      case .walk(let walk): refuse(walk.call, error)
      case .scan(let scan): refuse(scan.call, error)
      case .command, .resend: kept.push(work)
      // Senders send again; streams ended with the tenant.
      case .mail, .cancel, .credit, .disconnect, .beat, .pump, .endWatches: break
      }
    }
    kept.append(taking: &entry.queue)
    entry.queue = kept
  }

  func register(_ id: TenantID) -> TenantEntry {
    let partition = placement.partition(of: id)
    guard let log = logs.first(where: { $0.id == partition }) else {
      fatalError("\(id) was sent to a shard that does not own partition \(partition.value)")
    }
    let entry = makeEntry(id, log)
    entries[id] = entry
    return entry
  }

  private func makeEntry(_ id: TenantID, _ log: PartitionLog) -> TenantEntry {
    TenantEntry(
      id: id, log: log, timeline: storage.timeline,
      bucket: TokenBucket(
        perSecond: settings.tenantCallsPerSecond, burst: settings.tenantBurstCalls,
        now: executor.turnTime.monotonic))
  }

  /// Nil only before the first partition is open.
  func nobodyAtHome() -> TenantEntry? {
    if let nobody { return nobody }
    guard let log = logs.first else { return nil }
    let entry = makeEntry(.zero, log)
    entry.stage = .awake(
      Tenant(
        id: .zero, executor: executor, state: TenantState(), deals: EncodedDealStore(),
        position: .start))
    nobody = entry
    return entry
  }

  /// The tenant's actor exists: serve what waited, and look for its first deadline.
  func wakeUp(_ entry: TenantEntry, _ tenant: Tenant) {
    entry.stage = .awake(tenant)
    entry.nextDeadline = nil
    entry.snapshotAt = executor.turnTime.monotonic
    entry.logBytesAtSnapshot = entry.log.bytesAppended
    awake.append(entry)
    // An empty turn learns the tenant's deadline and realm.
    enqueue(.beat, entry)
  }

  /// A failed partition: open again until it serves, then the tenants come back from the journal.
  func reopen(_ log: PartitionLog) async {
    await storage.journal.close(log.id)
    let wait = settings.appendRetryMilliseconds
    if let last = log.reopenedAt, executor.turnTime.monotonic < last.advanced(byMilliseconds: wait)
    {
      // Opening did not mend it; at once again would be a loop in which nobody else is served.
      for entry in entriesInOrder(of: log) { turnAway(entry, TurnRefusals.starting) }
      await pause(milliseconds: wait)
    }
    log.reopenedAt = executor.turnTime.monotonic
    while isServing {
      do throws(JournalError) {
        return try await open(log)
      } catch {
        counters.failedOpens += 1
        for entry in entriesInOrder(of: log) { turnAway(entry, TurnRefusals.starting) }
        await pause(milliseconds: settings.appendRetryMilliseconds)
      }
    }
  }

  /// Finishes what is pending and gives the partitions up.
  package func close() async {
    isServing = false
    isStopping = true
    for log in logs {
      for entry in entriesInOrder(of: log) {
        if case .awake = entry.stage {
          enqueue(.endWatches, entry)
        } else {
          turnAway(entry, TurnRefusals.draining)
        }
      }
    }
    while isBusy { await pause(milliseconds: 1) }
    for log in logs {
      log.stage = .closed
      log.work.raise()
      await storage.journal.close(log.id)
    }
  }

  /// Whether somebody still waits for something that this shard can give.
  private var isBusy: Bool {
    errands > 0 || awake.contains { !$0.queue.isEmpty }
      || logs.contains { $0.stage == .serving && (!$0.isSettled || !$0.gate.isEmpty) }
  }

  private func entriesInOrder(of log: PartitionLog) -> [TenantEntry] {
    entries.values.filter { $0.log === log }.sorted { $0.id < $1.id }
  }
}
