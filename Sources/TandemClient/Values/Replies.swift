// SPDX-License-Identifier: Apache-2.0
// What a server says about itself, and shapes that several replies share.

import TandemWire

/// What a server says about itself.
public struct ServerDescription: Hashable, Sendable, Encodable {
  /// Its name and version.
  public var server: String = ""
  /// Its methods.
  public var methods: [MethodDescription] = []
  /// SHA-256 of its schema.
  public var schemaHash: [UInt8] = []
  /// A `google.protobuf.FileDescriptorSet`, when it was asked for.
  public var descriptorSet: [UInt8] = []

  /// Makes an empty value.
  public init() {}
}

extension ServerDescription: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: server = try reader.string()
    case 2: try reader.append(to: &methods)
    case 3: schemaHash = try Array(reader.slice())
    case 4: descriptorSet = try Array(reader.slice())
    default: try reader.skip()
    }
  }
}

/// One method of a server.
public struct MethodDescription: Hashable, Sendable, Encodable {
  /// Its number.
  public var number: UInt32 = 0
  /// Its full name.
  public var name: String = ""
  /// How it may be repeated.
  public var kind: MethodKind = .unspecified
  /// Answers with a stream.
  public var isServerStream: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension MethodDescription: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: number = try reader.unsigned32()
    case 2: name = try reader.string()
    case 3: kind = try reader.word()
    case 4: isServerStream = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// A list in field 1 of a reply.
struct ListReply<Element: ReadMessage>: ReadMessage {
  var elements: [Element] = []

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &elements)
    default: try reader.skip()
    }
  }
}

/// One message in field 1 of a reply.
struct SingleReply<Value: ReadMessage>: ReadMessage {
  var value = Value()

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: value = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// An id in field 1 of a reply.
struct CreatedReply: ReadMessage {
  var bytes: [UInt8] = []

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: bytes = Array(try reader.slice())
    default: try reader.skip()
    }
  }

  func id(_ kind: ID.Kind) throws(TandemError) -> ID {
    if let id = ID(kind, bytes: bytes) { return id }
    throw TandemError(.internal, reason: "MALFORMED_REPLY", message: "the reply holds no id")
  }
}

/// A reply of which nothing is needed.
struct EmptyReply: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) { try reader.skip() }
}

/// The answer of `Health`.
struct HealthReply: ReadMessage {
  var health = Health.unspecified

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: health = try reader.word()
    default: try reader.skip()
    }
  }
}
