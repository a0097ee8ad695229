// SPDX-License-Identifier: Apache-2.0
// Writes the golden files of a version once, at its release. What exists is never written again.

import Foundation
import GoldenFiles
import TandemPlatform

@main
struct Main {
  static let help = """
    tandem-golden: the real server writes a data directory and a conversation that never change

    usage:
      tandem-golden <directory>     must not exist; gets data/, conversation.txt and reading.txt

    example:
      tandem-golden Tests/Golden/0.1.0
    """

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let target = arguments.first, arguments.count == 1, !target.hasPrefix("-") else {
      say(help)
      exit(arguments.first == "--help" ? 0 : 64)
    }
    let files = FileManager.default
    guard !files.fileExists(atPath: target + "/data") else {
      say("tandem-golden: \(target)/data exists, and golden files never change")
      exit(1)
    }
    let scratch = NSTemporaryDirectory() + "tandem-golden-\(UUID().uuidString)"
    defer { try? files.removeItem(atPath: scratch) }
    let conversation = try await GoldenServer.run(scratch + "/data") { try Writing(port: $0).run() }
    try await GoldenServer.sealLog(scratch + "/data")
    try await GoldenServer.run(scratch + "/data") { port in
      try Writing(port: port).runAfterRestart()
      try waitForRun(scratch + "/data/runs")
    }
    try files.createDirectory(atPath: target, withIntermediateDirectories: true)
    try clean(scratch + "/data", into: target + "/data")
    let reading = try await GoldenServer.run(scratch + "/data") { try Reading(port: $0).run() }
    try Data(conversation.text.utf8).write(to: URL(filePath: target + "/conversation.txt"))
    try Data(reading.text.utf8).write(to: URL(filePath: target + "/reading.txt"))
    say("\(conversation.lines.count) + \(reading.lines.count) frames in \(target)")
    exit(0)
  }

  private static func say(_ line: String) { StandardStream.output.write(line + "\n") }

  private static func waitForRun(_ directory: String) throws {
    for _ in 0..<200 {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      if names.contains(where: { $0.hasSuffix(".run") }) { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    throw GoldenFault("no history run was built")
  }

  /// Copies what belongs to the format: no secret, no prepared file, no zeros behind the log's end.
  private static func clean(_ from: String, into target: String) throws {
    let files = FileManager.default
    for path in try files.subpathsOfDirectory(atPath: from).sorted() {
      var isDirectory: ObjCBool = false
      _ = files.fileExists(atPath: "\(from)/\(path)", isDirectory: &isDirectory)
      if isDirectory.boolValue {
        try files.createDirectory(atPath: "\(target)/\(path)", withIntermediateDirectories: true)
        continue
      }
      guard path != "operator.key", !path.hasSuffix(".prealloc"), !path.hasSuffix(".tmp") else {
        continue
      }
      var bytes = try Data(contentsOf: URL(filePath: "\(from)/\(path)"))
      if path.hasSuffix(".wal") {
        let end = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
        bytes = bytes.prefix((end + 4_095) / 4_096 * 4_096)
      }
      try files.createDirectory(atPath: target, withIntermediateDirectories: true)
      try bytes.write(to: URL(filePath: "\(target)/\(path)"))
    }
  }
}
