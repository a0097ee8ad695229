// SPDX-License-Identifier: Apache-2.0
// The catalogue: what organisations sell.

import TandemWire

/// One item of the catalogue.
public struct Solution: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Whose it is.
  public var owner: ID?
  /// Its name.
  public var name: String = ""
  /// What sort of thing it is.
  public var type: SolutionType = .unspecified
  /// Others may choose it.
  public var isCoSellReady = false
  /// For what a won deal with it can be registered.
  public var incentives: [Incentive] = []
  /// It is still sold.
  public var isActive = false

  /// Makes an empty value.
  public init() {}
}

extension Solution: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.solution)
    case 2: owner = try reader.id(.organisation)
    case 3: name = try reader.string()
    case 4: type = try reader.word()
    case 5: isCoSellReady = try reader.flag()
    case 6:
      var numbers: [UInt32] = []
      try reader.numbers(into: &numbers)
      incentives += numbers.map { Incentive(number: UInt64($0)) }
    case 7: isActive = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// A solution as the caller's organisation sees it.
public struct SolutionRow: Hashable, Sendable, Encodable {
  /// The item.
  public var solution = Solution()
  /// Whose it is.
  public var ownerName = ""
  /// As lines of the organisation's own deals have it.
  public var group: SolutionGroup = .unspecified

  /// Makes an empty value.
  public init() {}
}

extension SolutionRow: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: solution = try reader.nested()
    case 2: ownerName = try reader.string()
    case 3: group = try reader.word()
    default: try reader.skip()
    }
  }
}

/// One page of solutions.
public struct SolutionPage: Hashable, Sendable, Encodable {
  /// By name.
  public var rows: [SolutionRow] = []
  /// Where the next page begins; nil on the last one.
  public var nextCursor: ID?

  /// Makes an empty value.
  public init() {}
}

extension SolutionPage: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &rows)
    case 2: nextCursor = try reader.id(.solution)
    default: try reader.skip()
    }
  }
}
