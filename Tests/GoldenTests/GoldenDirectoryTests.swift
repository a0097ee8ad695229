// SPDX-License-Identifier: Apache-2.0
// A data directory that version 0.1.0 wrote: this version reads all of it, and answers from it as 0.1.0 did.

import Foundation
import GoldenFiles
import TandemJournal
import TandemPlatform
import TandemWire
import Testing

/// The golden files of a version, and copies of its data directory.
enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/0.1.0")

  static func transcript(_ name: String) throws -> Transcript {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return try #require(Transcript(text))
  }
}

/// A private copy below the system's temporary folder, removed at the end.
final class CopiedDirectory {
  let path = NSTemporaryDirectory() + "tandem-golden-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.copyItem(
      atPath: Golden.folder.appending(path: "data").path, toPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

struct GoldenDirectoryTests {
  @Test func `the golden directory is whole`() throws {
    let copy = try CopiedDirectory()
    let report = JournalInspector(try PosixFileSystem(root: copy.path)).verify()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.summary.segments == 2)
    #expect(report.summary.runs == 1)
    #expect(report.summary.snapshots == 7)
    #expect(report.summary.records == 37)
    #expect(report.summary.tenants == 5)
    #expect(report.summary.nodeEpoch == 3)
  }

  @Test func `the golden directory is small and holds no secret`() throws {
    let paths = try FileManager.default.subpathsOfDirectory(
      atPath: Golden.folder.appending(path: "data").path)
    #expect(!paths.contains { $0.contains("key") || $0.contains("prealloc") })
    let bytes = try paths.reduce(0) { sum, path in
      let url = Golden.folder.appending(path: "data/\(path)")
      return sum + (try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
    }
    #expect(bytes < 1 << 20)
  }

  /// Every answer of 0.1.0 to a question about this directory is repeated byte for byte.
  @Test func `this version answers from the golden directory as its writer did`() async throws {
    let copy = try CopiedDirectory()
    let lines = try Golden.transcript("reading.txt").lines
    let differences = try await GoldenServer.run(copy.path) { try Self.differences(lines, at: $0) }
    #expect(differences == [])
    #expect(lines.count > 60)
    let report = JournalInspector(try PosixFileSystem(root: copy.path)).verify()
    #expect(report.verdict == .note, "\(report.findings)")
  }

  private static func differences(
    _ lines: [Transcript.Line], at port: UInt16
  ) throws -> [String] {
    var found: [String] = []
    var client: GoldenClient?
    for (question, answer) in zip(lines, lines.dropFirst()) where question.fromClient {
      let greets = question.name == "hello"
      if greets { client = try GoldenClient(port: port, connection: question.connection) }
      let reply = try client?.exchange(
        question.bytes, question.name, answer: answer.name, greets: greets)
      // WELCOME holds the time and the number of the connection.
      if !greets, reply != answer.bytes {
        found.append("\(question.connection) \(question.name)")
      }
    }
    return found
  }

  @Test func `damage to any golden file is noticed`() throws {
    let copy = try CopiedDirectory()
    let suffixes = [".wal", ".run", ".snap"]
    let paths = try FileManager.default.subpathsOfDirectory(atPath: copy.path).filter { path in
      suffixes.contains { path.hasSuffix($0) }
    }
    #expect(paths.count >= 4)
    for path in paths.sorted() {
      let url = URL(filePath: "\(copy.path)/\(path)")
      let whole = try Data(contentsOf: url)
      var damaged = whole
      damaged[damaged.startIndex + 20] ^= 1
      try damaged.write(to: url)
      let report = JournalInspector(try PosixFileSystem(root: copy.path)).verify()
      #expect(report.verdict == .corrupt, "\(path)")
      try whole.write(to: url)
    }
  }
}
