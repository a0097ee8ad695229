// SPDX-License-Identifier: Apache-2.0
// A connection's bytes for the frame decoder. The first byte says which side reads and in what pieces.

import TandemPrimitives
import TandemWire
import WireSamples

package final class FrameTarget: FuzzTarget {
  package let name = "frames"
  package let samples: [Sample]
  static let frameBytesMax = 1_024

  package init() { samples = FrameStreams.samples() }

  private struct Peer: FrameContext {
    var isIntroduced: Bool
    var calls: Set<UInt32> = []
    func isInFlight(_ call: UInt32) -> Bool { calls.contains(call) }
  }

  /// What the decoder said, in a form that does not depend on how the bytes arrived.
  private struct Reading: Equatable {
    var frames: [FrameHeader] = []
    var oversized: [FrameHeader] = []
    var skipped = 0
    var fault: FatalFrame?
    var promise: String?
  }

  package func read(_ bytes: [UInt8]) -> Verdict {
    guard let setup = bytes.first else { return .refused("no setup byte") }
    let whole = reading(bytes, setup: setup, step: bytes.count)
    let pieces = reading(bytes, setup: setup, step: 1 + Int(setup >> 4) * 7)
    if let promise = whole.promise ?? pieces.promise { return .broken(promise) }
    if whole != pieces { return .broken("the pieces in which bytes arrive change their meaning") }
    if let fault = whole.fault { return .refused(reason(fault.text)) }
    if whole.frames.isEmpty { return .refused("no frame") }
    return .accepted
  }

  private func reading(_ bytes: [UInt8], setup: UInt8, step: Int) -> Reading {
    var reading = Reading()
    let role: FrameDecoder.Role = setup & 1 == 0 ? .server : .client
    var peer = Peer(isIntroduced: setup & 2 != 0)
    if role == .client { peer.calls = [1, 2, 3] }
    var decoder = FrameDecoder(role: role, frameBytesMax: Self.frameBytesMax)
    var offset = 1
    var end = min(1 + step, bytes.count)
    while offset < bytes.count, reading.fault == nil, reading.promise == nil {
      let verdict = decoder.next(
        bytes.span.extracting(0..<end).bytes, from: offset, context: peer)
      if case .needMore(let count) = verdict {
        if count <= end - offset { reading.promise = "asks for bytes that are there" }
        if end == bytes.count { break }
        end = min(end + step, bytes.count)
        continue
      }
      let consumed = take(verdict, offset, end, &peer, &reading)
      if consumed <= 0, reading.fault == nil { reading.promise = "goes nowhere" }
      offset += consumed
      if offset > end { reading.promise = "consumes bytes that are not there" }
    }
    return reading
  }

  /// Notes a verdict; gives the bytes it consumes.
  private func take(
    _ verdict: FrameVerdict, _ offset: Int, _ end: Int, _ peer: inout Peer,
    _ reading: inout Reading
  ) -> Int {
    switch verdict {
    case .needMore: return 0
    case .frame(let header, let payload):
      if payload.count != Int(header.length) || payload.upperBound > end {
        reading.promise = "a payload lies outside of the bytes"
      }
      switch header.kind {
      case .request: peer.calls.insert(header.call)
      case .response: peer.calls.remove(header.call)
      case .hello, .welcome: peer.isIntroduced = true
      case .item, .credit, .cancel, .ping, .pong, .goAway, nil: break
      }
      reading.frames.append(header)
      return payload.upperBound - offset
    case .oversized(let header, let consume):
      reading.oversized.append(header)
      reading.skipped += consume
      return consume
    case .skip(let count):
      reading.skipped += count
      return count
    case .fatal(let fault):
      reading.fault = fault
      return 0
    }
  }
}

/// Conversations as both sides would write them.
enum FrameStreams {
  static func samples() -> [Sample] {
    let requests = Requests.samples(seed: 5)
    return (0..<64).map { number in
      var random = SeededRandom(seed: UInt64(number))
      let isClient = number & 1 == 1
      let step = UInt8(random.next() % 16) << 4
      var sample = Sample([step | (isClient ? 3 : UInt8(number & 2))])
      sample.note(at: 0, [(0, 1)])
      if number & 3 == 0 { add(hello(), to: &sample) }
      for call in 1...UInt32(1 + random.next() % 4) {
        let body = requests[Int(random.next() % UInt64(requests.count))].bytes
        add(
          isClient ? fromServer(call, body, &random) : fromClient(call, body, &random), to: &sample)
      }
      return sample
    }
  }

  private static func add(_ frame: [UInt8], to sample: inout Sample) {
    let start = sample.bytes.count
    sample.bytes += frame
    sample.parts.append(start..<sample.bytes.count)
    sample.note(at: start, [(0, 4), (4, 1), (5, 1), (6, 2), (8, 4), (12, 4)])
    if frame.count >= 20 { sample.note(at: start, [(16, 4)]) }
  }

  private static func hello() -> [UInt8] {
    var hello = Hello()
    hello.client = "fuzz/1"
    hello.credential = .apiKey("k1")
    var out: [UInt8] = []
    FrameEncoder.append(.hello, to: &out) { hello.encode(into: &$0) }
    return out
  }

  private static func fromClient(
    _ call: UInt32, _ body: [UInt8], _ random: inout SeededRandom
  ) -> [UInt8] {
    var out: [UInt8] = []
    switch random.next() % 6 {
    case 0: FrameEncoder.append(.ping, call: 0, argument: 7, to: &out)
    case 1: FrameEncoder.append(.cancel, call: call, to: &out)
    case 2: FrameEncoder.append(.credit, call: call, argument: 65_536, to: &out)
    case 3:
      var meta = Meta()
      meta.idempotencyKey = ArraySlice(0..<16)
      FrameEncoder.append(.request, flags: [.meta], method: 16, call: call, to: &out) {
        FrameEncoder.appendPayload(meta: meta, body: body[...], to: &$0)
      }
    case 4:
      FrameHeader(length: 9, type: 0x90, flags: 0, method: 0, call: 0, argument: 0).append(to: &out)
      out += [UInt8](repeating: 1, count: 9)
    default:
      FrameEncoder.append(.request, method: 17, call: call, to: &out) { $0 += body }
    }
    return out
  }

  private static func fromServer(
    _ call: UInt32, _ body: [UInt8], _ random: inout SeededRandom
  ) -> [UInt8] {
    var out: [UInt8] = []
    let call = call % 3 + 1
    switch random.next() % 4 {
    case 0: FrameEncoder.append(.goAway, to: &out) { GoAway(.draining, "x").encode(into: &$0) }
    case 1: FrameEncoder.append(.item, call: call, to: &out) { $0 += body }
    case 2: FrameEncoder.append(.pong, call: 0, argument: 7, to: &out)
    default: FrameEncoder.appendResponse(method: 17, call: call, body: body[...], to: &out)
    }
    return out
  }
}
