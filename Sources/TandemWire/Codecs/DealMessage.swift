// SPDX-License-Identifier: Apache-2.0
// The message of a whole deal, and of one that holds only some fields: before and after a change.

package import TandemDomain
internal import TandemPrimitives

extension Deal: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.identifier(2, engagement)
    writer.unsigned(3, version)
    writer.enumeration(4, direction)
    writer.enumeration(5, status)
    writer.enumeration(6, baseKind)
    writer.flag(7, partnerToPartner)
    writer.text(8, name)
    writer.identifier(9, location)
    writer.part(bytes(of: customerPart)) { $0.message(10, customer) }
    writer.part(bytes(of: valuePart)) { $0.message(11, value) }
    writer.time(12, closeDate)
    writer.text(13, crmID)
    writer.text(14, campaignID)
    writer.text(15, notes)
    writer.part(bytes(of: teamPart)) { $0.messages(16, team) }
    writer.part(bytes(of: solutionsPart)) { $0.messages(17, solutions) }
    writer.part(bytes(of: consentPart)) { $0.message(18, consent) }
    writer.enumeration(19, stage)
    writer.time(20, createdAt)
    writer.time(21, updatedAt)
    writer.time(22, acceptedAt)
    writer.time(23, acknowledgedAt)
    writer.time(24, closedAt)
    writer.time(25, respondBy)
    writer.maybe(26, closure)
    writer.part(bytes(of: initiatorPart)) { $0.message(27, initiator) }
    writer.maybe(28, invitation)
    writer.part(bytes(of: cardsPart)) { $0.messages(29, cards) }
    writer.maybe(30, sharedView)
    writer.identifier(31, createdBy)
    writer.unsigned(32, nextLine)
    writer.part(bytes(of: fieldVersionsPart)) { $0.messages(33, fieldVersions) }
    writer.maybe(34, shownTo)
    for tag in tags { writer.element(35, tag.utf8) }
    writer.unsigned(36, owner)
    writer.identifier(37, lead)
    writer.time(38, remindAt)
    writer.maybe(39, assessment)
  }

  static let blank = Deal(
    id: .zero, engagement: .zero, version: 0, direction: .outbound, status: .accepted,
    baseKind: .privateDeal, partnerToPartner: false, name: .empty, location: .zero,
    customer: Lazily(.blank), value: Lazily(.blank),
    closeDate: .zero, crmID: .empty, campaignID: .empty, notes: .empty, team: Lazily([]),
    solutions: Lazily([]),
    consent: Lazily(.blank), stage: .created,
    createdAt: .zero, updatedAt: .zero, acceptedAt: nil, acknowledgedAt: nil, closedAt: nil,
    respondBy: nil, closure: Rare(nil), initiator: Lazily(.blank),
    invitation: Rare(nil), cards: Lazily([]), sharedView: Rare(nil), createdBy: .zero, nextLine: 0,
    fieldVersions: Lazily([]))

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .blank
    while try reader.next() {
      if try !readEarly(&reader), try !readLate(&reader) { try reader.skip() }
    }
  }

  private mutating func readEarly(_ reader: inout ProtoReader) throws(WireError) -> Bool {
    switch reader.field {
    case 1: id = try reader.identifier()
    case 2: engagement = try reader.identifier()
    case 3: version = try reader.unsigned()
    case 4: direction = try reader.enumeration()
    case 5: status = try reader.enumeration()
    case 6: baseKind = try reader.enumeration()
    case 7: partnerToPartner = try reader.flag()
    case 8: name = try reader.text()
    case 9: location = try reader.identifier()
    case 10: customer = try reader.value()
    case 11: value = try reader.value()
    case 12: closeDate = try reader.time()
    case 13: crmID = try reader.text()
    case 14: campaignID = try reader.text()
    case 15: notes = try reader.text()
    case 16: team.append(try reader.value())
    case 17: solutions.append(try reader.value())
    case 18: consent = try reader.value()
    default: return false
    }
    return true
  }

  private mutating func readLate(_ reader: inout ProtoReader) throws(WireError) -> Bool {
    switch reader.field {
    case 19: stage = try reader.enumeration()
    case 20: createdAt = try reader.time()
    case 21: updatedAt = try reader.time()
    case 22: acceptedAt = try reader.maybeTime()
    case 23: acknowledgedAt = try reader.maybeTime()
    case 24: closedAt = try reader.maybeTime()
    case 25: respondBy = try reader.maybeTime()
    case 26: closure = try reader.value()
    case 27: initiator = try reader.value()
    case 28: invitation = try reader.value()
    case 29: cards.append(try reader.value())
    case 30: sharedView = try reader.value()
    case 31: createdBy = try reader.identifier()
    case 32: nextLine = try reader.unsigned32()
    case 33: fieldVersions.append(try reader.value())
    case 34: shownTo = try reader.value()
    case 35: tags.append(try reader.text())
    case 36: owner = try reader.unsigned32()
    case 37: lead = try reader.identifier()
    case 38: remindAt = try reader.maybeTime()
    case 39: assessment = try reader.value()
    default: return false
    }
    return true
  }
}

extension FieldVersion: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.enumeration(1, field)
    writer.unsigned(2, version)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(field: .status, version: 0)
    while try reader.next() {
      switch reader.field {
      case 1: field = try reader.enumeration()
      case 2: version = try reader.unsigned()
      default: try reader.skip()
      }
    }
  }
}

