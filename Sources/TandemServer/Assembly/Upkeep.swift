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
  /// How often is asked whether the log has begun a segment: the next file must be ready before this one
  /// is full, or the log's own thread has to make it.
  private static let segmentMilliseconds: UInt64 = 50

  private let loop: EventLoop
  private let journal: LocalJournal
  private let history: LocalHistory
  private let writing: BlockingThread
  private let reading: BlockingThread
  private let log: StandardLog
  private let isStopped = Atomic<Bool>(false)
  /// What each step complained of last, so that a full disk is one line and not one every time.
  private let complaints = Mutex<[String: String]>([:])

  init(
    loop: EventLoop, journal: LocalJournal, on writing: BlockingThread, history: LocalHistory,
    on reading: BlockingThread, log: StandardLog
  ) {
    self.loop = loop
    self.journal = journal
    self.history = history
    self.writing = writing
    self.reading = reading
    self.log = log
  }

  func start() {
    loop.post { [self] in
      scheduleMark()
      scheduleHistory(after: Self.historyMilliseconds, segments: 0)
    }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  private var goesOn: Bool { !isStopped.load(ordering: .relaxed) }

  /// The next one is asked for when this one is done, so that a slow disk piles nothing up.
  private func scheduleMark() {
    loop.schedule(at: loop.turnTime.monotonic.advanced(byMilliseconds: Self.markMilliseconds)) {
      [self] in
      guard goesOn else { return }
      Task(executorPreference: writing) { [self] in
        await journal.tick()
        loop.post { [self] in scheduleMark() }
      }
    }
  }

  /// Looks whether a segment began since the given number of them, and no later than after a time does
  /// what there is to do.
  private func scheduleHistory(after rest: UInt64, segments: Int) {
    let wait = min(rest, Self.segmentMilliseconds)
    loop.schedule(at: loop.turnTime.monotonic.advanced(byMilliseconds: wait)) { [self] in
      guard goesOn else { return }
      let begun = journal.segmentsBegun
      guard begun != segments || rest <= wait else {
        scheduleHistory(after: rest - wait, segments: segments)
        return
      }
      Task(executorPreference: reading) { [self] in
        await keepHistory()
        loop.post { [self] in scheduleHistory(after: Self.historyMilliseconds, segments: begun) }
      }
    }
  }

  /// The steps need each other little: on a full disk only the last one can help.
  private func keepHistory() async {
    var built: Int?
    repeat {
      // Before each run: while a run is built, the log may reach the end of its segment.
      await step("prepare") { [history] () throws(JournalError) in
        try await history.prepareSegment()
      }
      built = await step("runs") { [history] () throws(JournalError) in
        try await history.buildRuns(atMost: 1)
      }
      // After each run: under a load that lasts there may be no end to building, and what stands in a
      // run need not wait for it.
      await step("garbage") { [history] () throws(JournalError) in
        try await history.collectGarbage()
      }
    } while built == 1 && goesOn
  }

  @discardableResult
  private func step<Result>(
    _ name: String, _ work: () async throws(JournalError) -> Result
  ) async -> Result? {
    var complaint: String?
    var result: Result?
    do throws(JournalError) {
      result = try await work()
    } catch {
      complaint = "\(error)"
    }
    let before = complaints.withLock { complaints in
      let before = complaints[name]
      complaints[name] = complaint
      return before
    }
    guard goesOn, complaint != before else { return result }
    if let complaint {
      log.error("history_upkeep", "step=\(name) error=\(complaint)")
    } else {
      log.info("history_upkeep", "step=\(name) works again")
    }
    return result
  }
}
