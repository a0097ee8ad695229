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
    forEachDeal(inBody: body) { found.append($0) }
    return found
  }

  /// Calls back for every deal that `deals` names.
  package static func forEachDeal(inBody body: ArraySlice<UInt8>, _ take: (DealID) -> Void) {
    var reader = ProtoReader(body)
    var first: DealID?
    var others: [DealID] = []
    do throws(WireError) {
      while let id = try nextDeal(&reader) {
        if id == first || others.contains(id) { continue }
        if first == nil { first = id } else { others.append(id) }
        take(id)
      }
    } catch {
      // What a damaged body names before the damage was taken.
    }
  }

  /// The deal of the next event that has one.
  private static func nextDeal(_ reader: inout ProtoReader) throws(WireError) -> DealID? {
    while try reader.next() {
      guard reader.field == BodyField.event else {
        try reader.skip()
        continue
      }
      let event = try reader.enter()
      let id = try reader.next() ? deal(of: &reader) : nil
      reader.leave(event)
      if let id { return id }
    }
    return nil
  }

  private static func deal(of event: inout ProtoReader) throws(WireError) -> DealID? {
    switch EventNumber(field: event.field) {
    case .dealCreated, .dealShown, .dealChanged:
      return try firstIdentifier(&event)
    case .invitationReceived:
      try event.enter()
      while try event.next() {
        if event.field == 1 { return try firstIdentifier(&event) }
        try event.skip()
      }
      return nil
    case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
      .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
      .routingSet,
      .organisationListed, .realmCreated,
      .customersListed,
      .solutionPublished, .solutionListed,
      .favouriteSet,
      .leadReceived, .leadChanged, .leadFavouriteSet, .leadsDeleted, .leadAnswered,
      .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet, nil:
      return nil
    }
  }

  /// Field 1 of a `Deal` and of a `DealChanged`, which is left when its event is.
  private static func firstIdentifier(_ reader: inout ProtoReader) throws(WireError) -> DealID? {
    try reader.enter()
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
      case .dealCreated(let created), .dealShown(let created): created.id == deal
      case .dealChanged(let changed): changed.deal == deal
      case .invitationReceived(let received, _): received.id == deal
      case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
        .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
        .routingSet,
        .organisationListed,
        .realmCreated,
        .customersListed,
        .solutionPublished, .solutionListed,
        .favouriteSet,
        .leadReceived, .leadChanged, .leadFavouriteSet, .leadsDeleted, .leadAnswered,
        .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
        .notificationsRead, .topicsMuted, .notificationSettingsSet:
        false
      }
    }
  }
}
