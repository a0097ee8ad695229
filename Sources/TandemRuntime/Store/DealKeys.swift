// SPDX-License-Identifier: Apache-2.0
// Where deals lie by name, customer, identifier of another system and addresses of the team. What changed
// is put in its place in groups, so that a change costs a note.

import TandemPrimitives
import TandemWire

/// Sorted keys of all deals of a store.
struct DealKeys: Sendable {
  struct Entry: Comparable, Sendable {
    /// The number and behind it the place: one comparison tells which comes first.
    private let bits: UInt128

    init(number: UInt128, place: UInt32) { bits = number << 32 | UInt128(place) }

    var number: UInt128 { bits >> 32 }
    var place: UInt32 { UInt32(truncatingIfNeeded: bits) }

    static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
  }

  /// As many deals may wait for their keys to be put in place.
  private static let waitingMax = 256

  private var lists = [SortedChunks<Entry>](
    repeating: SortedChunks<Entry>(), count: DealKey.List.allCases.count)
  /// Deals at this place and above were never entered.
  private var entered = 0
  /// The keys under which deals stand that changed since.
  private var stale: [Int: [DealKey]] = [:]
  /// Customers of deals that were made and not entered yet: a rule asks for them without waiting.
  private var newCustomers: [Entry] = []

  /// Call before a deal's keys change.
  mutating func willChange(at place: Int, from bytes: [UInt8]) {
    guard place < entered, stale[place] == nil else { return }
    stale[place] = DealKey.all(stored: bytes[...])
  }

  /// Call when a deal was made.
  mutating func wasMade(at place: Int, _ bytes: [UInt8]) {
    for number in DealKey.customers(stored: bytes[...]) {
      newCustomers.append(Entry(number: UInt128(number), place: UInt32(place)))
    }
  }

  /// Shows places of deals whose customer has one of these numbers, those made last first under each,
  /// until told to stop.
  ///
  /// Those may come twice that have several. Who a customer is never changes, so nothing here is stale.
  func visit(customers: [UInt64], _ body: (UInt32) -> Bool) {
    let numbers = customers.map { UInt128($0) }
    for entry in newCustomers.reversed() where numbers.contains(entry.number) {
      guard body(entry.place) else { return }
    }
    for number in numbers {
      var goesOn = true
      let end = Entry(number: number, place: .max)
      lists[Int(DealKey.List.customer.rawValue)].visit(after: end, descending: true) { entry in
        guard entry.number == number else { return false }
        goesOn = body(entry.place)
        return goesOn
      }
      guard goesOn else { return }
    }
  }

  func isDue(_ count: Int) -> Bool { count - entered + stale.count >= Self.waitingMax }

  /// Puts everything in its place that waits.
  mutating func settle(_ count: Int, _ bytes: (Int) -> [UInt8]) {
    guard entered < count || !stale.isEmpty else { return }
    var gone = [[Entry]](repeating: [], count: lists.count)
    var new = gone
    for (place, keys) in stale {
      for key in keys { gone[Int(key.list.rawValue)].append(Entry(key, place)) }
      Self.add(bytes(place), place, to: &new)
    }
    for place in entered..<count { Self.add(bytes(place), place, to: &new) }
    for index in lists.indices { lists[index].exchange(gone[index], for: new[index]) }
    stale.removeAll(keepingCapacity: true)
    newCustomers.removeAll(keepingCapacity: true)
    entered = count
  }

  private static func add(_ bytes: [UInt8], _ place: Int, to lists: inout [[Entry]]) {
    for key in DealKey.all(stored: bytes[...]) {
      lists[Int(key.list.rawValue)].append(Entry(key, place))
    }
  }

  /// Adds the places of the deals under some numbers; false when there would be more than `max`.
  func append(
    _ list: DealKey.List, _ numbers: ClosedRange<UInt128>, to places: inout [UInt32], max: Int
  ) -> Bool {
    var fits = true
    lists[Int(list.rawValue)].visit(from: Entry(number: numbers.lowerBound, place: 0)) { entry in
      guard entry.number <= numbers.upperBound else { return false }
      fits = places.count < max
      if fits { places.append(entry.place) }
      return fits
    }
    return fits
  }
}

extension DealKeys.Entry {
  fileprivate init(_ key: DealKey, _ place: Int) {
    self.init(number: key.number, place: UInt32(place))
  }
}
