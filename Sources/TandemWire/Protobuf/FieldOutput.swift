// SPDX-License-Identifier: Apache-2.0
// Fields written into room that was asked for once, for messages of few bytes: a request for room costs
// more than writing a field. Zero and empty are left out, as ProtoWriter leaves them out.

internal import TandemPrimitives

/// A message that knows how many bytes it can have before it is written.
protocol BoundedMessage: WireMessage {
  var bytesMax: Int { get }
  func append(to output: inout OutputSpan<UInt8>)
}

extension BoundedMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.bytes.append(addingCapacity: bytesMax) { append(to: &$0) }
  }

  /// The message as a field of another.
  func write(_ field: UInt32, to writer: inout ProtoWriter) {
    let start = writer.bytes.count
    var head = 0
    writer.bytes.append(addingCapacity: FieldBytes.begin + bytesMax) {
      $0.begin(field)
      head = $0.count
      append(to: &$0)
    }
    writer.end(start + head)
  }
}

/// How many bytes a field can have, with its tag.
enum FieldBytes {
  private static var tag: Int { 5 }
  static var number: Int { tag + Varint.bytesMax }
  static var fixed64: Int { tag + 8 }
  static var identifier: Int { tag + 17 }
  /// Of a message, before its content.
  static var begin: Int { tag + 1 }
  static func blob(_ count: Int) -> Int { number + count }
}

extension OutputSpan<UInt8> {
  @inline(__always)
  mutating func unsigned(_ field: UInt32, _ value: UInt64) {
    guard value != 0 else { return }
    append(tag: field, 0)
    append(varint: value)
  }

  @inline(__always)
  mutating func time(_ field: UInt32, _ value: Timestamp) {
    unsigned(field, UInt64(bitPattern: value.milliseconds))
  }

  @inline(__always)
  mutating func fixed64(_ field: UInt32, _ value: UInt64) {
    append(tag: field, 1)
    append(word: value)
  }

  @inline(__always)
  mutating func identifier<Kind>(_ field: UInt32, _ value: Identifier<Kind>) {
    guard !value.isZero else { return }
    append(tag: field, 2)
    append(16)
    append(words: value)
  }

  @inline(__always)
  mutating func blob(_ field: UInt32, _ value: borrowing Span<UInt8>) {
    guard !value.isEmpty else { return }
    append(tag: field, 2)
    append(varint: UInt64(value.count))
    append(copying: value)
  }

  /// Tag and room for a length of one byte; what follows is a message that ProtoWriter's `end` ends.
  @inline(__always)
  mutating func begin(_ field: UInt32) {
    append(tag: field, 2)
    append(0)
  }
}
