// SPDX-License-Identifier: Apache-2.0
// What only solution assessments have (domain.md 6, R-602).

package import TandemPrimitives

/// How far an assessment is.
package struct Assessment: Hashable, Sendable {
  /// In their order, without gaps.
  package var completed: [CompletedStage]
  package init(completed: [CompletedStage]) { self.completed = completed }
}

/// A stage of an assessment that is done, and since when.
package struct CompletedStage: Hashable, Sendable {
  package var stage: SalesStage
  package var at: Timestamp
  package init(stage: SalesStage, at: Timestamp) {
    self.stage = stage
    self.at = at
  }
}
