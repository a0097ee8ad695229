// SPDX-License-Identifier: Apache-2.0
// Where the copies of an engagement lie, the newest first. Holds places alone: what each is of stands in its slot.

import TandemDomain
import TandemPrimitives
import TandemWire

/// Open addressing with linear probing; at most half full.
struct EngagementPlaces: Sendable {
  private static let nothing: Int32 = -1
  private var table = [Int32](repeating: nothing, count: 16)
  private var count = 0
  /// The copy before a copy: only who was asked again has any (G08).
  private var former: [Int32: Int32] = [:]

  func place(of engagement: EngagementID, in slots: ChunkedTable<DealSlot>) -> Int? {
    let place = table[index(of: engagement, slots)]
    return place < 0 ? nil : Int(place)
  }

  /// All copies of an engagement, the newest first.
  func append(
    _ engagement: EngagementID, in slots: ChunkedTable<DealSlot>, to found: inout [UInt32]
  ) {
    var next = Int32(place(of: engagement, in: slots) ?? -1)
    while next >= 0 {
      found.append(UInt32(next))
      next = former[next] ?? Self.nothing
    }
  }

  /// An organisation has one copy of an engagement, or some that ended with a no and a newest one.
  mutating func add(_ place: Int, in slots: ChunkedTable<DealSlot>) {
    if (count + 1) * 2 > table.count {
      let old = table
      table = Array(repeating: Self.nothing, count: old.count * 2)
      for known in old where known >= 0 { table[index(of: Int(known), slots)] = known }
    }
    let index = index(of: place, slots)
    if table[index] < 0 { count += 1 } else { former[Int32(place)] = table[index] }
    table[index] = Int32(place)
  }

  private func index(of place: Int, _ slots: ChunkedTable<DealSlot>) -> Int {
    index(of: slots.withSlot(place) { $0.head.engagement }, slots)
  }

  /// Where the engagement is, or where it would be.
  private func index(of engagement: EngagementID, _ slots: ChunkedTable<DealSlot>) -> Int {
    let mask = table.count - 1
    var index = Int(truncatingIfNeeded: engagement.low ^ engagement.high) & mask
    while table[index] >= 0 {
      let found = slots.withSlot(Int(table[index])) { $0.head.engagement }
      if found == engagement { return index }
      index = (index + 1) & mask
    }
    return index
  }
}
