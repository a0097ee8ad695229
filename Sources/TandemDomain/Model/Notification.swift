// SPDX-License-Identifier: Apache-2.0
// Entries of users' inboxes (domain.md 14).

package import TandemPrimitives

package enum NotificationTopic: UInt8, Sendable, CaseIterable {
  case dealReceived = 1
  case invitationAccepted = 2
  case invitationDeclined = 3
  case invitationExpired = 4
  case invitationUndeliverable = 5
  /// An inbound deal is about to expire.
  case answerDueSoon = 6
  /// There is more time to answer an inbound deal.
  case deadlineExtended = 7
  /// An invitation went out; told only where the organisation wants it (G13).
  case invitationSent = 8
  /// A lead came that wants an answer.
  case leadReceived = 20
  /// A lead is about to expire.
  case leadDueSoon = 21
  /// More leads came on one day than are told one by one.
  case leadDigest = 22

  /// Cannot be muted: who asked waits for an answer that else never comes.
  package var isMandatory: Bool {
    switch self {
    case .invitationUndeliverable: true
    // A customer waits; those who do not want to hear of leads do not work on them.
    case .leadReceived, .leadDigest: true
    case .dealReceived, .invitationAccepted, .invitationDeclined, .invitationExpired,
      .answerDueSoon, .deadlineExtended, .invitationSent, .leadDueSoon:
      false
    }
  }
}

/// What the whole organisation is told.
package struct NotificationSettings: Hashable, Sendable {
  /// G13: a deal's team is told of every invitation that it sends.
  package var tellsInvitationSent = false
  package init(tellsInvitationSent: Bool = false) {
    self.tellsInvitationSent = tellsInvitationSent
  }
}

package struct Notification: Hashable, Sendable {
  package var id: NotificationID
  package var kind: NotificationTopic
  /// Zero where it is about a lead.
  package var deal: DealID
  package var lead = LeadID.zero
  package var counterpart: OrganisationReference
  package var at: Timestamp
  package var respondBy: Timestamp?
  package var isRead: Bool

  package init(
    id: NotificationID, kind: NotificationTopic, deal: DealID, counterpart: OrganisationReference,
    at: Timestamp, respondBy: Timestamp?, isRead: Bool
  ) {
    self.id = id
    self.kind = kind
    self.deal = deal
    self.counterpart = counterpart
    self.at = at
    self.respondBy = respondBy
    self.isRead = isRead
  }
}
