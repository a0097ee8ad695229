// SPDX-License-Identifier: Apache-2.0
// The closed list of facts. Numbers (in the record codec) are for ever; `evolve` never fails on them.

package import TandemPrimitives

/// Something that happened to a tenant; past tense, never refused.
package enum Event: Sendable, Equatable {
  // Organisation
  indirect case organisationEstablished(Organisation, Realm)
  indirect case userAdded(User)
  indirect case userGrantsSet(user: UserID, grants: [RoleGrant], isActive: Bool)
  indirect case locationAdded(Location)
  indirect case keyIssued(AccessKey)
  indirect case keyRevoked(KeyID, at: Timestamp)
  case clockAdvanced(offset: Timestamp.Span)
  indirect case stageNamesSet([StageName])
  /// By the operator of its realm.
  case organisationUpdated(OrganisationUpdate)
  /// At the directories, and at each organisation when it first hears of it.
  indirect case policyChanged(PolicyChange)
  indirect case routingSet(Routing)
  indirect case solutionPublished(Solution)
  // Directory
  indirect case organisationListed(OrganisationEntry)
  indirect case solutionListed(Solution)
  indirect case realmCreated(Realm)
  indirect case customersListed([CatalogueCustomer])
  // Deals of this organisation
  indirect case dealCreated(Deal)
  case dealChanged(DealChanged)
  indirect case favouriteSet(user: UserID, deal: DealID, isFavourite: Bool)
  // Engagements: a copy appears; everything later is `dealChanged` with its cause
  indirect case invitationReceived(Deal, inviterKind: OrganisationKind)
  /// The vendor may read a deal from now on: its shadow copy appears.
  indirect case dealShown(Deal)
  /// How quickly this organisation answered.
  indirect case answerRecorded(AnswerTime)
  // Leads of this organisation, and at the vendor what became of those that it sent
  indirect case leadReceived(Lead)
  /// The lead as it is from now on.
  indirect case leadChanged(Lead, ChangeCause)
  indirect case leadFavouriteSet(user: UserID, lead: LeadID, isFavourite: Bool)
  indirect case leadsDeleted([LeadID])
  indirect case leadAnswered(LeadAnswer)
  // Messages
  indirect case messageSent(OutboxEntry)
  indirect case outboxMarked(receiver: TenantID, through: UInt64)
  indirect case inboxAdvanced(sender: TenantID, through: UInt64)
  // People
  indirect case notificationAdded(Notification, recipients: [UserID])
  indirect case notificationsRead(user: UserID, [NotificationID])
  /// Ascending; replaces what the user muted before.
  indirect case topicsMuted(user: UserID, [NotificationTopic])
  case notificationSettingsSet(NotificationSettings)
}

extension Event {
  /// The deal whose copy begins with this event.
  package var begunDeal: Deal? {
    if case .dealCreated(let deal) = self { return deal }
    if case .invitationReceived(let deal, _) = self { return deal }
    if case .dealShown(let deal) = self { return deal }
    return nil
  }
}

/// A deal's fields took new values.
package struct DealChanged: Sendable, Equatable {
  package var deal: DealID
  /// The copy's version after the change.
  package var version: UInt64
  package var at: Timestamp
  package var cause: ChangeCause
  /// Ascending by field; a field appears once.
  package var changes: [FieldChange]
  /// The next unused line number afterwards.
  package var nextLine: UInt32
  package init(
    deal: DealID, version: UInt64, at: Timestamp, cause: ChangeCause, changes: [FieldChange],
    nextLine: UInt32
  ) {
    self.deal = deal
    self.version = version
    self.at = at
    self.cause = cause
    self.changes = changes
    self.nextLine = nextLine
  }
}

/// A field before and after.
package struct FieldChange: Sendable, Equatable {
  package var before: FieldValue
  package var after: FieldValue
  package let field: DealField
  /// Two values of one field.
  package init(before: FieldValue, after: FieldValue) {
    field = after.field
    self.before = before
    self.after = after
  }
}

