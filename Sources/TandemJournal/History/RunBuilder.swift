// SPDX-License-Identifier: Apache-2.0
// Rewrites one sealed segment as a run: reads it, writes its records in the run's order, reads the run
// back, publishes it by rename. Must not hold the run in memory: the segment is enough.

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

  package func build(_ segment: (firstLSN: UInt64, nextLSN: UInt64)) throws(JournalError) {
    var bytes: [UInt8] = []
    _ = try build(segment, in: &bytes)
  }

  /// Publishes the run of a segment and opens it; the segment's bytes stay in the array, whose memory
  /// the next segment may use.
  func build(_ segment: (firstLSN: UInt64, nextLSN: UInt64), in bytes: inout [UInt8])
    throws(JournalError) -> RunFile
  {
    let target = RunCatalogue.Range(firstLSN: segment.firstLSN, nextLSN: segment.nextLSN)
    try read(LocalPath.segment(segment.firstLSN), into: &bytes)
    let places = try places(in: bytes, target)
    var index = RunIndex()
    let content = bytes
    do {
      try files.publish(as: target.path, in: LocalPath.runs) { (temporary) throws(FileError) in
        index = try write(places, of: content, to: temporary, target)
      }
      return RunFile(
        path: target.path, file: try files.open(target.path, .read), store: store,
        firstLSN: target.firstLSN, nextLSN: target.nextLSN, blocks: index.blocks,
        tenants: index.tenants, subjects: index.subjects)
    } catch { throw JournalError(error) }
  }

  /// What was written past the page cache and is wanted once is read so too.
  private func read(_ path: String, into bytes: inout [UInt8]) throws(JournalError) {
    do throws(FileError) {
      let file = try files.open(path, .read, .direct)
      let size = Int(try file.size())
      if size != bytes.count {
        bytes = try file.read(at: 0, count: size)
      } else if try file.read(at: 0, into: &bytes) != size {
        throw FileError(.inputOutput(errno: 5), "\(path) became shorter")
      }
    } catch { throw JournalError(error) }
  }

  private func places(in bytes: [UInt8], _ target: RunCatalogue.Range) throws(JournalError)
    -> RecordPlaces
  {
    let path = LocalPath.segment(target.firstLSN)
    guard let header = try SegmentHeader.decode(bytes) else {
      throw .corrupt("\(path) cannot be read")
    }
    // Every record has an LSN of its own.
    let lsns = Int(clamping: target.nextLSN - target.firstLSN)
    var places = RecordPlaces(room: min(lsns, bytes.count / RecordCodec.headerBytes))
    let scan = try SegmentScan.walk(bytes, header: header) { (frame, start) throws(JournalError) in
      guard frame.kind == .data else { return }
      for entry in BatchEntry.all(of: frame, at: start, in: bytes) ?? [] {
        guard places.take(entry, in: bytes) else {
          throw .corrupt("\(path) at offset \(start): commits of a tenant are out of order")
        }
      }
    }
    guard scan.nextLSN == target.nextLSN else {
      throw .corrupt("\(path) ends at LSN \(scan.nextLSN), expected \(target.nextLSN)")
    }
    return places
  }

  private func write(
    _ places: RecordPlaces, of bytes: [UInt8], to path: String, _ target: RunCatalogue.Range
  ) throws(FileError) -> RunIndex {
    var output = RunOutput(try files.open(path, .createNew, .direct))
    var index = RunIndex()
    index.subjects.reserveCapacity(places.count)
    for group in places.byTenant() {
      for start in group.starts {
        guard let range = RecordCodec.range(at: Int(start), in: bytes, end: bytes.count) else {
          continue
        }
        let commitSeq = RecordCodec.commitSeq(of: range, in: bytes)
        if output.sectionBytes >= Self.blockBytes { index.endBlock(output.endSection()) }
        index.note(group.tenant, commitSeq)
        let body = bytes[range.bodyStart..<range.personalStart]
        for key in subjects(RecordCodec.eventType(of: range, in: bytes), body) {
          index.subjects.append(RunSubject(key: key, tenant: group.tenant, commitSeq: commitSeq))
        }
        try output.append(bytes[range.start..<range.end])
      }
      index.addTenant(group, in: bytes)
    }
    index.endBlock(output.endSection())
    index.sortSubjects()
    let dataEnd = output.end
    try index.append(to: &output)
    let entries = output.endSection()
    let header = header(target, dataEnd: dataEnd, index, entries.checksum)
    try output.finish(header: header)
    try readBack(path, header, index, entries)
    return index
  }

  private func header(
    _ target: RunCatalogue.Range, dataEnd: Int, _ index: RunIndex, _ indexChecksum: UInt32
  ) -> [UInt8] {
    var header = RunFile.magic
    header.appendLittleEndian(RunFile.version)
    header.appendLittleEndian(RunFile.version)
    header.append(identifier: store)
    header.appendLittleEndian(target.firstLSN)
    header.appendLittleEndian(target.nextLSN)
    header.appendLittleEndian(UInt64(dataEnd - RunFile.headerBytes))
    for count in [index.blocks.count, index.tenants.count, index.subjects.count] {
      header.appendLittleEndian(UInt32(count))
    }
    header.appendLittleEndian(indexChecksum)
    header.append(contentsOf: repeatElement(0, count: RunFile.headerBytes - 4 - header.count))
    header.appendLittleEndian(Checksum.crc(header[...]))
    return header
  }

  /// Compares what the disk holds with what was written, by every checksum that a reader will use.
  private func readBack(
    _ path: String, _ header: [UInt8], _ index: RunIndex, _ entries: RunSection
  ) throws(FileError) {
    let blocks = index.blocks.map {
      RunSection(start: Int($0.offset), end: Int($0.offset) + Int($0.length), checksum: $0.checksum)
    }
    let file = try files.open(path, .read, .direct)
    var isRight = try file.size() == Int64(entries.end)
    var piece = try file.read(at: 0, count: RunOutput.pieceBytes)
    var pieceStart = 0
    isRight = isRight && areEqual(piece.prefix(header.count), header[...])
    for section in blocks + [entries] where isRight {
      var checksum: UInt32 = 0
      var offset = section.start
      while offset < section.end {
        if offset >= pieceStart + piece.count {
          pieceStart = offset / RunOutput.pieceBytes * RunOutput.pieceBytes
          piece = try file.read(at: Int64(pieceStart), count: RunOutput.pieceBytes)
        }
        let end = min(section.end, pieceStart + piece.count)
        guard offset < end else { break }
        checksum = crc32c(piece[(offset - pieceStart)..<(end - pieceStart)], seed: checksum)
        offset = end
      }
      isRight = offset == section.end && checksum == section.checksum
    }
    guard isRight else {
      throw FileError(.inputOutput(errno: 5), "\(path) reads back differently")
    }
  }
}

