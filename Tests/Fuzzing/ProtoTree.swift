// SPDX-License-Identifier: Apache-2.0
// Protobuf bytes as a tree, so that a change deep inside leaves the lengths around it right.

import TandemPrimitives

struct ProtoTree: Sendable {
  struct Field: Sendable {
    var number: UInt64
    var type: UInt8
    var value: UInt64 = 0
    var payload: [UInt8] = []
    var inner: ProtoTree?
  }

  var fields: [Field] = []

  /// Reads bytes that are a message; a payload that could be one is taken for one.
  init?(_ bytes: ArraySlice<UInt8>) {
    var at = bytes.startIndex
    while at < bytes.endIndex {
      guard let tag = Self.varint(bytes, &at), tag >> 3 > 0, tag >> 3 < 64 else { return nil }
      var field = Field(number: tag >> 3, type: UInt8(tag & 7))
      switch field.type {
      case 0:
        guard let value = Self.varint(bytes, &at) else { return nil }
        field.value = value
      case 2:
        guard let count = Self.varint(bytes, &at), count <= bytes.endIndex - at else { return nil }
        field.payload = Array(bytes[at..<at + Int(count)])
        field.inner = count > 1 ? ProtoTree(field.payload[...]) : nil
        at += Int(count)
      default: return nil
      }
      fields.append(field)
    }
  }

  func append(to bytes: inout [UInt8]) {
    for field in fields {
      Self.append(field.number << 3 | UInt64(field.type), to: &bytes)
      var payload = field.payload
      if let inner = field.inner {
        payload = []
        inner.append(to: &payload)
      }
      switch field.type {
      case 0: Self.append(field.value, to: &bytes)
      case 1: bytes.appendLittleEndian(field.value)
      case 5: bytes.appendLittleEndian(UInt32(truncatingIfNeeded: field.value))
      default:
        Self.append(UInt64(payload.count), to: &bytes)
        bytes += payload
      }
    }
  }

  /// One change somewhere in the tree.
  mutating func change(_ mutator: inout Mutator) {
    guard !fields.isEmpty else {
      return fields.append(
        Field(number: UInt64(1 + mutator.below(20)), type: 2, payload: Self.texts[0]))
    }
    let place = mutator.below(fields.count)
    if mutator.below(3) > 0, fields[place].inner != nil {
      fields[place].inner?.change(&mutator)
      return
    }
    switch mutator.below(10) {
    case 0: fields.remove(at: place)
    case 1: fields.insert(fields[place], at: mutator.below(fields.count + 1))
    case 2: fields[place].number = UInt64(1 + mutator.below(40))
    case 3: fields[place].type = UInt8(mutator.below(6))
    case 4, 5: fields[place].value = mutator.pick(Self.numbers)
    case 6: fields[place].payload = mutator.pick(Self.texts)
    case 7: fields[place].inner = nil
    case 8: repeatField(place, &mutator)
    default: wrap(place, &mutator)
    }
  }

  /// Very many of one field, sometimes more than the guard allows.
  private mutating func repeatField(_ place: Int, _ mutator: inout Mutator) {
    let size = max(1, fields[place].payload.count)
    let count = mutator.below(32) == 0 ? 24_000 / size : mutator.below(60)
    fields += Array(repeating: fields[place], count: count)
  }

  /// Puts a field inside itself again and again.
  private mutating func wrap(_ place: Int, _ mutator: inout Mutator) {
    guard var deep = fields[place].inner else { return }
    for _ in 0..<mutator.below(12) {
      var outer = self
      outer.fields = [Field(number: fields[place].number, type: 2, inner: deep)]
      deep = outer
    }
    fields[place].inner = deep
  }

  private static let numbers: [UInt64] = [
    0, 1, 2, 17, 127, 128, 300, 10_001, UInt64(Int32.max), UInt64(UInt32.max), 1 << 32,
    UInt64(Int64.max), 1 << 63, .max,
  ]

  private static let texts: [[UInt8]] = [
    [], [0], Array("a".utf8), Array("EUR".utf8), Array("DE".utf8), [0xC0, 0x80],
    [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x99, 0x82], [0xFF], [UInt8](repeating: 0x41, count: 300),
    [UInt8](repeating: 7, count: 15), [UInt8](repeating: 7, count: 16), [0x80, 0x80, 0x01],
  ]

  private static func varint(_ bytes: ArraySlice<UInt8>, _ at: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in 0..<10 {
      guard at < bytes.endIndex else { return nil }
      let byte = bytes[at]
      at += 1
      value |= UInt64(byte & 0x7F) << UInt64(7 * shift)
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
