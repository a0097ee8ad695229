// SPDX-License-Identifier: Apache-2.0
// Where a seller's deals arrive.

import TandemWire

/// Which location is for which markets and solutions.
public struct RoutingRule: Hashable, Sendable, Encodable {
  /// Its name, unique in the organisation.
  public var name: String = ""
  /// Countries of customers; none means all.
  public var markets: [String] = []
  /// None means all.
  public var solutions: [RoutedSolution] = []
  /// Where such deals arrive.
  public var location: ID?

  /// Makes an empty value.
  public init() {}
}

extension RoutingRule: ReadMessage, WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, name)
    for market in markets { writer.string(2, market) }
    writer.nested(3, all: solutions)
    writer.id(4, location)
  }

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: markets.append(try reader.string())
    case 3: try reader.append(to: &solutions)
    case 4: location = try reader.id(.location)
    default: try reader.skip()
    }
  }
}

/// A solution by its id or by its name.
public struct RoutedSolution: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Its name, in any case of letters.
  public var name: String = ""

  /// Makes an empty value.
  public init() {}
}

extension RoutedSolution: ReadMessage, WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.id(1, id)
    writer.string(2, name)
  }

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.solution)
    case 2: name = try reader.string()
    default: try reader.skip()
    }
  }
}

/// All rules of an organisation.
public struct Routing: Hashable, Sendable, Encodable {
  /// The rules; markets and solutions together decide first, then solutions, then markets.
  public var rules: [RoutingRule] = []
  /// For what no rule catches; nil is the entire organisation.
  public var defaultLocation: ID?

  /// Makes an empty value.
  public init() {}
}

extension Routing: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &rules)
    case 2: defaultLocation = try reader.id(.location)
    default: try reader.skip()
    }
  }
}
