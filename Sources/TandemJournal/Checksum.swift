// SPDX-License-Identifier: Apache-2.0
// The two checksums of the file formats, in the shape the formats use them.

import TandemPlatform

package enum Checksum {
  /// CRC-32C of a range of a buffer.
  static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 { crc32c(bytes, seed: 0) }

  /// SHA-256 of no bytes; most records have no personal section.
  static let ofNothing = sha256([])

  package static func sha256(_ bytes: ArraySlice<UInt8>) -> ChainHash {
    ChainHash(SHA256.digest(of: bytes))
  }
}

extension ChainHash {
  init(_ digest: Digest) {
    self.init((digest.word0, digest.word1, digest.word2, digest.word3))
  }
}
