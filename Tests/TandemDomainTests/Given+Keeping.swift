// SPDX-License-Identifier: Apache-2.0
// What a commit may not do to a deal that was there before it (domain.md 22).

import TandemDomain
import TandemPrimitives
import Testing

extension Given {
  /// Invariants 3, 4 and 11: what has ended, what was shown and where it belongs stays.
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
      let isKept = !old.status.isTerminal || new.ownPart == old.ownPart
      #expect(isKept, "invariant 3: \(change.cause) of a deal that is \(old.status)")
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
