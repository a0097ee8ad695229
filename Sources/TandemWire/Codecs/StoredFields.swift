// SPDX-License-Identifier: Apache-2.0
// The fields of a stored deal, asked for in ascending order: each is one look at eight bytes.
// Only for bytes that this server has encoded itself; what comes from elsewhere goes through ProtoReader.

internal import TandemDomain
internal import TandemPrimitives

/// Functions move an offset, which stands at the beginning of a field, behind the field they read.
///
/// A cut field moves it behind the end; whoever has asked for all fields looks whether it stands there.
extension Span<UInt8> {
  @inline(__always)
  func integer(_ field: UInt64, _ offset: inout Int) -> UInt64 {
    let word = word(at: offset)
    guard word.begins(field, 0) else { return 0 }
    let bytes = UInt64.tagBytes(field)
    return varint(word &>> UInt64(8 &* bytes), &offset, bytes)
  }

  @inline(__always)
  func maybeInteger(_ field: UInt64, _ offset: inout Int) -> UInt64? {
    word(at: offset).begins(field, 0) ? integer(field, &offset) : nil
  }

  @inline(__always)
  func time(_ field: UInt64, _ offset: inout Int) -> Timestamp {
    Timestamp(milliseconds: Int64(bitPattern: integer(field, &offset)))
  }

  @inline(__always)
  func maybeTime(_ field: UInt64, _ offset: inout Int) -> Timestamp? {
    maybeInteger(field, &offset).map { Timestamp(milliseconds: Int64(bitPattern: $0)) }
  }

  @inline(__always)
  func identifier<Kind>(_ field: UInt64, _ offset: inout Int) -> Identifier<Kind> {
    guard word(at: offset).begins(field, 2) else { return .zero }
    // Behind the one byte of its length, which is 16.
    let start = offset &+ UInt64.tagBytes(field) &+ 1
    offset = start &+ 16
    return Identifier(high: bigEndian64(at: start), low: bigEndian64(at: start &+ 8))
  }

  /// Where the content of a field stands.
  @inline(__always)
  func content(_ field: UInt64, _ offset: inout Int) -> StoredPlace {
    guard word(at: offset).begins(field, 2) else { return StoredPlace() }
    let start = pass(field, &offset)
    return StoredPlace(start, offset)
  }

  /// Where a field stands, tag and all.
  @inline(__always)
  func field(_ field: UInt64, _ offset: inout Int) -> StoredPlace {
    let start = offset
    if word(at: offset).begins(field, 2) { _ = pass(field, &offset) }
    return StoredPlace(start, offset)
  }

  /// Where all fields of a number stand, tags and all.
  @inline(__always)
  func part(_ field: UInt64, _ offset: inout Int) -> StoredPlace {
    let start = offset
    while word(at: offset).begins(field, 2) { _ = pass(field, &offset) }
    return StoredPlace(start, offset)
  }

  /// The number of the field at an offset, which moves behind it.
  @inline(__always)
  func passAny(_ offset: inout Int) -> Int {
    var rest = word(at: offset)
    var tag = rest & 0x7F
    var bytes = 1
    if rest & 0x80 != 0 {
      tag |= rest &>> 1 & 0x3F80
      bytes = 2
      rest &>>= 8
    }
    rest &>>= 8
    if tag & 7 == 0 {
      _ = varint(rest, &offset, bytes)
    } else {
      let start = offset &+ bytes
      let count = length(rest, start, &offset)
      offset &+= count
    }
    return Int(truncatingIfNeeded: tag &>> 3)
  }

  // MARK: Steps

  /// Passes over a length-delimited field; says where its content begins.
  @inline(__always)
  private func pass(_ field: UInt64, _ offset: inout Int) -> Int {
    let bytes = UInt64.tagBytes(field)
    let count = length(word(at: offset) &>> UInt64(8 &* bytes), offset &+ bytes, &offset)
    let start = offset
    offset &+= count
    return start
  }

  /// A length whose first bytes are in a word; moves the offset behind it.
  @inline(__always)
  private func length(_ word: UInt64, _ start: Int, _ offset: inout Int) -> Int {
    let value: UInt64
    if word & 0x80 == 0 {
      value = word & 0x7F
      offset = start &+ 1
    } else if word & 0x8000 == 0 {
      value = word & 0x7F | word &>> 1 & 0x3F80
      offset = start &+ 2
    } else {
      (value, offset) = long(at: start)
    }
    // Nothing is longer than all bytes, so offsets cannot overflow.
    return Int(truncatingIfNeeded: Swift.min(value, UInt64(count)))
  }

  /// A number behind a tag, whose first bytes are in a word.
  @inline(__always)
  private func varint(_ word: UInt64, _ offset: inout Int, _ tagBytes: Int) -> UInt64 {
    if word & 0x80 == 0 {
      offset &+= tagBytes &+ 1
      return word & 0x7F
    }
    let (value, end) = long(at: offset &+ tagBytes)
    offset = end
    return value
  }

  /// A number of two bytes or more, such as a time, and where it ends.
  @inline(never)
  private func long(at offset: Int) -> (value: UInt64, end: Int) {
    let word = word(at: offset)
    // The lowest bit that says that no byte follows.
    let stops = ~word & 0x8080_8080_8080_8080
    guard stops != 0 else { return veryLong(at: offset) }
    // Seven bits of each byte move together: pairs, pairs of pairs, halves.
    let groups = word & (stops ^ (stops &- 1)) & 0x7F7F_7F7F_7F7F_7F7F
    let pairs = groups & 0x007F_007F_007F_007F | (groups & 0x7F00_7F00_7F00_7F00) &>> 1
    let fours = pairs & 0x0000_3FFF_0000_3FFF | (pairs & 0x3FFF_0000_3FFF_0000) &>> 2
    let value = fours & 0x0FFF_FFFF | (fours & 0x0FFF_FFFF_0000_0000) &>> 4
    return (value, offset &+ (stops.trailingZeroBitCount &+ 1) &>> 3)
  }

  private func veryLong(at offset: Int) -> (value: UInt64, end: Int) {
    var end = offset
    let value = Varint.read(self, &end, end: count)
    invariant(value != nil, "a stored deal can be read")
    return (value ?? 0, end)
  }
}

extension UInt64 {
  /// Tags of fields from 16 on have two bytes, and no deal has as many fields as three stand for.
  @inline(__always)
  fileprivate static func tagBytes(_ field: UInt64) -> Int { field < 16 ? 1 : 2 }

  /// Whether a field of this number and type begins with these bytes.
  @inline(__always)
  fileprivate func begins(_ field: UInt64, _ type: UInt64) -> Bool {
    let tag = field &<< 3 | type
    return field < 16 ? self & 0xFF == tag : self & 0xFFFF == tag & 0x7F | 0x80 | (tag &>> 7) &<< 8
  }
}
