// SPDX-License-Identifier: Apache-2.0
// Deals in a snapshot chunk: length and bytes, back to back.

import TandemPrimitives
package import TandemWire

/// Fills chunks of about a mebibyte.
package struct DealChunkWriter {
  private static let chunkBytes = 1024 * 1024
  package private(set) var chunks: [[UInt8]] = []
  private var open: [UInt8] = []

  package init() {}

  package mutating func append(_ deal: [UInt8]) {
    open.appendLittleEndian(UInt32(deal.count))
    open.append(contentsOf: deal)
    if open.count >= Self.chunkBytes { seal() }
  }

  /// Ends the last chunk.
  package mutating func seal() {
    guard !open.isEmpty else { return }
    chunks.append(open)
    open = []
  }
}

/// Reads what the writer wrote; a cut chunk is an error, never fewer deals.
package struct DealChunkReader {
  private var reader: ByteReader

  package init(_ chunk: [UInt8]) { reader = ByteReader(chunk[...]) }

  package mutating func next() throws(WireError) -> [UInt8]? {
    guard reader.remaining > 0 else { return nil }
    guard let count = reader.integer(UInt32.self), let bytes = reader.slice(Int(count)) else {
      throw WireError(.malformed, field: "deals", "a chunk of deals is cut short")
    }
    return Array(bytes)
  }
}
