// SPDX-License-Identifier: Apache-2.0
// How many deals there are and what they are worth, in groups. Exact: sums in 128 bits, never of two
// currencies.

package import TandemPrimitives

/// Counts the deals that pass a filter.
package struct AggregateDeals: Sendable, Equatable {
  package var filter: DealFilter
  /// At most `Limits.groupFields`; none makes one group of all deals.
  package var groupBy: [GroupField]
  package var sumsValues: Bool

  package init(filter: DealFilter, groupBy: [GroupField], sumsValues: Bool) {
    self.filter = filter
    self.groupBy = groupBy
    self.sumsValues = sumsValues
  }

  /// The same without deals that were a mistake, unless they are asked for by their status: no figure
  /// counts them (T9, domain.md 21).
  package var withoutErrors: AggregateDeals {
    let terms = filter.clauses.lazy.flatMap(\.terms)
    let asksForErrors = terms.contains { term in
      guard case .status(let choices) = term.condition else { return false }
      return !term.isNegated && choices.contains(.error)
    }
    guard !asksForErrors else { return self }
    var counted = self
    counted.filter.clauses.append(
      DealFilter.Clause([DealFilter.Term(.status(Choices([.error])), isNegated: true)]))
    return counted
  }
}

/// What deals of one group have in common; numbers are for ever.
package enum GroupField: UInt8, Sendable, CaseIterable {
  case status = 1, stage, kind, direction, country, closeMonth, campaign
}

/// What the deals of a group have in common in one field: a number, or a text.
package struct GroupKey: Hashable, Sendable, Comparable {
  package var number: UInt32
  package var text: Text

  package init(number: UInt32 = 0, text: Text = .empty) {
    self.number = number
    self.text = text
  }

  package static func < (left: Self, right: Self) -> Bool {
    if left.number != right.number { return left.number < right.number }
    return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// An amount that does not overflow, however many deals there are.
package struct ExactSum: Sendable, Equatable {
  private var units: Int128 = 0
  private var nanos: Int128 = 0

  package init() {}

  @inline(__always)
  package mutating func add(units: Int64, nanos: Int32) {
    self.units &+= Int128(units)
    self.nanos &+= Int128(nanos)
  }

  package mutating func add(_ other: ExactSum) {
    units &+= other.units
    nanos &+= other.nanos
  }

  /// The number in decimals, for example `1234.5`.
  package var text: String {
    let billion: Int128 = 1_000_000_000
    let whole = units * billion + nanos
    let sign = whole < 0 ? "-" : ""
    let (quotient, rest) = whole.magnitude.quotientAndRemainder(dividingBy: billion.magnitude)
    guard rest > 0 else { return "\(sign)\(quotient)" }
    var digits = String(rest)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)\(quotient).\(digits)"
  }
}

/// One group of deals.
package struct DealTotal: Sendable, Equatable {
  package var count: UInt64 = 0
  package var sums: [CurrencyCode: ExactSum] = [:]

  package init() {}

  package mutating func add(_ other: DealTotal) {
    count += other.count
    for (currency, sum) in other.sums { sums[currency, default: ExactSum()].add(sum) }
  }
}

/// Groups of deals by what they have in common.
package struct DealTotals: Sendable, Equatable {
  package var groups: [[GroupKey]: DealTotal] = [:]

  package init() {}

  /// False when there would be more groups than an answer holds.
  package mutating func add(_ deal: Deal, _ asked: AggregateDeals) -> Bool {
    let keys = asked.groupBy.map { $0.key(of: deal) }
    guard groups.count < Limits.dealGroups || groups[keys] != nil else { return false }
    groups[keys, default: DealTotal()].count += 1
    if asked.sumsValues {
      let value = deal.value
      groups[keys]?.sums[value.currency, default: ExactSum()]
        .add(units: value.units, nanos: value.nanos)
    }
    return true
  }

  /// Groups in the order of their keys.
  package var sorted: [(keys: [GroupKey], total: DealTotal)] {
    groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }

  package var all: DealTotal {
    groups.values.reduce(into: DealTotal()) { $0.add($1) }
  }
}

extension GroupField {
  package func key(of deal: Deal) -> GroupKey {
    switch self {
    case .status: GroupKey(number: UInt32(deal.status.rawValue))
    case .stage: GroupKey(number: UInt32(deal.stage.rawValue))
    case .kind: GroupKey(number: UInt32(deal.baseKind.rawValue))
    case .direction: GroupKey(number: UInt32(deal.direction.rawValue))
    case .country: GroupKey(text: Text(deal.customer.address.country.text))
    case .closeMonth: GroupKey(text: Text(deal.closeDate.month))
    case .campaign: GroupKey(text: deal.campaignID)
    }
  }
}

extension Timestamp {
  /// Year and month in UTC, for example `2027-01`.
  package var month: String { description.split(separator: "-").prefix(2).joined(separator: "-") }
}

extension Rejection {
  package static let noDealPasses = Rejection(
    .notFound, "DEAL_NOT_FOUND", "there is no such deal that you may see")
  package static let severalDealsPass = Rejection(
    .failedPrecondition, "DEAL_NOT_UNIQUE",
    "several deals pass; narrow the filter, or list them without only_one")
  package static let tooManyGroups = Rejection(
    .failedPrecondition, "TOO_MANY_GROUPS",
    "these deals make more than \(Limits.dealGroups) groups; narrow the filter or group by less",
    rules: ["G24"])
}
