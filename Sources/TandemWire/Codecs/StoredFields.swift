// SPDX-License-Identifier: Apache-2.0
// The fields of a stored deal, asked for in ascending order: one walk over the bytes, without errors.
// Only for bytes that this server has encoded itself; what comes from elsewhere goes through ProtoReader.

internal import TandemDomain
internal import TandemPrimitives

/// Stands at one top-level field of a deal and only moves on.
struct StoredFields {
  private static var end: Int { .max }

  let bytes: ArraySlice<UInt8>
  /// Where the current field's tag begins, or where the deal ends when there is no field any more.
  ///
  /// Counted from the beginning of the deal, as `offset` is.
  private(set) var place = 0
  /// The current field's number.
  private var number = 0
  private var isVarint = false
  /// Behind the current field's tag.
  private var offset = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    advance()
  }

  /// Moves to a field, or to where it would be; false when the deal has none.
  mutating func seek(_ field: Int) -> Bool {
    while number < field { skip() }
    return number == field
  }

  /// Moves behind the fields of one number.
  mutating func pass(_ field: Int) { while number == field { skip() } }

  // MARK: Values

  mutating func integer(_ field: Int) -> UInt64 {
    guard seek(field) else { return 0 }
    let value = varint()
    advance()
    return value
  }

  mutating func flag(_ field: Int) -> Bool { integer(field) != 0 }

  mutating func time(_ field: Int) -> Timestamp {
    Timestamp(milliseconds: Int64(bitPattern: integer(field)))
  }

  mutating func maybeTime(_ field: Int) -> Timestamp? { seek(field) ? time(field) : nil }

  mutating func enumeration<Value: RawRepresentable<UInt8>>(
    _ field: Int, _ fallback: Value
  ) -> Value {
    guard seek(field) else { return fallback }
    guard let value = Value(rawValue: UInt8(truncatingIfNeeded: integer(field))) else {
      Self.require(false)
      return fallback
    }
    return value
  }

  mutating func identifier<Kind>(_ field: Int) -> Identifier<Kind> {
    guard seek(field) else { return .zero }
    // Behind the one byte of its length, which is 16.
    let start = offset + 1
    let high = bytes.span.bigEndian64(at: start)
    let low = bytes.span.bigEndian64(at: start + 8)
    offset = start + 16
    advance()
    return Identifier(high: high, low: low)
  }

  mutating func text(_ field: Int) -> Text {
    seek(field) ? Text(validated: content()) : .empty
  }

  mutating func value<Value: WireMessage>(_ field: Int, _: Value.Type = Value.self) -> Value? {
    guard seek(field) else { return nil }
    do {
      return try Value(decoding: content())
    } catch {
      Self.require(false)
      return nil
    }
  }

  mutating func rare<Value: WireMessage & Hashable & Sendable>(_ field: Int) -> Rare<Value> {
    seek(field) ? Rare(value(field)) : .absent
  }

  /// The next of the versions of fields; nil behind the last one.
  mutating func fieldVersion() -> FieldVersion? {
    guard seek(33) else { return nil }
    let count = Int(truncatingIfNeeded: varint())
    let end = offset + count
    var found = FieldVersion(field: .status, version: 0)
    while offset < end {
      let tag = varint()
      let value = varint()
      switch tag >> 3 {
      case 1:
        let field = DealField(rawValue: UInt8(truncatingIfNeeded: value))
        Self.require(field != nil)
        found.field = field ?? .status
      case 2: found.version = value
      default: Self.require(false)
      }
    }
    advance()
    return found
  }

  /// All fields of a number, tags and all.
  mutating func part(_ field: Int) -> ArraySlice<UInt8> {
    guard seek(field) else { return [] }
    let start = place
    pass(field)
    return bytes[bytes.startIndex + start..<bytes.startIndex + place]
  }

  // MARK: Steps

  /// What is in the current field, which is length-delimited.
  private mutating func content() -> ArraySlice<UInt8> {
    let count = Int(truncatingIfNeeded: varint())
    let start = bytes.startIndex + offset
    offset += count
    advance()
    return bytes[start..<start + count]
  }

  private mutating func skip() {
    if isVarint {
      var next = offset
      while bytes.span[next] >= 0x80 { next &+= 1 }
      offset = next &+ 1
    } else {
      let count = Int(truncatingIfNeeded: varint())
      offset += count
    }
    advance()
  }

  @inline(__always)
  private mutating func varint() -> UInt64 {
    var next = offset
    let value = Varint.read(bytes.span, &next, end: bytes.count)
    offset = next
    Self.require(value != nil)
    return value ?? 0
  }

  /// Reads the tag behind the current field.
  private mutating func advance() {
    place = offset
    guard offset < bytes.count else {
      number = Self.end
      return
    }
    let tag = varint()
    number = Int(truncatingIfNeeded: tag >> 3)
    isVarint = tag & 7 == 0
  }

  /// These bytes were encoded by this process or checked by a snapshot's hash.
  @inline(__always)
  private static func require(_ isWhole: Bool) {
    if !isWhole { invariant(false, "a stored deal can be read") }
  }
}

extension Span<UInt8> {
  @inline(__always)
  func bigEndian64(at offset: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value = value &<< 8 | UInt64(self[offset &+ index]) }
    return value
  }
}
