// SPDX-License-Identifier: Apache-2.0
// Events as records keep them. The numbers are for ever and equal the fields of storage.v1.Event.

package import TandemDomain
internal import TandemPrimitives

/// The number of each event, in record headers and bodies.
package enum EventNumber: UInt16, Sendable, CaseIterable {
  case organisationEstablished = 1
  case userAdded = 2
  case userGrantsSet = 3
  case locationAdded = 4
  case keyIssued = 5
  case keyRevoked = 6
  case clockAdvanced = 7
  case organisationListed = 8
  case realmCreated = 9
  case stageNamesSet = 10
  case dealShown = 11
  case solutionPublished = 12
  case solutionListed = 13
  case customersListed = 14
  case routingSet = 15
  case dealCreated = 16
  case dealChanged = 17
  case favouriteSet = 18
  case invitationReceived = 19
  case answerRecorded = 20
  case organisationUpdated = 24
  case policyChanged = 25
  case messageSent = 32
  case outboxMarked = 33
  case inboxAdvanced = 34
  case leadReceived = 40
  case leadChanged = 41
  case leadFavouriteSet = 42
  case leadsDeleted = 43
  case leadAnswered = 44
  case notificationAdded = 48
  case notificationsRead = 49
  case topicsMuted = 50
  case notificationSettingsSet = 51

  init?(field: UInt32) {
    guard let number = UInt16(exactly: field) else { return nil }
    self.init(rawValue: number)
  }
}

extension Event {
  package var number: EventNumber {
    switch self {
    case .organisationEstablished: .organisationEstablished
    case .userAdded: .userAdded
    case .userGrantsSet: .userGrantsSet
    case .locationAdded: .locationAdded
    case .keyIssued: .keyIssued
    case .keyRevoked: .keyRevoked
    case .clockAdvanced: .clockAdvanced
    case .organisationListed: .organisationListed
    case .realmCreated: .realmCreated
    case .stageNamesSet: .stageNamesSet
    case .routingSet: .routingSet
    case .customersListed: .customersListed
    case .dealShown: .dealShown
    case .solutionPublished: .solutionPublished
    case .solutionListed: .solutionListed
    case .dealCreated: .dealCreated
    case .dealChanged: .dealChanged
    case .favouriteSet: .favouriteSet
    case .invitationReceived: .invitationReceived
    case .answerRecorded: .answerRecorded
    case .organisationUpdated: .organisationUpdated
    case .policyChanged: .policyChanged
    case .leadReceived: .leadReceived
    case .leadChanged: .leadChanged
    case .leadFavouriteSet: .leadFavouriteSet
    case .leadsDeleted: .leadsDeleted
    case .leadAnswered: .leadAnswered
    case .messageSent: .messageSent
    case .outboxMarked: .outboxMarked
    case .inboxAdvanced: .inboxAdvanced
    case .notificationAdded: .notificationAdded
    case .notificationsRead: .notificationsRead
    case .topicsMuted: .topicsMuted
    case .notificationSettingsSet: .notificationSettingsSet
    }
  }
}

