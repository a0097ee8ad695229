// SPDX-License-Identifier: Apache-2.0
// What one patch has touched: each field with its value before the first edit of it and the one it takes.
// Only lines are edited in the deal itself; for every other field the last edit says what comes of it.

import TandemPrimitives

struct EditedFields {
  /// In the order of the first edits; for lines `after` is filled in at the end.
  private var changes: [FieldChange] = []
  private(set) var fields: FieldMask = []
  /// Those that are not what they were.
  private(set) var differing: FieldMask = []

  /// A field takes a value as a whole.
  mutating func set(
    _ field: DealField, from before: consuming FieldValue, to after: consuming FieldValue
  ) {
    let mask = FieldMask(field)
    guard fields.isDisjoint(with: mask) else { return setAgain(field, to: after) }
    if before != after { differing.formUnion(mask) }
    fields.formUnion(mask)
    add(FieldChange(before: before, after: after))
  }

  private mutating func setAgain(_ field: DealField, to after: FieldValue) {
    for index in changes.indices where changes[index].field == field {
      changes[index].after = after
      differing.set(field, changes[index].before != after)
    }
  }

  /// Lines are about to be edited in the deal; later notes of the same field change nothing.
  mutating func note(_ field: DealField, of deal: Deal) {
    guard !fields.contains(FieldMask(field)), let value = deal.value(of: field) else { return }
    fields.formUnion(FieldMask(field))
    add(FieldChange(before: value, after: value))
  }

  /// The lines of the deal as they are after all edits.
  mutating func takeLines(of deal: Deal) {
    for field in [DealField.customer, .team, .solutions] where fields.contains(FieldMask(field)) {
      if let value = deal.value(of: field) { setAgain(field, to: value) }
    }
  }

  private mutating func add(_ change: consuming FieldChange) {
    // Most patches edit one field: a list of exactly one costs less than one that may grow.
    if changes.isEmpty {
      changes = [change]
    } else {
      changes.append(change)
    }
  }

  /// The fields that differ now, in ascending order; nothing is left of them here.
  mutating func takeChanges() -> [FieldChange] {
    var taken: [FieldChange] = []
    swap(&taken, &changes)
    if fields != differing { taken.removeAll { differing.isDisjoint(with: FieldMask($0.field)) } }
    if taken.count > 1 { taken.sort { $0.field < $1.field } }
    return taken
  }

  /// The lines that a repeated field had.
  func linesBefore(_ field: DealField) -> [UInt32] {
    switch changes.first(where: { $0.field == field })?.before {
    case .team(let team): team.map { $0.line }
    case .solutions(let solutions): solutions.map { $0.line }
    case .customer(let customer): customer.contacts.map { $0.line }
    case .status, .baseKind, .partnerToPartner, .name, .value, .closeDate, .crmID, .campaignID,
      .notes, .consent, .stage, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy, .remindAt,
      .closure,
      .cards, .sharedView, .invitation, .shownTo, .assessment, .tags, .owner, nil:
      []
    }
  }
}

extension FieldMask {
  fileprivate mutating func set(_ field: DealField, _ isIn: Bool) {
    if isIn { formUnion(FieldMask(field)) } else { subtract(FieldMask(field)) }
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
    case .visibleToVendor: .shownTo
    case .tags: .tags
    case .owner: .owner
    case .forbidden: nil
    }
  }
}
