// SPDX-License-Identifier: Apache-2.0
// The state that a node serves is exactly what its log says when it is read from the beginning.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

struct ReplayIsIdentical {
  static let name = "replay is identical"

  static func check(_ evidence: Evidence) -> String? {
    guard evidence.logs.count == evidence.pictures.count else { return "a tenant is missing" }
    for (log, picture) in zip(evidence.logs, evidence.pictures) {
      if let problem = check(log, picture) { return "\(log.tenant): \(problem)" }
    }
    return nil
  }

  private static func check(_ log: TenantLog, _ picture: TenantPicture) -> String? {
    var state = TenantState()
    var deals = EncodedDealStore()
    for commit in log.commits {
      if commit.at < state.lastTime {
        return "commit \(commit.sequence) is older than the one before"
      }
      guard commit.sequence == state.commitSequence + 1 else {
        return "commit \(commit.sequence) follows \(state.commitSequence)"
      }
      Decider.evolve(&state, &deals, commit)
    }
    guard state.commitSequence == picture.state.commitSequence else {
      return "the log ends at \(state.commitSequence), the node is at "
        + "\(picture.state.commitSequence)"
    }
    let bytes = SnapshotCodec.encodeState(state)
    guard bytes == SnapshotCodec.encodeState(picture.state) else {
      return "the replayed state differs at commit \(state.commitSequence)"
    }
    guard let read = try? SnapshotCodec.decodeState(bytes[...]), read == state else {
      return "a snapshot of the state reads back as another"
    }
    guard deals.allIDs == picture.deals.map(\.id) else { return "other deals than the log's" }
    for deal in picture.deals where deals.bytes(of: deal.id) != deal.bytes {
      return "\(deal.id) differs from its log"
    }
    return nil
  }
}
