// SPDX-License-Identifier: Apache-2.0
// The deals of one tenant at rest: encoded bytes plus a few hot fields, replaced as a whole on change.
// A Get copies bytes; only a turn that changes a deal decodes it.

package import TandemDomain
package import TandemPrimitives
package import TandemWire

/// One deal: what lists and access need, and the bytes that a Get sends.
package struct DealSlot: Sendable {
  package var head: DealHead
  package var bytes: [UInt8]
}

/// Deals as bytes with their indexes.
package struct EncodedDealStore: DealStore, Sendable {
  private var slots = ChunkedTable<DealSlot>()
  private var places = DealPlaces()
  /// The deal that this turn has read already, so that changing it does not decode it again.
  private var handy: Deal?
  private var warmPlaces: [Int] = []
  /// What `warm` saw, so that its looking is not dropped as useless.
  private var warmth = 0
  /// Where deals are encoded; its capacity is kept.
  private var scratch: [UInt8] = []
  private var byEngagement: [EngagementID: DealID] = [:]
  /// By status, each sorted by change and by creation.
  private var byUpdate = [OrderedIndex](repeating: OrderedIndex(), count: statusCount)
  private var byCreation = [OrderedIndex](repeating: OrderedIndex(), count: statusCount)
  private var dueAnswers = OrderedIndex()
  /// Encoded bytes of all deals, for the memory budget.
  package private(set) var byteCount = 0

  private static let statusCount = DealStatus.allCases.count + 1

  package init() {}

  package var count: Int { slots.count }

  /// An immutable picture of all slots; costs one small copy however many deals there are.
  package var image: ChunkedTable<DealSlot> { slots }

  /// Looks at all of a group of deals before the first is used.
  ///
  /// Look-ups that do not depend on each other wait for memory together; one deal after the other
  /// would wait for each.
  package mutating func warm(_ ids: [DealID]) {
    warmPlaces.removeAll(keepingCapacity: true)
    for id in ids { if let place = places[id] { warmPlaces.append(place) } }
    var seen = 0
    for place in warmPlaces { seen &+= slots.withSlot(place) { $0.bytes.count } }
    for place in warmPlaces {
      seen &+= slots.withSlot(place) { slot in
        var sum = 0
        var index = 0
        while index < slot.bytes.count {
          sum &+= Int(slot.bytes[index])
          index += 64
        }
        return sum
      }
    }
    warmth = seen
  }

  /// Where a deal lies; the same for ever.
  package func place(of id: DealID) -> Int? { places[id] }

  package func slot(at place: Int) -> DealSlot { slots[place] }

  package func head(_ id: DealID) -> DealHead? { places[id].map { slots[$0].head } }

  /// Lends a deal's bytes without taking hold of them.
  @inline(__always)
  package func withBytes(at place: Int, _ body: ([UInt8]) -> Void) {
    slots.withSlot(place) { body($0.bytes) }
  }

  package func bytes(of id: DealID) -> [UInt8]? { places[id].map { slots[$0].bytes } }

  package func deal(_ id: DealID) -> Deal? {
    guard let place = places[id] else { return nil }
    return Self.decode(slots[place].bytes)
  }

  package func contains(_ id: DealID) -> Bool { places[id] != nil }

  /// Keeps a deal until it is taken: what is stored, or that with the coming changes in it already.
  ///
  /// Swapped, since copying a deal takes hold of every text in it.
  package mutating func keepHandy(_ deal: inout Deal?) { swap(&handy, &deal) }

  package mutating func dropHandy() { handy = nil }

  package mutating func take(_ id: DealID) -> Deal? {
    guard handy?.id == id else { return deal(id) }
    return handy.take()
  }

  package func deal(in engagement: EngagementID) -> DealID? { byEngagement[engagement] }

  package mutating func put(_ deal: Deal) {
    handy = nil
    // Its size is known when it is written; what is kept has no spare room.
    scratch.removeAll(keepingCapacity: true)
    DealCodec.encode(deal, into: &scratch)
    put(DealSlot(head: DealHead(of: deal), bytes: scratch.exactCopy))
  }

  /// Puts back a deal from a snapshot without decoding more than its head.
  package mutating func restore(_ bytes: [UInt8]) -> Bool {
    guard let head = DealHead.read(bytes[...]) else { return false }
    put(DealSlot(head: head, bytes: bytes))
    return true
  }

  package func due(at time: Timestamp, max: Int) -> [DealID] {
    var found: [DealID] = []
    dueAnswers.visit(after: nil, descending: false) { entry in
      guard entry.time <= time, found.count < max else { return false }
      found.append(entry.id)
      return true
    }
    return found
  }

  package var nextDue: Timestamp? { dueAnswers.first?.time }

  package var allIDs: [DealID] { places.ids }

  /// The index that answers a list of one status in one order.
  package func index(_ status: DealStatus, _ sort: ListDeals.SortKey) -> OrderedIndex {
    switch sort {
    case .updated: byUpdate[Int(status.rawValue)]
    case .created: byCreation[Int(status.rawValue)]
    }
  }

  private mutating func put(_ slot: DealSlot) {
    let head = slot.head
    if let place = places[head.id] {
      let old = slots[place].head
      byteCount += slot.bytes.count - slots[place].bytes.count
      slots[place] = slot
      move(from: old, to: head)
    } else {
      places.add(head.id, at: slots.append(slot))
      byEngagement[head.engagement] = head.id
      byteCount += slot.bytes.count
      enter(head)
    }
  }

  private mutating func enter(_ head: DealHead) {
    let status = Int(head.status.rawValue)
    byUpdate[status].insert(head.updateEntry)
    byCreation[status].insert(head.creationEntry)
    if let due = head.dueEntry { dueAnswers.insert(due) }
  }

  /// Touches only the indexes in which the deal stands elsewhere now.
  private mutating func move(from old: DealHead, to new: DealHead) {
    let before = Int(old.status.rawValue)
    let after = Int(new.status.rawValue)
    if before != after || old.updatedAt != new.updatedAt {
      byUpdate[before].remove(old.updateEntry)
      byUpdate[after].insert(new.updateEntry)
    }
    if before != after || old.createdAt != new.createdAt {
      byCreation[before].remove(old.creationEntry)
      byCreation[after].insert(new.creationEntry)
    }
    if old.dueEntry != new.dueEntry {
      if let due = old.dueEntry { dueAnswers.remove(due) }
      if let due = new.dueEntry { dueAnswers.insert(due) }
    }
  }

  private static func decode(_ bytes: [UInt8]) -> Deal {
    do {
      return try DealCodec.decode(stored: bytes[...])
    } catch {
      // These bytes were encoded by this process or checked by a snapshot's hash.
      fatalError("a stored deal cannot be decoded: \(error)")
    }
  }
}

extension DealHead {
  fileprivate var updateEntry: OrderedIndex.Entry { OrderedIndex.Entry(time: updatedAt, id: id) }
  fileprivate var creationEntry: OrderedIndex.Entry {
    OrderedIndex.Entry(time: createdAt, id: id)
  }
  /// Only invitations without an answer are due.
  fileprivate var dueEntry: OrderedIndex.Entry? {
    guard status.isNew else { return nil }
    return respondBy.map { OrderedIndex.Entry(time: $0, id: id) }
  }
}
