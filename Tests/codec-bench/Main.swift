// SPDX-License-Identifier: Apache-2.0
// Compares our reader and writer of stored bytes with protobuf-c on one deal of the golden directory.
// Prints what decisions 0008 and 0013 quote, what a deal weighs in memory, and what a million customers
// take; build for release.

import CProtobufC
import CTandemWire
import Foundation
import GoldenFiles
import TandemDomain
import TandemWire

@main
struct Main {
  static let iterations = 200_000
  static let repetitions = 7

  static func main() throws {
    let bytes = try storedDeal()
    let deal = try Deal(decoding: bytes[...])
    print("one stored deal of \(bytes.count) bytes, nanoseconds, best of \(repetitions) runs")
    let readers = try readings(bytes)
    for (name, value) in readers { say(name, value) }
    var again: [UInt8] = []
    deal.encode(into: &again)
    guard again == bytes, try packed(bytes) == bytes else {
      throw GoldenFault("the two writers differ")
    }
    for (name, value) in try writings(deal, bytes) { say(name, value) }
    print("protobuf-c allocates \(try allocations(bytes)) times per unpack")
    try StoreWeight.measure(deal)
    try CustomerMeasurement.run()
  }

  /// Fleet telemetry for Adatum, as the golden answer of GetDeal holds it.
  private static func storedDeal() throws -> [UInt8] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/0.1.0/reading.txt")
    let transcript = Transcript(try String(contentsOf: file, encoding: .utf8))
    for line in transcript?.lines ?? [] where !line.fromClient && line.name == "getDeal" {
      var reader = ProtoReader(line.bytes[16...])
      guard try reader.next(), reader.field == 1 else { continue }
      let stored = Array(try reader.slice())
      if try Deal(decoding: stored[...]).name == "Fleet telemetry for Adatum" { return stored }
    }
    throw GoldenFault("the golden files hold no such deal")
  }

  private static func readings(_ bytes: [UInt8]) throws -> [(String, Double)] {
    var arena = tandem_arena()
    defer { tandem_arena_free(&arena) }
    return try withUnsafePointer(to: tandem__v1__deal__descriptor) { descriptor in
      let ours = try measure { _ = try Deal(decoding: bytes[...]) }
      let parts = try measure { _ = Deal(stored: bytes) }
      let heap = try measure {
        protobuf_c_message_free_unpacked(
          protobuf_c_message_unpack(descriptor, nil, bytes.count, bytes), nil)
      }
      let capped = try measure {
        guard tandem_arena_unpack(&arena, descriptor, bytes, bytes.count) != nil else {
          throw GoldenFault("protobuf-c refuses the deal")
        }
      }
      let guarded = try measure {
        var limits = tandem_guard_limits(
          depth: 8, fields: 4_096, unknown_fields: 64, elements: 10_000, refuse_unknown: true)
        var result = tandem_guard_result()
        guard tandem_guard(descriptor, bytes, bytes.count, &limits, &result),
          tandem_arena_unpack(&arena, descriptor, bytes, bytes.count) != nil
        else { throw GoldenFault("the guard refuses the deal") }
      }
      return [
        ("read: ProtoReader, to a domain value", ours),
        ("read: ProtoReader, large parts left as bytes", parts),
        ("read: protobuf-c on the heap, to a C struct", heap),
        ("read: protobuf-c in the arena, to a C struct", capped),
        ("read: guard and protobuf-c in the arena, to a C struct", guarded),
      ]
    }
  }

  private static func writings(_ deal: Deal, _ bytes: [UInt8]) throws -> [(String, Double)] {
    var output: [UInt8] = []
    output.reserveCapacity(2 * bytes.count)
    let ours = try measure {
      output.removeAll(keepingCapacity: true)
      deal.encode(into: &output)
    }
    let inParts = Deal(stored: bytes)
    let parts = try measure {
      output.removeAll(keepingCapacity: true)
      inParts.encode(into: &output)
    }
    let theirs = try withUnpacked(bytes) { message in
      var buffer = [UInt8](repeating: 0, count: 2 * bytes.count)
      return try measure {
        // Its length is asked first, because a packed message must fit.
        guard protobuf_c_message_get_packed_size(message) <= buffer.count else {
          throw GoldenFault("the message does not fit")
        }
        _ = protobuf_c_message_pack(message, &buffer)
      }
    }
    return [
      ("write: ProtoWriter, from a domain value", ours),
      ("write: ProtoWriter, large parts left as bytes", parts),
      ("write: protobuf-c, from a C struct", theirs),
    ]
  }

  private static func withUnpacked<Value>(
    _ bytes: [UInt8], _ body: (UnsafeMutablePointer<ProtobufCMessage>) throws -> Value
  ) throws -> Value {
    try withUnsafePointer(to: tandem__v1__deal__descriptor) { descriptor in
      guard let message = protobuf_c_message_unpack(descriptor, nil, bytes.count, bytes) else {
        throw GoldenFault("protobuf-c refuses the deal")
      }
      defer { protobuf_c_message_free_unpacked(message, nil) }
      return try body(message)
    }
  }

  private static func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    try withUnpacked(bytes) { message in
      var buffer = [UInt8](repeating: 0, count: protobuf_c_message_get_packed_size(message))
      _ = protobuf_c_message_pack(message, &buffer)
      return buffer
    }
  }

  private static func allocations(_ bytes: [UInt8]) throws -> Int {
    var count = 0
    return withUnsafeMutablePointer(to: &count) { counter in
      var allocator = ProtobufCAllocator(
        alloc: { data, size in
          data?.assumingMemoryBound(to: Int.self).pointee += 1
          return malloc(size)
        },
        free: { _, place in free(place) }, allocator_data: counter)
      withUnsafePointer(to: tandem__v1__deal__descriptor) { descriptor in
        protobuf_c_message_free_unpacked(
          protobuf_c_message_unpack(descriptor, &allocator, bytes.count, bytes), &allocator)
      }
      return counter.pointee
    }
  }

  private static func measure(_ body: () throws -> Void) throws -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<repetitions {
      let spent = try clock.measure { for _ in 0..<iterations { try body() } }
      best = min(best, spent / .nanoseconds(1) / Double(iterations))
    }
    return best
  }

  private static func say(_ name: String, _ nanoseconds: Double) {
    print("  \(name): \(Int(nanoseconds.rounded()))")
  }
}
