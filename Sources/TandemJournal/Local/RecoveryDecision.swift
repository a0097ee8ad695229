// SPDX-License-Identifier: Apache-2.0
// The table that tells an interrupted write from damage. Pure: evidence in, verdict out.

/// Everything known about the place where the log stops making sense.
struct TailEvidence: Sendable, Equatable {
  /// LSN that should stand there.
  var lsn: UInt64
  var damage: FrameDamage
  /// A whole frame with a later LSN exists behind it.
  var laterFrame: Bool
  /// A later segment was activated, which happens only after everything before it is durable.
  var laterSegment: Bool
  /// Newest LSN that `durable.mark` or any whole frame proves durable.
  var provenLSN: UInt64
}

enum TailVerdict: Sendable, Equatable {
  /// The log ends here.
  case clean
  /// A write was interrupted; it was never acknowledged.
  case torn
  /// Something durable is damaged.
  case corrupt(String)
  /// Cannot be told; an operator must look.
  case ambiguous(String)
}

enum RecoveryDecision {
  static func verdict(_ evidence: TailEvidence) -> TailVerdict {
    if evidence.laterFrame { return .corrupt("a later frame is whole") }
    if evidence.laterSegment { return .corrupt("a later segment exists") }
    if evidence.lsn <= evidence.provenLSN {
      return .corrupt("it was durable: LSN \(evidence.provenLSN) is proven")
    }
    switch evidence.damage {
    case .none: return .clean
    case .headerMissing, .fileTooShort, .sectorMissing: return .torn
    case .garbage(let reason): return .ambiguous(reason)
    }
  }
}
