// SPDX-License-Identifier: Apache-2.0
// Leads as their partner sees them, and what their vendor hears of them.

import TandemWire

/// How much is known of the interest.
public enum LeadClass: String, WireWord {
  case unspecified, direct, marketingQualified, salesQualified
}

/// What of the partner's the customer looked at.
public enum LeadOrigin: String, WireWord {
  case unspecified, profile, offer
}

/// In which marketplace the offer stands.
public enum LeadSource: String, WireWord {
  case unspecified, businessStore, cloudMarketplace, cloudPortal
}

/// What the customer pressed.
public enum CallToAction: String, WireWord {
  case unspecified, contactMe, getItNow, freeTrial, testDrive, requestPrivateOffer
}

/// How good the vendor takes a lead for.
public enum LeadQuality: String, WireWord {
  case unspecified, high, medium, low, unknown
}

/// Whether an address or number reaches somebody.
public enum ContactValidity: String, WireWord {
  case unspecified, valid, invalid, spam, unknown
}

/// Where a lead stands.
public enum LeadStatus: String, WireWord {
  case unspecified, received, accepted, declined, expired, won, lost, archived
}

/// Which leads one looks at.
public enum LeadTab: String, WireWord {
  case unspecified, marketplace, qualified, favourites
}

/// What a partner said when it took a lead.
public struct LeadAcceptance: Hashable, Sendable, Encodable {
  /// Its name from then on.
  public var name = ""
  /// What it is worth.
  public var value: Money?
  /// When it is expected to close.
  public var closeDate: Moment?
  /// In words.
  public var notes = ""
  /// Who works on it.
  public var team: [TeamMember] = []

  /// Makes an empty value.
  public init() {}
}

extension LeadAcceptance: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: name = try reader.string()
    case 2: value = try reader.nested()
    case 3: closeDate = try reader.moment()
    case 4: notes = try reader.string()
    case 5: try reader.append(to: &team)
    default: try reader.skip()
    }
  }
}

/// Somebody who may buy, told to a partner by the vendor.
public struct Lead: Hashable, Sendable, Encodable {
  /// Its id.
  public var id: ID?
  /// The vendor's desk that sent it.
  public var sender = OrganisationReference()
  /// How much is known of the interest.
  public var leadClass = LeadClass.unspecified
  /// What of the partner's the customer looked at.
  public var origin = LeadOrigin.unspecified
  /// Where the offer stands.
  public var source = LeadSource.unspecified
  /// What the customer pressed.
  public var callToAction = CallToAction.unspecified
  /// How good the vendor takes it for.
  public var quality = LeadQuality.unspecified
  /// Whether the e-mail address reaches somebody.
  public var emailValidity = ContactValidity.unspecified
  /// Whether the telephone number does.
  public var phoneValidity = ContactValidity.unspecified
  /// Who may buy.
  public var customerName = ""
  /// Two letters of ISO 3166-1.
  public var country = ""
  /// Where in it.
  public var city = ""
  /// Whom to talk to; nobody once the lead was declined or has expired.
  public var contact = Person()
  /// The customer said "please contact me".
  public var wantsContact = false
  /// What of the partner's it is about.
  public var solution: ID?
  /// Its name when the lead was sent.
  public var solutionName = ""
  /// The campaign it came from.
  public var campaignID = ""
  /// The customer's own words.
  public var text = ""
  /// When the vendor sent it.
  public var sentAt: Moment?
  /// Counts the changes.
  public var version: UInt64 = 0
  /// Where it stands.
  public var status = LeadStatus.unspecified
  /// When it came.
  public var receivedAt: Moment?
  /// When it last changed.
  public var updatedAt: Moment?
  /// Until when it may be answered; nil when nothing is awaited.
  public var respondBy: Moment?
  /// When those who work on leads are reminded.
  public var remindAt: Moment?
  /// When it is deleted, whatever became of it.
  public var deleteAt: Moment?
  /// When it was accepted.
  public var acceptedAt: Moment?
  /// When it was declined, won or lost, or expired.
  public var endedAt: Moment?
  /// What was said when it was accepted.
  public var acceptance: LeadAcceptance?
  /// Why it was declined or lost.
  public var closure: Closure?
  /// What an archived one was before.
  public var outcome = LeadStatus.unspecified
  /// The deal that was made of it.
  public var deal: ID?
  /// An open lead of the same customer and contact when it came.
  public var possibleDuplicateOf: ID?

