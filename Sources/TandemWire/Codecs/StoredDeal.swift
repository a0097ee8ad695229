// SPDX-License-Identifier: Apache-2.0
// A deal out of the bytes of the tenant's own store. Customer, team, lines and cards stay bytes until
// somebody looks at them.

internal import TandemDomain
internal import TandemPrimitives

extension Deal {
  init(stored bytes: [UInt8]) {
    let found = StoredDeal(bytes.span)
    self.init(
      found, in: bytes, by: DealPart.self, closure: Self.rare(found.closure, bytes),
      invitation: Self.rare(found.invitation, bytes),
      sharedView: Self.rare(found.sharedView, bytes))
  }

  /// A large part that few deals have.
  @inline(__always)
  private static func rare<Value: WireMessage>(_ place: StoredPlace, _ bytes: [UInt8]) -> Rare<
    Value
  > {
    place.end == 0 ? .absent : read(place, bytes)
  }

  @inline(never)
  private static func read<Value: WireMessage>(_ place: StoredPlace, _ bytes: [UInt8]) -> Rare<
    Value
  > {
    do {
      return .present(try Value(decoding: bytes[Int(place.start)..<Int(place.end)]))
    } catch {
      fatalError("a part of a stored deal cannot be read: \(error)")
    }
  }
}

/// How each part is read from its fields, tags and all.
enum DealPart: StoredPartReader {
  static func customer(_ bytes: ArraySlice<UInt8>) -> Customer { one(bytes, .blank) }
  static func value(_ bytes: ArraySlice<UInt8>) -> Money { one(bytes, .blank) }
  static func consent(_ bytes: ArraySlice<UInt8>) -> Consent { one(bytes, .blank) }
  static func initiator(_ bytes: ArraySlice<UInt8>) -> OrganisationReference { one(bytes, .blank) }
  static func team(_ bytes: ArraySlice<UInt8>) -> [TeamMember] { list(bytes) }
  static func solutions(_ bytes: ArraySlice<UInt8>) -> [SolutionLine] { list(bytes) }
  static func cards(_ bytes: ArraySlice<UInt8>) -> [Card] { list(bytes) }
  static func fieldVersions(_ bytes: ArraySlice<UInt8>) -> [FieldVersion] { list(bytes) }

  private static func one<Value: WireMessage>(
    _ bytes: ArraySlice<UInt8>, _ blank: Value
  ) -> Value {
    read(bytes, blank) { value, reader throws(WireError) in value = try reader.value() }
  }

  private static func list<Value: WireMessage>(_ bytes: ArraySlice<UInt8>) -> [Value] {
    read(bytes, []) { values, reader throws(WireError) in values.append(try reader.value()) }
  }

  private static func read<Value>(
    _ bytes: ArraySlice<UInt8>, _ empty: Value,
    _ take: (inout Value, inout ProtoReader) throws(WireError) -> Void
  ) -> Value {
    var value = empty
    var reader = ProtoReader(bytes)
    do {
      while try reader.next() { try take(&value, &reader) }
    } catch {
      // These bytes were encoded by this process or checked by a snapshot's hash.
      fatalError("a part of a stored deal cannot be read: \(error)")
    }
    return value
  }
}

extension ProtoWriter {
  /// A part as it is stored, or written by `write` when it was replaced or people stand apart.
  @inline(__always)
  mutating func part(_ stored: ArraySlice<UInt8>?, _ write: (inout ProtoWriter) -> Void) {
    guard people == nil, let stored else { return write(&self) }
    bytes.append(contentsOf: stored)
  }
}
