// SPDX-License-Identifier: Apache-2.0
// How a shard's partitions reach the journal: when an append begins, what follows from its result.
// Must not look into records.

import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Shard {
  /// Lives as long as the partition is served: one append in flight, then the next.
  func drive(_ log: PartitionLog) async {
    while log.stage == .serving {
      await log.work.wait()
      guard log.wantsAppend else { continue }
      await store(log.takeBatch(), log)
      appendSoon(log)
    }
  }

  /// Begins an append once the shard has looked at all that is at hand: the journal's work is nearly the
  /// same for few records and for many.
  func appendSoon(_ log: PartitionLog) {
    guard log.wantsAppend, !log.isDue else { return }
    log.isDue = true
    due.append(log)
    guard due.count == 1 else { return }
    executor.postForLull { [self] in
      var nothing: Void = ()
      ShardEntrance.beginAppends(self, &nothing)
    }
  }

  func beginAppends() {
    for log in due {
      log.isDue = false
      log.work.raise()
    }
    due.removeAll(keepingCapacity: true)
  }

  private func store(_ batch: consuming Batch, _ log: PartitionLog) async {
    let before = Position(batch.first.value - 1)
    while true {
      let result = await storage.journal.append(batch, after: before, epoch: log.epoch)
      switch result {
      case .durable:
        log.isStalled = nil
        counters.appends += 1
        return settle(log, batch)
      case .unavailable, .full:
        log.isStalled = result
        counters.refusedAppends += 1
        if isStopping { return giveUp(log, because: TurnRefusals.stalled(result)) }
        await pause(milliseconds: settings.appendRetryMilliseconds)
      case .fenced, .conflict, .indeterminate:
        return fail(log)
      }
    }
  }

  private func settle(_ log: PartitionLog, _ batch: consuming Batch) {
    let tenants = log.settled(batch)
    var receipts: [MailReceipt] = []
    log.gate.release(through: log.durable, receipts: &receipts)
    for receipt in receipts { router?.deliver(receipt) }
    for entry in tenants {
      guard case .awake(let tenant) = entry.stage else { continue }
      var burst = makeBurst(entry, limit: 0)
      TenantEntrance.settle(tenant, &burst)
      finish(&burst)
      snapshotIfDue(entry)
    }
  }

  /// Nobody knows what the journal holds: tell the callers so, forget the tenants, open and replay.
  private func fail(_ log: PartitionLog) {
    counters.failedPartitions += 1
    forget(log, because: TurnRefusals.outcomeUnknown)
    if !isStopping { spawn(log) { shard, log in await shard.reopen(log.value) } }
  }

  /// The journal does not take the last changes of a shard that stops: they were not made.
  private func giveUp(_ log: PartitionLog, because error: ErrorStatus) {
    forget(log, because: error)
  }

  private func forget(_ log: PartitionLog, because error: ErrorStatus) {
    log.stage = .failed
    var body: [UInt8] = []
    error.encode(into: &body)
    log.gate.fail(
      with: AnswerHead(status: error.status, isReplay: false, commitSeq: 0), body: body)
    for entry in awake where entry.log === log {
      if case .awake(let tenant) = entry.stage {
        var burst = makeBurst(entry, limit: 1)
        burst.queue.push(.endWatches)
        TenantEntrance.run(tenant, &burst)
        finish(&burst)
      }
      entry.stage = .loading
      if isStopping { turnAway(entry, TurnRefusals.draining) }
    }
    awake.removeAll { $0.log === log }
  }
}
