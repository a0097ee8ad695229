// SPDX-License-Identifier: Apache-2.0
// The vectors and the table of wire.md 2.12.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct Connection: FrameContext {
  var isIntroduced = true
  var running: Set<UInt32> = []
  func isInFlight(_ call: UInt32) -> Bool { running.contains(call) }
}

func judge(
  _ bytes: [UInt8], _ connection: Connection = Connection(), role: FrameDecoder.Role = .server,
  limit: Int = 4096
) -> FrameVerdict {
  var decoder = FrameDecoder(role: role, frameBytesMax: limit)
  return decoder.next(bytes.span.bytes, context: connection)
}

func frame(
  _ type: UInt8, flags: UInt8 = 0, method: UInt16 = 0, call: UInt32 = 0, argument: UInt32 = 0,
  payload: [UInt8] = []
) -> [UInt8] {
  var bytes: [UInt8] = []
  FrameHeader(
    length: UInt32(payload.count), type: type, flags: flags, method: method, call: call,
    argument: argument
  ).append(to: &bytes)
  return bytes + payload
}

struct FrameTests {
  @Test func `the preamble is noticed byte by byte`() {
    for count in 0..<8 {
      #expect(Preamble.check(Array(Preamble.bytes[..<count]).span.bytes) == .needMore)
      var wrong = Array(Preamble.bytes[...count])
      wrong[count] ^= 1
      #expect(Preamble.check(wrong.span.bytes) == .differs)
    }
    #expect(Preamble.check(hex("54 44 4d 31 0d 0a 1a 0a 01").span.bytes) == .matches)
  }

