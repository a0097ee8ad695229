// SPDX-License-Identifier: Apache-2.0
// A segment of the log in a whole directory, for everything that reads one before a server opens it.

import TandemJournal
import TandemPlatform
package import TandemPrimitives

package final class SegmentTarget: FuzzTarget {
  package let name = "segment"
  package let samples: [Sample]
  private let frame = Directories.frame()

  package init() { samples = Directories.segments().map(\.whole) }

  package func read(_ bytes: [UInt8]) -> Verdict {
    var files = frame
    files[Directories.segmentPath] = bytes
    return SegmentTarget.verdict(JournalInspector(FixedFiles(contents: files)).verify())
  }

  /// The first finding that is more than a note.
  static func verdict(_ report: JournalReport) -> Verdict {
    guard let finding = report.findings.first(where: { $0.severity > .note }) else {
      return .accepted
    }
    return SegmentTarget.refusal(finding.text)
  }

  static func refusal(_ text: String) -> Verdict {
    let isSenseless = text.firstRange(of: FixedFiles.senselessRead) != nil
    return isSenseless ? .broken(FixedFiles.senselessRead) : .refused(reason(text))
  }

  /// Up to a random depth: headers, bodies, batches, the chain of frames, the chains of tenants.
  package func mend(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let depth = random.next() % 6
    guard depth > 0, bytes.count >= 4_096 else { return }
    bytes.storeLittleEndian(crc32c(bytes[..<4_092], seed: 0), at: 4_092)
    var chain = FrameChain.start
    var heads: [TenantID: ChainHash] = [:]
    var start = 4_096
    while start + 80 <= bytes.count {
      guard number(bytes, start, 4) == UInt64(0x4D52_4654 ^ Directories.salt) else {
        start += 4_096
        continue
      }
      let rest = bytes.count - start
      let total = min(max(Int(number(bytes, start + 4, 4)), 80), rest)
      let content = min(max(Int(number(bytes, start + 64, 4)), 80), total)
      if depth >= 3 {
        mendBatches(&bytes, start + 80..<start + content, chains: depth >= 5, &heads)
      }
      if depth >= 2 {
        bytes.storeLittleEndian(crc32c(bytes[start + 80..<start + total], seed: 0), at: start + 76)
      }
      if depth >= 4 {
        bytes.storeLittleEndian(chain.high.byteSwapped, at: start + 48)
        bytes.storeLittleEndian(chain.low.byteSwapped, at: start + 56)
      }
      bytes.storeLittleEndian(crc32c(bytes[start..<start + 72], seed: 0), at: start + 72)
      chain = Directories.chainAfter(bytes[start..<start + 80])
      start += max(4_096, (total + 4_095) / 4_096 * 4_096)
    }
  }

  private func mendBatches(
    _ bytes: inout [UInt8], _ content: Range<Int>, chains: Bool,
    _ heads: inout [TenantID: ChainHash]
  ) {
    var start = content.lowerBound
    while start + 24 <= content.upperBound {
      let rest = content.upperBound - start - 24
      let length = min(Int(number(bytes, start + 16, 4)), rest)
      let records = start + 24..<start + 24 + length
      if chains { mendChains(&bytes, records, &heads) }
      bytes.storeLittleEndian(crc32c(bytes[records], seed: 0), at: start + 20)
      start = records.upperBound
    }
  }

  private func mendChains(
    _ bytes: inout [UInt8], _ records: Range<Int>, _ heads: inout [TenantID: ChainHash]
  ) {
    var start = records.lowerBound
    while let range = RecordCodec.range(at: start, in: bytes, end: records.upperBound) {
      let tenant = RecordCodec.decode(range, in: bytes).tenant
      let chain = ChainSealer.link(range, in: bytes, previous: heads[tenant] ?? .start)
      RecordCodec.stamp(chain: chain, at: start, in: &bytes)
      heads[tenant] = chain
      start = range.end
    }
  }
}

/// A little-endian number of a buffer.
func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
  (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
}
