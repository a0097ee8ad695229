// SPDX-License-Identifier: Apache-2.0
// A request has at most one effect however often it is sent, and its repeats are told the same.

import TandemDomain
import TandemPrimitives

struct AppliedOnce {
  static let name = "applied once"

  private struct Effect {
    let tenant: TenantID
    let commitSeq: UInt64
    let answer: [UInt8]
  }

  static func check(_ evidence: Evidence, _ operations: [Operation]) -> String? {
    var effects: [UInt64: Effect] = [:]
    var created: [Text: Int] = [:]
    for log in evidence.logs {
      var last: UInt64 = 0
      for commit in log.commits {
        guard commit.sequence == last + 1 else {
          return "\(log.tenant) goes from commit \(last) to \(commit.sequence)"
        }
        last = commit.sequence
        for case .dealCreated(let deal) in commit.events { created[deal.name, default: 0] += 1 }
        guard let entry = commit.ledger else { continue }
        let number = entry.key.scopeLow
        if let before = effects[number] {
          return "request \(number) was journaled as commits \(before.commitSeq) and "
            + "\(commit.sequence)"
        }
        effects[number] = Effect(
          tenant: log.tenant, commitSeq: commit.sequence, answer: Array(entry.answer))
      }
    }
    for operation in operations {
      if let problem = check(operation, effects[operation.number], created) { return problem }
    }
    return nil
  }

  private static func check(
    _ operation: Operation, _ effect: Effect?, _ created: [Text: Int]
  ) -> String? {
    let name = "\(operation.label) \(operation.number)"
    if let deal = operation.name, let count = created[deal], count > 1 {
      return "\(name) created \(count) deals"
    }
    guard operation.key != nil else { return nil }
    guard let effect else {
      return operation.alwaysChanges && !operation.told.isEmpty
        ? "\(name) was answered, but nothing of it is journaled" : nil
    }
    if effect.tenant != operation.tenant { return "\(name) was journaled by another tenant" }
    // Before its effect a request may have been answered without changing anything.
    for answer in operation.told where answer.commitSeq >= effect.commitSeq {
      if answer.body != effect.answer { return "\(name) was told two different answers" }
      if !answer.isReplay, answer.commitSeq != effect.commitSeq {
        return "\(name) was executed again at commit \(answer.commitSeq)"
      }
    }
    return nil
  }
}
