// SPDX-License-Identifier: Apache-2.0
// An immutable run: records sorted by (tenant, commit_seq) in blocks, with indexes by block, tenant and
// subject. The index is read when the file is opened, blocks when they are asked for.

package import TandemPlatform
package import TandemPrimitives

/// Sixteen bytes that name what a record is about; what they mean is known above the journal.
package struct SubjectKey: Hashable, Comparable, Sendable {
  package let high: UInt64
  package let low: UInt64
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
  package static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

struct RunBlock: Sendable {
  static let bytes = 40
  let tenant: TenantID
  let firstCommitSeq: UInt64
  let offset: UInt64
  let length: UInt32
  let checksum: UInt32

  func lies(in records: Range<Int>) -> Bool {
    offset >= UInt64(records.lowerBound) && offset <= UInt64(records.upperBound)
      && UInt64(length) <= UInt64(records.upperBound) - offset
  }
}

package struct RunTenant: Sendable {
  static let bytes = 72
  package let tenant: TenantID
  let partition: PartitionID
  let firstCommitSeq: UInt64
  package let lastCommitSeq: UInt64
  let lastChain: ChainHash
}

package struct RunSubject: Sendable {
  static let bytes = 40
  package let key: SubjectKey
  package let tenant: TenantID
  let commitSeq: UInt64
}

package struct RunFile: Sendable {
  static let magic: [UInt8] = Array("TNDMRUN1".utf8)
  static let version: UInt32 = 1
  static let headerBytes = 4_096

  let path: String
  let file: any File
  let store: StoreID
  let firstLSN: UInt64
  let nextLSN: UInt64
  let blocks: [RunBlock]
  package let tenants: [RunTenant]
  package let subjects: [RunSubject]

  package static func open(_ files: any FileSystem, _ path: String) throws(JournalError) -> RunFile
  {
    do {
      let file = try files.open(path, .read)
      let header = try file.read(at: 0, count: headerBytes)
      guard header.count == headerBytes, Array(header[..<8]) == magic,
        Checksum.crc(header[..<(headerBytes - 4)]) == header.littleEndian32(at: headerBytes - 4)
      else { throw JournalError.corrupt("\(path): the header is damaged") }
      let minimumReader = header.littleEndian32(at: 12)
      guard minimumReader <= version else {
        throw JournalError.unsupportedFormat(found: minimumReader, newest: version)
      }
      let fileSize = Int(try file.size())
      // A length may be any number, so it is compared before it is added to.
      let length = header.littleEndian64(at: 48)
      guard length <= UInt64(fileSize) else {
        throw JournalError.corrupt("\(path): the file has the wrong length")
      }
      let start = headerBytes + Int(length)
      let counts = (0..<3).map { Int(header.littleEndian32(at: 56 + 4 * $0)) }
      let size =
        counts[0] * RunBlock.bytes + counts[1] * RunTenant.bytes
        + counts[2] * RunSubject.bytes
      guard fileSize == start + size else {
        throw JournalError.corrupt("\(path): the file has the wrong length")
      }
      let index = try file.read(at: Int64(start), count: size)
      guard index.count == size, Checksum.crc(index[...]) == header.littleEndian32(at: 68),
        let store = StoreID(bytes: header[16..<32])
      else { throw JournalError.corrupt("\(path): the index is damaged") }
      let blocks = (0..<counts[0]).map { RunBlock(index, at: $0 * RunBlock.bytes) }
      guard blocks.allSatisfy({ $0.lies(in: headerBytes..<start) }) else {
        throw JournalError.corrupt("\(path): a block lies outside of the records")
      }
      let tenantsStart = counts[0] * RunBlock.bytes
      let subjectsStart = tenantsStart + counts[1] * RunTenant.bytes
      return RunFile(
        path: path, file: file, store: store, firstLSN: header.littleEndian64(at: 32),
        nextLSN: header.littleEndian64(at: 40),
        blocks: blocks,
        tenants: (0..<counts[1]).map { RunTenant(index, at: tenantsStart + $0 * RunTenant.bytes) },
        subjects: (0..<counts[2]).map {
          RunSubject(index, at: subjectsStart + $0 * RunSubject.bytes)
        })
    } catch let error as FileError { throw JournalError(error) } catch let error as JournalError {
      throw error
    } catch { throw .unavailable("\(path): \(error)") }
  }

  func tenant(_ tenant: TenantID) -> RunTenant? {
    let index = tenants.partitionPoint { $0.tenant >= tenant }
    guard index < tenants.count, tenants[index].tenant == tenant else { return nil }
    return tenants[index]
  }

  /// A block's records, checked.
  func read(_ block: RunBlock) throws(JournalError) -> [Record] {
    guard let records = RecordCodec.decodeAll(try raw(block)) else {
      throw .corrupt("\(path) at offset \(block.offset): a record is malformed")
    }
    return records
  }

  /// A block's bytes, checked.
  func raw(_ block: RunBlock) throws(JournalError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try file.read(at: Int64(block.offset), count: Int(block.length))
    } catch { throw JournalError(error) }
    guard bytes.count == Int(block.length), Checksum.crc(bytes[...]) == block.checksum else {
      throw .corrupt("\(path) at offset \(block.offset): a block is damaged")
    }
    return bytes
  }

  /// Adds a tenant's records after a commit_seq to a page, until the page is full.
  package func collect(_ tenant: TenantID, after commitSeq: UInt64, into page: inout HistoryPage)
    throws(JournalError)
  {
    guard let entry = self.tenant(tenant), entry.lastCommitSeq > commitSeq else { return }
    // The block that may hold the first wanted record is the last one that does not begin after it.
    let behind = blocks.partitionPoint { block in
      block.tenant > tenant || (block.tenant == tenant && block.firstCommitSeq > commitSeq + 1)
    }
    for block in blocks[max(0, behind - 1)...] {
      if block.tenant > tenant { return }
      for record in try read(block) where record.tenant == tenant && record.commitSeq > commitSeq {
        guard page.add(record) else { return }
      }
    }
  }

  /// Adds chosen records of a tenant, in order, and reads only the blocks that hold them; false when the
  /// page is full.
  func collect(_ commits: [UInt64], of tenant: TenantID, into page: inout HistoryPage)
    throws(JournalError) -> Bool
  {
    var place = -1
    var records: [Record] = []
    for commitSeq in commits {
      // The last block that does not begin after the record.
      let behind = blocks.partitionPoint { block in
        block.tenant > tenant || (block.tenant == tenant && block.firstCommitSeq > commitSeq)
      }
      if behind - 1 != place {
        guard behind > 0 else {
          throw .corrupt("\(path): commit \(commitSeq) of \(tenant) is indexed and not there")
        }
        place = behind - 1
        records = try read(blocks[place])
      }
      guard let record = records.first(where: { $0.tenant == tenant && $0.commitSeq == commitSeq })
      else { throw .corrupt("\(path): commit \(commitSeq) of \(tenant) is indexed and not there") }
      guard page.add(record) else { return false }
    }
    return true
  }

  /// commit_seqs of a tenant that name a subject, in order.
  package func commits(of tenant: TenantID, about key: SubjectKey) -> [UInt64] {
    let start = subjects.partitionPoint { subject in
      subject.key > key || (subject.key == key && subject.tenant >= tenant)
    }
    return subjects[start...].prefix { $0.key == key && $0.tenant == tenant }.map(\.commitSeq)
  }
}

