// SPDX-License-Identifier: Apache-2.0
// A deal out of the bytes of the tenant's own store. Customer, team, lines and cards stay bytes until
// somebody looks at them.

internal import TandemDomain
internal import TandemPrimitives

extension Deal {
  /// A deal that `DealCodec.encode` wrote.
  package init(stored bytes: consuming [UInt8]) {
    guard let found = StoredDeal(bytes.span) else {
      self = Self.decoded(bytes)
      return
    }
    let closure: Rare<Closure> = Self.rare(found.closure, bytes)
    let invitation: Rare<InvitationContent> = Self.rare(found.invitation, bytes)
    let sharedView: Rare<SharedView> = Self.rare(found.sharedView, bytes)
    let shownTo: Rare<OrganisationReference> = Self.rare(found.shownTo, bytes)
    let tags = Self.tags(found.tags, bytes)
    let assessment: Rare<Assessment> = Self.rare(found.assessment, bytes)
    self.init(
      found, in: consume bytes, by: DealPart.self, closure: closure, invitation: invitation,
      sharedView: sharedView, shownTo: shownTo, tags: tags, assessment: assessment)
  }

  /// A deal with fields that this version does not know.
  @inline(never)
  private static func decoded(_ bytes: [UInt8]) -> Deal {
    do {
      return try Deal(decoding: bytes[...])
    } catch {
      // These bytes were encoded by this process or checked by a snapshot's hash.
      fatalError("a stored deal cannot be read: \(error)")
    }
  }

  /// A large part that few deals have.
  @inline(__always)
  private static func rare<Value: WireMessage>(
    _ place: StoredPlace, _ bytes: [UInt8]
  ) -> Rare<Value> {
    place.end == 0 ? .absent : read(place, bytes)
  }

  @inline(__always)
  private static func tags(_ place: StoredPlace, _ bytes: [UInt8]) -> Rare<[Text]> {
    place.isEmpty ? .absent : readTags(place, bytes)
  }

  @inline(never)
  private static func readTags(_ place: StoredPlace, _ bytes: [UInt8]) -> Rare<[Text]> {
    .present(DealPart.tags(bytes[Int(place.start)..<Int(place.end)]))
  }

  @inline(never)
  private static func read<Value: WireMessage>(
    _ place: StoredPlace, _ bytes: [UInt8]
  ) -> Rare<Value> {
    do {
      return .present(try Value(decoding: bytes[Int(place.start)..<Int(place.end)]))
    } catch {
      fatalError("a part of a stored deal cannot be read: \(error)")
    }
  }
}

extension StoredDeal {
  /// Nil when there are other fields than these.
  @inline(__always)
  fileprivate init?(_ bytes: Span<UInt8>) {
    // Known from here on: no look at eight bytes asks for it again. A deal's id alone is longer.
    guard bytes.count >= 8 else { return nil }
    self.init()
    var offset = 0
    id = bytes.identifier(1, &offset)
    engagement = bytes.identifier(2, &offset)
    version = bytes.integer(3, &offset)
    let direction = Direction(rawValue: UInt8(truncatingIfNeeded: bytes.integer(4, &offset)))
    let status = DealStatus(rawValue: UInt8(truncatingIfNeeded: bytes.integer(5, &offset)))
    let baseKind = BaseKind(rawValue: UInt8(truncatingIfNeeded: bytes.integer(6, &offset)))
    partnerToPartner = bytes.integer(7, &offset) != 0
    name = bytes.content(8, &offset)
    location = bytes.identifier(9, &offset)
    customer = bytes.field(10, &offset)
    value = bytes.field(11, &offset)
    closeDate = bytes.time(12, &offset)
    crmID = bytes.content(13, &offset)
    campaignID = bytes.content(14, &offset)
    notes = bytes.content(15, &offset)
    team = bytes.part(16, &offset)
    solutions = bytes.part(17, &offset)
    consent = bytes.field(18, &offset)
    let stage = SalesStage(rawValue: UInt8(truncatingIfNeeded: bytes.integer(19, &offset)))
    createdAt = bytes.time(20, &offset)
    updatedAt = bytes.time(21, &offset)
    acceptedAt = bytes.maybeTime(22, &offset)
    acknowledgedAt = bytes.maybeTime(23, &offset)
    closedAt = bytes.maybeTime(24, &offset)
    respondBy = bytes.maybeTime(25, &offset)
    closure = bytes.content(26, &offset)
    initiator = bytes.field(27, &offset)
    invitation = bytes.content(28, &offset)
    cards = bytes.part(29, &offset)
    sharedView = bytes.content(30, &offset)
    createdBy = bytes.identifier(31, &offset)
    nextLine = UInt32(truncatingIfNeeded: bytes.integer(32, &offset))
    fieldVersions = bytes.part(33, &offset)
    // Only few deals have more.
    if offset != bytes.count {
      shownTo = bytes.content(34, &offset)
      tags = bytes.part(35, &offset)
      owner = UInt32(truncatingIfNeeded: bytes.integer(36, &offset))
      lead = bytes.identifier(37, &offset)
      remindAt = bytes.maybeTime(38, &offset)
      assessment = bytes.content(39, &offset)
    }
    guard offset == bytes.count, let direction, let status, let baseKind, let stage else {
      return nil
    }
    self.direction = direction
    self.status = status
    self.baseKind = baseKind
    self.stage = stage
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

  static func tags(_ bytes: ArraySlice<UInt8>) -> [Text] {
    read(bytes, []) { values, reader throws(WireError) in values.append(try reader.text()) }
  }

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
