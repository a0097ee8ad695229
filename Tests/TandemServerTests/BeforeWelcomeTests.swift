// SPDX-License-Identifier: Apache-2.0
// wire.md 2.6: what may come behind HELLO before WELCOME was sent: 16 calls, frames of 64 KiB.

import RunningServer
import TandemPrimitives
import TandemServer
import TandemWire
import Testing

struct BeforeWelcomeTests {
  @Test func `sixteen calls may come behind HELLO, more only after WELCOME`() async throws {
    try await TestServer.run { server in
      let key = server.register("Eager")
      _ = server.partner(key)
      let client = server.client()
      let deal = Bodies.identifier([UInt8](repeating: 3, count: 16))
      let burst = (1...40).flatMap { RawClient.request(.getDeal, call: $0, deal) }
      client.write(RawClient.hello(key) + burst)
      #expect(client.readPreamble())
      #expect(client.frame()?.header.kind == .welcome)
      #expect(Self.reasons(client, 40) == ["DEAL_NOT_FOUND": 16, "TOO_MANY_IN_FLIGHT": 24])
      client.write(burst)
      #expect(Self.reasons(client, 40) == ["DEAL_NOT_FOUND": 40])
    }
  }

  @Test func `a frame of more than 64 KiB behind HELLO is refused, later it is not`() async throws {
    try await TestServer.run { server in
      let client = server.client()
      let large = [UInt8](repeating: 0, count: Limits.beforeWelcomeFrameBytes + 1)
      let request = RawClient.request(.getRealm, call: 1, large)
      client.write(RawClient.hello(server.operatorKey) + request)
      #expect(client.readPreamble())
      #expect(client.frame()?.header.kind == .welcome)
      let early = client.frame()?.error
      #expect(early?.reason == "MESSAGE_TOO_LARGE")
      #expect(early?.message.contains("\(Limits.beforeWelcomeFrameBytes)") == true)
      client.write(request)
      #expect(client.frame()?.error?.reason == "MALFORMED_BODY")
      #expect(client.isAlive())
    }
  }

  private static func reasons(_ client: RawClient, _ count: Int) -> [String: Int] {
    var reasons: [String: Int] = [:]
    for _ in 0..<count {
      guard let frame = client.frame() else { break }
      reasons[frame.error?.reason ?? "OK", default: 0] += 1
    }
    return reasons
  }
}
