// SPDX-License-Identifier: Apache-2.0
// Contiguous bytes in a borrowed buffer: appended at the tail, consumed at the head.
// Every access of raw memory by the input and output buffers is here.

import TandemPrimitives

/// A queue of bytes that holds a buffer only while it holds bytes.
///
/// `head <= tail <= buffer.byteCount`; without a buffer both are 0.
struct ByteRegion: ~Copyable {
  private let pool: BufferPool
  private var buffer: RawBuffer?
  private var head = 0
  private var tail = 0

  init(pool: BufferPool) { self.pool = pool }

  var count: Int { tail - head }

  var holdsBuffer: Bool { buffer != nil }

  /// The bytes held; valid until the next change.
  var bytes: UnsafeRawBufferPointer {
    guard let buffer else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeRawBufferPointer(rebasing: buffer.memory[head..<tail])
  }

  /// Room after the bytes, all of it; valid until the next change.
  var room: UnsafeMutableRawBufferPointer {
    guard let buffer else { return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[tail...])
  }

  /// How many bytes fit into `room`.
  var roomCount: Int { buffer.map { $0.byteCount - tail } ?? 0 }

  /// Makes room for so many more bytes: by moving to the front if that is enough, else by growing.
  mutating func reserve(_ byteCount: Int) {
    guard let current = buffer else {
      buffer = pool.lease(atLeast: byteCount)
      return
    }
    if roomCount >= byteCount { return }
    if current.byteCount - count >= byteCount {
      moveToFront()
    } else {
      // Doubling keeps the cost of appending constant.
      move(to: pool.lease(atLeast: max(count + byteCount, 2 * current.byteCount)))
      pool.giveBack(current)
    }
  }

  /// Makes what room there is without growing: a quarter of the buffer or all that is not in use.
  mutating func reserveWithoutGrowing() {
    guard let current = buffer else {
      buffer = pool.lease(atLeast: pool.bufferBytes)
      return
    }
    if roomCount < current.byteCount / 4 { moveToFront() }
  }

  private mutating func moveToFront() {
    if let buffer, head > 0 { move(to: buffer) }
  }

  /// Copies the bytes to the front of a buffer, which may be the present one.
  private mutating func move(to destination: RawBuffer) {
    unsafe destination.memory.copyMemory(from: bytes)
    buffer = destination
    tail -= head
    head = 0
  }

  /// Counts bytes that were written into `room`.
  mutating func extend(by byteCount: Int) {
    invariant(byteCount >= 0, "a count of bytes, found \(byteCount)")
    invariant(byteCount <= roomCount, "\(byteCount) bytes were written into the room")
    tail += byteCount
  }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    guard more.count > 0 else { return }
    reserve(more.count)
    unsafe room.copyMemory(from: more)
    tail += more.count
  }

  /// Two words, the first bytes of a third, and bytes, in one go.
  mutating func append(
    _ first: UInt64, _ second: UInt64, _ third: UInt128, _ thirdBytes: Int,
    _ more: UnsafeRawBufferPointer
  ) {
    invariant(thirdBytes >= 0 && thirdBytes <= 16, "a word has 16 bytes")
    reserve(32 + more.count)
    // The whole third word is written; what is beyond its part is written over.
    let place = unsafe room
    unsafe place.storeBytes(of: first, as: UInt64.self)
    unsafe place.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
    unsafe place.storeBytes(of: third, toByteOffset: 16, as: UInt128.self)
    let start = 16 + thirdBytes
    if more.count > 0 {
      unsafe UnsafeMutableRawBufferPointer(rebasing: place[start...]).copyMemory(from: more)
    }
    tail += start + more.count
  }

  /// Drops bytes at the head; the buffer goes back when none are left.
  mutating func consume(_ byteCount: Int) {
    invariant(byteCount >= 0, "a count of bytes, found \(byteCount)")
    invariant(byteCount <= count, "\(byteCount) bytes are held, found \(count)")
    head += byteCount
    if head == tail { removeAll() }
  }

  mutating func removeAll() {
    if let buffer = buffer.take() { pool.giveBack(buffer) }
    head = 0
    tail = 0
  }
}
