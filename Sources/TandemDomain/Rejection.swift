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
  /// Ids of the rules that say no, as docs/rules.txt lists them, for example `T10`.
  ///
  /// None where no rule of co-selling is asked.
  package var rules: [String]
  /// Until when it was possible; nil when it never was, or when it can be possible again.
  package var possibleUntil: Milestone?
  package var violations: [Violation]
  package var retryable: Bool
  package var retryAfterMilliseconds: UInt32

  package init(
    _ code: Code, _ reason: String, _ message: String, rules: [String] = [],
    until possibleUntil: Milestone? = nil, violations: [Violation] = [],
    retryable: Bool = false, retryAfterMilliseconds: UInt32 = 0
  ) {
    self.code = code
    self.reason = reason
    self.message = message
    self.rules = rules.isEmpty ? violations.rules : rules
    self.possibleUntil = possibleUntil
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
  /// Ids of the domain's rules, where `rule` is a word; else that one.
  package var rules: [String]
  /// Until when it was possible; nil when it never was, or when it can be possible again.
  package var possibleUntil: Milestone?

  package init(
    _ field: String, _ rule: String, _ text: String, rules: [String]? = nil,
    until possibleUntil: Milestone? = nil
  ) {
    self.field = field
    self.rule = rule
    self.text = text
    self.rules = rules ?? Self.ids(in: rule)
    self.possibleUntil = possibleUntil
  }

  /// `R-106` and `section 9` are ids of the domain; `MONEY_DECIMALS` is a word.
  package static func ids(in rule: String) -> [String] { isID(rule) ? [rule] : [] }

  static func isID(_ rule: String) -> Bool { rule.utf8.contains { $0 >= 48 && $0 <= 57 } }
}

extension [Violation] {
  /// The rules of all of them, each once, in their order.
  package var rules: [String] {
    var rules: [String] = []
    for id in flatMap(\.rules) where !rules.contains(id) { rules.append(id) }
    return rules
  }
}

/// What happens to a deal in its life, as far as something is possible only until then.
///
/// Numbers are for ever.
package enum Milestone: UInt8, Sendable, CaseIterable {
  case created = 1
  /// First shown to another organisation.
  case shared = 2
  /// The vendor, or whom it is about, was invited.
  case invited = 3
  /// This copy's invitation was answered.
  case answered = 4
  /// The answer was due.
  case due = 5
  /// All stages of the assessment are complete.
  case completed = 6
  case closed = 7
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
