// SPDX-License-Identifier: Apache-2.0
// Tests of one place each, and what is done with them: ask one place, or all of them at once.

import TandemDomain
import TandemPrimitives

/// Says of a place whether its deal passes.
protocol PlaceTest {
  func holds(at place: Int) -> Bool
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
  func holds(at place: Int) -> Bool { choices &>> (flags[place] &>> shift & 15) & 1 != 0 }
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
}

struct AmountTest: PlaceTest {
  private let units: [Int64]
  private let nanos: [Int32]
  private let currencies: [UInt16]
  private let wanted: [(currency: UInt16, range: ClosedRange<Int128>)]

  init(_ units: [Int64], _ nanos: [Int32], _ currencies: [UInt16], _ test: MoneyTest) {
    self.units = units
    self.nanos = nanos
    self.currencies = currencies
    wanted = test.amounts.map { ($0.currency.number, test.relation.range($0)) }
  }

  @inline(__always)
  func holds(at place: Int) -> Bool {
    for one in wanted where one.currency == currencies[place] {
      let billionths = Int128(units[place]) &* 1_000_000_000 &+ Int128(nanos[place])
      if one.range.contains(billionths) { return true }
    }
    return false
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

  mutating func visit(_ test: some PlaceTest) { found.filter { test.holds(at: $0) } }
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

  /// Keeps the places for which something holds; asks perhaps also for others near them.
  @inline(__always)
  mutating func filter(_ holds: (Int) -> Bool) {
    for index in words.indices where words[index] != 0 {
      let start = index * 64
      // Where few are left, asking for each costs less than asking for all in a row.
      if words[index].nonzeroBitCount <= Self.fewOfWord {
        var rest = words[index]
        while rest != 0 {
          let bit = rest & (0 &- rest)
          if !holds(start + rest.trailingZeroBitCount) { words[index] &= ~bit }
          rest &= ~bit
        }
      } else {
        var word: UInt64 = 0
        for bit in 0..<min(64, placeCount - start) {
          word |= (holds(start + bit) ? 1 : 0) &<< UInt64(bit)
        }
        words[index] &= word
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
