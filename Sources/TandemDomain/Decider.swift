// SPDX-License-Identifier: Apache-2.0
// The two functions of the core. Dispatch only: each rule lives in the slice of its operation.

/// What a command led to.
package struct Decision: Sendable, Equatable {
  /// Empty when nothing changes, for example for `validate_only`.
  package var events: [Event]
  package var answer: Answer
  package init(events: [Event], answer: Answer) {
    self.events = events
    self.answer = answer
  }
}
