// SPDX-License-Identifier: Apache-2.0
// What a connection says when a call gets no further than itself. One place for reasons and texts.

import TandemPrimitives
import TandemWire

enum SessionRefusals {
  static let draining = ErrorStatus(
    .unavailable, "DRAINING", "the server is stopping; call elsewhere or again in a moment",
    retryable: true, notExecuted: true, retryAfterMilliseconds: 500)
  static let deadline = ErrorStatus(
    .deadlineExceeded, "DEADLINE", "the stream's time is over; resume with the last token")
  static let foreignTenant = ErrorStatus(
    .permissionDenied, "TENANT_FORBIDDEN",
    "this key may not name another organisation in Meta.tenant; connect with a key of that one",
    notExecuted: true)

  static let nobodyToActFor = ErrorStatus(
    .permissionDenied, "ACT_AS_FORBIDDEN",
    "only a service user of an organisation can act in the name of another; call without "
      + "Meta.act_as_user",
    notExecuted: true)

  static func userIDLength(_ found: Int) -> ErrorStatus {
    ErrorStatus(
      .invalidArgument, "USER_ID_LENGTH",
      "Meta.act_as_user has \(found) bytes; the id of a user has 16", notExecuted: true)
  }

  static func reserved(_ what: String) -> ErrorStatus {
    ErrorStatus(
      .unimplemented, "RESERVED", "\(what) is reserved and not served by this version",
      notExecuted: true)
  }

  static func tooMany(_ what: String, _ limit: UInt64) -> ErrorStatus {
    ErrorStatus(
      .resourceExhausted, "TOO_MANY_IN_FLIGHT",
      "this connection may have \(limit) unanswered \(what); wait for answers first",
      retryable: true, notExecuted: true, retryAfterMilliseconds: 20)
  }

  static func keyLength(_ found: Int) -> ErrorStatus {
    let allowed = Limits.idempotencyKeyBytes
    var status = ErrorStatus(
      .invalidArgument, "IDEMPOTENCY_KEY_LENGTH",
      "the idempotency key has \(found) bytes; use \(allowed.lowerBound) to "
        + "\(allowed.upperBound), normally a UUIDv7",
      notExecuted: true)
    status.help = "one key per logical request, the same for its repetitions"
    return status
  }

  static func answerTooLarge(_ bytes: Int, limit: UInt32) -> ErrorStatus {
    ErrorStatus(
      .resourceExhausted, "MESSAGE_TOO_LARGE",
      "the answer has \(bytes) bytes and the client takes \(limit); ask for less or raise "
        + "Hello.max_frame")
  }
}
