// SPDX-License-Identifier: Apache-2.0
// Builds frames and puts them on disk, one at a time. Knows nothing of callers, owners or waiting.

import TandemPlatform
import TandemPrimitives

/// How writing a frame ended when it did not end well.
enum LogWriteError: Error {
  /// Nothing was written.
  case full
  /// Nobody knows what was written; the log must not be used again.
  case failed(FileError)
}

/// A batch that waits for its frame.
struct SealingBatch {
  let batch: Batch
  let epoch: Epoch
}

/// The open end of the log.
struct LogWriter {
  private let preparation: SegmentPreparation
  private let entropy: any EntropySource
  private let manifest: Manifest
  private let nodeEpoch: UInt64
  private(set) var segments: [LogSegment]
  private(set) var nextLSN: UInt64
  private var chain: FrameChain
  private var salt: UInt32 = 0
  private var capacity = 0
  /// The active segment, open for frames.
  private var output: (any File)?
  private var frame: [UInt8] = []
  var sealer: ChainSealer
  /// True while the newest frame has no successor that proves it.
  private(set) var lastIsData = false
  private(set) var segmentsBegun = 0

  var durableLSN: UInt64 { nextLSN - 1 }
  private var settings: LocalJournalSettings { preparation.settings }

  init(
    continuing log: ScannedLog, manifest: Manifest, nodeEpoch: UInt64,
    preparation: SegmentPreparation, entropy: any EntropySource
  ) {
    self.preparation = preparation
    self.entropy = entropy
    self.manifest = manifest
    self.nodeEpoch = nodeEpoch
    segments = log.segments
    nextLSN = log.nextLSN
    chain = log.chain
    sealer = log.sealer
  }

  /// What the active segment still takes.
  var bytesLeft: Int { capacity - (segments.last?.end ?? 0) }

  /// Whether another segment can follow the active one.
  func canGoOn() throws(FileError) -> Bool { try preparation.isPossible() }

  static func contentBytes(of batches: [SealingBatch]) -> Int {
    batches.reduce(FrameHeader.bytes) {
      $0 + BatchEntry.headerBytes + $1.batch.bytes.count
    }
  }

  /// Goes on in the last segment, whose file was just written anew at its full size.
  mutating func continueSegment() throws(LogWriteError) {
    let last = segments.count - 1
    do {
      segments[last].file = try preparation.files.open(segments[last].path, .read)
      output = try preparation.files.open(segments[last].path, .readWrite, .direct)
    } catch { throw .failed(error) }
    salt = segments[last].salt
    capacity = settings.segmentBytes
  }

  /// Starts a new segment; everything before it is durable.
  mutating func startSegment(at time: Timestamp) throws(LogWriteError) {
    let bytes = entropy.bytes(4)
    invariant(bytes.count == 4, "entropy gives as many bytes as asked")
    salt = bytes.littleEndian32(at: 0)
    let header = SegmentHeader(
      store: manifest.store, timeline: manifest.timeline, salt: salt, firstLSN: nextLSN,
      nodeEpoch: nodeEpoch, firstChain: chain, created: time)
    do {
      output = try preparation.activate(header)
      let file = try preparation.files.open(LocalPath.segment(nextLSN), .read)
      // A segment without frames has the same first LSN; the new file replaced it.
      if segments.last?.firstLSN == nextLSN { segments.removeLast() }
      segments.append(
        LogSegment(
          path: LocalPath.segment(nextLSN), firstLSN: nextLSN, salt: salt, nextLSN: nextLSN,
          end: SegmentHeader.bytes, batches: Array(repeating: [], count: Limits.partitions),
          file: file))
      capacity = settings.segmentBytes
      segmentsBegun += 1
    } catch {
      if error.reason == .full { throw .full }
      throw .failed(error)
    }
  }

  /// Makes one frame of batches durable.
  ///
  /// Each batch must continue its partition and its chains.
  mutating func commit(_ batches: [SealingBatch], at time: Timestamp) throws(LogWriteError) {
    try makeRoom(for: Self.contentBytes(of: batches), at: time)
    begin()
    let base = segments[segments.count - 1].end
    var entries: [BatchEntry] = []
    entries.reserveCapacity(batches.count)
    var records: UInt32 = 0
    for sealing in batches {
      entries.append(add(sealing, base: base))
      records += UInt32(sealing.batch.count)
    }
    try finish(.data, count: records, at: time)
    for entry in entries {
      segments[segments.count - 1].batches[Int(entry.partition.value)].append(entry)
    }
  }

  /// Makes a frame without records durable.
  mutating func commit(_ kind: FrameKind, at time: Timestamp) throws(LogWriteError) {
    try makeRoom(for: FrameHeader.bytes, at: time)
    begin()
    try finish(kind, count: 1, at: time)
  }

  /// Takes segments off the front whose files are about to go.
  mutating func forget(segmentsBefore firstLSN: UInt64) {
    segments.removeAll { $0.firstLSN < firstLSN }
  }

  private mutating func makeRoom(for contentBytes: Int, at time: Timestamp) throws(LogWriteError) {
    let block = FrameHeader.block
    let size = (contentBytes + block - 1) / block * block
    invariant(size + SegmentHeader.bytes <= settings.segmentBytes, "a frame fits a segment")
    if segments[segments.count - 1].end + size > capacity { try startSegment(at: time) }
  }

  private mutating func begin() {
    frame.removeAll(keepingCapacity: true)
    frame.append(contentsOf: repeatElement(0, count: FrameHeader.bytes))
  }

  private mutating func add(_ sealing: SealingBatch, base: Int) -> BatchEntry {
    let headerStart = frame.count
    frame.append(contentsOf: repeatElement(0, count: BatchEntry.headerBytes))
    let start = frame.count
    frame.append(contentsOf: sealing.batch.bytes)
    sealer.seal(batch: &frame, from: start, first: sealing.batch.first, epoch: sealing.epoch)
    let entry = BatchEntry(
      partition: sealing.batch.partition, first: sealing.batch.first.value,
      count: UInt32(sealing.batch.count), offset: UInt32(base + start),
      length: UInt32(frame.count - start), checksum: Checksum.crc(frame[start...]))
    entry.stamp(at: headerStart, in: &frame)
    return entry
  }

  private mutating func finish(_ kind: FrameKind, count: UInt32, at time: Timestamp)
    throws(LogWriteError)
  {
    let content = frame.count
    frame.pad(to: FrameHeader.block)
    let header = FrameHeader(
      totalBytes: frame.count, contentBytes: content, firstLSN: nextLSN, count: count, kind: kind,
      nodeEpoch: nodeEpoch, durableLSN: durableLSN, time: time, chain: chain,
      bodyChecksum: Checksum.crc(frame[FrameHeader.bytes...]))
    header.stamp(into: &frame, salt: salt)
    let last = segments.count - 1
    try write(at: Int64(segments[last].end))
    chain = FrameChain(after: frame[..<FrameHeader.bytes])
    nextLSN = header.nextLSN
    segments[last].end += frame.count
    segments[last].nextLSN = nextLSN
    lastIsData = kind == .data
  }

  /// Makes the frame's bytes durable.
  private func write(at offset: Int64) throws(LogWriteError) {
    invariant(output != nil, "a segment is open for frames")
    do {
      try output?.write(frame[...], at: offset)
      #if TANDEM_PLANTED_BUGS
        if !PlantedBug.syncSkipped.isActive { try output?.sync() }
      #else
        try output?.sync()
      #endif
    } catch { throw .failed(error) }
  }
}
