// SPDX-License-Identifier: Apache-2.0
// Recent contacts, read from the deals that changed last among those that the caller may see today.

import TandemDomain
import TandemPrimitives
import TandemWire

extension TenantCore {
  mutating func recentContacts(
    _ list: ListRecentContacts, for principal: Principal, deals max: Int
  ) throws(Rejection) -> [RecentContact] {
    try RecentContacts.requireRight(principal, state)
    var contacts = RecentContacts(list)
    for entry in newestDeals(principal, max: max) {
      guard !contacts.isFull else { break }
      if let deal = deals.deal(entry.id) { contacts.take(deal) }
    }
    return contacts.found
  }

  /// The deals that changed last, newest first, of those alone that somebody may see: what others do
  /// elsewhere shifts none of them out.
  private mutating func newestDeals(_ principal: Principal, max: Int) -> [DealAtTime] {
    var newest: [DealAtTime] = []
    guard !seesAll(principal), let places = reachable(principal, max: .max) else {
      var merge = ListMerge(
        indexes: DealStatus.allCases.map { deals.index($0, .updated) }, after: nil,
        descending: true)
      while newest.count < max, let entry = merge.next() {
        if mayRead(entry.id, principal) { newest.append(entry) }
      }
      return newest
    }
    for place in places.lazy.map(Int.init) where mayRead(at: place, principal) {
      let head = deals.slot(at: place).head
      newest.append(DealAtTime(time: head.updatedAt, id: head.id))
      if newest.count == 2 * max { newest.keepNewest(max) }
    }
    newest.keepNewest(max)
    return newest
  }
}

extension [DealAtTime] {
  fileprivate mutating func keepNewest(_ max: Int) {
    sort { $1 < $0 }
    removeLast(Swift.max(count - max, 0))
  }
}
