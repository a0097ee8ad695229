// SPDX-License-Identifier: Apache-2.0
// What deals must satisfy to be listed, one condition at a time.

import TandemWire

/// One condition of a filter; which tests and values a field takes is said in `deals.proto`.
public struct FilterTerm: Hashable, Sendable {
  /// What it is about.
  public var field: FilterField
  /// How it compares.
  public var test: FilterTest
  /// Holds when the comparison does not.
  public var isNegated = false
  /// Numbers of statuses, kinds and directions; percentages of stages.
  public var numbers: [UInt32] = []
  /// Names, codes and addresses.
  public var texts: [String] = []
  /// Solutions, locations, organisations or engagements.
  public var ids: [ID] = []
  /// Amounts; only deals in their currency are compared.
  public var amounts: [Money] = []
  /// One moment.
  public var times: [Moment] = []
  /// How far from now, for `withinNext` and `withinLast`.
  public var withinMilliseconds: Int64 = 0

  /// Makes a condition without values.
  public init(_ field: FilterField, _ test: FilterTest) {
    self.field = field
    self.test = test
  }

  /// The condition's opposite.
  public static prefix func ! (term: FilterTerm) -> FilterTerm {
    var opposite = term
    opposite.isNegated.toggle()
    return opposite
  }

  /// It stands at one of these.
  public static func status(_ all: [DealStatus]) -> FilterTerm { words(.status, all) }
  /// It is of one of these kinds.
  public static func kind(_ all: [BaseKind]) -> FilterTerm { words(.kind, all) }
  /// It came in or was begun here.
  public static func direction(_ all: [Direction]) -> FilterTerm { words(.direction, all) }
  /// A counterpart stands at one of these.
  public static func counterpartStatus(_ all: [DealStatus]) -> FilterTerm {
    words(.counterpartStatus, all)
  }
  /// It is at one of these stages, given in per cent.
  public static func stage(_ percentages: [UInt32]) -> FilterTerm {
    var term = FilterTerm(.stage, .equal)
    term.numbers = percentages
    return term
  }
  /// The caller is on its team.
  public static let mine = FilterTerm(.mine, .present)
  /// The caller marked it.
  public static let favourite = FilterTerm(.favourite, .present)
  /// Partners were invited by a partner.
  public static let partnerToPartner = FilterTerm(.partnerToPartner, .present)

  /// A text of it compares with one of these.
  public static func text(
    _ field: FilterField, _ test: FilterTest, _ texts: [String]
  ) -> FilterTerm {
    var term = FilterTerm(field, test)
    term.texts = texts
    return term
  }

  /// Something with an identifier is among these.
  public static func ids(_ field: FilterField, _ ids: [ID]) -> FilterTerm {
    var term = FilterTerm(field, .equal)
    term.ids = ids
    return term
  }

  /// Its value compares with an amount of the same currency.
  public static func value(_ test: FilterTest, _ amount: Money) -> FilterTerm {
    var term = FilterTerm(.value, test)
    term.amounts = [amount]
    return term
  }

  /// One of its times compares with a moment.
  public static func time(
    _ field: FilterField, _ test: FilterTest, _ moment: Moment
  ) -> FilterTerm {
    var term = FilterTerm(field, test)
    term.times = [moment]
    return term
  }

  /// One of its times lies within a span from now.
  public static func time(
    _ field: FilterField, _ test: FilterTest, milliseconds: Int64
  ) -> FilterTerm {
    var term = FilterTerm(field, test)
    term.withinMilliseconds = milliseconds
    return term
  }

  private static func words(_ field: FilterField, _ words: [some WireWord]) -> FilterTerm {
    var term = FilterTerm(field, .equal)
    term.numbers = words.map(\.number)
    return term
  }
}

extension FilterTerm: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.word(1, field)
    writer.word(2, test)
    writer.flag(3, isNegated)
    writer.packed(4, numbers)
    for text in texts { writer.element(5, ArraySlice(text.utf8)) }
    for id in ids { writer.element(6, id.bytes[...]) }
    writer.nested(7, all: amounts)
    for time in times { writer.signed(8, time.milliseconds) }
    writer.signed(9, withinMilliseconds)
  }
}

extension [[FilterTerm]] {
  func write(_ field: UInt32, to writer: inout ProtoWriter) {
    for terms in self {
      let clause = writer.begin(field)
      writer.nested(1, all: terms)
      writer.end(clause)
    }
  }
}
