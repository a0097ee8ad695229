// SPDX-License-Identifier: Apache-2.0
// Every commit did, and every answer said, what a naive model of the domain says; and when nothing is under
// way, the copies of each engagement agree (decision 0016).

enum AgreesWithModel {
  static let name = "agrees with the model"

  static func check(_ evidence: Evidence, _ operations: [Operation]) -> String? {
    var replay = ModelReplay(evidence, operations)
    return replay.run() ?? replay.checkPolicies() ?? replay.checkReviews() ?? replay.checkRest()
  }
}
