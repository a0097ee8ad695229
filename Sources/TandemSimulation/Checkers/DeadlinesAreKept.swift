// SPDX-License-Identifier: Apache-2.0
// An unanswered invitation is reminded of and ends once: not before its time, and not never.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

struct DeadlinesAreKept {
  static let name = "deadlines are kept"

  static func check(_ evidence: Evidence) -> String? {
    for log in evidence.logs {
      var tenant = Tenant()
      for commit in log.commits {
        for event in commit.events {
          if case .invitationReceived(let deal, _) = event { tenant.begin(deal) }
          guard case .dealChanged(let change) = event else { continue }
          if let fault = tenant.follow(change, at: commit.at) { return fault }
        }
      }
    }
    return nil
  }

  /// True when no invitation and no lead waits for an answer any more.
  static func isQuiet(_ evidence: Evidence) -> Bool {
    evidence.pictures.allSatisfy { picture in
      var isQuiet = picture.deals.allSatisfy {
        DealHead.read($0.bytes[...])?.status.isNew == false
      }
      picture.state.leads.forEach { isQuiet = isQuiet && $0.respondBy == nil }
      return isQuiet
    }
  }

  /// What is known of one tenant's invitations.
  private struct Tenant {
    private var due: [DealID: Timestamp] = [:]
    private var reminders: [DealID: Timestamp] = [:]
    private var ended: Set<DealID> = []

    mutating func begin(_ deal: Deal) {
      due[deal.id] = deal.respondBy
      reminders[deal.id] = deal.remindAt
    }

    mutating func follow(_ change: DealChanged, at now: Timestamp) -> String? {
      defer { note(change) }
      if change.cause == .expired {
        guard ended.insert(change.deal).inserted else { return "\(change.deal) expired twice" }
        return early(due[change.deal], change.deal, now, "expired")
      }
      if change.cause == .reminded {
        guard let time = reminders[change.deal] else {
          return "\(change.deal) is reminded of without a reminder to come"
        }
        guard !ended.contains(change.deal), let end = due[change.deal], now < end else {
          return "\(change.deal) is reminded of after its end"
        }
        return early(time, change.deal, now, "is reminded of")
      }
      return nil
    }

    private mutating func note(_ change: DealChanged) {
      for field in change.changes {
        if case .respondBy(let time) = field.after { due[change.deal] = time }
        if case .remindAt(let time) = field.after { reminders[change.deal] = time }
      }
    }

    private func early(
      _ time: Timestamp?, _ deal: DealID, _ now: Timestamp, _ what: String
    ) -> String? {
      guard let time, now < time else { return nil }
      return "\(deal) \(what) \(time.milliseconds - now.milliseconds) ms early"
    }
  }
}
