// SPDX-License-Identifier: Apache-2.0
// wire.md 2.12 over a real socket: what a server does with input that no client should send.

import RunningServer
import TandemPlatform
import TandemServer
import TandemWire
import Testing

/// One fault that ends the connection.
struct FatalInput: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]
  let reason: GoAwayReason
  var testDescription: String { name }

  init(_ name: String, _ bytes: [UInt8], _ reason: GoAwayReason = .protocolError) {
    self.name = name
    self.bytes = bytes
    self.reason = reason
  }

  static let afterWelcome: [FatalInput] = [
    FatalInput("length of 2^24", RawClient.frame(3, call: 1, length: 1 << 24), .frameTooLarge),
    FatalInput(
      "PING of 65 bytes", RawClient.frame(8, [UInt8](repeating: 0, count: 65)),
      .frameTooLarge),
    FatalInput("CANCEL with a payload", RawClient.frame(7, call: 1, [0]), .frameTooLarge),
    FatalInput("GOAWAY of 5000 bytes", RawClient.frame(10, length: 5_000), .frameTooLarge),
    FatalInput(
      "ignorable frame of 5000 bytes", RawClient.frame(0x90, length: 5_000),
      .frameTooLarge),
    FatalInput("unknown type", RawClient.frame(0x20)),
    FatalInput("reserved type", RawClient.frame(0x0B)),
    FatalInput("unknown flag", RawClient.frame(3, flags: 0x40, method: 2, call: 1)),
    FatalInput("META on PING", RawClient.frame(8, flags: 1)),
    FatalInput("PING on a call", RawClient.frame(8, call: 5)),
    FatalInput("REQUEST on call 0", RawClient.frame(3, method: 2)),
    FatalInput("HELLO twice", RawClient.frame(1)),
    FatalInput("RESPONSE from a client", RawClient.frame(4, method: 2, call: 1)),
    FatalInput("WELCOME from a client", RawClient.frame(2)),
    FatalInput("CREDIT of 0", RawClient.frame(6, call: 1)),
    FatalInput("CREDIT of 2^31", RawClient.frame(6, call: 1, argument: 1 << 31)),
    FatalInput(
      "meta_len beyond the payload",
      RawClient.frame(3, flags: 1, method: 2, call: 1, [9, 0, 0, 0])),
    FatalInput(
      "payload too short for meta_len",
      RawClient.frame(3, flags: 1, method: 2, call: 1, [0])),
    FatalInput(
      "Meta that is no protobuf",
      RawClient.frame(3, flags: 1, method: 2, call: 1, [2, 0, 0, 0, 0xFF, 0xFF])),
  ]

  static let beforeWelcome: [FatalInput] = [
    FatalInput("REQUEST before HELLO", RawClient.frame(3, method: 2, call: 1)),
    FatalInput("ignorable frame before HELLO", RawClient.frame(0x90)),
    FatalInput("HELLO of 17 KiB", RawClient.frame(1, length: 17 * 1024), .frameTooLarge),
    FatalInput("HELLO that is no protobuf", RawClient.frame(1, [0xFF])),
    FatalInput("HELLO without a credential", RawClient.frame(1), .authFailed),
  ]
}

