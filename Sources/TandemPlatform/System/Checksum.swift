// SPDX-License-Identifier: Apache-2.0
// CRC-32C and the search for bytes that are not zero. They find damage; they do not protect against an
// attacker.

import CLinux

/// The CRC-32C of bytes; the seed is the checksum of the bytes before them, 0 for none.
package func crc32c(_ bytes: ArraySlice<UInt8>, seed: UInt32) -> UInt32 {
  unsafe bytes.withUnsafeBytes { raw in unsafe crc32c(raw, seed: seed) }
}

/// The CRC-32C of a span.
package func crc32c(_ bytes: RawSpan, seed: UInt32) -> UInt32 {
  unsafe bytes.withUnsafeBytes { raw in unsafe crc32c(raw, seed: seed) }
}

/// The CRC-32C of raw memory.
package func crc32c(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
  unsafe linux_crc32c(bytes.baseAddress, bytes.count, seed)
}

/// Whether two ranges hold the same bytes; no secrets, its duration tells where they differ.
package func areEqual(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBytes { left in
    unsafe right.withUnsafeBytes { right in
      unsafe linux_is_equal(left.baseAddress, right.baseAddress, left.count)
    }
  }
}

/// Whether bytes are nothing but zeros; fast enough for whole log segments.
package func isAllZero(_ bytes: ArraySlice<UInt8>) -> Bool {
  unsafe bytes.withUnsafeBytes { raw in unsafe linux_is_zero(raw.baseAddress, raw.count) }
}
