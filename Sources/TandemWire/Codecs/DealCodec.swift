// SPDX-License-Identifier: Apache-2.0
// Deals as bytes: what the store keeps and what a Get sends. Field numbers ascend.

package import TandemDomain
package import TandemPrimitives

package enum DealCodec {
  package static func encode(_ deal: Deal, into output: inout [UInt8]) {
    deal.encode(into: &output)
  }

  /// Texts share `bytes`; only arrays are allocated.
  package static func decode(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Deal {
    let deal = try Deal(decoding: bytes)
    guard !deal.id.isZero else { throw WireError(.badValue, field: "id", "a deal has an id") }
    return deal
  }

  /// Whether somebody of the team has an e-mail address; allocates nothing.
  package static func teamContains(email: Text, in bytes: ArraySlice<UInt8>) -> Bool {
    guard !email.isEmpty else { return false }
    do {
      var deal = ProtoReader(bytes)
      while try deal.next() {
        guard deal.field == 16 else {
          try deal.skip()
          continue
        }
        if try member(deal.message(), has: email) { return true }
      }
    } catch { return false }
    return false
  }

  private static func member(
    _ message: ProtoReader, has email: Text
  ) throws(WireError) -> Bool {
    var member = message
    while try member.next() {
      guard member.field == 2 else {
        try member.skip()
        continue
      }
      var person = try member.message()
      while try person.next() {
        if person.field == 3 { return sameAddress(try person.slice(), email.utf8) }
        try person.skip()
      }
    }
    return false
  }

  /// Addresses are compared without regard to the case of ASCII letters.
  private static func sameAddress(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { lower($0) == lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= 65 && byte <= 90 ? byte + 32 : byte
  }
}

/// What lists, timers and access need of a deal, kept beside its bytes.
package struct DealHead: Hashable, Sendable {
  package var id: DealID
  package var engagement: EngagementID
  package var version: UInt64
  package var direction: Direction
  package var status: DealStatus
  package var stage: SalesStage
  package var location: LocationID
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
  /// Zero where there is none, as on the wire: optionals would make every deal's head longer.
  private var respondByTime: Timestamp
  private var remindAtTime: Timestamp

  package init(of deal: Deal) {
    id = deal.id
    engagement = deal.engagement
    version = deal.version
    direction = deal.direction
    status = deal.status
    stage = deal.stage
    location = deal.location
    createdAt = deal.createdAt
    updatedAt = deal.updatedAt
    respondByTime = deal.respondBy ?? .zero
    remindAtTime = deal.remindAt ?? .zero
  }

  package var respondBy: Timestamp? { respondByTime == .zero ? nil : respondByTime }

  /// When the copy wants its timer; only invitations without an answer do.
  package var dueAt: Timestamp? {
    guard status.isNew, let respondBy else { return nil }
    return remindAtTime == .zero ? respondBy : min(respondBy, remindAtTime)
  }

  /// What `Deal.apply` does, for what is kept here.
  package mutating func apply(_ changed: DealChanged) {
    invariant(changed.version == version + 1, "a deal's versions are contiguous")
    version = changed.version
    updatedAt = changed.at
    for index in changed.changes.indices {
      switch changed.changes.span[index].after {
      case .status(let value): status = value
      case .stage(let value): stage = value
      case .respondBy(let value): respondByTime = value ?? .zero
      case .remindAt(let value): remindAtTime = value ?? .zero
      case .baseKind, .partnerToPartner, .name, .customer, .value, .closeDate, .crmID, .campaignID,
        .notes, .team, .solutions, .consent, .acceptedAt, .acknowledgedAt, .closedAt, .closure,
        .cards, .sharedView, .invitation, .shownTo, .tags, .owner, .assessment:
        break
      }
    }
  }

  /// Reads the few fields from a deal's bytes; nil when they are not a deal.
  package static func read(_ bytes: ArraySlice<UInt8>) -> DealHead? {
    do {
      let head = try DealHead(reading: bytes)
      return head.id.isZero ? nil : head
    } catch { return nil }
  }

  private init(reading bytes: ArraySlice<UInt8>) throws(WireError) {
    id = .zero
    engagement = .zero
    version = 0
    direction = .outbound
    status = .accepted
    stage = .created
    location = .zero
    createdAt = .zero
    updatedAt = .zero
    respondByTime = .zero
    remindAtTime = .zero
    var reader = ProtoReader(bytes)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: engagement = try reader.identifier()
      case 3: version = try reader.unsigned()
      case 4: direction = try reader.enumeration()
      case 5: status = try reader.enumeration()
      case 9: location = try reader.identifier()
      case 19: stage = try reader.enumeration()
      case 20: createdAt = try reader.time()
      case 21: updatedAt = try reader.time()
      case 25: respondByTime = try reader.time()
      case 38: remindAtTime = try reader.time()
      default: try reader.skip()
      }
    }
  }
}
