// SPDX-License-Identifier: Apache-2.0
// A server in the test's process that speaks the real bytes and does what a test tells it.

import Synchronization
import TandemPlatform
import TandemPrimitives
import TandemWire

/// A frame that the server got.
struct Received: Sendable {
  let connection: Int
  let header: FrameHeader
  var meta = Meta()
  var body: [UInt8] = []

  var kind: FrameType? { header.kind }
}

/// How the server takes new connections.
enum Greeting: Sendable {
  case welcome
  case refuse(GoAwayReason, String)
  case bytes([UInt8])
}

/// Listens on a free port of this machine until it is stopped.
final class FakeServer: Sendable {
  typealias Behaviour = @Sendable (FakePeer, Received) -> Void

  let loop: EventLoop
  let url: String
  let frames: AsyncStream<Received>
  private let acceptor: LoopConfined<Acceptor>

  init(
    _ greeting: Greeting = .welcome, limits: LimitsAnnouncement = LimitsAnnouncement(),
    inFragments: Bool = false, _ behaviour: @escaping Behaviour
  ) throws {
    let loop = try EventLoop(name: "fake-server", core: nil)
    let listener = try ListeningSocket(.loopback(port: 0), reusePort: false, backlog: 64)
    url = "tdm://127.0.0.1:\(listener.address.port)"
    let (frames, sink) = AsyncStream.makeStream(of: Received.self)
    self.frames = frames
    let count = Mutex(0)
    // The loop has not started, so nobody else holds what is made here.
    acceptor = LoopConfined(
      moving: Acceptor(listener, on: loop) { socket in
        let number = count.withLock { count in
          count += 1
          return count
        }
        let peer = FakePeer(
          number, socket, loop, greeting, limits, inFragments: inFragments, sink, behaviour)
        peer.start()
      }, to: loop)
    self.loop = loop
    try loop.start()
    let acceptor = acceptor
    loop.post { try? acceptor.value.start() }
  }

  func stop() {
    let acceptor = acceptor
    loop.post { acceptor.value.stop() }
    loop.stop()
  }

  /// The next frame of a type.
  func next(_ type: FrameType) async -> Received? {
    for await frame in frames where frame.kind == type { return frame }
    return nil
  }
}

/// One connection as the server sees it.
///
/// Confined to the server's loop.
final class FakePeer: ReadinessHandler, FrameContext {
  let number: Int
  private var socket: StreamSocket?
  private let loop: EventLoop
  private let greeting: Greeting
  private let limits: LimitsAnnouncement
  private let inFragments: Bool
  private let sink: AsyncStream<Received>.Continuation
  private let behaviour: FakeServer.Behaviour
  private var registration: Registration?
  private var input: InputBuffer
  private var unsent: [UInt8] = []
  private var decoder = FrameDecoder(role: .server, frameBytesMax: 4 << 20)
  private var hasPreamble = false
  private(set) var isIntroduced = false
  /// Requests that this connection got.
  private(set) var requests = 0

  init(
    _ number: Int, _ socket: StreamSocket, _ loop: EventLoop, _ greeting: Greeting,
    _ limits: LimitsAnnouncement, inFragments: Bool, _ sink: AsyncStream<Received>.Continuation,
    _ behaviour: @escaping FakeServer.Behaviour
  ) {
    self.number = number
    self.socket = socket
    self.loop = loop
    self.greeting = greeting
    self.limits = limits
    self.inFragments = inFragments
    self.sink = sink
    self.behaviour = behaviour
    input = InputBuffer(pool: BufferPool(bufferBytes: 1 << 16, freeMaximum: 1))
  }

  func start() {
    guard let socket else { return }
    registration = try? loop.register(socket.descriptor, self, interest: .readable)
  }

  func isInFlight(_: UInt32) -> Bool { false }

  func ready(_ events: ReadinessEvents) {
    if events.contains(.writable), !inFragments { write(unsent.count) }
    guard let socket else { return }
    switch input.fill(from: socket) {
    case .bytes: understand()
    case .wouldBlock: break
    case .endOfStream, .failed: close()
    }
  }

