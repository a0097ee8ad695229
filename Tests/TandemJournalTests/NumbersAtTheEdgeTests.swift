// SPDX-License-Identifier: Apache-2.0
// Files whose checksums are right and whose numbers are the largest there are. Found by tandem-fuzz.

import JournalConformance
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemSimulation
import Testing

struct NumbersAtTheEdgeTests {
  private let partition = PartitionID(1)

  /// A directory with one run, and the run's path.
  private func directory() async throws -> (SimulatedFileSystem, run: String) {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let (journal, history) = try await system.filled(partition, 1...40)
    try await history.buildRuns()
    await journal.stop()
    return (disk, try #require(disk.paths.first { $0.hasSuffix(".run") }))
  }

  private func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 { crc32c(bytes, seed: 0) }

  /// Makes the checksums of a run right again.
  private func mend(_ run: inout [UInt8]) {
    let counts = (0..<3).map { Int(number(run, 56 + 4 * $0, 4)) }
    let start = run.count - counts[0] * 40 - counts[1] * 72 - counts[2] * 40
    run.storeLittleEndian(crc(run[start...]), at: 68)
    run.storeLittleEndian(crc(run[..<4_092]), at: 4_092)
  }

  private func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }

  @Test(arguments: [UInt64.max, 1 << 63, UInt64(Int64.max), UInt64(Int64.max) - 4_096])
  func `a run whose records have an impossible length is refused`(length: UInt64) async throws {
    let (disk, path) = try await directory()
    disk.damage(path) { run in
      run.storeLittleEndian(length, at: 48)
      run.storeLittleEndian(crc(run[..<4_092]), at: 4_092)
    }
    let report = JournalInspector(disk).verify()
    #expect(report.findings.contains { $0.text.contains("wrong length") })
  }

  @Test(arguments: [
    (24, 8, UInt64.max), (24, 8, 1 << 63), (24, 8, 0), (24, 8, UInt64(UInt32.max)),
    (32, 4, UInt64(UInt32.max)),
  ])
  func `a run with a block outside of its records is refused before it is read`(
    offset: Int, width: Int, value: UInt64
  ) async throws {
    let (disk, path) = try await directory()
    disk.damage(path) { run in
      let block = 4_096 + Int(number(run, 48, 8))
      if width == 8 { run.storeLittleEndian(value, at: block + offset) }
      if width == 4 { run.storeLittleEndian(UInt32(value), at: block + offset) }
      mend(&run)
    }
    let report = JournalInspector(disk).verify()
    #expect(report.findings.contains { $0.text.contains("a block lies outside of the records") })
  }

  @Test func `a run that goes on after the last commit number there is is corrupt`() async throws {
    let (disk, path) = try await directory()
    disk.damage(path) { run in
      run.storeLittleEndian(UInt64.max, at: 4_096 + 48)
      let block = 4_096 + Int(number(run, 48, 8))
      let records = 4_096..<4_096 + Int(number(run, block + 32, 4))
      run.storeLittleEndian(crc(run[records]), at: block + 36)
      mend(&run)
    }
    let report = JournalInspector(disk).verify()
    #expect(report.findings.contains { $0.text.contains("goes from commit 0 to \(UInt64.max)") })
  }

  @Test func `a log that holds the last commit number there is is refused at the start`()
    async throws
  {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let journal = try system.open()
    let opened = try await journal.open(partition)
    _ = await appendCommits(journal, partition, 1...1, epoch: opened.epoch)
    await journal.stop()
    let path = try #require(disk.paths.first { $0.hasSuffix(".wal") })
    disk.damage(path) { log in
      for start in stride(from: 4_096, to: log.count, by: 4_096)
      where number(log, start + 20, 2) == 1 {
        let batch = start + 80
        let records = batch + 24..<batch + 24 + Int(number(log, batch + 16, 4))
        log.storeLittleEndian(UInt64.max, at: records.lowerBound + 48)
        log.storeLittleEndian(crc(log[records]), at: batch + 20)
        let end = start + Int(number(log, start + 4, 4))
        log.storeLittleEndian(crc(log[start + 80..<end]), at: start + 76)
      }
    }
    #expect(throws: JournalError.self) { try system.open() }
    #expect(JournalInspector(disk).verify().findings.contains { $0.text.contains("malformed") })
  }

  @Test func `a manifest that counts from the last number there is is damaged`() throws {
    var manifest = Manifest(store: StoreID(high: 1, low: 2), timeline: TimelineID(high: 3, low: 4))
    manifest.bases[7] = .max
    #expect(try Manifest.decode(manifest.encoded()) == nil)
    manifest.bases[7] = UInt64(Int64.max)
    #expect(try Manifest.decode(manifest.encoded()) == manifest)
    manifest.firstLSN = 1 << 63
    #expect(try Manifest.decode(manifest.encoded()) == nil)
  }

  @Test func `a file name with the last number there is is no run`() async throws {
    let (disk, path) = try await directory()
    try disk.rename(path, to: "runs/00000000000000000001-18446744073709551615.run")
    #expect(JournalInspector(disk).verify().summary.runs < 2)
  }
}
