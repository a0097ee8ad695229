// SPDX-License-Identifier: Apache-2.0
// Deals as replies hold them.

import TandemWire

/// One organisation's copy of a deal.
public struct Deal: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Ties the copies together.
  public var engagement: ID?
  /// Counts the changes of this copy.
  public var version: UInt64 = 0
  /// Who started it.
  public var direction: Direction = .unspecified
  /// Where it stands.
  public var status: DealStatus = .unspecified
  /// What sort of deal.
  public var baseKind: BaseKind = .unspecified
  /// Only partners take part.
  public var partnerToPartner: Bool = false
  /// Its name.
  public var name: String = ""
  /// The place it belongs to.
  public var location: ID?
  /// Who buys.
  public var customer: Customer = Customer()
  /// What it is worth.
  public var value: Money?
  /// When it is expected to close.
  public var closeDate: Moment?
  /// Its number in the organisation's own books.
  public var crmID: String = ""
  /// The campaign it came from.
  public var campaignID: String = ""
  /// In words.
  public var notes: String = ""
  /// Who works on it.
  public var team: [TeamMember] = []
  /// What is sold.
  public var solutions: [SolutionLine] = []
  /// What the customer allowed.
  public var consent: Consent = Consent()
  /// Percentage of the sales stage.
  public var stage: UInt32 = 0
  /// When it was created.
  public var createdAt: Moment?
  /// When it last changed.
  public var updatedAt: Moment?
  /// When it was accepted.
  public var acceptedAt: Moment?
  /// When it was acknowledged.
  public var acknowledgedAt: Moment?
  /// When it was closed.
  public var closedAt: Moment?
  /// When the answer is due; set while it is new.
  public var respondBy: Moment?
  /// The lead that it was made of, by its id also when that is gone.
  public var lead: ID?
  /// While it is new: when those who may answer are reminded next.
  public var remindAt: Moment?
  /// Why it ended.
  public var closure: Closure?
  /// Who started the engagement.
  public var initiator: OrganisationReference = OrganisationReference()
  /// What the inviter wrote.
  public var invitation: Invitation?
  /// One per invitee, oldest first.
  public var cards: [Card] = []
  /// What the other side shares.
  public var sharedView: SharedView?
  /// Who created it.
  public var createdBy: ID?
  /// The vendor's desk that may read this deal without having been invited.
  public var shownTo: OrganisationReference?
  /// The organisation's own words for it; no counterpart is told.
  public var tags: [String] = []
  /// Line of the team member who is responsible; 0 for nobody.
  public var ownerLine: UInt32 = 0
  /// Who is responsible.
  public var owner: TeamMember? { ownerLine == 0 ? nil : team.first { $0.line == ownerLine } }
  /// Set exactly on assessments.
  public var assessment: Assessment?
  /// The vendor's read-only copy of a deal that it was not invited to.
  public var isShadow: Bool { direction == .inbound && invitation == nil }

  /// Makes an empty value.
  public init() {}
}

extension Deal: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.deal)
    case 2: engagement = try reader.id(.engagement)
    case 3: version = try reader.unsigned()
    case 4: direction = try reader.word()
    case 5: status = try reader.word()
    case 6: baseKind = try reader.word()
    case 7: partnerToPartner = try reader.flag()
    case 8: name = try reader.string()
    case 9: location = try reader.id(.location)
    case 10: customer = try reader.nested()
    case 11: value = try reader.nested()
    case 12: closeDate = try reader.moment()
    case 13: crmID = try reader.string()
    case 14: campaignID = try reader.string()
    case 15: notes = try reader.string()
    case 16: try reader.append(to: &team)
    case 17: try reader.append(to: &solutions)
    case 18: consent = try reader.nested()
    case 19: stage = try reader.unsigned32()
    case 20: createdAt = try reader.moment()
    case 21: updatedAt = try reader.moment()
    case 22: acceptedAt = try reader.moment()
    case 23: acknowledgedAt = try reader.moment()
    case 24: closedAt = try reader.moment()
    case 25: respondBy = try reader.moment()
    case 26: closure = try reader.nested()
    case 27: initiator = try reader.nested()
    case 28: invitation = try reader.nested()
    case 29: try reader.append(to: &cards)
    case 30: sharedView = try reader.nested()
    case 31: createdBy = try reader.id(.user)
    case 34: shownTo = try reader.nested()
    case 35: tags.append(try reader.string())
    case 36: ownerLine = try reader.unsigned32()
    case 37: lead = try reader.id(.lead)
    case 38: remindAt = try reader.moment()
    case 39: assessment = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// What only assessments have.
public struct Assessment: Hashable, Sendable, Encodable {
  /// Stages that are done, in their order; all four before it is won.
  public var completed: [CompletedStage] = []

  /// Makes an empty value.
  public init() {}
}

extension Assessment: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &completed)
    default: try reader.skip()
    }
  }
}

/// A stage of an assessment that is done.
public struct CompletedStage: Hashable, Sendable, Encodable {
  /// Its percentage.
  public var stage: UInt32 = 0
  /// Since when.
  public var at: Moment?

  /// Makes an empty value.
  public init() {}
}

extension CompletedStage: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: stage = try reader.unsigned32()
    case 2: at = try reader.moment()
    default: try reader.skip()
    }
  }
}

/// Why a copy ended.
public struct Closure: Hashable, Sendable, Encodable {
  /// Code of the reference data; 0 when none was needed.
  public var reason: UInt32 = 0
  /// In words.
  public var notes: String = ""

  /// Makes an empty value.
  public init() {}
}

