// SPDX-License-Identifier: Apache-2.0
// A client that has shut its sending side still gets what it asked for, and then the end.

import RunningServer
import TandemServer
import TandemWire
import Testing

struct HalfCloseTests {
  @Test func `calls in flight are answered before the end`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Half"))
      client.write(
        (1...50).flatMap {
          RawClient.request(.addLocation, call: $0, Bodies.addLocation("Place \($0)"))
        })
      client.endWriting()
      var answered: [UInt32] = []
      while let frame = client.frame() {
        #expect(frame.header.kind == .response && frame.header.argument == 0)
        answered.append(frame.header.call)
      }
      #expect(answered.sorted() == Array(1...50))
    }
  }

  @Test func `requests behind HELLO are answered too`() async throws {
    try await TestServer.run { server in
      let key = server.register("Early")
      _ = server.partner(key)
      let client = server.client()
      client.write(RawClient.hello(key) + RawClient.request(.listLocations, call: 7))
      client.endWriting()
      #expect(client.readPreamble())
      #expect(client.frame()?.header.kind == .welcome)
      #expect(client.frame()?.header.call == 7)
      #expect(client.rest() == [])
    }
  }

  @Test func `a stream ends with CANCELLED and an unfinished frame is forgotten`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Stream"))
      client.write(RawClient.request(.watch, call: 5, Bodies.watchNow))
      #expect(client.frame()?.header.kind == .item)
      client.write(RawClient.frame(3, method: 2, call: 6, length: 100))
      client.endWriting()
      var frame = client.frame()
      while frame?.header.kind == .item { frame = client.frame() }
      #expect(frame?.header.call == 5)
      #expect(frame?.header.argument == UInt32(StatusCode.cancelled.rawValue))
      #expect(client.rest() == [])
    }
  }

  @Test func `more answers than the kernel keeps are all sent`() async throws {
    try await TestServer.run({
      $0.outputPauseBytes = 64 * 1024
      $0.outputResumeBytes = 16 * 1024
      $0.lingerMilliseconds = 20
    }) { server in
      let client = server.operatorClient()
      client.write((1...600).flatMap { RawClient.request(.describe, call: $0, [0x08, 0x01]) })
      client.endWriting()
      // Nothing is taken until the server had to stop.
      while server.metrics.lanes.allSatisfy({ $0.read(.readingPaused) == 0 }) { await Task.yield() }
      var count = 0
      while let frame = client.frame() {
        #expect(frame.header.argument == 0)
        count += 1
      }
      #expect(count == 600)
    }
  }

  @Test func `a client without calls is closed at once`() async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      client.endWriting()
      #expect(client.rest() == [])
    }
  }
}