extension Event: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    let start = writer.begin(UInt32(number.rawValue))
    writeContent(to: &writer)
    writer.end(start)
  }

  /// The event as a field of a message.
  func write(_ field: UInt32, to writer: inout ProtoWriter) {
    let (outer, inner) = writer.begin(field, UInt32(number.rawValue))
    writeContent(to: &writer)
    writer.end(inner, outer)
  }

  private func writeContent(to writer: inout ProtoWriter) {
    switch self {
    case .organisationEstablished(let organisation, let realm):
      writer.message(1, organisation)
      writer.message(2, realm)
    case .userAdded(let user): user.write(to: &writer)
    case .userGrantsSet(let user, let grants, let isActive):
      writer.identifier(1, user)
      writer.messages(2, grants)
      writer.flag(3, isActive)
    case .locationAdded(let location): location.write(to: &writer)
    case .keyIssued(let key): key.write(to: &writer)
    case .keyRevoked(let key, let at):
      writer.identifier(1, key)
      writer.time(2, at)
    case .clockAdvanced(let offset): ClockOffset(offset: offset).write(to: &writer)
    case .stageNamesSet(let names): writer.messages(1, names)
    case .routingSet(let routing): routing.write(to: &writer)
    case .organisationUpdated(let update): update.write(to: &writer)
    case .policyChanged(let change): change.write(to: &writer)
    case .customersListed(let customers): writer.messages(1, customers)
    case .organisationListed(let entry): entry.write(to: &writer)
    case .solutionPublished(let solution), .solutionListed(let solution):
      solution.write(to: &writer)
    case .realmCreated(let realm): realm.write(to: &writer)
    case .dealCreated(let deal), .dealShown(let deal): deal.write(to: &writer)
    case .dealChanged(let change): change.write(to: &writer)
    case .favouriteSet(let user, let deal, let isFavourite):
      writer.identifier(1, user)
      writer.identifier(2, deal)
      writer.flag(3, isFavourite)
    case .invitationReceived(let deal, let inviterKind):
      writer.message(1, deal)
      writer.enumeration(2, inviterKind)
    case .answerRecorded(let answer): answer.write(to: &writer)
    case .leadReceived(let lead): lead.write(to: &writer)
    case .leadChanged(let lead, let cause): LeadChange(lead: lead, cause: cause).write(to: &writer)
    case .leadFavouriteSet(let user, let lead, let isFavourite):
      writer.identifier(1, user)
      writer.identifier(2, lead)
      writer.flag(3, isFavourite)
    case .leadsDeleted(let leads): for id in leads { writer.identifierElement(1, id) }
    case .leadAnswered(let answer): answer.write(to: &writer)
    case .messageSent(let entry): entry.write(to: &writer)
    case .outboxMarked(let tenant, let through), .inboxAdvanced(let tenant, let through):
      writer.identifier(1, tenant)
      writer.unsigned(2, through)
    case .notificationAdded(let notification, let recipients):
      writer.message(1, notification)
      for id in recipients { writer.identifierElement(2, id) }
    case .notificationsRead(let user, let ids):
      writer.identifier(1, user)
      for id in ids { writer.identifierElement(2, id) }
    case .topicsMuted(let user, let topics):
      MutedTopics(user: user, topics: topics).write(to: &writer)
    case .notificationSettingsSet(let settings): settings.write(to: &writer)
    }
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    guard try reader.next() else { throw WireError("an event without content") }
    guard let number = EventNumber(field: reader.field) else {
      throw WireError(
        .unknownField(reader.field), field: "event",
        "event \(reader.field) is newer than this program")
    }
    switch number {
    case .userAdded: self = .userAdded(try reader.value())
    case .locationAdded: self = .locationAdded(try reader.value())
    case .keyIssued: self = .keyIssued(try reader.value())
    case .clockAdvanced: self = .clockAdvanced(offset: try reader.value(ClockOffset.self).offset)
    case .organisationListed: self = .organisationListed(try reader.value())
    case .routingSet: self = .routingSet(try reader.value())
    case .organisationUpdated: self = .organisationUpdated(try reader.value())
    case .policyChanged: self = .policyChanged(try reader.value())
    case .realmCreated: self = .realmCreated(try reader.value())
    case .dealCreated: self = .dealCreated(try reader.value())
    case .dealShown: self = .dealShown(try reader.value())
    case .solutionPublished: self = .solutionPublished(try reader.value())
    case .solutionListed: self = .solutionListed(try reader.value())
    case .dealChanged: self = .dealChanged(try reader.value())
    case .answerRecorded: self = .answerRecorded(try reader.value())
    case .leadReceived: self = .leadReceived(try reader.value())
    case .leadChanged:
      let change = try reader.value(LeadChange.self)
      self = .leadChanged(change.lead, change.cause)
    case .leadAnswered: self = .leadAnswered(try reader.value())
    case .messageSent: self = .messageSent(try reader.value())
    case .topicsMuted:
      let muted = try reader.value(MutedTopics.self)
      self = .topicsMuted(user: muted.user, muted.topics)
    case .notificationSettingsSet: self = .notificationSettingsSet(try reader.value())
    case .organisationEstablished, .userGrantsSet, .keyRevoked, .stageNamesSet, .customersListed,
      .favouriteSet, .leadFavouriteSet, .leadsDeleted,
      .invitationReceived, .outboxMarked, .inboxAdvanced, .notificationAdded, .notificationsRead:
      var inner = try reader.message()
      self = try Event(reading: &inner, as: number)
    }
    guard try !reader.next() else { throw WireError("an event with two contents") }
  }

  /// Events whose content is not one value of the model.
  private init(reading reader: inout ProtoReader, as number: EventNumber) throws(WireError) {
    switch number {
    case .organisationEstablished:
      self = .organisationEstablished(try reader.only(1), try reader.only(2))
    case .userGrantsSet:
      self = .userGrantsSet(
        user: try reader.onlyIdentifier(1), grants: try reader.all(2),
        isActive: try reader.onlyNumber(3) != 0)
    case .keyRevoked:
      let at = Timestamp(milliseconds: Int64(bitPattern: try reader.onlyNumber(2)))
      self = .keyRevoked(try reader.onlyIdentifier(1), at: at)
    case .stageNamesSet: self = .stageNamesSet(try reader.all(1))
    case .customersListed: self = .customersListed(try reader.all(1))
    case .favouriteSet:
      self = .favouriteSet(
        user: try reader.onlyIdentifier(1), deal: try reader.onlyIdentifier(2),
        isFavourite: try reader.onlyNumber(3) != 0)
    case .leadFavouriteSet:
      self = .leadFavouriteSet(
        user: try reader.onlyIdentifier(1), lead: try reader.onlyIdentifier(2),
        isFavourite: try reader.onlyNumber(3) != 0)
    case .leadsDeleted: self = .leadsDeleted(try reader.allIdentifiers(1))
    case .invitationReceived:
      let kind = UInt8(exactly: try reader.onlyNumber(2)).flatMap(OrganisationKind.init(rawValue:))
      guard let kind else { throw WireError(.badValue, field: "inviter_kind", "kind not known") }
      self = .invitationReceived(try reader.only(1), inviterKind: kind)
    case .outboxMarked:
      self = .outboxMarked(
        receiver: try reader.onlyIdentifier(1), through: try reader.onlyNumber(2))
    case .inboxAdvanced:
      self = .inboxAdvanced(
        sender: try reader.onlyIdentifier(1), through: try reader.onlyNumber(2))
    case .notificationAdded:
      self = .notificationAdded(try reader.only(1), recipients: try reader.allIdentifiers(2))
    case .notificationsRead:
      self = .notificationsRead(
        user: try reader.onlyIdentifier(1), try reader.allIdentifiers(2))
    case .userAdded, .locationAdded, .keyIssued, .clockAdvanced, .organisationListed, .routingSet,
      .realmCreated, .dealCreated, .dealShown, .dealChanged, .answerRecorded, .messageSent,
      .organisationUpdated, .policyChanged, .solutionPublished, .solutionListed, .topicsMuted,
      .notificationSettingsSet,
      .leadReceived, .leadChanged, .leadAnswered:
      throw WireError("event \(number) is read elsewhere")
    }
  }
}

