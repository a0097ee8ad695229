// SPDX-License-Identifier: Apache-2.0
// Counts and sums over the columns: each deal's group is a small number, and groups stand side by side.

import TandemDomain
import TandemPrimitives
import TandemWire

extension DealColumns {
  /// Groups of some places, or of all; nil when the columns do not know what is asked.
  func totals(
    _ asked: AggregateDeals, of some: PlaceSet?
  ) throws(Rejection) -> DealTotals? {
    guard let codes = codes(asked.groupBy) else { return nil }
    var gathering = GatheredGroups(bits: asked.groupBy.reduce(0) { $0 + ($1.codeBits ?? 0) })
    let (units, nanos, currencies) = (units, nanos, currencies)
    var isComplete = true
    func take(_ place: Int) -> Bool {
      let code = codes.isEmpty ? 0 : codes[place]
      guard let group = gathering.group(of: code) else {
        isComplete = false
        return false
      }
      gathering.count(group)
      if asked.sumsValues {
        gathering.add(units[place], nanos[place], currencies[place], to: group)
      }
      return true
    }
    if let some {
      some.visit(take)
    } else {
      for place in 0..<count where !take(place) { break }
    }
    guard isComplete else { throw .tooManyGroups }
    return gathering.totals(by: asked.groupBy)
  }

  /// Each place's group as a number; empty without fields, nil when there is none for a field.
  private func codes(_ fields: [GroupField]) -> [UInt32]? {
    guard let first = fields.first else { return [] }
    guard var codes = codes(first) else { return nil }
    for field in fields.dropFirst() {
      guard let bits = field.codeBits, let more = self.codes(field) else { return nil }
      for place in codes.indices { codes[place] = codes[place] &<< bits | more[place] }
    }
    return codes
  }

  private func codes(_ field: GroupField) -> [UInt32]? {
    switch field {
    case .status: return flags.map { $0 &>> Flags.status & 15 }
    case .stage: return flags.map { $0 &>> Flags.stage & 15 }
    case .kind: return flags.map { $0 &>> Flags.kind & 15 }
    case .direction: return flags.map { $0 &>> Flags.direction & 15 }
    case .country: return countries.map { UInt32($0) }
    case .closeMonth:
      var codes: [UInt32] = []
      codes.reserveCapacity(count)
      for time in closeDates {
        let day = time / Timestamp.Span.days(1).milliseconds
        guard time >= 0, day < Months.ofDays.count else { return nil }
        codes.append(UInt32(Months.ofDays[Int(day)]))
      }
      return codes
    case .campaign: return nil
    }
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

/// Groups in the order in which they were found.
private struct GatheredGroups {
  /// More than there are.
  private static let currenciesMax = 256
  private static let tableBitsMax: UInt32 = 20

  /// The group of each code below 2^20; larger ones are looked up.
  private var table: [Int32]
  private var others: [UInt32: Int32] = [:]
  private var codes: [UInt32] = []
  private var counts: [UInt64] = []
  /// For each group as many as there may be currencies.
  private var sums: [ExactSum?] = []
  private var currencies: [UInt16] = []
  private var currencyNumbers = [Int16](repeating: -1, count: 65_536)

  init(bits: UInt32) {
    table = [Int32](repeating: -1, count: bits <= Self.tableBitsMax ? 1 << Int(bits) : 0)
  }

  /// Nil when there are too many.
  @inline(__always)
  mutating func group(of code: UInt32) -> Int? {
    let known = Int(code) < table.count ? table[Int(code)] : others[code] ?? -1
    return known >= 0 ? Int(known) : begin(code)
  }

  @inline(never)
  private mutating func begin(_ code: UInt32) -> Int? {
    guard codes.count < Limits.dealGroups else { return nil }
    let group = codes.count
    codes.append(code)
    counts.append(0)
    if Int(code) < table.count {
      table[Int(code)] = Int32(group)
    } else {
      others[code] = Int32(group)
    }
    return group
  }

  @inline(__always)
  mutating func count(_ group: Int) { counts[group] &+= 1 }

  @inline(__always)
  mutating func add(_ units: Int64, _ nanos: Int32, _ currency: UInt16, to group: Int) {
    var number = Int(currencyNumbers[Int(currency)])
    if number < 0 {
      number = currencies.count
      invariant(number < Self.currenciesMax, "deals are in known currencies")
      currencies.append(currency)
      currencyNumbers[Int(currency)] = Int16(number)
    }
    let place = group * Self.currenciesMax + number
    if place >= sums.count { makeRoom(for: place) }
    if sums[place] == nil { sums[place] = ExactSum() }
    sums[place]?.add(units: units, nanos: nanos)
  }

  @inline(never)
  private mutating func makeRoom(for place: Int) {
    let missing = (place / Self.currenciesMax + 1) * Self.currenciesMax - sums.count
    sums.append(contentsOf: repeatElement(nil, count: missing))
  }

  func totals(by fields: [GroupField]) -> DealTotals {
    var totals = DealTotals()
    for (group, code) in codes.enumerated() {
      var total = DealTotal()
      total.count = counts[group]
      for (number, currency) in currencies.enumerated() {
        let place = group * Self.currenciesMax + number
        if place < sums.count { total.sums[CurrencyCode(number: currency)] = sums[place] }
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
