// SPDX-License-Identifier: Apache-2.0
// A deal out of the bytes of the tenant's own store. Customer, team, lines and cards stay bytes until
// somebody looks at them.

internal import TandemDomain
internal import TandemPrimitives

extension Deal {
  init(stored bytes: ArraySlice<UInt8>) {
    var fields = StoredFields(bytes)
    self.init(
      id: fields.identifier(1), engagement: fields.identifier(2), version: fields.integer(3),
      direction: fields.enumeration(4, .outbound), status: fields.enumeration(5, .accepted),
      baseKind: fields.enumeration(6, .privateDeal), partnerToPartner: fields.flag(7),
      name: fields.text(8), location: fields.identifier(9),
      customer: Lazily(stored: fields.part(10), read: DealPart.customer),
      value: Lazily(stored: fields.part(11), read: DealPart.value), closeDate: fields.time(12),
      crmID: fields.text(13),
      campaignID: fields.text(14), notes: fields.text(15),
      team: Lazily(stored: fields.part(16), read: DealPart.team),
      solutions: Lazily(stored: fields.part(17), read: DealPart.solutions),
      consent: Lazily(stored: fields.part(18), read: DealPart.consent),
      stage: fields.enumeration(19, .created),
      createdAt: fields.time(20), updatedAt: fields.time(21), acceptedAt: fields.maybeTime(22),
      acknowledgedAt: fields.maybeTime(23), closedAt: fields.maybeTime(24),
      respondBy: fields.maybeTime(25), closure: fields.rare(26),
      initiator: Lazily(stored: fields.part(27), read: DealPart.initiator),
      invitation: fields.rare(28),
      cards: Lazily(stored: fields.part(29), read: DealPart.cards), sharedView: fields.rare(30),
      createdBy: fields.identifier(31),
      nextLine: UInt32(truncatingIfNeeded: fields.integer(32)),
      fieldVersions: Lazily(stored: fields.part(33), read: DealPart.fieldVersions))
  }
}

/// How each part is read from its fields, tags and all.
enum DealPart {
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
  /// A part as it was stored, or written by `write` when it was replaced or people stand apart.
  mutating func part<Value>(_ part: Lazily<Value>, _ write: (inout ProtoWriter) -> Void) {
    guard people == nil, let stored = part.stored else { return write(&self) }
    bytes.append(contentsOf: stored)
  }
}
