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

  @inlinable
  package borrowing func bigEndian64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= byteCount - 8)
    return unsafe UInt64(
      bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// The number behind a tag of one byte at `at`, which is moved behind it.
  ///
  /// Nil when it is cut, or has more than 63 bits, which no version and no commit reaches.
  @inlinable
  package borrowing func number(after at: inout Int, before end: Int) -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    repeat {
      at += 1
      guard at < end, shift < 63 else { return nil }
      number |= UInt64(byte(at: at) & 0x7F) << shift
      shift += 7
    } while byte(at: at) >= 0x80
    at += 1
    return number
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

extension Span<UInt8> {
  /// The eight bytes from an offset on, the first in the lowest place; zeros stand behind the end.
  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    let wholeWords = count < 8 ? 0 : count &- 7
    guard UInt(bitPattern: offset) < UInt(bitPattern: wholeWords) else {
      return lastWord(at: offset)
    }
    return loadWord(at: offset)
  }

  /// Only for an offset with eight bytes behind it.
  @inline(__always)
  private func loadWord(at offset: Int) -> UInt64 {
    // Both callers have found that offset and count leave room for eight bytes.
    unsafe UInt64(
      littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  @inline(never)
  private func lastWord(at offset: Int) -> UInt64 {
    precondition(offset >= 0)
    // A shift of 64 bits and more leaves zero.
    if count >= 8 { return loadWord(at: count &- 8) >> (8 &* (offset &- (count &- 8))) }
    var word: UInt64 = 0
    for place in offset..<Swift.max(offset, count) {
      word |= UInt64(self[place]) << UInt64(8 * (place - offset))
    }
    return word
  }

  @inline(__always)
  func bigEndian64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count &- 8)
    return word(at: offset).byteSwapped
  }
}
