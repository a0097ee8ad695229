// SPDX-License-Identifier: Apache-2.0
// Calls over real connections: handshake, retries, deadlines, cancellation, farewells.

import Synchronization
import TandemClient
import TandemPlatform
import TandemPrimitives
import TandemWire
import TestThreads
import Testing

/// `health` of a server that serves.
private let serving: [UInt8] = [0x08, 0x01]

private let overloaded = ErrorStatus(
  .unavailable, "OVERLOADED", "busy", retryable: true, notExecuted: true)

/// The error that a body throws.
private func failure(_ body: () async throws -> Void) async -> TandemError? {
  do {
    try await body()
    return nil
  } catch { return error as? TandemError }
}

@Suite(.on(.sockets)) struct CallTests {
  @Test func `a call is introduced, sent with its time and answered`() async throws {
    try await withFake(FakeServer { $0.answer($1, serving) }) { server in
      let client = try Client(server.url, key: "tdk_secret", application: "tests/1")
      #expect(try await client.health() == .serving)
      let hello = try Hello(decoding: try #require(await server.next(.hello)).body[...])
      #expect(hello.credential == .apiKey("tdk_secret"))
      #expect(hello.client.hasSuffix(" tests/1"))
      #expect(hello.features.contains { $0.hasPrefix("grease-") })
      let request = try #require(await server.next(.request))
      #expect(request.header.method == Method.health.rawValue)
      #expect((1...10_000).contains(request.header.argument))
      #expect(request.meta.idempotencyKey.isEmpty)
      await client.close()
      let farewell = try #require(await server.next(.goAway))
      #expect(farewell.header.argument == 0)
      #expect(await failure { _ = try await client.health() }?.reason == "CLIENT_CLOSED")
    }
  }

  @Test func `closing while a change is on the wire leaves its outcome open`() async throws {
    try await withFake(FakeServer { _, _ in }) { server in
      let client = try Client(server.url, key: "k")
      async let error = failure { _ = try await client.createDeal(NewDeal()) }
      _ = try #require(await server.next(.request))
      await client.close(drain: .zero)
      let told = try #require(await error)
      #expect(told.reason == "CLIENT_CLOSED")
      #expect(!told.notExecuted)
      #expect(told.outcomeIsUnknown)
    }
  }

  @Test func `answers that come byte by byte are understood`() async throws {
    let body = [UInt8](repeating: 7, count: 300)
    try await withFake(FakeServer(inFragments: true) { $0.answer($1, body) }) { server in
      try await withClient(server.url, key: "k") { client in
        let reply1 = try await client.raw(method: 900, body: [])
        #expect(reply1 == body)
        let reply2 = try await client.raw(method: 901, body: [1])
        #expect(reply2 == body)
      }
    }
  }

  @Test func `a change that was refused unexecuted is repeated with the same key`() async throws {
    let server = try FakeServer { peer, request in
      if peer.requests < 3 { return peer.fail(request, overloaded) }
      var writer = ProtoWriter()
      writer.unsigned(2, 5 as UInt64)
      peer.answer(request, writer.bytes, flags: .replayed)
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let change = try await client.createDeal(NewDeal())
        #expect(change.version == 5)
        #expect(change.isReplayed)
        var keys: [[UInt8]] = []
        for _ in 0..<3 {
          keys.append(Array(try #require(await server.next(.request)).meta.idempotencyKey))
        }
        #expect(keys[0].count == 16)
        #expect(keys[0][6] >> 4 == 7)
        #expect(keys == [keys[0], keys[0], keys[0]])
      }
    }
  }

  @Test func `a final refusal is told once, with everything the server said`() async throws {
    let server = try FakeServer { peer, request in
      var status = ErrorStatus(.notFound, "DEAL_NOT_FOUND", "no such deal", notExecuted: true)
      status.requestID = "r1"
      peer.fail(request, status)
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let id = try #require(ID(.deal, bytes: [UInt8](repeating: 1, count: 16)))
        let error = try #require(await failure { _ = try await client.getDeal(id) })
        #expect(error.code == .notFound)
        #expect(error.attempts == 1)
        let text = "Deals/GetDeal: NOT_FOUND DEAL_NOT_FOUND: no such deal (request r1, 1 attempt, "
        #expect(error.description.hasPrefix(text))
      }
    }
  }

  @Test func `a connection lost after writing repeats only what may be repeated`() async throws {
    let server = try FakeServer { peer, request in
      if peer.number == 1 || request.header.method == 900 { return peer.close() }
      peer.answer(request)
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let change = try await client.createDeal(NewDeal())
        #expect(change.version == 0)
        let error = try #require(await failure { _ = try await client.raw(method: 900, body: []) })
        #expect(error.code == .connection)
        #expect(error.attempts == 1)
        #expect(error.outcomeIsUnknown)
        let first = try #require(await server.next(.request))
        let second = try #require(await server.next(.request))
        #expect(first.connection == 1 && second.connection == 2)
        #expect(first.meta.idempotencyKey == second.meta.idempotencyKey)
      }
    }
  }

  @Test func `nobody listening is told after four attempts`() async throws {
    // The port was free a moment ago and nobody listens there.
    let port = try ListeningSocket(.loopback(port: 0), reusePort: false, backlog: 1).address.port
    let client = try Client("tdm://localhost:\(port)", key: "k")
    let error = try #require(await failure { _ = try await client.health() })
    #expect(error.code == .connection)
    #expect(error.notExecuted)
    #expect(error.attempts == 4)
  }

  @Test(arguments: [
    (GoAwayReason.authFailed, TandemError.Code.unauthenticated),
    (.version, .unimplemented), (.protocolError, .internal),
  ])
  func `a refused handshake is told at once`(
    _ reason: GoAwayReason, _ code: TandemError.Code
  ) async throws {
    let greeting = Greeting.refuse(reason, "the key is revoked")
    try await withFake(FakeServer(greeting) { $0.answer($1) }) { server in
      try await withClient(server.url, key: "k") { client in
        let error = try #require(await failure { _ = try await client.health() })
        #expect(error.code == code)
        #expect(error.notExecuted)
        #expect(error.attempts == 1)
        #expect(error.message.contains("the key is revoked"))
      }
    }
  }

  @Test func `a peer of another protocol is shown`() async throws {
    let greeting = Greeting.bytes(Array("HTTP/1.1 400 Bad Request\r\n".utf8))
    try await withFake(FakeServer(greeting) { $0.answer($1) }) { server in
      try await withClient(server.url, key: "k") { client in
        let error = try #require(await failure { _ = try await client.health() })
        #expect(error.reason == "NOT_TDM1")
        #expect(error.message.contains("485454502f312e31"))
      }
    }
  }

  @Test func `an answer to no call breaks the connection, and the next call heals it`() async throws
  {
    let server = try FakeServer { peer, request in
      if peer.number == 1 {
        peer.answer(
          Received(
            connection: 1,
            header: FrameHeader(
              .request, length: 0, method: 2, call: 77)))
      } else {
        peer.answer(request, serving)
      }
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let error = try #require(await failure { _ = try await client.health() })
        #expect(error.reason == "PROTOCOL_ERROR")
        #expect(try await client.health() == .serving)
        let seen = try #require(await server.next(.goAway))
        #expect(seen.header.argument == 2)
      }
    }
  }
}

