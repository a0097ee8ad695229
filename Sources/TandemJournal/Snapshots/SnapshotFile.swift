// SPDX-License-Identifier: Apache-2.0
// Bytes of a snapshot file. Whatever is not whole is refused with its reason.

import TandemPrimitives

package enum SnapshotFile {
  static let magic: [UInt8] = Array("TNDMSNP1".utf8)
  static let version: UInt32 = 1
  static let headerBytes = 16
  static let chunkHeaderBytes = 8
  static let footerBytes = 160

  package static func encode(_ snapshot: Snapshot) -> [UInt8] {
    var bytes = magic
    bytes.appendLittleEndian(version)
    bytes.appendLittleEndian(version)
    for chunk in snapshot.chunks {
      bytes.appendLittleEndian(UInt32(chunk.count))
      bytes.appendLittleEndian(Checksum.crc(chunk[...]))
      bytes.append(contentsOf: chunk)
    }
    bytes.append(contentsOf: encode(snapshot.footer, chunks: snapshot.chunks.count))
    return bytes
  }

  private static func encode(_ footer: SnapshotFooter, chunks: Int) -> [UInt8] {
    var bytes = magic
    bytes.append(identifier: footer.tenant)
    bytes.appendLittleEndian(footer.partition.value)
    bytes.appendLittleEndian(footer.schemaVersion)
    bytes.appendLittleEndian(footer.outboxEntries)
    bytes.appendLittleEndian(footer.commitSeq)
    bytes.appendLittleEndian(footer.position.value)
    bytes.appendLittleEndian(footer.time.milliseconds)
    bytes.appendLittleEndian(footer.nextDeadline?.milliseconds ?? 0)
    bytes.appendLittleEndian(UInt32(footer.nextDeadline == nil ? 0 : 1))
    bytes.appendLittleEndian(UInt32(chunks))
    footer.chain.append(to: &bytes)
    footer.stateHash.append(to: &bytes)
    bytes.append(contentsOf: repeatElement(0, count: footerBytes - 4 - bytes.count))
    bytes.appendLittleEndian(Checksum.crc(bytes[...]))
    return bytes
  }

  static func footer(_ bytes: [UInt8]) -> SnapshotFooter? {
    guard bytes.count == footerBytes, Array(bytes[..<8]) == magic,
      Checksum.crc(bytes[..<(footerBytes - 4)]) == bytes.littleEndian32(at: footerBytes - 4)
    else { return nil }
    func time(at offset: Int) -> Timestamp {
      Timestamp(milliseconds: Int64(bitPattern: bytes.littleEndian64(at: offset)))
    }
    return SnapshotFooter(
      tenant: TenantID(bytes, at: 8), partition: PartitionID(bytes.littleEndian16(at: 24)),
      commitSeq: bytes.littleEndian64(at: 32), position: Position(bytes.littleEndian64(at: 40)),
      time: time(at: 48), chain: ChainHash(bytes: bytes[72..<104]),
      schemaVersion: bytes.littleEndian16(at: 26),
      nextDeadline: bytes.littleEndian32(at: 64) == 1 ? time(at: 56) : nil,
      outboxEntries: bytes.littleEndian32(at: 28), stateHash: ChainHash(bytes: bytes[104..<136]))
  }

  /// A whole snapshot, or nil.
  package static func decode(_ bytes: [UInt8]) -> Snapshot? {
    do { return try read(bytes) } catch { return nil }
  }

  /// A whole snapshot, or the first thing that is wrong with it.
  package static func read(_ bytes: [UInt8]) throws(SnapshotDamage) -> Snapshot {
    guard bytes.count >= headerBytes + footerBytes else { throw .tooShort }
    guard Array(bytes[..<8]) == magic else { throw .noSnapshot }
    guard bytes.littleEndian32(at: 12) <= version else { throw .newerFormat }
    let end = bytes.count - footerBytes
    let footerSlice = Array(bytes[end...])
    guard let footer = footer(footerSlice) else { throw .footerDamaged }
    var chunks: [[UInt8]] = []
    var offset = headerBytes
    while offset < end {
      guard end - offset >= chunkHeaderBytes else { throw .chunkCut }
      let count = Int(bytes.littleEndian32(at: offset))
      let start = offset + chunkHeaderBytes
      guard count <= end - start else { throw .chunkCut }
      guard Checksum.crc(bytes[start..<start + count]) == bytes.littleEndian32(at: offset + 4)
      else { throw .chunkDamaged }
      chunks.append(Array(bytes[start..<start + count]))
      offset = start + count
    }
    guard chunks.count == Int(footerSlice.littleEndian32(at: 68)) else { throw .chunkMissing }
    guard Snapshot.stateHash(of: chunks) == footer.stateHash else { throw .otherState }
    return Snapshot(footer: footer, chunks: chunks)
  }
}

/// Why bytes are no whole snapshot.
package enum SnapshotDamage: Error, Sendable, Equatable {
  case tooShort
  case noSnapshot
  case newerFormat
  case footerDamaged
  case chunkCut
  case chunkDamaged
  /// Fewer or more chunks than the footer counts.
  case chunkMissing
  /// The chunks do not have the state hash of the footer.
  case otherState
}
