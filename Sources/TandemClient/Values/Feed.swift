// SPDX-License-Identifier: Apache-2.0
// Items of the feed and of the inbox.

import TandemWire

/// Everything of one commit that the watcher may see; without events it is progress.
public struct WatchItem: Hashable, Sendable, Encodable {
  /// Stands for everything up to and including this item; keep it to go on from here.
  public var token: [UInt8] = []
  /// The organisation's commit.
  public var commit: UInt64 = 0
  /// When.
  public var at: Moment?
  /// Who; nil for timers and counterparts.
  public var actor: ID?
  /// The service user that acted in the actor's name.
  public var via: ID?
  /// What happened to deals.
  public var events: [DealEvent] = []
  /// What happened to leads.
  public var leadEvents: [LeadEvent] = []
  /// At the vendor: what became of leads that it sent.
  public var leadAnswers: [LeadAnswer] = []
  /// New entries of the caller's inbox.
  public var notifications: [Notification] = []
  /// Entries of the caller's inbox that the caller marked as read, on whatever connection.
  public var notificationsRead: [ID] = []
  /// Which part of a snapshot this is; `unspecified` when it is none.
  public var snapshot: SnapshotPart = .unspecified
  /// More of the same commit follows; never true for what a watch gives.
  var isContinued = false

  /// Makes an empty value.
  public init() {}

  /// True when it only carries a token.
  public var isProgress: Bool {
    events.isEmpty && leadEvents.isEmpty && leadAnswers.isEmpty && notifications.isEmpty
      && notificationsRead.isEmpty && snapshot == .unspecified
  }

  private enum CodingKeys: String, CodingKey {
    case commit, at, actor, via, events, leadEvents, leadAnswers, notifications
    case notificationsRead, snapshot
  }

  /// Adds the next part of the same commit.
  mutating func append(_ part: WatchItem) {
    token = part.token
    events += part.events
    leadEvents += part.leadEvents
    leadAnswers += part.leadAnswers
    notifications += part.notifications
    notificationsRead += part.notificationsRead
    isContinued = part.isContinued
  }
}

extension WatchItem: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: token = Array(try reader.slice())
    case 2: isContinued = try reader.flag()
    case 3: commit = try reader.unsigned()
    case 4: at = try reader.moment()
    case 5: actor = try reader.id(.user)
    case 6: via = try reader.id(.user)
    case 7: try reader.append(to: &events)
    case 8: try reader.append(to: &notifications)
    case 9: snapshot = try reader.word()
    case 10: try reader.append(to: &leadEvents)
    case 11: try reader.append(to: &leadAnswers)
    case 12: if let id = try reader.id(.notification) { notificationsRead.append(id) }
    default: try reader.skip()
    }
  }
}

/// What happened to one deal in a commit.
public struct DealEvent: Hashable, Sendable, Encodable {
  /// The deal.
  public var deal: ID?
  /// Its version after the commit.
  public var version: UInt64 = 0
  /// Why.
  public var cause: ChangeCause = .unspecified
  /// How it stands to the watcher's view.
  public var presence: Presence = .unspecified
  /// Numbers of the fields that changed.
  public var fields: [UInt32] = []
  /// Holds only the fields that changed.
  public var before: Deal?
  /// Holds only the fields that changed.
  public var after: Deal?
  /// The deal, when it entered the view.
  public var whole: Deal?

  /// Makes an empty value.
  public init() {}
}

extension DealEvent: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: deal = try reader.id(.deal)
    case 2: version = try reader.unsigned()
    case 3: cause = try reader.word()
    case 4: presence = try reader.word()
    case 5: try reader.numbers(into: &fields)
    case 6: before = try reader.nested()
    case 7: after = try reader.nested()
    case 8: whole = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// How one topic stands to the caller.
public struct TopicPreference: Hashable, Sendable, Encodable {
  /// The topic.
  public var topic: NotificationTopic = .unspecified
  /// The caller wants to hear nothing of it.
  public var isMuted: Bool = false
  /// It cannot be muted.
  public var isMandatory: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension TopicPreference: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: topic = try reader.word()
    case 2: isMuted = try reader.flag()
    case 3: isMandatory = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// What the caller hears of.
public struct NotificationPreferences: Hashable, Sendable, Encodable {
  /// Every topic that the server knows.
  public var topics: [TopicPreference] = []
  /// The organisation's setting: teams are told of the invitations that they send.
  public var tellsInvitationSent: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension NotificationPreferences: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &topics)
    case 2: tellsInvitationSent = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// An entry of a user's inbox.
public struct Notification: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// What it is about.
  public var topic: NotificationTopic = .unspecified
  /// The deal.
  public var deal: ID?
  /// The lead, in place of a deal.
  public var lead: ID?
  /// The other side.
  public var counterpart: OrganisationReference = OrganisationReference()
  /// When.
  public var at: Moment?
  /// When an answer is due.
  public var respondBy: Moment?
  /// Whether it was read.
  public var isRead: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension Notification: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.notification)
    case 2: topic = try reader.word()
    case 3: deal = try reader.id(.deal)
    case 4: counterpart = try reader.nested()
    case 5: at = try reader.moment()
    case 6: respondBy = try reader.moment()
    case 7: isRead = try reader.flag()
    case 8: lead = try reader.id(.lead)
    default: try reader.skip()
    }
  }
}