struct MalformedInputTests {
  @Test(arguments: FatalInput.afterWelcome)
  func `a fault in framing ends the connection with a reason`(input: FatalInput) async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      client.write(input.bytes)
      let goAway = client.frame()?.goAway
      #expect(goAway?.reason == input.reason)
      #expect(goAway?.message.isEmpty == false)
      #expect(client.rest() == [])
    }
  }

  @Test(arguments: FatalInput.beforeWelcome)
  func `a fault before WELCOME ends the connection with a reason`(
    input: FatalInput
  ) async throws {
    try await TestServer.run { server in
      let client = server.client()
      client.write(Preamble.bytes + input.bytes)
      #expect(client.readPreamble())
      #expect(client.frame()?.goAway?.reason == input.reason)
      #expect(client.rest() == [])
    }
  }

  @Test(arguments: ["XYZ", "TDM2\r\n", "\u{16}\u{3}\u{1}", "PRI * HTTP/2.0\r\n\r\n"])
  func `a stranger reads one line of text`(greeting: String) async throws {
    try await TestServer.run { server in
      let client = server.client()
      client.write(Array(greeting.utf8))
      let text = String(decoding: client.rest(), as: UTF8.self)
      #expect(text.hasPrefix("tandemd speaks TDM1"))
      #expect(text.hasSuffix("\r\n"))
    }
  }

  @Test func `silence ends the handshake without a word`() async throws {
    try await TestServer.run({ $0.helloTimeoutMilliseconds = 50 }) { server in
      #expect(server.client().rest() == [])
    }
  }

  @Test func `a preamble without HELLO ends with IDLE`() async throws {
    // Long enough to send the preamble in, also on a machine with much else to do.
    try await TestServer.run({ $0.helloTimeoutMilliseconds = 500 }) { server in
      let client = server.client()
      client.write(Preamble.bytes)
      #expect(client.readPreamble())
      #expect(client.frame()?.goAway?.reason == .idle)
    }
  }

  @Test func `a frame that is not completed ends with IDLE`() async throws {
    try await TestServer.run({ $0.frameTimeoutMilliseconds = 60 }) { server in
      let client = server.operatorClient()
      client.write(Array(RawClient.request(.health, call: 1)[..<7]))
      #expect(client.frame()?.goAway?.reason == .idle)
    }
  }

  @Test func `an idle connection is told to go`() async throws {
    try await TestServer.run({ $0.idleTimeoutMilliseconds = 60 }) { server in
      let client = server.operatorClient()
      #expect(client.frame()?.goAway?.reason == .idle)
    }
  }

  @Test func `a connection is idle from its last answer on, not from its first call`() async throws
  {
    try await TestServer.run({ $0.idleTimeoutMilliseconds = 500 }) { server in
      let client = server.operatorClient()
      let end = SystemTime().monotonic.advanced(byMilliseconds: 1_500)
      var call: UInt32 = 1
      while SystemTime().monotonic < end {
        let answer = client.ask(.listRealms, call: call)
        guard answer?.header.call == call else {
          Issue.record("call \(call) was not answered: \(String(describing: answer))")
          return
        }
        call += 1
      }
      #expect(client.frame()?.goAway?.reason == .idle)
    }
  }

  @Test func `a request above the limit is answered and skipped`() async throws {
    try await TestServer.run({ $0.frameBytesMax = 100_000 }) { server in
      let client = server.operatorClient()
      let body = [UInt8](repeating: 0xAA, count: 300_000)
      client.write(RawClient.request(.getDeal, call: 7, body))
      let answer = client.frame()
      #expect(answer?.header.call == 7)
      #expect(answer?.error?.status == .resourceExhausted)
      #expect(answer?.error?.reason == "MESSAGE_TOO_LARGE")
      #expect(answer?.error?.message.contains("300000") == true)
      #expect(answer?.error?.message.contains("100000") == true)
      #expect(answer?.error?.notExecuted == true)
      #expect(client.isAlive())
    }
  }

  @Test func `what may be ignored is ignored`() async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      client.write(RawClient.frame(0x80, flags: 0xFF, call: 3, [1, 2, 3]))
      client.write(RawClient.frame(7, call: 12))
      client.write(RawClient.frame(6, call: 12, argument: 100))
      client.write(RawClient.frame(9, argument: 5))
      #expect(client.isAlive())
    }
  }

  @Test func `a ping is echoed`() async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      client.write(RawClient.frame(8, argument: 0xDEAD_BEEF, [1, 2, 3]))
      let pong = client.frame()
      #expect(pong?.header.kind == .pong)
      #expect(pong?.header.argument == 0xDEAD_BEEF)
      #expect(pong?.payload == [1, 2, 3])
    }
  }

  @Test func `a flood of pings ends with CALM`() async throws {
    try await TestServer.run({ $0.pingsEndured = 100 }) { server in
      let client = server.operatorClient()
      for _ in 0..<300 { client.write(RawClient.frame(8)) }
      var last = client.frame()
      while let frame = last, frame.header.kind == .pong { last = client.frame() }
      #expect(last?.goAway?.reason == .calm)
    }
  }

  @Test(
    arguments: [
      ([0x0A, 0x10, 1], "MALFORMED_BODY"), ([0x7A, 0x00], "UNKNOWN_FIELD"),
      ([0x0B], "MALFORMED_BODY"),
    ] as [([UInt8], String)])
  func `a bad body is answered and the connection kept`(
    body: [UInt8], reason: String
  ) async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      let answer = client.ask(.getDeal, call: 3, body)
      #expect(answer?.error?.status == .invalidArgument)
      #expect(answer?.error?.reason == reason)
      #expect(answer?.error?.requestID.isEmpty == false)
      #expect(client.isAlive())
    }
  }

  @Test func `an unknown method is answered and the connection kept`() async throws {
    try await TestServer.run { server in
      let client = server.operatorClient()
      client.write(RawClient.frame(3, method: 4_711, call: 1))
      #expect(client.frame()?.error?.reason == "UNKNOWN_METHOD")
      #expect(client.isAlive())
    }
  }

  @Test func `a call id in flight must not be used again`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Reuse"))
      client.write(RawClient.request(.watch, call: 4, Bodies.watchNow))
      #expect(client.frame()?.header.kind == .item)
      client.write(RawClient.request(.health, call: 4))
      #expect(client.frame()?.goAway?.reason == .protocolError)
    }
  }

  @Test func `credit that passes 2^31 ends the connection`() async throws {
    try await TestServer.run { server in
      let client = server.partner(server.register("Credit"))
      client.write(RawClient.request(.watch, call: 4, Bodies.watchNow))
      #expect(client.frame()?.header.kind == .item)
      client.write(RawClient.frame(6, call: 4, argument: UInt32(Int32.max)))
      #expect(client.frame()?.goAway?.reason == .protocolError)
    }
  }
}
