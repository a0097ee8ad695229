// SPDX-License-Identifier: Apache-2.0
// What a commit may not do to a deal that was there before it (domain.md 22).

import TandemDomain
import TandemPrimitives
import Testing

extension Given {
  /// Invariants 3, 4, 7, 8 and 11: what has ended, what was shown, what is assessed and where it belongs
  /// stays.
  func expectKept(_ events: [Event], since before: DealTable) {
    for event in events {
      guard case .dealChanged(let change) = event, let old = before.deal(change.deal),
        let new = deals.deal(change.deal)
      else { continue }
      let isInPlace = new.location == old.location && new.engagement == old.engagement
      let hasTheSameSides = new.direction == old.direction && new.initiator == old.initiator
      let isOfTheSame = new.customer.identity == old.customer.identity
      #expect(isInPlace && hasTheSameSides && isOfTheSame, "invariant 11: \(change.cause)")
      let isOneWay = new.baseKind.rawValue >= old.baseKind.rawValue
      #expect(isOneWay, "invariant 4: \(old.baseKind) to \(new.baseKind)")
      expectAssessmentKept(old, new, change)
      let isKept = !old.status.isTerminal || new.ownPart == old.ownPart
      #expect(isKept, "invariant 3: \(change.cause) of a deal that is \(old.status)")
    }
  }
}

extension Given {
  /// An assessment stays one of the same, and completes one stage after another.
  private func expectAssessmentKept(_ old: Deal, _ new: Deal, _ change: DealChanged) {
    let kinds = (old.baseKind == .solutionAssessment, new.baseKind == .solutionAssessment)
    #expect(kinds.0 == kinds.1, "invariant 7: \(change.cause) makes an assessment, or unmakes one")
    guard kinds.0 else { return }
    #expect(new.solutions == old.solutions && new.cards.isEmpty, "invariant 7: \(change.cause)")
    for field in change.changes {
      guard case .assessment(let before) = field.before, case .assessment(let after) = field.after
      else { continue }
      let (known, told) = (before?.completed ?? [], after?.completed ?? [])
      // A shadow copy may hear of several stages at once.
      let isNext = told.count == known.count + 1 || (new.isShadow && told.count > known.count)
      #expect(isNext && Array(told.prefix(known.count)) == known, "invariant 8: \(change.cause)")
    }
  }
}

extension Customer {
  fileprivate var identity: Customer {
    var customer = self
    customer.contacts = []
    return customer
  }
}

extension Deal {
  /// Without what counterparts do to it, which goes on after its end.
  fileprivate var ownPart: Deal {
    var deal = self
    deal.cards = []
    deal.sharedView = nil
    deal.version = 0
    deal.updatedAt = .zero
    deal.fieldVersions = []
    return deal
  }
}