extension Closure: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: reason = try reader.unsigned32()
    case 2: notes = try reader.string()
    default: try reader.skip()
    }
  }
}

/// An organisation by id and name.
public struct OrganisationReference: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// Its name.
  public var name: String = ""

  /// Makes an empty value.
  public init() {}
}

extension OrganisationReference: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.organisation)
    case 2: name = try reader.string()
    default: try reader.skip()
    }
  }
}

/// What an inviter wrote for one invitee.
public struct Invitation: Hashable, Sendable, Encodable {
  /// When the deal is expected to close.
  public var closeDate: Moment?
  /// What it is worth.
  public var value: Money?
  /// In words.
  public var notes: String = ""
  /// The help asked for.
  public var help: HelpCode = .unspecified
  /// The people shared.
  public var team: [TeamMember] = []
  /// The solutions shared.
  public var solutions: [SolutionLine] = []
  /// When it was sent.
  public var sentAt: Moment?
  /// When the answer is due.
  public var respondBy: Moment?

  /// Makes an empty value.
  public init() {}
}

extension Invitation: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: closeDate = try reader.moment()
    case 2: value = try reader.nested()
    case 3: notes = try reader.string()
    case 4: help = try reader.word()
    case 5: try reader.append(to: &team)
    case 6: try reader.append(to: &solutions)
    case 7: sentAt = try reader.moment()
    case 8: respondBy = try reader.moment()
    default: try reader.skip()
    }
  }
}

/// A counterpart as the inviter sees it on its own deal.
public struct Card: Hashable, Sendable, Encodable {
  /// Who was invited.
  public var organisation: OrganisationReference = OrganisationReference()
  /// What sort of organisation.
  public var kind: OrganisationKind = .unspecified
  /// What became of the invitation.
  public var status: DealStatus = .unspecified
  /// What was written.
  public var content: Invitation?
  /// When the answer came.
  public var respondedAt: Moment?
  /// Why it ended.
  public var closure: Closure?
  /// The counterpart's people once it accepted.
  public var team: [TeamMember] = []
  /// After an extension: when the answer is due, in place of what was written.
  public var respondBy: Moment?
  /// An extension that the counterpart has not confirmed yet.
  public var askedRespondBy: Moment?
  /// How often more time was given.
  public var extensions: UInt32 = 0
  /// What an invited partner's copy ended with; nil until it ends, and of the vendor.
  public var report: ClosingReport?

  /// Makes an empty value.
  public init() {}
}

extension Card: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: organisation = try reader.nested()
    case 2: kind = try reader.word()
    case 3: status = try reader.word()
    case 4: content = try reader.nested()
    case 5: respondedAt = try reader.moment()
    case 6: closure = try reader.nested()
    case 7: try reader.append(to: &team)
    case 8: respondBy = try reader.moment()
    case 9: askedRespondBy = try reader.moment()
    case 10: extensions = try reader.unsigned32()
    case 11: report = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// What the copy of an invited partner ended with.
public struct ClosingReport: Hashable, Sendable, Encodable {
  /// What it was worth in the end.
  public var value: Money?
  /// The close date that it had.
  public var closeDate: Moment?
  /// When it was won, lost or closed as an error.
  public var closedAt: Moment?
  /// Why it was lost or an error, as a code of the reference data; 0 when it was won.
  public var reason: UInt32 = 0

  /// Makes an empty value.
  public init() {}
}

extension ClosingReport: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: value = try reader.nested()
    case 2: closeDate = try reader.moment()
    case 3: closedAt = try reader.moment()
    case 4: reason = try reader.unsigned32()
    default: try reader.skip()
    }
  }
}

/// What an invitee sees of the inviter's deal.
public struct SharedView: Hashable, Sendable, Encodable {
  /// People.
  public var team: [TeamMember] = []
  /// People of the customer.
  public var customerContacts: [TeamMember] = []
  /// Who accepted, in the order of their invitations.
  public var participants: [OrganisationReference] = []
  /// Where the inviter's deal stands.
  public var initiatorStatus: DealStatus = .unspecified
  /// The inviter's notes; only the vendor that was asked for help has them.
  public var notes: String = ""
  /// The inviter's own deal as it is now; only the vendor that was asked for help has it.
  public var details: DealDetails?
  /// The kind of the inviter's deal, which the copy takes over.
  public var baseKind: BaseKind = .unspecified
  /// Whether partners sell together on the inviter's deal, which the copy takes over.
  public var partnerToPartner: Bool = false

  /// Makes an empty value.
  public init() {}
}

extension SharedView: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &team)
    case 2: try reader.append(to: &customerContacts)
    case 3: try reader.append(to: &participants)
    case 4: initiatorStatus = try reader.word()
    case 5: notes = try reader.string()
    case 6: details = try reader.nested()
    case 7: baseKind = try reader.word()
    case 8: partnerToPartner = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// What the vendor that was asked for help reads of the inviter's own deal.
public struct DealDetails: Hashable, Sendable, Encodable {
  /// The name that the inviter gave it.
  public var name: String = ""
  /// Its value.
  public var value: Money?
  /// When it is expected to close.
  public var closeDate: Moment?
  /// How far it is, as a percentage.
  public var stage: UInt32 = 0
  /// What it sells, with groups as the reader sees them.
  public var solutions: [SolutionLine] = []

  /// Makes an empty value.
  public init() {}
}

extension DealDetails: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: value = try reader.nested()
    case 3: closeDate = try reader.moment()
    case 4: stage = try reader.unsigned32()
    case 5: try reader.append(to: &solutions)
    default: try reader.skip()
    }
  }
}
