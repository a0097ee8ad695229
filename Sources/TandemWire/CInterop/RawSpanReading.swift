// SPDX-License-Identifier: Apache-2.0
// Bounds-checked loads from a span of bytes, and copies of it.

extension RawSpan {
  @inlinable
  package borrowing func byte(at offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < byteCount)
    return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
  }

  @inlinable
  package borrowing func littleEndian32(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset <= byteCount - 4)
    return unsafe UInt32(
      littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  /// A copy of some of the bytes.
  package borrowing func copy(_ range: Range<Int>) -> [UInt8] {
    unsafe extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
  }
}

extension [UInt8] {
  /// Copies all bytes of a span to the end.
  package mutating func append(contentsOf bytes: borrowing RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}
