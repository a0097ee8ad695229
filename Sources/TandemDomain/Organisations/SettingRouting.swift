// SPDX-License-Identifier: Apache-2.0
// A partner says which of its locations a seller's deals arrive at (13.3, R-705). Rules are replaced as a
// whole and hold for what arrives from then on.

package import TandemPrimitives

/// Replaces all routing rules.
package struct SetRoutingRules: Sendable, Equatable {
  package var rules: [RoutingRule]
  /// Zero: the entire organisation.
  package var defaultLocation: LocationID
  package var validateOnly: Bool
  package init(rules: [RoutingRule], defaultLocation: LocationID, validateOnly: Bool) {
    self.rules = rules
    self.defaultLocation = defaultLocation
    self.validateOnly = validateOnly
  }
}

package enum SettingRouting {
  package static func decide(
    _ command: SetRoutingRules, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerDeals, context.principal)
    var violations = Violations()
    violations.limit(count: command.rules.count, "rules", max: Limits.routingRules)
    let rules = command.rules.prefix(Limits.routingRules)
    for (index, rule) in rules.enumerated() {
      violations.check(rule, "rules[\(index)]", state)
      for other in rules.prefix(index) {
        violations.checkConflict(rule, other, "rules[\(index)]", state)
      }
    }
    if !command.defaultLocation.isZero {
      violations.checkLocation(command.defaultLocation, "default_location_id", state)
    }
    try violations.throwIfAny()
    var routing = Routing()
    routing.rules = command.rules
    routing.defaultLocation = command.defaultLocation.isZero ? nil : command.defaultLocation
    guard routing != state.routing, !command.validateOnly else {
      return Decision(events: [], answer: .done)
    }
    return Decision(events: [.routingSet(routing)], answer: .done)
  }
}

extension SettingRouting {
  /// What a rule of which nothing is said is told.
  static func problemsOfNothing(in state: TenantState) -> [Violation] {
    var violations = Violations()
    let nothing = RoutingRule(name: .empty, markets: [], solutions: [], location: .zero)
    violations.check(nothing, "rules[0]", state)
    return violations.found
  }
}

extension Violations {
  fileprivate mutating func check(_ rule: RoutingRule, _ field: String, _ state: TenantState) {
    require(rule.name, field + ".name", "section 13", max: Limits.nameBytes)
    if rule.markets.isEmpty, rule.solutions.isEmpty {
      add(
        field, "section 13",
        "catches every deal; name markets or solutions, or set default_location_id")
    }
    limit(count: rule.markets.count, field + ".markets", max: Limits.marketsPerRoutingRule)
    for (index, market) in rule.markets.prefix(Limits.marketsPerRoutingRule).enumerated() {
      requireCountry(market, "\(field).markets[\(index)]", "section 13")
      if rule.markets.prefix(index).contains(market) {
        add("\(field).markets[\(index)]", "COUNTRY_TWICE", "\(market.text) comes twice")
      }
    }
    limit(count: rule.solutions.count, field + ".solutions", max: Limits.solutionsPerRoutingRule)
    for (index, solution) in rule.solutions.prefix(Limits.solutionsPerRoutingRule).enumerated() {
      if solution.id.isZero == solution.name.isBlank {
        add(
          "\(field).solutions[\(index)]", "section 13",
          "is named by its id or by its name; give one")
      }
      limit(solution.name, "\(field).solutions[\(index)].name", max: Limits.nameBytes)
      if rule.solutions.prefix(index).contains(where: { $0.means(solution) }) {
        add("\(field).solutions[\(index)]", "SOLUTION_TWICE", "comes twice")
      }
    }
    checkLocation(rule.location, field + ".location_id", state)
  }

  fileprivate mutating func checkLocation(
    _ location: LocationID, _ field: String, _ state: TenantState
  ) {
    if location.isZero {
      add(field, "section 13", "is required; give one of your organisation's locations")
    } else if state.locations[location] == nil {
      add(field, "LOCATION_UNKNOWN", "\(location) is no location of your organisation")
    }
  }

  /// Two rules of one rank must not catch the same deal.
  fileprivate mutating func checkConflict(
    _ rule: RoutingRule, _ other: RoutingRule, _ field: String, _ state: TenantState
  ) {
    if rule.name.equalsIgnoringCase(other.name), !rule.name.isBlank {
      add(field + ".name", "ROUTING_NAME_TWICE", "\(rule.name) comes twice")
    }
    guard rule.rank == other.rank else { return }
    // Of what is too much anyhow nothing more is said than that.
    let markets = rule.markets.prefix(Limits.marketsPerRoutingRule)
      .filter(other.markets.prefix(Limits.marketsPerRoutingRule).contains)
    let solutions = rule.solutions.prefix(Limits.solutionsPerRoutingRule).filter { mine in
      other.solutions.prefix(Limits.solutionsPerRoutingRule).contains {
        $0.means(mine) || $0.isNamed(by: mine, state) || mine.isNamed(by: $0, state)
      }
    }
    guard rule.markets.isEmpty || !markets.isEmpty, rule.solutions.isEmpty || !solutions.isEmpty,
      !(rule.markets.isEmpty && rule.solutions.isEmpty)
    else { return }
    let common =
      markets.map(\.text) + solutions.map { $0.id.isZero ? $0.name.string : "\($0.id)" }
    add(
      field, "ROUTING_CONFLICT",
      "and rule \"\(other.name)\" both catch \(common.joined(separator: ", ")); leave it to one of "
        + "them")
  }
}

extension RoutedSolution {
  /// Given by the id of a solution of one's own, whose name the other gives.
  fileprivate func isNamed(by other: RoutedSolution, _ state: TenantState) -> Bool {
    guard !id.isZero, other.id.isZero, let solution = state.solutions[id] else { return false }
    return solution.name.equalsIgnoringCase(other.name)
  }
}
