// SPDX-License-Identifier: Apache-2.0
// Bytes of one record: a fixed header of 120 bytes, the body, the personal section (FORMAT.md).
// Encoding appends to a buffer that exists already; decoding shares the buffer it reads.

import TandemPlatform
package import TandemPrimitives

/// What a record consists of before the journal has given it a place.
package struct RecordParts: Sendable {
  package var partition: PartitionID
  package var tenant: TenantID
  package var commitSeq: UInt64
  package var time: Timestamp
  package var eventType: UInt16
  package var schemaVersion: UInt16
  package var keyHash: KeyHash

  package init(
    partition: PartitionID, tenant: TenantID, commitSeq: UInt64, time: Timestamp,
    eventType: UInt16, schemaVersion: UInt16, keyHash: KeyHash
  ) {
    self.partition = partition
    self.tenant = tenant
    self.commitSeq = commitSeq
    self.time = time
    self.eventType = eventType
    self.schemaVersion = schemaVersion
    self.keyHash = keyHash
  }
}

/// Where one record lies in a buffer.
package struct RecordRange: Sendable, Equatable {
  package let start: Int
  package let bodyCount: Int
  package let personalCount: Int

  package var bodyStart: Int { start + RecordCodec.headerBytes }
  package var personalStart: Int { bodyStart + bodyCount }
  package var end: Int { personalStart + personalCount }
}

