// SPDX-License-Identifier: Apache-2.0
// The one line that an error prints, and what a GOAWAY means for the calls that died with it.

import Testing

import TandemClient

struct TandemErrorTests {
  @Test func `an error is one line with everything to act on`() {
    var error = TandemError(
      .invalidArgument, reason: "FIELD_TOO_LONG", message: "name is 412 bytes,\nlimit 256")
    error.method = "Deals/CreateDeal"
    error.requestID = "01J9"
    error.attempts = 1
    error.elapsed = .milliseconds(3)
    #expect(
      "\(error)" == "Deals/CreateDeal: INVALID_ARGUMENT FIELD_TOO_LONG: "
        + "name is 412 bytes, limit 256 (request 01J9, 1 attempt, 3 ms)")
  }

  @Test func `an unknown outcome is said with the key that makes a repetition safe`() {
    var error = TandemError(.connection, reason: "LOST", message: "connection lost")
    error.idempotencyKey = [0x01, 0xAB]
    #expect(
      "\(error)" == "CONNECTION LOST: connection lost; may have run, "
        + "repeat with idempotency_key=01ab")
    error.notExecuted = true
    #expect("\(error)" == "CONNECTION LOST: connection lost")
  }

  @Test func `every violation is listed`() {
    var error = TandemError(.invalidArgument, reason: "FIELDS", message: "2 problems")
    error.violations = [
      .init(field: "name", reason: "R-101", description: "missing"),
      .init(field: "team[0].person.email", reason: "R-106", description: "not an address"),
    ]
    #expect(
      "\(error)" == "INVALID_ARGUMENT FIELDS: 2 problems; name: missing [R-101]; "
        + "team[0].person.email: not an address [R-106]")
  }

  @Test func `the rules that say no are named once`() {
    var error = TandemError(
      .failedPrecondition, reason: "DEAL_CLOSED", message: "the deal is closed (T10)")
    error.rules = ["T10", "R-304"]
    #expect(
      "\(error)"
        == "FAILED_PRECONDITION DEAL_CLOSED: the deal is closed (T10) (rule R-304)")
    error.violations = [.init(field: "name", reason: "R-304", description: "is late")]
    #expect("\(error)".hasSuffix("(T10); name: is late [R-304]"))
  }

  @Test func `problems with the same words are listed each`() {
    var error = TandemError(
      .invalidArgument, reason: "FIELDS",
      message: "3 problems; the first is customer.name: is required")
    error.violations = [
      .init(field: "customer.name", reason: "R-102", description: "is required"),
      .init(field: "name", reason: "R-105", description: "is required"),
      .init(field: "team", reason: "R-106", description: "is required"),
    ]
    #expect(
      "\(error)" == "INVALID_ARGUMENT FIELDS: 3 problems; the first is customer.name: is required "
        + "[R-102]; name: is required [R-105]; team: is required [R-106]")
  }

  @Test func `only lost places of a feed need a fresh start`() {
    #expect(TandemError(.outOfRange, reason: "LAGGED", message: "").needsFreshStart)
    #expect(TandemError(.outOfRange, reason: "RESUME_TOKEN_TOO_OLD", message: "").needsFreshStart)
    #expect(!TandemError(.outOfRange, reason: "PAGE", message: "").needsFreshStart)
    #expect(!TandemError(.unavailable, reason: "LAGGED", message: "").needsFreshStart)
  }

  @Test func `reasons of a farewell become statuses`() {
    let expected: [TandemError.Code] = [
      .unavailable, .unavailable, .internal, .internal, .unauthenticated, .unimplemented,
      .unavailable, .unavailable, .unavailable, .unavailable, .unavailable, .unavailable,
    ]
    #expect((0...11).map { GoAwayMeaning.code(forReason: UInt32($0)) } == expected)
    #expect(GoAwayMeaning.name(ofReason: 4) == "AUTH_FAILED")
    #expect(GoAwayMeaning.name(ofReason: 40) == "REASON_40")
  }
}
