// SPDX-License-Identifier: Apache-2.0
// Every message that a tenant journaled is applied by its receiver exactly once and in order, or still
// stands in the outbox.

import TandemDomain
import TandemPrimitives
import TandemRuntime

struct MessagesConserved {
  static let name = "messages are conserved"

  private struct Way: Hashable {
    let sender: TenantID
    let receiver: TenantID
  }

  static func check(_ evidence: Evidence, isAtRest: Bool) -> String? {
    var sent: [Way: UInt64] = [:]
    var applied: [Way: UInt64] = [:]
    var ways: [Way] = []
    for log in evidence.logs {
      for event in log.commits.lazy.flatMap(\.events) {
        if case .messageSent(let entry) = event {
          let way = Way(sender: log.tenant, receiver: entry.receiver)
          if sent[way] == nil { ways.append(way) }
          guard entry.sequence == (sent[way] ?? 0) + 1 else {
            return "\(log.tenant) sent message \(entry.sequence) after \(sent[way] ?? 0)"
          }
          sent[way] = entry.sequence
        }
        if case .inboxAdvanced(let sender, let through) = event {
          let way = Way(sender: sender, receiver: log.tenant)
          guard through == (applied[way] ?? 0) + 1 else {
            return "\(log.tenant) applied message \(through) after \(applied[way] ?? 0)"
          }
          applied[way] = through
        }
      }
    }
    let known = Set(evidence.logs.map(\.tenant))
    for way in ways where known.contains(way.receiver) {
      let total = sent[way] ?? 0
      let arrived = applied[way] ?? 0
      if isAtRest, arrived > total {
        return "\(way.receiver) applied \(arrived) of \(total) messages"
      }
      let sender = evidence.pictures.first { $0.tenant == way.sender }
      guard let queue = sender?.state.outbox[way.receiver] else { continue }
      // A receipt under way leaves a message in the outbox although it was applied, never the reverse.
      let marked = queue.lastSequence - UInt64(queue.entries.count)
      if arrived < marked {
        return
          "\(way.sender) dropped \(marked) messages to \(way.receiver), which applied \(arrived)"
      }
    }
    return nil
  }

  /// After the last fault nothing may wait for ever.
  static func isQuiet(_ evidence: Evidence) -> Bool {
    evidence.pictures.allSatisfy { picture in
      picture.state.outbox.values.allSatisfy(\.entries.isEmpty)
    }
  }
}
