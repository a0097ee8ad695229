// SPDX-License-Identifier: Apache-2.0
// The parts of a deal that are read when somebody looks at them, and how deals with such parts compare.

package import TandemPrimitives

extension Deal {
  package var name: Text {
    get { text(nameText) }
    set { nameText = .value(newValue) }
  }

  package var crmID: Text {
    get { text(crmIDText) }
    set { crmIDText = .value(newValue) }
  }

  package var campaignID: Text {
    get { text(campaignIDText) }
    set { campaignIDText = .value(newValue) }
  }

  package var notes: Text {
    get { text(notesText) }
    set { notesText = .value(newValue) }
  }

  package var customer: Customer {
    get { customerPart.value { stored.read($0) { $0.customer($1) } } }
    set { customerPart = Lazily(newValue) }
  }

  package var value: Money {
    get { valuePart.value { stored.read($0) { $0.value($1) } } }
    set { valuePart = Lazily(newValue) }
  }

  package var team: [TeamMember] {
    get { teamPart.value { stored.read($0) { $0.team($1) } } }
    set { teamPart = Lazily(newValue) }
  }

  package var solutions: [SolutionLine] {
    get { solutionsPart.value { stored.read($0) { $0.solutions($1) } } }
    set { solutionsPart = Lazily(newValue) }
  }

  package var consent: Consent {
    get { consentPart.value { stored.read($0) { $0.consent($1) } } }
    set { consentPart = Lazily(newValue) }
  }

  /// Who started the engagement.
  package var initiator: OrganisationReference {
    get { initiatorPart.value { stored.read($0) { $0.initiator($1) } } }
    set { initiatorPart = Lazily(newValue) }
  }

  /// Outbound: one per invited organisation, oldest first.
  package var cards: [Card] {
    get { cardsPart.value { stored.read($0) { $0.cards($1) } } }
    set { cardsPart = Lazily(newValue) }
  }

  /// The version in which each field last changed after creation, by field number.
  package var fieldVersions: [FieldVersion] {
    get { fieldVersionsPart.value { stored.read($0) { $0.fieldVersions($1) } } }
    set { fieldVersionsPart = Lazily(newValue) }
  }

  /// The organisation's own words for the deal.
  package var tags: [Text] {
    get { tagList ?? [] }
    set { tagList = newValue.isEmpty ? nil : newValue }
  }

  private func text(_ text: LazyText) -> Text {
    switch text {
    case .value(let text): text
    case .stored(let place): place.isEmpty ? .empty : Text(validated: stored[place])
    }
  }

  /// The bytes of a part, as long as nobody has replaced it.
  package func bytes<Value>(of part: Lazily<Value>) -> ArraySlice<UInt8>? {
    part.storedPlace.map { stored[$0] }
  }
}

// MARK: Deals that are stored

/// What is read of a stored deal in one go, and where the rest of it stands.
package struct StoredDeal: Sendable {
  package var id = DealID.zero
  package var engagement = EngagementID.zero
  package var version: UInt64 = 0
  package var direction = Direction.outbound
  package var status = DealStatus.accepted
  package var baseKind = BaseKind.privateDeal
  package var partnerToPartner = false
  package var stage = SalesStage.created
  package var nextLine: UInt32 = 0
  package var location = LocationID.zero
  package var createdBy = UserID.zero
  package var lead = LeadID.zero
  package var closeDate = Timestamp.zero
  package var createdAt = Timestamp.zero
  package var updatedAt = Timestamp.zero
  package var acceptedAt: Timestamp?
  package var acknowledgedAt: Timestamp?
  package var closedAt: Timestamp?
  package var respondBy: Timestamp?
  package var remindAt: Timestamp?
  package var name = StoredPlace()
  package var crmID = StoredPlace()
  package var campaignID = StoredPlace()
  package var notes = StoredPlace()
  package var customer = StoredPlace()
  package var value = StoredPlace()
  package var team = StoredPlace()
  package var solutions = StoredPlace()
  package var consent = StoredPlace()
  package var initiator = StoredPlace()
  package var cards = StoredPlace()
  package var fieldVersions = StoredPlace()
  package var closure = StoredPlace()
  package var invitation = StoredPlace()
  package var sharedView = StoredPlace()
  package var shownTo = StoredPlace()
  package var assessment = StoredPlace()
  package var tags = StoredPlace()
  package var owner: UInt32 = 0

  package init() {}
}

// MARK: Comparing

extension Deal: Hashable {
  package static func == (left: Deal, right: Deal) -> Bool {
    left.hasTermsOf(right) && left.hasTimesOf(right) && left.hasPartsOf(right)
  }

  /// Two copies with one version differ rarely enough.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(version)
  }

  private func hasTermsOf(_ other: Deal) -> Bool {
    id == other.id && engagement == other.engagement && version == other.version
      && direction == other.direction && status == other.status && baseKind == other.baseKind
      && partnerToPartner == other.partnerToPartner && stage == other.stage
      && nextLine == other.nextLine && owner == other.owner && location == other.location
      && createdBy == other.createdBy && lead == other.lead && name == other.name
      && crmID == other.crmID
      && campaignID == other.campaignID && notes == other.notes
  }

  private func hasTimesOf(_ other: Deal) -> Bool {
    closeDate == other.closeDate && createdAt == other.createdAt && updatedAt == other.updatedAt
      && acceptedAt == other.acceptedAt && acknowledgedAt == other.acknowledgedAt
      && closedAt == other.closedAt && respondBy == other.respondBy
      && remindAt == other.remindAt
  }

  private func hasPartsOf(_ other: Deal) -> Bool {
    closure == other.closure && invitation == other.invitation
      && sharedView == other.sharedView && shownTo == other.shownTo
      && tagList == other.tagList && assessment == other.assessment && customer == other.customer
      && value == other.value
      && team == other.team && solutions == other.solutions && consent == other.consent
      && initiator == other.initiator && cards == other.cards
      && fieldVersions == other.fieldVersions
  }
}
