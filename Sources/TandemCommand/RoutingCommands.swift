// SPDX-License-Identifier: Apache-2.0
// `routing …`: at which location a seller's deals arrive.

import TandemClient

enum RoutingCommands {
  static let command = Command(
    name: "routing", summary: "say at which location a seller's deals arrive",
    help: """
      tandem routing list
      tandem routing set RULE… [--default LOC] [--validate-only]     replaces all rules
      tandem routing set --none [--default LOC]                      forgets them

      A RULE is written as "NAME: MARKETS / SOLUTIONS -> LOC". MARKETS are countries of customers,
      SOLUTIONS names or ids, both with commas between them, or * for all. Markets and solutions together
      decide first, then solutions alone, then markets alone, then --default; without that a deal
      arrives at the entire organisation. Deals that are there already stay where they are.

        tandem routing set "North: DE,DK / * -> loc_01j…" "Backup: * / Backup -> loc_01k…"
        tandem routing list --json
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("list", list), ("set", set)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let routing = try await client.listRoutingRules()
      var rows = routing.rules.map { rule in
        [
          rule.name, rule.markets.isEmpty ? "*" : rule.markets.joined(separator: ","),
          rule.solutions.isEmpty
            ? "*" : rule.solutions.map { $0.id.map(text) ?? $0.name }.joined(separator: ","),
          text(rule.location),
        ]
      }
      rows.append(["(default)", "*", "*", routing.defaultLocation.map(text) ?? "everywhere"])
      try output.table(routing, ["NAME", "MARKETS", "SOLUTIONS", "LOCATION"], rows)
    }
  }

  private static func set(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var routing = Routing()
    while let word = arguments.maybeNext() { routing.rules.append(try rule(word)) }
    if arguments.flag("none") != routing.rules.isEmpty {
      throw UsageError("give rules, or --none alone to forget them all")
    }
    routing.defaultLocation = try arguments.option("default").map { text throws(UsageError) in
      try Arguments.id(.location, text)
    }
    let validateOnly = arguments.flag("validate-only")
    let options = try callOptions(&arguments)
    let given = routing
    return try await withServer(&arguments) { client in
      try await client.setRoutingRules(given, validatesOnly: validateOnly, options: options)
      try output.line(["rules": given.rules.count], "\(given.rules.count) rules")
    }
  }

  private static func rule(_ word: String) throws(UsageError) -> RoutingRule {
    let ends = word.split(separator: "->", omittingEmptySubsequences: false)
    let head = ends[0].split(separator: ":", maxSplits: 1).map(\.trimmed)
    let sides = head.count == 2 ? head[1].split(separator: "/", maxSplits: 1).map(\.trimmed) : []
    guard ends.count == 2, sides.count == 2 else {
      throw UsageError("\"\(word)\" is not NAME: MARKETS / SOLUTIONS -> LOC, with * for all")
    }
    var rule = RoutingRule()
    rule.name = head[0]
    rule.markets = sides[0] == "*" ? [] : sides[0].split(separator: ",").map(\.trimmed)
    for name in sides[1] == "*" ? [] : sides[1].split(separator: ",").map(\.trimmed) {
      var solution = RoutedSolution()
      solution.id = ID(name).flatMap { $0.kind == .solution ? $0 : nil }
      if solution.id == nil { solution.name = name }
      rule.solutions.append(solution)
    }
    rule.location = try Arguments.id(.location, ends[1].trimmed)
    return rule
  }
}

extension Substring {
  /// Without spaces around it.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
