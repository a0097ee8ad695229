// SPDX-License-Identifier: Apache-2.0
// A client of bare frames over a blocking socket that remembers what was said.

import Glibc
package import TandemWire

package struct GoldenFault: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

package final class GoldenClient {
  private let descriptor: Int32
  private let connection: String
  package private(set) var transcript = Transcript()

  package init(port: UInt16, connection: String) throws {
    self.connection = connection
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
    guard result == 0 else { throw GoldenFault("the server does not accept") }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { Glibc.close(descriptor) }

  /// Sends preamble and HELLO; gives the payload of WELCOME.
  package func introduce(key: String) throws -> [UInt8] {
    var hello = Hello()
    hello.client = "golden/0.1.0"
    hello.credential = .apiKey(key)
    hello.frameBytesMax = 4 << 20
    var frame: [UInt8] = []
    FrameEncoder.append(.hello, to: &frame) { hello.encode(into: &$0) }
    let answer = try exchange(frame, "hello", answer: "welcome", greets: true)
    guard FrameHeader(reading: answer.span.bytes, at: 0).kind == .welcome else {
      let farewell = try GoAway(decoding: answer[16...])
      throw GoldenFault("\(connection) was not let in: \(farewell.message)")
    }
    return Array(answer[16...])
  }

  /// Sends a request and gives the body of its answer, which must be OK.
  package func ask(_ method: Method, call: UInt32, _ body: [UInt8], meta: Meta? = nil) throws
    -> [UInt8]
  {
    var frame: [UInt8] = []
    FrameEncoder.append(
      .request, flags: meta == nil ? [] : [.meta], method: method.rawValue, call: call, to: &frame
    ) { output in
      guard let meta else { return output += body }
      FrameEncoder.appendPayload(meta: meta, body: body[...], to: &output)
    }
    let answer = try exchange(frame, "\(method)", answer: "\(method)")
    let header = FrameHeader(reading: answer.span.bytes, at: 0)
    var content = answer[16...]
    if header.hasMeta { content = try Meta.split(content).body }
    guard header.kind == .response, header.argument == 0 else {
      let status = try ErrorStatus(decoding: content)
      throw GoldenFault("\(method) of \(connection): \(status.reason) \(status.violations)")
    }
    return Array(content)
  }

  /// Sends a whole frame and gives the next one; both sides begin with the preamble.
  package func exchange(
    _ frame: [UInt8], _ name: String, answer: String, greets: Bool = false
  ) throws -> [UInt8] {
    try write((greets ? Preamble.bytes : []) + frame)
    if greets, try read(8) != Preamble.bytes { throw GoldenFault("no preamble came back") }
    let head = try read(FrameHeader.byteCount)
    let reply = head + (try read(Int(FrameHeader(reading: head.span.bytes, at: 0).length)))
    transcript.lines += [
      .init(connection: connection, fromClient: true, name: name, bytes: frame),
      .init(connection: connection, fromClient: false, name: answer, bytes: reply),
    ]
    return reply
  }

  private func write(_ bytes: [UInt8]) throws {
    let sent = bytes.withUnsafeBytes {
      send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard sent == bytes.count else { throw GoldenFault("the server does not read") }
  }

  private func read(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let result = bytes.withUnsafeMutableBytes { raw in
        recv(descriptor, raw.baseAddress.map { $0 + done }, count - done, 0)
      }
      guard result > 0 else { throw GoldenFault("\(connection): the server says nothing more") }
      done += result
    }
    return bytes
  }
}
