// SPDX-License-Identifier: Apache-2.0
// `journal inspect|verify`: looks at a data directory without a server. Changes nothing.

import Foundation
import TandemJournal
import TandemPlatform
import TandemPrimitives

enum JournalCommands {
  private struct Summary: Encodable {
    let store: String
    let timeline: String
    let firstLSN: UInt64
    let nextLSN: UInt64
    let provenLSN: UInt64
    let nodeEpoch: UInt64
    let segments: Int
    let frames: Int
    let records: Int
    let tenants: Int
    let snapshots: Int
    let runs: Int

    init(_ summary: JournalSummary) {
      store = summary.store.map { "\($0)" } ?? ""
      timeline = summary.timeline.map { "\($0)" } ?? ""
      firstLSN = summary.firstLSN
      nextLSN = summary.nextLSN
      provenLSN = summary.provenLSN
      nodeEpoch = summary.nodeEpoch
      segments = summary.segments
      frames = summary.frames
      records = summary.records
      tenants = summary.tenants
      snapshots = summary.snapshots
      runs = summary.runs
    }

    var facts: [(String, String)] {
      [
        ("store", store), ("timeline", timeline), ("first LSN", "\(firstLSN)"),
        ("next LSN", "\(nextLSN)"), ("proven LSN", "\(provenLSN)"),
        ("node epoch", "\(nodeEpoch)"), ("segments", "\(segments)"), ("frames", "\(frames)"),
        ("records", "\(records)"), ("tenants", "\(tenants)"), ("snapshots", "\(snapshots)"),
        ("runs", "\(runs)"),
      ]
    }
  }

  private struct Finding: Encodable {
    let severity: String
    let path: String
    let text: String

    init(_ finding: JournalFinding) {
      severity = JournalCommands.word(finding.severity)
      path = finding.path
      text = finding.text
    }
  }

  private struct Verdict: Encodable {
    let verdict: String
    let findings: [Finding]
    let summary: Summary
  }

  static let command = Command(
    name: "journal", summary: "inspect and verify a data directory, without a server",
    help: """
      tandem journal inspect DIRECTORY   what the directory holds
      tandem journal verify DIRECTORY    checks every checksum, chain and count
      Both only read. verify ends with 0 when all is well, 1 when the end of the log was damaged by
      an interrupted write, 2 when something is corrupt.

        tandem journal verify ./tandem-data
        tandem journal inspect ./tandem-data --json
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("inspect", inspect), ("verify", verify)])
  }

  private static func report(_ arguments: inout Arguments) throws -> JournalReport {
    let path = try arguments.next("the data directory")
    try arguments.finish()
    // Opening makes what is missing, which is not for somebody who only looks.
    guard (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil else {
      throw UsageError("\(path) is no directory that can be read")
    }
    do throws(FileError) {
      return JournalInspector(try PosixFileSystem(root: path)).verify()
    } catch {
      throw UsageError("\(path) cannot be opened: \(error)")
    }
  }

  private static func inspect(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let summary = Summary(try report(&arguments).summary)
    try output.facts(summary, summary.facts)
    return 0
  }

  private static func verify(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let report = try report(&arguments)
    let summary = Summary(report.summary)
    let verdict = report.verdict == .note ? "sound" : word(report.verdict)
    let findings = report.findings.map(Finding.init)
    try output.show(Verdict(verdict: verdict, findings: findings, summary: summary)) {
      findings.map { "\($0.severity): \($0.path): \($0.text)" }
        + ["\(verdict): \(summary.records) records of \(summary.tenants) tenants"]
    }
    return Int32(report.verdict.rawValue)
  }

  private static func word(_ severity: JournalFinding.Severity) -> String {
    switch severity {
    case .note: "note"
    case .damagedTail: "damaged tail"
    case .corrupt: "corrupt"
    }
  }
}
