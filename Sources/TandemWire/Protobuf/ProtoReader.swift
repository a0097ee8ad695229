// SPDX-License-Identifier: Apache-2.0
// Reads protobuf's wire format without copying. Strict about lengths; unknown fields are skipped by
// the caller's choice. Texts and slices share the buffer that is read.

package import TandemDomain
package import TandemPrimitives

/// Bytes are not what they must be.
package struct WireError: Error, Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// Not protobuf, not text, too deep, too many: nothing can be said of its content.
    case malformed
    case unknownField(UInt32)
    /// Well formed, but a value cannot be what it is.
    case badValue
  }
  package var kind: Kind
  /// Path of the field, empty when there is none.
  package var field: String
  package var text: String
  /// Every problem of a request body that could be read; else empty.
  package var violations: [Violation] = []

  package init(_ kind: Kind, field: String = "", _ text: String) {
    self.kind = kind
    self.field = field
    self.text = text
  }

  package init(_ text: String) { self.init(.malformed, text) }
}

/// Reads one message and, in place, the messages in it.
package struct ProtoReader: Sendable {
  package let bytes: ArraySlice<UInt8>
  /// People that stood apart from these bytes; nil when they stand in them.
  let people: [Person]?
  /// Counted from the first byte, as `end` is.
  private var offset: Int
  /// Where the message that is being read ends.
  private var end: Int
  /// Number of the field that `next` found.
  private(set) package var field: UInt32 = 0
  private var type: UInt8 = 0

  package init(_ bytes: ArraySlice<UInt8>) { self.init(bytes, people: nil) }

  init(_ bytes: ArraySlice<UInt8>, people: [Person]?) {
    self.bytes = bytes
    self.people = people
    offset = 0
    end = bytes.count
  }

  /// Where the next byte is read, in the indices of `bytes`.
  package var position: Int { bytes.startIndex + offset }

  /// Moves to the next field; false at the end.
  package mutating func next() throws(WireError) -> Bool {
    guard offset < end else { return false }
    let tag = try rawVarint()
    guard tag >> 3 != 0, tag >> 32 == 0 else { throw WireError("bad tag") }
    field = UInt32(tag >> 3)
    type = UInt8(tag & 7)
    return true
  }

  @inline(__always)
  private mutating func rawVarint() throws(WireError) -> UInt64 {
    var place = offset
    guard let value = Varint.read(bytes.span, &place, end: end) else {
      throw WireError("bad varint")
    }
    offset = place
    return value
  }

  package mutating func unsigned() throws(WireError) -> UInt64 {
    guard type == 0 else { throw wrongType() }
    return try rawVarint()
  }

  package mutating func unsigned32() throws(WireError) -> UInt32 {
    UInt32(truncatingIfNeeded: try unsigned())
  }

  package mutating func signed() throws(WireError) -> Int64 { Int64(bitPattern: try unsigned()) }

  package mutating func flag() throws(WireError) -> Bool { try unsigned() != 0 }

  package mutating func time() throws(WireError) -> Timestamp {
    Timestamp(milliseconds: try signed())
  }

  /// A time, or nil for zero.
  package mutating func maybeTime() throws(WireError) -> Timestamp? {
    let value = try signed()
    return value == 0 ? nil : Timestamp(milliseconds: value)
  }

  package mutating func span() throws(WireError) -> Timestamp.Span {
    Timestamp.Span(milliseconds: try signed())
  }

  package mutating func enumeration<Value: RawRepresentable<UInt8>>(
    _: Value.Type = Value.self
  ) throws(WireError) -> Value {
    let raw = try unsigned()
    guard raw <= 255, let value = Value(rawValue: UInt8(raw)) else {
      throw WireError(.badValue, field: String(field), "value \(raw) is not known")
    }
    return value
  }

  package mutating func fixed64() throws(WireError) -> UInt64 {
    guard type == 1 else { throw wrongType() }
    guard end - offset >= 8 else { throw WireError("cut") }
    var value: UInt64 = 0
    let start = offset
    offset += 8
    let span = bytes.span
    for index in 0..<8 { value |= UInt64(span[start + index]) << UInt64(8 * index) }
    return value
  }

  /// The length of the value that follows, which lies within the message.
  @inline(__always)
  private mutating func length() throws(WireError) -> Int {
    guard type == 2 else { throw wrongType() }
    let count = try rawVarint()
    guard count <= UInt64(end - offset) else { throw WireError("cut") }
    return Int(count)
  }

  package mutating func slice() throws(WireError) -> ArraySlice<UInt8> {
    let count = try length()
    defer { offset += count }
    return bytes[position..<position + count]
  }

  package mutating func text() throws(WireError) -> Text {
    let count = try length()
    // An empty text must not keep the buffer alive.
    guard count > 0 else { return .empty }
    defer { offset += count }
    return Text(validated: bytes[position..<position + count])
  }

  package mutating func string() throws(WireError) -> String {
    String(decoding: try slice(), as: UTF8.self)
  }

  /// A reader of its own for a nested message.
  package mutating func message() throws(WireError) -> ProtoReader {
    ProtoReader(try slice(), people: people)
  }

  /// Reads a nested message in place: no other reader, no other hold on the buffer.
  @inline(__always)
  mutating func within<Value>(
    _ read: (inout ProtoReader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    let outerEnd = end
    let count = try length()
    end = offset + count
    let value = try read(&self)
    guard offset == end else { throw WireError("a message was not read to its end") }
    end = outerEnd
    return value
  }

  /// Ends of a nested message and of the one around it.
  struct Nested {
    fileprivate let end: Int
    fileprivate let outerEnd: Int
  }

  /// Goes into a nested message in place; for readers that need not see all of it.
  @discardableResult
  mutating func enter() throws(WireError) -> Nested {
    let count = try length()
    let nested = Nested(end: offset + count, outerEnd: end)
    end = nested.end
    return nested
  }

  /// Goes on behind a message that was entered, however much of it was read and however deep.
  mutating func leave(_ nested: Nested) {
    offset = nested.end
    end = nested.outerEnd
  }

  /// An id; no bytes are the zero id.
  package mutating func identifier<Kind>() throws(WireError) -> Identifier<Kind> {
    let count = try length()
    if count == 0 { return .zero }
    guard count == 16 else {
      throw WireError(.badValue, field: String(field), "an id has 16 bytes, not \(count)")
    }
    let start = offset
    offset += 16
    let span = bytes.span
    return Identifier(
      high: span.bigEndian64(at: start), low: span.bigEndian64(at: start + 8))
  }

  package mutating func maybeIdentifier<Kind>() throws(WireError) -> Identifier<Kind>? {
    let value: Identifier<Kind> = try identifier()
    return value.isZero ? nil : value
  }

  /// Numbers of a repeated field, packed or one by one.
  package mutating func numbers(into list: inout [UInt32]) throws(WireError) {
    if type == 0 {
      list.append(try unsigned32())
      return
    }
    let count = try length()
    let stop = offset + count
    let outerEnd = end
    end = stop
    while offset < stop { list.append(UInt32(truncatingIfNeeded: try rawVarint())) }
    end = outerEnd
  }

  /// Passes over the value of the current field.
  package mutating func skip() throws(WireError) {
    switch type {
    case 0: _ = try rawVarint()
    case 1: try pass(8)
    case 2: try pass(try length())
    case 5: try pass(4)
    default: throw wrongType()
    }
  }

  private mutating func pass(_ count: Int) throws(WireError) {
    guard end - offset >= count else { throw WireError("cut") }
    offset += count
  }

  private func wrongType() -> WireError {
    WireError(.malformed, field: String(field), "field \(field) has wire type \(type)")
  }
}
