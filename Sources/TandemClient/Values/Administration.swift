// SPDX-License-Identifier: Apache-2.0
// Organisations, users, keys and realms.

import TandemWire

/// A company's own name of a sales stage.
public struct StageName: Hashable, Sendable, Encodable {
  /// The name.
  public var name = ""
  /// The percentage of the standard stage that it stands for.
  public var stage: UInt32 = 0

  /// Makes an empty value.
  public init() {}

  /// Names a stage.
  public init(_ name: String, stage: UInt32) {
    self.name = name
    self.stage = stage
  }
}

extension StageName: ReadMessage, WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.string(1, name)
    writer.unsigned(2, stage)
  }

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: stage = try reader.unsigned32()
    default: try reader.skip()
    }
  }
}

/// An organisation as its own users see it.
public struct Organisation: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Its world.
  public var realm: ID?
  /// What sort.
  public var kind: OrganisationKind = .unspecified
  /// Its name.
  public var name: String = ""
  /// Two letters of ISO 3166-1.
  public var country: String = ""
  /// May be invited, together with `transacts`.
  public var inEcosystem: Bool = false
  /// Takes part in sales.
  public var transacts: Bool = false
  /// When it was registered.
  public var createdAt: Moment?
  /// Its own names of sales stages.
  public var stageNames: [StageName] = []
  /// May create assessments.
  public var isAssessmentVetted: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension Organisation: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.organisation)
    case 2: realm = try reader.id(.realm)
    case 3: kind = try reader.word()
    case 4: name = try reader.string()
    case 5: country = try reader.string()
    case 6: inEcosystem = try reader.flag()
    case 7: transacts = try reader.flag()
    case 8: createdAt = try reader.moment()
    case 9: stageNames.append(try reader.nested())
    case 10: isAssessmentVetted = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// What everybody in a realm may know of an organisation.
public struct OrganisationEntry: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// What sort.
  public var kind: OrganisationKind = .unspecified
  /// Its name.
  public var name: String = ""
  /// Two letters of ISO 3166-1.
  public var country: String = ""
  /// May be invited, together with `transacts`.
  public var inEcosystem: Bool = false
  /// Takes part in sales.
  public var transacts: Bool = false
  /// A desk of the vendor: the countries of its customers; none makes it the default desk.
  public var covers: [String] = []
  /// How quickly it answers invitations.
  public var responsiveness: Responsiveness = .unspecified
  /// May create assessments; nil when that is not known.
  public var isAssessmentVetted: Bool?

  /// Makes an empty value.
  public init() {}
}

extension OrganisationEntry: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.organisation)
    case 2: kind = try reader.word()
    case 3: name = try reader.string()
    case 4: country = try reader.string()
    case 5: inEcosystem = try reader.flag()
    case 6: transacts = try reader.flag()
    case 7: covers.append(try reader.string())
    case 8: responsiveness = try reader.word()
    case 9: isAssessmentVetted = try reader.toggle()
    default: try reader.skip()
    }
  }
}

/// A role and where it holds; no locations means everywhere.
public struct RoleGrant: Hashable, Sendable, Encodable {
  /// The role.
  public var role: Role = .unspecified
  /// Where.
  public var locations: [ID] = []

  /// Makes an empty value.
  public init() {}

  /// Makes a grant.
  public init(_ role: Role, at locations: [ID] = []) {
    self.role = role
    self.locations = locations
  }
}

extension RoleGrant: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: role = try reader.word()
    case 2: if let id = try reader.id(.location) { locations.append(id) }
    default: try reader.skip()
    }
  }
}

extension RoleGrant: WrittenMessage {
  func write(to writer: inout ProtoWriter) {
    writer.word(1, role)
    for id in locations { writer.element(2, id.bytes[...]) }
  }
}

/// A place of an organisation.
public struct Location: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Its name.
  public var name: String = ""
  /// Two letters of ISO 3166-1.
  public var country: String = ""
  /// Stands for the entire organisation.
  public var isGlobal: Bool = false
  /// Its number in the vendor's partner programme; empty: none is known.
  public var partnerID: String = ""
  /// Where it is, when that was told.
  public var address: Address?

  /// Makes an empty value.
  public init() {}
}

extension Location: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.location)
    case 2: name = try reader.string()
    case 3: country = try reader.string()
    case 4: isGlobal = try reader.flag()
    case 5: partnerID = try reader.string()
    case 6: address = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// A person or program that acts for an organisation.
public struct User: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// A program.
  public var isService: Bool = false
  /// Who it is.
  public var person: Person = Person()
  /// What it may do.
  public var grants: [RoleGrant] = []
  /// May act in another user's name.
  public var mayActAsUser: Bool = false
  /// May act at all.
  public var isActive: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension User: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.user)
    case 2: isService = try reader.flag()
    case 3: person = try reader.nested()
    case 4: try reader.append(to: &grants)
    case 5: mayActAsUser = try reader.flag()
    case 6: isActive = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// A key without its secret.
public struct AccessKey: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Whose it is.
  public var user: ID?
  /// What it is for.
  public var label: String = ""
  /// May only read.
  public var isReadOnly: Bool = false
  /// When it was made.
  public var createdAt: Moment?
  /// When it was ended.
  public var revokedAt: Moment?

  /// Makes an empty value.
  public init() {}
}

extension AccessKey: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.key)
    case 2: user = try reader.id(.user)
    case 3: label = try reader.string()
    case 4: isReadOnly = try reader.flag()
    case 5: createdAt = try reader.moment()
    case 6: revokedAt = try reader.moment()
    default: try reader.skip()
    }
  }
}

/// A new organisation with its first administrator.
public struct RegisteredOrganisation: Hashable, Sendable, Encodable {
  /// The organisation.
  public var organisation: ID?
  /// Its administrator.
  public var administrator: ID?
  /// The administrator's key.
  public var keyID: ID?
  /// The location that stands for the entire organisation.
  public var globalLocation: ID?
  /// The commit.
  public var commit: UInt64 = 0
  /// The secret, told once; empty in a replayed answer.
  public var key: String = ""

  /// Makes an empty value.
  public init() {}
}

extension RegisteredOrganisation: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: organisation = try reader.id(.organisation)
    case 2: administrator = try reader.id(.user)
    case 3: keyID = try reader.id(.key)
    case 4: globalLocation = try reader.id(.location)
    case 5: commit = try reader.unsigned()
    case 6: key = try reader.string()
    default: try reader.skip()
    }
  }
}

/// A new key.
public struct IssuedKey: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// The commit.
  public var commit: UInt64 = 0
  /// The secret, told once; empty in a replayed answer.
  public var key: String = ""

  /// Makes an empty value.
  public init() {}
}

extension IssuedKey: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.key)
    case 2: commit = try reader.unsigned()
    case 3: key = try reader.string()
    default: try reader.skip()
    }
  }
}
