// SPDX-License-Identifier: Apache-2.0
// What a commit may not do to a deal that was there before it: invariants 3, 4 and 11 of domain.md 22.

import TandemDomain
import TandemPrimitives

enum InvariantsOverTime {
  static func check(_ commit: Commit, _ before: DealTable, _ after: DealTable) -> String? {
    for id in commit.touchedDeals {
      guard let old = before.deal(id), let new = after.deal(id) else { continue }
      let isInPlace =
        new.location == old.location && new.engagement == old.engagement
        && new.direction == old.direction && new.initiator == old.initiator
      if !isInPlace || identity(new) != identity(old) {
        return "\(id): moved, or became another customer's (11)"
      }
      if new.baseKind.rawValue < old.baseKind.rawValue {
        return "\(id): from \(old.baseKind) back to \(new.baseKind) (4)"
      }
      if old.status.isTerminal, terms(new) != terms(old) {
        return "\(id): changed although it is \(old.status) (3)"
      }
    }
    return nil
  }

  private static func identity(_ deal: Deal) -> Customer {
    var customer = deal.customer
    customer.contacts = []
    return customer
  }

  /// Without what counterparts do to a deal, which goes on after its end.
  private static func terms(_ deal: Deal) -> [DealField: AnyHashable] {
    var fields = ModelDeal(told: deal).fields
    fields[.cards] = nil
    // G12: what the eligibility of a won copy follows.
    guard deal.direction == .inbound, deal.status == .won else { return fields }
    var view = deal.sharedView
    view?.participants = []
    fields[.sharedView] = view
    return fields
  }
}
