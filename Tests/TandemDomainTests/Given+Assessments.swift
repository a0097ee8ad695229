// SPDX-License-Identifier: Apache-2.0
// Assessments in tests: what the vendor publishes, and deals that sell it.

import TandemDomain
import TandemPrimitives
import Testing

extension Solution {
  /// A type of assessment; the id follows from the name.
  static func assessment(_ name: Text, of vendor: TenantID) -> Solution {
    var solution = named(name, of: vendor)
    solution.type = .assessment
    solution.isCoSellReady = false
    return solution
  }
}

extension SolutionLine {
  /// A line of "Readiness", which is made at a location.
  static func assessment(at location: LocationID) -> SolutionLine {
    var line = named("Readiness")
    line.assessmentLocation = location
    return line
  }
}

extension CreateDeal {
  /// Sells "Readiness" and nothing else.
  static func assessment(at location: LocationID) -> CreateDeal {
    var command = sample(at: location)
    command.solutions = [.assessment(at: location)]
    return command
  }
}

extension World {
  var vendor: TenantID? {
    members.values.first { $0.state.organisation?.kind == .vendor }?.id
  }

  /// Its owner has published a solution, and everybody has heard of it.
  mutating func publish(_ solution: Solution) throws {
    members[solution.owner]?.record([.solutionPublished(solution)])
    for id in ids { members[id]?.directory.put(solution) }
  }
}
