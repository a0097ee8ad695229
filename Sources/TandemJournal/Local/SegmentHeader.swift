// SPDX-License-Identifier: Apache-2.0
// First 4 KiB of a segment file; synced before the file gets its name.

package import TandemPrimitives

package struct SegmentHeader: Sendable, Equatable {
  package static let bytes = 4_096
  static let magic: [UInt8] = Array("TNDMWAL1".utf8)
  static let version: UInt32 = 1

  package var store: StoreID
  package var timeline: TimelineID
  /// Mixed into every frame's sync word, so bytes of another file never look like a frame.
  package var salt: UInt32
  package var firstLSN: UInt64
  package var nodeEpoch: UInt64
  /// Chain value that the first frame must carry.
  package var firstChain: FrameChain
  package var created: Timestamp

  package init(
    store: StoreID, timeline: TimelineID, salt: UInt32, firstLSN: UInt64, nodeEpoch: UInt64,
    firstChain: FrameChain, created: Timestamp
  ) {
    self.store = store
    self.timeline = timeline
    self.salt = salt
    self.firstLSN = firstLSN
    self.nodeEpoch = nodeEpoch
    self.firstChain = firstChain
    self.created = created
  }

  package func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.appendLittleEndian(Self.version)
    bytes.appendLittleEndian(Self.version)
    bytes.appendLittleEndian(UInt64(0))
    bytes.append(identifier: store)
    bytes.append(identifier: timeline)
    bytes.appendLittleEndian(salt)
    bytes.appendLittleEndian(UInt32(0))
    bytes.appendLittleEndian(firstLSN)
    bytes.appendLittleEndian(nodeEpoch)
    firstChain.append(to: &bytes)
    bytes.appendLittleEndian(created.milliseconds)
    bytes.append(contentsOf: repeatElement(0, count: Self.bytes - 4 - bytes.count))
    bytes.appendLittleEndian(Checksum.crc(bytes[...]))
    return bytes
  }

  /// Reads the header at the start of a file's bytes; nil when it is damaged.
  package static func decode(_ bytes: [UInt8]) throws(JournalError) -> SegmentHeader? {
    guard bytes.count >= Self.bytes, Array(bytes[..<8]) == magic,
      Checksum.crc(bytes[..<(Self.bytes - 4)]) == bytes.littleEndian32(at: Self.bytes - 4)
    else { return nil }
    let minimumReader = bytes.littleEndian32(at: 12)
    guard minimumReader <= version else {
      throw .unsupportedFormat(found: minimumReader, newest: version)
    }
    guard let store = StoreID(bytes: bytes[24..<40]),
      let timeline = TimelineID(bytes: bytes[40..<56])
    else { return nil }
    return SegmentHeader(
      store: store, timeline: timeline, salt: bytes.littleEndian32(at: 56),
      firstLSN: bytes.littleEndian64(at: 64), nodeEpoch: bytes.littleEndian64(at: 72),
      firstChain: FrameChain(bytes, at: 80),
      created: Timestamp(milliseconds: Int64(bitPattern: bytes.littleEndian64(at: 96))))
  }
}

/// First 16 bytes of the SHA-256 of the frame header before.
package struct FrameChain: Sendable, Equatable {
  package var high: UInt64
  package var low: UInt64
  package static let start = FrameChain(high: 0, low: 0)

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(_ bytes: [UInt8], at offset: Int) {
    high = bytes.littleEndian64(at: offset).byteSwapped
    low = bytes.littleEndian64(at: offset + 8).byteSwapped
  }

  /// The value that the frame after a given header must carry.
  init(after header: ArraySlice<UInt8>) {
    let hash = Checksum.sha256(header)
    high = hash.words.0
    low = hash.words.1
  }

  func append(to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(high.byteSwapped)
    bytes.appendLittleEndian(low.byteSwapped)
  }
}