extension Array {
  /// First index whose element is behind the border, in an array sorted so that those come last.
  func partitionPoint(_ isBehind: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension TenantID {
  init(_ bytes: [UInt8], at offset: Int) {
    self.init(
      high: bytes.littleEndian64(at: offset).byteSwapped,
      low: bytes.littleEndian64(at: offset + 8).byteSwapped)
  }
}

extension RunBlock {
  init(_ bytes: [UInt8], at offset: Int) {
    tenant = TenantID(bytes, at: offset)
    firstCommitSeq = bytes.littleEndian64(at: offset + 16)
    self.offset = bytes.littleEndian64(at: offset + 24)
    length = bytes.littleEndian32(at: offset + 32)
    checksum = bytes.littleEndian32(at: offset + 36)
  }
  func append(to bytes: inout [UInt8]) {
    bytes.append(identifier: tenant)
    bytes.appendLittleEndian(firstCommitSeq)
    bytes.appendLittleEndian(offset)
    bytes.appendLittleEndian(length)
    bytes.appendLittleEndian(checksum)
  }
}

extension RunTenant {
  init(_ bytes: [UInt8], at offset: Int) {
    tenant = TenantID(bytes, at: offset)
    partition = PartitionID(bytes.littleEndian16(at: offset + 16))
    firstCommitSeq = bytes.littleEndian64(at: offset + 24)
    lastCommitSeq = bytes.littleEndian64(at: offset + 32)
    lastChain = ChainHash(bytes, at: offset + 40)
  }
  func append(to bytes: inout [UInt8]) {
    bytes.append(identifier: tenant)
    bytes.appendLittleEndian(UInt64(partition.value))
    bytes.appendLittleEndian(firstCommitSeq)
    bytes.appendLittleEndian(lastCommitSeq)
    lastChain.append(to: &bytes)
  }
}

extension RunSubject {
  init(_ bytes: [UInt8], at offset: Int) {
    key = SubjectKey(
      high: bytes.littleEndian64(at: offset).byteSwapped,
      low: bytes.littleEndian64(at: offset + 8).byteSwapped)
    tenant = TenantID(bytes, at: offset + 16)
    commitSeq = bytes.littleEndian64(at: offset + 32)
  }
  func append(to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(key.high.byteSwapped)
    bytes.appendLittleEndian(key.low.byteSwapped)
    bytes.append(identifier: tenant)
    bytes.appendLittleEndian(commitSeq)
  }
}
