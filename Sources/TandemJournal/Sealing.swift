// SPDX-License-Identifier: Apache-2.0
// What every journal does with a batch before it stores it: check it against the chains.

import TandemPlatform
import TandemPrimitives

extension Batch {
  /// Checks that the bytes are what the header says, and that every tenant goes on where it stopped.
  func continuesChains(of sealer: ChainSealer) -> Bool {
    var next: [(tenant: TenantID, commitSeq: UInt64)] = []
    var start = 0
    var seen = 0
    while start < bytes.count {
      guard let range = RecordCodec.range(at: start, in: bytes, end: bytes.count) else {
        return false
      }
      guard RecordCodec.partition(of: range, in: bytes) == partition else { return false }
      let tenant = RecordCodec.tenant(of: range, in: bytes)
      let sequence = RecordCodec.commitSeq(of: range, in: bytes)
      if let index = next.lastIndex(where: { $0.tenant == tenant }) {
        guard sequence == next[index].commitSeq + 1 else { return false }
        next[index].commitSeq = sequence
      } else {
        guard sequence == sealer.head(of: tenant).commitSeq + 1 else { return false }
        next.append((tenant, sequence))
      }
      seen += 1
      start = range.end
    }
    return seen == count && count > 0
  }
}

/// Collects records until one of two bounds is reached; the first record always fits.
package struct HistoryPage {
  let recordsMax: Int
  let bytesMax: Int
  package private(set) var records: [Record] = []
  private var byteCount = 0
  private var hasRefused = false

  package init(recordsMax: Int, bytesMax: Int) {
    self.recordsMax = recordsMax
    self.bytesMax = bytesMax
  }

  var isFull: Bool { hasRefused || records.count >= recordsMax || byteCount >= bytesMax }

  /// False when the record does not fit any more; then none of its successors does, however small.
  mutating func add(_ record: Record) -> Bool {
    let size = RecordCodec.headerBytes + record.body.count + record.personal.count
    guard !isFull, records.isEmpty || byteCount + size <= bytesMax else {
      hasRefused = true
      return false
    }
    records.append(record)
    byteCount += size
    return true
  }
}

extension Snapshot {
  /// SHA-256 over all chunks, one after the other.
  package static func stateHash(of chunks: [[UInt8]]) -> ChainHash {
    var hash = SHA256()
    for chunk in chunks { hash.update(chunk[...]) }
    return ChainHash(hash.finish())
  }
}
