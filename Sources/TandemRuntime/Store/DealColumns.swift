// SPDX-License-Identifier: Apache-2.0
// The figures of all deals of a tenant side by side, by place. A condition on them looks at a million
// deals in about a millisecond.

import TandemDomain
import TandemPrimitives
import TandemWire

/// Small words and numbers of deals, one array each, so that a condition reads only what it is about.
struct DealColumns: Sendable {
  /// Status, stage, kind, direction, partner to partner and statuses of counterparts.
  private(set) var flags: [UInt32] = []
  private(set) var countries: [UInt16] = []
  private(set) var currencies: [UInt16] = []
  private(set) var units: [Int64] = []
  private(set) var nanos: [Int32] = []
  private(set) var closeDates: [Int64] = []
  private(set) var creations: [Int64] = []
  /// Numbers of locations, in the order in which deals first named them.
  private var locations: [UInt16] = []
  private var locationNumbers: [LocationID: UInt16] = [:]

  var count: Int { flags.count }

  mutating func append(_ figures: DealFigures) {
    flags.append(Flags.pack(figures))
    countries.append(figures.country.packed)
    currencies.append(figures.value.currency.number)
    units.append(figures.value.units)
    nanos.append(figures.value.nanos)
    closeDates.append(figures.closeDate.milliseconds)
    creations.append(figures.createdAt.milliseconds)
    locations.append(number(of: figures.location))
  }

  mutating func replace(at place: Int, with figures: DealFigures) {
    flags[place] = Flags.pack(figures)
    countries[place] = figures.country.packed
    currencies[place] = figures.value.currency.number
    units[place] = figures.value.units
    nanos[place] = figures.value.nanos
    closeDates[place] = figures.closeDate.milliseconds
    creations[place] = figures.createdAt.milliseconds
    locations[place] = number(of: figures.location)
  }

  /// An organisation has few locations, and deals name only those.
  private mutating func number(of location: LocationID) -> UInt16 {
    if let known = locationNumbers[location] { return known }
    let number = UInt16(locationNumbers.count)
    locationNumbers[location] = number
    return number
  }

  // MARK: Conditions

  /// Shows what the columns say of a condition; false when they say nothing.
  @inline(__always)
  func show<Visitor: PlaceTestVisitor>(
    _ condition: Condition, at now: Timestamp, to visitor: inout Visitor
  ) -> Bool {
    switch condition {
    case .status(let choices): visitor.visit(FlagTest(flags, Flags.status, choices.bits))
    case .stage(let choices): visitor.visit(FlagTest(flags, Flags.stage, choices.bits))
    case .kind(let choices): visitor.visit(FlagTest(flags, Flags.kind, choices.bits))
    case .direction(let choices): visitor.visit(FlagTest(flags, Flags.direction, choices.bits))
    case .partnerToPartner: visitor.visit(BitTest(flags, 1 << Flags.partnerToPartner))
    case .counterpartStatus(let choices):
      visitor.visit(BitTest(flags, choices.bits << Flags.counterparts))
    case .country(let codes): visitor.visit(CodeTest(countries, codes.map(\.packed)))
    case .currency(let codes): visitor.visit(CodeTest(currencies, codes.map(\.number)))
    case .location(let ids):
      visitor.visit(CodeTest(locations, ids.compactMap { locationNumbers[$0] }))
    case .value(let test):
      visitor.visit(AmountTest(units, nanos, currencies, test))
    case .time(let time, let window):
      switch time {
      case .created: visitor.visit(RangeTest(creations, window.range(of: time, at: now)))
      case .closeDate: visitor.visit(RangeTest(closeDates, window.range(of: time, at: now)))
      case .updated, .respondBy: return false
      }
    case .favourite, .mine, .text, .anywhere, .teamEmail, .tag, .ownerEmail, .solution,
      .solutionName, .counterpart, .engagement:
      return false
    }
    return true
  }

  /// Whether the columns say everything about a condition.
  func know(_ condition: Condition) -> Bool {
    var visitor = NoVisitor()
    return show(condition, at: .zero, to: &visitor)
  }

  /// Whether a deal passes clauses that the columns know.
  func pass(_ place: Int, _ clauses: [DealFilter.Clause], at now: Timestamp) -> Bool {
    for clause in clauses {
      var passes = false
      for term in clause.terms where !passes {
        var visitor = OnePlace(place)
        _ = show(term.condition, at: now, to: &visitor)
        passes = visitor.holds != term.isNegated
      }
      if !passes { return false }
    }
    return true
  }

  /// Every place that passes clauses which the columns know.
  func places(passing clauses: [DealFilter.Clause], at now: Timestamp) -> PlaceSet {
    var all = PlaceSet(count: count, isFull: true)
    // What is quickly asked leaves fewer places to the rest.
    for clause in clauses.sorted(by: { $0.askingCost < $1.askingCost }) {
      var some = PlaceSet(count: count, isFull: false)
      for term in clause.terms {
        var visitor = EveryPlace(of: all)
        _ = show(term.condition, at: now, to: &visitor)
        var passing = visitor.found
        if term.isNegated {
          passing = all
          passing.subtract(visitor.found)
        }
        some.formUnion(passing)
      }
      all = some
    }
    return all
  }
}

extension DealFilter.Clause {
  /// Bytes of columns that are read to ask this of a place.
  fileprivate var askingCost: Int {
    terms.reduce(0) { sum, term in
      switch term.condition {
      case .country, .currency, .location: sum + 2
      case .status, .stage, .kind, .direction, .partnerToPartner, .counterpartStatus: sum + 4
      case .time: sum + 8
      case .value: sum + 14
      case .favourite, .mine, .text, .anywhere, .teamEmail, .tag, .ownerEmail, .solution,
        .solutionName, .counterpart, .engagement:
        sum
      }
    }
  }
}

/// How small words share one number: four bits each, then single bits.
enum Flags {
  static let status: UInt32 = 0
  static let stage: UInt32 = 4
  static let kind: UInt32 = 8
  static let direction: UInt32 = 12
  static let counterparts: UInt32 = 16
  static let partnerToPartner: UInt32 = 28

  static func pack(_ figures: DealFigures) -> UInt32 {
    UInt32(figures.status.bit) << status | UInt32(figures.stage.bit) << stage
      | UInt32(figures.kind.bit) << kind | UInt32(figures.direction.bit) << direction
      | (figures.partnerToPartner ? 1 : 0) << partnerToPartner
      | figures.counterpartStatuses.bits << counterparts
  }
}

extension CurrencyCode {
  /// Its three letters as digits: below 2^15.
  var number: UInt16 {
    guard packed != 0 else { return .max }
    var number: UInt32 = 0
    for shift: UInt32 in [16, 8, 0] { number = number * 26 + (packed >> shift & 0xFF) - 65 }
    return UInt16(truncatingIfNeeded: number)
  }

  init(number: UInt16) {
    guard number != .max else {
      self.init(packed: 0)
      return
    }
    let letters = (UInt32(number) / 676, UInt32(number) / 26 % 26, UInt32(number) % 26)
    self.init(packed: (letters.0 + 65) << 16 | (letters.1 + 65) << 8 | letters.2 + 65)
  }
}
