// SPDX-License-Identifier: Apache-2.0
// What methods about deals answer.

import TandemWire

/// What a change of a deal did.
public struct DealChange: Hashable, Sendable, Encodable {
  /// The deal.
  public var id: ID?
  /// Its version now.
  public var version: UInt64 = 0
  /// The organisation's commit that holds the change; 0 when nothing changed.
  public var commit: UInt64 = 0
  /// The deal as it is now, when it was asked for.
  public var deal: Deal?
  /// Whether the caller marked it, when the deal was asked for.
  public var isFavourite = false
  /// Said together with the positive answer.
  public var warnings: [Warning] = []
  /// The answer of an earlier attempt with the same key.
  public var isReplayed = false

  /// Makes an empty value.
  public init() {}
}

extension DealChange: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.deal)
    case 2: version = try reader.unsigned()
    case 3: commit = try reader.unsigned()
    case 4: deal = try reader.nested()
    case 5: isFavourite = try CallerView(reading: reader.message()).isFavourite
    case 15: try reader.append(to: &warnings)
    default: try reader.skip()
    }
  }
}

/// A deal with what belongs to the caller alone.
public struct DealView: Hashable, Sendable, Encodable {
  /// The deal.
  public var deal = Deal()
  /// Whether the caller marked it.
  public var isFavourite = false

  /// Makes an empty value.
  public init() {}
}

extension DealView: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: deal = try reader.nested()
    case 2: isFavourite = try CallerView(reading: reader.message()).isFavourite
    default: try reader.skip()
    }
  }
}

/// What belongs to the caller, not to the deal.
struct CallerView: ReadMessage {
  var isFavourite = false

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: isFavourite = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// One page of a list of deals.
struct DealPage: ReadMessage {
  var rows: [DealView] = []
  var cursor: [UInt8] = []

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &rows)
    case 2: cursor = Array(try reader.slice())
    default: try reader.skip()
    }
  }
}

/// Several deals, as far as they fit into one answer.
struct DealBatch: ReadMessage {
  var rows: [DealView] = []
  /// To be asked for again.
  var left: [ID] = []

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &rows)
    case 3: if let id = try reader.id(.deal) { left.append(id) }
    default: try reader.skip()
    }
  }
}

/// Said together with a positive answer.
public struct Warning: Hashable, Sendable, Encodable {
  /// A stable word.
  public var code: String = ""
  /// For people.
  public var text: String = ""

  /// Makes an empty value.
  public init() {}
}

extension Warning: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: code = try reader.string()
    case 2: text = try reader.string()
    default: try reader.skip()
    }
  }
}

/// One change of a deal.
public struct DealHistoryEntry: Hashable, Sendable, Encodable {
  /// The organisation's commit.
  public var commit: UInt64 = 0
  /// When.
  public var at: Moment?
  /// Who; nil for timers and counterparts.
  public var actor: ID?
  /// The service user that acted in the actor's name.
  public var via: ID?
  /// Why.
  public var cause: ChangeCause = .unspecified
  /// Version of the deal after the change.
  public var version: UInt64 = 0
  /// Numbers of the fields that changed.
  public var fields: [UInt32] = []
  /// Holds only the fields that changed.
  public var before: Deal?
  /// Holds only the fields that changed; the whole deal for its first entry.
  public var after: Deal?

  /// Makes an empty value.
  public init() {}
}

extension DealHistoryEntry: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: commit = try reader.unsigned()
    case 2: at = try reader.moment()
    case 3: actor = try reader.id(.user)
    case 4: via = try reader.id(.user)
    case 5: cause = try reader.word()
    case 6: version = try reader.unsigned()
    case 7: try reader.numbers(into: &fields)
    case 8: before = try reader.nested()
    case 9: after = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// One page of a deal's history.
struct DealHistoryPage: ReadMessage {
  var entries: [DealHistoryEntry] = []
  var next: UInt64 = 0

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &entries)
    case 2: next = try reader.unsigned()
    default: try reader.skip()
    }
  }
}
