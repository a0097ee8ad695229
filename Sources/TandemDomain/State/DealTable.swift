// SPDX-License-Identifier: Apache-2.0
// Deals kept as values: the readable reference of `DealStore`, for tests and the simulator's
// oracle.

package import TandemPrimitives

package struct DealTable: DealStore, Sendable, Equatable {
  private var deals: [DealID: Deal] = [:]
  private var byEngagement: [EngagementID: DealID] = [:]
  /// New copies, by the time of their next timer and then id.
  private var dueQueue: [DueEntry] = []

  private struct DueEntry: Sendable, Equatable, Comparable {
    var time: Timestamp
    var id: DealID
    static func < (left: Self, right: Self) -> Bool {
      left.time != right.time ? left.time < right.time : left.id < right.id
    }
  }

  package init() {}

  package func deal(_ id: DealID) -> Deal? { deals[id] }

  package func contains(_ id: DealID) -> Bool { deals[id] != nil }

  package func deal(in engagement: EngagementID) -> DealID? { byEngagement[engagement] }

  package mutating func add(_ deal: Deal) {
    deals[deal.id] = deal
    byEngagement[deal.engagement] = deal.id
    if let time = deal.dueAt { insertDue(DueEntry(time: time, id: deal.id)) }
  }

  package mutating func apply(_ changed: DealChanged) {
    guard let old = deals[changed.deal] else {
      return invariant(false, "only a deal that exists changes")
    }
    var new = old
    new.apply(changed)
    deals[new.id] = new
    guard old.dueAt != new.dueAt else { return }
    removeDue(old)
    if let time = new.dueAt { insertDue(DueEntry(time: time, id: new.id)) }
  }

  package func due(at time: Timestamp, max: Int) -> [DealID] {
    dueQueue.prefix(max).prefix { $0.time <= time }.map(\.id)
  }

  package func openDeals(of customer: Customer, max: Int) -> [DealID] {
    let open = deals.values.filter { !$0.status.isTerminal && $0.customer.isSame(as: customer) }
    return Array(open.map(\.id).sorted(by: >).prefix(max))
  }

  package var nextDue: Timestamp? { dueQueue.first?.time }
  package var count: Int { deals.count }
  package var allIDs: [DealID] { deals.keys.sorted() }

  private mutating func removeDue(_ deal: Deal) {
    guard let time = deal.dueAt else { return }
    let place = place(of: DueEntry(time: time, id: deal.id))
    if place < dueQueue.endIndex, dueQueue[place].id == deal.id { dueQueue.remove(at: place) }
  }

  private mutating func insertDue(_ entry: DueEntry) {
    dueQueue.insert(entry, at: place(of: entry))
  }

  /// Where an entry stands or would stand, by halving.
  private func place(of entry: DueEntry) -> Int {
    var low = 0
    var high = dueQueue.count
    while low < high {
      let middle = (low + high) / 2
      if dueQueue[middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
