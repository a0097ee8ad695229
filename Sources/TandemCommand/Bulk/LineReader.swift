// SPDX-License-Identifier: Apache-2.0
// Lines of a file, each in bytes; one that is too long is told as such and passed over.

package struct LineReader {
  package struct Line {
    package let number: Int
    /// Nil when it has more bytes than a line may have.
    package let bytes: [UInt8]?
    /// False for what stands behind the last newline.
    package let isWhole: Bool
  }

  private var bytes: ByteStream
  private let lineBytesMax: Int
  private var number = 0

  package init(_ bytes: ByteStream, lineBytesMax: Int = BulkFormat.rowBytes) {
    self.bytes = bytes
    self.lineBytesMax = lineBytesMax
  }

  /// The next line without its newline.
  package mutating func next() throws -> Line? {
    guard try bytes.peek() != nil else { return nil }
    number += 1
    var line: [UInt8] = []
    var isTooLong = false
    while let byte = try bytes.next() {
      if byte == UInt8(ascii: "\n") {
        return Line(number: number, bytes: isTooLong ? nil : line, isWhole: true)
      }
      if line.count < lineBytesMax { line.append(byte) } else { isTooLong = true }
    }
    return Line(number: number, bytes: isTooLong ? nil : line, isWhole: false)
  }
}
