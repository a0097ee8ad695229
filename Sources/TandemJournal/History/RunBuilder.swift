// SPDX-License-Identifier: Apache-2.0
// Rewrites one sealed segment as a run: sorts, indexes, writes, reads back, publishes by rename.

package import TandemPlatform
package import TandemPrimitives

/// Names what a record is about; given from above, because the journal does not read bodies.
package typealias SubjectsOfRecord =
  @Sendable (_ eventType: UInt16, _ body: ArraySlice<UInt8>) -> [SubjectKey]

package struct RunBuilder {
  static let blockBytes = 64 * 1024
  let files: any FileSystem
  let store: StoreID
  let subjects: SubjectsOfRecord

  package init(files: any FileSystem, store: StoreID, subjects: @escaping SubjectsOfRecord) {
    self.files = files
    self.store = store
    self.subjects = subjects
  }

  private struct Sorted {
    let tenant: TenantID
    let commitSeq: UInt64
    let range: RecordRange
  }

  package func build(_ segment: (firstLSN: UInt64, nextLSN: UInt64)) throws(JournalError) {
    let target = RunCatalogue.Range(firstLSN: segment.firstLSN, nextLSN: segment.nextLSN)
    let path = LocalPath.segment(segment.firstLSN)
    guard let bytes = try files.contents(of: path), let header = try SegmentHeader.decode(bytes)
    else { throw .corrupt("\(path) cannot be read") }
    var records: [Sorted] = []
    // Every record has an LSN of its own.
    records.reserveCapacity(
      min(Int(clamping: segment.nextLSN - segment.firstLSN), bytes.count / RecordCodec.headerBytes))
    let scan = try SegmentScan.walk(bytes, header: header) { (frame, start) throws(JournalError) in
      guard frame.kind == .data else { return }
      for entry in BatchEntry.all(of: frame, at: start, in: bytes) ?? [] {
        Self.gather(entry, in: bytes, &records)
      }
    }
    guard scan.nextLSN == segment.nextLSN else {
      throw .corrupt("\(path) ends at LSN \(scan.nextLSN), expected \(segment.nextLSN)")
    }
    records.sort { ($0.tenant, $0.commitSeq) < ($1.tenant, $1.commitSeq) }
    let content = encode(records, from: bytes, target)
    do {
      try publish(content, as: target)
    } catch { throw JournalError(error) }
  }

  private static func gather(_ entry: BatchEntry, in bytes: [UInt8], _ records: inout [Sorted]) {
    var start = Int(entry.offset)
    let end = start + Int(entry.length)
    while start < end, let range = RecordCodec.range(at: start, in: bytes, end: end) {
      records.append(
        Sorted(
          tenant: RecordCodec.tenant(of: range, in: bytes),
          commitSeq: RecordCodec.commitSeq(of: range, in: bytes), range: range))
      start = range.end
    }
  }

  private func encode(_ records: [Sorted], from bytes: [UInt8], _ target: RunCatalogue.Range)
    -> [UInt8]
  {
    let tenants = tenantIndex(records, in: bytes)
    let named = subjectIndex(records, in: bytes)
    // A run is large: growing step by step would copy it several times.
    var run: [UInt8] = []
    let dataBytes = records.reduce(0) { $0 + $1.range.end - $1.range.start }
    run.reserveCapacity(
      RunFile.headerBytes + dataBytes + (dataBytes / Self.blockBytes + 1) * RunBlock.bytes
        + tenants.count * RunTenant.bytes + named.count * RunSubject.bytes)
    run.append(contentsOf: repeatElement(0, count: RunFile.headerBytes))
    var blocks: [RunBlock] = []
    var open: (first: Sorted, start: Int)?
    func close() {
      guard let block = open else { return }
      blocks.append(
        RunBlock(
          tenant: block.first.tenant, firstCommitSeq: block.first.commitSeq,
          offset: UInt64(block.start), length: UInt32(run.count - block.start),
          checksum: Checksum.crc(run[block.start...])))
      open = nil
    }
    for record in records {
      if let block = open, run.count - block.start >= Self.blockBytes { close() }
      if open == nil { open = (record, run.count) }
      run.append(contentsOf: bytes[record.range.start..<record.range.end])
    }
    close()
    let dataEnd = run.count
    for block in blocks { block.append(to: &run) }
    for tenant in tenants { tenant.append(to: &run) }
    for subject in named { subject.append(to: &run) }
    let counts = [blocks.count, tenants.count, named.count]
    let header = self.header(target, dataEnd: dataEnd, counts, Checksum.crc(run[dataEnd...]))
    run.replaceSubrange(0..<RunFile.headerBytes, with: header)
    return run
  }

  private func header(
    _ target: RunCatalogue.Range, dataEnd: Int, _ counts: [Int], _ indexChecksum: UInt32
  ) -> [UInt8] {
    var header = RunFile.magic
    header.appendLittleEndian(RunFile.version)
    header.appendLittleEndian(RunFile.version)
    header.append(identifier: store)
    header.appendLittleEndian(target.firstLSN)
    header.appendLittleEndian(target.nextLSN)
    header.appendLittleEndian(UInt64(dataEnd - RunFile.headerBytes))
    for count in counts { header.appendLittleEndian(UInt32(count)) }
    header.appendLittleEndian(indexChecksum)
    header.append(contentsOf: repeatElement(0, count: RunFile.headerBytes - 4 - header.count))
    header.appendLittleEndian(Checksum.crc(header[...]))
    return header
  }

  private func tenantIndex(_ records: [Sorted], in bytes: [UInt8]) -> [RunTenant] {
    var index: [RunTenant] = []
    var first = 0
    for place in records.indices
    where place + 1 == records.count || records[place + 1].tenant != records[place].tenant {
      let last = records[place]
      index.append(
        RunTenant(
          tenant: last.tenant, partition: RecordCodec.partition(of: last.range, in: bytes),
          firstCommitSeq: records[first].commitSeq, lastCommitSeq: last.commitSeq,
          lastChain: RecordCodec.chain(of: last.range, in: bytes)))
      first = place + 1
    }
    return index
  }

  private func subjectIndex(_ records: [Sorted], in bytes: [UInt8]) -> [RunSubject] {
    var index: [RunSubject] = []
    for record in records {
      let body = bytes[record.range.bodyStart..<record.range.personalStart]
      for key in subjects(RecordCodec.eventType(of: record.range, in: bytes), body) {
        index.append(RunSubject(key: key, tenant: record.tenant, commitSeq: record.commitSeq))
      }
    }
    return index.sorted { ($0.key, $0.tenant, $0.commitSeq) < ($1.key, $1.tenant, $1.commitSeq) }
  }

  private func publish(_ content: [UInt8], as target: RunCatalogue.Range) throws(FileError) {
    try files.publish(content, as: target.path, in: LocalPath.runs)
  }
}

