// SPDX-License-Identifier: Apache-2.0
// Raw buffers that connections of one loop borrow while they have bytes to keep.

import TandemPrimitives

/// Raw memory that is freed with its last reference.
@safe final class RawBuffer {
  let memory: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    unsafe memory = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit { unsafe memory.deallocate() }

  var byteCount: Int { unsafe memory.count }
}

/// Keeps a bounded number of equal buffers for use again.
///
/// Confined to one executor.
package final class BufferPool {
  package let bufferBytes: Int
  private let freeMaximum: Int
  private var free = FreeBuffers()

  /// Makes a pool whose free buffers never take more than `freeMaximum * bufferBytes` bytes.
  package init(bufferBytes: Int, freeMaximum: Int) {
    invariant(bufferBytes > 0, "buffers hold something")
    self.bufferBytes = bufferBytes
    self.freeMaximum = freeMaximum
    free.buffers.reserveCapacity(freeMaximum)
  }

  package var freeCount: Int { free.buffers.count }

  /// A buffer of at least so many bytes; a larger one than usual is made for the occasion.
  func lease(atLeast byteCount: Int) -> RawBuffer {
    guard byteCount <= bufferBytes else { return RawBuffer(byteCount: byteCount) }
    return free.take() ?? RawBuffer(byteCount: bufferBytes)
  }

  /// Takes a buffer back; it is freed when it is not of the usual size or enough are free.
  func giveBack(_ buffer: consuming RawBuffer) {
    if buffer.byteCount == bufferBytes { free.add(buffer, maximum: freeMaximum) }
  }
}

/// Looked at once each time a buffer comes or goes.
private struct FreeBuffers {
  var buffers: [RawBuffer] = []

  mutating func take() -> RawBuffer? { buffers.popLast() }

  mutating func add(_ buffer: consuming RawBuffer, maximum: Int) {
    if buffers.count < maximum { buffers.append(buffer) }
  }
}
