// SPDX-License-Identifier: Apache-2.0
// One organisation's copy of a deal: exactly what that organisation may see now, and nothing else.

package import TandemPrimitives

package struct Deal: Sendable {
  package var id: DealID
  package var engagement: EngagementID
  /// Counts the changes of this copy; 1 when created.
  package var version: UInt64
  package var direction: Direction
  package var status: DealStatus
  package var baseKind: BaseKind
  package var partnerToPartner: Bool
  package var stage: SalesStage
  /// The next unused line number of team, contacts and solutions.
  package var nextLine: UInt32
  package var location: LocationID
  package var createdBy: UserID
  package var closeDate: Timestamp
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
  package var acceptedAt: Timestamp?
  package var acknowledgedAt: Timestamp?
  package var closedAt: Timestamp?
  /// Set exactly while the copy is New.
  package var respondBy: Timestamp?
  /// While the copy is New: when those who may answer are reminded next.
  package var remindAt: Timestamp?
  @Rare package var closure: Closure?
  /// Inbound: what the inviter wrote.
  @Rare package var invitation: InvitationContent?
  /// What the other side shares now; dropped when the right ends.
  @Rare package var sharedView: SharedView?
  /// Outbound: the vendor's desk that reads along; nil once it was invited.
  @Rare package var shownTo: OrganisationReference?
  /// Line of the team member who is responsible; zero for nobody.
  package var owner: UInt32
  /// Nil when there are none.
  @Rare var tagList: [Text]?
  /// The lead that it was made of, by its id also when that is gone; zero for none.
  package var lead = LeadID.zero
  /// Exactly on assessments.
  @Rare package var assessment: Assessment?

  // Values of these are looked at in DealParts.swift.
  var stored: StoredBytes
  var nameText: LazyText
  var crmIDText: LazyText
  var campaignIDText: LazyText
  var notesText: LazyText
  package internal(set) var customerPart: Lazily<Customer>
  package internal(set) var valuePart: Lazily<Money>
  package internal(set) var teamPart: Lazily<[TeamMember]>
  package internal(set) var solutionsPart: Lazily<[SolutionLine]>
  package internal(set) var consentPart: Lazily<Consent>
  package internal(set) var initiatorPart: Lazily<OrganisationReference>
  package internal(set) var cardsPart: Lazily<[Card]>
  package internal(set) var fieldVersionsPart: Lazily<[FieldVersion]>

  package init(
    id: DealID, engagement: EngagementID, version: UInt64, direction: Direction, status: DealStatus,
    baseKind: BaseKind, partnerToPartner: Bool, name: Text, location: LocationID,
    customer: Lazily<Customer>, value: Lazily<Money>, closeDate: Timestamp, crmID: Text,
    campaignID: Text,
    notes: Text, team: Lazily<[TeamMember]>, solutions: Lazily<[SolutionLine]>,
    consent: Lazily<Consent>,
    stage: SalesStage, createdAt: Timestamp, updatedAt: Timestamp, acceptedAt: Timestamp?,
    acknowledgedAt: Timestamp?, closedAt: Timestamp?, respondBy: Timestamp?, closure: Rare<Closure>,
    initiator: Lazily<OrganisationReference>, invitation: Rare<InvitationContent>,
    cards: Lazily<[Card]>,
    sharedView: Rare<SharedView>, createdBy: UserID, nextLine: UInt32,
    fieldVersions: Lazily<[FieldVersion]>
  ) {
    self.id = id
    self.engagement = engagement
    self.version = version
    self.direction = direction
    self.status = status
    self.baseKind = baseKind
    self.partnerToPartner = partnerToPartner
    self.stage = stage
    self.nextLine = nextLine
    self.location = location
    self.createdBy = createdBy
    self.closeDate = closeDate
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.acceptedAt = acceptedAt
    self.acknowledgedAt = acknowledgedAt
    self.closedAt = closedAt
    self.respondBy = respondBy
    remindAt = nil
    _closure = closure
    _invitation = invitation
    _sharedView = sharedView
    _shownTo = .absent
    _assessment = .absent
    _tagList = .absent
    owner = 0
    stored = .none
    nameText = .value(name)
    crmIDText = .value(crmID)
    campaignIDText = .value(campaignID)
    notesText = .value(notes)
    customerPart = customer
    valuePart = value
    teamPart = team
    solutionsPart = solutions
    consentPart = consent
    initiatorPart = initiator
    cardsPart = cards
    fieldVersionsPart = fieldVersions
  }
}

extension Deal {
  /// A deal out of its bytes.
  package init(
    _ deal: StoredDeal, in bytes: [UInt8], by reader: any StoredPartReader.Type,
    closure: Rare<Closure>, invitation: Rare<InvitationContent>, sharedView: Rare<SharedView>,
    shownTo: Rare<OrganisationReference>, tags: Rare<[Text]>, assessment: Rare<Assessment>
  ) {
    id = deal.id
    engagement = deal.engagement
    version = deal.version
    direction = deal.direction
    status = deal.status
    baseKind = deal.baseKind
    partnerToPartner = deal.partnerToPartner
    stage = deal.stage
    nextLine = deal.nextLine
    location = deal.location
    createdBy = deal.createdBy
    lead = deal.lead
    closeDate = deal.closeDate
    createdAt = deal.createdAt
    updatedAt = deal.updatedAt
    acceptedAt = deal.acceptedAt
    acknowledgedAt = deal.acknowledgedAt
    closedAt = deal.closedAt
    respondBy = deal.respondBy
    remindAt = deal.remindAt
    _closure = closure
    _invitation = invitation
    _sharedView = sharedView
    _shownTo = shownTo
    _assessment = assessment
    _tagList = tags
    owner = deal.owner
    stored = StoredBytes(bytes: bytes, reader: reader)
    nameText = .stored(deal.name)
    crmIDText = .stored(deal.crmID)
    campaignIDText = .stored(deal.campaignID)
    notesText = .stored(deal.notes)
    customerPart = Lazily(at: deal.customer)
    valuePart = Lazily(at: deal.value)
    teamPart = Lazily(at: deal.team)
    solutionsPart = Lazily(at: deal.solutions)
    consentPart = Lazily(at: deal.consent)
    initiatorPart = Lazily(at: deal.initiator)
    cardsPart = Lazily(at: deal.cards)
    fieldVersionsPart = Lazily(at: deal.fieldVersions)
  }
}

extension Deal {
  /// The vendor's read-only copy of a deal that it was not invited to: there is no invitation.
  package var isShadow: Bool { direction == .inbound && invitation == nil }
}

/// When a field last changed.
package struct FieldVersion: Hashable, Sendable {
  package var field: DealField
  package var version: UInt64
  package init(field: DealField, version: UInt64) {
    self.field = field
    self.version = version
  }
}

package struct Consent: Hashable, Sendable {
  /// The customer agreed that its contact data is given to the vendor, who may contact it directly.
  package var customerContact: Bool
  /// The deal may be shown to other organisations that are invited.
  package var shareWithOthers: Bool
  package init(customerContact: Bool, shareWithOthers: Bool) {
    self.customerContact = customerContact
    self.shareWithOthers = shareWithOthers
  }
}

package struct Closure: Hashable, Sendable {
  package var reason: ReasonCode
  package var notes: Text
  package init(reason: ReasonCode, notes: Text) {
    self.reason = reason
    self.notes = notes
  }
}

package struct OrganisationReference: Hashable, Sendable {
  package var id: TenantID
  package var name: Text
  package init(id: TenantID, name: Text) {
    self.id = id
    self.name = name
  }
}
