// SPDX-License-Identifier: Apache-2.0
// When two customers are one: the same D-U-N-S number where both have one, else the same name in the
// same country, whatever its case, blanks and punctuation.

import TandemPrimitives

extension Customer {
  private var duns: [Text] { identifiers.filter { $0.scheme == .duns }.map(\.value) }

  package func isSame(as other: Customer) -> Bool {
    let (mine, others) = (duns, other.duns)
    if !mine.isEmpty, !others.isEmpty { return mine.contains { others.contains($0) } }
    return address.country == other.address.country
      && name.utf8.lettersAndDigits == other.name.utf8.lettersAndDigits
  }

  /// Equal customers have one of these in common.
  package var numbers: [UInt64] {
    [CustomerNumber.ofName(name.utf8, address.country)]
      + identifiers.filter { $0.scheme == .duns }.map { CustomerNumber.ofDuns($0.value.utf8) }
  }
}

/// One number for what identifies a customer; whoever looks compares the customers themselves.
package enum CustomerNumber {
  package static func ofName(_ name: ArraySlice<UInt8>, _ country: CountryCode) -> UInt64 {
    var hash = start(country.packed)
    for byte in CaseFolding.beyondASCII(name) where byte.isLetterOrDigit {
      hash = FNV1a.next(hash, byte.asciiLowered)
    }
    return hash
  }

  package static func ofDuns(_ value: ArraySlice<UInt8>) -> UInt64 {
    var hash = start(0)
    for byte in value { hash = FNV1a.next(hash, byte) }
    return hash
  }

  private static func start(_ seed: UInt16) -> UInt64 {
    FNV1a.next(FNV1a.next(FNV1a.start, UInt8(truncatingIfNeeded: seed)), UInt8(seed >> 8))
  }
}

extension ArraySlice<UInt8> {
  var lettersAndDigits: [UInt8] {
    CaseFolding.beyondASCII(self).filter(\.isLetterOrDigit).map(\.asciiLowered)
  }
}

extension UInt8 {
  /// Letters beyond ASCII are all taken for such.
  fileprivate var isLetterOrDigit: Bool {
    self >= 0x80 || (0x30...0x39).contains(self) || (0x61...0x7A).contains(asciiLowered)
  }
}
