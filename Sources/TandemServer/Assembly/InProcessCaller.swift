// SPDX-License-Identifier: Apache-2.0
// A caller inside the process, for what a server does in its own name. Takes the way of every call.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

struct InProcessCaller: Sendable {
  struct Reply: Sendable {
    let status: StatusCode
    let body: [UInt8]
  }

  /// Hands one answer to whoever waits.
  private final class OneAnswer: AnswerSink {
    private let continuation: CheckedContinuation<Reply, Never>

    init(_ continuation: CheckedContinuation<Reply, Never>) { self.continuation = continuation }

    func answer(_ ticket: Ticket, _ head: AnswerHead, body: Span<UInt8>) {
      continuation.resume(
        returning: Reply(status: head.status, body: ReplyFields.copy(body)))
    }

    func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>) {}
  }

  let node: Node

  /// Queries and commands only: a stream has no place to go.
  func ask(
    _ request: TenantRequest, of tenant: TenantID, as principal: Principal
  ) async -> Reply {
    let port = node.port(of: tenant)
    return await withCheckedContinuation { continuation in
      port.executor.post {
        port.submit(
          Call(
            sink: OneAnswer(continuation), ticket: Ticket(call: 1, method: 0), request: request,
            principal: principal, key: nil, deadline: MonotonicInstant(nanoseconds: .max),
            minSeq: 0),
          to: tenant)
      }
    }
  }
}
