// SPDX-License-Identifier: Apache-2.0
// Which deals a reader asks for: clauses that all hold, each of terms of which one holds. No nesting.

package import TandemPrimitives

/// Lets a deal pass when every clause does; without clauses every deal.
package struct DealFilter: Sendable, Equatable {
  package var clauses: [Clause]

  package init(_ clauses: [Clause] = []) { self.clauses = clauses }

  package var isEmpty: Bool { clauses.isEmpty }

  package mutating func require(_ condition: Condition) {
    clauses.append(Clause([Term(condition)]))
  }

  /// Every status of the deals that can pass.
  package var statuses: [DealStatus] {
    DealStatus.allCases.filter { status in
      clauses.allSatisfy { clause in
        clause.terms.contains { term in
          guard case .status(let choices) = term.condition else { return true }
          return choices.contains(status) != term.isNegated
        }
      }
    }
  }

  /// Bytes of all texts that are sought inside of others, or in the names of all lines.
  ///
  /// Comparing one text with all that it may be, or begin with, is no more than a look at a deal.
  package var soughtBytes: Int {
    clauses.reduce(0) { sum, clause in
      sum
        + clause.terms.reduce(0) { sum, term in
          switch term.condition {
          case .anywhere(let sought, _), .text(_, .contains(let sought)),
            .solutionName(.contains(let sought)), .solutionName(.begins(let sought)),
            .solutionName(.equals(let sought)):
            sum + sought.texts.reduce(0) { $0 + $1.byteCount }
          case .status, .kind, .direction, .stage, .counterpartStatus, .partnerToPartner,
            .favourite, .mine, .value, .currency, .time, .country, .text, .teamEmail, .tag,
            .ownerEmail, .solution, .solutionName,
            .location, .counterpart, .engagement:
            sum
          }
        }
    }
  }

  /// Holds when one of its terms does.
  package struct Clause: Sendable, Equatable {
    package var terms: [Term]
    package init(_ terms: [Term]) { self.terms = terms }
  }

  package struct Term: Sendable, Equatable {
    package var condition: Condition
    /// Holds when the condition does not.
    package var isNegated: Bool
    package init(_ condition: Condition, isNegated: Bool = false) {
      self.condition = condition
      self.isNegated = isNegated
    }
  }
}

/// What one term asks of a deal.
package enum Condition: Sendable, Equatable {
  case status(Choices<DealStatus>)
  case kind(Choices<BaseKind>)
  case direction(Choices<Direction>)
  case stage(Choices<SalesStage>)
  /// One of the invited organisations, or the inviter, stands there.
  case counterpartStatus(Choices<DealStatus>)
  case partnerToPartner
  /// The caller marked it.
  case favourite
  /// The caller is on its team.
  case mine
  case value(MoneyTest)
  case currency([CurrencyCode])
  case time(DealTime, TimeWindow)
  case country([CountryCode])
  case text(DealText, TextTest)
  /// Name, notes or customer name hold one of these, or the deal is one that they name.
  case anywhere(SoughtTexts, ids: [DealID])
  case teamEmail([Text])
  case tag(TextTest)
  /// Of who is responsible.
  case ownerEmail(TextTest)
  case solution([SolutionID])
  /// One of its lines sells something of such a name.
  case solutionName(TextTest)
  case location([LocationID])
  /// One of these was invited, or is the inviter.
  case counterpart([TenantID])
  case engagement([EngagementID])
}

/// Times of a deal that lists look at.
package enum DealTime: UInt8, Sendable {
  case created, updated, closeDate, respondBy
}

/// Texts of a deal that are compared as a whole.
package enum DealText: UInt8, Sendable {
  case name, customerName, crmID, campaignID

  /// Names are for people; identifiers of other systems are compared byte by byte.
  package var ignoresCase: Bool {
    switch self {
    case .name, .customerName: true
    case .crmID, .campaignID: false
    }
  }
}

package enum TextTest: Sendable, Equatable {
  case equals(SoughtTexts)
  case begins(SoughtTexts)
  case contains(SoughtTexts)
  /// Any text but an empty one.
  case present
}

