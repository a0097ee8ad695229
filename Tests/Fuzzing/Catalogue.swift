// SPDX-License-Identifier: Apache-2.0
// Every reader that is fuzzed, and one that deserves it.

import TandemPrimitives

package enum FuzzTargets {
  package static let names = ["frames", "guard", "segment", "snapshot", "run"]
  /// Not part of `all`: readers with a planted defect, which must be found.
  package static let plantedNames = ["planted-crash", "planted-promise", "planted-growth"]

  package static func make(_ name: String) throws -> (any FuzzTarget)? {
    switch name {
    case "frames": FrameTarget()
    case "guard": GuardTarget()
    case "segment": SegmentTarget()
    case "snapshot": SnapshotTarget()
    case "run": try RunTarget()
    case "planted-crash": PlantedTarget(.crash)
    case "planted-promise": PlantedTarget(.promise)
    case "planted-growth": PlantedTarget(.growth)
    default: nil
    }
  }
}

/// Reads one length and what follows it, wrongly.
package final class PlantedTarget: FuzzTarget {
  package enum Defect: String, Sendable {
    /// Trusts the length.
    case crash
    /// Takes a length that is one too large.
    case promise
    /// Keeps what it has read.
    case growth
  }

  package let name: String
  package let samples = [Sample([4, 0, 1, 2, 3, 4], fields: [.init(offset: 0, width: 2)])]
  private let defect: Defect
  private var kept: [[UInt8]] = []

  package init(_ defect: Defect) {
    self.defect = defect
    name = "planted-\(defect.rawValue)"
  }

  package func read(_ bytes: [UInt8]) -> Verdict {
    guard bytes.count >= 2 else { return .refused("no length") }
    let count = Int(bytes[0]) | Int(bytes[1]) << 8
    let room = bytes.count - 2
    switch defect {
    case .crash: return bytes[2..<2 + count].isEmpty ? .refused("empty") : .accepted
    case .promise:
      guard count <= room + 1 else { return .refused("cut") }
      return count > room ? .broken("reads a byte that is not there") : .accepted
    case .growth:
      guard count <= room else { return .refused("cut") }
      kept.append([UInt8](repeating: 1, count: 2_048))
      return .accepted
    }
  }
}
