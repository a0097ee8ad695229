// SPDX-License-Identifier: Apache-2.0
// What a run holds is what its segment held, in order; and a disk that changes a run on its way is noticed.
import JournalConformance
import Synchronization
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemSimulation
import TestThreads
import Testing

@Suite(.on(.disks)) struct RunTests {
  /// Many keys with the same first half, and bytes that differ everywhere.
  private static let subjects: SubjectsOfRecord = { _, body in
    let bytes = Array(body.prefix(3)) + [0, 0, 0]
    let high = UInt64(bytes[0] % 5) << 56 | UInt64(bytes[1] % 3) << 16
    return (0...Int(bytes[2] % 3)).map { SubjectKey(high: high, low: UInt64(bytes[$0] % 7)) }
  }

  /// Commits of a few tenants in turns of different lengths; ends with the segment sealed.
  private func fill(_ journal: LocalJournal) async throws {
    var random = SeededRandom(seed: 12)
    var commits: [UInt64: UInt64] = [:]
    for number in 0..<3 as Range<UInt16> {
      let partition = PartitionID(number)
      let epoch = try await journal.open(partition).epoch
      var position: UInt64 = 0
      for _ in 0..<20 {
        var batch: [(tenant: UInt64, commitSeq: UInt64)] = []
        for _ in 0...random.next() % 6 {
          let tenant = UInt64(number) + 3 * (random.next() % 4)
          commits[tenant, default: 0] += 1
          batch.append((tenant, commits[tenant] ?? 0))
        }
        let records = Samples.batch(
          partition, after: Position(position), batch, bodySize: 400 + Int(random.next() % 600))
        let result = await journal.append(records, after: Position(position), epoch: epoch)
        position += UInt64(batch.count)
        #expect(result == .durable(Position(position)))
      }
    }
    try await journal.sealSegment()
  }

  @Test func `a run has every record and subject of its segments, in order`() async throws {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk, segmentBytes: 1 << 20).open()
    try await fill(journal)
    let history = try LocalHistory(
      journal, executor: BlockingThread.disks, subjects: Self.subjects)
    #expect(try await history.buildRuns() == 1)
    let path = try #require(disk.paths.first { $0.hasSuffix(".run") })
    let run = try RunFile.open(disk, path)
    #expect(run.tenants.map(\.tenant) == (0..<12).map { Samples.tenant($0) })
    var subjects = 0
    for tenant in 0..<12 as Range<UInt64> {
      let id = Samples.tenant(tenant)
      let last = try #require(run.tenants.first { $0.tenant == id }).lastCommitSeq
      var page = HistoryPage(recordsMax: 10_000, bytesMax: 1 << 30)
      try run.collect(id, after: 0, into: &page)
      #expect(page.records.map(\.commitSeq) == Array(1...last))
      var expected: [SubjectKey: [UInt64]] = [:]
      for record in page.records {
        #expect(
          record.body.elementsEqual(
            Samples.body(tenant, record.commitSeq, size: record.body.count)))
        for key in Self.subjects(record.eventType, record.body) {
          expected[key, default: []].append(record.commitSeq)
          subjects += 1
        }
      }
      for (key, commits) in expected {
        #expect(run.commits(of: id, about: key) == commits)
      }
      let read = try await history.read(
        id, in: PartitionID(UInt16(tenant % 3)), after: 0, recordsMax: 10_000, bytesMax: 1 << 30)
      #expect(read == page.records)
    }
    #expect(run.subjects.count == subjects)
    let keys = run.subjects.map { ($0.key, $0.tenant) }
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(JournalInspector(disk).verify().verdict == .note)
  }

  @Test func `a bit that changes on its way to the disk is found before the run has its name`()
    async throws
  {
    let disk = SimulatedFileSystem()
    let journal = try LocalSystem(disk, segmentBytes: 1 << 20).open()
    try await fill(journal)
    let (first, next) = try #require(await journal.sealedSegments().first)
    let whole = RunBuilder(files: disk, store: journal.store, subjects: Self.subjects)
    try whole.build((first, next))
    let path = try #require(disk.paths.first { $0.hasSuffix(".run") })
    let size = try #require(disk.contents(of: path)).count
    try disk.remove(path)
    for offset in Array(stride(from: 0, to: size, by: size / 12)) + [size - 1] {
      let bad = ChangingDisk(disk, changing: offset)
      let builder = RunBuilder(files: bad, store: journal.store, subjects: Self.subjects)
      #expect(throws: JournalError.self, "offset \(offset)") { try builder.build((first, next)) }
      #expect(!disk.paths.contains { $0.hasPrefix("runs/") })
    }
  }
}

/// Changes one bit of new files when they are synced.
private struct ChangingDisk: FileSystem {
  let disk: SimulatedFileSystem
  let offset: Int

  init(_ disk: SimulatedFileSystem, changing offset: Int) {
    self.disk = disk
    self.offset = offset
  }

  func open(
    _ path: String, _ mode: FileMode, _ caching: FileCaching
  ) throws(FileError) -> any File {
    let file = try disk.open(path, mode, caching)
    return mode == .createNew ? ChangingFile(file: file, disk: self, path: path) : file
  }
  func rename(_ from: String, to destination: String) throws(FileError) {
    try disk.rename(from, to: destination)
  }
  func remove(_ path: String) throws(FileError) { try disk.remove(path) }
  func list(_ directory: String) throws(FileError) -> [String] { try disk.list(directory) }
  func exists(_ path: String) throws(FileError) -> Bool { try disk.exists(path) }
  func createDirectory(_ path: String) throws(FileError) { try disk.createDirectory(path) }
  func syncDirectory(_ path: String) throws(FileError) { try disk.syncDirectory(path) }
  func freeBytes() throws(FileError) -> Int64 { try disk.freeBytes() }
  func lock(_ path: String) throws(FileError) -> any FileLock { try disk.lock(path) }
}

private struct ChangingFile: File {
  let file: any File
  let disk: ChangingDisk
  let path: String

  func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    try file.read(at: offset, count: count)
  }
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(FileError) {
    try file.write(bytes, at: offset)
  }
  func sync() throws(FileError) {
    try file.sync()
    disk.disk.damage(path) { $0[disk.offset] ^= 16 }
  }
  func size() throws(FileError) -> Int64 { try file.size() }
  func truncate(to size: Int64) throws(FileError) { try file.truncate(to: size) }
}
