// SPDX-License-Identifier: Apache-2.0
// What the past may still tell of a copy that came to nothing (architecture rule 6). The record keeps
// what it holds; nobody is told more than the copy itself would show today.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Tenant {
  /// The commit without what ended copies dropped: shared view, contacts, the inviter's team.
  func withhold(_ commit: Commit) -> Commit {
    guard commit.events.contains(where: tellsOfEnded) else { return commit }
    var told = commit
    told.events = commit.events.map { tellsOfEnded($0) ? $0.withoutEndedRights : $0 }
    return told
  }

  /// A deal as it was, without what its copy dropped when it ended.
  func withhold(_ past: Deal) -> Deal { hasEnded(past.id) ? past.withoutEndedRights : past }

  /// The same for its bytes.
  func withhold(_ past: DealSlot) -> [UInt8] {
    guard hasEnded(past.head.id), let deal = try? DealCodec.decode(past.bytes[...]) else {
      return past.bytes
    }
    var bytes: [UInt8] = []
    DealCodec.encode(withhold(deal), into: &bytes)
    return bytes
  }

  private func tellsOfEnded(_ event: Event) -> Bool {
    switch event {
    case .dealCreated(let deal), .invitationReceived(let deal, _), .dealShown(let deal):
      hasEnded(deal.id)
    case .dealChanged(let change): hasEnded(change.deal)
    case .leadReceived(let lead), .leadChanged(let lead, _):
      // Also of one that is gone nothing more is told than its last state would.
      core.state.leads[lead.id]?.hasLostItsContact ?? true
    case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
      .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
      .routingSet,
      .organisationListed, .realmCreated,
      .customersListed,
      .solutionPublished, .solutionListed,
      .favouriteSet,
      .leadFavouriteSet, .leadsDeleted, .leadAnswered,
      .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet:
      false
    }
  }

  private func hasEnded(_ id: DealID) -> Bool { core.hasEnded(id) }
}

extension TenantCore {
  /// An invited copy that came to nothing.
  func hasEnded(_ id: DealID) -> Bool {
    guard let head = deals.head(id), head.direction == .inbound else { return false }
    return head.status == .declined || head.status == .expired
  }
}

extension Event {
  fileprivate var withoutEndedRights: Event {
    switch self {
    case .dealCreated(let deal): .dealCreated(deal.withoutEndedRights)
    case .dealShown(let deal): .dealShown(deal.withoutEndedRights)
    case .invitationReceived(let deal, let kind):
      .invitationReceived(deal.withoutEndedRights, inviterKind: kind)
    case .dealChanged(let change): .dealChanged(change.withoutEndedRights)
    case .leadReceived(let lead): .leadReceived(lead.withoutContact)
    case .leadChanged(let lead, let cause): .leadChanged(lead.withoutContact, cause)
    case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
      .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
      .routingSet,
      .organisationListed, .realmCreated,
      .customersListed,
      .solutionPublished, .solutionListed,
      .favouriteSet,
      .leadFavouriteSet, .leadsDeleted, .leadAnswered,
      .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet:
      self
    }
  }
}

extension DealChanged {
  fileprivate var withoutEndedRights: DealChanged {
    var told = self
    told.changes = changes.map {
      FieldChange(before: $0.before.withoutEndedRights, after: $0.after.withoutEndedRights)
    }
    return told
  }
}

extension FieldValue {
  fileprivate var withoutEndedRights: FieldValue {
    switch self {
    case .sharedView: .sharedView(nil)
    case .invitation(let content): .invitation(content?.withoutTeam)
    case .customer(let customer): .customer(customer.withoutContacts)
    case .status, .baseKind, .partnerToPartner, .name, .value, .closeDate, .crmID, .campaignID,
      .notes, .team, .solutions, .consent, .stage, .acceptedAt, .acknowledgedAt, .closedAt,
      .respondBy, .remindAt, .closure, .cards, .shownTo, .tags, .owner,
      .assessment:
      self
    }
  }
}

extension Deal {
  fileprivate var withoutEndedRights: Deal {
    var deal = self
    deal.sharedView = nil
    deal.customer = customer.withoutContacts
    deal.invitation = invitation?.withoutTeam
    return deal
  }
}

extension Customer {
  fileprivate var withoutContacts: Customer {
    var customer = self
    customer.contacts = []
    return customer
  }
}

extension InvitationContent {
  fileprivate var withoutTeam: InvitationContent {
    var content = self
    content.team = []
    return content
  }
}
