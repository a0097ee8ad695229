// SPDX-License-Identifier: Apache-2.0
// One life of the server: production journal, history, snapshots and shards on simulated executors.
// It ends by `kill`, never politely; the disk outlives it.

import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

struct WorldTime: TimeSource {
  let world: SteppedWorld
  var wall: Timestamp { world.wall }
  var monotonic: MonotonicInstant { MonotonicInstant(nanoseconds: world.nanoseconds) }
}

struct WorldEntropy: EntropySource {
  let seed: UInt64
  func bytes(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 16) }
  }
}

final class SimulatedProcess {
  static let shards = 4

  let world: SteppedWorld
  let node: Node
  let history: LocalHistory
  let background: SteppedExecutor
  /// Filled when the node serves, or cannot.
  let started = Outcome<Result<Bool, JournalError>>()
  /// Filled when the journal gave up; a real process would end itself.
  let fatal: Outcome<JournalError>
  private let shardExecutors: [SteppedExecutor]
  private let all: [SteppedExecutor]
  /// The journal's thread.
  private let writing: SteppedExecutor

  /// Recovers the disk and begins to start the node.
  init(world: SteppedWorld, files: SimulatedFileSystem, seed: UInt64) throws(JournalError) {
    self.world = world
    let fatal = Outcome<JournalError>()
    self.fatal = fatal
    shardExecutors = (0..<Self.shards).map { _ in world.makeExecutor() }
    background = world.makeExecutor()
    let writing = world.makeExecutor()
    self.writing = writing
    let reading = world.makeExecutor()
    all = shardExecutors + [background, writing, reading]
    let journal: LocalJournal
    do throws(JournalError) {
      journal = try LocalJournal.open(
        files: files, settings: Self.journalSettings, clock: WorldTime(world: world),
        entropy: WorldEntropy(seed: seed), executor: writing, reading: reading,
        onFatal: { fatal.fill($0) })
      history = try LocalHistory(journal, executor: reading, subjects: RuntimeStorage.subjects)
    } catch {
      world.kill(all)
      throw error
    }
    var random = SeededRandom(seed: seed)
    node = Node(
      executors: shardExecutors,
      storage: RuntimeStorage(
        journal: journal, snapshots: LocalSnapshotStore(files, executor: reading),
        history: history, background: background, timeline: journal.timeline),
      settings: Self.settings(&random), seed: seed)
    HouseKeeping(journal: journal, history: history, writing: writing, reading: reading).begin()
    start()
  }

  private func start() {
    let node = node
    let started = started
    Task(executorPreference: background) {
      do throws(JournalError) {
        try await node.start()
        started.fill(.success(true))
      } catch {
        started.fill(.failure(error))
      }
    }
  }

  var isServing: Bool { started.value == .success(true) }

  /// The process is gone from one step to the next.
  func kill() { world.kill(all) }

  /// Runs code on the executor of the shard that serves a tenant.
  func atShard(of tenant: TenantID, _ work: (ShardPort) -> Void) {
    let port = node.port(of: tenant)
    shardExecutors[port.index].runHere { work(port) }
  }

  /// The journal's thread, or that of a shard, gets nowhere for a while.
  func stall(shard: Int?, milliseconds: UInt64) {
    world.stall(shard.map { shardExecutors[$0] } ?? writing, milliseconds: milliseconds)
  }

  // Small, so that everything that happens rarely in production happens in every seed.

  private static func settings(_ random: inout SeededRandom) -> RuntimeSettings {
    var settings = RuntimeSettings()
    settings.snapshotAfterCommits = 2 + random.next() % 12
    settings.snapshotAfterMilliseconds = 200 + random.next() % 2_000
    settings.feedRingBytes = 4_096
    settings.batchBytes = 16 * 1024
    settings.commitBytes = 16 * 1024
    settings.housekeepingMilliseconds = 50
    settings.mailResendMilliseconds = 200
    settings.watchProgressMilliseconds = 500
    return settings
  }

  private static var journalSettings: LocalJournalSettings {
    var settings = LocalJournalSettings()
    settings.segmentBytes = 64 * 1024
    settings.frameBytes = 32 * 1024
    settings.reserveBytes = 4_096
    settings.durableMarkMilliseconds = 100
    return settings
  }
}

/// Calls the journal's ticks and turns segments into runs, as the server's own timers do.
private final class HouseKeeping: Sendable {
  let journal: LocalJournal
  let history: LocalHistory
  let writing: SteppedExecutor
  let reading: SteppedExecutor

  init(
    journal: LocalJournal, history: LocalHistory, writing: SteppedExecutor,
    reading: SteppedExecutor
  ) {
    self.journal = journal
    self.history = history
    self.writing = writing
    self.reading = reading
  }

  func begin() {
    tick()
    tidy()
  }

  private func tick() {
    after(10, on: writing) { [self] in
      let journal = journal
      Task(executorPreference: writing) { await journal.tick() }
      tick()
    }
  }

  /// What fails here is tried again; a damaged disk shows itself at the next start.
  private func tidy() {
    after(150, on: reading) { [self] in
      let history = history
      Task(executorPreference: reading) {
        try? await history.prepareSegment()
        _ = try? await history.buildRuns()
        _ = try? await history.collectGarbage()
      }
      tidy()
    }
  }

  private func after(
    _ milliseconds: UInt64, on executor: SteppedExecutor, _ work: @escaping @Sendable () -> Void
  ) {
    let due = executor.turnTime.monotonic.advanced(byMilliseconds: milliseconds)
    executor.schedule(at: due, work)
  }
}
