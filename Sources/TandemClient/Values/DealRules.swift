// SPDX-License-Identifier: Apache-2.0
// The rules in force, as data.

import TandemWire

/// The rules in force for the caller's organisation.
public struct DealRules: Hashable, Sendable, Encodable {
  /// Counts the changes of requirements and limits.
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
  /// Counts the changes of the list; 0 for what the organisation sets itself.
  public var version: UInt32 = 0
  /// Since when this version holds.
  public var effective: Moment?

  /// Makes an empty value.
  public init() {}
}

extension RuleChoices: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: try reader.append(to: &choices)
    case 3: version = try reader.unsigned32()
    case 4: effective = try reader.moment()
    default: try reader.skip()
    }
  }
}

/// A code and what it means.
public struct RuleChoice: Hashable, Sendable, Encodable {
  /// The number that requests carry; 0 where they carry the word.
  public var code: UInt32 = 0
  /// What it means, for people.
  public var text = ""
  /// The same for programs, for ever: a name of the schema in lower case, or a standard's letters.
  public var word = ""
  /// Nothing is written with it before.
  public var from: Moment?
  /// Nothing is written with it from then on; what has it stays.
  public var until: Moment?
  /// Of a currency.
  public var decimals: UInt32 = 0
  /// Of a kind of help: words of notes that name it, those of up to three letters as whole words, longer
  /// ones as beginnings of words; none when any words explain it.
  public var namedBy: [String] = []

  /// Makes an empty value.
  public init() {}
}

extension RuleChoice: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: code = try reader.unsigned32()
    case 2: text = try reader.string()
    case 3: word = try reader.string()
    case 4: from = try reader.moment()
    case 5: until = try reader.moment()
    case 6: decimals = try reader.unsigned32()
    case 7: namedBy.append(try reader.string())
    default: try reader.skip()
    }
  }
}
