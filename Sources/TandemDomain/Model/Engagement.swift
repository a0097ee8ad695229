// SPDX-License-Identifier: Apache-2.0
// What passes between the copies of one engagement: invitations, cards and the shared view.

package import TandemPrimitives

/// What an inviter writes for one invitee (domain.md 3.6); fixed once sent.
package struct InvitationContent: Hashable, Sendable {
  package var closeDate: Timestamp
  package var value: Money
  package var notes: Text
  package var help: HelpCode
  package var team: [TeamMember]
  package var solutions: [SolutionLine]
  package var sentAt: Timestamp
  package var respondBy: Timestamp

  package init(
    closeDate: Timestamp, value: Money, notes: Text, help: HelpCode, team: [TeamMember],
    solutions: [SolutionLine], sentAt: Timestamp, respondBy: Timestamp
  ) {
    self.closeDate = closeDate
    self.value = value
    self.notes = notes
    self.help = help
    self.team = team
    self.solutions = solutions
    self.sentAt = sentAt
    self.respondBy = respondBy
  }
}

/// A counterpart as the inviter sees it on its own deal.
package struct Card: Hashable, Sendable {
  package var organisation: OrganisationReference
  package var organisationKind: OrganisationKind
  package var status: DealStatus
  package var content: InvitationContent
  package var respondedAt: Timestamp?
  package var closure: Closure?
  /// The counterpart's people; filled when it accepts.
  package var team: [TeamMember]
  /// After an extension: when the answer is due, in place of what the invitation says.
  package var extendedTo: Timestamp?
  /// An extension that the counterpart's copy has not confirmed.
  package var askedRespondBy: Timestamp?
  /// How often more time was given.
  package var extensions: UInt8 = 0
  /// What a partner reported when its copy ended; nil until then.
  package var report: ClosingReport?

  package init(
    organisation: OrganisationReference, organisationKind: OrganisationKind, status: DealStatus,
    content: InvitationContent, respondedAt: Timestamp?, closure: Closure?, team: [TeamMember]
  ) {
    self.organisation = organisation
    self.organisationKind = organisationKind
    self.status = status
    self.content = content
    self.respondedAt = respondedAt
    self.closure = closure
    self.team = team
  }
}

/// What the copy of an invited partner ended with, for whoever sent the deal.
///
/// Nothing else of that copy leaves it: notes, also those of the reason, stay at home (G15).
package struct ClosingReport: Hashable, Sendable {
  package var value: Money
  package var closeDate: Timestamp
  package var closedAt: Timestamp
  /// Of a lost copy, or of one closed as an error.
  package var reason: ReasonCode?

  package init(
    value: Money, closeDate: Timestamp, closedAt: Timestamp, reason: ReasonCode? = nil
  ) {
    self.value = value
    self.closeDate = closeDate
    self.closedAt = closedAt
    self.reason = reason
  }
}

extension Card {
  /// When the answer is due, as far as the counterpart's copy said.
  package var respondBy: Timestamp { extendedTo ?? content.respondBy }
}

/// What an invitee sees of the inviter's deal beyond its own invitation.
package struct SharedView: Hashable, Sendable {
  /// The inviter's people; before acceptance those of the invitation, afterwards the whole team.
  package var team: [TeamMember]
  package var customerContacts: [TeamMember]
  /// Names of organisations that accepted, in the order in which they were invited.
  package var participants: [OrganisationReference]
  /// Where the inviter's own copy stands.
  package var initiatorStatus: DealStatus
  /// The inviter's own; for the vendor alone (G15).
  package var notes: Text
  /// The inviter's own deal; for the vendor alone (domain.md 11).
  package var details: DealDetails?
  /// Of the inviter's deal, which the copy takes over; nil in what a shadow copy shows, which has it
  /// itself, and where a partner is told something before its answer: then nothing is said of it.
  package var baseKind: BaseKind?
  /// Likewise (G03).
  package var partnerToPartner = false

  package init(
    team: [TeamMember], customerContacts: [TeamMember], participants: [OrganisationReference],
    initiatorStatus: DealStatus, notes: Text = .empty, details: DealDetails? = nil
  ) {
    self.team = team
    self.customerContacts = customerContacts
    self.participants = participants
    self.initiatorStatus = initiatorStatus
    self.notes = notes
    self.details = details
  }
}

/// What the vendor that was asked for help reads of the inviter's deal, beside its own copy of it.
package struct DealDetails: Hashable, Sendable {
  package var name: Text
  package var value: Money
  package var closeDate: Timestamp
  package var stage: SalesStage
  package var solutions: [SolutionLine]

  package init(
    name: Text, value: Money, closeDate: Timestamp, stage: SalesStage, solutions: [SolutionLine]
  ) {
    self.name = name
    self.value = value
    self.closeDate = closeDate
    self.stage = stage
    self.solutions = solutions
  }
}
