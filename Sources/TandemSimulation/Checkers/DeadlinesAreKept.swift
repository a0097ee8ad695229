// SPDX-License-Identifier: Apache-2.0
// An unanswered invitation ends once: not before its time, and not never.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

struct DeadlinesAreKept {
  static let name = "deadlines are kept"

  static func check(_ evidence: Evidence) -> String? {
    for log in evidence.logs {
      var due: [DealID: Timestamp] = [:]
      var ended: Set<DealID> = []
      for commit in log.commits {
        for event in commit.events {
          if case .invitationReceived(let deal, _) = event { due[deal.id] = deal.respondBy }
          guard case .dealChanged(let change) = event, change.cause == .expired else { continue }
          guard ended.insert(change.deal).inserted else { return "\(change.deal) expired twice" }
          if let time = due[change.deal], commit.at < time {
            return "\(change.deal) expired \(time.milliseconds - commit.at.milliseconds) ms early"
          }
        }
      }
    }
    return nil
  }

  /// True when no invitation waits any more.
  static func isQuiet(_ evidence: Evidence) -> Bool {
    evidence.pictures.allSatisfy { picture in
      picture.deals.allSatisfy { DealHead.read($0.bytes[...])?.status.isNew == false }
    }
  }
}
