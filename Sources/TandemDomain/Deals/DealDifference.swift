// SPDX-License-Identifier: Apache-2.0
// From two values of a deal to the event that leads from one to the other, and back by applying it.

package import TandemPrimitives

extension Deal {
  /// One field's value; nil for the location, which never changes.
  package func value(of field: DealField) -> FieldValue? {
    switch field {
    case .status: .status(status)
    case .baseKind: .baseKind(baseKind)
    case .partnerToPartner: .partnerToPartner(partnerToPartner)
    case .name: .name(name)
    case .location: nil
    case .customer: .customer(customer)
    case .value: .value(value)
    case .closeDate: .closeDate(closeDate)
    case .crmID: .crmID(crmID)
    case .campaignID: .campaignID(campaignID)
    case .notes: .notes(notes)
    case .team: .team(team)
    case .solutions: .solutions(solutions)
    case .consent: .consent(consent)
    case .stage: .stage(stage)
    case .acceptedAt: .acceptedAt(acceptedAt)
    case .acknowledgedAt: .acknowledgedAt(acknowledgedAt)
    case .closedAt: .closedAt(closedAt)
    case .respondBy: .respondBy(respondBy)
    case .closure: .closure(closure)
    case .invitation: .invitation(invitation)
    case .cards: .cards(cards)
    case .sharedView: .sharedView(sharedView)
    case .shownTo: .shownTo(shownTo)
    case .tags: .tags(tags)
    case .owner: .owner(owner)
    case .remindAt: .remindAt(remindAt)
    case .assessment: .assessment(assessment)
    }
  }

  package mutating func set(_ value: FieldValue) {
    switch value {
    case .status(let value): status = value
    case .baseKind(let value): baseKind = value
    case .partnerToPartner(let value): partnerToPartner = value
    case .name(let value): name = value
    case .customer(let value): customer = value
    case .value(let value): self.value = value
    case .closeDate(let value): closeDate = value
    case .crmID(let value): crmID = value
    case .campaignID(let value): campaignID = value
    case .notes(let value): notes = value
    case .team(let value): team = value
    case .solutions(let value): solutions = value
    case .consent(let value): consent = value
    case .stage(let value): stage = value
    case .acceptedAt(let value): acceptedAt = value
    case .acknowledgedAt(let value): acknowledgedAt = value
    case .closedAt(let value): closedAt = value
    case .respondBy(let value): respondBy = value
    case .closure(let value): closure = value
    case .invitation(let value): invitation = value
    case .cards(let value): cards = value
    case .sharedView(let value): sharedView = value
    case .shownTo(let value): shownTo = value
    case .tags(let value): tags = value
    case .owner(let value): owner = value
    case .remindAt(let value): remindAt = value
    case .assessment(let value): assessment = value
    }
  }

  /// The event that makes `after` of this deal; nil when none of the fields differs.
  package func change(
    to after: Deal, in fields: FieldMask, _ cause: ChangeCause, at now: Timestamp
  ) -> Event? {
    var changes: [FieldChange] = []
    // Raw values ascend, so the changes do too; no list of fields is made on the way.
    for number in DealField.status.rawValue...DealField.assessment.rawValue {
      guard let field = DealField(rawValue: number), fields.contains(FieldMask(field)),
        let old = value(of: field), let new = after.value(of: field), old != new
      else { continue }
      changes.append(FieldChange(before: old, after: new))
    }
    return event(of: changes, nextLine: after.nextLine, cause, at: now)
  }

  /// The event of changes of this deal; nil when there are none.
  func event(
    of changes: consuming [FieldChange], nextLine: UInt32, _ cause: ChangeCause, at now: Timestamp
  ) -> Event? {
    guard !changes.isEmpty else { return nil }
    return .dealChanged(
      DealChanged(
        deal: id, version: version + 1, at: now, cause: cause, changes: changes,
        nextLine: nextLine))
  }

  package mutating func apply(_ changed: DealChanged) {
    invariant(changed.version == version + 1, "a deal's versions are contiguous")
    for change in changed.changes {
      set(change.after)
      fieldVersions.note(changed.version, of: change.field)
    }
    version = changed.version
    updatedAt = changed.at
    nextLine = changed.nextLine
  }
}

extension [FieldVersion] {
  /// Notes when a field changed last; stays in ascending order.
  package mutating func note(_ version: UInt64, of field: DealField) {
    let place = firstIndex { $0.field >= field } ?? endIndex
    if place < endIndex, self[place].field == field {
      self[place].version = version
    } else {
      insert(FieldVersion(field: field, version: version), at: place)
    }
  }
}

extension FieldMask {
  /// Every field of a deal.
  package static let all = FieldMask(DealField.allCases)
}