extension FileSystem {
  /// Writes an immutable file: a temporary name, sync, read back, rename, directory sync.
  func publish(_ content: [UInt8], as path: String, in directory: String) throws(FileError) {
    try publish(as: path, in: directory) { (temporary) throws(FileError) in
      try write(content, to: temporary)
    }
  }

  /// Gives a file its name once the body has written, synced and read it back under another one.
  func publish(
    as path: String, in directory: String, _ body: (String) throws(FileError) -> Void
  ) throws(FileError) {
    let temporary = path + ".tmp"
    if try exists(temporary) { try remove(temporary) }
    do { try body(temporary) } catch {
      // On a full disk half a file is room that somebody needs.
      do { try remove(temporary) } catch {}
      throw error
    }
    try rename(temporary, to: path)
    try syncDirectory(directory)
  }

  private func write(_ content: [UInt8], to path: String) throws(FileError) {
    let file = try open(path, .createNew, .direct)
    try file.write(content[...], at: 0)
    try file.sync()
    try compare(content, with: path)
  }

  /// Reads a file back from the disk, in pieces: memory for all of it would be new, and every page of it
  /// a fault.
  private func compare(_ content: [UInt8], with path: String) throws(FileError) {
    let file = try open(path, .read, .direct)
    var piece = [UInt8](repeating: 0, count: min(content.count, 512 * 1024))
    var offset = 0
    while offset < content.count {
      let count = min(try file.read(at: Int64(offset), into: &piece), content.count - offset)
      guard count > 0, areEqual(piece[..<count], content[offset..<offset + count]) else {
        throw FileError(.inputOutput(errno: 5), "\(path) reads back differently")
      }
      offset += count
    }
  }
}
