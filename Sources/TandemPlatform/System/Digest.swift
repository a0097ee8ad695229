// SPDX-License-Identifier: Apache-2.0
// SHA-256 and comparison of secrets, both by libcrypto.

import CLinux
import TandemPrimitives

/// A SHA-256 digest as four big-endian words.
///
/// `==` is for table keys; secrets need `constantTimeEqual`.
package struct Digest: Hashable, Sendable {
  package let word0: UInt64
  package let word1: UInt64
  package let word2: UInt64
  package let word3: UInt64

  package init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// Reads thirty-two bytes; any other count is not a digest.
  package init?(bytes: ArraySlice<UInt8>) {
    guard bytes.count == 32 else { return nil }
    func word(_ index: Int) -> UInt64 {
      let start = bytes.startIndex + 8 * index
      return bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    self.init(word0: word(0), word1: word(1), word2: word(2), word3: word(3))
  }

  /// The thirty-two bytes in the usual order.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in [word0, word1, word2, word3] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }
}

/// A SHA-256 in progress.
///
/// Copies go separate ways. Nothing is allocated.
package struct SHA256: Sendable {
  private var context = linux_sha256()

  package init() { unsafe linux_sha256_start(&context) }

  /// The digest of some bytes.
  package static func digest(of bytes: ArraySlice<UInt8>) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// The digest of two pieces, one behind the other.
  package static func digest(of first: Span<UInt8>, _ second: borrowing RawSpan) -> Digest {
    unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in unsafe digest(of: first, second) }
    }
  }

  package static func digest(of first: Span<UInt8>, _ second: Span<UInt8>) -> Digest {
    unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in unsafe digest(of: first, second) }
    }
  }

  private static func digest(
    of first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    unsafe withUnsafeMutableBytes(of: &words) { raw in
      unsafe linux_sha256_joined(
        first.baseAddress, first.count, second.baseAddress, second.count,
        raw.bindMemory(to: UInt64.self).baseAddress)
    }
    return Digest(word0: words.0, word1: words.1, word2: words.2, word3: words.3)
  }

  package mutating func update(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { raw in unsafe update(raw) }
  }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { raw in unsafe update(raw) }
  }

  /// Takes a range of a buffer, without the counting of references that a slice of it costs.
  package mutating func update(_ bytes: [UInt8], in range: Range<Int>) {
    invariant(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a range of the buffer")
    unsafe bytes.withUnsafeBytes { raw in
      unsafe update(UnsafeRawBufferPointer(rebasing: raw[range]))
    }
  }

  /// Takes four numbers, most significant byte first.
  package mutating func update(bigEndian words: (UInt64, UInt64, UInt64, UInt64)) {
    let bytes = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
    )
    unsafe withUnsafeBytes(of: bytes) { raw in unsafe update(raw) }
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe linux_sha256_update(&context, bytes.baseAddress, bytes.count)
  }

  package consuming func finish() -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    unsafe withUnsafeMutableBytes(of: &words) { raw in
      unsafe linux_sha256_finish(&context, raw.bindMemory(to: UInt8.self).baseAddress)
    }
    return Digest(
      word0: words.0.bigEndian, word1: words.1.bigEndian,
      word2: words.2.bigEndian, word3: words.3.bigEndian)
  }
}

/// Compares secrets without telling by its duration where they differ; lengths are no secret.
package func constantTimeEqual(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBytes { left in
    unsafe right.withUnsafeBytes { right in
      unsafe linux_constant_time_equal(left.baseAddress, right.baseAddress, left.count)
    }
  }
}

/// Compares digests of secrets in constant time; nothing is allocated.
package func constantTimeEqual(_ left: Digest, _ right: Digest) -> Bool {
  unsafe withUnsafeBytes(of: left) { left in
    unsafe withUnsafeBytes(of: right) { right in
      unsafe linux_constant_time_equal(left.baseAddress, right.baseAddress, left.count)
    }
  }
}
