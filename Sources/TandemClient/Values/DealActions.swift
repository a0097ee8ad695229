// SPDX-License-Identifier: Apache-2.0
// What the caller may do with a deal, and which rules forbid the rest.

import TandemWire

/// What may be done with a deal now.
public struct DealActions: Hashable, Sendable, Encodable {
  /// Every action.
  public var actions: [ActionVerdict] = []
  /// Every field, as far as patches are concerned.
  public var fields: [FieldVerdict] = []
  /// The deal's version that all of this is about.
  public var version: UInt64 = 0

  /// Makes an empty value.
  public init() {}
}

extension DealActions: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &actions)
    case 2: try reader.append(to: &fields)
    case 3: version = try reader.unsigned()
    default: try reader.skip()
    }
  }
}

/// A rule that forbids something.
public struct Obstacle: Hashable, Sendable, Encodable {
  /// The reason that the refusal has, or its violation where one field is wrong.
  public var reason = ""
  /// Ids of the domain's rules, for example `T10`; the refusal has the same.
  public var rules: [String] = []
  /// What the deal lacks or must not have; empty when this is about the whole deal.
  public var field = ""
  /// The same in words.
  public var text = ""
  /// Until when it was possible; unspecified when it never was, or can be possible again.
  public var possibleUntil = DealMilestone.unspecified
  /// When that was; nil when it is not known.
  public var until: Moment?

  /// Makes an empty value.
  public init() {}
}

extension Obstacle: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: reason = try reader.string()
    case 2: rules.append(try reader.string())
    case 3: field = try reader.string()
    case 4: text = try reader.string()
    case 5: possibleUntil = try reader.word()
    case 6: until = try reader.moment()
    default: try reader.skip()
    }
  }
}

/// Whether one action is allowed.
public struct ActionVerdict: Hashable, Sendable, Encodable {
  /// The action.
  public var action = DealAction.unspecified
  /// Whether it is allowed; what it is told can still be wrong.
  public var isAllowed = false
  /// The reason of the first obstacle.
  public var rule = ""
  /// The same in words.
  public var text = ""
  /// Every rule that forbids it; what a refusal would tell comes first.
  public var obstacles: [Obstacle] = []

  /// Makes an empty value.
  public init() {}
}

extension ActionVerdict: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: action = try reader.word()
    case 2: isAllowed = try reader.flag()
    case 3: rule = try reader.string()
    case 4: text = try reader.string()
    case 5: try reader.append(to: &obstacles)
    default: try reader.skip()
    }
  }
}

/// Whether a patch may set one field.
public struct FieldVerdict: Hashable, Sendable, Encodable {
  /// Its number in a deal.
  public var field: UInt32 = 0
  /// The field, or the part of it that this is about, as requests name it.
  public var path = ""
  /// Whether a patch may set it now.
  public var isEditable = false
  /// The reason of the first obstacle.
  public var rule = ""
  /// The same in words.
  public var text = ""
  /// Every rule that forbids it: of the field itself first, then those of every patch.
  public var obstacles: [Obstacle] = []

  /// Makes an empty value.
  public init() {}
}

extension FieldVerdict: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: field = try reader.unsigned32()
    case 2: path = try reader.string()
    case 3: isEditable = try reader.flag()
    case 4: rule = try reader.string()
    case 5: text = try reader.string()
    case 6: try reader.append(to: &obstacles)
    default: try reader.skip()
    }
  }
}
