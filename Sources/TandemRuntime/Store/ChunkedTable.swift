// SPDX-License-Identifier: Apache-2.0
// Dense slots in chunks. A copy is an image: later changes copy one chunk, never the table.

/// Slots by number, in chunks of 64; copying the table shares all chunks.
package struct ChunkedTable<Slot: Sendable>: Sendable {
  private static var chunkSlots: Int { 64 }

  private var chunks: [[Slot]] = []
  package private(set) var count = 0

  package init() {}

  package subscript(index: Int) -> Slot {
    get { chunks[index / Self.chunkSlots][index % Self.chunkSlots] }
    _modify { yield &chunks[index / Self.chunkSlots][index % Self.chunkSlots] }
  }

  /// Lends a slot without copying it.
  @inline(__always)
  package func withSlot<Result>(_ index: Int, _ body: (Slot) -> Result) -> Result {
    body(chunks[index / Self.chunkSlots][index % Self.chunkSlots])
  }

  /// Adds a slot at the end and returns its number.
  package mutating func append(_ slot: Slot) -> Int {
    if count % Self.chunkSlots == 0 {
      var chunk: [Slot] = []
      chunk.reserveCapacity(Self.chunkSlots)
      chunks.append(chunk)
    }
    chunks[count / Self.chunkSlots].append(slot)
    defer { count += 1 }
    return count
  }
}
