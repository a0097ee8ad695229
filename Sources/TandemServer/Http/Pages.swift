// SPDX-License-Identifier: Apache-2.0
// The two pages for operators' tools, and the line for strangers. Never tells of tenants.

import TandemPlatform

struct Pages {
  /// What a peer reads that speaks neither TDM1 nor HTTP/1.1.
  static let strangerLine = Array(
    "tandemd speaks TDM1 here; over HTTP/1.1 it has /healthz and /metrics.\r\n".utf8)

  let health: ServerHealth
  let metrics: ServerMetrics
  let operatorKey: OperatorKey

  func answer(_ head: HttpRequestHead, from peer: SocketAddress) -> [UInt8] {
    guard head.method == "GET" || head.method == "HEAD" else {
      return HttpPage.text(405, "Method Not Allowed", "only GET and HEAD are served\n")
        .bytes(withBody: true)
    }
    return page(head, from: peer).bytes(withBody: head.method == "GET")
  }

  static let malformed = HttpPage.text(400, "Bad Request", "this is no HTTP/1.1 request\n")
    .bytes(withBody: true)

  private func page(_ head: HttpRequestHead, from peer: SocketAddress) -> HttpPage {
    switch head.path {
    case "/healthz":
      switch health.state {
      case .serving: return .text(200, "OK", "serving\n")
      case .starting: return .text(503, "Service Unavailable", "starting\n")
      case .draining: return .text(503, "Service Unavailable", "draining\n")
      }
    case "/metrics":
      guard peer.isLoopback || operatorKey.matches(head.bearer ?? "") else {
        return .text(401, "Unauthorized", "metrics need loopback or the operator's key\n")
      }
      return HttpPage(
        status: 200, phrase: "OK", type: "text/plain; version=0.0.4; charset=utf-8",
        body: metrics.page)
    default: return .text(404, "Not Found", "there are /healthz and /metrics\n")
    }
  }
}
