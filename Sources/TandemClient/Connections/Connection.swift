// SPDX-License-Identifier: Apache-2.0
// One connection: its socket, its frames, its calls in flight. Confined to the core's loop.
// Must not decide about retries, and tells the core only from the loop, never while the core calls it.

import TandemPlatform
import TandemPrimitives
import TandemWire

final class Connection: ReadinessHandler {
  enum Phase { case connecting, preamble, frames, closed }

  static let frameBytesMax = 4 << 20
  static let streamWindow: Int64 = 256 << 10
  private static let handshakeMilliseconds: UInt64 = 5_000
  private static let userTimeoutMilliseconds: UInt32 = 40_000

  let number: Int
  let peer: String
  var table = RequestTable<UInt64>()
  /// No new calls: the server said farewell, or this side is about to.
  var isDraining = false
  private(set) var limits = LimitsAnnouncement()

  private let socket: StreamSocket
  private let loop: EventLoop
  private weak var core: ClientCore?
  private let hello: Hello
  private var registration: Registration?
  private var input: InputBuffer
  private var output: OutputBuffer
  private var decoder = FrameDecoder(role: .client, frameBytesMax: Connection.frameBytesMax)
  private var phase = Phase.connecting
  private var isIntroduced = false
  private var isFlushPosted = false
  private var timer: TimerID?
  private var hasHeard = false
  private var isPingOut = false

  init(
    number: Int, to address: SocketAddress, hello: Hello, on loop: EventLoop, core: ClientCore
  ) throws(Errno) {
    self.number = number
    peer = address.description
    self.loop = loop
    self.core = core
    self.hello = hello
    let pool = BufferPool(bufferBytes: Limits.readBufferBytes, freeMaximum: 2)
    input = InputBuffer(pool: pool)
    output = OutputBuffer(pool: pool)
    socket = try StreamSocket.connect(to: address)
    registration = try loop.register(socket.descriptor, self, interest: .writable)
    after(milliseconds: Self.handshakeMilliseconds) { $0.handshakeIsLate() }
  }

  var isOpen: Bool { isIntroduced && phase == .frames }

  /// Whether another call may be sent now.
  var hasRoom: Bool {
    let maximum = limits.inFlightMax == 0 ? 1_024 : Int(limits.inFlightMax)
    return isOpen && !isDraining && table.inFlight < maximum
  }

  /// Ends the connection without a word to the core.
  func close() {
    guard phase != .closed else { return }
    phase = .closed
    if let registration { loop.deregister(registration) }
    registration = nil
    if let timer { loop.cancel(timer) }
    timer = nil
    input.removeAll()
    output.removeAll()
  }

  /// Says farewell, sends what the kernel takes, ends.
  func closePolitely() {
    guard phase == .frames else { return close() }
    send(goAway: GoAway(.noError, ""))
    _ = output.flush(to: socket)
    close()
  }

  private func lose(_ loss: ConnectionLoss) {
    guard phase != .closed else { return }
    close()
    tell(.lost(loss))
  }

  private func lose(_ reason: String, _ message: String) {
    lose(ConnectionLoss(reason: reason, message: message))
  }

  private func tell(_ event: ConnectionEvent) {
    guard let core else { return close() }
    let number = number
    core.assumeIsolated { $0.connection(number, did: event) }
  }
}

// MARK: Sending

extension Connection {
  /// Sends a request and returns its id; the core has checked that there is room.
  func send(
    method: UInt16, body: [UInt8], meta: Meta?, timeoutMilliseconds: UInt32, slot: UInt64,
    isStream: Bool
  ) -> UInt32 {
    let window = isStream ? Self.streamWindow : nil
    let id = table.open(method: method, window: window, waiter: slot)
    var frame: [UInt8] = []
    FrameEncoder.append(
      .request, flags: meta == nil ? [] : .meta, method: method, call: id,
      argument: timeoutMilliseconds, to: &frame
    ) { output in
      if let meta {
        FrameEncoder.appendPayload(meta: meta, body: body[...], to: &output)
      } else {
        output += body
      }
    }
    append(frame)
    return id
  }

