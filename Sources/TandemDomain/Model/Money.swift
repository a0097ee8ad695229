// SPDX-License-Identifier: Apache-2.0
// Exact money: whole units, billionths and an ISO 4217 code. No floating point, no silent rounding.

/// An amount in one currency.
package struct Money: Hashable, Sendable {
  package var units: Int64
  /// Billionths of a unit, with the sign of `units`.
  package var nanos: Int32
  package var currency: CurrencyCode

  package init(units: Int64, nanos: Int32, currency: CurrencyCode) {
    self.units = units
    self.nanos = nanos
    self.currency = currency
  }
}

/// Three letters of ISO 4217, packed; which codes exist is reference data.
package struct CurrencyCode: Hashable, Sendable {
  package let packed: UInt32

  package init(packed: UInt32) { self.packed = packed }

  /// Reads exactly three upper-case letters.
  package init?(_ letters: ArraySlice<UInt8>) {
    guard letters.count == 3 else { return nil }
    var packed: UInt32 = 0
    for index in letters.indices {
      guard letters[index] >= 65, letters[index] <= 90 else { return nil }
      packed = packed << 8 | UInt32(letters[index])
    }
    self.packed = packed
  }

  package init?(_ letters: some Collection<UInt8>) { self.init(ArraySlice(letters)) }

  package var text: String {
    String(
      decoding: [24, 16, 8, 0].dropFirst().map { UInt8(truncatingIfNeeded: packed >> $0) },
      as: UTF8.self)
  }
}

/// Two letters of ISO 3166-1, packed.
package struct CountryCode: Hashable, Sendable {
  package let packed: UInt16

  package init(packed: UInt16) { self.packed = packed }

  package init?(_ letters: ArraySlice<UInt8>) {
    guard letters.count == 2 else { return nil }
    var packed: UInt16 = 0
    for index in letters.indices {
      guard letters[index] >= 65, letters[index] <= 90 else { return nil }
      packed = packed << 8 | UInt16(letters[index])
    }
    self.packed = packed
  }

  package init?(_ letters: some Collection<UInt8>) { self.init(ArraySlice(letters)) }

  package var text: String {
    String(decoding: [UInt8(packed >> 8), UInt8(packed & 0xFF)], as: UTF8.self)
  }
}
