// SPDX-License-Identifier: Apache-2.0
// What travels beside a request or an answer.

package struct Meta: Sendable, Equatable {
  /// Shares the buffer it was read from.
  package var idempotencyKey: ArraySlice<UInt8> = []
  package var traceparent = ""
  package var tracestate = ""
  package var tenant = ""
  package var initialCredit: UInt32 = 0
  package var priority: UInt32 = 0
  package var requestID = ""
  package var minSequence: UInt64 = 0
  package var commitSequence: UInt64 = 0
  package var throttleMilliseconds: UInt32 = 0
  /// The id of the user in whose name a service user calls.
  package var actAsUser: ArraySlice<UInt8> = []
  package var headers: [Header] = []

  package init() {}

  package func encode(into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    writer.blob(1, idempotencyKey)
    writer.string(2, traceparent)
    writer.string(3, tracestate)
    writer.string(4, tenant)
    writer.unsigned(5, initialCredit)
    writer.unsigned(6, priority)
    writer.string(7, requestID)
    writer.unsigned(8, minSequence)
    writer.unsigned(9, commitSequence)
    writer.unsigned(10, throttleMilliseconds)
    writer.blob(11, actAsUser)
    for header in headers { header.write(15, to: &writer) }
    writer.giveBack(to: &output)
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    try Guard.check(.meta, bytes)
    var reader = ProtoReader(bytes)
    while try reader.next() {
      switch reader.field {
      case 1: idempotencyKey = try reader.slice()
      case 2: traceparent = try reader.string()
      case 3: tracestate = try reader.string()
      case 4: tenant = try reader.string()
      case 5: initialCredit = try reader.unsigned32()
      case 6: priority = try reader.unsigned32()
      case 7: requestID = try reader.string()
      case 8: minSequence = try reader.unsigned()
      case 9: commitSequence = try reader.unsigned()
      case 10: throttleMilliseconds = try reader.unsigned32()
      case 11: actAsUser = try reader.slice()
      case 15: headers.append(try Header(reading: reader.message()))
      default: try reader.skip()
      }
    }
  }

  /// Splits the payload of a frame with flag META; the decoder has checked the length.
  package static func split(
    _ payload: ArraySlice<UInt8>
  ) throws(WireError) -> (meta: Meta, body: ArraySlice<UInt8>) {
    let place = try place(in: payload)
    return (try Meta(decoding: payload[place]), payload[place.upperBound...])
  }

  /// Where the meta lies; the body is what follows.
  fileprivate static func place(in payload: ArraySlice<UInt8>) throws(WireError) -> Range<Int> {
    guard payload.count >= 4 else { throw WireError("meta_len is cut") }
    var length = 0
    for index in 0..<4 { length |= Int(payload[payload.startIndex + index]) << (8 * index) }
    guard length <= payload.count - 4 else { throw WireError("meta is cut") }
    let start = payload.startIndex + 4
    return start..<start + length
  }
}

/// What a server takes from the Meta of a request: numbers, and places in the payload, so that a
/// request copies and holds nothing of it.
package struct RequestMeta: Sendable, Equatable {
  package private(set) var idempotencyKey = 0..<0
  package private(set) var tenant = 0..<0
  package private(set) var requestID = 0..<0
  package private(set) var actAsUser = 0..<0
  package private(set) var initialCredit: UInt32 = 0
  package private(set) var priority: UInt32 = 0
  package private(set) var minSequence: UInt64 = 0
  /// Where the body of the request lies.
  package private(set) var body: Range<Int>

  /// A request without Meta.
  package init(bodyOnly payload: [UInt8]) { body = payload.indices }

  /// The payload of a frame with flag META.
  package init(splitting payload: [UInt8]) throws(WireError) {
    let place = try Meta.place(in: payload[...])
    body = place.upperBound..<payload.count
    try Guard.check(.meta, payload[place])
    var reader = ProtoReader(payload[place])
    while try reader.next() {
      switch reader.field {
      case 1: idempotencyKey = try reader.slice().indices
      case 4: tenant = try reader.slice().indices
      case 5: initialCredit = try reader.unsigned32()
      case 6: priority = try reader.unsigned32()
      case 7: requestID = try reader.slice().indices
      case 8: minSequence = try reader.unsigned()
      case 11: actAsUser = try reader.slice().indices
      default: try reader.skip()
      }
    }
  }
}

/// The Meta of an answer, its length before it: as few bytes as two words hold.
@frozen
@usableFromInline
package struct AnswerMeta: Sendable, Equatable {
  /// First byte lowest.
  @usableFromInline package var bytes: UInt128 = 0
  @usableFromInline package var count = 4

  /// Field 9 is the only one that a server sends.
  @inlinable
  package init(commitSequence: UInt64) {
    if commitSequence != 0 {
      append(9 << 3)
      var rest = commitSequence
      while rest > 0x7F {
        append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      append(UInt8(rest))
    }
    bytes |= UInt128(count - 4)
  }

  @inlinable
  mutating func append(_ byte: UInt8) {
    bytes |= UInt128(byte) &<< UInt128(8 * count)
    count += 1
  }
}
