// SPDX-License-Identifier: Apache-2.0
// How the library reads and writes messages. Clients pass over fields that they do not know.

import TandemPrimitives
import TandemWire

/// A message of a reply.
protocol ReadMessage: Sendable {
  init()
  /// Takes the field that the reader stands at.
  mutating func read(_ reader: inout ProtoReader) throws(WireError)
}

extension ReadMessage {
  init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    try self.init(reading: ProtoReader(bytes))
  }

  init(reading message: ProtoReader) throws(WireError) {
    self.init()
    var reader = message
    while try reader.next() { try read(&reader) }
  }
}

/// A message of a request.
protocol WrittenMessage {
  func write(to writer: inout ProtoWriter)
}

extension ProtoReader {
  mutating func nested<Value: ReadMessage>() throws(WireError) -> Value {
    try Value(reading: message())
  }

  mutating func append<Value: ReadMessage>(to list: inout [Value]) throws(WireError) {
    list.append(try nested())
  }

  mutating func word<Value: WireWord>() throws(WireError) -> Value {
    Value(number: try unsigned())
  }

  mutating func id(_ kind: ID.Kind) throws(WireError) -> ID? { ID(kind, bytes: try slice()) }

  mutating func moment() throws(WireError) -> Moment? {
    let value = try signed()
    return value == 0 ? nil : Moment(milliseconds: value)
  }
}

extension ProtoWriter {
  mutating func id(_ field: UInt32, _ value: ID?) {
    if let value { blob(field, value.bytes[...]) }
  }

  mutating func word(_ field: UInt32, _ value: some WireWord) { unsigned(field, value.number) }

  mutating func moment(_ field: UInt32, _ value: Moment?) {
    signed(field, value?.milliseconds ?? 0)
  }

  mutating func nested(_ field: UInt32, _ value: (some WrittenMessage)?) {
    guard let value else { return }
    let start = begin(field)
    value.write(to: &self)
    end(start)
  }

  mutating func nested(_ field: UInt32, all values: [some WrittenMessage]) {
    for value in values { nested(field, value) }
  }
}
