// SPDX-License-Identifier: Apache-2.0
// Fixed-width loads and stores at fixed offsets. Little endian; a file offset never depends on a type.

import TandemPlatform
import TandemPrimitives

extension MutableSpan<UInt8> {
  /// Overwrites bytes with a little-endian value.
  @inline(__always)
  mutating func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    for index in 0..<Value.bitWidth / 8 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> Value(8 * index))
    }
  }
}

extension [UInt8] {
  func littleEndian16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
  }

  func littleEndian32(at offset: Int) -> UInt32 {
    UInt32(littleEndian16(at: offset)) | UInt32(littleEndian16(at: offset + 2)) << 16
  }

  func littleEndian64(at offset: Int) -> UInt64 {
    UInt64(littleEndian32(at: offset)) | UInt64(littleEndian32(at: offset + 4)) << 32
  }

  /// True when a range holds nothing but zeros.
  func isZero(in range: Range<Int>) -> Bool {
    isAllZero(self[range])
  }

  /// Zeros up to the next multiple of a block.
  mutating func pad(to block: Int) {
    let over = count % block
    if over != 0 { append(contentsOf: repeatElement(0, count: block - over)) }
  }
}

extension ChainHash {
  /// Reads 32 bytes, most significant first.
  package init(bytes: ArraySlice<UInt8>) {
    invariant(bytes.count == 32, "a chain hash has 32 bytes")
    var words: [UInt64] = [0, 0, 0, 0]
    var index = bytes.startIndex
    for word in 0..<4 {
      for _ in 0..<8 {
        words[word] = words[word] << 8 | UInt64(bytes[index])
        index += 1
      }
    }
    self.init((words[0], words[1], words[2], words[3]))
  }

  /// The 32 bytes, most significant first.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    append(to: &bytes)
    return bytes
  }

  /// Appends the 32 bytes, most significant first.
  package func append(to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(words.0.byteSwapped)
    bytes.appendLittleEndian(words.1.byteSwapped)
    bytes.appendLittleEndian(words.2.byteSwapped)
    bytes.appendLittleEndian(words.3.byteSwapped)
  }
}
