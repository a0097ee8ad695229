// SPDX-License-Identifier: Apache-2.0
// What the caller may do with a deal, and which rule forbids the rest.

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

/// Whether one action is allowed.
public struct ActionVerdict: Hashable, Sendable, Encodable {
  /// The action.
  public var action = DealAction.unspecified
  /// Whether it is allowed; what it is told can still be wrong.
  public var isAllowed = false
  /// The reason for which it would be refused.
  public var rule = ""
  /// The same in words.
  public var text = ""

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
  /// The rule that forbids it.
  public var rule = ""
  /// The same in words.
  public var text = ""

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
    default: try reader.skip()
    }
  }
}
