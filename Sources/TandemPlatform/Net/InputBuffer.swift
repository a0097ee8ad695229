// SPDX-License-Identifier: Apache-2.0
// Bytes read from a connection and not yet understood. Must not know what a frame looks like.

import TandemPrimitives

/// The unread bytes of one connection; holds a buffer only while there are some.
///
/// Confined to the executor of its pool. Dropped without `removeAll`, it frees its buffer instead
/// of giving it back, so that it may go on any thread.
package struct InputBuffer: ~Copyable {
  private var region: ByteRegion

  package init(pool: BufferPool) { region = ByteRegion(pool: pool) }

  package var count: Int { region.count }
  package var holdsBuffer: Bool { region.holdsBuffer }
  /// The last read took all the room there was, so the socket may hold more.
  package var isFull: Bool { region.roomCount == 0 }

  /// Reads once from a socket into what room there is.
  ///
  /// A full buffer is a bug of the caller, who has neither consumed its frames nor made room for
  /// one.
  package mutating func fill(from socket: StreamSocket) -> ReadOutcome {
    makeRoom()
    return keep(unsafe socket.read(into: region.room))
  }

  /// Does the same with bytes that the kernel keeps, until `StreamSocket.discard` takes them.
  package mutating func peek(at socket: StreamSocket) -> ReadOutcome {
    makeRoom()
    return keep(unsafe socket.peek(into: region.room))
  }

  private mutating func makeRoom() {
    region.reserveWithoutGrowing()
    invariant(region.roomCount > 0, "a full buffer is consumed or enlarged before the next read")
  }

  private mutating func keep(_ outcome: ReadOutcome) -> ReadOutcome {
    switch outcome {
    case .bytes(let count): region.extend(by: count)
    case .wouldBlock, .endOfStream, .failed: if count == 0 { region.removeAll() }
    }
    return outcome
  }

  /// Makes room for a frame of so many bytes that begins with the first unread byte.
  ///
  /// False, without any change, when the frame is larger than allowed.
  package mutating func makeRoom(forFrameOf byteCount: Int, maximum: Int) -> Bool {
    guard byteCount <= maximum else { return false }
    if byteCount > count { region.reserve(byteCount - count) }
    return true
  }

  /// Lends the unread bytes.
  package func withUnread<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe region.bytes.bytes)
  }

  /// Copies unread bytes, counted from the first unread byte.
  package func copyUnread(_ range: Range<Int>) -> [UInt8] {
    invariant(range.lowerBound >= 0 && range.upperBound <= count, "only held bytes are copied")
    return unsafe [UInt8](region.bytes[range])
  }

  /// Copies unread bytes over what an array held, whose capacity is used again, and marks all up to
  /// their end as understood.
  package mutating func take(_ range: Range<Int>, into copy: inout [UInt8]) {
    invariant(range.lowerBound >= 0 && range.upperBound <= count, "only held bytes are copied")
    copy.removeAll(keepingCapacity: true)
    unsafe copy.append(contentsOf: UnsafeRawBufferPointer(rebasing: region.bytes[range]))
    region.consume(range.upperBound)
  }

  /// Adds bytes that another owner of the socket has read already.
  package mutating func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { raw in unsafe region.append(raw) }
  }

  /// Marks bytes as understood.
  package mutating func consume(_ byteCount: Int) { region.consume(byteCount) }

  /// Drops everything and gives the buffer back.
  package mutating func removeAll() { region.removeAll() }
}
