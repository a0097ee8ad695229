// SPDX-License-Identifier: Apache-2.0
// The two halves of a run in the making: bytes on their way to the file, and the index of what went.
// Must not hold more of the records than one piece.

import TandemPlatform
import TandemPrimitives

/// A part of a run with a checksum of its own.
struct RunSection {
  let start: Int
  let end: Int
  let checksum: UInt32
}

/// Writes a new file from front to back in large pieces; its first block comes last.
struct RunOutput {
  static let pieceBytes = 1 << 20

  private let file: any File
  private var pending: [UInt8] = []
  /// Where the pending bytes belong.
  private var pendingStart = RunFile.headerBytes
  private var sectionStart = RunFile.headerBytes
  /// Of what was written of the section.
  private var checksum: UInt32 = 0

  init(_ file: any File) {
    self.file = file
    pending.reserveCapacity(Self.pieceBytes + RunBuilder.blockBytes)
  }

  var end: Int { pendingStart + pending.count }
  var sectionBytes: Int { end - sectionStart }

  mutating func append(_ bytes: ArraySlice<UInt8>) throws(FileError) {
    pending.append(contentsOf: bytes)
    if pending.count >= Self.pieceBytes { try writePiece() }
  }

  /// Appends what a body adds to the bytes; a few bytes, often.
  mutating func append(_ body: (inout [UInt8]) -> Void) throws(FileError) {
    body(&pending)
    if pending.count >= Self.pieceBytes { try writePiece() }
  }

  /// What was appended since the last section ended.
  mutating func endSection() -> RunSection {
    let section = RunSection(start: sectionStart, end: end, checksum: checksumUpTo(pending.count))
    sectionStart = end
    checksum = 0
    return section
  }

  private func checksumUpTo(_ count: Int) -> UInt32 {
    crc32c(pending[max(0, sectionStart - pendingStart)..<count], seed: checksum)
  }

  private mutating func writePiece() throws(FileError) {
    try file.write(pending[..<Self.pieceBytes], at: Int64(pendingStart))
    if sectionStart < pendingStart + Self.pieceBytes { checksum = checksumUpTo(Self.pieceBytes) }
    pending.removeFirst(Self.pieceBytes)
    pendingStart += Self.pieceBytes
  }

  /// Writes what is left and the first block; durable when this returns.
  mutating func finish(header: [UInt8]) throws(FileError) {
    invariant(header.count == RunFile.headerBytes, "a run begins with one block")
    try file.write(pending[...], at: Int64(pendingStart))
    try file.write(header[...], at: 0)
    try file.sync()
  }
}

/// What a run's index will hold.
struct RunIndex {
  private(set) var blocks: [RunBlock] = []
  private(set) var tenants: [RunTenant] = []
  var subjects: [RunSubject] = []
  private var openBlock: (tenant: TenantID, firstCommitSeq: UInt64)?

  /// Notes the first record of a block; of a later one there is nothing to note.
  mutating func note(_ tenant: TenantID, _ commitSeq: UInt64) {
    if openBlock == nil { openBlock = (tenant, commitSeq) }
  }

  mutating func endBlock(_ section: RunSection) {
    guard let first = openBlock else { return }
    openBlock = nil
    blocks.append(
      RunBlock(
        tenant: first.tenant, firstCommitSeq: first.firstCommitSeq,
        offset: UInt64(section.start), length: UInt32(section.end - section.start),
        checksum: section.checksum))
  }

  mutating func addTenant(_ group: RecordPlaces.Group, in bytes: [UInt8]) {
    guard let first = range(group.starts.first, in: bytes),
      let last = range(group.starts.last, in: bytes)
    else { return }
    tenants.append(
      RunTenant(
        tenant: group.tenant, partition: RecordCodec.partition(of: last, in: bytes),
        firstCommitSeq: RecordCodec.commitSeq(of: first, in: bytes),
        lastCommitSeq: RecordCodec.commitSeq(of: last, in: bytes),
        lastChain: RecordCodec.chain(of: last, in: bytes)))
  }

  private func range(_ start: UInt32?, in bytes: [UInt8]) -> RecordRange? {
    start.flatMap { RecordCodec.range(at: Int($0), in: bytes, end: bytes.count) }
  }

  /// Sorts by key what was added by tenant and commit: by the first half of the key in passes over its
  /// bytes, then what has that half in common.
  mutating func sortSubjects() {
    var order = subjects.indices.map { (high: subjects[$0].key.high, number: UInt32($0)) }
    Self.sortByHigh(&order)
    // Not only nothing to do: a file keeps its subjects, with the room that was reserved for them.
    guard !order.isEmpty else { return subjects = [] }
    var start = 0
    for end in 1...order.count
    where end == order.count || order[end].high != order[start].high {
      // Most often one subject alone, or one many times; its commits are in order already.
      let low = subjects[Int(order[start].number)].key.low
      let isOneKey = order[start..<end].allSatisfy { subjects[Int($0.number)].key.low == low }
      if !isOneKey {
        order[start..<end].sort { left, right in
          let lows = (subjects[Int(left.number)].key.low, subjects[Int(right.number)].key.low)
          return lows.0 != lows.1 ? lows.0 < lows.1 : left.number < right.number
        }
      }
      start = end
    }
    subjects = order.map { subjects[Int($0.number)] }
  }

  private static func sortByHigh(_ order: inout [(high: UInt64, number: UInt32)]) {
    let common = order.reduce(into: (ones: UInt64.max, zeros: UInt64.max)) { common, entry in
      common.ones &= entry.high
      common.zeros &= ~entry.high
    }
    let differing = ~(common.ones | common.zeros)
    var sorted = order
    for shift in stride(from: UInt64(0), to: 64, by: 8) where differing >> shift & 0xff != 0 {
      var places = [Int](repeating: 0, count: 257)
      for entry in order { places[Int(entry.high >> shift & 0xff) + 1] += 1 }
      for byte in 1...256 { places[byte] += places[byte - 1] }
      for entry in order {
        let byte = Int(entry.high >> shift & 0xff)
        sorted[places[byte]] = entry
        places[byte] += 1
      }
      swap(&order, &sorted)
    }
  }

  func append(to output: inout RunOutput) throws(FileError) {
    for block in blocks { try output.append { block.append(to: &$0) } }
    for tenant in tenants { try output.append { tenant.append(to: &$0) } }
    for subject in subjects { try output.append { subject.append(to: &$0) } }
  }
}
