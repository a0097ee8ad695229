// SPDX-License-Identifier: Apache-2.0
// Reads a data directory's log from the manifest's first LSN to its end. Changes nothing on disk.

import TandemPlatform
import TandemPrimitives

/// One segment file and where its batches lie.
struct LogSegment: Sendable {
  let path: String
  let firstLSN: UInt64
  /// What its frames' sync words are mixed with.
  let salt: UInt32
  var nextLSN: UInt64
  /// Where the next frame goes.
  var end: Int
  /// Batches by partition, in order.
  var batches: [[BatchEntry]]
  var file: any File

  /// Last position of each partition that has records here.
  var lastPositions: [(partition: Int, position: UInt64)] {
    batches.indices.compactMap { index in batches[index].last.map { (index, $0.last) } }
  }
}

/// The log as it was found.
struct ScannedLog: Sendable {
  var segments: [LogSegment] = []
  var nextLSN: UInt64
  var chain = FrameChain.start
  var nodeEpoch: UInt64 = 0
  var tails: [UInt64]
  var epochs: [UInt64]
  var sealer = ChainSealer()
  var verdict = TailVerdict.clean
  /// Bytes after the end of the last segment's whole frames, when they are not all zero.
  var hasCutBytes = false

  init(_ manifest: Manifest) {
    nextLSN = manifest.firstLSN
    tails = manifest.bases
    epochs = Array(repeating: 0, count: Limits.partitions)
  }
}

struct RecoveryScan {
  private let files: any FileSystem
  private let manifest: Manifest
  private let provenByMark: UInt64

  init(_ files: any FileSystem, _ manifest: Manifest, provenByMark: UInt64) {
    self.files = files
    self.manifest = manifest
    self.provenByMark = provenByMark
  }

  /// Segment files of the log in order; older ones are leftovers of garbage collection.
  static func segmentNumbers(_ files: any FileSystem, from first: UInt64) throws(JournalError)
    -> [UInt64]
  {
    do {
      guard try files.exists(LocalPath.log) else { return [] }
      return try files.list(LocalPath.log).compactMap(LocalPath.segmentNumber)
        .filter { $0 >= first }.sorted()
    } catch { throw JournalError(error) }
  }

  func run() throws(JournalError) -> ScannedLog {
    var log = ScannedLog(manifest)
    let numbers = try Self.segmentNumbers(files, from: manifest.firstLSN)
    if let first = numbers.first, first != manifest.firstLSN {
      throw .corrupt("segment \(LocalPath.segment(manifest.firstLSN)) is missing")
    }
    for (index, number) in numbers.enumerated() {
      try read(number, into: &log, isLast: index == numbers.count - 1)
    }
    if numbers.isEmpty {
      guard manifest.firstLSN == 1, provenByMark == 0 else {
        throw .corrupt("the log is missing: LSN \(max(provenByMark, manifest.firstLSN)) existed")
      }
    }
    return log
  }

  private func read(_ number: UInt64, into log: inout ScannedLog, isLast: Bool)
    throws(JournalError)
  {
    let path = LocalPath.segment(number)
    guard let bytes = try files.contents(of: path) else { throw .corrupt("\(path) is missing") }
    guard let header = try SegmentHeader.decode(bytes) else {
      throw .corrupt("\(path): the segment header is damaged")
    }
    guard header.store == manifest.store else {
      throw .corrupt("\(path) belongs to store \(header.store)")
    }
    guard header.firstLSN == number, number == log.nextLSN else {
      throw .corrupt("\(path) begins with LSN \(header.firstLSN), expected \(log.nextLSN)")
    }
    guard log.segments.isEmpty || header.firstChain == log.chain else {
      throw .corrupt("\(path) does not continue the segment before")
    }
    var segment = LogSegment(
      path: path, firstLSN: number, salt: header.salt, nextLSN: number,
      end: SegmentHeader.bytes, batches: Array(repeating: [], count: Limits.partitions),
      file: try opened(path))
    let scan = try SegmentScan.walk(bytes, header: header) { (frame, start) throws(JournalError) in
      try Self.take(frame, at: start, in: bytes, path: path, &segment, &log)
    }
    segment.end = scan.end
    segment.nextLSN = scan.nextLSN
    log.nextLSN = scan.nextLSN
    log.chain = scan.chain
    log.nodeEpoch = max(log.nodeEpoch, scan.nodeEpoch)
    log.segments.append(segment)
    log.hasCutBytes = !bytes.isZero(in: min(scan.end, bytes.count)..<bytes.count)
    try judge(scan, path: path, isLast: isLast, &log)
  }

  private func judge(_ scan: SegmentScan, path: String, isLast: Bool, _ log: inout ScannedLog)
    throws(JournalError)
  {
    // A segment that is not the last one may end early, if the next one continues its LSN.
    if !isLast && scan.damage == .none { return }
    log.verdict = RecoveryDecision.verdict(
      TailEvidence(
        lsn: scan.nextLSN, damage: scan.damage, laterFrame: scan.laterFrame,
        laterSegment: !isLast, provenLSN: provenByMark))
    if case .corrupt(let reason) = log.verdict {
      throw .corrupt(
        "\(path) at offset \(scan.end): LSN \(scan.nextLSN) is damaged and \(reason)")
    }
  }

  private func opened(_ path: String) throws(JournalError) -> any File {
    do { return try files.open(path, .read) } catch { throw JournalError(error) }
  }

  /// Notes what one whole frame holds.
  private static func take(
    _ frame: FrameHeader, at start: Int, in bytes: [UInt8], path: String,
    _ segment: inout LogSegment, _ log: inout ScannedLog
  ) throws(JournalError) {
    guard frame.kind == .data else { return }
    guard let entries = BatchEntry.all(of: frame, at: start, in: bytes) else {
      throw .corrupt("\(path) at offset \(start): the batches do not fill the frame")
    }
    for entry in entries {
      let index = Int(entry.partition.value)
      guard entry.first == log.tails[index] + 1 else {
        throw .corrupt(
          "\(path) at offset \(start): partition \(index) goes from position \(log.tails[index])"
            + " to \(entry.first)")
      }
      log.tails[index] = entry.last
      segment.batches[index].append(entry)
      try seed(entry, in: bytes, path: path, &log)
    }
  }

  private static func seed(
    _ entry: BatchEntry, in bytes: [UInt8], path: String, _ log: inout ScannedLog
  ) throws(JournalError) {
    var start = Int(entry.offset)
    let end = start + Int(entry.length)
    var position = entry.first
    while start < end {
      guard let range = RecordCodec.range(at: start, in: bytes, end: end),
        RecordCodec.position(of: range, in: bytes).value == position,
        RecordCodec.commitSeq(of: range, in: bytes) < .max
      else { throw .corrupt("\(path) at offset \(start): a record is malformed") }
      log.sealer.seed(
        RecordCodec.tenant(of: range, in: bytes),
        ChainHead(
          commitSeq: RecordCodec.commitSeq(of: range, in: bytes),
          chain: RecordCodec.chain(of: range, in: bytes)))
      log.epochs[Int(entry.partition.value)] = RecordCodec.epoch(of: range, in: bytes).value
      position += 1
      start = range.end
    }
    guard position == entry.last + 1 else {
      throw .corrupt("\(path): a batch does not hold its records")
    }
  }
}
