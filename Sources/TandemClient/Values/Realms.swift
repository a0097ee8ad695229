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
