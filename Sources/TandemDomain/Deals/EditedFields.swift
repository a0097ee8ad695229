// SPDX-License-Identifier: Apache-2.0
// What one patch has touched: each field with its value before the first edit of it. The deal itself is
// edited in place, since a copy of it costs more than what most patches change.

import TandemPrimitives

struct EditedFields {
  /// In the order of the first edits; `after` is filled in at the end.
  private var changes: [FieldChange] = []
  private(set) var fields: FieldMask = []

  /// Keeps what a field is; later notes of the same field change nothing.
  mutating func note(_ field: DealField, of deal: Deal) {
    guard !fields.contains(FieldMask(field)), let value = deal.value(of: field) else { return }
    fields.formUnion(FieldMask(field))
    changes.append(FieldChange(before: value, after: value))
  }

  /// The lines that a repeated field had.
  func linesBefore(_ field: DealField) -> [UInt32] {
    switch changes.first(where: { $0.field == field })?.before {
    case .team(let team): team.map { $0.line }
    case .solutions(let solutions): solutions.map { $0.line }
    case .customer(let customer): customer.contacts.map { $0.line }
    case .status, .baseKind, .partnerToPartner, .name, .value, .closeDate, .crmID, .campaignID,
      .notes, .consent, .stage, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy, .closure,
      .cards, .sharedView, .invitation, nil:
      []
    }
  }

  /// The fields that differ now, in ascending order; nothing is noted any more.
  mutating func takeChanges(to deal: Deal) -> [FieldChange] {
    var taken: [FieldChange] = []
    swap(&taken, &changes)
    for index in taken.indices {
      if let value = deal.value(of: taken[index].field) { taken[index].after = value }
    }
    taken.removeAll { $0.before == $0.after }
    if taken.count > 1 { taken.sort { $0.field < $1.field } }
    return taken
  }
}

extension FieldEdit {
  /// The field that the edit sets; nil when no patch can set it.
  var field: DealField? {
    switch self {
    case .name: .name
    case .value: .value
    case .closeDate: .closeDate
    case .crmID: .crmID
    case .campaignID: .campaignID
    case .notes: .notes
    case .stage: .stage
    case .customerContacts: .customer
    case .replaceTeam, .putTeamMember, .removeTeamMember: .team
    case .replaceSolutions, .putSolution, .removeSolution: .solutions
    case .visibleToVendor, .help, .forbidden: nil
    }
  }
}
