// SPDX-License-Identifier: Apache-2.0
// Gathers every problem of one request, so that all are reported at once. Costs nothing while none
// is found.

package import TandemPrimitives

/// The problems of a request found until now.
package struct Violations: Sendable {
  package private(set) var found: [Violation] = []
  /// When what is judged would be written: reference data that begins later or has ended is refused.
  ///
  /// Nil where nothing is written.
  let now: Timestamp?

  package init(at now: Timestamp? = nil) { self.now = now }

  init(_ found: [Violation]) {
    self.found = found
    now = nil
  }

  package var isEmpty: Bool { found.isEmpty }

  package mutating func add(
    _ field: @autoclosure () -> String, _ rule: String, _ text: @autoclosure () -> String,
    rules: [String]? = nil
  ) {
    found.append(Violation(field(), rule, text(), rules: rules))
  }

  package mutating func add(_ violation: Violation) { found.append(violation) }

  /// What a check says of a request; nothing when it takes it.
  static func found(by check: () throws(Rejection) -> Void) -> [Violation] {
    do throws(Rejection) {
      try check()
      return []
    } catch { return error.violations }
  }

  /// Ends the request when there is any problem.
  package func throwIfAny() throws(Rejection) {
    if !found.isEmpty { throw rejection }
  }

  /// The answer that tells every problem.
  package var rejection: Rejection {
    let first = found.first ?? Violation("", "FIELD_INVALID", "")
    let reason = found.count == 1 && !Violation.isID(first.rule) ? first.rule : "FIELD_INVALID"
    let message =
      found.count == 1
      ? "\(first.field): \(first.text)"
      : "\(found.count) problems; the first is \(first.field): \(first.text)"
    return Rejection(.invalidArgument, reason, message, violations: found)
  }
}