/// What texts of many deals are compared with, folded once for all of them.
package struct SoughtTexts: Sendable, Equatable, ExpressibleByArrayLiteral {
  /// As they were asked for.
  package let texts: [Text]
  private let folded: [Text]
  private let areASCII: Bool

  package init(_ texts: [Text]) {
    self.texts = texts
    folded = texts.map(\.folded)
    areASCII = texts.allSatisfy(\.isASCII)
  }

  package init(arrayLiteral texts: Text...) { self.init(texts) }

  /// Whether a text is one of them in any case.
  func include(_ text: Text) -> Bool {
    folded.contains { $0.byteCount == text.byteCount && text.hasPrefix(folded: $0) }
  }

  /// Whether a text begins with one of them in any case.
  func begin(_ text: Text) -> Bool { folded.contains { text.hasPrefix(folded: $0) } }

  /// Whether one of them is in a text in any case.
  func areIn(_ text: Text) -> Bool {
    // No letter beyond ASCII folds to one of ASCII.
    let text = areASCII ? text : Text(validated: CaseFolding.beyondASCII(text.utf8))
    return folded.contains { text.containsIgnoringASCIICase($0) }
  }
}

/// Amounts of one currency; other currencies are not compared.
package struct MoneyTest: Sendable, Equatable {
  package enum Relation: Sendable, Equatable {
    case equal, below, atMost, above, atLeast

    /// The amounts that stand so to a bound, in billionths of a unit.
    package func range(_ bound: Money) -> ClosedRange<Int128> {
      let bound = bound.billionths
      return switch self {
      case .equal: bound...bound
      case .below: Int128.min...(bound - 1)
      case .atMost: Int128.min...bound
      case .above: (bound + 1)...Int128.max
      case .atLeast: bound...Int128.max
      }
    }
  }
  package var relation: Relation
  package var amounts: [Money]

  package init(_ relation: Relation, _ amounts: [Money]) {
    self.relation = relation
    self.amounts = amounts
  }

  package func holds(_ value: Money) -> Bool {
    amounts.contains {
      $0.currency == value.currency && relation.range($0).contains(value.billionths)
    }
  }
}

extension Money {
  fileprivate var billionths: Int128 { Int128(units) * 1_000_000_000 + Int128(nanos) }
}

/// A stretch of time, fixed or beside the moment of asking.
package enum TimeWindow: Sendable, Equatable {
  /// Both ends belong to it.
  case fixed(ClosedRange<Timestamp>)
  /// From today's beginning on; for answers that are due, from the beginning of time on.
  case next(Timestamp.Span)
  case last(Timestamp.Span)
  /// At any time at all.
  case present

  package func range(of time: DealTime, at now: Timestamp) -> ClosedRange<Timestamp> {
    switch self {
    case .fixed(let range): return range
    case .next(let span):
      let today = now.milliseconds - now.milliseconds % Timestamp.Span.days(1).milliseconds
      let start = time == .respondBy ? .min : today
      return Timestamp(milliseconds: start)...now.advanced(by: span)
    case .last(let span): return Timestamp(milliseconds: now.milliseconds - span.milliseconds)...now
    case .present: return Timestamp(milliseconds: .min)...Timestamp(milliseconds: .max)
    }
  }
}

/// Some members of a small closed list, in one word.
package struct Choices<Value: FilterChoice>: Sendable, Equatable {
  package private(set) var bits: UInt32 = 0

  package init(_ values: some Sequence<Value>) { for value in values { insert(value) } }

  package mutating func insert(_ value: Value) { bits |= 1 << UInt32(value.bit) }
  package func contains(_ value: Value) -> Bool { bits >> UInt32(value.bit) & 1 != 0 }
}

/// A member of a small closed list.
package protocol FilterChoice: RawRepresentable<UInt8>, Sendable, Equatable, SendableMetatype {
  /// Its place among the others, below 16.
  var bit: UInt8 { get }
}

extension FilterChoice {
  package var bit: UInt8 { rawValue }
}

extension DealStatus: FilterChoice {}
extension BaseKind: FilterChoice {}
extension Direction: FilterChoice {}
extension SalesStage: FilterChoice {
  /// Percentages are tens.
  package var bit: UInt8 { rawValue / 10 }
}

/// What conditions depend on besides the deal.
package struct FilterViewer: Sendable {
  package var now: Timestamp
  package var email: Text
  package var favourites: Set<DealID>

  package init(now: Timestamp, email: Text, favourites: Set<DealID>) {
    self.now = now
    self.email = email
    self.favourites = favourites
  }
}
