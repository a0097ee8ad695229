// SPDX-License-Identifier: Apache-2.0
// `rules`: what requests must say, limits, the realm's policy, and lists of reference data.

import TandemClient

enum RuleCommands {
  static let command = Command(
    name: "rules", summary: "show the rules in force: required fields, limits, policy, codes",
    help: """
      tandem rules               what requests must say, limits, policy, and which lists there are
      tandem rules LIST…         the entries of lists: codes, words, what they mean

      Each list has a version and says since when it holds. Requests carry the code of an entry, or
      its word where it has no code. --json tells all of it, with every list unless some are named.

        tandem rules
        tandem rules help_codes
        tandem rules currencies countries --json
        tandem rules sales_stages --only lists.0.choices
      """
  ) { arguments, output in
    var names: [String] = []
    while let name = arguments.maybeNext() { names.append(name) }
    let lists = names
    return try await withServer(&arguments) { client in
      let rules = try await client.describeRules(lists: lists)
      try output.show(rules) { lists.isEmpty ? Self.overview(rules) : Self.entries(rules) }
    }
  }

  private static func overview(_ rules: DealRules) -> [String] {
    ["version \(rules.version), in force since \(text(rules.effective))", "", "Required"]
      + Output.columns(rules.requirements.map(Self.row)) + ["", "Limits"]
      + Output.columns(rules.limits.map(Self.row)) + ["", "Policy of the realm"]
      + Output.columns(rules.policy.map(Self.row))
      + ["", "Lists (tandem rules NAME shows one)"]
      + Output.columns(
        rules.lists.map { list in
          ["  " + list.name, Self.standing(list), "\(list.choices.count) entries"]
        })
  }

  private static func entries(_ rules: DealRules) -> [String] {
    rules.lists.enumerated().flatMap { index, list in
      (index == 0 ? [] : [""]) + ["\(list.name): \(Self.standing(list))"]
        + Output.columns(Self.table(list.choices))
    }
  }

  private static func standing(_ list: RuleChoices) -> String {
    guard let effective = list.effective else { return "your organisation's own" }
    return "version \(list.version) since \(Self.day(effective))"
  }

  /// Columns that no entry fills are left out.
  private static func table(_ choices: [RuleChoice]) -> [[String]] {
    let columns: [(heading: String, cell: (RuleChoice) -> String)] = [
      ("CODE", { $0.code == 0 ? "" : "\($0.code)" }), ("WORD", \.word), ("MEANS", \.text),
      (
        "DECIMALS",
        { choice in
          choices.contains { $0.decimals > 0 } ? "\(choice.decimals)" : ""
        }
      ),
      ("FROM", { $0.from.map(day) ?? "" }), ("UNTIL", { $0.until.map(day) ?? "" }),
      ("NAMED BY", { $0.namedBy.joined(separator: " ") }),
    ]
    let filled = columns.filter { column in choices.contains { !column.cell($0).isEmpty } }
    return [filled.map(\.heading)] + choices.map { choice in filled.map { $0.cell(choice) } }
  }

  private static func day(_ moment: Moment) -> String { String(moment.description.prefix(10)) }

  private static func row(_ requirement: RequirementRule) -> [String] {
    let request =
      requirement.request + (requirement.condition.isEmpty ? "" : " \(requirement.condition)")
    return ["  " + request, requirement.field, requirement.rule, requirement.text]
  }

  private static func row(_ figure: RuleFigure) -> [String] {
    ["  " + figure.name, "\(figure.value)", figure.unit]
  }
}
