// SPDX-License-Identifier: Apache-2.0
// The last frame of a connection, and a close that lets the peer read it: shut the sending side,
// read and drop for a moment, then close. Closing with unread input would destroy the last words.

import TandemPlatform
import TandemPrimitives
import TandemWire

enum Farewell {
  private static let messageBytesMax = 1_024

  static func frame(
    _ reason: GoAwayReason, _ message: String, graceMilliseconds: UInt32 = 0
  ) -> [UInt8] {
    var goAway = GoAway(reason, String(message.prefix(messageBytesMax / 4)))
    goAway.graceMilliseconds = graceMilliseconds
    var payload: [UInt8] = []
    goAway.encode(into: &payload)
    var frame: [UInt8] = []
    FrameHeader(.goAway, length: payload.count, argument: UInt32(reason.rawValue))
      .append(to: &frame)
    return frame + payload
  }
}

/// Owns a socket that has nothing left to do but to send its last bytes.
final class LingeringClose: ReadinessHandler {
  private let lane: Lane
  private var socket: StreamSocket?
  private var output: OutputBuffer
  private var input: InputBuffer
  private var registration: Registration?
  private var timer: TimerID?
  private var dropped = 0
  private var isShut = false

  init(_ socket: StreamSocket, _ output: consuming OutputBuffer, on lane: Lane) {
    self.socket = socket
    self.output = output
    self.lane = lane
    input = InputBuffer(pool: lane.pool)
  }

  /// The lane's loop keeps it until it is done.
  func start() {
    guard let socket else { return }
    lane.beganLingering()
    do {
      registration = try lane.loop.register(
        socket.descriptor, self, interest: [.readable, .writable])
    } catch {
      return end()
    }
    let confined = LoopConfined(self, on: lane.loop)
    let span = UInt64(lane.settings.limits.lingerMilliseconds)
    timer = lane.loop.schedule(at: lane.now.advanced(byMilliseconds: span)) {
      confined.value.end()
    }
    send(socket)
  }

  func ready(_ events: ReadinessEvents) {
    guard let socket else { return }
    if events.contains(.failed) { return end() }
    if !isShut { send(socket) }
    if events.contains(.readable) || events.contains(.hungUp) { drop(socket) }
  }

  private func send(_ socket: StreamSocket) {
    switch output.flush(to: socket) {
    case .blocked: return
    case .failed: return end()
    case .empty: break
    }
    isShut = true
    do {
      try socket.shutdownWrite()
      if let registration { try lane.loop.update(registration, interest: .readable) }
    } catch {
      end()
    }
  }

  private func drop(_ socket: StreamSocket) {
    switch input.fill(from: socket) {
    case .bytes(let count):
      input.consume(count)
      dropped += count
      if dropped > Limits.lingerBytes { end() }
    case .wouldBlock: break
    case .endOfStream: isShut ? end() : stopReading()
    case .failed: end()
    }
  }

  /// The end of the stream would be told again in every turn until the rest is sent.
  private func stopReading() {
    guard let registration else { return }
    do throws(Errno) {
      try lane.loop.update(registration, interest: .writable)
    } catch {
      end()
    }
  }

  private func end() {
    guard socket != nil else { return }
    if let registration { lane.loop.deregister(registration) }
    if let timer { lane.loop.cancel(timer) }
    registration = nil
    socket = nil
    input.removeAll()
    output.removeAll()
    lane.endedLingering()
  }
}
