// SPDX-License-Identifier: Apache-2.0
// Writes protobuf's wire format into a buffer that the caller keeps. Zero and empty are left out.

package import TandemPrimitives

package struct ProtoWriter: Sendable {
  package var bytes: [UInt8]
  /// People of a record, to whom `bytes` only refer; nil when people stand in `bytes`.
  var people: SeparatedPeople?

  package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  package mutating func varint(_ value: UInt64) {
    bytes.append(addingCapacity: Varint.bytesMax) { $0.append(varint: value) }
  }

  package mutating func tag(_ field: UInt32, _ type: UInt64) {
    varint(UInt64(field) << 3 | type)
  }

  package mutating func unsigned(_ field: UInt32, _ value: UInt64) {
    guard value != 0 else { return }
    // What belongs together is added at once: each addition asks the array for room.
    bytes.append(addingCapacity: FieldBytes.number) { $0.unsigned(field, value) }
  }

  package mutating func unsigned(_ field: UInt32, _ value: UInt32) {
    unsigned(field, UInt64(value))
  }

  /// A number that says something also when it is zero: the member of a oneof.
  package mutating func unsignedOrZero(_ field: UInt32, _ value: UInt32) {
    bytes.append(addingCapacity: FieldBytes.number) {
      $0.append(tag: field, 0)
      $0.append(varint: UInt64(value))
    }
  }

  package mutating func signed(_ field: UInt32, _ value: Int64) {
    unsigned(field, UInt64(bitPattern: value))
  }

  /// The same for a number with a sign.
  package mutating func signedOrZero(_ field: UInt32, _ value: Int64) {
    bytes.append(addingCapacity: FieldBytes.number) {
      $0.append(tag: field, 0)
      $0.append(varint: UInt64(bitPattern: value))
    }
  }

  package mutating func flag(_ field: UInt32, _ value: Bool) {
    unsigned(field, value ? 1 : 0 as UInt64)
  }

  package mutating func enumeration<Value: RawRepresentable<UInt8>>(_ field: UInt32, _ value: Value)
  {
    unsigned(field, UInt64(value.rawValue))
  }

  package mutating func time(_ field: UInt32, _ value: Timestamp?) {
    signed(field, value?.milliseconds ?? 0)
  }

  /// Eight bytes, written even when zero.
  package mutating func fixed64(_ field: UInt32, _ value: UInt64) {
    bytes.append(addingCapacity: FieldBytes.fixed64) { $0.fixed64(field, value) }
  }

  package mutating func text(_ field: UInt32, _ value: Text) { blob(field, value.utf8) }

  package mutating func string(_ field: UInt32, _ value: String) {
    guard !value.isEmpty else { return }
    head(field, count: value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  package mutating func blob(_ field: UInt32, _ value: ArraySlice<UInt8>) {
    guard !value.isEmpty else { return }
    element(field, value)
  }

  /// One element of a repeated field; written even when empty.
  package mutating func element(_ field: UInt32, _ value: ArraySlice<UInt8>) {
    let content = value.span
    bytes.append(addingCapacity: FieldBytes.blob(content.count)) {
      $0.append(tag: field, 2)
      $0.append(varint: UInt64(content.count))
      $0.append(copying: content)
    }
  }

  /// Tag and length of what follows.
  private mutating func head(_ field: UInt32, count: Int) {
    bytes.append(addingCapacity: 2 * Varint.bytesMax) {
      $0.append(tag: field, 2)
      $0.append(varint: UInt64(count))
    }
  }

  /// A message that was encoded before.
  mutating func whole(_ field: UInt32, _ message: [UInt8]) {
    head(field, count: message.count)
    bytes.append(contentsOf: message)
  }

  /// The sixteen bytes of an id; the zero id stands for none and is left out.
  package mutating func identifier<Kind>(_ field: UInt32, _ value: Identifier<Kind>) {
    guard !value.isZero else { return }
    identifierElement(field, value)
  }

  package mutating func identifierElement<Kind>(_ field: UInt32, _ value: Identifier<Kind>) {
    bytes.append(addingCapacity: Varint.bytesMax + 17) {
      $0.append(tag: field, 2)
      $0.append(16)
      $0.append(words: value)
    }
  }

  package mutating func packed(_ field: UInt32, _ values: some Sequence<UInt32>) {
    var start: Int?
    for value in values {
      if start == nil { start = begin(field) }
      varint(UInt64(value))
    }
    if let start { end(start) }
  }

  /// Begins a nested message; give what it returns to `end`.
  package mutating func begin(_ field: UInt32) -> Int {
    bytes.append(addingCapacity: FieldBytes.begin) { $0.begin(field) }
    return bytes.count
  }

  /// Begins a message whose first field is a message; the inner one must end first.
  mutating func begin(_ outer: UInt32, _ inner: UInt32) -> (outer: Int, inner: Int) {
    let start = bytes.count
    var outerBytes = 0
    bytes.append(addingCapacity: 2 * FieldBytes.begin) {
      $0.begin(outer)
      outerBytes = $0.count
      $0.begin(inner)
    }
    return (start + outerBytes, bytes.count)
  }

  /// Ends an inner message and the one that ends with it.
  mutating func end(_ inner: Int, _ outer: Int) {
    // What fits the outer length's one byte fits the inner's.
    guard bytes.count - outer < 0x80 else {
      end(inner)
      return end(outer)
    }
    let count = bytes.count
    var written = bytes.mutableSpan
    written[inner - 1] = UInt8(truncatingIfNeeded: count - inner)
    written[outer - 1] = UInt8(truncatingIfNeeded: count - outer)
  }

  /// Fills in the length; moves the message when its length needs more than one byte.
  package mutating func end(_ start: Int) {
    var rest = UInt64(bytes.count - start)
    if rest < 0x80 {
      bytes[start - 1] = UInt8(rest)
      return
    }
    bytes[start - 1] = UInt8(truncatingIfNeeded: rest) | 0x80
    rest >>= 7
    var more = InlineLength()
    while rest >= 0x80 {
      more.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    more.append(UInt8(rest))
    bytes.insert(contentsOf: more, at: start)
  }
}

/// The later bytes of a length: up to nine, kept without an allocation.
private struct InlineLength: RandomAccessCollection {
  private var packed: UInt64 = 0
  private(set) var count = 0
  var startIndex: Int { 0 }
  var endIndex: Int { count }
  subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed >> UInt64(8 * index)) }
  mutating func append(_ byte: UInt8) {
    packed |= UInt64(byte) << UInt64(8 * count)
    count += 1
  }
}

extension ProtoWriter {
  /// Takes over a buffer without copying it; give it back with `giveBack`.
  package init(consuming buffer: inout [UInt8]) {
    self.init([])
    swap(&bytes, &buffer)
  }

  package mutating func giveBack(to buffer: inout [UInt8]) { swap(&bytes, &buffer) }
}
