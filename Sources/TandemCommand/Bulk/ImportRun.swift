// SPDX-License-Identifier: Apache-2.0
// Reads a file of deals and has its rows carried out, several at a time, those of one deal in their order.

import TandemClient
import TandemPlatform
import TandemPrimitives

struct ImportRun {
  /// Rows after which one more may be in flight again.
  private static let calmRows = 64
  private static let tellsEveryNanoseconds: UInt64 = 2_000_000_000

  private let importer: RowImporter
  private let output: Output
  private let tellsProgress: Bool
  private let inFlightMax: Int
  private var file: DealFile
  private var report: ImportReport?
  private var keys: RowKeys
  private(set) var summary = ImportSummary()

  private var inFlight = 0
  private var width: Int
  private var calm = 0
  /// Deals of the rows in flight.
  private var busy: Set<ID> = []
  private var stop: TandemError?
  private let began = SystemTime().monotonic
  private var toldAt: UInt64 = 0

  init(
    _ plan: ImportPlan, file: DealFile, report: ImportReport?, importer: RowImporter,
    output: Output
  ) {
    self.importer = importer
    self.output = output
    self.file = file
    self.report = report
    tellsProgress = plan.tellsProgress
    inFlightMax = plan.inFlight
    width = plan.inFlight
    keys = RowKeys(name: plan.name)
    toldAt = began.nanoseconds
  }

  /// Runs to the end of the file, or to an error that the next rows would meet, too.
  mutating func run() async throws {
    var problem: (any Error)?
    await withTaskGroup(of: RowOutcome.self) { group in
      do {
        while stop == nil, let row = try file.next() { try await begin(row, &group) }
      } catch { problem = error }
      // What is on its way is waited for, so that the report knows what became of it.
      while inFlight > 0 {
        do { try await settleNext(&group) } catch { problem = problem ?? error }
      }
    }
    do { try report?.sync() } catch { problem = problem ?? error }
    if tellsProgress { tell() }
    if let problem { throw problem }
    if let stop { throw stop }
  }

  private mutating func begin(
    _ row: BulkRow, _ group: inout TaskGroup<RowOutcome>
  ) async throws {
    guard row.problems.isEmpty else {
      var verdict = RowVerdict(row, key: nil, .refused)
      verdict.problems = row.problems
      return try note(verdict)
    }
    let key = keys.key(of: row)
    if report?.isDone(key) == true {
      summary.count(.doneBefore)
      return
    }
    while inFlight >= width || row.deal.map(busy.contains) ?? false {
      try await settleNext(&group)
    }
    guard stop == nil else { return }
    if let deal = row.deal { busy.insert(deal) }
    inFlight += 1
    let importer = importer
    group.addTask { await importer.outcome(of: row, key: key) }
  }

  private mutating func settleNext(_ group: inout TaskGroup<RowOutcome>) async throws {
    guard let outcome = await group.next() else { return }
    inFlight -= 1
    if let deal = outcome.asked { busy.remove(deal) }
    if outcome.slowdowns > 0 {
      width = max(1, width / 2)
      calm = 0
    } else {
      calm += 1
      if calm % Self.calmRows == 0 { width = min(inFlightMax, width + 1) }
    }
    if let error = outcome.stop {
      stop = stop ?? error
      return
    }
    try note(outcome.verdict)
  }

  private mutating func note(_ verdict: RowVerdict) throws {
    summary.count(verdict.verdict)
    if !verdict.verdict.isDone { try output.line(verdict, verdict.told) }
    try report?.add(verdict)
    if tellsProgress,
      SystemTime().monotonic.nanoseconds - toldAt >= Self.tellsEveryNanoseconds
    {
      tell()
    }
  }

  /// How far it is, and how many rows a second on average.
  private mutating func tell() {
    toldAt = SystemTime().monotonic.nanoseconds
    let milliseconds = max(1, (toldAt - began.nanoseconds) / 1_000_000)
    let rate = UInt64(summary.rows) * 1_000 / milliseconds
    output.console.complain("\(summary.rows) rows, \(rate) a second")
  }
}
