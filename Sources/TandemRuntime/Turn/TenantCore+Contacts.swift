// SPDX-License-Identifier: Apache-2.0
// Recent contacts, read from the deals that changed last and that the caller may see today.

import TandemDomain
import TandemPrimitives

extension TenantCore {
  mutating func recentContacts(
    _ list: ListRecentContacts, for principal: Principal
  ) throws(Rejection) -> [RecentContact] {
    try RecentContacts.requireRight(principal, state)
    var contacts = RecentContacts(list)
    var newest = ListMerge(
      indexes: DealStatus.allCases.map { deals.index($0, .updated) }, after: nil, descending: true)
    var looked = 0
    while looked < Limits.recentContactDeals, !contacts.isFull, let entry = newest.next() {
      looked += 1
      guard mayRead(entry.id, principal), let deal = deals.deal(entry.id) else { continue }
      contacts.take(deal)
    }
    return contacts.found
  }
}
