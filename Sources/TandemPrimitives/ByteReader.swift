// SPDX-License-Identifier: Apache-2.0
// Bounds-checked little-endian reads and writes over plain arrays, for headers and files.

/// Reads fixed-width little-endian values; running past the end gives nil, never a trap.
package struct ByteReader: Sendable {
  package let bytes: ArraySlice<UInt8>
  package private(set) var offset: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  package var remaining: Int { bytes.endIndex - offset }

  package mutating func integer<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
    let width = Value.bitWidth / 8
    guard remaining >= width else { return nil }
    var value: Value = 0
    for index in 0..<width {
      value |= Value(truncatingIfNeeded: bytes[offset + index]) << Value(8 * index)
    }
    offset += width
    return value
  }

  package mutating func slice(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, remaining >= count else { return nil }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  package mutating func identifier<Kind>(_: Kind.Type) -> Identifier<Kind>? {
    guard let raw = slice(16) else { return nil }
    return Identifier(bytes: raw)
  }
}

extension OutputSpan<UInt8> {
  /// Adds a value with its least significant byte first.
  @inlinable
  package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
    // Made room for first: the bytes are then stored as one word, not each behind a check of its own.
    let start = count
    append(repeating: 0, count: Value.bitWidth / 8)
    var room = mutableSpan
    for index in 0..<Value.bitWidth / 8 {
      room[start &+ index] = UInt8(
        truncatingIfNeeded: value &>> Value(truncatingIfNeeded: 8 &* index))
    }
  }

  /// Adds the sixteen bytes of an identifier, most significant first.
  @inlinable
  package mutating func append<Kind>(identifier: Identifier<Kind>) {
    append(littleEndian: identifier.high.byteSwapped)
    append(littleEndian: identifier.low.byteSwapped)
  }
}

extension [UInt8] {
  /// Appends a value with its least significant byte first.
  @inlinable
  package mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
    append(addingCapacity: Value.bitWidth / 8) { $0.append(littleEndian: value) }
  }

  /// Appends the sixteen bytes of an identifier, most significant first.
  @inlinable
  package mutating func append<Kind>(identifier: Identifier<Kind>) {
    append(addingCapacity: 16) { $0.append(identifier: identifier) }
  }

  /// The same bytes in a buffer of their own that has no spare room.
  ///
  /// `Array(bytes)` would share the buffer: both would keep its whole capacity, and the next change of
  /// either would copy it.
  package var exactCopy: [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(count)
    copy.append(contentsOf: self)
    return copy
  }

  /// Overwrites bytes in place with a little-endian value.
  @inlinable
  package mutating func storeLittleEndian<Value: FixedWidthInteger>(_ value: Value, at offset: Int)
  {
    for index in 0..<Value.bitWidth / 8 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> Value(8 * index))
    }
  }
}
