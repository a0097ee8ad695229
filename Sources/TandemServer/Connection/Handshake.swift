// SPDX-License-Identifier: Apache-2.0
// The first bytes of a connection, on the accepting loop: who speaks, the preamble, HELLO. Then the
// socket goes to the loop of its organisation and this object is gone. Must not check credentials.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// A socket on its way to the loop of its organisation.
struct Arrival: Sendable {
  let socket: StreamSocket
  let hello: Hello
  let target: Authenticator.Target
  /// What the client has sent after HELLO.
  let rest: [UInt8]
}

final class Handshake: ReadinessHandler {
  private struct Stranger: FrameContext {
    var isIntroduced: Bool { false }
    func isInFlight(_ call: UInt32) -> Bool { false }
  }

  private let reception: Reception
  private var lane: Lane { reception.lane }
  private var socket: StreamSocket?
  private var input: InputBuffer
  private var decoder = FrameDecoder(
    role: .server, frameBytesMax: Limits.beforeWelcomeFrameBytes)
  private var registration: Registration?
  private var timer: TimerID?
  private var isPreambleRead = false

  init(_ socket: StreamSocket, at reception: Reception) {
    self.socket = socket
    self.reception = reception
    input = InputBuffer(pool: reception.lane.pool)
  }

  func start() {
    guard let socket else { return }
    do {
      try socket.tune(
        userTimeoutMilliseconds: 2 * lane.settings.limits.keepaliveMilliseconds)
      registration = try lane.loop.register(socket.descriptor, self, interest: .readable)
    } catch {
      return end()
    }
    let confined = LoopConfined(self, on: lane.loop)
    let span = UInt64(lane.settings.limits.helloTimeoutMilliseconds)
    timer = lane.loop.schedule(at: lane.now.advanced(byMilliseconds: span)) {
      confined.value.expire()
    }
  }

  func ready(_: ReadinessEvents) {
    guard let socket else { return }
    switch input.fill(from: socket) {
    case .bytes(let count):
      lane.metrics.add(.bytesRead, count)
      isPreambleRead ? readHello() : readFirstBytes()
    case .wouldBlock: break
    case .endOfStream, .failed: end()
    }
  }

  private func expire() {
    guard isPreambleRead else { return end() }
    let limit = lane.settings.limits.helloTimeoutMilliseconds
    refuse(.idle, "no HELLO within \(limit) ms")
  }

  // MARK: Who speaks

  private func readFirstBytes() {
    let start = input.copyUnread(0..<min(input.count, 4))
    guard let first = start.first else { return }
    switch first {
    case UInt8(ascii: "T"): readPreamble()
    case UInt8(ascii: "G"), UInt8(ascii: "H"), UInt8(ascii: "D"), UInt8(ascii: "O"): readHttp()
    case UInt8(ascii: "P"):
      // POST and PUT share their first letter with HTTP/2's preface, which is not served.
      if start.count == 4 { start == Array("PRI ".utf8) ? sendAway() : readHttp() }
    default: sendAway()
    }
  }

  private func readPreamble() {
    switch input.withUnread({ Preamble.check($0) }) {
    case .needMore: return
    case .differs: sendAway()
    case .matches:
      input.consume(Preamble.bytes.count)
      isPreambleRead = true
      readHello()
    }
  }

  private func readHttp() {
    let taken = min(input.count, HttpRequestHead.bytesMax)
    switch HttpRequestHead.read(input.copyUnread(0..<taken)[...]) {
    case .incomplete: return
    case .malformed: leave(with: Pages.malformed)
    case .head(let head):
      guard let peer = socket?.peer else { return }
      leave(with: reception.pages.answer(head, from: peer))
    }
  }

  private func sendAway() {
    lane.metrics.add(.handshakesFailed)
    leave(with: Pages.strangerLine)
  }

  // MARK: HELLO

  private func readHello() {
    let verdict = input.withUnread { decoder.next($0, context: Stranger()) }
    switch verdict {
    case .needMore: return
    case .frame(let header, let payload): accept(header, input.copyUnread(payload), payload)
    case .oversized, .skip: refuse(.protocolError, "the first frame must be HELLO")
    case .fatal(let fault): refuse(fault.reason, fault.text)
    }
  }

  private func accept(_ header: FrameHeader, _ payload: [UInt8], _ range: Range<Int>) {
    guard header.kind == .hello else {
      return refuse(.protocolError, "the first frame must be HELLO")
    }
    do throws(WireError) {
      let hello = try Hello(decoding: payload[...])
      input.consume(range.upperBound)
      let rest = input.copyUnread(0..<input.count)
      guard let target = reception.target(of: hello), let socket else {
        return refuse(.authFailed, Authenticator.refusal)
      }
      let arrival = Arrival(socket: socket, hello: hello, target: target, rest: rest)
      release()
      reception.handOver(arrival)
    } catch {
      refuse(.protocolError, "HELLO cannot be read: \(error.text)")
    }
  }

  private func refuse(_ reason: GoAwayReason, _ text: String) {
    lane.metrics.add(.handshakesFailed)
    lane.metrics.add(.goAwaysSent)
    leave(with: Preamble.bytes + Farewell.frame(reason, text))
  }

  // MARK: The end

  private func leave(with lastBytes: [UInt8]) {
    guard let socket else { return }
    release()
    reception.ended()
    var output = OutputBuffer(pool: lane.pool)
    output.append(lastBytes)
    LingeringClose(socket, output, on: lane).start()
  }

  private func end() {
    guard socket != nil else { return }
    release()
    reception.ended()
  }

  private func release() {
    if let registration { lane.loop.deregister(registration) }
    if let timer { lane.loop.cancel(timer) }
    registration = nil
    timer = nil
    socket = nil
    input.removeAll()
  }
}
