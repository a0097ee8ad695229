// SPDX-License-Identifier: Apache-2.0
// `solution …`: what organisations sell, and which of it a deal is told to have.

import TandemClient

/// What a deal is to sell, as it was typed; names are looked up when a server is there.
struct ChosenSolutions {
  private(set) var listed: [ListedSolution] = []
  /// Where an assessment is made.
  private(set) var assessmentLocation: ID?

  /// Reads what an option says: each time an id or a whole name, and what else is known.
  init(
    _ option: String, _ arguments: inout Arguments, assessmentLocation: ID? = nil
  ) throws(UsageError) {
    self.assessmentLocation = assessmentLocation
    for word in arguments.all(option) {
      do throws(Unreadable) {
        listed.append(try ItemNotation.solution(word))
      } catch {
        throw UsageError("--\(option): \(error.text)")
      }
    }
  }
}

enum SolutionCommands {
  static let command = Command(
    name: "solution", summary: "publish what you sell, list what deals may have",
    help: """
      tandem solution list [--prefix NAME] [--own] [--max 100]
      tandem solution publish --name N
                       --type device|intellectualProperty|managedService|service|assessment
                       [--co-sell-ready [--incentive I,…]] [--inactive]
                       [--solution SOL] [--validate-only] [--idempotency-key TEXT]

      Your deals may have your own co-sell-ready solutions, the vendor's, and those of other partners that
      are co-sell ready. With --solution all of a published one is said anew; its type stays. An I is
      intellectualProperty, businessAppsStandard or businessAppsPremium. An assessment is published by the
      vendor, and listed for organisations that are vetted for assessments.

        tandem solution publish --name "Telemetry hub" --type device --co-sell-ready
        tandem solution list --prefix Tele
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("list", list), ("publish", publish)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let prefix = try arguments.option("prefix") ?? ""
    let isOwn = arguments.flag("own")
    let maximum = try arguments.number("max", Int.self) ?? 100
    return try await withServer(&arguments) { client in
      var rows: [SolutionRow] = []
      var cursor: ID?
      repeat {
        let page = try await client.listSolutions(
          namePrefix: prefix, ownOnly: isOwn, after: cursor)
        rows += page.rows
        cursor = page.nextCursor
      } while cursor != nil && rows.count < maximum
      let shown = Array(rows.prefix(maximum))
      try output.table(
        shown, ["ID", "GROUP", "TYPE", "READY", "ACTIVE", "INCENTIVES", "OWNER", "NAME"],
        shown.map { row in
          let solution = row.solution
          return [
            text(solution.id), row.group.rawValue, solution.type.rawValue,
            solution.isCoSellReady ? "yes" : "no", solution.isActive ? "yes" : "no",
            solution.incentives.map(\.rawValue).joined(separator: ","), row.ownerName,
            solution.name,
          ]
        })
    }
  }

  private static func publish(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    var made = NewSolution(
      name: try arguments.required("name"),
      type: try Arguments.word(arguments.required("type"), for: "type"),
      isCoSellReady: arguments.flag("co-sell-ready"))
    made.solution = try arguments.maybeID(.solution, option: "solution")
    for text in arguments.all("incentive") {
      for word in text.split(separator: ",") {
        made.incentives.append(try Arguments.word(String(word), for: "incentive"))
      }
    }
    made.isActive = !arguments.flag("inactive")
    let isDry = arguments.flag("validate-only")
    let (solution, options) = (made, try callOptions(&arguments))
    return try await withServer(&arguments) { client in
      let id = try await client.publishSolution(solution, validatesOnly: isDry, options: options)
      try output.line(["solution": id], id.map(\.description) ?? "could be published")
    }
  }

  /// The lines of a deal.
  static func lines(_ chosen: ChosenSolutions, _ client: Client) async throws -> [SolutionLine] {
    var lines: [SolutionLine] = []
    for listed in chosen.listed {
      var line = SolutionLine(listed, at: chosen.assessmentLocation)
      if line.solution == nil { line.solution = try await find(listed.name, client) }
      lines.append(line)
    }
    return lines
  }

  private static func find(_ name: String, _ client: Client) async throws -> ID? {
    switch try await named(name, client) {
    case .success(let id): return id
    case .failure(let problem): throw UsageError("--solution: \(problem.text)")
    }
  }

  /// Why a name stands for no solution.
  struct Unfound: Error { let text: String }

  /// The only solution with a name, whatever the case of its letters.
  static func named(_ name: String, _ client: Client) async throws -> Result<ID, Unfound> {
    var cursor: ID?
    var found: [SolutionRow] = []
    repeat {
      let page = try await client.listSolutions(namePrefix: name, after: cursor)
      found += page.rows.filter { $0.solution.name.lowercased() == name.lowercased() }
      cursor = page.nextCursor
    } while cursor != nil
    guard let id = found.first?.solution.id else {
      return .failure(
        Unfound(text: "no solution is called \"\(name)\"; see tandem solution list"))
    }
    guard found.count == 1 else {
      let owners = found.map { "\(text($0.solution.id)) of \($0.ownerName)" }
      return .failure(
        Unfound(text: "\"\(name)\" is \(owners.joined(separator: " and ")); give an id"))
    }
    return .success(id)
  }
}
