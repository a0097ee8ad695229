// SPDX-License-Identifier: Apache-2.0
// Identifiers and moments as callers see them.

import TandemPrimitives

/// The identity of one thing, printed with a prefix that tells its kind: `deal_01j…`.
public struct ID: Hashable, Sendable {
  /// What the identifier names; the raw value is the printed prefix.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An organisation.
    case organisation = "org"
    /// A user or service user.
    case user
    /// A location of an organisation.
    case location = "loc"
    /// One organisation's copy of a deal.
    case deal
    /// Somebody who may buy, told by the vendor.
    case lead
    /// What ties the copies of one undertaking together.
    case engagement = "eng"
    /// A world with its own clock.
    case realm
    /// A sellable item.
    case solution = "sol"
    /// A customer of a realm's catalogue.
    case customer = "cust"
    /// An access key, not its secret.
    case key
    /// An entry of an inbox.
    case notification = "note"
  }

  /// What the identifier names.
  public let kind: Kind
  private let value: Identifier<StoreKind>

  /// Makes an identifier from its sixteen bytes, most significant first; nil for any other count.
  public init?(_ kind: Kind, bytes: some Collection<UInt8>) {
    guard let value = Identifier<StoreKind>(bytes: bytes) else { return nil }
    self.kind = kind
    self.value = value
  }

  /// Reads what ``description`` prints.
  public init?(_ text: String) {
    guard let mark = text.firstIndex(of: "_"), let kind = Kind(rawValue: String(text[..<mark])),
      let value = Identifier<StoreKind>("\(StoreKind.prefix)\(text[mark...])")
    else { return nil }
    self.kind = kind
    self.value = value
  }

  /// The sixteen bytes, most significant first.
  public var bytes: [UInt8] { value.bytes }
}

extension ID: LosslessStringConvertible {
  /// The prefix, an underscore and 26 digits.
  public var description: String { "\(kind.rawValue)_\(value.digits)" }
}

extension ID: Encodable {
  /// Encodes the printed form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A moment in UTC, to the millisecond.
public struct Moment: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970.
  public let milliseconds: Int64

  /// Makes a moment from milliseconds since 1970.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The earlier one is the smaller one.
  public static func < (left: Moment, right: Moment) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// Midnight UTC of a day written as `2027-01-31`; nil for anything else.
  public init?(day text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else {
      return nil
    }
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    self.init(milliseconds: Timestamp.day(year, month, day).milliseconds)
    guard description.hasPrefix(text) else { return nil }
  }

  /// A day, or a moment in UTC written as `2027-01-31T09:30Z`, with seconds and thousandths if wanted.
  public init?(_ text: String) {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let day = Moment(day: String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self = day
      return
    }
    guard let time = parts[1].wholeMatch(of: #/(\d\d):(\d\d)(?::(\d\d)(?:\.(\d\d\d))?)?Z/#),
      let hour = Int64(time.1), let minute = Int64(time.2), hour < 24, minute < 60,
      let second = Int64(time.3 ?? "0"), second < 60, let thousandths = Int64(time.4 ?? "0")
    else { return nil }
    let seconds = (hour * 60 + minute) * 60 + second
    self.init(milliseconds: day.milliseconds + seconds * 1_000 + thousandths)
  }
}

extension Moment: CustomStringConvertible {
  /// ISO 8601, for example `2026-11-20T22:39:32.000Z`.
  public var description: String { Timestamp(milliseconds: milliseconds).description }
}

extension Moment: Encodable {
  /// Encodes the printed form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
