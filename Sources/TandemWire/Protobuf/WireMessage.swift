// SPDX-License-Identifier: Apache-2.0
// A value that has one protobuf message; written and read by hand, field by field.

package import TandemDomain
internal import TandemPrimitives

package protocol WireMessage {
  func write(to writer: inout ProtoWriter)
  /// Unknown fields are passed over: whoever must refuse them has run the guard before.
  init(reading reader: inout ProtoReader) throws(WireError)
}

/// The people of one record, in the order in which its body refers to them.
struct SeparatedPeople: Sendable {
  /// Stands before the first of them.
  let salt: (UInt64, UInt64)
  var bytes: [UInt8] = []
  var count: UInt32 = 0

  /// Goes on behind what a buffer holds; `giveBack` returns it.
  init(appendingTo buffer: inout [UInt8], salt: (UInt64, UInt64)) {
    self.salt = salt
    swap(&bytes, &buffer)
  }

  mutating func giveBack(to buffer: inout [UInt8]) { swap(&bytes, &buffer) }

  /// Adds one and returns its number.
  mutating func add(_ person: Person) -> UInt32 {
    if count == 0 {
      bytes.appendLittleEndian(salt.0)
      bytes.appendLittleEndian(salt.1)
    }
    var writer = ProtoWriter(consuming: &bytes)
    let start = writer.begin(1)
    person.writeFields(to: &writer)
    writer.end(start)
    writer.giveBack(to: &bytes)
    count += 1
    return count
  }
}

extension WireMessage {
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ProtoReader(bytes)
    try self.init(reading: &reader)
  }

  package func encode(into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    write(to: &writer)
    writer.giveBack(to: &output)
  }
}

extension ProtoWriter {
  /// A nested message; present even when all its fields are empty.
  package mutating func message(_ field: UInt32, _ value: some WireMessage) {
    let start = begin(field)
    value.write(to: &self)
    end(start)
  }

  package mutating func maybe(_ field: UInt32, _ value: (some WireMessage)?) {
    if let value { message(field, value) }
  }

  package mutating func messages(_ field: UInt32, _ values: some Sequence<some WireMessage>) {
    for value in values { message(field, value) }
  }
}

extension ProtoReader {
  package mutating func value<Value: WireMessage>(
    _: Value.Type = Value.self
  ) throws(WireError) -> Value {
    try within { reader throws(WireError) in try Value(reading: &reader) }
  }
}

extension Person: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    guard writer.people != nil else { return writeFields(to: &writer) }
    // Nobody is what an erased person reads as; writing it again must not bring a section back.
    guard self != .erased else { return }
    writer.unsigned(15, writer.people?.add(self) ?? 0)
  }

  fileprivate func writeFields(to writer: inout ProtoWriter) {
    writer.text(1, firstName)
    writer.text(2, lastName)
    writer.text(3, email)
    writer.text(4, phone)
    writer.text(5, title)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .erased
    while try reader.next() {
      switch reader.field {
      case 1: firstName = try reader.text()
      case 2: lastName = try reader.text()
      case 3: email = try reader.text()
      case 4: phone = try reader.text()
      case 5: title = try reader.text()
      case 15:
        let index = Int(try reader.unsigned32())
        // Erased people leave their references behind.
        guard let people = reader.people, !people.isEmpty else { continue }
        guard index >= 1, index <= people.count else {
          throw WireError(.badValue, field: "person", "person \(index) of \(people.count)")
        }
        self = people[index - 1]
      default: try reader.skip()
      }
    }
  }
}
