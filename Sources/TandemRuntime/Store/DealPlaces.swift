// SPDX-License-Identifier: Apache-2.0
// Where each deal of a tenant lies, by its identifier. Deals are never removed, so neither are places.

import TandemPrimitives

/// Open addressing with linear probing; at most half full.
///
/// Its own table because every Get looks up here: identifiers are made by this server and random in
/// their low half, so they need no hashing and no defence.
struct DealPlaces: Sendable {
  private struct Entry: Sendable {
    var id: DealID
    /// Below zero: nothing is here.
    var place: Int32
  }

  private static let nothing = Entry(id: .zero, place: -1)
  private var entries: [Entry]
  private var mask: Int
  private(set) var count = 0

  init() {
    entries = Array(repeating: Self.nothing, count: 16)
    mask = 15
  }

  subscript(id: DealID) -> Int? {
    let place = entries[index(of: id)].place
    return place < 0 ? nil : Int(place)
  }

  mutating func add(_ id: DealID, at place: Int) {
    if (count + 1) * 2 > entries.count { grow() }
    let index = index(of: id)
    invariant(entries[index].place < 0, "a deal has one place")
    entries[index] = Entry(id: id, place: Int32(place))
    count += 1
  }

  /// In ascending order; slow.
  var ids: [DealID] { entries.lazy.filter { $0.place >= 0 }.map(\.id).sorted() }

  /// Where the deal is, or where it would be.
  private func index(of id: DealID) -> Int {
    var index = Int(truncatingIfNeeded: id.low ^ id.high) & mask
    while entries[index].place >= 0, entries[index].id != id { index = (index + 1) & mask }
    return index
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Self.nothing, count: old.count * 2)
    mask = entries.count - 1
    for entry in old where entry.place >= 0 { entries[index(of: entry.id)] = entry }
  }
}
