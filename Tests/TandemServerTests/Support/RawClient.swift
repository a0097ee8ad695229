// SPDX-License-Identifier: Apache-2.0
// A client of bare bytes over a blocking socket; every read gives up after a few seconds.

import Glibc
import TandemPlatform
import TandemWire

struct Frame: Equatable {
  let header: FrameHeader
  let payload: [UInt8]

  var goAway: GoAway? {
    header.kind == .goAway ? try? GoAway(decoding: payload[...]) : nil
  }
  var error: ErrorStatus? {
    guard header.kind == .response, header.argument != 0 else { return nil }
    return try? ErrorStatus(decoding: payload[...])
  }
}

final class RawClient {
  private let descriptor: Int32
  private var received: [UInt8] = []

  init(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    precondition(result == 0, "the server does not accept")
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var one: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { Glibc.close(descriptor) }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let result = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if result <= 0 { return }
      sent += result
    }
  }

  /// Says that nothing more will come; answers can still be read.
  func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  func writeByteByByte(_ bytes: [UInt8]) { for byte in bytes { write([byte]) } }

  /// False at the end of the stream.
  private func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    received += chunk[..<count]
    return true
  }

  private func take(_ count: Int) -> [UInt8]? {
    while received.count < count { guard fill() else { return nil } }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// The next frame; nil at the end of the stream.
  func frame() -> Frame? {
    guard let head = take(FrameHeader.byteCount) else { return nil }
    let header = FrameHeader(reading: head.span.bytes, at: 0)
    guard let payload = take(Int(header.length)) else { return nil }
    return Frame(header: header, payload: payload)
  }

  /// Everything up to the end of the stream.
  func rest() -> [UInt8] {
    while fill() {}
    defer { received = [] }
    return received
  }

  func readPreamble() -> Bool { take(8) == Preamble.bytes }

  // MARK: What a client says

  static func frame(
    _ type: UInt8, flags: UInt8 = 0, method: UInt16 = 0, call: UInt32 = 0, argument: UInt32 = 0,
    _ payload: [UInt8] = [], length: UInt32? = nil
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameHeader(
      length: length ?? UInt32(payload.count), type: type, flags: flags, method: method,
      call: call, argument: argument
    ).append(to: &bytes)
    return bytes + payload
  }

  static func hello(_ key: String, change: (inout Hello) -> Void = { _ in }) -> [UInt8] {
    var hello = Hello()
    hello.client = "test/1"
    hello.credential = .apiKey(key)
    change(&hello)
    var payload: [UInt8] = []
    hello.encode(into: &payload)
    return Preamble.bytes + frame(1, payload)
  }

  static func request(
    _ method: Method, call: UInt32, _ body: [UInt8] = [], argument: UInt32 = 0, meta: Meta? = nil
  ) -> [UInt8] {
    guard let meta else {
      return frame(3, method: method.rawValue, call: call, argument: argument, body)
    }
    var payload: [UInt8] = []
    FrameEncoder.appendPayload(meta: meta, body: body[...], to: &payload)
    return frame(3, flags: 1, method: method.rawValue, call: call, argument: argument, payload)
  }

  /// Introduces itself and reads WELCOME.
  func introduce(_ key: String, change: (inout Hello) -> Void = { _ in }) -> Welcome? {
    write(Self.hello(key, change: change))
    guard readPreamble(), let frame = frame(), frame.header.kind == .welcome else { return nil }
    return try? Welcome(decoding: frame.payload[...])
  }

  func ask(_ method: Method, call: UInt32 = 1, _ body: [UInt8] = [], meta: Meta? = nil) -> Frame? {
    write(Self.request(method, call: call, body, meta: meta))
    return frame()
  }

  /// True when the connection still answers.
  func isAlive() -> Bool {
    ask(.health, call: 999_999)?.header.argument == 0
  }
}
