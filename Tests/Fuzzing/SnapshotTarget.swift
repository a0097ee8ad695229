// SPDX-License-Identifier: Apache-2.0
// A snapshot file. What is accepted must be the same after it was written again.

import JournalConformance
import TandemJournal
import TandemPlatform
package import TandemPrimitives

package final class SnapshotTarget: FuzzTarget {
  package let name = "snapshot"
  package let samples: [Sample]

  package init() {
    samples = (1...UInt64(4)).map { number in
      let snapshot = Samples.snapshot(
        number, in: PartitionID(2), commitSeq: 4 * number, position: 6)
      return Self.sample(SnapshotFile.encode(snapshot))
    }
  }

  private static func sample(_ bytes: [UInt8]) -> Sample {
    var sample = Sample(bytes)
    sample.note(at: 0, [(8, 4), (12, 4)])
    var start = 16
    let footer = bytes.count - 160
    while start + 8 <= footer {
      let end = start + 8 + Int(number(bytes, start, 4))
      sample.note(at: start, [(0, 4), (4, 4)])
      sample.parts.append(start..<end)
      start = end
    }
    sample.parts.append(footer..<bytes.count)
    sample.note(
      at: footer,
      [
        (8, 8), (24, 2), (26, 2), (28, 4), (32, 8), (40, 8), (48, 8), (56, 8), (64, 4), (68, 4),
        (72, 8), (104, 8), (156, 4),
      ])
    return sample
  }

  package func read(_ bytes: [UInt8]) -> Verdict {
    do throws(SnapshotDamage) {
      let snapshot = try SnapshotFile.read(bytes)
      let again = SnapshotFile.decode(SnapshotFile.encode(snapshot))
      guard again?.footer == snapshot.footer, again?.chunks == snapshot.chunks else {
        return .broken("a snapshot changes when it is written again")
      }
      return .accepted
    } catch { return .refused("\(error)") }
  }

  /// Up to a random depth: the footer, the chunks, their number, the state hash.
  package func mend(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let depth = random.next() % 5
    guard depth > 0, bytes.count >= 16 + 160 else { return }
    let footer = bytes.count - 160
    var chunks: [[UInt8]] = []
    var start = 16
    while start + 8 <= footer {
      let end = min(start + 8 + Int(number(bytes, start, 4)), footer)
      chunks.append(Array(bytes[start + 8..<end]))
      if depth >= 2 {
        bytes.storeLittleEndian(crc32c(bytes[start + 8..<end], seed: 0), at: start + 4)
      }
      start = end
    }
    if depth >= 3 { bytes.storeLittleEndian(UInt32(chunks.count), at: footer + 68) }
    if depth >= 4 {
      let hash = Snapshot.stateHash(of: chunks).bytes
      bytes.replaceSubrange(footer + 104..<footer + 136, with: hash)
    }
    bytes.storeLittleEndian(crc32c(bytes[footer..<bytes.count - 4], seed: 0), at: bytes.count - 4)
  }
}
