// SPDX-License-Identifier: Apache-2.0
// The check before unpack as Swift calls it: bytes in, nothing or an error with the field out.

internal import CProtobufC
internal import CTandemWire
internal import TandemPrimitives

package enum Guard {
  /// Messages of the protocol itself; their unknown fields are ignored.
  package enum ProtocolMessage: UInt32, Sendable {
    case hello = 1
    case welcome = 2
    case meta = 3
    case errorStatus = 4
    case goAway = 5
  }

  package static func check(
    _ message: ProtocolMessage, _ bytes: ArraySlice<UInt8>
  ) throws(WireError) {
    let error: WireError? = unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let descriptor = unsafe tandem_wire_descriptor(message.rawValue) else {
        return WireError(.malformed, "no such message")
      }
      return unsafe fault(descriptor, buffer, refuseUnknown: false)
    }
    if let error { throw error }
  }

  /// The body of a request; unknown fields are refused.
  package static func check(
    request method: Method, _ bytes: ArraySlice<UInt8>
  ) throws(WireError) {
    let error: WireError? = unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let descriptor = unsafe tandem_request_descriptor(method.rawValue) else {
        return WireError(.malformed, "no such method")
      }
      return unsafe fault(descriptor, buffer, refuseUnknown: true)
    }
    if let error { throw error }
  }

  static func fault(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: UnsafeBufferPointer<UInt8>,
    refuseUnknown: Bool
  ) -> WireError? {
    var limits = tandem_guard_limits(
      depth: UInt32(Limits.messageDepth), fields: UInt32(Limits.messageFields),
      unknown_fields: UInt32(Limits.messageUnknownFields),
      elements: UInt32(Limits.repeatedElements), refuse_unknown: refuseUnknown)
    // Bytes that are right, which most are, need no room for what is wrong with them.
    if unsafe tandem_guard(descriptor, bytes.baseAddress, bytes.count, &limits, nil) { return nil }
    var result = tandem_guard_result()
    _ = unsafe tandem_guard(descriptor, bytes.baseAddress, bytes.count, &limits, &result)
    return error(result)
  }

  private static func error(_ result: tandem_guard_result) -> WireError {
    let path = unsafe withUnsafeBytes(of: result.path) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let what =
      switch Int(result.reason) {
      case 1: "is cut"
      case 2: "has a bad tag"
      case 3: "has a bad varint"
      case 4: "is a group"
      case 5: "has the wrong wire type"
      case 6: "is not known"
      case 7: "stands twice"
      case 8: "is nested deeper than \(Limits.messageDepth) levels"
      case 9: "is one too many of \(Limits.messageFields) fields"
      case 10: "is one too many of \(Limits.repeatedElements) elements"
      case 11: "is not UTF-8"
      case 12: "contains NUL"
      default: "is malformed"
      }
    let name = path.isEmpty ? "field \(result.field)" : path
    let text = "\(name) at byte \(result.offset) \(what)"
    return WireError(
      result.reason == 6 ? .unknownField(result.field) : .malformed, field: path, text)
  }
}
