// SPDX-License-Identifier: Apache-2.0
import JournalConformance
import TandemJournal
import TandemPrimitives
import TandemSimulation
import Testing

/// The bytes of format version 1.
///
/// A change here is a new format version, never an edit.
struct GoldenBytesTests {
  private let store = StoreID(high: 0x1122_3344_5566_7788, low: 0x99AA_BBCC_DDEE_FF00)
  private let timeline = TimelineID(high: 1, low: 2)

  private func digest(_ bytes: [UInt8]) -> String {
    Checksum.sha256(bytes[...]).bytes.prefix(12).map(hex).joined()
  }

  private func hex(_ byte: UInt8) -> String {
    String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
  }

  @Test func `slot`() {
    let slot = SlotFile.encode(magic: SlotFile.lockMagic, generation: 3, value: 9, store: store)
    #expect(
      slot[..<40].map(hex).joined()
        == "544e444d4c434b3103000000000000000900000000000000112233445566778899aabbccddeeff00")
    #expect(digest(slot) == "f076b3a3b620f8647c67f2e4")
  }

  @Test func `manifest`() throws {
    var manifest = Manifest(store: store, timeline: timeline)
    manifest.generation = 5
    manifest.firstLSN = 77
    manifest.bases[3] = 12
    #expect(digest(manifest.encoded()) == "b48ee76db72e6fe668c06259")
    #expect(try Manifest.decode(manifest.encoded()) == manifest)
  }

  @Test func `segment header`() throws {
    let header = SegmentHeader(
      store: store, timeline: timeline, salt: 0xDEAD_BEEF, firstLSN: 4, nodeEpoch: 2,
      firstChain: FrameChain(high: 8, low: 9), created: Timestamp(milliseconds: 1_000))
    #expect(digest(header.encoded()) == "f8a28f379f41f2348466b1e9")
    #expect(try SegmentHeader.decode(header.encoded()) == header)
  }

  @Test func `frame header`() {
    var frame = [UInt8](repeating: 0, count: 4_096)
    let header = FrameHeader(
      totalBytes: 4_096, contentBytes: 80, firstLSN: 4, count: 1, kind: .mark, nodeEpoch: 2,
      durableLSN: 3, time: Timestamp(milliseconds: 7), chain: FrameChain(high: 8, low: 9),
      bodyChecksum: 11)
    header.stamp(into: &frame, salt: 0xDEAD_BEEF)
    let expected =
      "bbf8ff93001000000400000000000000010000000300000002000000000000000300000000000000"
      + "0700000000000000000000000000000800000000000000095000000000000000e91821cc0b000000"
    #expect(frame[..<80].map(hex).joined() == expected)
    #expect(FrameHeader.decode(frame, at: 0, salt: 0xDEAD_BEEF) == header)
    #expect(FrameHeader.decode(frame, at: 0, salt: 0xDEAD_BEEE) == nil)
  }

  @Test func `record and tenant chain`() throws {
    var bytes = Samples.batch(PartitionID(2), after: .start, [(1, 1), (1, 2), (1, 3)]).bytes
    var sealer = ChainSealer()
    sealer.seal(batch: &bytes, from: 0, first: Position(1), epoch: Epoch(5))
    #expect(digest(bytes) == "beaef7e0e0ec7cbfcae26466")
  }

  @Test func `erasing the personal section keeps the chain`() throws {
    var bytes = Samples.batch(PartitionID(2), after: .start, [(3, 3)]).bytes
    let whole = try #require(RecordCodec.range(at: 0, in: bytes, end: bytes.count))
    let chain = ChainSealer.link(whole, in: bytes, previous: .start)
    let personal = bytes[whole.personalStart..<whole.end]
    #expect(!personal.isEmpty)
    bytes.replaceSubrange(
      whole.personalStart..<whole.end, with: Checksum.sha256(personal).bytes)
    bytes.storeLittleEndian(UInt32(bytes.count), at: RecordCodec.Offset.length)
    bytes.storeLittleEndian(UInt32(32), at: RecordCodec.Offset.personalLength)
    bytes.storeLittleEndian(RecordCodec.personalErased, at: RecordCodec.Offset.flags)
    let erased = try #require(RecordCodec.range(at: 0, in: bytes, end: bytes.count))
    #expect(ChainSealer.link(erased, in: bytes, previous: .start) == chain)
  }

  @Test func `snapshot`() throws {
    let snapshot = Samples.snapshot(1, in: PartitionID(2), commitSeq: 4, position: 6)
    let bytes = SnapshotFile.encode(snapshot)
    #expect(digest(bytes) == "ab98e1cca3169fc38b3b5457")
    #expect(SnapshotFile.decode(bytes)?.footer == snapshot.footer)
  }

  @Test func `a whole small directory`() async throws {
    let disk = SimulatedFileSystem()
    let system = LocalSystem(disk)
    let journal = try system.open()
    let opened = try await journal.open(PartitionID(1))
    _ = await appendCommits(journal, PartitionID(1), 1...40, epoch: opened.epoch, bodySize: 2_000)
    let history = try LocalHistory(journal, executor: system.executor, subjects: subjectsOfSample)
    try await history.buildRuns()
    await journal.stop()
    let run = try #require(disk.paths.first { $0.hasSuffix(".run") })
    let runDigest = digest(try #require(disk.contents(of: run)))
    #expect(runDigest == "e9619562b850017ad785e8c2")
    let segment = try #require(disk.paths.first { $0.hasSuffix(".wal") })
    let segmentDigest = digest(try #require(disk.contents(of: segment)))
    #expect(segmentDigest == "cea3ce064a6de740ec76c4b2")
    let markDigest = digest(try #require(disk.contents(of: "wal/durable.mark")))
    #expect(markDigest == "1ec1dfbfb6bd4cbad782e0e7")
  }
}
