// SPDX-License-Identifier: Apache-2.0
// The schemas as a FileDescriptorSet, from the bytes that the generator put into C.

internal import CTandemWire

package enum SchemaDescriptors {
  /// A google.protobuf.FileDescriptorSet of every schema.
  package static let set: [UInt8] = unsafe [UInt8](
    UnsafeBufferPointer(start: tandem_descriptor_set, count: tandem_descriptor_set_length))
  /// SHA-256 of the set; WELCOME tells it so that tools may keep what Describe said.
  package static let hash: [UInt8] = unsafe [UInt8](
    UnsafeBufferPointer(start: tandem_descriptor_sha256, count: 32))
}