extension FieldValue {
  /// Writes the value under its number in Deal; none and empty write nothing.
  ///
  /// Part of its callers, which lend it the value where it lies: a call would copy it twice.
  @inline(__always)
  func write(to writer: inout ProtoWriter) {
    let number = UInt32(field.rawValue)
    switch self {
    case .status(let value): writer.enumeration(number, value)
    case .baseKind(let value): writer.enumeration(number, value)
    case .stage(let value): writer.enumeration(number, value)
    case .partnerToPartner(let value): writer.flag(number, value)
    case .name(let value), .crmID(let value), .campaignID(let value), .notes(let value):
      writer.text(number, value)
    case .customer(let value): writer.message(number, value)
    case .value(let value): writer.message(number, value)
    case .closeDate(let value): writer.time(number, value)
    case .team(let value): writer.messages(number, value)
    case .solutions(let value): writer.messages(number, value)
    case .consent(let value): writer.message(number, value)
    case .acceptedAt(let value), .acknowledgedAt(let value), .closedAt(let value),
      .respondBy(let value), .remindAt(let value):
      writer.time(number, value)
    case .closure(let value): writer.maybe(number, value)
    case .cards(let value): writer.messages(number, value)
    case .sharedView(let value): writer.maybe(number, value)
    case .invitation(let value): writer.maybe(number, value)
    case .shownTo(let value): writer.maybe(number, value)
    case .tags(let value): for tag in value { writer.element(number, tag.utf8) }
    case .owner(let value): writer.unsigned(number, value)
    case .assessment(let value): writer.maybe(number, value)
    }
  }

  /// Nil for what is no text; looks at the value without a hold on all of it.
  @inline(__always)
  fileprivate var text: Text? {
    switch self {
    case .name(let value), .crmID(let value), .campaignID(let value), .notes(let value): value
    case .status, .baseKind, .partnerToPartner, .customer, .value, .closeDate, .team, .solutions,
      .consent, .stage, .acceptedAt, .acknowledgedAt, .closedAt, .respondBy, .closure, .cards,
      .sharedView, .invitation, .shownTo, .tags, .owner, .remindAt,
      .assessment:
      nil
    }
  }

  /// The value that a partly filled deal holds; nil for fields that never change.
  init?(_ field: DealField, in deal: Deal) {
    switch field {
    case .status: self = .status(deal.status)
    case .baseKind: self = .baseKind(deal.baseKind)
    case .partnerToPartner: self = .partnerToPartner(deal.partnerToPartner)
    case .name: self = .name(deal.name)
    case .location: return nil
    case .customer: self = .customer(deal.customer)
    case .value: self = .value(deal.value)
    case .closeDate: self = .closeDate(deal.closeDate)
    case .crmID: self = .crmID(deal.crmID)
    case .campaignID: self = .campaignID(deal.campaignID)
    case .notes: self = .notes(deal.notes)
    case .team: self = .team(deal.team)
    case .solutions: self = .solutions(deal.solutions)
    case .consent: self = .consent(deal.consent)
    case .stage: self = .stage(deal.stage)
    case .acceptedAt: self = .acceptedAt(deal.acceptedAt)
    case .acknowledgedAt: self = .acknowledgedAt(deal.acknowledgedAt)
    case .closedAt: self = .closedAt(deal.closedAt)
    case .respondBy: self = .respondBy(deal.respondBy)
    case .closure: self = .closure(deal.closure)
    case .invitation: self = .invitation(deal.invitation)
    case .cards: self = .cards(deal.cards)
    case .sharedView: self = .sharedView(deal.sharedView)
    case .shownTo: self = .shownTo(deal.shownTo)
    case .tags: self = .tags(deal.tags)
    case .owner: self = .owner(deal.owner)
    case .remindAt: self = .remindAt(deal.remindAt)
    case .assessment: self = .assessment(deal.assessment)
    }
  }
}

extension [FieldChange] {
  /// Three fields in a row: numbers, a deal with what was, a deal with what is.
  func write(fields: UInt32, before: UInt32, after: UInt32, to writer: inout ProtoWriter) {
    // Lent by their numbers: a loop over the changes would take hold of every value in them.
    let changes = span
    writer.bytes.append(addingCapacity: FieldBytes.blob(changes.count) + FieldBytes.begin) {
      if !changes.isEmpty {
        $0.append(tag: fields, 2)
        // Packed: a field's number has one byte, so they have as many bytes as they are.
        $0.append(varint: UInt64(changes.count))
        for index in changes.indices { $0.append(changes[index].field.rawValue) }
      }
      $0.begin(before)
    }
    let first = writer.bytes.count
    for index in changes.indices {
      if let text = changes[index].before.text {
        writer.text(UInt32(changes[index].field.rawValue), text)
      } else {
        changes[index].before.write(to: &writer)
      }
    }
    writer.end(first)
    let second = writer.begin(after)
    for index in changes.indices {
      if let text = changes[index].after.text {
        writer.text(UInt32(changes[index].field.rawValue), text)
      } else {
        changes[index].after.write(to: &writer)
      }
    }
    writer.end(second)
  }

  init(fields: [UInt32], before: Deal, after: Deal) throws(WireError) {
    self = []
    for number in fields {
      guard let field = UInt8(exactly: number).flatMap(DealField.init(rawValue:)),
        let old = FieldValue(field, in: before), let new = FieldValue(field, in: after)
      else { throw WireError(.badValue, field: "fields", "field \(number) cannot change") }
      append(FieldChange(before: old, after: new))
    }
  }
}
