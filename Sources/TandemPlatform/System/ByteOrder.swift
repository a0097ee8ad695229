// SPDX-License-Identifier: Apache-2.0
// Fixed-width integers in plain bytes: one load or store each, inside checked bounds.

extension [UInt8] {
  /// Reads a little-endian value at any offset; the bounds are checked.
  @inlinable
  @inline(__always)
  package func loadLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int
  ) -> Value {
    unsafe Value(
      littleEndian: span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}

extension MutableSpan<UInt8> {
  /// Overwrites bytes with a little-endian value; the bounds are checked.
  @inlinable
  @inline(__always)
  package mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) {
    var raw = unsafe mutableBytes
    raw.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}
