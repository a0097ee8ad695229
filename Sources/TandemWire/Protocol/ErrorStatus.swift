// SPDX-License-Identifier: Apache-2.0
// The body of an answer that is not OK, and how rejections become one.

package import TandemDomain

package struct ErrorStatus: Error, Sendable, Equatable {
  package var status: StatusCode
  package var message: String
  package var reason: String
  package var domain = ""
  package var metadata: [Header] = []
  package var violations: [Violation] = []
  package var retryAfterMilliseconds: UInt32 = 0
  package var retryable = false
  package var notExecuted = false
  package var requestID = ""
  package var help = ""
  /// Ids of the domain's rules that say no.
  package var rules: [String] = []

  package init(
    _ status: StatusCode, _ reason: String, _ message: String, retryable: Bool = false,
    notExecuted: Bool = false, retryAfterMilliseconds: UInt32 = 0
  ) {
    self.status = status
    self.reason = reason
    self.message = message
    self.retryable = retryable
    self.retryAfterMilliseconds = retryAfterMilliseconds
    self.notExecuted = notExecuted
  }

  package init(_ rejection: Rejection) {
    self.init(
      StatusCode(rejection.code), rejection.reason, rejection.message,
      retryable: rejection.retryable, retryAfterMilliseconds: rejection.retryAfterMilliseconds)
    violations = rejection.violations
    rules = rejection.rules
  }

  /// A request body that cannot be read.
  package init(_ error: WireError) {
    switch error.kind {
    case .malformed: self.init(.invalidArgument, "MALFORMED_BODY", error.text, notExecuted: true)
    case .unknownField(let number):
      self.init(
        .invalidArgument, "UNKNOWN_FIELD", "field \(number) is not known: \(error.text)",
        notExecuted: true)
    case .badValue:
      self.init(.invalidArgument, "FIELD_INVALID", error.text, notExecuted: true)
    }
    violations = error.violations
    if violations.isEmpty, !error.field.isEmpty {
      violations = [Violation(error.field, reason, error.text)]
    }
    rules = violations.rules
  }

  package static func messageTooLarge(_ seen: Int, limit: Int) -> ErrorStatus {
    ErrorStatus(
      .resourceExhausted, "MESSAGE_TOO_LARGE",
      "request of \(seen) bytes; the limit is \(limit) bytes", notExecuted: true)
  }

  package static func unknownMethod(_ number: UInt16) -> ErrorStatus {
    ErrorStatus(
      .unimplemented, "UNKNOWN_METHOD", "no method has number \(number)", notExecuted: true)
  }

  package func encode(into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.unsigned(1, UInt32(status.rawValue))
    writer.string(2, message)
    writer.string(10, reason)
    writer.string(11, domain)
    for header in metadata { header.write(12, to: &writer) }
    for violation in violations {
      let start = writer.begin(13)
      writer.string(1, violation.field)
      writer.string(2, violation.text)
      writer.string(3, violation.rule)
      if violation.rules != Violation.ids(in: violation.rule) {
        for rule in violation.rules { writer.string(4, rule) }
      }
      writer.end(start)
    }
    writer.unsigned(14, retryAfterMilliseconds)
    writer.flag(15, retryable)
    writer.flag(16, notExecuted)
    writer.string(17, requestID)
    writer.string(18, help)
    for rule in rules { writer.string(19, rule) }
    writer.giveBack(to: &output)
  }

  /// Unknown fields are ignored; an unknown code is UNKNOWN.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    self.init(.unknown, "", "")
    var reader = ProtoReader(bytes)
    while try reader.next() {
      switch reader.field {
      case 1:
        status = StatusCode(rawValue: UInt8(truncatingIfNeeded: try reader.unsigned())) ?? .unknown
      case 2: message = try reader.string()
      case 10: reason = try reader.string()
      case 11: domain = try reader.string()
      case 12: metadata.append(try Header(reading: reader.message()))
      case 13: violations.append(try Violation(reading: reader.message()))
      case 14: retryAfterMilliseconds = try reader.unsigned32()
      case 15: retryable = try reader.flag()
      case 16: notExecuted = try reader.flag()
      case 17: requestID = try reader.string()
      case 18: help = try reader.string()
      case 19: rules.append(try reader.string())
      default: try reader.skip()
      }
    }
  }
}

extension Violation {
  fileprivate init(reading message: ProtoReader) throws(WireError) {
    self.init("", "", "")
    var reader = message
    while try reader.next() {
      switch reader.field {
      case 1: field = try reader.string()
      case 2: text = try reader.string()
      case 3: rule = try reader.string()
      case 4: rules.append(try reader.string())
      default: try reader.skip()
      }
    }
    if rules.isEmpty { rules = Self.ids(in: rule) }
  }
}

extension StatusCode {
  package init(_ code: Rejection.Code) {
    self =
      switch code {
      case .invalidArgument: .invalidArgument
      case .notFound: .notFound
      case .alreadyExists: .alreadyExists
      case .permissionDenied: .permissionDenied
      case .resourceExhausted: .resourceExhausted
      case .failedPrecondition: .failedPrecondition
      case .aborted: .aborted
      case .outOfRange: .outOfRange
      case .unimplemented: .unimplemented
      }
  }
}

/// A named value beside a call or an error.
package struct Header: Sendable, Equatable {
  package var name: String
  package var value: [UInt8]
  package init(name: String, value: [UInt8]) {
    self.name = name
    self.value = value
  }

  func write(_ field: UInt32, to writer: inout ProtoWriter) {
    let start = writer.begin(field)
    writer.string(1, name)
    writer.blob(2, value[...])
    writer.end(start)
  }

  init(reading message: ProtoReader) throws(WireError) {
    self.init(name: "", value: [])
    var reader = message
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.string()
      case 2: value = Array(try reader.slice())
      default: try reader.skip()
      }
    }
  }
}
