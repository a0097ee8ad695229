// SPDX-License-Identifier: Apache-2.0
import JournalConformance
import TandemJournal
import TandemPlatform
import TandemSimulation
import TestThreads
import Testing

@Suite(.on(.disks)) struct InspectionTests {
  let partition = PartitionID(1)

  /// Sixty records, of which the older ones stand only in runs, and a snapshot.
  private func directory() async throws -> SimulatedFileSystem {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let (journal, history) = try await system.filled(partition, 1...60)
    let chain = try await chain(at: 20, in: journal)
    try await history.buildRuns()
    try await journal.truncate(partition, through: Position(20))
    #expect(try await history.collectGarbage() > 0)
    try await LocalSnapshotStore(disk, executor: system.executor).putIfAbsent(
      Samples.snapshot(1, in: partition, commitSeq: 20, position: 20, chain: chain))
    return disk
  }

  private func chain(at position: Int, in journal: LocalJournal) async throws -> ChainHash {
    try await readAll(journal, partition)[position - 1].chain
  }

  @Test func `a snapshot that does not stand on its tenant's chain is found`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let journal = try system.open()
    let opened = try await journal.open(partition)
    _ = await appendCommits(journal, partition, 1...9, epoch: opened.epoch)
    let chain = try await chain(at: 5, in: journal)
    func report(_ commitSeq: UInt64, _ chain: ChainHash) async throws -> JournalReport {
      let copy = disk.copy()
      try await LocalSnapshotStore(copy, executor: system.executor).putIfAbsent(
        Samples.snapshot(1, in: partition, commitSeq: commitSeq, position: commitSeq, chain: chain))
      return JournalInspector(copy).verify()
    }
    #expect(try await report(5, chain).verdict == .note)
    #expect(try await report(6, chain).findings.map(\.severity) == [.corrupt])
    #expect(try await report(5, .start).findings.map(\.severity) == [.corrupt])
    // Of a commit that the log does not hold.
    #expect(try await report(10, chain).findings.map(\.severity) == [.corrupt])
  }

  @Test func `a sound directory is ok, also while it is locked`() async throws {
    let report = JournalInspector(try await directory()).verify()
    #expect(report.findings.isEmpty)
    #expect(report.verdict == .note)
    #expect(report.summary.tenants == 1)
    #expect(report.summary.runs > 1)
    #expect(report.summary.snapshots == 1)
    #expect(report.summary.records > 20)
  }

  @Test func `damage in any kind of file is found`() async throws {
    let disk = try await directory()
    let run = try #require(disk.paths.first { $0.hasSuffix(".run") })
    let segment = try #require(disk.paths.first { $0.hasSuffix(".wal") })
    let snapshot = try #require(disk.paths.first { $0.hasSuffix(".snap") })
    for path in [run, segment, snapshot] {
      for offset in [20, 700, 4_500].filter({ $0 < disk.contents(of: path)?.count ?? 0 }) {
        let copy = disk.copy()
        copy.damage(path) { $0[offset] ^= 16 }
        #expect(JournalInspector(copy).verify().verdict == .corrupt, "\(path) at \(offset)")
      }
    }
    let copy = disk.copy()
    try copy.remove(run)
    #expect(JournalInspector(copy).verify().verdict == .corrupt)
  }

  @Test func `an interrupted write is a damaged tail and verifying changes nothing`() async throws {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk).open()
    let opened = try await journal.open(partition)
    _ = await appendCommits(journal, partition, 1...3, epoch: opened.epoch, bodySize: 2_000)
    let path = try #require(disk.paths.first { $0.hasSuffix(".wal") })
    disk.damage(path) { bytes in
      let start = SegmentHeader.bytes + 3 * FrameHeader.block
      for index in start + 512..<start + 1_024 { bytes[index] = 0 }
    }
    disk.clearLog()
    #expect(JournalInspector(disk).verify().verdict == .damagedTail)
    #expect(disk.log.isEmpty)
  }
}
