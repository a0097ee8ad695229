// SPDX-License-Identifier: Apache-2.0
// Worlds and their clocks.

import TandemWire

/// Windows and limits of a realm; 0 means the default.
public struct RealmPolicy: Hashable, Sendable, Encodable {
  /// How long an invitation waits for its answer.
  public var answerWindowMilliseconds: Int64 = 0
  /// How old a deal must be to be won without a warning.
  public var minimumAgeBeforeWonMilliseconds: Int64 = 0
  /// How many organisations may be invited to a deal.
  public var counterpartsMaximum: UInt32 = 0
  /// How long before an answer is due its recipients are reminded for the first time.
  public var firstReminderMilliseconds: Int64 = 0
  /// The same for the last time.
  public var lastReminderMilliseconds: Int64 = 0
  /// How much later than at first an answer may be made due.
  public var extensionMaximumMilliseconds: Int64 = 0
  /// What becomes of a deal that looks like an open one.
  public var duplicates: DuplicatePolicy = .unspecified
  /// How long marketplace leads are kept.
  public var leadRetentionMilliseconds: Int64 = 0
  /// How long a customer's wish to be contacted is strong.
  public var contactWishMilliseconds: Int64 = 0
  /// How often the vendor may be asked again about a deal after its no.
  public var vendorRetries: UInt32 = 0

  /// Makes an empty value.
  public init() {}
}

extension RealmPolicy: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: answerWindowMilliseconds = try reader.signed()
    case 2: minimumAgeBeforeWonMilliseconds = try reader.signed()
    case 3: counterpartsMaximum = try reader.unsigned32()
    case 4: firstReminderMilliseconds = try reader.signed()
    case 5: lastReminderMilliseconds = try reader.signed()
    case 6: extensionMaximumMilliseconds = try reader.signed()
    case 10: duplicates = try reader.word()
    case 12: leadRetentionMilliseconds = try reader.signed()
    case 13: contactWishMilliseconds = try reader.signed()
    case 14: vendorRetries = try reader.unsigned32()
    default: try reader.skip()
    }
  }
}

extension RealmPolicy: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.signed(1, answerWindowMilliseconds)
    writer.signed(2, minimumAgeBeforeWonMilliseconds)
    writer.unsigned(3, counterpartsMaximum)
    writer.signed(4, firstReminderMilliseconds)
    writer.signed(5, lastReminderMilliseconds)
    writer.signed(6, extensionMaximumMilliseconds)
    writer.word(10, duplicates)
    writer.signed(12, leadRetentionMilliseconds)
    writer.signed(13, contactWishMilliseconds)
    writer.unsigned(14, vendorRetries)
  }
}

/// What is said of a realm's policy; nil stays as it is, 0 and unspecified mean the default.
public struct RealmPolicyChange: Hashable, Sendable {
  /// How long an invitation waits for its answer.
  public var answerWindowMilliseconds: Int64?
  /// How old a deal must be to be won without a warning.
  public var minimumAgeBeforeWonMilliseconds: Int64?
  /// How many organisations may be invited to a deal.
  public var counterpartsMaximum: UInt32?
  /// How long before an answer is due its recipients are reminded for the first time.
  public var firstReminderMilliseconds: Int64?
  /// The same for the last time.
  public var lastReminderMilliseconds: Int64?
  /// How much later than at first an answer may be made due.
  public var extensionMaximumMilliseconds: Int64?
  /// What becomes of a deal that looks like an open one.
  public var duplicates: DuplicatePolicy?
  /// How long marketplace leads are kept.
  public var leadRetentionMilliseconds: Int64?
  /// How long a customer's wish to be contacted is strong.
  public var contactWishMilliseconds: Int64?
  /// How often the vendor may be asked again about a deal after its no: 0 or 1.
  public var vendorRetries: UInt32?

  /// Makes a change that says nothing.
  public init() {}
}

extension RealmPolicyChange: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    let spans: [(UInt32, Int64?)] = [
      (1, answerWindowMilliseconds), (2, minimumAgeBeforeWonMilliseconds),
      (4, firstReminderMilliseconds), (5, lastReminderMilliseconds),
      (6, extensionMaximumMilliseconds), (12, leadRetentionMilliseconds),
      (13, contactWishMilliseconds),
    ]
    for case (let field, let said?) in spans { writer.signedOrZero(field, said) }
    if let counterpartsMaximum { writer.unsignedOrZero(3, counterpartsMaximum) }
    if let duplicates { writer.unsignedOrZero(10, duplicates.number) }
    if let vendorRetries { writer.unsignedOrZero(14, vendorRetries) }
  }
}

/// A world with its own clock.
public struct Realm: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Its name.
  public var name: String = ""
  /// Its clock may be moved.
  public var isSandbox: Bool = false
  /// How far its clock runs ahead of the wall clock.
  public var clockOffsetMilliseconds: Int64 = 0
  /// Its windows and limits.
  public var policy: RealmPolicy = RealmPolicy()
  /// When it was made.
  public var createdAt: Moment?
  /// How often its policy was changed.
  public var policyVersion: UInt64 = 0

  /// Makes an empty value.
  public init() {}
}

extension Realm: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.realm)
    case 2: name = try reader.string()
    case 3: isSandbox = try reader.flag()
    case 4: clockOffsetMilliseconds = try reader.signed()
    case 5: policy = try reader.nested()
    case 6: createdAt = try reader.moment()
    case 7: policyVersion = try reader.unsigned()
    default: try reader.skip()
    }
  }
}

/// A realm with its time.
public struct RealmTime: Hashable, Sendable, Encodable {
  /// The realm.
  public var realm: Realm = Realm()
  /// Its time.
  public var now: Moment?

  /// Makes an empty value.
  public init() {}
}

extension RealmTime: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: realm = try reader.nested()
    case 2: now = try reader.moment()
    default: try reader.skip()
    }
  }
}

/// A new realm.
public struct CreatedRealm: Hashable, Sendable, Encodable {
  /// Its id.
  public var realm: ID?
  /// The organisation to register others with.
  public var directory: ID?
  /// The commit.
  public var commit: UInt64 = 0

  /// Makes an empty value.
  public init() {}
}

extension CreatedRealm: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: realm = try reader.id(.realm)
    case 2: directory = try reader.id(.organisation)
    case 3: commit = try reader.unsigned()
    default: try reader.skip()
    }
  }
}

/// What moving a clock did.
public struct ClockAdvance: Hashable, Sendable, Encodable {
  /// The realm's time now.
  public var now: Moment?
  /// The commit.
  public var commit: UInt64 = 0

  /// Makes an empty value.
  public init() {}
}

extension ClockAdvance: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: now = try reader.moment()
    case 2: commit = try reader.unsigned()
    default: try reader.skip()
    }
  }
}
