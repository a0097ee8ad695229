// SPDX-License-Identifier: Apache-2.0
// Protobuf's numbers of one to ten bytes, read out of bytes and written into room that the caller holds.

enum Varint {
  /// Of a number of 64 bits.
  static var bytesMax: Int { 10 }

  /// How many bytes a number has.
  @inline(__always)
  static func byteCount(_ value: UInt64) -> Int {
    (70 &- (value | 1).leadingZeroBitCount) / 7
  }

  /// Reads one and moves behind it; nil when it is cut or longer than a number can be.
  @inline(__always)
  static func read(_ bytes: Span<UInt8>, _ offset: inout Int, end: Int) -> UInt64? {
    guard offset < end else { return nil }
    // Offsets are within the bytes, so they cannot overflow.
    // Nearly every tag and length of a deal has one byte, and nearly all others two.
    let first = bytes[offset]
    if first < 0x80 {
      offset &+= 1
      return UInt64(first)
    }
    guard offset &+ 1 < end else { return nil }
    let second = bytes[offset &+ 1]
    guard second >= 0x80 else {
      offset &+= 2
      return UInt64(first & 0x7F) | UInt64(second) &<< 7
    }
    return readLong(bytes, &offset, end: end)
  }

  @inline(never)
  private static func readLong(_ bytes: Span<UInt8>, _ offset: inout Int, end: Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var place = offset
    while place < end {
      let byte = bytes[place]
      place &+= 1
      if shift == 63, byte > 1 { return nil }
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 {
        offset = place
        return value
      }
      shift &+= 7
    }
    return nil
  }
}

extension OutputSpan<UInt8> {
  @inline(__always)
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  @inline(__always)
  mutating func append(tag field: UInt32, _ type: UInt64) {
    append(varint: UInt64(field) &<< 3 | type)
  }
}
