// SPDX-License-Identifier: Apache-2.0
// The rules in force, as data.

import TandemWire

/// The rules in force for the caller's organisation.
public struct DealRules: Hashable, Sendable, Encodable {
  /// Counts the changes of the rules.
  public var version: UInt32 = 0
  /// Since when this version holds.
  public var effective: Moment?
  /// What requests must say.
  public var requirements: [RequirementRule] = []
  /// The most that is taken.
  public var limits: [RuleFigure] = []
  /// Codes and what they mean.
  public var lists: [RuleChoices] = []
  /// The windows and limits of the realm.
  public var policy: [RuleFigure] = []

  /// Makes an empty value.
  public init() {}
}

extension DealRules: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: version = try reader.unsigned32()
    case 2: effective = try reader.moment()
    case 3: try reader.append(to: &requirements)
    case 4: try reader.append(to: &limits)
    case 5: try reader.append(to: &lists)
    case 6: try reader.append(to: &policy)
    default: try reader.skip()
    }
  }
}

/// Something that a request must say.
public struct RequirementRule: Hashable, Sendable, Encodable {
  /// The method, such as `CreateDeal`.
  public var request = ""
  /// On what condition; empty for always.
  public var condition = ""
  /// The field.
  public var field = ""
  /// The rule that wants it.
  public var rule = ""
  /// What a request is told that does not say it.
  public var text = ""

  /// Makes an empty value.
  public init() {}
}

extension RequirementRule: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: request = try reader.string()
    case 2: condition = try reader.string()
    case 3: field = try reader.string()
    case 4: rule = try reader.string()
    case 5: text = try reader.string()
    default: try reader.skip()
    }
  }
}

/// A limit or a policy.
public struct RuleFigure: Hashable, Sendable, Encodable {
  /// Its name.
  public var name = ""
  /// How much.
  public var value: Int64 = 0
  /// Of what.
  public var unit = ""

  /// Makes an empty value.
  public init() {}
}

extension RuleFigure: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: value = try reader.signed()
    case 3: unit = try reader.string()
    default: try reader.skip()
    }
  }
}

/// A list of reference data.
public struct RuleChoices: Hashable, Sendable, Encodable {
  /// Its name.
  public var name = ""
  /// What may be chosen.
  public var choices: [RuleChoice] = []

  /// Makes an empty value.
  public init() {}
}

extension RuleChoices: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: try reader.append(to: &choices)
    default: try reader.skip()
    }
  }
}

/// A code and what it means.
public struct RuleChoice: Hashable, Sendable, Encodable {
  /// The number that requests carry.
  public var code: UInt32 = 0
  /// What it means.
  public var text = ""

  /// Makes an empty value.
  public init() {}
}

extension RuleChoice: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: code = try reader.unsigned32()
    case 2: text = try reader.string()
    default: try reader.skip()
    }
  }
}
