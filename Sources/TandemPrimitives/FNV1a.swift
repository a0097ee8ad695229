// SPDX-License-Identifier: Apache-2.0
// A quick digest where nobody gains from a collision, or whoever looks compares what was digested.

/// FNV-1a with 64 bits; what is mixed in may be a byte or a whole word.
package enum FNV1a {
  @inlinable
  package static var start: UInt64 { 0xCBF2_9CE4_8422_2325 }

  @inlinable
  package static func next(_ hash: UInt64, _ value: some FixedWidthInteger & UnsignedInteger)
    -> UInt64
  {
    (hash ^ UInt64(truncatingIfNeeded: value)) &* 0x100_0000_01B3
  }
}