/// One field of a deal with its value; nil where a deal has none.
package enum FieldValue: Sendable, Equatable {
  case status(DealStatus)
  case baseKind(BaseKind)
  case partnerToPartner(Bool)
  case name(Text)
  indirect case customer(Customer)
  case value(Money)
  case closeDate(Timestamp)
  case crmID(Text)
  case campaignID(Text)
  case notes(Text)
  case team([TeamMember])
  case solutions([SolutionLine])
  case consent(Consent)
  case stage(SalesStage)
  case acceptedAt(Timestamp?)
  case acknowledgedAt(Timestamp?)
  case closedAt(Timestamp?)
  case respondBy(Timestamp?)
  indirect case closure(Closure?)
  case cards([Card])
  indirect case sharedView(SharedView?)
  indirect case invitation(InvitationContent?)
  indirect case shownTo(OrganisationReference?)
  case tags([Text])
  /// A line of the team.
  case owner(UInt32)
  case remindAt(Timestamp?)
  indirect case assessment(Assessment?)

  package var field: DealField {
    switch self {
    case .status: .status
    case .baseKind: .baseKind
    case .partnerToPartner: .partnerToPartner
    case .name: .name
    case .customer: .customer
    case .value: .value
    case .closeDate: .closeDate
    case .crmID: .crmID
    case .campaignID: .campaignID
    case .notes: .notes
    case .team: .team
    case .solutions: .solutions
    case .consent: .consent
    case .stage: .stage
    case .acceptedAt: .acceptedAt
    case .acknowledgedAt: .acknowledgedAt
    case .closedAt: .closedAt
    case .respondBy: .respondBy
    case .closure: .closure
    case .cards: .cards
    case .sharedView: .sharedView
    case .invitation: .invitation
    case .shownTo: .shownTo
    case .tags: .tags
    case .owner: .owner
    case .remindAt: .remindAt
    case .assessment: .assessment
    }
  }
}

/// Why a deal changed, as history and feeds tell it.
///
/// Numbers are for ever.
package enum ChangeCause: UInt8, Sendable, CaseIterable {
  case created = 1
  case patched = 2
  case won = 3
  case lost = 4
  case invitationSent = 5
  case invitationReceived = 6
  case acknowledged = 7
  case accepted = 8
  case declined = 9
  case expired = 10
  /// The counterpart answered or moved; its card changed.
  case counterpartAnswered = 11
  case counterpartMoved = 12
  case sharedViewChanged = 13
  case engagementClosed = 14
  case closedAsError = 15
  /// The vendor's shadow copy appeared.
  case shown = 16
  /// A shadow copy followed the deal that it shows.
  case shadowFollowed = 17
  /// An answer is due soon; those who may give it were told.
  case reminded = 18
  /// An invitee shall have more time; its copy decides.
  case extensionAsked = 19
  case deadlineExtended = 20
  // Of leads
  case leadReceived = 24
  case leadArchived = 25
  /// A deal was made of it.
  case leadConverted = 26
  /// Its time to be kept is over, or a new one needed its room.
  case leadDeleted = 27
}

package struct AnswerTime: Sendable, Equatable {
  package var deal: DealID
  package var outcome: DealStatus
  package var took: Timestamp.Span
  package init(deal: DealID, outcome: DealStatus, took: Timestamp.Span) {
    self.deal = deal
    self.outcome = outcome
    self.took = took
  }
}

/// What everybody in a realm may know of an organisation.
package struct OrganisationEntry: Sendable, Equatable, Hashable {
  package var id: TenantID
  package var kind: OrganisationKind
  package var name: Text
  package var country: CountryCode
  package var inEcosystem: Bool
  package var transacts: Bool
  /// A vendor's desk: the countries of the customers that it is for; none makes it the default desk.
  package var covers: [CountryCode] = []
  package var responsiveness = Responsiveness.unproven
  /// Nil for one that was registered before this was listed.
  package var isAssessmentVetted: Bool?
  package init(
    id: TenantID, kind: OrganisationKind, name: Text, country: CountryCode, inEcosystem: Bool,
    transacts: Bool
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.country = country
    self.inEcosystem = inEcosystem
    self.transacts = transacts
  }
}

/// A message that waits for its receiver's mark; sequences count per sender and receiver from 1.
package struct OutboxEntry: Sendable, Equatable {
  package var receiver: TenantID
  package var sequence: UInt64
  package var message: Message
  package init(receiver: TenantID, sequence: UInt64, message: Message) {
    self.receiver = receiver
    self.sequence = sequence
    self.message = message
  }
}