  @Test func `the vectors of the specification are what we write`() throws {
    var hello = Hello()
    hello.client = "demo/1"
    hello.tenant = "acme"
    hello.credential = .apiKey("k1")
    hello.frameBytesMax = 4 << 20
    hello.streamWindow = 256 << 10
    var out: [UInt8] = []
    FrameEncoder.append(.hello, to: &out) { hello.encode(into: &$0) }
    let vector = hex(
      "1b000000 01 00 0000 00000000 00000000 12 06 64656d6f2f31 1a 04 61636d65 22 02 6b31 40 80808002 48 808010"
    )
    #expect(out == vector)
    #expect(try Hello(decoding: out[16...]) == hello)

    var error = ErrorStatus(
      .resourceExhausted, "RATE_LIMITED", "slow down", retryable: true, notExecuted: true,
      retryAfterMilliseconds: 250)
    out = []
    FrameEncoder.append(.response, method: 16, call: 2, argument: 8, to: &out) {
      error.encode(into: &$0)
    }
    #expect(
      out
        == hex(
          "23000000 04 00 1000 02000000 08000000 08 08 12 09 736c6f7720646f776e 52 0c 524154455f4c494d49544544 70 fa01 78 01 8001 01"
        ))
    error = try ErrorStatus(decoding: out[16...])
    #expect(
      error.reason == "RATE_LIMITED" && error.retryAfterMilliseconds == 250 && error.notExecuted)

    out = []
    FrameEncoder.append(.credit, call: 3, argument: 65536, to: &out)
    #expect(out == hex("00000000 06 00 0000 03000000 00000100"))
    out = []
    FrameEncoder.append(.cancel, call: 3, to: &out)
    #expect(out == hex("00000000 07 00 0000 03000000 00000000"))
    out = []
    FrameEncoder.append(.ping, call: 0, argument: 0xDEAD_BEEF, to: &out)
    #expect(out == hex("00000000 08 00 0000 00000000 efbeadde"))
    out = []
    var farewell = GoAway(.draining, "deploy")
    farewell.retryAfterMilliseconds = 50
    FrameEncoder.append(.goAway, argument: 1, to: &out) { farewell.encode(into: &$0) }
    #expect(out == hex("0c000000 0a 00 0000 00000000 01000000 08 01 12 06 6465706c6f79 18 32"))
    #expect(try GoAway(decoding: out[16...]) == farewell)
  }

  @Test func `a request with a key splits into meta and body`() throws {
    var meta = Meta()
    meta.idempotencyKey = ArraySlice(0..<16)
    var payload: [UInt8] = []
    FrameEncoder.appendPayload(meta: meta, body: [0x0A, 1, 0x61, 0x12, 1, 0x31], to: &payload)
    let bytes = frame(3, flags: 1, method: 16, call: 2, argument: 1000, payload: payload)
    #expect(bytes[..<22] == hex("1c000000 03 01 1000 02000000 e8030000 12000000 0a 10")[...])
    guard case .frame(let header, let range) = judge(bytes) else {
      Issue.record("no frame")
      return
    }
    #expect(header.hasMeta && header.method == 16 && header.argument == 1000)
    let parts = try Meta.split(bytes[range])
    #expect(parts.meta == meta)
    #expect(parts.body == [0x0A, 1, 0x61, 0x12, 1, 0x31])
  }

  @Test func `a server finds in place what it takes from the meta of a request`() throws {
    var meta = Meta()
    meta.idempotencyKey = ArraySlice(0..<16)
    meta.traceparent = "00-1"
    meta.tenant = "org_x"
    meta.initialCredit = 70_000
    meta.priority = 3
    meta.requestID = "mine"
    meta.minSequence = 1 << 40
    meta.headers = [Header(name: "a", value: [1])]
    let body: [UInt8] = [0x0A, 1, 0x61]
    var payload: [UInt8] = []
    FrameEncoder.appendPayload(meta: meta, body: body[...], to: &payload)
    let read = try RequestMeta(splitting: payload)
    #expect(payload[read.idempotencyKey] == meta.idempotencyKey)
    #expect(payload[read.tenant] == ArraySlice("org_x".utf8))
    #expect(payload[read.requestID] == ArraySlice("mine".utf8))
    #expect(read.initialCredit == 70_000 && read.priority == 3 && read.minSequence == 1 << 40)
    #expect(payload[read.body] == body[...])
    #expect(RequestMeta(bodyOnly: body).body == 0..<3)
    #expect(RequestMeta(bodyOnly: body).idempotencyKey.isEmpty)
  }

  /// What the short way reads in a payload, and what `RequestMeta` does; nil where one refuses.
  private func readings(_ payload: [UInt8]) -> (plain: PlainMeta?, full: RequestMeta?) {
    let header = FrameHeader(
      length: UInt32(payload.count), type: 3, flags: 1, method: 17, call: 1, argument: 0)
    let plain = PlainMeta(of: header, in: payload.span.bytes, at: 0)
    return (plain, try? RequestMeta(splitting: payload))
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `meta that is read the short way says what the long way says`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var plainCount = 0
    for _ in 0..<4_000 {
      var meta = Meta()
      if random.next() % 4 > 0 {
        meta.idempotencyKey = ArraySlice(
          (0..<random.next() % 130).map { _ in UInt8(truncatingIfNeeded: random.next()) })
      }
      if random.next() % 2 > 0 { meta.minSequence = random.next() >> (random.next() % 64) }
      if random.next() % 8 == 0 { meta.tenant = "org_x" }
      if random.next() % 8 == 0 { meta.initialCredit = 9 }
      var payload: [UInt8] = []
      FrameEncoder.appendPayload(meta: meta, body: [1, 2, 3], to: &payload)
      if random.next() % 3 == 0 {
        let place = Int(random.next() % UInt64(payload.count))
        payload[place] = UInt8(truncatingIfNeeded: random.next() >> 8) >> (random.next() % 8)
      }
      let (plain, full) = readings(payload)
      guard let plain else { continue }
      plainCount += 1
      #expect(
        full != nil && Array(payload[plain.key]) == Array(payload[full?.idempotencyKey ?? 0..<0]))
      #expect(plain.minSequence == full?.minSequence && plain.bodyStart == full?.body.lowerBound)
      #expect(full?.tenant.isEmpty == true && full?.requestID.isEmpty == true)
      #expect(full?.initialCredit == 0 && full?.priority == 0)
    }
    #expect(plainCount > 500)
  }

  @Test func `a server refuses the same metas as everybody`() {
    let payloads: [[UInt8]] = [
      hex("0000"), hex("05000000 0a 10"), hex("02000000 0a 10 00"), hex("04000000 22 02 ff fe"),
      hex("03000000 7a 01 00"),
    ]
    for payload in payloads {
      #expect(throws: WireError.self) { try Meta.split(payload[...]) }
      #expect(throws: WireError.self) { try RequestMeta(splitting: payload) }
    }
  }

  @Test(arguments: [0, 1, 0x7F, 0x80, 0x3FFF, 1 << 35, UInt64.max])
  func `the meta of an answer is what the encoder writes`(sequence: UInt64) {
    var meta = Meta()
    meta.commitSequence = sequence
    var expected: [UInt8] = []
    FrameEncoder.appendPayload(meta: meta, body: [], to: &expected)
    let short = AnswerMeta(commitSequence: sequence)
    let bytes = (0..<16).map { UInt8(truncatingIfNeeded: short.bytes >> UInt128(8 * $0)) }
    #expect(Array(bytes[..<short.count]) == expected)
  }

  static let fatal: [(String, [UInt8], Connection, GoAwayReason)] = [
    ("length 2^24", hex("00000001 03 00 1000 01000000 00000000"), Connection(), .frameTooLarge),
    ("letters", Array("GET / HTTP/1.1\r\n".utf8), Connection(), .frameTooLarge),
    ("unknown critical type", frame(0x0B), Connection(), .protocolError),
    ("unknown type zero", frame(0), Connection(), .protocolError),
    ("unknown flag", frame(3, flags: 2, call: 1), Connection(), .protocolError),
    ("replayed flag on a request", frame(3, flags: 8, call: 1), Connection(), .protocolError),
    ("flag on a ping", frame(8, flags: 1), Connection(), .protocolError),
    ("request on call 0", frame(3, method: 16), Connection(), .protocolError),
    ("ping on a call", frame(8, call: 1), Connection(), .protocolError),
    ("ping with a method", frame(8, method: 1), Connection(), .protocolError),
    ("request before hello", frame(3, call: 1), Connection(isIntroduced: false), .protocolError),
    ("ping before hello", frame(8), Connection(isIntroduced: false), .protocolError),
    ("hello twice", frame(1), Connection(), .protocolError),
    ("call in flight", frame(3, call: 7), Connection(running: [7]), .protocolError),
    (
      "oversized request on a call in flight",
      frame(3, call: 7, payload: [UInt8](repeating: 0, count: 5000)), Connection(running: [7]),
      .protocolError
    ),
    (
      "meta without a length", frame(3, flags: 1, call: 1, payload: [1, 0, 0]), Connection(),
      .protocolError
    ),
    (
      "meta_len too long", frame(3, flags: 1, call: 1, payload: [1, 0, 0, 0]), Connection(),
      .protocolError
    ),
    (
      "meta_len huge", frame(3, flags: 1, call: 1, payload: [255, 255, 255, 255, 0]), Connection(),
      .protocolError
    ),
    ("credit 0", frame(6, call: 1), Connection(), .protocolError),
    ("credit 2^31", frame(6, call: 1, argument: 1 << 31), Connection(), .protocolError),
    (
      "credit with a body", frame(6, call: 1, argument: 1, payload: [0]), Connection(),
      .frameTooLarge
    ),
    (
      "long ping", frame(8, payload: [UInt8](repeating: 0, count: 65)), Connection(), .frameTooLarge
    ),
    (
      "long goaway", frame(10, payload: [UInt8](repeating: 0, count: 4097)), Connection(),
      .frameTooLarge
    ),
    (
      "long hello", frame(1, payload: [UInt8](repeating: 0, count: 16385)),
      Connection(isIntroduced: false), .frameTooLarge
    ),
    ("response from a client", frame(4, call: 1), Connection(), .protocolError),
    ("item from a client", frame(5, call: 1), Connection(), .protocolError),
    ("welcome from a client", frame(2), Connection(isIntroduced: false), .protocolError),
    (
      "long ignorable", frame(0x80, payload: [UInt8](repeating: 0, count: 4097)), Connection(),
      .frameTooLarge
    ),
  ]

  @Test(arguments: fatal.indices)
  func `faults of framing end the connection`(index: Int) {
    let (name, bytes, connection, reason) = Self.fatal[index]
    guard case .fatal(let fault) = judge(bytes, connection) else {
      Issue.record("\(name): \(judge(bytes, connection))")
      return
    }
    #expect(fault.reason == reason, "\(name): \(fault.text)")
  }

  @Test func `ignorable frames are skipped and late cancels pass`() {
    #expect(judge(frame(0x80, call: 9, payload: [1, 2, 3])) == .skip(19))
    for bytes in [frame(7, call: 99), frame(6, call: 99, argument: 5)] {
      guard case .frame = judge(bytes) else {
        Issue.record("refused")
        return
      }
    }
  }

  @Test func `an ignorable frame before hello is refused`() {
    guard case .fatal(let fault) = judge(frame(0x80), Connection(isIntroduced: false)) else {
      Issue.record("an ignorable frame came before HELLO")
      return
    }
    #expect(fault.reason == .protocolError)
  }

  @Test func `an oversized request is skipped exactly, however it arrives`() {
    let large = frame(3, method: 16, call: 5, payload: [UInt8](repeating: 0xFF, count: 5000))
    let bytes = large + frame(8, argument: 77)
    for step in [1, 7, 16, 17, 1000, bytes.count] {
      let seen = feed(bytes, step: step, limit: 4096)
      #expect(seen.count == 2, "step \(step)")
      #expect(seen.first == "oversized 5")
      #expect(seen.last == "frame 8 77")
    }
  }

  @Test func `feeding single bytes gives what feeding everything gives`() {
    var random = SeededRandom(seed: 4)
    for _ in 0..<200 {
      var bytes: [UInt8] = []
      for _ in 0..<8 {
        let payload = [UInt8](
          repeating: UInt8(random.next() & 0xFF), count: Int(random.next() % 60))
        switch random.next() % 4 {
        case 0: bytes += frame(3, method: 16, call: UInt32(random.next() % 9 + 1), payload: payload)
        case 1: bytes += frame(0x90, payload: payload)
        case 2: bytes += frame(8, argument: UInt32(random.next() % 100))
        default: bytes += frame(UInt8(random.next() % 12), call: UInt32(random.next() % 3))
        }
      }
      #expect(feed(bytes, step: 1, limit: 40) == feed(bytes, step: bytes.count, limit: 40))
    }
  }

  @Test func `a client judges what a server sends`() {
    let running = Connection(running: [1])
    guard case .frame = judge(frame(4, flags: 8, method: 16, call: 1), running, role: .client)
    else {
      Issue.record("a response was refused")
      return
    }
    for bytes in [frame(4, call: 2), frame(5, call: 2), frame(3, call: 3), frame(2)] {
      guard case .fatal(let fault) = judge(bytes, running, role: .client) else {
        Issue.record("\(bytes) was accepted")
        return
      }
      #expect(fault.reason == .protocolError)
    }
    guard case .frame = judge(frame(10), Connection(isIntroduced: false), role: .client) else {
      Issue.record("a refusal must be readable before WELCOME")
      return
    }
  }

  private func feed(_ bytes: [UInt8], step: Int, limit: Int) -> [String] {
    var decoder = FrameDecoder(role: .server, frameBytesMax: limit)
    var buffer: [UInt8] = []
    var seen: [String] = []
    var sent = 0
    while sent < bytes.count {
      buffer += bytes[sent..<min(sent + step, bytes.count)]
      sent = min(sent + step, bytes.count)
      reading: while true {
        let verdict = decoder.next(buffer.span.bytes, context: Connection())
        switch verdict {
        case .needMore(let count):
          #expect(count > buffer.count)
          break reading
        case .frame(let header, let payload):
          seen.append("frame \(header.type) \(header.argument)")
          buffer.removeFirst(payload.upperBound)
        case .oversized(let header, let consume):
          seen.append("oversized \(header.call)")
          buffer.removeFirst(consume)
        case .skip(let count): buffer.removeFirst(count)
        case .fatal(let fault): return seen + ["fatal \(fault.text)"]
        }
        if buffer.isEmpty { break reading }
      }
    }
    return seen
  }
}
