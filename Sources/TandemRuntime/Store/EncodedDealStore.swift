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
  private var places: [DealID: Int32] = [:]
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

  package func slot(_ id: DealID) -> DealSlot? {
    places[id].map { slots[Int($0)] }
  }

  package func head(_ id: DealID) -> DealHead? {
    places[id].map { slots[Int($0)].head }
  }

  package func deal(_ id: DealID) -> Deal? {
    guard let place = places[id] else { return nil }
    return Self.decode(slots[Int(place)].bytes)
  }

  package func deal(in engagement: EngagementID) -> DealID? { byEngagement[engagement] }

  package mutating func put(_ deal: Deal) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(DealCodec.sizeHint(deal))
    DealCodec.encode(deal, into: &bytes)
    put(DealSlot(head: DealHead(of: deal), bytes: bytes))
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

  package var allIDs: [DealID] { places.keys.sorted() }

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
      let old = slots[Int(place)]
      withdraw(old.head)
      byteCount += slot.bytes.count - old.bytes.count
      slots[Int(place)] = slot
    } else {
      places[head.id] = Int32(slots.append(slot))
      byEngagement[head.engagement] = head.id
      byteCount += slot.bytes.count
    }
    enter(head)
  }

  private mutating func enter(_ head: DealHead) {
    let status = Int(head.status.rawValue)
    byUpdate[status].insert(OrderedIndex.Entry(time: head.updatedAt, id: head.id))
    byCreation[status].insert(OrderedIndex.Entry(time: head.createdAt, id: head.id))
    if let respondBy = head.respondBy, head.status.isNew {
      dueAnswers.insert(OrderedIndex.Entry(time: respondBy, id: head.id))
    }
  }

  private mutating func withdraw(_ head: DealHead) {
    let status = Int(head.status.rawValue)
    byUpdate[status].remove(OrderedIndex.Entry(time: head.updatedAt, id: head.id))
    byCreation[status].remove(OrderedIndex.Entry(time: head.createdAt, id: head.id))
    if let respondBy = head.respondBy, head.status.isNew {
      dueAnswers.remove(OrderedIndex.Entry(time: respondBy, id: head.id))
    }
  }

  private static func decode(_ bytes: [UInt8]) -> Deal {
    do {
      return try DealCodec.decode(bytes[...])
    } catch {
      // These bytes were encoded by this process or checked by a snapshot's hash.
      fatalError("a stored deal cannot be decoded: \(error)")
    }
  }
}
