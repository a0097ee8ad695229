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
    var groups = GatheredGroups(
      bits: asked.groupBy.reduce(0) { $0 + ($1.codeBits ?? 0) }, places: some?.count ?? count)
    if !codes.isEmpty {
      guard groups.count(codes, at: some) else { throw .tooManyGroups }
    }
    if asked.sumsValues { groups.sum(codes, units, nanos, currencies, at: some) }
    return groups.totals(by: asked.groupBy)
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

/// Groups by their codes.
private struct GatheredGroups {
  /// More than there are.
  private static let currenciesMax = 256
  private static let tableBitsMax: UInt32 = 20

  private let bits: UInt32
  /// Ascending.
  private var codes: [UInt32] = [0]
  private var counts: [UInt64]
  /// For each group as many as there may be currencies; nil where no deal is.
  private var sums: [ExactSum?] = []
  private var currencies: [UInt16] = []

  /// One group of so many places.
  init(bits: UInt32, places: Int) {
    self.bits = bits
    counts = [UInt64(places)]
    if places == 0 { codes = [] }
  }

  /// False when there are too many groups.
  mutating func count(_ codes: [UInt32], at some: PlaceSet?) -> Bool {
    var found: [(code: UInt32, count: UInt64)] = []
    if bits <= Self.tableBitsMax {
      var table = [UInt32](repeating: 0, count: 1 << Int(bits))
      if let some {
        some.visit {
          table[Int(codes[$0])] &+= 1
          return true
        }
      } else {
        for code in codes { table[Int(code)] &+= 1 }
      }
      for code in table.indices where table[code] > 0 {
        found.append((UInt32(code), UInt64(table[code])))
      }
    } else {
      var table: [UInt32: UInt64] = [:]
      if let some {
        some.visit {
          table[codes[$0], default: 0] += 1
          return true
        }
      } else {
        for code in codes { table[code, default: 0] += 1 }
      }
      found = table.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
    self.codes = found.map(\.code)
    counts = found.map(\.count)
    return found.count <= Limits.dealGroups
  }

  mutating func sum(
    _ codes: [UInt32], _ units: [Int64], _ nanos: [Int32], _ currencies: [UInt16],
    at some: PlaceSet?
  ) {
    sums = Array(repeating: nil, count: self.codes.count * Self.currenciesMax)
    let groups = Dictionary(uniqueKeysWithValues: zip(self.codes, 0...))
    var table = [Int32](repeating: 0, count: bits <= Self.tableBitsMax ? 1 << Int(bits) : 0)
    if !table.isEmpty { for (code, group) in groups { table[Int(code)] = Int32(group) } }
    var numbers = [Int16](repeating: -1, count: 65_536)
    func add(_ place: Int) {
      var group = 0
      if !codes.isEmpty {
        let code = codes[place]
        group = table.isEmpty ? groups[code] ?? 0 : Int(table[Int(code)])
      }
      var number = Int(numbers[Int(currencies[place])])
      if number < 0 {
        number = self.currencies.count
        invariant(number < Self.currenciesMax, "deals are in known currencies")
        self.currencies.append(currencies[place])
        numbers[Int(currencies[place])] = Int16(number)
      }
      let slot = group * Self.currenciesMax + number
      if sums[slot] == nil { sums[slot] = ExactSum() }
      sums[slot]?.add(units: units[place], nanos: nanos[place])
    }
    if let some {
      some.visit {
        add($0)
        return true
      }
    } else {
      for place in units.indices { add(place) }
    }
  }

  func totals(by fields: [GroupField]) -> DealTotals {
    var totals = DealTotals()
    for (group, code) in codes.enumerated() {
      var total = DealTotal()
      total.count = counts[group]
      for (number, currency) in currencies.enumerated() {
        total.sums[CurrencyCode(number: currency)] = sums[group * Self.currenciesMax + number]
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
