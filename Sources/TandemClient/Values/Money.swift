// SPDX-License-Identifier: Apache-2.0
// Exact amounts of money, also as people write them.

import TandemWire

/// An exact amount.
public struct Money: Hashable, Sendable, Encodable {
  /// Whole units.
  public var units: Int64 = 0
  /// Billionths of a unit, with the sign of the units.
  public var nanos: Int32 = 0
  /// Three letters of ISO 4217.
  public var currency = ""

  /// Makes an empty value.
  public init() {}

  /// Makes an amount: whole units, billionths with the same sign, three letters of ISO 4217.
  public init(units: Int64, nanos: Int32 = 0, currency: String) {
    self.units = units
    self.nanos = nanos
    self.currency = currency
  }

  /// Reads `1234.50 EUR`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, parts[1].count == 3 else { return nil }
    let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard number.count <= 2, let units = Int64(number[0]) else { return nil }
    var nanos: Int32 = 0
    if number.count == 2 {
      let digits = String(number[1])
      let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard isNumber, digits.count <= 9 else { return nil }
      nanos = Int32(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
    }
    let isNegative = number[0].hasPrefix("-")
    self.init(units: units, nanos: isNegative ? -nanos : nanos, currency: String(parts[1]))
  }
}

extension Money: CustomStringConvertible {
  /// For example `1234.50 EUR`.
  public var description: String {
    let digits = String(nanos.magnitude)
    var fraction = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    while fraction.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = units == 0 && nanos < 0 ? "-" : ""
    return "\(sign)\(units).\(fraction) \(currency)"
  }
}

extension Money: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: units = try reader.signed()
    case 2: nanos = Int32(truncatingIfNeeded: try reader.signed())
    case 3: currency = try reader.string()
    default: try reader.skip()
    }
  }
}

extension Money: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.signed(1, units)
    writer.signed(2, Int64(nanos))
    writer.string(3, currency)
  }
}
