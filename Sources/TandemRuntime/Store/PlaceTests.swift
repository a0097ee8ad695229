// SPDX-License-Identifier: Apache-2.0
// Tests of places, and what is done with them: ask one place, or all of them at once. Of all, 64 are
// asked in a row: one look at the bounds of a column for each of its blocks, and no branch for each place.

import TandemDomain
import TandemPrimitives

/// Says of a place whether its deal passes.
protocol PlaceTest {
  func holds(at place: Int) -> Bool
  /// The same of 64 places in a row, a bit for each.
  func holds(from start: Int) -> UInt64
}

extension Span {
  /// A bit for each of 64 elements for which something holds.
  @inline(__always)
  fileprivate func bits(from start: Int, where holds: (Element) -> Bool) -> UInt64 {
    let block = extracting(start..<start &+ 64)
    var bits: UInt64 = 0
    for place in 0..<64 { bits |= (holds(block[place]) ? 1 : 0) &<< UInt64(place) }
    return bits
  }
}

/// Does something with a test, whatever its type; so that each becomes its own loop.
protocol PlaceTestVisitor {
  mutating func visit(_ test: some PlaceTest)
}

/// A number of four bits is among some.
struct FlagTest: PlaceTest {
  private let flags: [UInt32]
  private let shift: UInt32
  private let choices: UInt32

  init(_ flags: [UInt32], _ shift: UInt32, _ choices: UInt32) {
    self.flags = flags
    self.shift = shift
    self.choices = choices
  }

  @inline(__always)
  func holds(at place: Int) -> Bool { holds(flags[place]) }

  @inline(__always)
  func holds(from start: Int) -> UInt64 { flags.span.bits(from: start) { holds($0) } }

  @inline(__always)
  private func holds(_ flags: UInt32) -> Bool { choices &>> (flags &>> shift & 15) & 1 != 0 }
}

/// One of some bits is set.
struct BitTest: PlaceTest {
  private let flags: [UInt32]
  private let bits: UInt32

  init(_ flags: [UInt32], _ bits: UInt32) {
    self.flags = flags
    self.bits = bits
  }

  @inline(__always)
  func holds(at place: Int) -> Bool { flags[place] & bits != 0 }

  @inline(__always)
  func holds(from start: Int) -> UInt64 { flags.span.bits(from: start) { $0 & bits != 0 } }
}

/// A short code is among some.
struct CodeTest: PlaceTest {
  private let codes: [UInt16]
  private let wanted: [UInt16]

  init(_ codes: [UInt16], _ wanted: [UInt16]) {
    self.codes = codes
    self.wanted = wanted
  }

  @inline(__always)
  func holds(at place: Int) -> Bool {
    let code = codes[place]
    for one in wanted where one == code { return true }
    return false
  }

  @inline(__always)
  func holds(from start: Int) -> UInt64 {
    wanted.reduce(0) { found, one in found | codes.span.bits(from: start) { $0 == one } }
  }
}

struct RangeTest: PlaceTest {
  private let values: [Int64]
  private let first: Int64
  private let last: Int64

  init(_ values: [Int64], _ range: ClosedRange<Timestamp>) {
    self.values = values
    first = range.lowerBound.milliseconds
    last = range.upperBound.milliseconds
  }

  @inline(__always)
  func holds(at place: Int) -> Bool { values[place] >= first && values[place] <= last }

  @inline(__always)
  func holds(from start: Int) -> UInt64 {
    values.span.bits(from: start) { $0 >= first } & values.span.bits(from: start) { $0 <= last }
  }
}

/// The amount is in one of some ranges.
struct AmountTest: PlaceTest {
  private let units: [Int64]
  private let nanos: [Int32]
  private let currencies: [UInt16]
  private let wanted: [AmountRange]

  init(_ units: [Int64], _ nanos: [Int32], _ currencies: [UInt16], _ test: MoneyTest) {
    self.units = units
    self.nanos = nanos
    self.currencies = currencies
    wanted = test.amounts.map { AmountRange($0.currency.number, test.relation.range($0)) }
  }

  @inline(__always)
  func holds(at place: Int) -> Bool {
    for one in wanted where one.currency == currencies[place] && one.mayHold(units[place]) {
      if one.holds(units[place]) || one.holds(units[place], nanos[place]) { return true }
    }
    return false
  }

  @inline(__always)
  func holds(from start: Int) -> UInt64 {
    var found: UInt64 = 0
    for one in wanted {
      let units = units.span
      let perhaps =
        units.bits(from: start) { $0 >= one.outer.lowerBound }
        & units.bits(from: start) { $0 <= one.outer.upperBound }
        & currencies.span.bits(from: start) { $0 == one.currency }
      guard perhaps != 0 else { continue }
      let surely = perhaps & units.bits(from: start) { one.holds($0) }
      found |= surely
      var doubtful = perhaps & ~surely
      while doubtful != 0 {
        let bit = doubtful & (0 &- doubtful)
        let place = start &+ doubtful.trailingZeroBitCount
        if one.holds(self.units[place], nanos[place]) { found |= bit }
        doubtful &= ~bit
      }
    }
    return found
  }
}

