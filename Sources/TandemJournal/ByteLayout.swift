// SPDX-License-Identifier: Apache-2.0
// Fixed-width loads and stores at fixed offsets. Little endian; a file offset never depends on a type.

import TandemPlatform
import TandemPrimitives

extension [UInt8] {
  @inline(__always)
  func littleEndian16(at offset: Int) -> UInt16 { loadLittleEndian(at: offset) }

  @inline(__always)
  func littleEndian32(at offset: Int) -> UInt32 { loadLittleEndian(at: offset) }

  @inline(__always)
  func littleEndian64(at offset: Int) -> UInt64 { loadLittleEndian(at: offset) }

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

  /// Reads 32 bytes of a buffer, most significant first.
  init(_ bytes: [UInt8], at offset: Int) {
    self.init(
      (
        bytes.littleEndian64(at: offset).byteSwapped,
        bytes.littleEndian64(at: offset + 8).byteSwapped,
        bytes.littleEndian64(at: offset + 16).byteSwapped,
        bytes.littleEndian64(at: offset + 24).byteSwapped
      ))
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
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: 32))
    store(at: start, in: &bytes)
  }

  /// Overwrites 32 bytes, most significant first.
  func store(at offset: Int, in bytes: inout [UInt8]) {
    var span = bytes.mutableSpan
    span.store(words.0.byteSwapped, at: offset)
    span.store(words.1.byteSwapped, at: offset + 8)
    span.store(words.2.byteSwapped, at: offset + 16)
    span.store(words.3.byteSwapped, at: offset + 24)
  }
}
