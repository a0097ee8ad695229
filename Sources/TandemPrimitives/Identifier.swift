// SPDX-License-Identifier: Apache-2.0
// 16-byte identifiers, one type per kind so that two kinds cannot be swapped.
// This file must not make identifiers: freshness comes from `FreshIdentifiers`.

/// Names a kind of thing that has identifiers.
@usableFromInline
package protocol IdentifierKind: Sendable, SendableMetatype {
  /// Printed before the digits, for example `deal` in `deal_01j…`.
  static var prefix: String { get }
}

/// The identity of one thing: 128 bits, normally a UUIDv7.
@frozen
@usableFromInline
package struct Identifier<Kind: IdentifierKind>: Hashable, Comparable, Sendable {
  /// The first eight bytes, read big endian.
  @usableFromInline package let high: UInt64
  /// The last eight bytes, read big endian.
  @usableFromInline package let low: UInt64

  @inlinable
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The identifier that stands for "none" on the wire and in records.
  @inlinable
  package static var zero: Self { Self(high: 0, low: 0) }

  @inlinable
  package var isZero: Bool { high == 0 && low == 0 }

  @inlinable
  package static func == (left: Self, right: Self) -> Bool {
    left.high == right.high && left.low == right.low
  }

  @inlinable
  package func hash(into hasher: inout Hasher) {
    // The low half of a UUIDv7 is random, so it alone spreads well.
    hasher.combine(low)
  }

  @inlinable
  package static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// Reads sixteen bytes; any other count is not an identifier.
  ///
  /// Concrete on purpose: read generically, each byte costs two allocations.
  package init?(bytes: ArraySlice<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    let middle = bytes.startIndex + 8
    for index in bytes.startIndex..<middle { high = high << 8 | UInt64(bytes[index]) }
    for index in middle..<bytes.endIndex { low = low << 8 | UInt64(bytes[index]) }
    self.init(high: high, low: low)
  }

  package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

  package init?(bytes: some Collection<UInt8>) { self.init(bytes: ArraySlice(bytes)) }

  /// The sixteen bytes, most significant first.
  package var bytes: [UInt8] {
    [UInt8](count: 16) { index in
      let half = index < 8 ? high : low
      return UInt8(truncatingIfNeeded: half >> UInt64(8 * (7 - index % 8)))
    }
  }
}

extension [UInt8] {
  fileprivate init(count: Int, _ byte: (Int) -> UInt8) {
    self = []
    reserveCapacity(count)
    for index in 0..<count { append(byte(index)) }
  }
}

extension Identifier: CustomStringConvertible {
  /// The prefix, an underscore and 26 Crockford base-32 digits.
  @usableFromInline
  package var description: String { "\(Kind.prefix)_\(digits)" }

  /// The 26 digits without the prefix.
  package var digits: String {
    var text = ""
    text.reserveCapacity(26)
    var shift = 125
    while shift >= 0 {
      text.unicodeScalars.append(CrockfordBase32.scalar(for: fiveBits(at: shift)))
      shift -= 5
    }
    return text
  }

  private func fiveBits(at shift: Int) -> UInt8 {
    // The value is 130 bits wide with two leading zero bits.
    let value: UInt64
    if shift >= 64 {
      value = high >> UInt64(shift - 64)
    } else if shift > 59 {
      value = high << UInt64(64 - shift) | low >> UInt64(shift)
    } else {
      value = low >> UInt64(shift)
    }
    return UInt8(value & 31)
  }

  /// Reads what `description` prints; the prefix must match this kind.
  package init?(_ text: some StringProtocol) {
    let head = Kind.prefix + "_"
    guard text.hasPrefix(head) else { return nil }
    let digits = text.utf8.dropFirst(head.utf8.count)
    guard digits.count == 26, let first = digits.first else { return nil }
    guard let top = CrockfordBase32.value(of: first), top < 8 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for digit in digits {
      guard let value = CrockfordBase32.value(of: digit) else { return nil }
      high = high << 5 | low >> 59
      low = low << 5 | UInt64(value)
    }
    self.init(high: high, low: low)
  }
}

/// Crockford's base 32: no I, L, O or U, so digits survive being read aloud.
package enum CrockfordBase32 {
  private static let alphabet: [UInt8] = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// The digit for a value of 0 to 31.
  package static func scalar(for value: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(alphabet[Int(value & 31)])
  }

  /// The value of a digit, or nil; upper case and the usual confusions are read too.
  package static func value(of digit: UInt8) -> UInt8? {
    let lower = digit >= 65 && digit <= 90 ? digit + 32 : digit
    switch lower {
    case 0x69, 0x6C: return 1  // i, l
    case 0x6F: return 0  // o
    default: return alphabet.firstIndex(of: lower).map { UInt8($0) }
    }
  }
}

/// A tenant is an organisation: owner of deals, one actor.
package enum TenantKind: IdentifierKind { package static let prefix = "org" }
/// A user or service user of one organisation.
package enum UserKind: IdentifierKind { package static let prefix = "user" }
/// A place of an organisation that a deal belongs to.
package enum LocationKind: IdentifierKind { package static let prefix = "loc" }
/// One organisation's copy of a deal.
package enum DealKind: IdentifierKind { package static let prefix = "deal" }
/// Somebody who may buy, told to a partner by the vendor.
package enum LeadKind: IdentifierKind { package static let prefix = "lead" }
/// What ties the copies of one joint undertaking together.
package enum EngagementKind: IdentifierKind { package static let prefix = "eng" }
/// A world with its own clock.
package enum RealmKind: IdentifierKind { package static let prefix = "realm" }
/// A sellable item of the solution catalogue.
package enum SolutionKind: IdentifierKind { package static let prefix = "sol" }
/// A customer of a realm's catalogue.
package enum CustomerKind: IdentifierKind { package static let prefix = "cust" }
/// An API key of one user.
package enum KeyKind: IdentifierKind { package static let prefix = "key" }
/// One entry of a user's inbox.
package enum NotificationKind: IdentifierKind { package static let prefix = "note" }
/// A data directory or log store.
package enum StoreKind: IdentifierKind { package static let prefix = "store" }
/// The history of a tenant between restores.
package enum TimelineKind: IdentifierKind { package static let prefix = "line" }

package typealias TenantID = Identifier<TenantKind>
package typealias UserID = Identifier<UserKind>
package typealias LocationID = Identifier<LocationKind>
package typealias DealID = Identifier<DealKind>
package typealias LeadID = Identifier<LeadKind>
package typealias EngagementID = Identifier<EngagementKind>
package typealias RealmID = Identifier<RealmKind>
package typealias SolutionID = Identifier<SolutionKind>
package typealias CustomerID = Identifier<CustomerKind>
package typealias KeyID = Identifier<KeyKind>
package typealias NotificationID = Identifier<NotificationKind>
package typealias StoreID = Identifier<StoreKind>
package typealias TimelineID = Identifier<TimelineKind>
