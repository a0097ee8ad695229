// SPDX-License-Identifier: Apache-2.0
// What one tenant tells another. A message is never rejected; the receiver always marks it.

package import TandemPrimitives

package indirect enum Message: Sendable, Equatable {
  /// Inviter → invitee.
  case invite(Invite)
  /// Invitee → inviter: accepted, declined, expired or undeliverable.
  case invitationAnswered(InvitationAnswered)
  /// Invitee → inviter: an accepted copy was won, lost or closed as error.
  case counterpartMoved(CounterpartMoved)
  /// Inviter → invitee: what its copy is shown now; the last one counts.
  case sharedViewChanged(SharedViewChanged)
  /// Inviter → invitee: the inviter's copy ended; applies to a copy that is still New (T11).
  case engagementClosed(EngagementClosed)
  /// Directory → new organisation.
  case organisationRegistered(OrganisationRegistered)
  /// Directory → organisation: what the operator of the realm said of it.
  case organisationUpdated(OrganisationUpdate)
  /// Directory of main → directory of a sandbox.
  case policyChanged(PolicyChange)
  /// Directory → every organisation of a sandbox.
  case clockAdvanced(offset: Timestamp.Span)
  /// Directory of main → directory of a new realm.
  case realmCreated(Realm)
  /// Inviter → invitee: more time to answer; applies to a copy that is still New and in time.
  case extensionAsked(Extension)
  /// Invitee → inviter: the copy has it.
  case deadlineExtended(Extension)
  /// Initiator → vendor's desk: the shadow copy as it is now; the last one counts.
  case dealShown(Deal)
  /// Organisation → directory: how quickly it counts as answering from now on.
  case responsivenessChanged(Responsiveness)
  /// Organisation → directory: what it sells.
  case solutionPublished(Solution)
  /// Vendor → partner.
  case leadSent(Lead)
  /// Partner → vendor: how a lead was answered or ended, or that it could not be delivered.
  case leadAnswered(LeadAnswer)
}

package struct Invite: Sendable, Equatable {
  package var engagement: EngagementID
  package var initiator: OrganisationReference
  package var initiatorKind: OrganisationKind
  package var customer: Customer
  package var consent: Consent
  package var content: InvitationContent
  package var baseKind: BaseKind
  package var sharedView: SharedView
  package init(
    engagement: EngagementID, initiator: OrganisationReference, initiatorKind: OrganisationKind,
    customer: Customer, consent: Consent, content: InvitationContent, baseKind: BaseKind,
    sharedView: SharedView
  ) {
    self.engagement = engagement
    self.initiator = initiator
    self.initiatorKind = initiatorKind
    self.customer = customer
    self.consent = consent
    self.content = content
    self.baseKind = baseKind
    self.sharedView = sharedView
  }
}

package struct InvitationAnswered: Sendable, Equatable {
  package var engagement: EngagementID
  /// accepted, declined or expired.
  package var outcome: DealStatus
  package var at: Timestamp
  package var closure: Closure?
  package var team: [TeamMember]
  package init(
    engagement: EngagementID, outcome: DealStatus, at: Timestamp, closure: Closure?,
    team: [TeamMember]
  ) {
    self.engagement = engagement
    self.outcome = outcome
    self.at = at
    self.closure = closure
    self.team = team
  }
}

package struct CounterpartMoved: Sendable, Equatable {
  package var engagement: EngagementID
  package var status: DealStatus
  package var team: [TeamMember]
  package var at: Timestamp
  /// Of a partner's copy that ended with this move.
  package var report: ClosingReport?
  package init(
    engagement: EngagementID, status: DealStatus, team: [TeamMember], at: Timestamp,
    report: ClosingReport? = nil
  ) {
    self.engagement = engagement
    self.status = status
    self.team = team
    self.at = at
    self.report = report
  }
}

package struct SharedViewChanged: Sendable, Equatable {
  package var engagement: EngagementID
  package var view: SharedView
  package init(engagement: EngagementID, view: SharedView) {
    self.engagement = engagement
    self.view = view
  }
}

package struct EngagementClosed: Sendable, Equatable {
  package var engagement: EngagementID
  package var initiatorStatus: DealStatus
  package init(engagement: EngagementID, initiatorStatus: DealStatus) {
    self.engagement = engagement
    self.initiatorStatus = initiatorStatus
  }
}

/// When an answer shall be due, or is due from now on.
package struct Extension: Sendable, Equatable {
  package var engagement: EngagementID
  package var respondBy: Timestamp
  package init(engagement: EngagementID, respondBy: Timestamp) {
    self.engagement = engagement
    self.respondBy = respondBy
  }
}

package struct OrganisationRegistered: Sendable, Equatable {
  package var organisation: Organisation
  package var realm: Realm
  package var globalLocation: Location
  package var administrator: User
  package var key: AccessKey
  package init(
    organisation: Organisation, realm: Realm, globalLocation: Location, administrator: User,
    key: AccessKey
  ) {
    self.organisation = organisation
    self.realm = realm
    self.globalLocation = globalLocation
    self.administrator = administrator
    self.key = key
  }
}
