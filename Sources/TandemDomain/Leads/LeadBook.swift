// SPDX-License-Identifier: Apache-2.0
// All leads of one organisation, by id, which begins with the time of sending. What timers, duplicates and
// room-making look for is kept in order beside them.

package import TandemPrimitives

package struct LeadBook: Sendable {
  private var entries = SortedChunks<Entry>()
  private var due = SortedChunks<Timed>()
  /// Those that nothing is to be done with, the longest so first.
  private var spare = SortedChunks<Timed>()
  /// Open ones by what makes two of them alike.
  private var alike = SortedChunks<Alike>()
  /// What it takes in memory, about.
  package private(set) var byteCount = 0
  package private(set) var arrivals = LeadArrivals()

  private final class Box: Sendable {
    let lead: Lead
    init(_ lead: Lead) { self.lead = lead }
  }

  private struct Entry: Comparable, Sendable {
    let id: LeadID
    let box: Box?
    static func == (left: Self, right: Self) -> Bool { left.id == right.id }
    static func < (left: Self, right: Self) -> Bool { left.id < right.id }
  }

  private struct Timed: Comparable, Sendable {
    let time: Timestamp
    let id: LeadID
    static func < (left: Self, right: Self) -> Bool {
      left.time != right.time ? left.time < right.time : left.id < right.id
    }
  }

  private struct Alike: Comparable, Sendable {
    let number: UInt64
    let id: LeadID
    static func < (left: Self, right: Self) -> Bool {
      left.number != right.number ? left.number < right.number : left.id < right.id
    }
  }

  package init() {}

  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.count == 0 }

  package subscript(id: LeadID) -> Lead? { entries[Entry(id: id, box: nil)]?.box?.lead }

  /// Adds a lead, or gives it new values.
  package mutating func put(_ lead: Lead) {
    if let old = self[lead.id] { forgetOrders(of: old) }
    let kept = lead.inOneBuffer
    entries.put(Entry(id: kept.id, box: Box(kept)))
    byteCount += kept.byteCount
    if let time = kept.dueAt { due.put(Timed(time: time, id: kept.id)) }
    if let time = kept.spareSince { spare.put(Timed(time: time, id: kept.id)) }
    if kept.isOpen { alike.put(Alike(number: kept.likeness, id: kept.id)) }
  }

  package mutating func remove(_ id: LeadID) {
    guard let old = self[id] else { return }
    forgetOrders(of: old)
    entries.remove(Entry(id: id, box: nil))
  }

  private mutating func forgetOrders(of old: Lead) {
    byteCount -= old.byteCount
    if let time = old.dueAt { due.remove(Timed(time: time, id: old.id)) }
    if let time = old.spareSince { spare.remove(Timed(time: time, id: old.id)) }
    if old.isOpen { alike.remove(Alike(number: old.likeness, id: old.id)) }
  }

  package mutating func note(_ arrivals: LeadArrivals) { self.arrivals = arrivals }

  // MARK: Looking

  /// The earliest time at which one is due.
  package var nextDue: Timestamp? { due.first?.time }

  /// Those that are due, earliest first, at most `max`.
  package func due(at time: Timestamp, max: Int) -> [Lead] {
    var found: [Lead] = []
    due.forEach(from: nil) { entry in
      guard entry.time <= time, found.count < max else { return false }
      if let lead = self[entry.id] { found.append(lead) }
      return true
    }
    return found
  }

  /// Which one makes room for a new one: never an open one.
  package var firstToGo: LeadID? { spare.first?.id }

  /// An open lead that may be the same, the one that was sent first.
  package func lookalike(of lead: Lead) -> LeadID? {
    let number = lead.likeness
    var found: LeadID?
    var looks = 0
    alike.forEach(from: Alike(number: number, id: .zero)) { entry in
      guard entry.number == number, looks < Limits.duplicateCandidates else { return false }
      looks += 1
      guard entry.id != lead.id, let other = self[entry.id], other.isLike(lead) else { return true }
      found = entry.id
      return false
    }
    return found
  }

  /// The newest below an id first, until the body has enough.
  package func forEachBackwards(below id: LeadID?, _ body: (Lead) -> Bool) {
    entries.forEachBackwards(below: id.map { Entry(id: $0, box: nil) }) { entry in
      entry.box.map { body($0.lead) } ?? true
    }
  }

  /// All, ascending by id.
  package func forEach(_ body: (Lead) -> Void) {
    entries.forEach(from: nil) { entry in
      if let box = entry.box { body(box.lead) }
      return true
    }
  }
}

extension LeadBook: Equatable {
  /// Equal when they hold the same, in whatever runs.
  package static func == (left: LeadBook, right: LeadBook) -> Bool {
    guard left.count == right.count, left.arrivals == right.arrivals else { return false }
    var isEqual = true
    left.entries.forEach(from: nil) { entry in
      isEqual = right[entry.id] == entry.box?.lead
      return isEqual
    }
    return isEqual
  }
}

/// How many leads that want an answer came on one day of the realm, in UTC.
package struct LeadArrivals: Hashable, Sendable {
  /// Days since 1970.
  package var day: Int64
  package var count: UInt32
  package init(day: Int64 = 0, count: UInt32 = 0) {
    self.day = day
    self.count = count
  }

  /// With one more at a moment.
  package func adding(at time: Timestamp) -> LeadArrivals {
    let today = time.milliseconds / Timestamp.Span.days(1).milliseconds
    return LeadArrivals(day: today, count: today == day ? count + 1 : 1)
  }
}

extension Lead {
  /// The same with texts that keep nothing alive but themselves: a lead outlives what it was read from.
  fileprivate var inOneBuffer: Lead {
    let texts = [
      sender.name, customerName, city, contact.firstName, contact.lastName, contact.email,
      contact.phone, contact.title, solutionName, campaignID, text,
    ]
    var buffer: [UInt8] = []
    buffer.reserveCapacity(texts.reduce(0) { $0 + $1.byteCount })
    for text in texts { buffer.append(contentsOf: text.utf8) }
    var start = 0
    func next(_ old: Text) -> Text {
      guard !old.isEmpty else { return .empty }
      defer { start += old.byteCount }
      return Text(validated: buffer[start..<start + old.byteCount])
    }
    var lead = self
    lead.sender.name = next(sender.name)
    lead.customerName = next(customerName)
    lead.city = next(city)
    lead.contact = Person(
      firstName: next(contact.firstName), lastName: next(contact.lastName),
      email: next(contact.email), phone: next(contact.phone), title: next(contact.title))
    lead.solutionName = next(solutionName)
    lead.campaignID = next(campaignID)
    lead.text = next(text)
    return lead
  }
}
