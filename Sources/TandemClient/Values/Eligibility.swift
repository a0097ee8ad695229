// SPDX-License-Identifier: Apache-2.0
// Whether a deal can be registered for an incentive.

import TandemWire

/// What must hold before a deal is registered.
public enum EligibilityCriterion: String, WireWord {
  case unspecified, kind, solution, won, vendorAccepted
}

/// Whether a deal can be registered, and what for.
public struct Eligibility: Hashable, Sendable, Encodable {
  /// Every criterion is met.
  public var isEligible = false
  /// Each criterion.
  public var criteria: [CriterionVerdict] = []
  /// Those of the solutions on the deal.
  public var incentives: [Incentive] = []
  /// A registration would be reviewed.
  public var isReviewed = false
  /// Won so early that people would look at it.
  public var isWonEarly = false
  /// The deal's version that all of this is about.
  public var version: UInt64 = 0

  /// Makes an empty value.
  public init() {}
}

extension Eligibility: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: isEligible = try reader.flag()
    case 2: try reader.append(to: &criteria)
    case 3:
      var numbers: [UInt32] = []
      try reader.numbers(into: &numbers)
      incentives += numbers.map { Incentive(number: UInt64($0)) }
    case 4: isReviewed = try reader.flag()
    case 5: isWonEarly = try reader.flag()
    case 6: version = try reader.unsigned()
    default: try reader.skip()
    }
  }
}

/// Whether one criterion is met.
public struct CriterionVerdict: Hashable, Sendable, Encodable {
  /// Which.
  public var criterion: EligibilityCriterion = .unspecified
  /// Whether it is met.
  public var isMet = false
  /// The rule that asks for it.
  public var rule = ""
  /// What was found.
  public var text = ""

  /// Makes an empty value.
  public init() {}
}

extension CriterionVerdict: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: criterion = try reader.word()
    case 2: isMet = try reader.flag()
    case 3: rule = try reader.string()
    case 4: text = try reader.string()
    default: try reader.skip()
    }
  }
}
