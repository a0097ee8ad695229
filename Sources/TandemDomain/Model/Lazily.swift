// SPDX-License-Identifier: Apache-2.0
// Parts of a deal that stay where they are in its stored bytes until somebody looks at them. What the
// bytes mean is known to who stored them; this file must not know.

import TandemPrimitives

/// Where a part stands in the bytes of its deal; empty when the deal has none.
@frozen
@usableFromInline
package struct StoredPlace: Sendable {
  @usableFromInline package var start: UInt32
  @usableFromInline package var end: UInt32

  @inlinable
  package init() {
    start = 0
    end = 0
  }

  @inlinable
  package init(_ start: Int, _ end: Int) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
  }

  @inlinable package var isEmpty: Bool { start == end }
}

/// A part's value, or where it is stored.
///
/// Most changes of a deal touch a few words of it: customer, team and lines are then neither read nor
/// written anew. The deal holds the bytes, once for all its parts.
@frozen
@usableFromInline
package struct Lazily<Value: Sendable>: Sendable {
  @usableFromInline
  package indirect enum Made: Sendable { case value(Value) }

  /// Nil while the value is what is stored.
  @usableFromInline var made: Made?
  @usableFromInline var place: StoredPlace

  @inlinable
  package init(_ value: Value) {
    made = .value(value)
    place = StoredPlace()
  }

  @inlinable
  package init(at place: StoredPlace) {
    made = nil
    self.place = place
  }

  /// As long as nobody has replaced the value.
  @inlinable package var storedPlace: StoredPlace? { made == nil ? place : nil }

  /// Read again at every look while it is stored.
  @inline(__always)
  func value(_ read: (StoredPlace) -> Value) -> Value {
    if case .value(let value) = made { value } else { read(place) }
  }
}

/// A text, or where it is stored; what most patches replace, so it is not kept out of line.
enum LazyText: Sendable {
  case value(Text)
  case stored(StoredPlace)
}

/// Reads parts out of the fields of a stored deal, tags and all.
///
/// The bytes are what was stored for a value, so no reading fails.
package protocol StoredPartReader: SendableMetatype {
  static func customer(_ bytes: ArraySlice<UInt8>) -> Customer
  static func value(_ bytes: ArraySlice<UInt8>) -> Money
  static func team(_ bytes: ArraySlice<UInt8>) -> [TeamMember]
  static func solutions(_ bytes: ArraySlice<UInt8>) -> [SolutionLine]
  static func consent(_ bytes: ArraySlice<UInt8>) -> Consent
  static func initiator(_ bytes: ArraySlice<UInt8>) -> OrganisationReference
  static func cards(_ bytes: ArraySlice<UInt8>) -> [Card]
  static func fieldVersions(_ bytes: ArraySlice<UInt8>) -> [FieldVersion]
}

/// The bytes that a deal was read from, and who understands them.
struct StoredBytes: Sendable {
  let bytes: [UInt8]
  /// Nil for a deal that was never stored: it has only values.
  let reader: (any StoredPartReader.Type)?

  static let none = StoredBytes(bytes: [], reader: nil)

  subscript(place: StoredPlace) -> ArraySlice<UInt8> { bytes[Int(place.start)..<Int(place.end)] }

  func read<Value>(
    _ place: StoredPlace, _ read: (any StoredPartReader.Type, ArraySlice<UInt8>) -> Value
  ) -> Value {
    guard let reader else { fatalError("a part of a deal is a value or stored") }
    return read(reader, self[place])
  }
}