  private func understand() {
    if !hasPreamble {
      guard input.count >= Preamble.bytes.count else { return }
      input.consume(Preamble.bytes.count)
      hasPreamble = true
    }
    while socket != nil {
      switch input.withUnread({ decoder.next($0, context: self) }) {
      case .needMore(let count):
        _ = input.makeRoom(forFrameOf: count, maximum: 5 << 20)
        return
      case .frame(let header, let range):
        let payload = input.copyUnread(range)
        input.consume(range.upperBound)
        take(header, payload)
      case .oversized(_, let count), .skip(let count): input.consume(count)
      case .fatal: return close()
      }
    }
  }

  private func take(_ header: FrameHeader, _ payload: [UInt8]) {
    var received = Received(connection: number, header: header, body: payload)
    if header.hasMeta, let split = try? Meta.split(payload[...]) {
      received.meta = split.meta
      received.body = Array(split.body)
    }
    if header.kind == .hello { greet() }
    if header.kind == .request { requests += 1 }
    sink.yield(received)
    if header.kind == .request { behaviour(self, received) }
  }

  private func greet() {
    isIntroduced = true
    switch greeting {
    case .welcome:
      var welcome = Welcome()
      welcome.limits = limits
      send(Preamble.bytes)
      frame(.welcome) { welcome.encode(into: &$0) }
    case .refuse(let reason, let text):
      send(Preamble.bytes)
      goAway(reason, text)
      close()
    case .bytes(let bytes): send(bytes)
    }
  }
}

// MARK: What a behaviour may do

extension FakePeer {
  /// For a behaviour that answers later.
  var confined: LoopConfined<FakePeer> { LoopConfined(self, on: loop) }

  func answer(_ to: Received, _ body: [UInt8] = [], flags: FrameFlags = []) {
    frame(.response, to, flags: flags) { $0 += body }
  }

  func fail(_ to: Received, _ status: ErrorStatus) {
    frame(.response, to, argument: UInt32(status.status.rawValue)) { status.encode(into: &$0) }
  }

  func item(_ to: Received, _ number: UInt32, _ write: (inout ProtoWriter) -> Void) {
    var writer = ProtoWriter()
    write(&writer)
    frame(.item, to, argument: number) { $0 += writer.bytes }
  }

  func goAway(_ reason: GoAwayReason, _ text: String) {
    frame(.goAway, argument: UInt32(reason.rawValue)) { GoAway(reason, text).encode(into: &$0) }
  }

  func close() {
    if let registration { loop.deregister(registration) }
    registration = nil
    socket = nil
  }

  func send(_ bytes: [UInt8]) {
    let wasEmpty = unsent.isEmpty
    unsent += bytes
    if !inFragments { write(unsent.count) } else if wasEmpty { writeFragments() }
  }

  private func frame(
    _ type: FrameType, _ to: Received? = nil, flags: FrameFlags = [], argument: UInt32 = 0,
    _ write: (inout [UInt8]) -> Void
  ) {
    var bytes: [UInt8] = []
    FrameEncoder.append(
      type, flags: flags, method: to?.header.method ?? 0, call: to?.header.call ?? 0,
      argument: argument, to: &bytes, payload: write)
    send(bytes)
  }

  /// One byte per turn of the loop.
  private func writeFragments() {
    guard !unsent.isEmpty, socket != nil else { return }
    write(1)
    let confined = LoopConfined(self, on: loop)
    loop.post { confined.value.writeFragments() }
  }

  private func write(_ count: Int) {
    guard let socket, count > 0 else { return }
    let outcome = unsent.prefix(count).withUnsafeBytes { socket.write($0) }
    if case .bytes(let sent) = outcome { unsent.removeFirst(sent) }
    guard let registration, !inFragments else { return }
    try? loop.update(registration, interest: unsent.isEmpty ? .readable : [.readable, .writable])
  }
}

/// Runs a body with a server and a client of it, and ends both.
func withFake(_ server: FakeServer, _ body: (FakeServer) async throws -> Void) async throws {
  defer { server.stop() }
  try await body(server)
}