/// Amounts of a currency.
///
/// Whole units decide of nearly all, parts of a unit only at the ends.
struct AmountRange {
  let currency: UInt16
  /// No amount with fewer or more units is in the range.
  let outer: ClosedRange<Int64>
  private let billionths: ClosedRange<Int128>
  /// Every amount with so many units is in the range; none is when the last is less than the first.
  private let first: Int64
  private let last: Int64

  init(_ currency: UInt16, _ billionths: ClosedRange<Int128>) {
    self.currency = currency
    self.billionths = billionths
    let lower = billionths.lowerBound.quotientAndRemainder(dividingBy: 1_000_000_000)
    let upper = billionths.upperBound.quotientAndRemainder(dividingBy: 1_000_000_000)
    // Parts are less than a unit, either way.
    let below = lower.quotient - (lower.remainder < 0 ? 1 : 0)
    let above = upper.quotient + (upper.remainder > 0 ? 1 : 0)
    outer = Int64(clamping: below)...Int64(clamping: above)
    first = Int64(clamping: lower.quotient + (lower.remainder > 0 ? 2 : 1))
    last = Int64(clamping: upper.quotient - (upper.remainder < 0 ? 2 : 1))
  }

  @inline(__always)
  func mayHold(_ units: Int64) -> Bool { units >= outer.lowerBound && units <= outer.upperBound }

  /// Whether every amount with so many units is in the range.
  @inline(__always)
  func holds(_ units: Int64) -> Bool { units >= first && units <= last }

  func holds(_ units: Int64, _ nanos: Int32) -> Bool {
    billionths.contains(Int128(units) * 1_000_000_000 + Int128(nanos))
  }
}

struct NoVisitor: PlaceTestVisitor {
  mutating func visit(_ test: some PlaceTest) {}
}

struct OnePlace: PlaceTestVisitor {
  private let place: Int
  private(set) var holds = false

  init(_ place: Int) { self.place = place }

  @inline(__always)
  mutating func visit(_ test: some PlaceTest) { holds = test.holds(at: place) }
}

/// Looks at every place of a set; of others nothing is said.
struct EveryPlace: PlaceTestVisitor {
  private(set) var found: PlaceSet

  init(of places: PlaceSet) { found = places }

  mutating func visit(_ test: some PlaceTest) { found.filter(test) }
}

/// Some of the places of a store, a bit for each.
struct PlaceSet: Sendable {
  private static let fewOfWord = 16

  private var words: [UInt64]
  let placeCount: Int

  init(count: Int, isFull: Bool) {
    placeCount = count
    words = [UInt64](repeating: isFull ? .max : 0, count: (count + 63) / 64)
    trim()
  }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  mutating func formUnion(_ other: PlaceSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  mutating func subtract(_ other: PlaceSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  /// Keeps the places for which a test holds; asks perhaps also for others near them.
  @inline(__always)
  mutating func filter(_ test: some PlaceTest) {
    for index in words.indices where words[index] != 0 {
      let start = index * 64
      // Where few are left, asking for each costs less than asking for all in a row.
      if words[index].nonzeroBitCount > Self.fewOfWord, start + 64 <= placeCount {
        words[index] &= test.holds(from: start)
      } else {
        var rest = words[index]
        while rest != 0 {
          let bit = rest & (0 &- rest)
          if !test.holds(at: start + rest.trailingZeroBitCount) { words[index] &= ~bit }
          rest &= ~bit
        }
      }
    }
  }

  /// In ascending order, until told to stop.
  @inline(__always)
  func visit(_ body: (Int) -> Bool) {
    for index in words.indices {
      var word = words[index]
      while word != 0 {
        guard body(index * 64 + word.trailingZeroBitCount) else { return }
        word &= word &- 1
      }
    }
  }

  /// Those in a block that begins with a word, ascending and counted from its beginning.
  func find(in block: Range<Int>, _ members: inout [UInt32]) {
    members.removeAll(keepingCapacity: true)
    for index in block.lowerBound / 64..<(block.upperBound + 63) / 64 {
      var word = words[index]
      while word != 0 {
        let place = index &* 64 &+ word.trailingZeroBitCount
        members.append(UInt32(place &- block.lowerBound))
        word &= word &- 1
      }
    }
  }

  /// All of them, ascending.
  var places: [UInt32] {
    var all: [UInt32] = []
    all.reserveCapacity(count)
    visit {
      all.append(UInt32($0))
      return true
    }
    return all
  }

  private mutating func trim() {
    if placeCount & 63 != 0 { words[words.count - 1] &= 1 << UInt64(placeCount & 63) - 1 }
  }
}
