// SPDX-License-Identifier: Apache-2.0
import JournalConformance
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemSimulation
import TestThreads
import Testing

@Suite(.on(.disks)) struct RecoveryTests {
  let partition = PartitionID(1)

  /// Records found after a start, or the reason for refusing.
  private func recovered(_ disk: SimulatedFileSystem, seed: UInt64 = 77) async throws -> [Record] {
    let journal = try LocalSystem(disk, seed: seed).open()
    let records = try await readAll(journal, partition)
    for (index, record) in records.enumerated() {
      #expect(record.commitSeq == UInt64(index) + 1)
      #expect(Array(record.body) == Samples.body(1, record.commitSeq, size: record.body.count))
    }
    return records
  }

  /// Appends, rotates, snapshots and builds a run; gives the acknowledged count, whatever fails.
  private func script(_ disk: SimulatedFileSystem) async -> UInt64 {
    let system = LocalSystem(disk, segmentBytes: 16 * 1024)
    guard let journal = try? system.open(), let opened = try? await journal.open(partition) else {
      return 0
    }
    var acknowledged: UInt64 = 0
    for commit in 1...8 as ClosedRange<UInt64> {
      let result = await appendCommits(
        journal, partition, commit...commit, epoch: opened.epoch, bodySize: 900)[0]
      if result != .durable(Position(commit)) { break }
      acknowledged = commit
      if commit == 4 { await upkeep(journal, system) }
    }
    return acknowledged
  }

  private func upkeep(_ journal: LocalJournal, _ system: LocalSystem) async {
    let snapshots = LocalSnapshotStore(system.files, executor: system.executor)
    try? await snapshots.putIfAbsent(
      Samples.snapshot(1, in: partition, commitSeq: 3, position: 3))
    try? await journal.sealSegment()
    if let history = try? LocalHistory(
      journal, executor: system.executor, subjects: subjectsOfSample)
    {
      _ = try? await history.buildRuns()
    }
    system.time.advance(2_000)
    await journal.tick()
  }

  @Test func `power loss before any file call loses nothing acknowledged`() async throws {
    let whole = SimulatedFileSystem()
    #expect(await script(whole) == 8)
    let calls = whole.mutations
    #expect(calls > 60)
    for call in 0..<calls {
      for seed in 0..<3 as Range<UInt64> {
        let disk = SimulatedFileSystem()
        disk.setPlan(.powerLoss(before: call))
        let acknowledged = await script(disk)
        var random = SeededRandom(seed: UInt64(call) * 31 + seed)
        disk.crash(random: &random)
        let records = try await recovered(disk)
        #expect(records.count >= Int(acknowledged), "call \(call), seed \(seed)")
        #expect(records.count <= Int(acknowledged) + 1)
      }
    }
  }

  @Test func `recovery may itself lose power anywhere and be run again`() async throws {
    let torn = SimulatedFileSystem()
    #expect(await script(torn) == 8)
    torn.endProcess()
    let expected = try await recovered(torn.copy()).count
    let probe = torn.copy()
    _ = try await recovered(probe)
    for call in 0..<probe.mutations {
      let disk = torn.copy()
      disk.setPlan(.powerLoss(before: call))
      _ = try? await recovered(disk)
      var random = SeededRandom(seed: UInt64(call))
      disk.crash(random: &random)
      #expect(try await recovered(disk, seed: 78).count == expected, "call \(call)")
    }
  }

  /// A log of eight records whose newest ones nothing proves, and the path of its last segment.
  private func unprovenLog() async throws -> (disk: SimulatedFileSystem, path: String) {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk).open()
    let opened = try await journal.open(partition)
    _ = await appendCommits(journal, partition, 1...8, epoch: opened.epoch, bodySize: 1_500)
    disk.endProcess()
    let path = try #require(disk.paths.last { $0.hasSuffix(".wal") })
    return (disk, path)
  }

  @Test func `a segment cut anywhere recovers an exact prefix`() async throws {
    let (disk, path) = try await unprovenLog()
    let end = SegmentHeader.bytes + 9 * FrameHeader.block
    // Frame 0 opens the epoch and is proven by durable.mark.
    for cut in stride(from: SegmentHeader.bytes + FrameHeader.block, through: end, by: 251) {
      let copy = disk.copy()
      copy.damage(path) { $0.removeLast($0.count - cut) }
      let whole = (cut - SegmentHeader.bytes) / FrameHeader.block - 1
      #expect(try await recovered(copy).count == whole, "cut at \(cut)")
    }
  }

  @Test func `cutting below what the mark proves is refused`() async throws {
    let (disk, path) = try await unprovenLog()
    disk.damage(path) { $0.removeLast($0.count - SegmentHeader.bytes - 100) }
    await #expect(throws: JournalError.self) { try await recovered(disk) }
  }

  @Test func `a flipped bit is never a different state`() async throws {
    let (disk, path) = try await unprovenLog()
    let last = SegmentHeader.bytes + 8 * FrameHeader.block
    for offset in stride(from: 0, to: last + FrameHeader.block, by: 97) {
      let copy = disk.copy()
      copy.damage(path) { $0[offset] ^= 1 << UInt8(offset % 8) }
      do {
        _ = try await recovered(copy)
        Issue.record("damage at \(offset) went unseen")
      } catch let error as JournalError {
        switch error {
        case .corrupt: #expect(offset < last, "offset \(offset)")
        case .ambiguousTail: #expect(offset >= last, "offset \(offset)")
        case .unavailable, .unsupportedFormat, .locked, .closed: Issue.record("\(error)")
        }
      }
    }
  }

  @Test func `an operator may accept the loss of an ambiguous tail, on a new timeline`()
    async throws
  {
    let (disk, path) = try await unprovenLog()
    let timeline = try #require(try Manifest.load(disk).manifest?.timeline)
    disk.damage(path) { $0[SegmentHeader.bytes + 8 * FrameHeader.block + 300] ^= 4 }
    #expect(throws: JournalError.self) { try LocalSystem(disk).open() }
    disk.endProcess()
    let journal = try LocalSystem(disk, seed: 4, acceptTailLoss: true).open()
    #expect(journal.timeline != timeline)
    #expect(try await readAll(journal, partition).count == 7)
    #expect(disk.paths.contains(path + ".pre-recovery"))
  }

  @Test func `one damaged manifest is repaired and two are refused`() async throws {
    let (disk, _) = try await unprovenLog()
    for offset in stride(from: 0, to: Manifest.bytes, by: 113) {
      let copy = disk.copy()
      copy.damage("MANIFEST-B") { $0[offset] ^= 1 }
      #expect(try await recovered(copy).count == 8)
      copy.endProcess()
      copy.damage("MANIFEST-A") { $0[offset] ^= 1 }
      copy.damage("MANIFEST-B") { $0[offset] ^= 1 }
      #expect(throws: JournalError.self) { try LocalSystem(copy).open() }
    }
  }

  @Test func `a damaged snapshot falls back to the one before`() async throws {
    let disk = SimulatedFileSystem()
    let store = LocalSnapshotStore(disk, executor: BlockingThread.disks)
    let tenant = Samples.tenant(1)
    for commit in [UInt64(5), 9] {
      try await store.putIfAbsent(
        Samples.snapshot(1, in: partition, commitSeq: commit, position: commit))
    }
    let path = LocalSnapshotStore.path(tenant, 9)
    let size = try #require(disk.contents(of: path)?.count)
    for offset in stride(from: 0, to: size, by: 7) where !(8..<12).contains(offset) {
      disk.damage(path) { $0[offset] ^= 2 }
      #expect(try await store.get(tenant, in: partition)?.footer.commitSeq == 5, "at \(offset)")
      disk.damage(path) { $0[offset] ^= 2 }
    }
    #expect(try await store.get(tenant, in: partition)?.footer.commitSeq == 9)
  }
}
