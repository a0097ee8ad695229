// SPDX-License-Identifier: Apache-2.0
// Bodies of requests and messages of the protocol, for the guard and protobuf-c behind it.
// The first two bytes say which message follows.

import TandemPrimitives
import TandemWire
import WireSamples

package final class GuardTarget: FuzzTarget {
  package let name = "guard"
  package let samples: [Sample]
  private var arena = RequestArena()
  private var other = RequestArena()
  /// Numbers above every method's.
  private static let hello: UInt16 = 1_000

  package init() { samples = Self.requests() + Self.messages() }

  private static func sample(_ number: UInt16, _ body: [UInt8]) -> Sample {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(number)
    var sample = Sample(bytes + body)
    sample.parts = [2..<sample.bytes.count]
    return sample
  }

  private static func requests() -> [Sample] {
    let written = (1...4).flatMap { Requests.samples(seed: $0) }
    return written.map { sample($0.method.rawValue, $0.bytes) }
      + Method.allCases.map { sample($0.rawValue, []) }
  }

  private static func messages() -> [Sample] {
    var bytes: [[UInt8]] = Array(repeating: [], count: 5)
    var hello = Hello()
    hello.client = "fuzz/1"
    hello.tenant = "acme"
    hello.features = ["a", "b"]
    hello.encode(into: &bytes[0])
    var welcome = Welcome()
    welcome.server = "tandemd"
    welcome.limits.frameBytesMax = 4 << 20
    welcome.encode(into: &bytes[1])
    var meta = Meta()
    meta.idempotencyKey = ArraySlice(0..<16)
    meta.encode(into: &bytes[2])
    let status = ErrorStatus(.invalidArgument, "FIELD_INVALID", "bad", retryable: true)
    status.encode(into: &bytes[3])
    GoAway(.draining, "deploy").encode(into: &bytes[4])
    return bytes.enumerated().map { sample(Self.hello + UInt16($0), $1) }
  }

  /// Half of the changes keep the lengths of all messages around them.
  package func vary(_ sample: Sample, _ mutator: inout Mutator) -> [UInt8] {
    guard mutator.below(2) == 0, var tree = ProtoTree(sample.bytes[2...]) else {
      return mutator.changed(sample, donor: mutator.pick(samples))
    }
    for _ in 0..<mutator.below(5) { tree.change(&mutator) }
    var bytes = Array(sample.bytes[..<2])
    tree.append(to: &bytes)
    if bytes.count > Mutator.bytesMax { bytes.removeLast(bytes.count - Mutator.bytesMax) }
    return bytes
  }

  package func read(_ bytes: [UInt8]) -> Verdict {
    guard bytes.count >= 2 else { return .refused("no message number") }
    let number = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
    do throws(WireError) {
      if let method = Method(rawValue: number) { return try request(method, bytes[2...]) }
      switch number {
      case Self.hello: _ = try Hello(decoding: bytes[2...])
      case Self.hello + 1: _ = try Welcome(decoding: bytes[2...])
      case Self.hello + 2: _ = try Meta(decoding: bytes[2...])
      case Self.hello + 3: _ = try ErrorStatus(decoding: bytes[2...])
      case Self.hello + 4: _ = try GoAway(decoding: bytes[2...])
      default: return .refused("no such message")
      }
      return .accepted
    } catch { return .refused(Self.reason(of: error)) }
  }

  private func request(_ method: Method, _ body: ArraySlice<UInt8>) throws(WireError) -> Verdict {
    let request = try RequestCodec.decode(method, body.span, arena: &arena)
    // The second arena holds what other requests left, so a value that was never written shows.
    guard request == (try RequestCodec.decode(method, body.span, arena: &other)) else {
      return .broken("the same bytes mean two requests")
    }
    return .accepted
  }

  /// What is wrong, without the field.
  private static func reason(of error: WireError) -> String {
    switch error.kind {
    case .unknownField: return "is not known"
    case .badValue: return error.violations.first?.rule ?? "bad value"
    case .malformed:
      guard let place = error.text.firstRange(of: " at byte ") else {
        return Fuzzing.reason(error.text)
      }
      return Fuzzing.reason(String(error.text[place.upperBound...]))
    }
  }
}