extension FileSystem {
  /// Writes an immutable file: a temporary name, sync, read back, rename, directory sync.
  func publish(_ content: [UInt8], as path: String, in directory: String) throws(FileError) {
    let temporary = path + ".tmp"
    if try exists(temporary) { try remove(temporary) }
    do { try write(content, to: temporary) } catch {
      // On a full disk half a file is room that somebody needs.
      do { try remove(temporary) } catch {}
      throw error
    }
    try rename(temporary, to: path)
    try syncDirectory(directory)
  }

  private func write(_ content: [UInt8], to path: String) throws(FileError) {
    let file = try open(path, .createNew)
    try file.write(content[...], at: 0)
    try file.sync()
    try compare(content, with: path)
  }

  /// Reads a file back in pieces: memory for all of it would be new, and every page of it a fault.
  private func compare(_ content: [UInt8], with path: String) throws(FileError) {
    let file = try open(path, .read)
    let pieceBytes = 64 * 1024
    var offset = 0
    while offset < content.count {
      let piece = content[offset..<min(offset + pieceBytes, content.count)]
      guard areEqual(try file.read(at: Int64(offset), count: piece.count)[...], piece) else {
        throw FileError(.inputOutput(errno: 5), "\(path) reads back differently")
      }
      offset += piece.count
    }
  }
}
