// SPDX-License-Identifier: Apache-2.0
// Follows every tenant's chain through runs and log and reports the first break, and every snapshot that
// does not stand on it.

import TandemPrimitives

/// A snapshot that says where its tenant's chain stood.
struct SnapshotClaim {
  let path: String
  let commitSeq: UInt64
  let chain: ChainHash
}

struct ChainCheck {
  /// Snapshots whose commits were not met yet.
  var claims: [TenantID: [SnapshotClaim]] = [:]
  private(set) var heads: [TenantID: ChainHead] = [:]

  /// Records of a run block, sorted by tenant.
  mutating func take(run path: String, _ bytes: [UInt8], _ report: inout JournalReport) {
    each(bytes, path, &report) { check, range, report in
      check.link(range, in: bytes, path, &report)
    }
  }

  /// Records of the log; those that stand in a run already must be the same.
  mutating func take(
    log path: String, _ bytes: [UInt8], nodeEpoch: UInt64, _ report: inout JournalReport
  ) {
    each(bytes, path, &report) { check, range, report in
      let sequence = RecordCodec.commitSeq(of: range, in: bytes)
      if RecordCodec.epoch(of: range, in: bytes).value >> 32 != nodeEpoch {
        report.add(.corrupt, path, "a record of another node epoch stands in frame \(nodeEpoch)")
      }
      let head = check.heads[RecordCodec.tenant(of: range, in: bytes)] ?? .start
      if sequence > head.commitSeq { check.link(range, in: bytes, path, &report) }
      if sequence == head.commitSeq, RecordCodec.chain(of: range, in: bytes) != head.chain {
        report.add(.corrupt, path, "run and log disagree about commit \(sequence)")
      }
    }
  }

  private mutating func each(
    _ bytes: [UInt8], _ path: String, _ report: inout JournalReport,
    _ body: (inout ChainCheck, RecordRange, inout JournalReport) -> Void
  ) {
    var start = 0
    while start < bytes.count {
      guard let range = RecordCodec.range(at: start, in: bytes, end: bytes.count) else {
        report.add(.corrupt, path, "a record is malformed")
        return
      }
      body(&self, range, &report)
      start = range.end
    }
  }

  private mutating func link(
    _ range: RecordRange, in bytes: [UInt8], _ path: String, _ report: inout JournalReport
  ) {
    let tenant = RecordCodec.tenant(of: range, in: bytes)
    let sequence = RecordCodec.commitSeq(of: range, in: bytes)
    let chain = RecordCodec.chain(of: range, in: bytes)
    let head = heads[tenant] ?? .start
    // Both numbers come from a file, so the last one there is must not be counted on from.
    if sequence == 0 || sequence - 1 != head.commitSeq {
      report.add(
        .corrupt, path, "\(tenant) goes from commit \(head.commitSeq) to \(sequence)")
    } else if ChainSealer.link(range, in: bytes, previous: head.chain) != chain {
      report.add(.corrupt, path, "the chain of \(tenant) breaks at commit \(sequence)")
    }
    heads[tenant] = ChainHead(commitSeq: sequence, chain: chain)
    checkClaims(of: tenant, at: sequence, chain, &report)
  }

  private mutating func checkClaims(
    of tenant: TenantID, at sequence: UInt64, _ chain: ChainHash, _ report: inout JournalReport
  ) {
    guard let open = claims[tenant], open.contains(where: { $0.commitSeq == sequence }) else {
      return
    }
    for claim in open where claim.commitSeq == sequence && claim.chain != chain {
      report.add(
        .corrupt, claim.path, "the snapshot does not stand on the chain at commit \(sequence)")
    }
    claims[tenant] = open.filter { $0.commitSeq != sequence }
  }

  /// Reports the snapshots whose commits stand neither in runs nor in the log.
  func reportUnmetClaims(_ report: inout JournalReport) {
    for claim in claims.values.joined().sorted(by: { $0.path < $1.path }) {
      report.add(
        .corrupt, claim.path, "commit \(claim.commitSeq) stands neither in a run nor in the log")
    }
  }
}
