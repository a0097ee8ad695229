// SPDX-License-Identifier: Apache-2.0
// Bytes that wait to be sent to a connection, contiguous, so that one send a turn takes them all.

import TandemPrimitives

/// What a flush left behind.
package enum FlushOutcome: Equatable, Sendable {
  /// Nothing is left.
  case empty
  /// The kernel's buffer is full; flush again when the socket is writable.
  case blocked
  case failed(Errno)
}

/// The unsent bytes of one connection; holds a buffer only while there are some.
///
/// Confined to the executor of its pool. Dropped without `removeAll`, it frees its buffer instead
/// of giving it back, so that it may go on any thread. It has no bound: callers stop reading at
/// theirs.
package struct OutputBuffer: ~Copyable {
  private var region: ByteRegion

  package init(pool: BufferPool) { region = ByteRegion(pool: pool) }

  package var count: Int { region.count }
  package var isEmpty: Bool { region.count == 0 }
  package var holdsBuffer: Bool { region.holdsBuffer }

  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { raw in unsafe region.append(raw) }
  }

  package mutating func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { raw in unsafe region.append(raw) }
  }

  package mutating func append(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { raw in unsafe region.append(raw) }
  }

  package mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { raw in unsafe region.append(raw) }
  }

  /// Sixteen bytes without a buffer in between.
  package mutating func append(littleEndian first: UInt64, _ second: UInt64) {
    var words = (first.littleEndian, second.littleEndian)
    unsafe withUnsafeBytes(of: &words) { raw in unsafe region.append(raw) }
  }

  /// Sixteen bytes, the first bytes of a word of sixteen, and a body, for which the buffer is looked at
  /// once.
  package mutating func append(
    littleEndian first: UInt64, _ second: UInt64, _ word: UInt128, count: Int, _ body: Span<UInt8>
  ) {
    unsafe body.withUnsafeBytes { raw in
      unsafe region.append(first.littleEndian, second.littleEndian, word.littleEndian, count, raw)
    }
  }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) { unsafe region.append(bytes) }

  /// Lets an encoder write into the buffer itself; it returns how many bytes it wrote.
  package mutating func append<Failure: Error>(
    upTo byteCount: Int, _ encode: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    region.reserve(byteCount)
    defer { if count == 0 { region.removeAll() } }
    region.extend(by: try unsafe encode(region.room))
  }

  /// Sends with one call; what the kernel does not take stays.
  package mutating func flush(to socket: StreamSocket) -> FlushOutcome {
    guard !isEmpty else { return .empty }
    switch unsafe socket.write(region.bytes) {
    case .bytes(let sent):
      region.consume(sent)
      return isEmpty ? .empty : .blocked
    case .wouldBlock: return .blocked
    case .failed(let error): return .failed(error)
    }
  }

  /// Lends the unsent bytes.
  package func withUnsent<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe region.bytes.bytes)
  }

  package mutating func consume(_ byteCount: Int) { region.consume(byteCount) }

  /// Drops everything and gives the buffer back.
  package mutating func removeAll() { region.removeAll() }
}
