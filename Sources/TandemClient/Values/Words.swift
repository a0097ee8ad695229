// SPDX-License-Identifier: Apache-2.0
// The closed lists of the protocol as words. The place of a case is its number on the wire, but for gaps.

/// A word with a number on the wire; numbers that a newer server sends become `unspecified`.
public protocol WireWord: RawRepresentable<String>, CaseIterable, Hashable, Sendable, Encodable {
  /// Not given, or not known to this library.
  static var unspecified: Self { get }
  /// Cases before which numbers are left out, with the number that they have; ascending.
  static var leaps: [(case: Self, number: UInt32)] { get }
}

extension WireWord {
  /// No numbers are left out.
  public static var leaps: [(case: Self, number: UInt32)] { [] }

  init(number: UInt64) {
    let all = Array(Self.allCases)
    var place = number
    var end = all.count
    for leap in Self.leaps {
      let first = all.firstIndex(of: leap.case) ?? all.count
      if number < leap.number {
        end = min(end, first)
      } else {
        place = UInt64(first) + number - UInt64(leap.number)
      }
    }
    self = place < UInt64(end) ? all[Int(place)] : .unspecified
  }

  var number: UInt32 {
    let all = Array(Self.allCases)
    let place = all.firstIndex(of: self) ?? 0
    var number = place
    for leap in Self.leaps {
      if let first = all.firstIndex(of: leap.case), first <= place {
        number = Int(leap.number) + place - first
      }
    }
    return UInt32(number)
  }
}

/// Where a copy of a deal stands.
public enum DealStatus: String, WireWord {
  case unspecified, pending, received, accepted, won, lost, declined, expired, error
}

/// Who started the engagement.
public enum Direction: String, WireWord {
  case unspecified, inbound, outbound
}

/// What sort of deal the server takes it for.
public enum BaseKind: String, WireWord {
  case unspecified, privateDeal, partnerLed, coSell, solutionAssessment
}

/// The help asked from an invited organisation.
public enum HelpCode: String, WireWord {
  case unspecified, workloadValueProposition, technicalArchitecture, proofOfConcept
  case quotesOrLicensing, postSalesSuccess, generalOrOther
}

/// What sort of organisation it is.
public enum OrganisationKind: String, WireWord {
  case unspecified, partner, vendor, directory
}

/// How quickly an organisation answers invitations; unspecified when too little is known.
public enum Responsiveness: String, WireWord {
  case unspecified, steady, prompt, swift
}

/// What the vendor knows of a customer.
public enum MatchCategory: String, WireWord {
  case unspecified, managed, unmanaged, other
}

/// Where on a deal somebody stands.
public enum ContactKind: String, WireWord {
  case unspecified, teamMember, customerContact
}

/// Whose number of a customer it is.
public enum CustomerIdentifierScheme: String, WireWord {
  case unspecified, duns, external
}

/// Whose solution a line sells.
public enum SolutionGroup: String, WireWord {
  case unspecified, ownCompany, vendor, otherThirdParty, assessment
}

/// What sort of thing a solution is.
public enum SolutionType: String, WireWord {
  case unspecified, device, intellectualProperty, managedService, service, assessment
}

/// For what a won deal with a solution can be registered.
public enum Incentive: String, WireWord {
  case unspecified, intellectualProperty, businessAppsStandard, businessAppsPremium
}

/// Why a deal changed.
public enum ChangeCause: String, WireWord {
  case unspecified, created, patched, won, lost, invitationSent, invitationReceived, acknowledged
  case accepted, declined, expired, counterpartAnswered, counterpartMoved, sharedViewChanged
  case engagementClosed, closedAsError, shown, shadowFollowed, reminded
  case extensionAsked, deadlineExtended
  case leadReceived, leadArchived, leadConverted, leadDeleted

  /// Those of leads stand apart.
  public static var leaps: [(case: Self, number: UInt32)] { [(.leadReceived, 24)] }
}

/// What can be done with a deal.
public enum DealAction: String, WireWord {
  case unspecified, patch, win, lose, closeAsError, invite, acknowledge, accept, decline
  case setFavourite, inviteVendor, extendInvitation
}

/// What happens to a deal in its life, as far as something is possible only until then.
public enum DealMilestone: String, WireWord {
  case unspecified, created, shared, invited, answered, due, completed, closed
}

/// What a user may do.
public enum Role: String, WireWord {
  case unspecified, partnerAdmin, referralsAdmin, referralsUser, viewer, seller, accountAdmin
  case `operator`
}

/// The order of a list of deals.
public enum DealSort: String, WireWord {
  case unspecified, updated, created, closeDate, value, name, customerName, status, stage
}

/// What a term of a filter is about.
public enum FilterField: String, WireWord {
  case unspecified, status, kind, partnerToPartner, direction, stage, value, currency, created
  case updated, closeDate, respondBy, country, customerName, name, solution, teamEmail, mine
  case location, crmID, campaignID, counterpart, counterpartStatus, favourite, text, engagement
  case tag, ownerEmail, solutionName
}

/// How a term of a filter compares.
public enum FilterTest: String, WireWord {
  case unspecified, equal, below, atMost, above, atLeast, begins, contains, withinNext, withinLast
  case present
}

/// Which part of a snapshot an item of a watch is.
///
/// `begins` comes first and holds no deal: whatever was told of a snapshot before counts no more.
/// Items follow that go on with it; `ends` is the last one.
public enum SnapshotPart: String, WireWord {
  case unspecified, begins, goesOn, ends
}

/// What the deals of one group have in common.
public enum GroupField: String, WireWord {
  case unspecified, status, stage, kind, direction, country, closeMonth, campaign
}

/// How a deal stands to the watcher's view.
public enum Presence: String, WireWord {
  case unspecified, changed, entered, left
}

/// What a notification is about.
public enum NotificationTopic: String, WireWord {
  case unspecified, dealReceived, invitationAccepted, invitationDeclined, invitationExpired
  case invitationUndeliverable, answerDueSoon, deadlineExtended, invitationSent
  case leadReceived, leadDueSoon, leadDigest

  /// Those of leads stand apart.
  public static var leaps: [(case: Self, number: UInt32)] { [(.leadReceived, 20)] }
}

/// How a method may be repeated.
public enum MethodKind: String, WireWord {
  case unspecified, noSideEffects, idempotent, keyRequiredToRetry
}

/// What becomes of a deal that looks like an open one of its organisation.
public enum DuplicatePolicy: String, WireWord {
  case unspecified, warn, refuse
}

/// Whether a server serves calls.
public enum Health: String, WireWord {
  case unspecified, serving, starting, draining
}
