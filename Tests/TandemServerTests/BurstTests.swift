// SPDX-License-Identifier: Apache-2.0
// Requests that come many at once. After such a read the server only looks at what comes next, and
// lets the kernel forget it when it has answered: nothing may be read twice or be missing.

import RunningServer
import TandemServer
import TandemWire
import Testing

struct BurstTests {
  private static func burst(_ calls: ClosedRange<UInt32>) -> [UInt8] {
    calls.flatMap { RawClient.request(.listLocations, call: $0) }
  }

  /// The calls of the next answers, all of which are well.
  private static func answers(_ count: Int, to client: RawClient) -> [UInt32] {
    (0..<count).compactMap { _ in
      guard let frame = client.frame(), frame.header.kind == .response,
        frame.header.argument == 0
      else { return nil }
      return frame.header.call
    }
  }

  /// A client whose next requests are looked at first.
  private static func client(of server: TestServer, _ key: String? = nil) -> RawClient {
    let client = server.partner(key ?? server.register("Burst"))
    client.write(burst(1...8))
    #expect(answers(8, to: client) == Array(1...8))
    return client
  }

  @Test func `bursts cut anywhere are answered once`() async throws {
    try await TestServer.run { server in
      let client = Self.client(of: server)
      let frameBytes = Self.burst(1...1).count
      for cut in 1..<(4 * frameBytes) {
        let first = UInt32(1_000 + cut * 4)
        let bytes = Self.burst(first...first + 3)
        client.write(Array(bytes[..<cut]))
        // What is whole is answered, so the server has read up to the cut before the rest is sent.
        let whole = Self.answers(cut / frameBytes, to: client)
        client.write(Array(bytes[cut...]))
        #expect(
          whole + Self.answers(4 - whole.count, to: client) == Array(first...first + 3))
      }
      #expect(client.isAlive())
    }
  }

  @Test func `more than a buffer holds is answered once`() async throws {
    try await TestServer.run { server in
      let client = Self.client(of: server)
      for round in 1...20 as ClosedRange<UInt32> {
        let calls = round * 10_000...round * 10_000 + 59
        let body = Bodies.addLocation(String(repeating: "x", count: 3_000))
        client.write(calls.flatMap { RawClient.request(.addLocation, call: $0, body) })
        // Such a name is refused; what counts is that each call is answered, once.
        let answered = calls.compactMap { _ in client.frame()?.header.call }
        #expect(answered.sorted() == Array(calls))
      }
      #expect(client.isAlive())
    }
  }

  @Test func `the last words arrive behind a burst with a fault`() async throws {
    try await TestServer.run { server in
      let key = server.register("LastWords")
      for _ in 0..<20 {
        let client = Self.client(of: server, key)
        client.write(Self.burst(11...14) + RawClient.frame(4, call: 15))
        var frames: [Frame] = []
        while let frame = client.frame() { frames.append(frame) }
        #expect(frames.last?.goAway?.reason == .protocolError)
        // The end came as an end, not as a reset: nothing of what was sent was destroyed.
        #expect(client.rest() == [])
      }
    }
  }

  @Test func `a burst and the end of the stream at once are both seen`() async throws {
    try await TestServer.run { server in
      let client = Self.client(of: server)
      client.write(Self.burst(11...14))
      client.endWriting()
      #expect(Self.answers(4, to: client) == Array(11...14))
      #expect(client.rest() == [])
    }
  }
}
