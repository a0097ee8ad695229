// SPDX-License-Identifier: Apache-2.0
// Which deals a commit is about: those whose copy it makes or changes. A user's mark on a deal and
// a notification name a deal without changing it and do not count.

package import TandemDomain
package import TandemPrimitives

package enum SubjectKeys {
  /// Ids in the order of their events, each once; read without decoding the events.
  ///
  /// Of a damaged body the ids before the damage: decoding the record is what reports it.
  package static func deals(inBody body: ArraySlice<UInt8>) -> [DealID] {
    var found: [DealID] = []
    do throws(WireError) {
      var reader = ProtoReader(body)
      while try reader.next() {
        guard reader.field == BodyField.event else {
          try reader.skip()
          continue
        }
        var event = try reader.message()
        guard try event.next(), let id = try deal(of: &event), !found.contains(id) else {
          continue
        }
        found.append(id)
      }
    } catch {
      return found
    }
    return found
  }

  private static func deal(of event: inout ProtoReader) throws(WireError) -> DealID? {
    switch EventNumber(field: event.field) {
    case .dealCreated, .dealChanged:
      return try firstIdentifier(event.message())
    case .invitationReceived:
      var reader = try event.message()
      while try reader.next() {
        if reader.field == 1 { return try firstIdentifier(reader.message()) }
        try reader.skip()
      }
      return nil
    case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
      .keyRevoked, .clockAdvanced, .organisationListed, .realmCreated, .favouriteSet,
      .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, nil:
      return nil
    }
  }

  /// Field 1 of a `Deal` and of a `DealChanged`.
  private static func firstIdentifier(_ message: ProtoReader) throws(WireError) -> DealID? {
    var reader = message
    while try reader.next() {
      if reader.field == 1 { return try reader.maybeIdentifier() }
      try reader.skip()
    }
    return nil
  }
}

extension Commit {
  /// Whether it makes or changes this deal; agrees with `SubjectKeys.deals(inBody:)`.
  package func touches(_ deal: DealID) -> Bool {
    events.contains { event in
      switch event {
      case .dealCreated(let created): created.id == deal
      case .dealChanged(let changed): changed.deal == deal
      case .invitationReceived(let received, _): received.id == deal
      case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
        .keyRevoked, .clockAdvanced, .organisationListed, .realmCreated, .favouriteSet,
        .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
        .notificationsRead:
        false
      }
    }
  }
}
