// SPDX-License-Identifier: Apache-2.0
// One organisation's copy of a deal: exactly what that organisation may see now, and nothing else.

package import TandemPrimitives

package struct Deal: Hashable, Sendable {
  package var id: DealID
  package var engagement: EngagementID
  /// Counts the changes of this copy; 1 when created.
  package var version: UInt64
  package var direction: Direction
  package var status: DealStatus
  package var baseKind: BaseKind
  package var partnerToPartner: Bool
  package var name: Text
  package var location: LocationID
  @Lazily package var customer: Customer
  @Lazily package var value: Money
  package var closeDate: Timestamp
  package var crmID: Text
  package var campaignID: Text
  package var notes: Text
  @Lazily package var team: [TeamMember]
  @Lazily package var solutions: [SolutionLine]
  @Lazily package var consent: Consent
  package var stage: SalesStage
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
  package var acceptedAt: Timestamp?
  package var acknowledgedAt: Timestamp?
  package var closedAt: Timestamp?
  /// Set exactly while the copy is New.
  package var respondBy: Timestamp?
  @Rare package var closure: Closure?
  /// Who started the engagement.
  @Lazily package var initiator: OrganisationReference
  /// Inbound: what the inviter wrote.
  @Rare package var invitation: InvitationContent?
  /// Outbound: one per invited organisation, oldest first.
  @Lazily package var cards: [Card]
  /// What the other side shares now; dropped when the right ends.
  @Rare package var sharedView: SharedView?
  package var createdBy: UserID
  /// The next unused line number of team, contacts and solutions.
  package var nextLine: UInt32
  /// The version in which each field last changed after creation, by field number.
  @Lazily package var fieldVersions: [FieldVersion]

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
    self.name = name
    self.location = location
    _customer = customer
    _value = value
    self.closeDate = closeDate
    self.crmID = crmID
    self.campaignID = campaignID
    self.notes = notes
    _team = team
    _solutions = solutions
    _consent = consent
    self.stage = stage
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.acceptedAt = acceptedAt
    self.acknowledgedAt = acknowledgedAt
    self.closedAt = closedAt
    self.respondBy = respondBy
    _closure = closure
    _initiator = initiator
    _invitation = invitation
    _cards = cards
    _sharedView = sharedView
    self.createdBy = createdBy
    self.nextLine = nextLine
    _fieldVersions = fieldVersions
  }
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
