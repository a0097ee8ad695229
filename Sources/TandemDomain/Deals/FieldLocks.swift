// SPDX-License-Identifier: Apache-2.0
// Which fields of a deal no patch sets, by which rule, and until when they could be said (domain.md 9).

extension DealField {
  /// The field as requests name it.
  package var path: String {
    switch self {
    case .status: "status"
    case .baseKind: "base_kind"
    case .partnerToPartner: "partner_to_partner"
    case .name: "name"
    case .location: "location_id"
    case .customer: "customer"
    case .value: "value"
    case .closeDate: "close_date_ms"
    case .crmID: "crm_id"
    case .campaignID: "campaign_id"
    case .notes: "notes"
    case .team: "team"
    case .solutions: "solutions"
    case .consent: "consent"
    case .stage: "stage"
    case .acceptedAt: "accepted_ms"
    case .acknowledgedAt: "acknowledged_ms"
    case .closedAt: "closed_ms"
    case .respondBy: "respond_by_ms"
    case .remindAt: "remind_ms"
    case .closure: "closure"
    case .invitation: "invitation"
    case .cards: "cards"
    case .sharedView: "shared_view"
    case .shownTo: "shown_to"
    case .tags: "tags"
    case .owner: "owner_email"
    case .assessment: "assessment"
    }
  }

  /// What a patch that sets the field is told, where it cannot be set or not in this way.
  package var lock: Violation { Violation(path, lockRule, lockText, until: fixedSince) }

  /// A patch may set it on an accepted deal.
  var isEditable: Bool { lockRule == "R-401" }

  /// The rule that keeps patches from this field.
  private var lockRule: String {
    switch self {
    case .location: "R-402"
    case .customer, .consent: "R-403"
    case .invitation: "R-205"
    case .cards: "section 5.3"
    case .sharedView: "ruling 2"
    case .shownTo: "R-405"
    case .assessment: "R-602"
    case .status, .closedAt, .closure: "R-406"
    case .acceptedAt: "T4"
    case .acknowledgedAt: "T3"
    case .respondBy: "G09"
    case .remindAt: "section 10a"
    case .baseKind: "section 2.1"
    case .partnerToPartner: "G03"
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .team, .solutions, .stage, .tags,
      .owner:
      "R-401"
    }
  }

  private var lockText: String {
    switch self {
    case .location: "is fixed since the deal was created"
    case .customer:
      "is fixed since the deal was created; only contacts may change, until first shared"
    case .consent:
      "is fixed since the deal was created; consent for the vendor can come with its invitation"
    case .invitation: "is fixed since the invitation was sent"
    case .cards: "follows from who is invited and what they answer"
    case .sharedView: "is what the other side shares, and theirs to change"
    case .shownTo: "follows from visible_to_vendor, which once true stays true"
    case .assessment: "follows from the stages that the assessment completes"
    case .status, .closedAt, .closure:
      "changes only by accepting, declining, winning, losing or closing as an error"
    case .acceptedAt: "is the time at which the deal was created, or its invitation accepted"
    case .acknowledgedAt: "is the time at which the invitation was acknowledged"
    case .respondBy:
      "follows from when the invitation was sent; only the inviter gives more time"
    case .remindAt: "follows from when the answer is due"
    case .baseKind, .partnerToPartner: "follows from who is invited and is never chosen"
    case .name, .value, .closeDate, .crmID, .campaignID, .notes, .team, .solutions, .stage, .tags,
      .owner:
      "cannot be removed or changed in this way"
    }
  }

  private var fixedSince: Milestone? {
    switch self {
    case .location, .customer, .consent: .created
    case .invitation: .invited
    case .status, .baseKind, .partnerToPartner, .name, .value, .closeDate, .crmID, .campaignID,
      .notes, .team, .solutions, .stage, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy,
      .remindAt, .closure, .cards, .sharedView, .shownTo, .tags, .owner, .assessment:
      nil
    }
  }
}

/// A field of a deal that the server keeps by itself, by its number in `tandem.v1.Deal`.
///
/// No event changes one, and no request can set it.
package enum KeptField: UInt8, Sendable, CaseIterable {
  case id = 1
  case engagement = 2
  case version = 3
  case direction = 4
  case createdAt = 20
  case updatedAt = 21
  case initiator = 27
  case createdBy = 31
  case nextLine = 32
  case fieldVersions = 33
  case lead = 37

  /// The field as the schema names it.
  package var path: String {
    switch self {
    case .id: "id"
    case .engagement: "engagement_id"
    case .version: "version"
    case .direction: "direction"
    case .createdAt: "created_ms"
    case .updatedAt: "updated_ms"
    case .initiator: "initiator"
    case .createdBy: "created_by"
    case .nextLine: "next_line"
    case .fieldVersions: "field_versions"
    case .lead: "lead_id"
    }
  }

  /// What a patch that sets the field is told.
  package var lock: Violation {
    let (rule, text) =
      switch self {
      case .id: ("section 3.2", "is given by the server when the deal is created")
      case .engagement: ("section 1a", "ties the copies of one deal, and follows from invitations")
      case .version: ("section 3.2h", "counts the changes of the deal")
      case .direction: ("G01", "follows from who started the deal")
      case .createdAt, .createdBy: ("section 3.8", "is fixed since the deal was created")
      case .updatedAt: ("section 3.8", "is the time of the last change")
      case .initiator: ("invariant 1", "is who started the deal, and stays")
      case .nextLine: ("section 3.5", "follows from the lines that were numbered")
      case .fieldVersions: ("section 3.2h", "follows from the changes of the fields")
      case .lead: ("G16", "is the lead that the deal was made of, if it was")
      }
    return Violation(path, rule, text)
  }
}
