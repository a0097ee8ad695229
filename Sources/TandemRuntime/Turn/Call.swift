// SPDX-License-Identifier: Apache-2.0
// One request on its way to a tenant, and the way back. Knows nothing of frames or sockets.

package import TandemDomain
package import TandemPrimitives
package import TandemWire

/// A decoded request, addressed by the connection that carries it.
package struct Call {
  /// Where the answer goes; keeps the connection alive until then.
  package var sink: any AnswerSink
  package var ticket: Ticket
  package var request: TenantRequest
  package var principal: Principal
  /// Set when the request came with an idempotency key.
  package var key: RequestKey?
  /// Past this instant a call that has not begun is not executed.
  package var deadline: MonotonicInstant
  /// The caller wants to see at least this commit.
  package var minSeq: UInt64

  package init(
    sink: any AnswerSink, ticket: Ticket, request: consuming TenantRequest, principal: Principal,
    key: RequestKey?, deadline: MonotonicInstant, minSeq: UInt64
  ) {
    self.sink = sink
    self.ticket = ticket
    self.request = consume request
    self.principal = principal
    self.key = key
    self.deadline = deadline
    self.minSeq = minSeq
  }
}

/// The caller's name for a call; the runtime only hands it back.
@frozen
@usableFromInline
package struct Ticket: Hashable, Sendable {
  @usableFromInline package var call: UInt32
  @usableFromInline package var method: UInt16
  @inlinable
  package init(call: UInt32, method: UInt16) {
    self.call = call
    self.method = method
  }
}

extension TenantRequest {
  /// The one deal that the request is about.
  var deal: DealID? {
    switch self {
    case .query(.getDeal(let id)): id
    case .command(let command, _): command.deal
    case .query, .watch: nil
    }
  }
}

/// Receives what a tenant says; every method is called on the shard that the call was submitted to.
package protocol AnswerSink: AnyObject {
  /// The one and only answer to a call; for streams the end. The body is gone after the call.
  func answer(_ ticket: Ticket, _ head: AnswerHead, body: Span<UInt8>)
  /// One item of a stream, before its answer. The body is gone after the call.
  func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>)
}

/// What stands beside the body of an answer.
package struct AnswerHead: Sendable {
  package var status: StatusCode
  /// The stored answer of an earlier request with the same key.
  package var isReplay: Bool
  /// The tenant's commit number that the answer has seen.
  package var commitSeq: UInt64
  package init(status: StatusCode, isReplay: Bool, commitSeq: UInt64) {
    self.status = status
    self.isReplay = isReplay
    self.commitSeq = commitSeq
  }
}

/// Who a key belongs to, once it was checked.
package enum Authentication: Sendable, Equatable {
  case accepted(user: UserID, readOnly: Bool, organisationName: Text)
  /// Unknown tenant, unknown key, wrong secret, revoked, inactive: one answer for all.
  case refused
  /// As many connections of this organisation as may be checked at once are; come again.
  case busy
  /// The organisation cannot be served now; come again.
  case unavailable
}
