// SPDX-License-Identifier: Apache-2.0
// Where a seller's deals arrive (13.3): which location of a partner is for which markets and solutions.

package import TandemPrimitives

package struct RoutingRule: Hashable, Sendable {
  package var name: Text
  /// Countries of customers; none means all.
  package var markets: [CountryCode]
  /// None means all.
  package var solutions: [RoutedSolution]
  package var location: LocationID

  package init(
    name: Text, markets: [CountryCode], solutions: [RoutedSolution], location: LocationID
  ) {
    self.name = name
    self.markets = markets
    self.solutions = solutions
    self.location = location
  }
}

/// A solution as a rule names it: by its id, or by its name where a line of a deal has no more.
package struct RoutedSolution: Hashable, Sendable {
  package var id: SolutionID
  package var name: Text

  package init(id: SolutionID, name: Text) {
    self.id = id
    self.name = name
  }

  /// Names count as equal in any case.
  package func means(_ other: RoutedSolution) -> Bool {
    id == other.id && name.equalsIgnoringCase(other.name)
  }

  fileprivate func catches(_ line: SolutionLine) -> Bool {
    id.isZero ? name.equalsIgnoringCase(line.name) : id == line.solution
  }
}

/// All rules of an organisation.
package struct Routing: Hashable, Sendable {
  package var rules: [RoutingRule] = []
  /// For what no rule catches; nil is the entire organisation.
  package var defaultLocation: LocationID?
  package init() {}

  /// Where a deal arrives; nil is the entire organisation.
  ///
  /// Market and solution together decide first, then the solution alone, then the market alone. Of
  /// several solutions the first on the deal counts.
  package func location(for country: CountryCode, _ lines: [SolutionLine]) -> LocationID? {
    for rank in RoutingRule.Rank.allCases {
      let ranked = rules.filter { $0.rank == rank && $0.catches(country) }
      if rank == .market, let rule = ranked.first { return rule.location }
      for line in lines {
        let rule = ranked.first { $0.solutions.contains { $0.catches(line) } }
        if let rule { return rule.location }
      }
    }
    return defaultLocation
  }
}

extension RoutingRule {
  /// The first that catches a deal decides.
  package enum Rank: CaseIterable {
    case marketAndSolution
    case solution
    case market
  }

  package var rank: Rank {
    if solutions.isEmpty { return .market }
    return markets.isEmpty ? .solution : .marketAndSolution
  }

  fileprivate func catches(_ country: CountryCode) -> Bool {
    markets.isEmpty || markets.contains(country)
  }
}
