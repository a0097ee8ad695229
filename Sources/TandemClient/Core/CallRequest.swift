// SPDX-License-Identifier: Apache-2.0
// What a logical call is made of, and how an attempt at it ends.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// One logical call: the same for all its attempts.
struct CallRequest: Sendable {
  let method: UInt16
  let body: [UInt8]
  var key: [UInt8]
  /// The user in whose name it is made; nil for the key's own.
  let actingAs: ID?
  let isStream: Bool

  init(
    method: UInt16, body: [UInt8], key: [UInt8] = [], actingAs: ID? = nil, isStream: Bool = false
  ) {
    self.method = method
    self.body = body
    self.key = key
    self.actingAs = actingAs
    self.isStream = isStream
  }

  var known: Method? { Method(rawValue: method) }

  /// Whether an attempt of unknown outcome may be repeated.
  var isRepeatable: Bool {
    guard let known else { return !key.isEmpty }
    return known.kind != .keyRequiredToRetry || !key.isEmpty
  }

  var needsKey: Bool { known?.kind == .keyRequiredToRetry && key.isEmpty }

  /// The name in messages, for example `Deals/CreateDeal`.
  var name: String {
    guard let known else { return "method \(method)" }
    return String(known.name.dropFirst("tandem.v1.".count))
  }

  var meta: Meta? {
    guard !key.isEmpty || actingAs != nil else { return nil }
    var meta = Meta()
    meta.idempotencyKey = key[...]
    if let actingAs { meta.actAsUser = actingAs.bytes[...] }
    return meta
  }
}

/// A positive answer.
struct Answer: Sendable {
  let body: [UInt8]
  let isReplayed: Bool
}

/// How one attempt ended.
enum AttemptResult: Sendable {
  case answered(Answer)
  case failed(TandemError, AttemptOutcome)
}

struct StreamItem {
  let body: [UInt8]
  /// What it took from the stream's credit.
  let cost: Int
}

/// What a stream gives next.
enum StreamStep: Sendable {
  case item([UInt8])
  case ended(AttemptResult)
}

/// One attempt of a call: waiting for a connection, or on one.
///
/// Confined to the core.
final class CallSlot {
  struct Place {
    let connection: Int
    let id: UInt32
  }

  let request: CallRequest
  /// Nil for streams.
  let deadline: MonotonicInstant?
  var place: Place?
  var timer: TimerID?
  /// Waits for the end of a unary call.
  var caller: CheckedContinuation<AttemptResult, Never>?
  /// Waits for the next item of a stream.
  var consumer: CheckedContinuation<StreamStep, Never>?
  /// Items that nobody has asked for yet; bounded by the stream's credit.
  var items: [StreamItem] = []
  var end: AttemptResult?

  init(_ request: CallRequest, deadline: MonotonicInstant?) {
    self.request = request
    self.deadline = deadline
  }
}

extension TandemError {
  /// An answer that is not OK; the number in the header is the code.
  init(code: UInt32, body: ArraySlice<UInt8>) {
    guard let status = try? ErrorStatus(decoding: body) else {
      self.init(Code(rawValue: Int(code)), reason: "", message: "the error cannot be read")
      return
    }
    self.init(Code(rawValue: Int(code)), reason: status.reason, message: status.message)
    violations = Self.violations(of: status)
    rules = status.rules
    if status.retryAfterMilliseconds > 0 {
      retryAfter = .milliseconds(Int64(status.retryAfterMilliseconds))
    }
    retryable = status.retryable
    notExecuted = status.notExecuted
    requestID = status.requestID
    help = status.help
  }

  init(_ loss: ConnectionLoss, notExecuted: Bool, peer: String) {
    self.init(loss.code, reason: loss.reason, message: loss.message)
    self.notExecuted = notExecuted
    self.peer = peer
    retryable = !loss.isFinal
    if loss.retryAfterMilliseconds > 0 {
      retryAfter = .milliseconds(Int64(loss.retryAfterMilliseconds))
    }
  }

  static func closed() -> TandemError {
    var error = TandemError(
      .failedPrecondition, reason: "CLIENT_CLOSED", message: "the client is closed")
    error.notExecuted = true
    return error
  }

  /// For a call that was on the wire when its client was closed: the server may run it yet.
  static func closedBeforeAnswer() -> TandemError {
    TandemError(
      .cancelled, reason: "CLIENT_CLOSED", message: "the client was closed before the answer came")
  }

  static func cancelledByCaller(wasSent: Bool) -> TandemError {
    var error = TandemError(
      .cancelled, reason: "CANCELLED", message: "the caller cancelled the call")
    error.notExecuted = !wasSent
    return error
  }
}
