// SPDX-License-Identifier: Apache-2.0
// Messages of what passes between the copies of one engagement.

package import TandemDomain
internal import TandemPrimitives

extension OrganisationReference: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.text(2, name)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .blank
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: name = try reader.text()
      default: try reader.skip()
      }
    }
  }
}

extension InvitationContent: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.time(1, closeDate)
    writer.message(2, value)
    writer.text(3, notes)
    writer.enumeration(4, help)
    writer.messages(5, team)
    writer.messages(6, solutions)
    writer.time(7, sentAt)
    writer.time(8, respondBy)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      closeDate: .zero, value: .blank,
      notes: .empty, help: .generalOrOther, team: [], solutions: [], sentAt: .zero,
      respondBy: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: closeDate = try reader.time()
      case 2: value = try reader.value()
      case 3: notes = try reader.text()
      case 4: help = try reader.enumeration()
      case 5: team.append(try reader.value())
      case 6: solutions.append(try reader.value())
      case 7: sentAt = try reader.time()
      case 8: respondBy = try reader.time()
      default: try reader.skip()
      }
    }
  }
}

extension SharedView: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.messages(1, team)
    writer.messages(2, customerContacts)
    writer.messages(3, participants)
    writer.enumeration(4, initiatorStatus)
    writer.text(5, notes)
    writer.maybe(6, details)
    if let baseKind { writer.enumeration(7, baseKind) }
    writer.flag(8, partnerToPartner)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(team: [], customerContacts: [], participants: [], initiatorStatus: .accepted)
    while try reader.next() {
      switch reader.field {
      case 1: team.append(try reader.value())
      case 2: customerContacts.append(try reader.value())
      case 3: participants.append(try reader.value())
      case 4: initiatorStatus = try reader.enumeration()
      case 5: notes = try reader.text()
      case 6: details = try reader.value()
      case 7: baseKind = try reader.enumeration()
      case 8: partnerToPartner = try reader.flag()
      default: try reader.skip()
      }
    }
  }
}

extension DealDetails: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, name)
    writer.message(2, value)
    writer.time(3, closeDate)
    writer.enumeration(4, stage)
    writer.messages(5, solutions)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(name: .empty, value: .blank, closeDate: .zero, stage: .created, solutions: [])
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.text()
      case 2: value = try reader.value()
      case 3: closeDate = try reader.time()
      case 4: stage = try reader.enumeration()
      case 5: solutions.append(try reader.value())
      default: try reader.skip()
      }
    }
  }
}

extension ClosingReport: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.message(1, value)
    writer.time(2, closeDate)
    writer.time(3, closedAt)
    if let reason { writer.unsigned(4, UInt32(reason.value)) }
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(value: .blank, closeDate: .zero, closedAt: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: value = try reader.value()
      case 2: closeDate = try reader.time()
      case 3: closedAt = try reader.time()
      case 4: reason = try reader.reason()
      default: try reader.skip()
      }
    }
  }
}

extension Card: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.message(1, organisation)
    writer.enumeration(2, organisationKind)
    writer.enumeration(3, status)
    writer.message(4, content)
    writer.time(5, respondedAt)
    writer.maybe(6, closure)
    writer.messages(7, team)
    writer.time(8, extendedTo)
    writer.time(9, askedRespondBy)
    writer.unsigned(10, UInt32(extensions))
    writer.maybe(11, report)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    var content: InvitationContent?
    self.init(
      organisation: .blank, organisationKind: .partner,
      status: .pending, content: try InvitationContent(decoding: []), respondedAt: nil,
      closure: nil, team: [])
    while try reader.next() {
      switch reader.field {
      case 1: organisation = try reader.value()
      case 2: organisationKind = try reader.enumeration()
      case 3: status = try reader.enumeration()
      case 4: content = try reader.value()
      case 5: respondedAt = try reader.maybeTime()
      case 6: closure = try reader.value()
      case 7: team.append(try reader.value())
      case 8: extendedTo = try reader.maybeTime()
      case 9: askedRespondBy = try reader.maybeTime()
      case 10: extensions = UInt8(clamping: try reader.unsigned32())
      case 11: report = try reader.value()
      default: try reader.skip()
      }
    }
    guard let content else { throw WireError(.badValue, field: "content", "a card needs content") }
    self.content = content
  }
}
