// SPDX-License-Identifier: Apache-2.0
// The two checksums of the file formats, in the shape the formats use them.

import TandemPlatform

package enum Checksum {
  /// CRC-32C of a range of a buffer.
  static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 { crc32c(bytes, seed: 0) }

  /// SHA-256 of no bytes; most records have no personal section.
  static var ofNothing: ChainHash {
    ChainHash(
      (
        0xe3b0_c442_98fc_1c14, 0x9afb_f4c8_996f_b924, 0x27ae_41e4_649b_934c,
        0xa495_991b_7852_b855
      ))
  }

  package static func sha256(_ bytes: ArraySlice<UInt8>) -> ChainHash {
    ChainHash(SHA256.digest(of: bytes))
  }
}

extension ChainHash {
  init(_ digest: Digest) {
    self.init((digest.word0, digest.word1, digest.word2, digest.word3))
  }
}
