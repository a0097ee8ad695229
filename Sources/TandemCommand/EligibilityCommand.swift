// SPDX-License-Identifier: Apache-2.0
// `deal eligibility`: whether a deal can be registered for an incentive, and what is missing.

import TandemClient

enum EligibilityCommand {
  static func show(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let id = try arguments.next(.deal)
    return try await withServer(&arguments) { client in
      let found = try await client.describeEligibility(of: id)
      try output.table(
        found, ["CRITERION", "MET", "RULE", "WHY"],
        found.criteria.map {
          [$0.criterion.rawValue, $0.isMet ? "yes" : "no", $0.rule, $0.text]
        } + [["eligible", found.isEligible ? "yes" : "no", "", remarks(found)]])
    }
  }

  private static func remarks(_ found: Eligibility) -> String {
    var remarks = found.incentives.map(\.rawValue)
    if found.isReviewed { remarks.append("is reviewed") }
    if found.isWonEarly { remarks.append("won early: people look at it") }
    return remarks.joined(separator: ", ")
  }
}
