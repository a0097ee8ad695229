// SPDX-License-Identifier: Apache-2.0
// One group commit on disk: a header of 80 bytes, batches, zeros up to 4 KiB. Stored whole or not at all.

import TandemPlatform
package import TandemPrimitives

package enum FrameKind: UInt16, Sendable {
  case data = 1
  /// Written when a node takes the log; nothing of an older epoch may follow.
  case epochOpen = 2
  /// Follows a quiet moment and proves the frame before it durable.
  case mark = 3
}

package struct FrameHeader: Sendable, Equatable {
  package static let bytes = 80
  package static let block = Limits.framePaddingBytes
  static let syncWord: UInt32 = 0x4D52_4654

  /// With padding.
  var totalBytes: Int
  /// Without padding.
  var contentBytes: Int
  var firstLSN: UInt64
  /// Records of a data frame; 1 for the others, which take an LSN of their own.
  var count: UInt32
  var kind: FrameKind
  var nodeEpoch: UInt64
  /// Everything up to here was durable when this frame was built.
  var durableLSN: UInt64
  var time: Timestamp
  var chain: FrameChain
  var bodyChecksum: UInt32

  package init(
    totalBytes: Int, contentBytes: Int, firstLSN: UInt64, count: UInt32, kind: FrameKind,
    nodeEpoch: UInt64, durableLSN: UInt64, time: Timestamp, chain: FrameChain, bodyChecksum: UInt32
  ) {
    self.totalBytes = totalBytes
    self.contentBytes = contentBytes
    self.firstLSN = firstLSN
    self.count = count
    self.kind = kind
    self.nodeEpoch = nodeEpoch
    self.durableLSN = durableLSN
    self.time = time
    self.chain = chain
    self.bodyChecksum = bodyChecksum
  }

  var nextLSN: UInt64 { firstLSN + UInt64(count) }

  /// Writes the header over the first 80 bytes of a frame.
  package func stamp(into frame: inout [UInt8], salt: UInt32) {
    var span = frame.mutableSpan
    span.store(Self.syncWord ^ salt, at: 0)
    span.store(UInt32(totalBytes), at: 4)
    span.store(firstLSN, at: 8)
    span.store(count, at: 16)
    span.store(kind.rawValue, at: 20)
    span.store(UInt16(0), at: 22)
    span.store(nodeEpoch, at: 24)
    span.store(durableLSN, at: 32)
    span.store(time.milliseconds, at: 40)
    span.store(chain.high.byteSwapped, at: 48)
    span.store(chain.low.byteSwapped, at: 56)
    span.store(UInt32(contentBytes), at: 64)
    span.store(UInt32(0), at: 68)
    frame.storeLittleEndian(Checksum.crc(frame[0..<72]), at: 72)
    frame.storeLittleEndian(bodyChecksum, at: 76)
  }

  /// Reads a header whose sync word and checksum are right; its place in the log is not checked here.
  package static func decode(_ bytes: [UInt8], at offset: Int, salt: UInt32) -> FrameHeader? {
    guard bytes.count - offset >= Self.bytes,
      bytes.littleEndian32(at: offset) == syncWord ^ salt,
      Checksum.crc(bytes[offset..<offset + 72]) == bytes.littleEndian32(at: offset + 72),
      let kind = FrameKind(rawValue: bytes.littleEndian16(at: offset + 20))
    else { return nil }
    let header = FrameHeader(
      totalBytes: Int(bytes.littleEndian32(at: offset + 4)),
      contentBytes: Int(bytes.littleEndian32(at: offset + 64)),
      firstLSN: bytes.littleEndian64(at: offset + 8),
      count: bytes.littleEndian32(at: offset + 16), kind: kind,
      nodeEpoch: bytes.littleEndian64(at: offset + 24),
      durableLSN: bytes.littleEndian64(at: offset + 32),
      time: Timestamp(milliseconds: Int64(bitPattern: bytes.littleEndian64(at: offset + 40))),
      chain: FrameChain(bytes, at: offset + 48),
      bodyChecksum: bytes.littleEndian32(at: offset + 76))
    guard header.totalBytes % block == 0, header.contentBytes >= Self.bytes,
      header.contentBytes <= header.totalBytes, header.count > 0
    else { return nil }
    return header
  }
}

/// Where one batch lies in a segment.
struct BatchEntry: Sendable, Equatable {
  static let headerBytes = 24

  let partition: PartitionID
  let first: UInt64
  let count: UInt32
  /// Offset of the records in the file.
  let offset: UInt32
  let length: UInt32
  let checksum: UInt32

  var last: UInt64 { first + UInt64(count) - 1 }

  /// Writes the batch header before records that begin 24 bytes later.
  func stamp(at offset: Int, in frame: inout [UInt8]) {
    var span = frame.mutableSpan
    span.store(partition.value, at: offset)
    span.store(UInt16(0), at: offset + 2)
    span.store(count, at: offset + 4)
    span.store(first, at: offset + 8)
    span.store(length, at: offset + 16)
    span.store(checksum, at: offset + 20)
  }

  /// The batches of a data frame, or nil when they do not fill its content exactly.
  static func all(of frame: FrameHeader, at start: Int, in bytes: [UInt8]) -> [BatchEntry]? {
    var entries: [BatchEntry] = []
    var offset = start + FrameHeader.bytes
    let end = start + frame.contentBytes
    var records: UInt64 = 0
    while offset < end {
      guard end - offset >= headerBytes else { return nil }
      let entry = BatchEntry(
        partition: PartitionID(bytes.littleEndian16(at: offset)),
        first: bytes.littleEndian64(at: offset + 8),
        count: bytes.littleEndian32(at: offset + 4), offset: UInt32(offset + headerBytes),
        length: bytes.littleEndian32(at: offset + 16),
        checksum: bytes.littleEndian32(at: offset + 20))
      guard entry.count > 0, entry.first > 0, Int(entry.length) <= end - offset - headerBytes,
        Int(entry.partition.value) < Limits.partitions
      else { return nil }
      entries.append(entry)
      records += UInt64(entry.count)
      offset += headerBytes + Int(entry.length)
    }
    return records == UInt64(frame.count) ? entries : nil
  }
}