/// Reads and writes records; holds nothing.
package enum RecordCodec {
  package static let headerBytes = 120
  /// The personal section was erased; its SHA-256 stands there, so that the chain still holds.
  package static let personalErased: UInt16 = 1

  package enum Offset {
    package static let length = 0
    static let partition = 4
    static let eventType = 6
    static let schemaVersion = 8
    package static let flags = 10
    static let bodyLength = 12
    static let position = 16
    static let epoch = 24
    static let tenant = 32
    static let commitSeq = 48
    static let time = 56
    static let keyHash = 64
    static let chain = 80
    package static let personalLength = 112
    static let reserved = 116
  }

  /// Room for the header of a record whose body and personal section are appended next.
  package static func begin(in bytes: inout [UInt8]) -> Int {
    bytes.append(addingCapacity: headerBytes) { $0.append(repeating: 0, count: headerBytes) }
    return bytes.count - headerBytes
  }

  /// Fills in the header of the record that ends where the bytes end.
  ///
  /// Position, epoch and chain are zero until the journal stamps them.
  package static func finish(
    _ parts: RecordParts, at start: Int, personalBytes: Int, in bytes: inout [UInt8]
  ) {
    let total = bytes.count - start
    var raw = bytes.mutableSpan
    raw.store(UInt32(total), at: start + Offset.length)
    raw.store(parts.partition.value, at: start + Offset.partition)
    raw.store(parts.eventType, at: start + Offset.eventType)
    raw.store(parts.schemaVersion, at: start + Offset.schemaVersion)
    raw.store(UInt32(total - headerBytes - personalBytes), at: start + Offset.bodyLength)
    raw.store(parts.tenant.high.byteSwapped, at: start + Offset.tenant)
    raw.store(parts.tenant.low.byteSwapped, at: start + Offset.tenant + 8)
    raw.store(parts.commitSeq, at: start + Offset.commitSeq)
    raw.store(parts.time.milliseconds, at: start + Offset.time)
    raw.store(parts.keyHash.high.byteSwapped, at: start + Offset.keyHash)
    raw.store(parts.keyHash.low.byteSwapped, at: start + Offset.keyHash + 8)
    raw.store(UInt32(personalBytes), at: start + Offset.personalLength)
  }

  /// Gives a record its place.
  package static func stamp(
    position: Position, epoch: Epoch, at start: Int, in bytes: inout [UInt8]
  ) {
    var raw = bytes.mutableSpan
    raw.store(position.value, at: start + Offset.position)
    raw.store(epoch.value, at: start + Offset.epoch)
  }

  package static func stamp(chain: ChainHash, at start: Int, in bytes: inout [UInt8]) {
    chain.store(at: start + Offset.chain, in: &bytes)
  }

  /// Where the record at an index lies, or nil when its lengths do not fit the given end.
  package static func range(at start: Int, in bytes: [UInt8], end: Int) -> RecordRange? {
    guard start >= 0, end <= bytes.count, end - start >= headerBytes else { return nil }
    let total = Int(bytes.littleEndian32(at: start + Offset.length))
    let body = Int(bytes.littleEndian32(at: start + Offset.bodyLength))
    let personal = Int(bytes.littleEndian32(at: start + Offset.personalLength))
    guard total == headerBytes + body + personal, total <= end - start else { return nil }
    return RecordRange(start: start, bodyCount: body, personalCount: personal)
  }

  /// Reads the record in a range; body and personal section share the buffer.
  package static func decode(_ range: RecordRange, in bytes: [UInt8]) -> Record {
    Record(
      partition: partition(of: range, in: bytes), position: position(of: range, in: bytes),
      epoch: Epoch(bytes.littleEndian64(at: range.start + Offset.epoch)),
      tenant: tenant(of: range, in: bytes), commitSeq: commitSeq(of: range, in: bytes),
      time: Timestamp(
        milliseconds: Int64(bitPattern: bytes.littleEndian64(at: range.start + Offset.time))),
      eventType: eventType(of: range, in: bytes),
      schemaVersion: bytes.littleEndian16(at: range.start + Offset.schemaVersion),
      keyHash: KeyHash(
        high: bytes.littleEndian64(at: range.start + Offset.keyHash).byteSwapped,
        low: bytes.littleEndian64(at: range.start + Offset.keyHash + 8).byteSwapped),
      chain: chain(of: range, in: bytes),
      body: bytes[range.bodyStart..<range.personalStart],
      personal: bytes[range.personalStart..<range.end])
  }

  /// Every record of a buffer in order, or nil when the bytes are not whole records.
  package static func decodeAll(_ bytes: [UInt8]) -> [Record]? {
    var records: [Record] = []
    var start = 0
    while start < bytes.count {
      guard let range = range(at: start, in: bytes, end: bytes.count) else { return nil }
      records.append(decode(range, in: bytes))
      start = range.end
    }
    return records
  }

  static func partition(of range: RecordRange, in bytes: [UInt8]) -> PartitionID {
    PartitionID(bytes.littleEndian16(at: range.start + Offset.partition))
  }
  static func position(of range: RecordRange, in bytes: [UInt8]) -> Position {
    Position(bytes.littleEndian64(at: range.start + Offset.position))
  }
  static func epoch(of range: RecordRange, in bytes: [UInt8]) -> Epoch {
    Epoch(bytes.littleEndian64(at: range.start + Offset.epoch))
  }
  static func tenant(of range: RecordRange, in bytes: [UInt8]) -> TenantID {
    TenantID(
      high: bytes.littleEndian64(at: range.start + Offset.tenant).byteSwapped,
      low: bytes.littleEndian64(at: range.start + Offset.tenant + 8).byteSwapped)
  }
  static func commitSeq(of range: RecordRange, in bytes: [UInt8]) -> UInt64 {
    bytes.littleEndian64(at: range.start + Offset.commitSeq)
  }
  static func eventType(of range: RecordRange, in bytes: [UInt8]) -> UInt16 {
    bytes.littleEndian16(at: range.start + Offset.eventType)
  }
  static func flags(of range: RecordRange, in bytes: [UInt8]) -> UInt16 {
    bytes.littleEndian16(at: range.start + Offset.flags)
  }
  static func chain(of range: RecordRange, in bytes: [UInt8]) -> ChainHash {
    ChainHash(bytes, at: range.start + Offset.chain)
  }
}

extension Batch {
  /// The records, sharing this batch's bytes; nil when the bytes are not whole records.
  package var records: [Record]? { RecordCodec.decodeAll(bytes) }

  /// The record at the batch's own position.
  package var firstRecord: Record? {
    RecordCodec.range(at: 0, in: bytes, end: bytes.count).map { RecordCodec.decode($0, in: bytes) }
  }

  /// What follows a position inside this batch.
  func suffix(after position: Position) -> Batch {
    guard position >= first else { return self }
    var start = 0
    for _ in 0..<min(count, Int(position.value - first.value) + 1) {
      guard let range = RecordCodec.range(at: start, in: bytes, end: bytes.count) else { break }
      start = range.end
    }
    let dropped = Int(position.value - first.value) + 1
    return Batch(
      partition: partition, first: Position(position.value + 1), count: count - dropped,
      bytes: Array(bytes[start...]))
  }
}
