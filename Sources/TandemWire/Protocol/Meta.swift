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
      case 15: headers.append(try Header(reading: reader.message()))
      default: try reader.skip()
      }
    }
  }

  /// Splits the payload of a frame with flag META; the decoder has checked the length.
  package static func split(
    _ payload: ArraySlice<UInt8>
  ) throws(WireError) -> (meta: Meta, body: ArraySlice<UInt8>) {
    guard payload.count >= 4 else { throw WireError("meta_len is cut") }
    var length = 0
    for index in 0..<4 { length |= Int(payload[payload.startIndex + index]) << (8 * index) }
    guard length <= payload.count - 4 else { throw WireError("meta is cut") }
    let start = payload.startIndex + 4
    return (try Meta(decoding: payload[start..<start + length]), payload[(start + length)...])
  }
}
