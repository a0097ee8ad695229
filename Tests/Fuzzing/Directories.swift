// SPDX-License-Identifier: Apache-2.0
// Small whole data directories as the journal writes them: one segment, its run, a manifest, a mark.

import JournalConformance
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemSimulation

enum Directories {
  static let segmentPath = "wal/00000000000000000001.wal"
  static let store = StoreID(high: 0x1122_3344_5566_7788, low: 0x99AA_BBCC_DDEE_FF00)
  static let timeline = TimelineID(high: 1, low: 2)
  static let salt: UInt32 = 0xDEAD_BEEF
  private static let nodeEpoch: UInt64 = 3

  /// Everything but the segment and the run.
  static func frame() -> [String: [UInt8]] {
    var manifest = Manifest(store: store, timeline: timeline)
    manifest.generation = 1
    let mark = SlotFile.encode(
      magic: Array("TNDMDUR1".utf8), generation: 2, value: 2, store: store)
    return [
      "MANIFEST-A": manifest.encoded(), "MANIFEST-B": manifest.encoded(),
      "wal/durable.mark": mark + [UInt8](repeating: 0, count: 512),
    ]
  }

  static func subjects(_ type: UInt16, _ body: ArraySlice<UInt8>) -> [SubjectKey] {
    [SubjectKey(high: UInt64(body.first ?? 0), low: 7)]
  }

  /// The run that belongs to a segment: its path and its bytes.
  static func run(of segment: Segment) throws -> (path: String, bytes: [UInt8]) {
    let files = SimulatedFileSystem()
    try files.createDirectory("wal")
    try files.createDirectory("runs")
    try files.open(segmentPath, .createNew).write(segment.bytes[...], at: 0)
    let builder = RunBuilder(files: files, store: store, subjects: subjects)
    try builder.build((firstLSN: 1, nextLSN: segment.nextLSN))
    let path = files.paths.first { $0.hasSuffix(".run") } ?? ""
    return (path, files.contents(of: path) ?? [])
  }

  /// A segment that is built frame by frame.
  struct Segment {
    private(set) var bytes: [UInt8]
    private(set) var nextLSN: UInt64 = 1
    private(set) var sample = Sample([])
    private var chain = FrameChain.start
    private var sealer = ChainSealer()
    private var positions: [UInt16: UInt64] = [:]

    init() {
      let header = SegmentHeader(
        store: store, timeline: timeline, salt: salt, firstLSN: 1, nodeEpoch: nodeEpoch,
        firstChain: .start, created: Timestamp(milliseconds: 1_700_000_000_000))
      bytes = header.encoded()
      sample.note(
        at: 0, [(8, 4), (12, 4), (56, 4), (64, 8), (72, 8), (80, 8), (88, 8), (96, 8)])
      append(.epochOpen, batches: [])
    }

    /// The input that mutations begin from; zeros follow as in a prepared file.
    var whole: Sample {
      var whole = sample
      whole.bytes = bytes + [UInt8](repeating: 0, count: 4_096)
      return whole
    }

    mutating func mark() { append(.mark, batches: []) }

    /// One data frame; a batch is a partition and the tenants whose next commit it holds.
    mutating func data(_ batches: [(partition: UInt16, tenants: [UInt64])], bodySize: Int) {
      append(.data, batches: batches, bodySize: bodySize)
    }

    private mutating func append(
      _ kind: FrameKind, batches: [(partition: UInt16, tenants: [UInt64])], bodySize: Int = 40
    ) {
      let start = bytes.count
      sample.note(
        at: start,
        [(0, 4), (4, 4), (8, 8), (16, 4), (20, 2), (24, 8), (32, 8), (48, 8), (64, 4), (76, 4)])
      var frame = [UInt8](repeating: 0, count: 80)
      var count: UInt32 = kind == .data ? 0 : 1
      for batch in batches {
        count += UInt32(batch.tenants.count)
        add(batch.partition, batch.tenants, bodySize, at: start, to: &frame)
      }
      let content = frame.count
      frame += [UInt8](repeating: 0, count: (4_096 - content % 4_096) % 4_096)
      let header = FrameHeader(
        totalBytes: frame.count, contentBytes: content, firstLSN: nextLSN, count: count,
        kind: kind, nodeEpoch: nodeEpoch, durableLSN: nextLSN - 1,
        time: Timestamp(milliseconds: 1_700_000_000_001), chain: chain,
        bodyChecksum: crc32c(frame[80...], seed: 0))
      header.stamp(into: &frame, salt: salt)
      chain = chainAfter(frame[..<80])
      nextLSN += UInt64(count)
      bytes += frame
      sample.parts.append(start..<bytes.count)
    }

    private mutating func add(
      _ partition: UInt16, _ tenants: [UInt64], _ bodySize: Int, at frameStart: Int,
      to frame: inout [UInt8]
    ) {
      let last = positions[partition, default: 0]
      let commits = tenants.enumerated().map { place, tenant in
        let before = tenants[..<place].count { $0 == tenant }
        let head = sealer.head(of: Samples.tenant(tenant))
        return (tenant: tenant, commitSeq: head.commitSeq + UInt64(before) + 1)
      }
      var batch = Samples.batch(
        PartitionID(partition), after: Position(last), commits, bodySize: bodySize)
      sealer.seal(
        batch: &batch.bytes, from: 0, first: Position(last + 1), epoch: Epoch(nodeEpoch << 32 | 1))
      let start = frameStart + frame.count
      frame.appendLittleEndian(partition)
      frame.appendLittleEndian(UInt16(0))
      frame.appendLittleEndian(UInt32(tenants.count))
      frame.appendLittleEndian(last + 1)
      frame.appendLittleEndian(UInt32(batch.bytes.count))
      frame.appendLittleEndian(crc32c(batch.bytes[...], seed: 0))
      sample.note(at: start, [(0, 2), (4, 4), (8, 8), (16, 4), (20, 4)])
      sample.parts.append(start..<start + 24 + batch.bytes.count)
      var record = 0
      while let range = RecordCodec.range(at: record, in: batch.bytes, end: batch.bytes.count) {
        noteRecord(at: start + 24 + record, count: range.end - record)
        record = range.end
      }
      frame += batch.bytes
      positions[partition] = last + UInt64(tenants.count)
    }

    private mutating func noteRecord(at start: Int, count: Int) {
      sample.parts.append(start..<start + count)
      sample.note(
        at: start,
        [
          (0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 8), (24, 8), (32, 8), (48, 8),
          (56, 8), (80, 8), (112, 4),
        ])
    }
  }

  /// First 16 bytes of the SHA-256 of a frame header.
  static func chainAfter(_ header: ArraySlice<UInt8>) -> FrameChain {
    let hash = Checksum.sha256(header)
    return FrameChain(high: hash.words.0, low: hash.words.1)
  }

  /// Segments of different shape.
  static func segments() -> [Segment] {
    var small = Segment()
    small.data([(1, [1])], bodySize: 40)
    var several = Segment()
    several.data([(1, [1, 2, 1]), (2, [3])], bodySize: 60)
    several.mark()
    several.data([(2, [3, 3, 4])], bodySize: 200)
    var large = Segment()
    large.data([(1, [1, 1])], bodySize: 2_500)
    large.data([(1, [1]), (3, [5])], bodySize: 30)
    return [small, several, large]
  }
}