  /// Makes an empty value.
  public init() {}
}

extension Lead: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.lead)
    case 2: sender = try reader.nested()
    case 3: leadClass = try reader.word()
    case 4: origin = try reader.word()
    case 5: source = try reader.word()
    case 6: callToAction = try reader.word()
    case 7: quality = try reader.word()
    case 8: emailValidity = try reader.word()
    case 9: phoneValidity = try reader.word()
    case 10: customerName = try reader.string()
    case 11: country = try reader.string()
    case 12: city = try reader.string()
    case 13: contact = try reader.nested()
    case 14: wantsContact = try reader.flag()
    case 15: solution = try reader.id(.solution)
    case 16: solutionName = try reader.string()
    case 17: campaignID = try reader.string()
    case 18: text = try reader.string()
    case 19: sentAt = try reader.moment()
    case 20: version = try reader.unsigned()
    case 21: status = try reader.word()
    case 22: receivedAt = try reader.moment()
    case 23: updatedAt = try reader.moment()
    case 24: respondBy = try reader.moment()
    case 25: remindAt = try reader.moment()
    case 26: deleteAt = try reader.moment()
    case 27: acceptedAt = try reader.moment()
    case 28: endedAt = try reader.moment()
    case 29: acceptance = try reader.nested()
    case 30: closure = try reader.nested()
    case 31: outcome = try reader.word()
    case 32: deal = try reader.id(.deal)
    case 33: possibleDuplicateOf = try reader.id(.lead)
    default: try reader.skip()
    }
  }
}

/// A lead as the caller sees it.
public struct LeadView: Hashable, Sendable, Encodable {
  /// The lead.
  public var lead = Lead()
  /// The caller marked it.
  public var isFavourite = false
  /// The customer wants to be contacted and has not waited longer than 72 hours.
  public var wantsContactNow = false

  /// Makes an empty value.
  public init() {}
}

extension LeadView: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: lead = try reader.nested()
    case 2: isFavourite = try reader.flag()
    case 3: wantsContactNow = try reader.flag()
    default: try reader.skip()
    }
  }
}

/// How a partner answered or ended a lead, as the vendor hears it.
public struct LeadAnswer: Hashable, Sendable, Encodable {
  /// The lead.
  public var lead: ID?
  /// Who had it.
  public var partner = OrganisationReference()
  /// Accepted, declined, expired, won or lost.
  public var status = LeadStatus.unspecified
  /// When.
  public var at: Moment?
  /// Why; expired for reason 101: it could not be delivered.
  public var closure: Closure?

  /// Makes an empty value.
  public init() {}
}

extension LeadAnswer: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: lead = try reader.id(.lead)
    case 2: partner = try reader.nested()
    case 3: status = try reader.word()
    case 4: at = try reader.moment()
    case 5: closure = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// What happened to one lead in a commit.
public struct LeadEvent: Hashable, Sendable, Encodable {
  /// The lead.
  public var id: ID?
  /// Its version after the commit.
  public var version: UInt64 = 0
  /// Why.
  public var cause = ChangeCause.unspecified
  /// As it is after the commit; nil for one that was deleted.
  public var lead: Lead?

  /// Makes an empty value.
  public init() {}
}

extension LeadEvent: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.lead)
    case 2: version = try reader.unsigned()
    case 3: cause = try reader.word()
    case 4: lead = try reader.nested()
    default: try reader.skip()
    }
  }
}

/// What a change of a lead did.
public struct LeadChange: Hashable, Sendable, Encodable {
  /// The lead.
  public var id: ID?
  /// Its version afterwards.
  public var version: UInt64 = 0
  /// The commit; 0 when nothing changed.
  public var commit: UInt64 = 0
  /// The answer of an earlier attempt with the same key.
  public var isReplayed = false

  /// Makes an empty value.
  public init() {}
}

extension LeadChange: ReadMessage {
  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: id = try reader.id(.lead)
    case 2: version = try reader.unsigned()
    case 3: commit = try reader.unsigned()
    default: try reader.skip()
    }
  }
}

/// A page of a list of leads.
struct LeadPage: ReadMessage {
  var rows: [LeadView] = []
  var cursor: ID?

  mutating func read(_ reader: inout ProtoReader) throws(WireError) {
    switch reader.field {
    case 1: try reader.append(to: &rows)
    case 2: cursor = try reader.id(.lead)
    default: try reader.skip()
    }
  }
}
