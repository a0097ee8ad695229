// SPDX-License-Identifier: Apache-2.0
// Whole conversations over a real socket: keys, answers, streams, limits, pages, the end.

import RunningServer
import TandemPrimitives
import TandemServer
import TandemWire
import Testing

struct ConversationTests {
  @Test func `ruling 10 WELCOME announces the limits in force`() async throws {
    try await TestServer.run({ $0.inFlightMax = 77 }) { server in
      let welcome = server.client().introduce(server.operatorKey)
      #expect(welcome?.limits.inFlightMax == 77)
      #expect(welcome?.limits.frameBytesMax == 4_194_304)
      #expect(welcome?.schemaHash.count == 32)
      #expect(welcome?.principal == "operator")
    }
  }

  @Test func `a client that takes only tiny frames is told the smallest size`() async throws {
    try await TestServer.run { server in
      let client = server.client()
      client.write(RawClient.hello(server.operatorKey) { $0.frameBytesMax = 1_000 })
      #expect(client.readPreamble())
      let goAway = client.frame()?.goAway
      #expect(goAway?.reason == .protocolError)
      #expect(goAway?.message.contains("65536") == true)
    }
  }

  @Test func `another organisation in Meta is refused`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Own"))
      var meta = Meta()
      meta.tenant = TenantID(high: 5, low: 5).description
      let answer = client.ask(.listLocations, meta: meta)
      let body = answer.flatMap { try? Meta.split($0.payload[...]).body }
      let status = body.flatMap { try? ErrorStatus(decoding: $0) }
      #expect(status?.status == .permissionDenied)
      #expect(client.isAlive())
    }
  }

  @Test func `a name to act in that is none is refused`() async throws {
    try await TestServer.run { server in
      func reason(_ client: RawClient, _ user: [UInt8]) -> String? {
        var meta = Meta()
        meta.actAsUser = user[...]
        let answer = client.ask(.listLocations, meta: meta)
        let body = answer.flatMap { try? Meta.split($0.payload[...]).body }
        return body.flatMap { try? ErrorStatus(decoding: $0) }?.reason
      }
      let client = server.partner(server.register("Own"))
      #expect(reason(client, [1, 2, 3]) == "USER_ID_LENGTH")
      #expect(reason(client, [UInt8](repeating: 5, count: 16)) == "ACT_AS_FORBIDDEN")
      #expect(
        reason(server.operatorClient(), [UInt8](repeating: 5, count: 16)) == "ACT_AS_FORBIDDEN")
      #expect(client.isAlive())
    }
  }

  @Test func `every bad credential reads the same sentence`() async throws {
    try await TestServer.run { server in
      let known = server.register("Known")
      let keys = [
        "", "nonsense", "tdk_demo_contoso",
        // Differs from the right key in its last digit, whatever that is.
        String(known.dropLast()) + (known.hasSuffix("0") ? "1" : "0"),
        KeyText(
          tenant: TenantID(high: 9, low: 9), key: KeyID(high: 9, low: 9),
          secret: [UInt8](repeating: 1, count: 32)
        ).text,
        OperatorKeyText(secret: [UInt8](repeating: 8, count: 32)).text,
      ]
      var messages: Set<String> = []
      for key in keys {
        let client = server.client()
        client.write(RawClient.hello(key))
        #expect(client.readPreamble())
        let goAway = client.frame()?.goAway
        #expect(goAway?.reason == .authFailed)
        messages.insert(goAway?.message ?? "")
      }
      #expect(messages.count == 1)
    }
  }

  @Test func `everything may come in one write or byte by byte`() async throws {
    try await TestServer.run { server in
      let bytes =
        RawClient.hello(server.operatorKey) + RawClient.request(.health, call: 1)
        + RawClient.request(.getRealm, call: 2)
      for slow in [false, true] {
        let client = server.client()
        slow ? client.writeByteByByte(bytes) : client.write(bytes)
        #expect(client.readPreamble())
        #expect(client.frame()?.header.kind == .welcome)
        let answers = [client.frame(), client.frame()].compactMap { $0?.header }
        #expect(Set(answers.map(\.call)) == [1, 2])
        #expect(answers.allSatisfy { $0.argument == 0 })
      }
    }
  }

  @Test func `every request is answered once, also beyond the limit`() async throws {
    try await TestServer.run({ $0.inFlightMax = 8 }) { server in
      let client = server.partner(server.register("Burst"))
      let body = Bodies.identifier([UInt8](repeating: 3, count: 16))
      client.write((1...200).flatMap { RawClient.request(.getDeal, call: $0, body) })
      var seen: [UInt32: String] = [:]
      for _ in 0..<200 {
        guard let frame = client.frame() else { break }
        #expect(seen[frame.header.call] == nil)
        seen[frame.header.call] = frame.error?.reason ?? "OK"
      }
      #expect(seen.count == 200)
      #expect(Set(seen.values) == ["DEAL_NOT_FOUND", "TOO_MANY_IN_FLIGHT"])
      #expect(client.isAlive())
    }
  }

  @Test func `REQUEST and CANCEL in one segment give one answer`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Cancel"))
      client.write(
        RawClient.request(.watch, call: 5, Bodies.watchNow) + RawClient.frame(7, call: 5)
          + RawClient.frame(7, call: 5))
      var frame = client.frame()
      while frame?.header.kind == .item { frame = client.frame() }
      #expect(frame?.header.kind == .response)
      #expect(frame?.header.argument == UInt32(StatusCode.cancelled.rawValue))
      #expect(client.isAlive())
    }
  }

  @Test func `a stream with a timeout ends with DEADLINE_EXCEEDED`() async throws {
    try await TestServer.run({ $0.stallTimeoutMilliseconds = 100 }) { server in
      let client = server.partner(server.register("Deadline"))
      client.write(RawClient.request(.watch, call: 5, Bodies.watchNow, argument: 60))
      var frame = client.frame()
      while frame?.header.kind == .item { frame = client.frame() }
      #expect(frame?.error?.reason == "DEADLINE")
    }
  }

  @Test func `a repeated request with a key is replayed and says so`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Replay"))
      var meta = Meta()
      meta.idempotencyKey = ArraySlice("key-of-one-request".utf8)
      let first = client.ask(.addLocation, call: 1, Bodies.addLocation("Here"), meta: meta)
      let again = client.ask(.addLocation, call: 2, Bodies.addLocation("Here"), meta: meta)
      let other = client.ask(.addLocation, call: 3, Bodies.addLocation("There"), meta: meta)
      #expect(first?.header.argument == 0)
      #expect(first?.header.flags == FrameFlags.meta.rawValue)
      #expect(again?.header.argument == 0)
      #expect(again?.header.flags == FrameFlags([.meta, .replayed]).rawValue)
      let bodies = [first, again].compactMap { frame in
        frame.flatMap { try? Meta.split($0.payload[...]).body }
      }
      #expect(bodies.count == 2 && bodies[0].elementsEqual(bodies[1]))
      let split = other.flatMap { try? Meta.split($0.payload[...]).body }
      let status = split.flatMap { try? ErrorStatus(decoding: $0) }
      #expect(status?.reason == "IDEMPOTENCY_KEY_REUSED")
    }
  }

  @Test func `an idempotency key of three bytes is refused`() async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      var meta = Meta()
      meta.idempotencyKey = [1, 2, 3]
      meta.requestID = "mine-1"
      let answer = client.ask(.addLocation, Bodies.addLocation("Here"), meta: meta)
      let body = answer.flatMap { try? Meta.split($0.payload[...]).body }
      let status = body.flatMap { try? ErrorStatus(decoding: $0) }
      #expect(status?.reason == "IDEMPOTENCY_KEY_LENGTH")
      #expect(status?.requestID == "mine-1")
    }
  }

  @Test func `an issued key opens a connection and revoking it ends that one`() async throws {
    try await TestServer.run { server in
      let admin = server.partner(server.register("Keys"))
      let users = admin.ask(.listUsers)?.payload ?? []
      let user = Bodies.bytes(1, in: users).flatMap { Bodies.bytes(1, in: $0) } ?? []
      let issued = admin.ask(.issueKey, call: 2, Bodies.issueKey(user: user))
      #expect(issued?.header.argument == 0)
      let text = Bodies.string(3, in: issued?.payload ?? []) ?? ""
      let second = server.client()
      #expect(second.introduce(text) != nil)
      #expect(second.isAlive())
      let id = Bodies.bytes(1, in: issued?.payload ?? []) ?? []
      #expect(admin.ask(.revokeKey, call: 3, Bodies.identifier(id))?.header.argument == 0)
      #expect(second.frame()?.goAway?.reason == .authFailed)
      #expect(server.client().introduce(text) == nil)
      #expect(admin.isAlive())
    }
  }

  @Test func `pages tell health and metrics`() async throws {
    try await TestServer.run { server in
      func page(_ request: String) -> String {
        let client = server.client()
        client.write(Array("\(request) HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        return String(decoding: client.rest(), as: UTF8.self)
      }
      #expect(page("GET /healthz").hasPrefix("HTTP/1.1 200 OK"))
      #expect(page("GET /metrics").contains("tandem_connections_open"))
      #expect(page("GET /nothing").hasPrefix("HTTP/1.1 404"))
      #expect(page("POST /healthz").hasPrefix("HTTP/1.1 405"))
      #expect(page("HEAD /healthz").hasSuffix("\r\n\r\n"))
    }
  }

  @Test func `a drain says DRAINING and ends streams first`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Drain"))
      client.write(RawClient.request(.watch, call: 5, Bodies.watchNow))
      #expect(client.frame()?.header.kind == .item)
      await server.server.drain(graceMilliseconds: 2_000)
      #expect(client.frame()?.goAway?.reason == .draining)
      #expect(client.frame()?.error?.reason == "DRAINING")
      #expect(client.rest() == [])
    }
  }

  @Test func `a client that leaves gets its answers first`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Leaving"))
      client.write(RawClient.request(.listLocations, call: 1) + RawClient.frame(10))
      #expect(client.frame()?.header.kind == .response)
      #expect(client.rest() == [])
    }
  }

  @Test func `a reader that takes nothing is not read and then sent away`() async throws {
    try await TestServer.run({
      $0.outputPauseBytes = 64 * 1024
      $0.outputResumeBytes = 16 * 1024
      $0.stallTimeoutMilliseconds = 150
    }) { server in
      let client = server.operatorClient()
      // Describe with descriptors is some tens of kilobytes, far more than the kernel keeps.
      let requests = (1...900).flatMap { RawClient.request(.describe, call: $0, [0x08, 0x01]) }
      client.write(requests)
      while server.metrics.lanes.allSatisfy({ $0.read(.goAwaysSent) == 0 }) { await Task.yield() }
      #expect(server.metrics.lanes.contains { $0.read(.readingPaused) > 0 })
      #expect(server.metrics.lanes.map { $0.read(.answersOK) }.reduce(0, +) < 900)
    }
  }
}
