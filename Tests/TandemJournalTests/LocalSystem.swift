// SPDX-License-Identifier: Apache-2.0
// A data directory on any file system, started again and again in one process.

import Foundation
import JournalConformance
import Synchronization
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemSimulation
import TestThreads

/// Clocks that stand still until told otherwise.
final class ManualTime: TimeSource {
  private let milliseconds = Mutex<UInt64>(1_000)
  var wall: Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64(milliseconds.withLock { $0 }))
  }
  var monotonic: MonotonicInstant {
    MonotonicInstant(nanoseconds: milliseconds.withLock { $0 } * 1_000_000)
  }
  func advance(_ span: UInt64) { milliseconds.withLock { $0 += span } }
}

/// The same bytes in every run.
final class SeededEntropy: EntropySource {
  private let random: Mutex<SeededRandom>
  init(seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }
  func bytes(_ count: Int) -> [UInt8] {
    random.withLock { random in
      (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 8) }
    }
  }
}

final class LocalSystem: JournalUnderTest {
  let files: any FileSystem
  let time = ManualTime()
  let executor = BlockingThread.disks
  let entropy: SeededEntropy
  let settings: LocalJournalSettings
  private let current = Mutex<LocalJournal?>(nil)
  private let fatal = Mutex<[JournalError]>([])

  init(
    _ files: any FileSystem, segmentBytes: Int = 64 * 1024, seed: UInt64 = 1,
    acceptTailLoss: Bool = false
  ) {
    self.files = files
    entropy = SeededEntropy(seed: seed)
    var settings = LocalJournalSettings()
    settings.segmentBytes = segmentBytes
    settings.reserveBytes = 4_096
    settings.acceptTailLoss = acceptTailLoss
    self.settings = settings
  }

  var fatalErrors: [JournalError] { fatal.withLock { $0 } }

  func open() throws -> LocalJournal {
    try LocalJournal.open(
      files: files, settings: settings, clock: time, entropy: entropy, executor: executor,
      onFatal: { [self] error in fatal.withLock { $0.append(error) } })
  }

  func start() async throws -> JournalSystem {
    if let old = current.withLock({ $0 }) { await old.stop() }
    let journal = try open()
    current.withLock { $0 = journal }
    return JournalSystem(
      journal: journal, snapshots: LocalSnapshotStore(files, executor: executor),
      history: try LocalHistory(journal, executor: executor, subjects: subjectsOfSample))
  }
}

extension LocalSystem {
  /// A journal with commits of 2,000 bytes each, which fill several segments, and its history.
  func filled(
    _ partition: PartitionID, _ commits: ClosedRange<UInt64>
  ) async throws -> (journal: LocalJournal, history: LocalHistory) {
    let journal = try open()
    let opened = try await journal.open(partition)
    _ = await appendCommits(journal, partition, commits, epoch: opened.epoch, bodySize: 2_000)
    return (journal, try LocalHistory(journal, executor: executor, subjects: subjectsOfSample))
  }
}

/// A sample body's first two bytes are its subject.
let subjectsOfSample: SubjectsOfRecord = { _, body in
  [SubjectKey(high: UInt64(body.first ?? 0), low: 7)]
}

/// A fresh folder below the system's temporary one, removed at the end.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "tandem-journal-\(UUID().uuidString)"
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Appends one record at a time for tenant 1 of a partition; gives the results.
func appendCommits(
  _ journal: LocalJournal, _ partition: PartitionID, _ commits: ClosedRange<UInt64>,
  epoch: Epoch, bodySize: Int = 40
) async -> [AppendResult] {
  var results: [AppendResult] = []
  for commit in commits {
    let batch = Samples.batch(
      partition, after: Position(commit - 1), [(1, commit)], bodySize: bodySize)
    results.append(await journal.append(batch, after: Position(commit - 1), epoch: epoch))
  }
  return results
}
