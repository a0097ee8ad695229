// SPDX-License-Identifier: Apache-2.0
// Counts and sums of deals.

import TandemWire

/// Deals in groups, as of one commit.
public struct DealTotals: Hashable, Sendable, Encodable {
  /// In the order of their keys.
  public var groups: [DealGroup] = []
  /// All groups together.
  public var total = DealGroup()

  /// Makes an empty value.
  public init() {}
}

extension DealTotals: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &groups)
    case 2: total = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// Deals that have something in common.
public struct DealGroup: Hashable, Sendable, Encodable {
  /// What they have in common, one for each field that was asked for.
  public var keys: [GroupKey] = []
  /// How many they are.
  public var count: UInt64 = 0
  /// What they are worth, by currency, when it was asked for.
  public var sums: [CurrencySum] = []

  /// Makes an empty value.
  public init() {}
}

extension DealGroup: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &keys)
    case 2: count = try reader.unsigned()
    case 3: try reader.append(to: &sums)
    default: try reader.skip()
    }
  }
}

/// What deals have in common in one field.
public struct GroupKey: Hashable, Sendable, Encodable {
  /// Number of a status, kind or direction; a stage in per cent.
  public var number: UInt32 = 0
  /// A country, a month such as `2027-01`, or a campaign.
  public var text = ""

  /// Makes an empty value.
  public init() {}

  /// The key as a word, for example `accepted` or `60 %`.
  public func word(of field: GroupField) -> String {
    switch field {
    case .status: DealStatus(number: UInt64(number)).rawValue
    case .kind: BaseKind(number: UInt64(number)).rawValue
    case .direction: Direction(number: UInt64(number)).rawValue
    case .stage: "\(number) %"
    case .country, .closeMonth, .campaign, .unspecified: text
    }
  }
}

extension GroupKey: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: number = try reader.unsigned32()
    case 2: text = try reader.string()
    default: try reader.skip()
    }
  }
}

/// An exact sum in one currency.
public struct CurrencySum: Hashable, Sendable, Encodable {
  /// Three letters of ISO 4217.
  public var currency = ""
  /// In decimals, for example `1234.5`; of any size.
  public var amount = ""

  /// Makes an empty value.
  public init() {}
}

extension CurrencySum: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: currency = try reader.string()
    case 2: amount = try reader.string()
    default: try reader.skip()
    }
  }
}
