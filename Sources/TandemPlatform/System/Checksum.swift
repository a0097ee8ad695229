// SPDX-License-Identifier: Apache-2.0
// CRC-32C. It finds damage; it does not protect against an attacker.

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