  /// Frees the caller of a call; its id stays taken until the answer.
  func cancel(_ id: UInt32) {
    if table.abandon(id) { sendEmpty(.cancel, call: id) }
  }

  /// Notes that the consumer of a stream took an item.
  func consumed(_ id: UInt32, bytes: Int) {
    guard let credit = table.consumed(id, bytes: bytes), credit > 0 else { return }
    sendEmpty(.credit, call: id, argument: credit)
  }

  private func sendEmpty(_ type: FrameType, call: UInt32 = 0, argument: UInt32 = 0) {
    var frame: [UInt8] = []
    FrameEncoder.append(type, call: call, argument: argument, to: &frame)
    append(frame)
  }

  private func send(goAway: GoAway) {
    var frame: [UInt8] = []
    let reason = UInt32(goAway.reason?.rawValue ?? 0)
    FrameEncoder.append(.goAway, argument: reason, to: &frame) { goAway.encode(into: &$0) }
    output.append(frame)
  }

  private func append(_ frame: [UInt8]) {
    guard phase != .closed else { return }
    output.append(frame)
    guard !isFlushPosted else { return }
    // One send for everything that is written in this turn.
    isFlushPosted = true
    let confined = LoopConfined(self, on: loop)
    loop.post {
      confined.value.isFlushPosted = false
      confined.value.flush()
    }
  }

  private func flush() {
    guard phase != .closed, phase != .connecting, let registration else { return }
    do {
      switch output.flush(to: socket) {
      case .empty: try loop.update(registration, interest: .readable)
      case .blocked: try loop.update(registration, interest: [.readable, .writable])
      case .failed(let error): lose("CONNECTION_LOST", "sending to \(peer) failed: \(error)")
      }
    } catch {
      lose("CONNECTION_LOST", "\(peer) cannot be polled: \(error)")
    }
  }
}

// MARK: Receiving

extension Connection {
  private struct Calls: FrameContext {
    let isIntroduced: Bool
    let table: RequestTable<UInt64>
    func isInFlight(_ call: UInt32) -> Bool { table.holds(call) }
  }

  func ready(_ events: ReadinessEvents) {
    if phase == .connecting { return connected() }
    if events.contains(.writable) { flush() }
    if phase != .closed, !events.isDisjoint(with: [.readable, .hungUp, .failed]) { read() }
  }

  private func connected() {
    if let error = socket.connectionError {
      return lose("NOT_CONNECTED", "cannot connect to \(peer): \(error)")
    }
    do {
      try socket.tune(userTimeoutMilliseconds: Self.userTimeoutMilliseconds)
    } catch {
      return lose("NOT_CONNECTED", "cannot set up the connection to \(peer): \(error)")
    }
    phase = .preamble
    var bytes = Preamble.bytes
    FrameEncoder.append(.hello, to: &bytes) { hello.encode(into: &$0) }
    output.append(bytes)
    flush()
  }

  private func read() {
    switch input.fill(from: socket) {
    case .bytes:
      hasHeard = true
      isPingOut = false
      understand()
    case .wouldBlock: break
    case .endOfStream: lose("CONNECTION_LOST", "\(peer) closed the connection")
    case .failed(let error): lose("CONNECTION_LOST", "reading from \(peer) failed: \(error)")
    }
  }

  private func understand() {
    if phase == .preamble, !readPreamble() { return }
    while phase == .frames {
      let calls = Calls(isIntroduced: isIntroduced, table: table)
      switch input.withUnread({ decoder.next($0, context: calls) }) {
      case .needMore(let count):
        let maximum = FrameHeader.byteCount + max(Self.frameBytesMax, Limits.welcomeBytes)
        _ = input.makeRoom(forFrameOf: count, maximum: maximum)
        return
      case .frame(let header, let payload):
        let bytes = input.copyUnread(payload)
        input.consume(payload.upperBound)
        take(header, bytes)
      case .oversized(_, let count), .skip(let count): input.consume(count)
      case .fatal(let fault): broken(fault.reason, fault.text)
      }
    }
  }

