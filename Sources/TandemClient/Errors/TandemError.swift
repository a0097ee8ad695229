// SPDX-License-Identifier: Apache-2.0
// The one error type of the library: what is needed to act on a failure, in a line and in fields.

/// Why a call failed.
///
/// Printing it gives one line that can be acted on:
/// `Deals/CreateDeal: INVALID_ARGUMENT R-101: name is missing (request 01J9, 1 attempt, 3 ms)`.
public struct TandemError: Error, Hashable, Sendable {
  /// One wrong field of a request.
  public struct Violation: Hashable, Sendable {
    /// Path in the request message, for example `team[2].person.email`.
    public var field: String
    /// The rule that was broken, a stable word.
    public var reason: String
    /// What is wrong, for people.
    public var description: String
    /// Ids of the domain's rules that were broken, for example `R-106`.
    public var rules: [String]

    /// Makes a violation.
    public init(field: String, reason: String, description: String, rules: [String] = []) {
      self.field = field
      self.reason = reason
      self.description = description
      self.rules = rules
    }
  }

  /// The kind of failure.
  public var code: Code
  /// A stable machine word, for example `DEAL_NOT_FOUND`.
  public var reason: String
  /// What happened, with which value and limit, and what to do.
  public var message: String
  /// Ids of the domain's rules that say no, for example `T10`, as `describeDealActions` tells them.
  public var rules: [String] = []
  /// Every wrong field of the request, all at once.
  public var violations: [Violation] = []
  /// How long the server asks to wait before trying again.
  public var retryAfter: Duration?
  /// Whether the same call may succeed when it is tried again.
  public var retryable = false
  /// True when it is certain that the call had no effect.
  public var notExecuted = false
  /// The server's name for the request, for its log.
  public var requestID = ""
  /// The key that makes a repetition safe; empty when the call carried none.
  public var idempotencyKey: [UInt8] = []
  /// The method that was called, for example `deals.Create`.
  public var method = ""
  /// How many times the call was sent or tried.
  public var attempts = 0
  /// How long the whole call took.
  public var elapsed: Duration = .zero
  /// The server's address.
  public var peer = ""
  /// A hint or an address with more to read.
  public var help = ""

  /// Makes an error; tests of callers may do this by hand.
  public init(_ code: Code, reason: String, message: String) {
    self.code = code
    self.reason = reason
    self.message = message
  }

  /// True when the call may have had its effect although no answer arrived.
  public var outcomeIsUnknown: Bool {
    if notExecuted { return false }
    return [.connection, .timeout, .unknown, .deadlineExceeded, .cancelled, .internal]
      .contains(code)
  }

  /// True when a watch cannot go on from its token and must begin again.
  public var needsFreshStart: Bool {
    code == .outOfRange && (reason.hasPrefix("RESUME_") || reason == "LAGGED")
  }
}

extension TandemError: CustomStringConvertible {
  /// The one-line form.
  public var description: String {
    var text = method.isEmpty ? "" : "\(method): "
    text += code.name
    if !reason.isEmpty && reason != code.name { text += " \(reason)" }
    if !message.isEmpty { text += ": \(singleLine(message))" }
    for (index, violation) in violations.enumerated() {
      // The message ends with the first of them.
      if index == 0, message.hasSuffix(violation.description) {
        if !text.contains(violation.reason) { text += " [\(violation.reason)]" }
        continue
      }
      text += "; \(violation.field): \(singleLine(violation.description)) [\(violation.reason)]"
    }
    if outcomeIsUnknown && !idempotencyKey.isEmpty {
      text += "; may have run, repeat with idempotency_key=\(idempotencyKey.hexadecimal)"
    }
    if !help.isEmpty { text += "; \(singleLine(help))" }
    let facts = facts
    return facts.isEmpty ? text : "\(text) (\(facts.joined(separator: ", ")))"
  }

  private var facts: [String] {
    var facts: [String] = []
    // Most texts name their rule.
    let unnamed = rules.filter { rule in
      !message.contains(rule) && !violations.contains { $0.reason == rule }
    }
    if !unnamed.isEmpty { facts.append("rule \(unnamed.joined(separator: ", "))") }
    if !requestID.isEmpty { facts.append("request \(requestID)") }
    if attempts > 0 { facts.append(attempts == 1 ? "1 attempt" : "\(attempts) attempts") }
    if attempts > 0 { facts.append("\(elapsed.wholeMilliseconds) ms") }
    if let retryAfter { facts.append("retry after \(retryAfter.wholeMilliseconds) ms") }
    if code == .connection && !peer.isEmpty { facts.append("peer \(peer)") }
    return facts
  }

  private func singleLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}

extension Duration {
  /// Milliseconds without the fraction; huge values are clamped.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? (seconds < 0 ? .min : .max) : scaled + attoseconds / 1_000_000_000_000_000
  }
}

extension Sequence<UInt8> {
  /// Two lower-case digits per byte.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
