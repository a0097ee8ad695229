// SPDX-License-Identifier: Apache-2.0
// An organisation's own names for the sales stages: its programs keep speaking of what its
// people know.

import TandemPrimitives

package enum NamingStages {
  package static func decide(
    _ command: SetStageNames, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerDeals, context.principal)
    guard let organisation = state.organisation else { throw .organisationMissing }
    var violations = Violations()
    let names = check(command.names, &violations)
    try violations.throwIfAny()
    guard names != organisation.stageNames else { return Decision(events: [], answer: .done) }
    return Decision(events: [.stageNamesSet(names)], answer: .done)
  }

  /// What a name of which nothing is said is told.
  static var problemsOfNothing: [Violation] {
    var violations = Violations()
    _ = check([SetStageNames.Name(name: .empty, percent: 0)], &violations)
    return violations.found
  }

  private static func check(
    _ asked: [SetStageNames.Name], _ violations: inout Violations
  ) -> [StageName] {
    violations.limit(count: asked.count, "names", max: Limits.stageNames)
    var names: [StageName] = []
    for (index, given) in asked.prefix(Limits.stageNames).enumerated() {
      violations.require(given.name, "names[\(index)].name", "R-603", max: Limits.nameBytes)
      if given.name.utf8.allSatisfy({ (48...57).contains($0) }), !given.name.isEmpty {
        violations.add(
          "names[\(index)].name", "R-603", "\"\(given.name)\" reads like a percentage; use a word")
      }
      if names.contains(where: { $0.name.equalsIgnoringCase(given.name) }) {
        violations.add("names[\(index)].name", "R-603", "\"\(given.name)\" comes twice")
      }
      let stage = violations.requireStandard(given.percent, "names[\(index)].stage")
      let known =
        SalesStage(.named(given.name), among: []) ?? SalesStage(assessmentName: given.name)
      if let standard = known, standard != stage {
        violations.add(
          "names[\(index)].name", "G07",
          "\"\(given.name)\" is what the stage at \(standard.rawValue) % is called; give another")
      }
      names.append(StageName(name: given.name, stage: stage))
    }
    return names
  }
}
