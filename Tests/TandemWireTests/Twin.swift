// SPDX-License-Identifier: Apache-2.0
// protobuf-c as the independent judge of what our writer writes.

import CProtobufC
import CTandemWire

enum Twin {
  /// Unpacks and packs again with protobuf-c; nil when it refuses the bytes.
  static func repacked(
    _ descriptor: ProtobufCMessageDescriptor, _ bytes: [UInt8]
  ) -> [UInt8]? {
    withUnsafePointer(to: descriptor) { repacked($0, bytes) }
  }

  static func repacked(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: [UInt8]
  ) -> [UInt8]? {
    guard let message = protobuf_c_message_unpack(descriptor, nil, bytes.count, bytes) else {
      return nil
    }
    defer { protobuf_c_message_free_unpacked(message, nil) }
    // Unknown fields would be packed again and hide that the schema does not know them.
    guard message.pointee.n_unknown_fields == 0 else { return nil }
    return [UInt8](unsafeUninitializedCapacity: protobuf_c_message_get_packed_size(message)) {
      out, count in
      count = protobuf_c_message_pack(message, out.baseAddress)
    }
  }
}

func hex(_ text: String) -> [UInt8] {
  let digits = text.filter { !$0.isWhitespace && $0 != "|" }
  return stride(from: 0, to: digits.count, by: 2).map { offset in
    let start = digits.index(digits.startIndex, offsetBy: offset)
    return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) ?? 0
  }
}
