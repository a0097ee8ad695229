// SPDX-License-Identifier: Apache-2.0
// `rules`: what requests must say, limits, reference lists and the realm's policy.

import TandemClient

enum RuleCommands {
  static let command = Command(
    name: "rules", summary: "show the rules in force: required fields, limits, codes, policy",
    help: """
      tandem rules

        tandem rules
        tandem rules --json
        tandem rules --only lists.1.choices
      """
  ) { arguments, output in
    try await withServer(&arguments) { client in
      let rules = try await client.describeRules()
      try output.show(rules) {
        [Self.heading(rules), "", "Required"]
          + Output.columns(rules.requirements.map(Self.row)) + ["", "Limits"]
          + Output.columns(rules.limits.map(Self.row))
          + rules.lists.flatMap { list in
            ["", list.name] + Output.columns(list.choices.map { ["  \($0.code)", $0.text] })
          } + ["", "Policy of the realm"] + Output.columns(rules.policy.map(Self.row))
      }
    }
  }

  private static func heading(_ rules: DealRules) -> String {
    "version \(rules.version), in force since \(text(rules.effective))"
  }

  private static func row(_ requirement: RequirementRule) -> [String] {
    let request =
      requirement.request + (requirement.condition.isEmpty ? "" : " \(requirement.condition)")
    return ["  " + request, requirement.field, requirement.rule, requirement.text]
  }

  private static func row(_ figure: RuleFigure) -> [String] {
    ["  " + figure.name, "\(figure.value)", figure.unit]
  }
}
