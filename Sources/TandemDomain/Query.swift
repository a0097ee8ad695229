// SPDX-License-Identifier: Apache-2.0
// The closed list of questions. Answers are made where the deals live; who may see what is decided here.

package import TandemPrimitives

package enum Query: Sendable, Equatable {
  case getDeal(DealID)
  /// A deal as it was.
  case getPastDeal(DealAsOf)
  /// Several deals, in the order asked for.
  case getDeals([DealID])
  indirect case listDeals(ListDeals)
  indirect case aggregateDeals(AggregateDeals)
  case dealHistory(DealHistory)
  case describeActions(DealID)
  case describeEligibility(DealID)
  /// The rules in force, or nothing but some of their lists by name.
  case describeRules([Text])
  case listNotifications(ListNotifications)
  /// The caller's own.
  case getNotificationPreferences
  case getOrganisation
  case listUsers
  case listLocations
  case listKeys
  /// Ecosystem organisations whose name begins with a text.
  case listOrganisations(namePrefix: Text, max: UInt32)
  case listRoutingRules
  case listRecentContacts(ListRecentContacts)
  case suggestCustomers(SuggestCustomers)
  case getLead(LeadID)
  indirect case listLeads(ListLeads)
  case listSolutions(ListSolutions)
  case listRealms
  case getRealm
}

package struct ListDeals: Sendable, Equatable {
  package enum SortKey: UInt8, Sendable, CaseIterable {
    case updated = 1
    case created = 2
  }
  /// Empty: every status.
  package var statuses: [DealStatus]
  package var direction: Direction?
  package var favouritesOnly: Bool
  package var sort: SortKey
  package var descending: Bool
  package var pageSize: UInt32
  /// Where the page before ended: sort time and id of its last row.
  package var after: ListCursor?
  /// What deals must satisfy besides.
  package var filter: DealFilter
  /// In place of `sort`, for orders that no index has.
  package var order: ListOrder?
  /// Where the page before ended in that order.
  package var afterKey: [UInt8] = []
  /// Bits of the numbers of fields that rows hold; zero for all.
  package var fields: UInt64 = 0
  /// There must be exactly one deal.
  package var wantsOne = false
  package init(
    statuses: [DealStatus], direction: Direction?, favouritesOnly: Bool, sort: SortKey,
    descending: Bool, pageSize: UInt32, after: ListCursor?, filter: DealFilter = DealFilter()
  ) {
    self.statuses = statuses
    self.direction = direction
    self.favouritesOnly = favouritesOnly
    self.sort = sort
    self.descending = descending
    self.pageSize = pageSize
    self.after = after
    self.filter = filter
  }

  /// The order of its rows, whether an index has it or not.
  package var sortOrder: ListOrder {
    if let order { return order }
    let field: SortField =
      switch sort {
      case .updated: .updated
      case .created: .created
      }
    return ListOrder([.init(field, descending: descending)])
  }

  /// The key of the last row of the page before; empty for the first page.
  package var sortKeyBefore: [UInt8] {
    order == nil ? after.map { ListOrder.key(of: $0) } ?? [] : afterKey
  }

  /// Everything that a deal must satisfy, as one filter.
  package var conditions: DealFilter {
    var all = filter
    if !statuses.isEmpty { all.require(.status(Choices(statuses))) }
    if let direction { all.require(.direction(Choices([direction]))) }
    if favouritesOnly { all.require(.favourite) }
    return all
  }
}

package struct ListSolutions: Sendable, Equatable {
  package var namePrefix: Text
  package var ownOnly: Bool
  package var pageSize: UInt32
  /// The last solution of the page before.
  package var after: SolutionID?
  package init(namePrefix: Text, ownOnly: Bool, pageSize: UInt32, after: SolutionID?) {
    self.namePrefix = namePrefix
    self.ownOnly = ownOnly
    self.pageSize = pageSize
    self.after = after
  }
}

/// A place in a sorted list; stable while rows change because it names values, not counts.
package struct ListCursor: Sendable, Equatable {
  /// The order that it is of.
  package var sort: ListDeals.SortKey
  package var descending: Bool
  package var time: Timestamp
  package var id: DealID
  package init(
    _ sort: ListDeals.SortKey, descending: Bool, time: Timestamp, id: DealID
  ) {
    self.sort = sort
    self.descending = descending
    self.time = time
    self.id = id
  }

  package func isOf(_ list: ListDeals) -> Bool {
    sort == list.sort && descending == list.descending
  }
}

package struct DealHistory: Sendable, Equatable {
  package var deal: DealID
  /// Entries with a commit_seq above this one.
  package var afterCommit: UInt64
  package var pageSize: UInt32
  package init(deal: DealID, afterCommit: UInt64, pageSize: UInt32) {
    self.deal = deal
    self.afterCommit = afterCommit
    self.pageSize = pageSize
  }
}

package struct ListNotifications: Sendable, Equatable {
  package var unreadOnly: Bool
  package var pageSize: UInt32
  package init(unreadOnly: Bool, pageSize: UInt32) {
    self.unreadOnly = unreadOnly
    self.pageSize = pageSize
  }
}

/// What a watch wants to see and where it begins.
package struct WatchRequest: Sendable, Equatable {
  package enum Start: Sendable, Equatable {
    case now
    /// Everything after the place that a token names.
    case afterToken([UInt8])
    /// Every visible deal as of now, then everything after it.
    case snapshot
  }
  package var start: Start
  /// Empty: every deal that the principal may see.
  package var deals: [DealID]
  package init(start: Start, deals: [DealID]) {
    self.start = start
    self.deals = deals
  }
}
