// SPDX-License-Identifier: Apache-2.0
// What tenants tell each other, as records keep it (tandem/storage/v1/record.proto).

package import TandemDomain
internal import TandemPrimitives

extension Message: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    switch self {
    case .invite(let value): writer.message(1, value)
    case .invitationAnswered(let value): writer.message(2, value)
    case .counterpartMoved(let value): writer.message(3, value)
    case .sharedViewChanged(let value): writer.message(4, value)
    case .engagementClosed(let value): writer.message(5, value)
    case .organisationRegistered(let value): writer.message(6, value)
    case .organisationUpdated(let value): writer.message(16, value)
    case .policyChanged(let value): writer.message(17, value)
    case .clockAdvanced(let offset): writer.message(7, ClockOffset(offset: offset))
    case .realmCreated(let value): writer.message(8, value)
    case .extensionAsked(let value): writer.message(11, value)
    case .deadlineExtended(let value): writer.message(12, value)
    case .dealShown(let value): writer.message(9, value)
    case .responsivenessChanged(let responsiveness):
      let start = writer.begin(13)
      writer.enumeration(1, responsiveness)
      writer.end(start)
    case .solutionPublished(let value): writer.message(10, value)
    case .leadSent(let value): writer.message(14, value)
    case .leadAnswered(let value): writer.message(15, value)
    }
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    guard try reader.next() else { throw WireError("a message without content") }
    switch reader.field {
    case 1: self = .invite(try reader.value())
    case 2: self = .invitationAnswered(try reader.value())
    case 3: self = .counterpartMoved(try reader.value())
    case 4: self = .sharedViewChanged(try reader.value())
    case 5: self = .engagementClosed(try reader.value())
    case 6: self = .organisationRegistered(try reader.value())
    case 7: self = .clockAdvanced(offset: try reader.value(ClockOffset.self).offset)
    case 8: self = .realmCreated(try reader.value())
    case 11: self = .extensionAsked(try reader.value())
    case 12: self = .deadlineExtended(try reader.value())
    case 9: self = .dealShown(try reader.value())
    case 13:
      var content = try reader.message()
      var responsiveness = Responsiveness.unproven
      while try content.next() {
        if content.field == 1 {
          responsiveness = try content.enumeration()
        } else {
          try content.skip()
        }
      }
      self = .responsivenessChanged(responsiveness)
    case 10: self = .solutionPublished(try reader.value())
    case 14: self = .leadSent(try reader.value())
    case 15: self = .leadAnswered(try reader.value())
    case 16: self = .organisationUpdated(try reader.value())
    case 17: self = .policyChanged(try reader.value())
    default:
      throw WireError(
        .unknownField(reader.field), field: "message",
        "message \(reader.field) is newer than this program")
    }
    guard try !reader.next() else { throw WireError("a message with two contents") }
  }
}

/// The offset of a sandbox's clock as a message of its own.
struct ClockOffset: WireMessage {
  var offset: Timestamp.Span

  init(offset: Timestamp.Span) { self.offset = offset }

  func write(to writer: inout ProtoWriter) { writer.signed(1, offset.milliseconds) }

  init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(offset: Timestamp.Span(milliseconds: 0))
    while try reader.next() {
      if reader.field == 1 { offset = try reader.span() } else { try reader.skip() }
    }
  }
}

extension OutboxEntry: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, receiver)
    writer.unsigned(2, sequence)
    writer.message(3, message)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(receiver: .zero, sequence: 0, message: .clockAdvanced(offset: .days(0)))
    while try reader.next() {
      switch reader.field {
      case 1: receiver = try reader.identifier()
      case 2: sequence = try reader.unsigned()
      case 3: message = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension Invite: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, engagement)
    writer.message(2, initiator)
    writer.enumeration(3, initiatorKind)
    writer.message(4, customer)
    writer.message(5, consent)
    writer.message(6, content)
    writer.enumeration(7, baseKind)
    writer.message(8, sharedView)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      engagement: .zero, initiator: .blank,
      initiatorKind: .partner, customer: .blank,
      consent: .blank,
      content: try InvitationContent(decoding: []), baseKind: .privateDeal,
      sharedView: try SharedView(decoding: []))
    while try reader.next() {
      switch reader.field {
      case 1: engagement = try reader.identifier()
      case 2: initiator = try reader.value()
      case 3: initiatorKind = try reader.enumeration()
      case 4: customer = try reader.value()
      case 5: consent = try reader.value()
      case 6: content = try reader.value()
      case 7: baseKind = try reader.enumeration()
      case 8: sharedView = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension InvitationAnswered: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, engagement)
    writer.enumeration(2, outcome)
    writer.time(3, at)
    writer.maybe(4, closure)
    writer.messages(5, team)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(engagement: .zero, outcome: .expired, at: .zero, closure: nil, team: [])
    while try reader.next() {
      switch reader.field {
      case 1: engagement = try reader.identifier()
      case 2: outcome = try reader.enumeration()
      case 3: at = try reader.time()
      case 4: closure = try reader.value()
      case 5: team.append(try reader.value())
      default: try reader.skip()
      }
    }
  }
}

extension CounterpartMoved: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, engagement)
    writer.enumeration(2, status)
    writer.messages(3, team)
    writer.time(4, at)
    writer.maybe(5, report)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(engagement: .zero, status: .accepted, team: [], at: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: engagement = try reader.identifier()
      case 2: status = try reader.enumeration()
      case 3: team.append(try reader.value())
      case 4: at = try reader.time()
      case 5: report = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension SharedViewChanged: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, engagement)
    writer.message(2, view)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(engagement: .zero, view: try SharedView(decoding: []))
    while try reader.next() {
      switch reader.field {
      case 1: engagement = try reader.identifier()
      case 2: view = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension EngagementClosed: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, engagement)
    writer.enumeration(2, initiatorStatus)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(engagement: .zero, initiatorStatus: .error)
    while try reader.next() {
      switch reader.field {
      case 1: engagement = try reader.identifier()
      case 2: initiatorStatus = try reader.enumeration()
      default: try reader.skip()
      }
    }
  }
}

extension Extension: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, engagement)
    writer.time(2, respondBy)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(engagement: .zero, respondBy: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: engagement = try reader.identifier()
      case 2: respondBy = try reader.time()
      default: try reader.skip()
      }
    }
  }
}

extension OrganisationRegistered: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.message(1, organisation)
    writer.message(2, realm)
    writer.message(3, globalLocation)
    writer.message(4, administrator)
    writer.message(5, key)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      organisation: try Organisation(decoding: []), realm: try Realm(decoding: []),
      globalLocation: try Location(decoding: []), administrator: try User(decoding: []),
      key: try AccessKey(decoding: []))
    while try reader.next() {
      switch reader.field {
      case 1: organisation = try reader.value()
      case 2: realm = try reader.value()
      case 3: globalLocation = try reader.value()
      case 4: administrator = try reader.value()
      case 5: key = try reader.value()
      default: try reader.skip()
      }
    }
  }
}
