// SPDX-License-Identifier: Apache-2.0
// A history run beside the segment that it was made from: opened, searched, read, verified.

import TandemJournal
import TandemPlatform
package import TandemPrimitives

package final class RunTarget: FuzzTarget {
  package let name = "run"
  package let samples: [Sample]
  private let frames: [[String: [UInt8]]]
  private let paths: [String]

  /// The first byte says which directory the run lies in.
  package init() throws {
    var samples: [Sample] = []
    var frames: [[String: [UInt8]]] = []
    var paths: [String] = []
    for (number, segment) in Directories.segments().enumerated() {
      let run = try Directories.run(of: segment)
      var frame = Directories.frame()
      frame[Directories.segmentPath] = segment.bytes
      frames.append(frame)
      paths.append(run.path)
      samples.append(Self.sample(UInt8(number), run.bytes))
    }
    self.samples = samples
    self.frames = frames
    self.paths = paths
  }

  private static func sample(_ number: UInt8, _ run: [UInt8]) -> Sample {
    var sample = Sample([number] + run)
    sample.note(at: 1, [(8, 4), (12, 4), (32, 8), (40, 8), (48, 8), (56, 4), (60, 4), (64, 4)])
    let records = Int(Fuzzing.number(run, 48, 8))
    var entry = 1 + 4_096 + records
    sample.parts.append(1 + 4_096..<entry)
    let fields: [(Int, [(Int, Int)])] = [
      (40, [(0, 8), (16, 8), (24, 8), (32, 4), (36, 4)]),
      (72, [(0, 8), (16, 2), (24, 8), (32, 8), (40, 8)]), (40, [(0, 8), (16, 8), (32, 8)]),
    ]
    for (kind, (width, places)) in fields.enumerated() {
      for _ in 0..<Fuzzing.number(run, 56 + 4 * kind, 4) {
        sample.note(at: entry, places)
        sample.parts.append(entry..<entry + width)
        entry += width
      }
    }
    var start = 4_096
    while let range = RecordCodec.range(at: start, in: run, end: 4_096 + records) {
      sample.parts.append(1 + start..<1 + range.end)
      sample.note(at: 1 + start, [(0, 4), (10, 2), (12, 4), (32, 8), (48, 8), (80, 8), (112, 4)])
      start = range.end
    }
    return sample
  }

  package func read(_ bytes: [UInt8]) -> Verdict {
    let number = Int(bytes.first ?? 0)
    guard number < frames.count else { return .refused("no such directory") }
    var files = FixedFiles(contents: frames[number])
    files.contents[paths[number]] = Array(bytes.dropFirst())
    do throws(JournalError) {
      let run = try RunFile.open(files, paths[number])
      for entry in run.tenants.prefix(4) {
        for after in [0, 1, entry.lastCommitSeq, UInt64.max] {
          if let promise = try search(run, entry.tenant, after: after) { return .broken(promise) }
        }
      }
      for subject in run.subjects.prefix(4) {
        _ = run.commits(of: subject.tenant, about: subject.key)
      }
    } catch { return SegmentTarget.refusal(Self.text(of: error)) }
    return SegmentTarget.verdict(JournalInspector(files).verify())
  }

  private func search(_ run: RunFile, _ tenant: TenantID, after: UInt64) throws(JournalError)
    -> String?
  {
    var page = HistoryPage(recordsMax: 3, bytesMax: 4_000)
    try run.collect(tenant, after: after, into: &page)
    let fits =
      page.records.count <= 3
      && page.records.allSatisfy {
        $0.tenant == tenant && $0.commitSeq > after
      }
    return fits ? nil : "a page holds records that were not asked for"
  }

  private static func text(of error: JournalError) -> String {
    if case .corrupt(let text) = error { return text }
    return "\(error)"
  }

  /// Up to a random depth: the header, the index, the blocks, blocks that end too late.
  package func mend(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let depth = random.next() % 5
    guard depth > 0, bytes.count >= 1 + 4_096 else { return }
    let widths = [40, 72, 40]
    var index = 0
    for (kind, width) in widths.enumerated() {
      index += Int(Fuzzing.number(bytes, 1 + 56 + 4 * kind, 4)) * width
    }
    let start = bytes.count - index
    if index <= bytes.count - 4_097 {
      // Records that came or went: the length follows.
      if depth >= 2 { bytes.storeLittleEndian(UInt64(start - 4_097), at: 1 + 48) }
      if depth >= 3 { mendBlocks(&bytes, start, cuts: depth >= 4) }
      bytes.storeLittleEndian(crc32c(bytes[start...], seed: 0), at: 1 + 68)
    }
    bytes.storeLittleEndian(crc32c(bytes[1..<4_093], seed: 0), at: 4_093)
  }

  private func mendBlocks(_ bytes: inout [UInt8], _ index: Int, cuts: Bool) {
    for block in 0..<Int(Fuzzing.number(bytes, 1 + 56, 4)) {
      let entry = index + 40 * block
      let offset = Fuzzing.number(bytes, entry + 24, 8)
      var length = Fuzzing.number(bytes, entry + 32, 4)
      if cuts, offset < index - 1, offset + length > index - 1 {
        length = UInt64(index - 1) - offset
        bytes.storeLittleEndian(UInt32(length), at: entry + 32)
      }
      guard offset < bytes.count, length < bytes.count, offset + length < bytes.count else {
        continue
      }
      let range = 1 + Int(offset)..<1 + Int(offset + length)
      bytes.storeLittleEndian(crc32c(bytes[range], seed: 0), at: entry + 36)
    }
  }
}
