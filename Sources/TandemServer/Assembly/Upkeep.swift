// SPDX-License-Identifier: Apache-2.0
// What a data directory wants done now and then: marks, run building, segment preparation, garbage.

import Synchronization
import TandemJournal
import TandemPlatform
import TandemPrimitives

/// Two timers on one loop; the work itself runs on the journal's and the history's threads.
final class Upkeep: Sendable {
  private static let markMilliseconds: UInt64 = 10
  private static let historyMilliseconds: UInt64 = 2_000

  private let loop: EventLoop
  private let journal: LocalJournal
  private let history: LocalHistory
  private let log: StandardLog
  private let isStopped = Atomic<Bool>(false)
  /// What each step complained of last, so that a full disk is one line and not one every time.
  private let complaints = Mutex<[String: String]>([:])

  init(loop: EventLoop, journal: LocalJournal, history: LocalHistory, log: StandardLog) {
    self.loop = loop
    self.journal = journal
    self.history = history
    self.log = log
  }

  func start() {
    loop.post { [self] in
      scheduleMark()
      scheduleHistory()
    }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  private var goesOn: Bool { !isStopped.load(ordering: .relaxed) }

  /// The next one is asked for when this one is done, so that a slow disk piles nothing up.
  private func scheduleMark() {
    loop.schedule(at: loop.turnTime.monotonic.advanced(byMilliseconds: Self.markMilliseconds)) {
      [self] in
      guard goesOn else { return }
      Task {
        await journal.tick()
        loop.post { [self] in scheduleMark() }
      }
    }
  }

  private func scheduleHistory() {
    let due = loop.turnTime.monotonic.advanced(byMilliseconds: Self.historyMilliseconds)
    loop.schedule(at: due) { [self] in
      guard goesOn else { return }
      Task {
        await keepHistory()
        loop.post { [self] in scheduleHistory() }
      }
    }
  }

  /// The steps need each other little: on a full disk only the last one can help.
  private func keepHistory() async {
    await step("prepare") { [history] () throws(JournalError) in
      try await history.prepareSegment()
    }
    await step("runs") { [history] () throws(JournalError) in try await history.buildRuns() }
    await step("garbage") { [journal] () throws(JournalError) in
      try await journal.collectGarbage()
    }
  }

  private func step<Result>(
    _ name: String, _ work: () async throws(JournalError) -> Result
  ) async {
    var complaint: String?
    do throws(JournalError) {
      _ = try await work()
    } catch {
      complaint = "\(error)"
    }
    let before = complaints.withLock { complaints in
      let before = complaints[name]
      complaints[name] = complaint
      return before
    }
    guard goesOn, complaint != before else { return }
    if let complaint {
      log.error("history_upkeep", "step=\(name) error=\(complaint)")
    } else {
      log.info("history_upkeep", "step=\(name) works again")
    }
  }
}