  private func readPreamble() -> Bool {
    switch input.withUnread({ Preamble.check($0) }) {
    case .needMore: return false
    case .matches:
      input.consume(Preamble.bytes.count)
      phase = .frames
      return true
    case .differs:
      let seen = input.copyUnread(0..<min(input.count, 32)).hexadecimal
      lose(
        ConnectionLoss(
          reason: "NOT_TDM1", message: "\(peer) does not speak TDM1; it sent \(seen)",
          isFinal: true))
      return false
    }
  }

  private func broken(_ reason: GoAwayReason, _ text: String) {
    send(goAway: GoAway(reason, text))
    _ = output.flush(to: socket)
    lose(
      ConnectionLoss(
        code: .internal, reason: "PROTOCOL_ERROR", message: "\(peer) broke the protocol: \(text)",
        isFinal: true))
  }

  private func take(_ header: FrameHeader, _ payload: [UInt8]) {
    do {
      switch header.kind {
      case .welcome: introduced(try Welcome(decoding: payload[...]))
      case .response: takeResponse(header, payload)
      case .item: takeItem(header, payload)
      case .ping:
        var frame: [UInt8] = []
        FrameEncoder.append(
          FrameHeader(.pong, length: payload.count, argument: header.argument),
          payload: payload[...], to: &frame)
        append(frame)
      case .pong: break
      case .goAway:
        isDraining = true
        tell(.goAway(try GoAway(decoding: payload[...]), reason: header.argument))
      case .hello, .request, .credit, .cancel, nil:
        broken(.protocolError, "frame type \(header.type)")
      }
    } catch {
      broken(.protocolError, error.text)
    }
  }

  private func takeResponse(_ header: FrameHeader, _ payload: [UInt8]) {
    switch table.answer(header.call, method: header.method) {
    case .deliver(let slot): tell(.response(slot: slot, header, payload: payload))
    case .zombie: tell(.released)
    case .unknown: broken(.protocolError, "RESPONSE of another method for call \(header.call)")
    }
  }

  private func takeItem(_ header: FrameHeader, _ payload: [UInt8]) {
    switch table.item(header.call, method: header.method, number: header.argument) {
    case .deliver(let slot): tell(.item(slot: slot, header, payload: payload))
    case .zombie: break
    case .broken(let text): broken(.protocolError, text)
    }
  }

  private func introduced(_ welcome: Welcome) {
    isIntroduced = true
    limits = welcome.limits
    if let timer { loop.cancel(timer) }
    keepAlive()
    tell(.introduced(welcome))
  }
}

// MARK: Time

extension Connection {
  private func after(milliseconds: UInt64, _ body: @escaping @Sendable (Connection) -> Void) {
    let confined = LoopConfined(self, on: loop)
    timer = loop.schedule(
      at: loop.turnTime.monotonic.advanced(byMilliseconds: milliseconds)
    ) { body(confined.value) }
  }

  private func handshakeIsLate() {
    lose("HANDSHAKE_TIMEOUT", "\(peer) did not answer within \(Self.handshakeMilliseconds) ms")
  }

  private func keepAlive() {
    let interval = limits.keepaliveMilliseconds == 0 ? 20_000 : limits.keepaliveMilliseconds
    after(milliseconds: UInt64(interval)) { $0.checkLife() }
  }

  /// A silent interval asks; a second one without any answer ends the connection.
  private func checkLife() {
    if !hasHeard, isPingOut {
      return lose("CONNECTION_LOST", "\(peer) stopped answering")
    }
    if !hasHeard {
      isPingOut = true
      sendEmpty(.ping)
    }
    hasHeard = false
    keepAlive()
  }
}
