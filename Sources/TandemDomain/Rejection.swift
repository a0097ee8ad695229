// SPDX-License-Identifier: Apache-2.0
// A business answer that says no: which rule, which field, what to do. Not an error of the program.

package struct Rejection: Error, Sendable, Equatable {
  /// The 17 status codes of the wire, as far as a rule can choose them; raw values are gRPC's.
  package enum Code: UInt8, Sendable {
    case invalidArgument = 3
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
  }
  package var code: Code
  /// Stable machine word, for example `DEAL_NOT_FOUND`.
  package var reason: String
  /// What happened, with the value and the limit, and what to do.
  package var message: String
  package var violations: [Violation]
  package var retryable: Bool
  package var retryAfterMilliseconds: UInt32

  package init(
    _ code: Code, _ reason: String, _ message: String, violations: [Violation] = [],
    retryable: Bool = false, retryAfterMilliseconds: UInt32 = 0
  ) {
    self.code = code
    self.reason = reason
    self.message = message
    self.violations = violations
    self.retryable = retryable
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }
}

/// One problem of a request; a request's problems are all reported at once.
package struct Violation: Sendable, Equatable {
  /// Path in the request message, for example `team[2].person.email`.
  package var field: String
  /// Rule id of the domain or a `FIELD_…` word, for example `R-106`.
  package var rule: String
  package var text: String
  package init(_ field: String, _ rule: String, _ text: String) {
    self.field = field
    self.rule = rule
    self.text = text
  }
}

/// Said together with a positive answer.
package struct Warning: Sendable, Equatable {
  /// For example `CLOSED_WITHIN_72H`.
  package var code: String
  package var text: String
  package init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
  }
}
