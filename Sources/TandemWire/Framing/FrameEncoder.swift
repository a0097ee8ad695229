// SPDX-License-Identifier: Apache-2.0
// Appends frames to an output buffer whose capacity the owner keeps.

internal import TandemPrimitives

package enum FrameEncoder {
  /// A header and the payload after it.
  package static func append(
    _ header: FrameHeader, payload: ArraySlice<UInt8>, to output: inout [UInt8]
  ) {
    invariant(Int(header.length) == payload.count, "header and payload differ in length")
    header.append(to: &output)
    output.append(contentsOf: payload)
  }

  /// The same for a payload that is only lent.
  package static func append(
    _ header: FrameHeader, payload: borrowing RawSpan, to output: inout [UInt8]
  ) {
    invariant(Int(header.length) == payload.byteCount, "header and payload differ in length")
    header.append(to: &output)
    output.append(contentsOf: payload)
  }

  /// A frame whose payload is written in place; the header is filled in afterwards.
  package static func append(
    _ type: FrameType, flags: FrameFlags = [], method: UInt16 = 0, call: UInt32 = 0,
    argument: UInt32 = 0, to output: inout [UInt8], payload: (inout [UInt8]) -> Void
  ) {
    let start = output.count
    FrameHeader(type, length: 0).append(to: &output)
    payload(&output)
    FrameHeader(
      type, length: output.count - start - FrameHeader.byteCount, flags: flags, method: method,
      call: call, argument: argument
    ).store(in: &output, at: start)
  }

  /// A frame without a payload.
  package static func append(
    _ type: FrameType, call: UInt32, argument: UInt32 = 0, to output: inout [UInt8]
  ) {
    FrameHeader(type, length: 0, call: call, argument: argument).append(to: &output)
  }

  /// An OK answer whose body is at hand.
  package static func appendResponse(
    method: UInt16, call: UInt32, body: ArraySlice<UInt8>, to output: inout [UInt8]
  ) {
    append(
      FrameHeader(.response, length: body.count, method: method, call: call), payload: body,
      to: &output)
  }

  /// Payload of a frame with flag META: length, meta, body.
  package static func appendPayload(
    meta: Meta, body: ArraySlice<UInt8>, to output: inout [UInt8]
  ) {
    let start = output.count
    output.appendLittleEndian(UInt32(0))
    meta.encode(into: &output)
    output.storeLittleEndian(UInt32(output.count - start - 4), at: start)
    output.append(contentsOf: body)
  }
}
