// SPDX-License-Identifier: Apache-2.0
// Counts and sums over the columns: each deal's group is a small number, and groups stand side by side.

import TandemDomain
import TandemPrimitives
import TandemWire

/// So many places are grouped at a time: what is known of them meanwhile stays in the nearest cache.
private let blockPlaces = 1024

extension DealColumns {
  /// Groups of some places, or of all; nil when the columns do not know what is asked.
  func totals(
    _ asked: AggregateDeals, of some: PlaceSet?
  ) throws(Rejection) -> DealTotals? {
    var bits: UInt32 = 0
    for field in asked.groupBy {
      guard let more = field.codeBits else { return nil }
      bits += more
    }
    var gathered = GatheredGroups(bits: bits)
    if asked.groupBy.isEmpty, !asked.sumsValues {
      gathered.count(some?.count ?? count)
      return gathered.totals(by: [])
    }
    var codes = [UInt32](repeating: 0, count: blockPlaces)
    var groups = codes
    var members = Array(0..<UInt32(blockPlaces))
    for start in stride(from: 0, to: count, by: blockPlaces) {
      let block = start..<min(start + blockPlaces, count)
      if let some {
        some.find(in: block, &members)
        if members.isEmpty { continue }
      } else if block.count < blockPlaces {
        members.removeLast(blockPlaces - block.count)
      }
      for index in codes.indices { codes[index] = 0 }
      for field in asked.groupBy { guard add(field, of: block, to: &codes) else { return nil } }
      guard gathered.count(members, codes, &groups) else { throw .tooManyGroups }
      if asked.sumsValues { gathered.sum(members, groups, from: start, of: self) }
    }
    return gathered.totals(by: asked.groupBy)
  }

  /// Puts a field's code behind those that each place of a block has; false when there is none.
  private func add(
    _ field: GroupField, of block: Range<Int>, to codes: inout [UInt32]
  ) -> Bool {
    switch field {
    case .status: addFlag(Flags.status, of: block, to: &codes)
    case .stage: addFlag(Flags.stage, of: block, to: &codes)
    case .kind: addFlag(Flags.kind, of: block, to: &codes)
    case .direction: addFlag(Flags.direction, of: block, to: &codes)
    case .country:
      for place in block {
        codes[place &- block.lowerBound] =
          codes[place &- block.lowerBound] &<< 16 | UInt32(countries[place])
      }
    case .closeMonth:
      for place in block {
        let day = closeDates[place] / Timestamp.Span.days(1).milliseconds
        guard closeDates[place] >= 0, day < Months.ofDays.count else { return false }
        codes[place &- block.lowerBound] =
          codes[place &- block.lowerBound] &<< 16 | UInt32(Months.ofDays[Int(day)])
      }
    case .campaign: return false
    }
    return true
  }

  private func addFlag(_ shift: UInt32, of block: Range<Int>, to codes: inout [UInt32]) {
    let flags = flags.span.extracting(block)
    var codes = codes.mutableSpan
    for index in 0..<flags.count { codes[index] = codes[index] &<< 4 | flags[index] &>> shift & 15 }
  }
}

/// Months since 1970, by day.
private enum Months {
  static let ofDays: [UInt16] = {
    var months: [UInt16] = []
    months.reserveCapacity(65_536)
    var month: UInt16 = 0
    var left = 31
    for _ in 0..<65_536 {
      if left == 0 {
        month += 1
        left = length(of: month)
      }
      months.append(month)
      left -= 1
    }
    return months
  }()

  private static func length(of month: UInt16) -> Int {
    let year = 1970 + Int(month) / 12
    switch month % 12 {
    case 1: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 3, 5, 8, 10: return 30
    default: return 31
    }
  }

  static func text(_ month: UInt32) -> String {
    let number = month % 12 + 1
    return "\(1970 + month / 12)-\(number < 10 ? "0" : "")\(number)"
  }
}

extension GroupField {
  /// How many bits a place's code has; nil when columns do not hold the field.
  fileprivate var codeBits: UInt32? {
    switch self {
    case .status, .stage, .kind, .direction: 4
    case .country, .closeMonth: 16
    case .campaign: nil
    }
  }

  fileprivate func key(ofCode code: UInt32) -> GroupKey {
    switch self {
    case .status, .kind, .direction: GroupKey(number: code)
    case .stage: GroupKey(number: code * 10)
    case .country: GroupKey(text: Text(CountryCode(packed: UInt16(code)).text))
    case .closeMonth: GroupKey(text: Text(Months.text(code)))
    case .campaign: GroupKey()
    }
  }
}

/// Groups by their codes, numbered in the order in which they are first met.
private struct GatheredGroups {
  /// More than there are.
  private static let currenciesMax = 256
  private static let tableBitsMax: UInt32 = 20
  /// Neighbours of one group are counted apart, so that none waits for the count of the one before.
  private static let lanes = 4

