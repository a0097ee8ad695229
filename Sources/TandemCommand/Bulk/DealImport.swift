// SPDX-License-Identifier: Apache-2.0
// `deal import`: a file of deals, each row created or changed once.

import Foundation
import TandemClient
import TandemPlatform

/// What the command line says of an import.
struct ImportPlan {
  let path: String
  let format: BulkFormat
  let name: String
  /// Nil only for a dry run of the standard input.
  let report: String?
  let validatesOnly: Bool
  let tellsProgress: Bool
  let inFlight: Int

  static let inFlightDefault = 32
  static let inFlightRange = 1...1_000

  init(_ arguments: inout Arguments) throws {
    path = try arguments.next("the FILE (- for the standard input)")
    let isInput = path == "-"
    format = try BulkFormat.read(&arguments, file: isInput ? nil : path)
    validatesOnly = arguments.flag("validate-only")
    tellsProgress = arguments.flag("progress")
    inFlight = try arguments.number("in-flight", Int.self) ?? Self.inFlightDefault
    guard Self.inFlightRange.contains(inFlight) else {
      throw UsageError("--in-flight is 1 to \(Self.inFlightRange.upperBound), not \(inFlight)")
    }
    let named = try arguments.option("as")
    guard named?.isEmpty != true else {
      throw UsageError("--as is empty; give a name or leave it out")
    }
    guard let name = named ?? (isInput ? nil : URL(fileURLWithPath: path).lastPathComponent) else {
      throw UsageError(
        "--as is missing: the standard input has no name that a later run could know")
    }
    self.name = name
    let report = try arguments.option("report")
    guard isInput else {
      self.report = report ?? path + ".report.jsonl"
      return
    }
    guard report != nil || validatesOnly else {
      throw UsageError("--report is missing: it says what was done when the import is run again")
    }
    self.report = report
  }
}

enum DealImport {
  static let help = """
    tandem deal import FILE|- [--format jsonl|csv] [--validate-only] [--progress]
                     [--report REPORT] [--as NAME] [--in-flight 32]

    Carries out every row of FILE, of any length; - is the standard input. A row without id creates
    a deal. A row with id changes it: the row is compared with the deal as it was at the row's version
    (without version: as it is), and only what differs is changed, so that what colleagues changed
    meanwhile stays. Rows of one deal are carried out in their order, others several at a time. One
    refused row stops no other; each is printed with everything that is wrong with it.

    Columns: id, version, name, location, customer or customerId, street, street2, city, state,
    postalCode, country, customerSize, customerIdentifiers, contacts, shareCustomer, shareWithOthers,
    value, closeDate, stage, crmId, campaignId, notes, solutions, assessmentLocation, team, owner,
    tags, visibleToVendor, helpCode, notesToVendor; and status (won, lost, declined or error) with
    reason and reasonNotes, which ends the deal. What else an export has may stay in the file as it is.
    FILE has one JSON object to a line, or is CSV in UTF-8 with a heading. An empty cell, and a field
    that is left out, leaves the deal as it is; "" and [] in JSON empty it.
    Lists are lists of texts in JSON, and stand in one cell with semicolons between them. A person is
    First Last <mail@host> +49 40 1234, title; or Last, First <mail@host> when the first name has
    spaces. A solution is its id or name, and then | quantity 2.5 | price 100.00 EUR if known.
    A backslash makes plain text of the character behind it. One apostrophe in front of a cell that
    begins with = + - or @ is no part of it.

    Every row is done once, however often the command is run: the same row of an import of the same
    NAME (else the file's name) is known again wherever it stands, and equal rows are told apart by
    their order. So a file with refused rows is corrected and imported again as a whole, and an import
    that was interrupted is run again. REPORT (else FILE.report.jsonl) has a line for every answered
    row and says what later runs pass over; keep it as long as FILE. The server itself remembers the
    last rows for 24 hours at most. --validate-only runs every rule, changes nothing and writes no
    report; rows do not see what others would have done.

    Ends with 0 when no row was refused.

      tandem deal import deals.csv --validate-only
      tandem deal import deals.csv --progress
      tandem deal import deals.jsonl --report done.jsonl --as crm-2027-01
    """

  static func run(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let plan = try ImportPlan(&arguments)
    var ended: Int32 = 0
    let code = try await withServer(&arguments) { client in
      ended = try await run(plan, client, output)
    }
    return max(code, ended)
  }

  private static func run(
    _ plan: ImportPlan, _ client: Client, _ output: Output
  ) async throws -> Int32 {
    let file = try DealFile(ByteStream(path: plan.path), plan.format)
    let report = try plan.report.map { try ImportReport($0, isWritten: !plan.validatesOnly) }
    let importer = RowImporter(
      client: client, solutions: SolutionNames(client), pauses: try ImportPauses(),
      validatesOnly: plan.validatesOnly)
    var run = ImportRun(plan, file: file, report: report, importer: importer, output: output)
    do {
      try await run.run()
    } catch {
      try output.line(run.summary, run.summary.told)
      output.console.complain(
        "tandem deal: the import stopped; the same command goes on where it was")
      throw error
    }
    let told = run.summary.told
    try output.line(
      run.summary, plan.validatesOnly ? "nothing was changed; it would be: \(told)" : told)
    return run.summary.refused + run.summary.failed > 0 ? 1 : 0
  }
}
