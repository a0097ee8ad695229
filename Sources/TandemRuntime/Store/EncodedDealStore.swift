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
  /// The round of lists in which the deal changed last; 0 for none.
  fileprivate var changedInRound: UInt64 = 0

  package init(head: DealHead, bytes: [UInt8]) {
    self.head = head
    self.bytes = bytes
  }

  /// Changes head and bytes; says what the head was and is, how much longer the bytes are, and whether
  /// the deal changed in this round already.
  fileprivate mutating func apply(
    _ changed: DealChanged, _ splice: inout DealSplice, _ round: UInt64
  ) -> (old: DealHead, new: DealHead, growth: Int, isFirst: Bool) {
    let old = head
    let count = bytes.count
    let isFirst = changedInRound != round
    changedInRound = round
    head.apply(changed)
    bytes = splice.apply(changed, to: bytes)
    return (old, head, bytes.count - count, isFirst)
  }
}

/// Deals as bytes with their indexes.
package struct EncodedDealStore: ~Copyable, DealStore, Sendable {
  private var slots = ChunkedTable<DealSlot>()
  private var places = DealPlaces()
  private var warmPlaces: [Int] = []
  /// What `warm` saw, so that its looking is not dropped as useless.
  private var warmth = 0
  /// Where deals are encoded; its capacity is kept.
  private var scratch: [UInt8] = []
  private var splice = DealSplice()
  private var engagements = EngagementPlaces()
  /// By status, sorted by change, but for deals that changed and were not listed since.
  ///
  /// A patch moves its deal to the end of its list; nobody sees that before the next list is asked for,
  /// and until then most deals that change change again.
  private var byUpdate = [OrderedIndex](repeating: OrderedIndex(), count: statusCount)
  private var unlisted: [Unlisted] = []
  /// Counts how often `unlisted` was emptied; a deal is in it when it changed in this round.
  private var round: UInt64 = 1
  /// By status, sorted by creation.
  private var byCreation = [OrderedIndex](repeating: OrderedIndex(), count: statusCount)
  private var dueAnswers = OrderedIndex()
  private(set) var columns = DealColumns()
  private var keys = DealKeys()
  /// Encoded bytes of all deals, for the memory budget.
  package private(set) var byteCount = 0

  /// A deal that changed, and where it stands in `byUpdate`.
  private struct Unlisted: Sendable {
    let place: Int
    let status: DealStatus
    let time: Timestamp
  }

  /// As many deals may be sorted anew in one turn.
  ///
  /// With more of them, an eighth of that many may wait.
  private let sortedAtOnce: Int

  private static let statusCount = DealStatus.allCases.count + 1

  package init(sortedAtOnce: Int = 8_192) { self.sortedAtOnce = sortedAtOnce }

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
    for place in warmPlaces {
      // The head begins on a line of memory before the one where the bytes are named.
      seen &+= slots.withSlot(place) { Int(truncatingIfNeeded: $0.head.version) &+ $0.bytes.count }
    }
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
    return deal(at: place)
  }

  package func deal(at place: Int) -> Deal { Deal(stored: slots[place].bytes) }

  package func contains(_ id: DealID) -> Bool { places[id] != nil }

  package func deal(in engagement: EngagementID) -> DealID? {
    engagements.place(of: engagement, in: slots).map { place in
      slots.withSlot(place) { $0.head.id }
    }
  }

  package mutating func add(_ deal: Deal) {
    // Its size is known when it is written; what is kept has no spare room.
    scratch.removeAll(keepingCapacity: true)
    DealCodec.encode(deal, into: &scratch)
    let slot = DealSlot(head: DealHead(of: deal), bytes: scratch.exactCopy)
    keys.wasMade(at: slots.count, slot.bytes)
    add(slot)
  }

  package func openDeals(of customer: Customer, max: Int) -> [DealID] {
    var ids: [DealID] = []
    var looks = 0
    keys.visit(customers: customer.numbers) { place in
      let head = slots.withSlot(Int(place)) { $0.head }
      if !head.status.isTerminal, !ids.contains(head.id) { ids.append(head.id) }
      looks += 1
      return ids.count < max && looks < Limits.dealsOfCustomer
    }
    return ids
  }

  /// Changes the stored bytes where they differ; the deal is not decoded.
  package mutating func apply(_ changed: DealChanged) {
    guard let place = places[changed.deal] else {
      return invariant(false, "only a deal that exists changes")
    }
    let fields = changed.fields
    if !fields.isDisjoint(with: Self.keyed) {
      let bytes = slots.withSlot(place) { $0.bytes }
      keys.willChange(at: place, from: bytes)
    }
    let (old, new, growth, isFirst) = slots[place].apply(changed, &splice, round)
    byteCount += growth
    if !fields.isDisjoint(with: Self.figured) {
      let bytes = slots.withSlot(place) { $0.bytes }
      columns.replace(at: place, with: DealFigures(stored: bytes[...]))
    }
    if keys.isDue(slots.count) { settleKeys() }
    if isFirst {
      unlisted.append(Unlisted(place: place, status: old.status, time: old.updatedAt))
      if slots.count > sortedAtOnce, unlisted.count * 8 >= sortedAtOnce { listChanged() }
    }
    move(from: old, to: new)
  }

  /// Puts back a deal from a snapshot without decoding more than its head.
  package mutating func restore(_ bytes: [UInt8]) -> Bool {
    guard let head = DealHead.read(bytes[...]) else { return false }
    add(DealSlot(head: head, bytes: bytes))
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
  package mutating func index(_ status: DealStatus, _ sort: ListDeals.SortKey) -> OrderedIndex {
    let number = Int(status.rawValue)
    switch sort {
    case .updated:
      if !unlisted.isEmpty { listChanged() }
      return byUpdate[number]
    case .created: return byCreation[number]
    }
  }

  // MARK: Looking for deals

  /// Fields of which `DealKey` tells something.
  private static let keyed = FieldMask([.name, .customer, .crmID, .team, .tags])
  /// Fields of which `DealFigures` tell something.
  private static let figured = FieldMask([
    .status, .baseKind, .partnerToPartner, .customer, .value, .closeDate, .stage, .cards,
    .sharedView,
  ])

  /// Puts every key in its place; call when deals were restored, before rules look at them.
  package mutating func settleKeys() {
    let slots = slots
    keys.settle(slots.count) { place in slots.withSlot(place) { $0.bytes } }
  }

  /// Adds the places of the deals under some numbers of a list of keys; false when there would be more
  /// than `max`.
  mutating func append(
    _ list: DealKey.List, _ numbers: ClosedRange<UInt128>, to found: inout [UInt32], max: Int
  ) -> Bool {
    settleKeys()
    return keys.append(list, numbers, to: &found, max: max)
  }

  /// Adds the places of all copies of an engagement.
  func append(_ engagement: EngagementID, to found: inout [UInt32]) {
    engagements.append(engagement, in: slots, to: &found)
  }

  /// Adds the places of new copies whose answer is due by a time, and perhaps of others: reminders fall
  /// due before the answer does.
  func append(dueBy time: Timestamp, to found: inout [UInt32], max: Int) -> Bool {
    append(dueAnswers, Timestamp(milliseconds: .min)...time, to: &found, max: max)
  }

  /// Adds the places of deals that changed or were made within a stretch of time.
  mutating func append(
    _ sort: ListDeals.SortKey, _ range: ClosedRange<Timestamp>, to found: inout [UInt32], max: Int
  ) -> Bool {
    for status in DealStatus.allCases
    where !append(index(status, sort), range, to: &found, max: max) {
      return false
    }
    return true
  }

  private func append(
    _ index: OrderedIndex, _ range: ClosedRange<Timestamp>, to found: inout [UInt32], max: Int
  ) -> Bool {
    var fits = true
    index.visit(from: DealAtTime(time: range.lowerBound, id: .zero)) { entry in
      guard entry.time <= range.upperBound else { return false }
      fits = found.count < max
      if fits, let place = places[entry.id] { found.append(UInt32(place)) }
      return fits
    }
    return fits
  }

  // MARK: Adding and moving

  private mutating func add(_ slot: DealSlot) {
    let head = slot.head
    let place = slots.append(slot)
    places.add(head.id, at: place)
    engagements.add(place, in: slots)
    columns.append(DealFigures(stored: slot.bytes[...]))
    if keys.isDue(slots.count) { settleKeys() }
    byteCount += slot.bytes.count
    let status = Int(head.status.rawValue)
    byUpdate[status].insert(head.updateEntry)
    byCreation[status].insert(head.creationEntry)
    if let due = head.dueEntry { dueAnswers.insert(due) }
  }

  /// Gives the deals that changed their places in `byUpdate`.
  private mutating func listChanged() {
    var changed: [Unlisted] = []
    swap(&changed, &unlisted)
    round += 1
    if changed.count * 2 > slots.count { return sortAll() }
    var gone = [[DealAtTime]](repeating: [], count: Self.statusCount)
    var new = gone
    for deal in changed {
      let head = slots.withSlot(deal.place) { $0.head }
      let entry = DealAtTime(time: deal.time, id: head.id)
      gone[Int(deal.status.rawValue)].append(entry)
      new[Int(head.status.rawValue)].append(head.updateEntry)
    }
    for status in byUpdate.indices { byUpdate[status].exchange(gone[status], for: new[status]) }
  }

  private mutating func sortAll() {
    var entries = [[DealAtTime]](repeating: [], count: Self.statusCount)
    for place in 0..<slots.count {
      let head = slots.withSlot(place) { $0.head }
      entries[Int(head.status.rawValue)].append(head.updateEntry)
    }
    for status in byUpdate.indices { byUpdate[status] = OrderedIndex(entries[status]) }
  }

  /// Touches only the other indexes in which the deal stands elsewhere now.
  private mutating func move(from old: DealHead, to new: DealHead) {
    let before = Int(old.status.rawValue)
    let after = Int(new.status.rawValue)
    if before != after || old.createdAt != new.createdAt {
      byCreation[before].remove(old.creationEntry)
      byCreation[after].insert(new.creationEntry)
    }
    if old.dueEntry != new.dueEntry {
      if let due = old.dueEntry { dueAnswers.remove(due) }
      if let due = new.dueEntry { dueAnswers.insert(due) }
    }
  }
}

extension DealChanged {
  /// The fields that took new values.
  fileprivate var fields: FieldMask {
    var bits: UInt64 = 0
    for index in changes.indices { bits |= 1 &<< UInt64(changes.span[index].field.rawValue) }
    return FieldMask(rawValue: bits)
  }
}

extension DealHead {
  fileprivate var updateEntry: DealAtTime { DealAtTime(time: updatedAt, id: id) }
  fileprivate var creationEntry: DealAtTime {
    DealAtTime(time: createdAt, id: id)
  }
  fileprivate var dueEntry: DealAtTime? {
    dueAt.map { DealAtTime(time: $0, id: id) }
  }
}