  private var codes: [UInt32] = []
  /// For each group as many as there are lanes.
  private var counts: [UInt32] = []
  /// One more than a group's number, by its code; empty where codes are too long for that.
  private var table: [UInt32]
  private var numbers: [UInt32: UInt32] = [:]
  /// For each group as many as there may be currencies.
  private var sums: [ExactSum] = []
  private var hasSum: [Bool] = []
  private var currencies: [UInt16] = []

  init(bits: UInt32) {
    table = bits <= Self.tableBitsMax ? Array(repeating: 0, count: 1 << Int(bits)) : []
  }

  /// Counts some places of a block and says the group of each; false when there are too many groups.
  mutating func count(
    _ members: [UInt32], _ codes: [UInt32], _ groups: inout [UInt32]
  ) -> Bool {
    if table.isEmpty {
      for (index, member) in members.enumerated() {
        let code = codes[Int(member)]
        groups[index] = (numbers[code] ?? enter(code)) &- 1
      }
    } else {
      var found = groups.mutableSpan
      var index = 0
      while index < members.count {
        // New codes are rare: only they leave the loop over what stands side by side.
        let new = look(up: codes.span, at: members.span, from: &index, into: &found)
        if let new { _ = enter(new) }
      }
    }
    guard self.codes.count <= Limits.dealGroups else { return false }
    var counts = counts.mutableSpan
    for index in members.indices {
      counts[Int(groups[index]) &* Self.lanes &+ index & (Self.lanes &- 1)] &+= 1
    }
    return true
  }

  /// Says the groups of members up to one whose code was never met, which is given; nil at their end.
  private func look(
    up codes: Span<UInt32>, at members: Span<UInt32>, from index: inout Int,
    into groups: inout MutableSpan<UInt32>
  ) -> UInt32? {
    let table = table.span
    while index < members.count {
      let code = codes[Int(members[index])]
      let number = table[Int(code)]
      if number == 0 { return code }
      groups[index] = number &- 1
      index &+= 1
    }
    return nil
  }

  /// All of so many places, in one group.
  mutating func count(_ places: Int) {
    guard places > 0 else { return }
    counts[Int(enter(0) - 1) * Self.lanes] = UInt32(places)
  }

  private mutating func enter(_ code: UInt32) -> UInt32 {
    codes.append(code)
    counts.append(contentsOf: repeatElement(0, count: Self.lanes))
    let number = UInt32(codes.count)
    if table.isEmpty { numbers[code] = number } else { table[Int(code)] = number }
    return number
  }

  /// Adds the values of places that were counted to the sums of their groups.
  mutating func sum(
    _ members: [UInt32], _ groups: [UInt32], from start: Int, of columns: DealColumns
  ) {
    let missing = codes.count * Self.currenciesMax - sums.count
    sums.append(contentsOf: repeatElement(ExactSum(), count: missing))
    hasSum.append(contentsOf: repeatElement(false, count: missing))
    var last: (currency: UInt16, number: Int)?
    for (index, member) in members.enumerated() {
      let place = start &+ Int(member)
      let currency = columns.currencies[place]
      if last?.currency != currency { last = (currency, number(of: currency)) }
      let slot = Int(groups[index]) &* Self.currenciesMax &+ (last?.number ?? 0)
      hasSum[slot] = true
      sums[slot].add(units: columns.units[place], nanos: columns.nanos[place])
    }
  }

  /// Deals are in few currencies.
  private mutating func number(of currency: UInt16) -> Int {
    if let known = currencies.firstIndex(of: currency) { return known }
    invariant(currencies.count < Self.currenciesMax, "deals are in known currencies")
    currencies.append(currency)
    return currencies.count - 1
  }

  func totals(by fields: [GroupField]) -> DealTotals {
    var totals = DealTotals()
    for (group, code) in codes.enumerated() {
      var total = DealTotal()
      let lanes = counts[group * Self.lanes..<(group + 1) * Self.lanes]
      total.count = lanes.reduce(0) { $0 + UInt64($1) }
      for (number, currency) in currencies.enumerated() {
        let slot = group * Self.currenciesMax + number
        if hasSum[slot] { total.sums[CurrencyCode(number: currency)] = sums[slot] }
      }
      totals.groups[keys(code, fields)] = total
    }
    return totals
  }

  private func keys(_ code: UInt32, _ fields: [GroupField]) -> [GroupKey] {
    var rest = code
    var keys: [GroupKey] = []
    for field in fields.reversed() {
      let bits = field.codeBits ?? 0
      keys.append(field.key(ofCode: rest & (1 << bits - 1)))
      rest >>= bits
    }
    return keys.reversed()
  }
}
