// SPDX-License-Identifier: Apache-2.0
// A client that does what the library never would: it stops in the middle, does not read, vanishes.
// Blocking; every read gives up after a while.

import Glibc
import StartedPrograms
import TandemWire

final class RawConnection: Sendable {
  private let descriptor: Int32

  /// A small window makes a reader that stops felt early.
  init(port: UInt16, receiveBytes: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if var size = receiveBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw ProcessFailure(description: "connect: errno \(errno)") }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
  }

  deinit { close(descriptor) }

  /// The end sends RST at once, as after a crash of the peer's machine that came back.
  func vanish() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }

  func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let result = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard result > 0 else { throw ProcessFailure(description: "send: errno \(errno)") }
      sent += result
    }
  }

  /// Writes what the kernel takes without waiting.
  func writeWhatFits(_ bytes: [UInt8]) -> Int {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    return max(0, bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) })
  }

  private func take(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress.map { $0 + filled }, count - filled, 0)
      }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }

  func frame() -> (header: FrameHeader, payload: [UInt8])? {
    guard let head = take(FrameHeader.byteCount) else { return nil }
    let header = FrameHeader(reading: head.span.bytes, at: 0)
    guard let payload = take(Int(header.length)) else { return nil }
    return (header, payload)
  }

  /// Reads on until the connection has ended; gives the reason of the GOAWAY before that.
  ///
  /// Nil when it ended without one; a connection that does not end counts as one that did not say so.
  func reasonOfEnd() -> GoAwayReason? {
    var reason: GoAwayReason?
    while let (header, payload) = frame() {
      if header.kind == .goAway { reason = (try? GoAway(decoding: payload[...]))?.reason }
    }
    return reason
  }

  /// True when a frame of a kind came.
  func reads(_ kind: FrameType) -> Bool {
    while let (header, _) = frame() {
      if header.kind == kind { return true }
    }
    return false
  }

  /// True when the server has closed without a frame, whatever it may have said in bytes.
  func hasEnded() -> Bool {
    while take(1) != nil {}
    return errno != EAGAIN
  }

  /// Everything up to the end.
  func rest() -> String {
    var bytes: [UInt8] = []
    while let byte = take(1) { bytes += byte }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What became of so many calls.
  struct Answers: Sendable {
    var answered = 0
    var refused = 0
    var reasons: Set<String> = []
    var retryAfterMilliseconds: [UInt32] = []
  }

  func answers(_ count: Int) -> Answers {
    var answers = Answers()
    while answers.answered + answers.refused < count, let (header, payload) = frame() {
      guard header.kind == .response else { continue }
      if header.argument == 0 {
        answers.answered += 1
      } else if let status = try? ErrorStatus(decoding: payload[...]) {
        answers.refused += 1
        answers.reasons.insert(status.reason)
        answers.retryAfterMilliseconds.append(status.retryAfterMilliseconds)
      }
    }
    return answers
  }

  /// Says hello and reads WELCOME.
  func introduce(_ key: String) throws {
    var hello = Hello()
    hello.client = "process-test/1"
    hello.credential = .apiKey(key)
    var payload: [UInt8] = []
    hello.encode(into: &payload)
    var bytes = Preamble.bytes
    FrameHeader(.hello, length: payload.count).append(to: &bytes)
    try write(bytes + payload)
    guard take(Preamble.bytes.count) == Preamble.bytes, frame()?.header.kind == .welcome else {
      throw ProcessFailure(description: "no WELCOME")
    }
  }

  static func request(_ method: TandemWire.Method, call: UInt32, _ body: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameHeader(.request, length: body.count, method: method.rawValue, call: call)
      .append(to: &bytes)
    return bytes + body
  }
}