@Suite(.on(.sockets)) struct EndingCallTests {
  @Test func `a cancelled call leaves a zombie whose late answer reaches nobody`() async throws {
    let held = Mutex<Received?>(nil)
    let server = try FakeServer { peer, request in
      if request.header.method == 900 { return held.withLock { $0 = request } }
      if let late = held.withLock({ $0.take() }) { peer.answer(late, [1]) }
      peer.answer(request, [2])
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let call = Task { try await client.raw(method: 900, body: []) }
        let request = try #require(await server.next(.request))
        call.cancel()
        let error = await failure { _ = try await call.value }
        #expect(error?.code == .cancelled)
        #expect(error?.notExecuted == false)
        let cancel = try #require(await server.next(.cancel))
        #expect(cancel.header.call == request.header.call)
        let reply3 = try await client.raw(method: 901, body: [])
        #expect(reply3 == [2])
        let seen2 = try #require(await server.next(.request))
        #expect(seen2.header.call != request.header.call)
      }
    }
  }

  @Test func `a task that was cancelled before its call sends nothing`() async throws {
    try await withFake(FakeServer { $0.answer($1) }) { server in
      try await withClient(server.url, key: "k") { client in
        let call = Task {
          while !Task.isCancelled { await Task.yield() }
          return try await client.raw(method: 900, body: [])
        }
        call.cancel()
        let error = await failure { _ = try await call.value }
        #expect(error?.code == .cancelled)
        #expect(error?.notExecuted == true)
        _ = try await client.raw(method: 901, body: [])
        let request = try #require(await server.next(.request))
        #expect(request.header.method == 901)
      }
    }
  }

  @Test func `a deadline ends the call here and cancels it there`() async throws {
    try await withFake(FakeServer { _, _ in }) { server in
      try await withClient(server.url, key: "k") { client in
        let options = CallOptions(deadline: .milliseconds(40))
        let error = try #require(
          await failure {
            _ = try await client.createDeal(
              NewDeal(),
              options: {
                var all = ChangeOptions()
                all.call = options
                return all
              }())
          })
        #expect(error.code == .timeout)
        #expect(error.outcomeIsUnknown)
        #expect(error.description.contains("repeat with idempotency_key="))
        let request = try #require(await server.next(.request))
        #expect((1...40).contains(request.header.argument))
        _ = try #require(await server.next(.cancel))
      }
    }
  }

  @Test func `calls wait for a free slot`() async throws {
    var limits = LimitsAnnouncement()
    limits.inFlightMax = 1
    let open = Mutex(0)
    let most = Mutex(0)
    let server = try FakeServer(limits: limits) { peer, request in
      let now = open.withLock { open in
        open += 1
        return open
      }
      most.withLock { $0 = max($0, now) }
      open.withLock { $0 -= 1 }
      peer.answer(request, request.body)
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        try await withThrowingTaskGroup(of: Bool.self) { group in
          for number in 0..<20 as Range<UInt8> {
            group.addTask { try await client.raw(method: 900, body: [number]) == [number] }
          }
          for try await isRight in group { #expect(isRight) }
        }
        #expect(most.withLock { $0 } == 1)
      }
    }
  }

  @Test func `a draining server answers what runs and gets nothing new`() async throws {
    let held = Mutex<(peer: LoopConfined<FakePeer>, request: Received)?>(nil)
    let server = try FakeServer { peer, request in
      switch request.header.method {
      case 900: held.withLock { $0 = (peer.confined, request) }
      case 901:
        peer.goAway(.draining, "deploy")
        peer.answer(request)
      default:
        peer.answer(request, [UInt8(peer.number)])
        if let first = held.withLock({ $0.take() }) { first.peer.value.answer(first.request, [9]) }
      }
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let first = Task { try await client.raw(method: 900, body: []) }
        _ = try #require(await server.next(.request))
        _ = try await client.raw(method: 901, body: [])
        let elsewhere = try await client.raw(method: 902, body: [])
        #expect(elsewhere == [2])
        let late = try await first.value
        #expect(late == [9])
        let farewell = try #require(await server.next(.goAway))
        #expect(farewell.connection == 1)
      }
    }
  }

  @Test func `a call in flight is answered after the farewell`() async throws {
    let server = try FakeServer { peer, request in
      peer.goAway(.draining, "deploy")
      peer.answer(request, [UInt8(peer.number)])
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let reply5 = try await client.raw(method: 900, body: [])
        #expect(reply5 == [1])
        let reply6 = try await client.raw(method: 900, body: [])
        #expect(reply6 == [2])
      }
    }
  }
}
