// SPDX-License-Identifier: Apache-2.0
// Requests about where a seller's deals arrive.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum RoutingRequests {
  static func read(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> SetRoutingRules {
    let request = unsafe message.as(Tandem__V1__SetRoutingRulesRequest.self)
    var rules: [RoutingRule] = []
    if unsafe reader.isWithin(Limits.routingRules, count: request.n_rules, "rules") {
      unsafe rules = reader.list(request.n_rules, request.rules, "rules") { reader, item, at in
        unsafe rule(item, at, &reader)
      }
    }
    return unsafe SetRoutingRules(
      rules: rules,
      defaultLocation: reader.identifier(request.default_location_id, "default_location_id"),
      validateOnly: request.validate_only != 0)
  }

  private static func rule(
    _ item: Tandem__V1__RoutingRule, _ at: ListPlace, _ reader: inout RequestReader
  ) -> RoutingRule {
    var markets: [CountryCode] = []
    for index in 0..<(unsafe item.n_markets) {
      let country = unsafe reader.country(item.markets?[index], "\(at).markets[\(index)]")
      markets.append(country ?? CountryCode(packed: 0))
    }
    return unsafe RoutingRule(
      name: reader.text(item.name), markets: markets,
      solutions: reader.list(item.n_solutions, item.solutions, "\(at).solutions") {
        reader, solution, place in
        unsafe RoutedSolution(
          id: reader.identifier(solution.solution_id, "\(place).solution_id"),
          name: reader.text(solution.name))
      }, location: reader.identifier(item.location_id, "\(at).location_id"))
  }
}
