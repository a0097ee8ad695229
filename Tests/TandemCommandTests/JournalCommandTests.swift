// SPDX-License-Identifier: Apache-2.0
// Looking at data directories: the verdicts, their exit codes, and that nothing is changed.

import Foundation
import JournalConformance
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TestThreads
import Testing

@Suite(.on(.disks)) struct JournalCommandTests {
  /// Runs a test with a directory that a journal has written three records to.
  private func withDirectory(_ test: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tandem-command-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var settings = LocalJournalSettings()
    settings.segmentBytes = 64 * 1024
    settings.reserveBytes = 4_096
    let journal = try LocalJournal.open(
      files: PosixFileSystem(root: folder.path), settings: settings, clock: SystemTime(),
      entropy: SystemEntropy(), executor: BlockingThread.disks, onFatal: { _ in })
    let partition = PartitionID(1)
    let opened = try await journal.open(partition)
    let batch = Samples.batch(partition, after: .start, [(1, 1), (2, 1), (1, 2)])
    let result = await journal.append(batch, after: .start, epoch: opened.epoch)
    #expect(result == .durable(Position(3)))
    await journal.stop()
    try await test(folder)
  }

  private func contents(of folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      found[path] = FileManager.default.contents(atPath: folder.path + "/" + path)
    }
    return found
  }

  @Test func `a sound directory ends with 0 and stays as it is`() async throws {
    try await withDirectory { folder in
      let before = try contents(of: folder)
      let verified = await tandem("journal", "verify", folder.path)
      #expect(verified.code == 0, "\(verified.text)")
      #expect(verified.lines.last == "sound: 3 records of 2 tenants")
      let inspected = await tandem("journal", "inspect", folder.path)
      #expect(inspected.lines.contains("records     3"))
      let summary = try Json(
        parsing: await tandem("journal", "inspect", folder.path, "--json").text)
      #expect(summary["records"].number == 3)
      #expect(summary["tenants"].number == 2)
      #expect(try contents(of: folder) == before)
    }
  }

  @Test func `a directory without its manifests is corrupt and ends with 2`() async throws {
    try await withDirectory { folder in
      for name in ["MANIFEST-A", "MANIFEST-B"] {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
      let verified = await tandem("journal", "verify", folder.path, "--json")
      #expect(verified.code == 2)
      let report = try Json(parsing: verified.text)
      #expect(report["verdict"].string == "corrupt")
      #expect(report["findings"].list.first?["path"].string == "MANIFEST")
    }
  }

  @Test func `a directory that is not there is not made`() async {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tandem-command-\(UUID().uuidString)")
    let verified = await tandem("journal", "verify", folder.path)
    #expect(verified.code == 64)
    #expect(verified.complaint.hasPrefix("tandem journal: \(folder.path) is no directory"))
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
