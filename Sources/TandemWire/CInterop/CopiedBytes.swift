// SPDX-License-Identifier: Apache-2.0
// Bytes and words put into room that the caller holds, each as one block.

internal import TandemPrimitives

extension OutputSpan<UInt8> {
  /// Adds all bytes of a span; there must be room for them.
  @inlinable
  @inline(__always)
  package mutating func append(copying source: borrowing Span<UInt8>) {
    let count = source.count
    precondition(count <= freeCapacity, "bytes are copied into room that is there")
    // Safe: both buffers hold at least that many bytes while they are lent, and they are two.
    unsafe source.withUnsafeBufferPointer { from in
      guard let first = from.baseAddress else { return }
      unsafe withUnsafeMutableBufferPointer { room, used in
        unsafe (room.baseAddress.unsafelyUnwrapped + used).initialize(from: first, count: count)
        used += count
      }
    }
  }

  /// Adds the eight bytes of a word, least significant first.
  @inline(__always)
  mutating func append(word: UInt64) {
    precondition(freeCapacity >= 8, "a word is put into room that is there")
    // Safe: there is room for the word, and a byte's memory may be written as part of one.
    unsafe withUnsafeMutableBufferPointer { room, used in
      let place = unsafe UnsafeMutableRawPointer(room.baseAddress.unsafelyUnwrapped + used)
      unsafe place.storeBytes(of: word.littleEndian, as: UInt64.self)
      used += 8
    }
  }

  /// Adds the sixteen bytes of an identifier, most significant first.
  @inline(__always)
  mutating func append<Kind>(words identifier: Identifier<Kind>) {
    append(word: identifier.high.byteSwapped)
    append(word: identifier.low.byteSwapped)
  }
}
