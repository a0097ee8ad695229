// SPDX-License-Identifier: Apache-2.0
import CLinux
import TandemPlatform
import TandemPrimitives
import Testing

struct ChecksumTests {
  /// From RFC 3720 B.4 and the check value of the CRC catalogue.
  private static let vectors: [([UInt8], UInt32)] = [
    (Array("123456789".utf8), 0xE306_9283),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
    ([], 0),
  ]

  @Test(arguments: vectors)
  func `known vectors`(_ bytes: [UInt8], _ expected: UInt32) {
    #expect(crc32c(bytes[...], seed: 0) == expected)
    #expect(crc32c(bytes.span.bytes, seed: 0) == expected)
  }

  @Test func `the hardware and the software path agree at every length and offset`() {
    var random = SeededRandom(seed: 3)
    let bytes = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for _ in 0..<2000 {
      let start = Int.random(in: 0..<64, using: &random)
      let end = Int.random(in: start...bytes.count, using: &random)
      let seed = UInt32.random(in: 0...UInt32.max, using: &random)
      let slow = bytes[start..<end].withUnsafeBytes {
        linux_crc32c_software($0.baseAddress, $0.count, seed)
      }
      #expect(crc32c(bytes[start..<end], seed: seed) == slow)
    }
  }

  @Test func `a checksum continues from the one before`() {
    let bytes = Array("the seed is what came before".utf8)
    for cut in bytes.indices {
      let head = crc32c(bytes[..<cut], seed: 0)
      #expect(crc32c(bytes[cut...], seed: head) == crc32c(bytes[...], seed: 0))
    }
  }

  @Test func `one byte anywhere makes memory other than zero`() {
    for count in [0, 1, 2, 7, 8, 9, 64, 513] {
      var bytes = [UInt8](repeating: 0, count: count)
      #expect(isAllZero(bytes[...]))
      for index in bytes.indices {
        bytes[index] = 1
        #expect(!isAllZero(bytes[...]))
        bytes[index] = 0
      }
    }
  }
}