/// Small messages read field by field, each time from their beginning.
extension ProtoReader {
  /// A reader of the same message that stands at a field, or nil.
  private func at(_ number: UInt32) throws(WireError) -> ProtoReader? {
    var copy = ProtoReader(bytes, people: people)
    while try copy.next() {
      if copy.field == number { return copy }
      try copy.skip()
    }
    return nil
  }

  fileprivate func only<Value: WireMessage>(_ number: UInt32) throws(WireError) -> Value {
    guard var found = try at(number) else { throw WireError("field \(number) is missing") }
    return try found.value()
  }

  fileprivate func onlyNumber(_ number: UInt32) throws(WireError) -> UInt64 {
    guard var found = try at(number) else { return 0 }
    return try found.unsigned()
  }

  fileprivate func onlyIdentifier<Kind>(
    _ number: UInt32
  ) throws(WireError) -> Identifier<Kind> {
    guard var found = try at(number) else { return .zero }
    return try found.identifier()
  }

  fileprivate func all<Value: WireMessage>(_ number: UInt32) throws(WireError) -> [Value] {
    var copy = ProtoReader(bytes, people: people)
    var values: [Value] = []
    while try copy.next() {
      if copy.field == number { values.append(try copy.value()) } else { try copy.skip() }
    }
    return values
  }

  fileprivate func allIdentifiers<Kind>(
    _ number: UInt32
  ) throws(WireError) -> [Identifier<Kind>] {
    var copy = ProtoReader(bytes, people: people)
    var values: [Identifier<Kind>] = []
    while try copy.next() {
      if copy.field == number { values.append(try copy.identifier()) } else { try copy.skip() }
    }
    return values
  }
}
