// SPDX-License-Identifier: Apache-2.0
// Messages of organisations, their users and realms.

package import TandemDomain
internal import TandemPrimitives

extension RoleGrant: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.enumeration(1, role)
    for id in locations { writer.identifierElement(2, id) }
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(role: .viewer, locations: [])
    while try reader.next() {
      switch reader.field {
      case 1: role = try reader.enumeration()
      case 2: locations.append(try reader.identifier())
      default: try reader.skip()
      }
    }
  }
}

extension StageName: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, name)
    writer.enumeration(2, stage)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(name: .empty, stage: .created)
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.text()
      case 2: stage = try reader.enumeration()
      default: try reader.skip()
      }
    }
  }
}

extension Location: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.text(2, name)
    writer.country(3, country)
    writer.flag(4, isGlobal)
    writer.text(5, partnerID)
    writer.maybe(6, address)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(id: .zero, name: .empty, country: CountryCode(packed: 0), isGlobal: false)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: name = try reader.text()
      case 3: country = try reader.country()
      case 4: isGlobal = try reader.flag()
      case 5: partnerID = try reader.text()
      case 6: address = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension User: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.flag(2, isService)
    writer.message(3, person)
    writer.messages(4, grants)
    writer.flag(5, mayActAsUser)
    writer.flag(6, isActive)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, isService: false, person: .erased, grants: [], mayActAsUser: false,
      isActive: false)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: isService = try reader.flag()
      case 3: person = try reader.value()
      case 4: grants.append(try reader.value())
      case 5: mayActAsUser = try reader.flag()
      case 6: isActive = try reader.flag()
      default: try reader.skip()
      }
    }
  }
}

extension Organisation: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.identifier(2, realm)
    writer.enumeration(3, kind)
    writer.text(4, name)
    writer.country(5, country)
    writer.flag(6, inEcosystem)
    writer.flag(7, transacts)
    writer.time(8, createdAt)
    writer.messages(9, stageNames)
    writer.flag(10, isAssessmentVetted)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, realm: .zero, kind: .partner, name: .empty, country: CountryCode(packed: 0),
      inEcosystem: false, transacts: false, createdAt: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: realm = try reader.identifier()
      case 3: kind = try reader.enumeration()
      case 4: name = try reader.text()
      case 5: country = try reader.country()
      case 6: inEcosystem = try reader.flag()
      case 7: transacts = try reader.flag()
      case 8: createdAt = try reader.time()
      case 9: stageNames.append(try reader.value())
      case 10: isAssessmentVetted = try reader.flag()
      default: try reader.skip()
      }
    }
  }
}

extension OrganisationEntry: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.enumeration(2, kind)
    writer.text(3, name)
    writer.country(4, country)
    writer.flag(5, inEcosystem)
    writer.flag(6, transacts)
    for country in covers { writer.country(7, country) }
    writer.enumeration(8, responsiveness)
    writer.toggle(9, isAssessmentVetted)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, kind: .partner, name: .empty, country: CountryCode(packed: 0), inEcosystem: false,
      transacts: false)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: kind = try reader.enumeration()
      case 3: name = try reader.text()
      case 4: country = try reader.country()
      case 5: inEcosystem = try reader.flag()
      case 6: transacts = try reader.flag()
      case 7: covers.append(try reader.country())
      case 8: responsiveness = try reader.enumeration()
      case 9: isAssessmentVetted = try reader.toggle()
      default: try reader.skip()
      }
    }
  }
}

extension RealmPolicy: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.signed(1, answerWindow.milliseconds)
    writer.signed(2, minimumAgeBeforeWon.milliseconds)
    writer.unsigned(3, counterpartsMax)
    if let firstReminder { writer.signed(4, firstReminder.milliseconds) }
    if let lastReminder { writer.signed(5, lastReminder.milliseconds) }
    if let extensionMax { writer.signed(6, extensionMax.milliseconds) }
    if duplicates != .warn { writer.enumeration(10, duplicates) }
    if let leadRetention { writer.signed(12, leadRetention.milliseconds) }
    if let contactWish { writer.signed(13, contactWish.milliseconds) }
    writer.unsigned(14, vendorRetries)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      answerWindow: Timestamp.Span(milliseconds: 0),
      minimumAgeBeforeWon: Timestamp.Span(milliseconds: 0), counterpartsMax: 0)
    while try reader.next() {
      switch reader.field {
      case 1: answerWindow = try reader.span()
      case 2: minimumAgeBeforeWon = try reader.span()
      case 3: counterpartsMax = try reader.unsigned32()
      case 4: firstReminder = try reader.span()
      case 5: lastReminder = try reader.span()
      case 6: extensionMax = try reader.span()
      case 10: duplicates = try reader.enumeration()
      case 12: leadRetention = try reader.span()
      case 13: contactWish = try reader.span()
      case 14: vendorRetries = try reader.unsigned32()
      default: try reader.skip()
      }
    }
  }
}

extension PolicyChange: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, realm)
    writer.message(2, policy)
    writer.unsigned(3, version)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(realm: .zero, policy: .standard, version: 0)
    while try reader.next() {
      switch reader.field {
      case 1: realm = try reader.identifier()
      case 2: policy = try reader.value()
      case 3: version = try reader.unsigned()
      default: try reader.skip()
      }
    }
  }
}

extension Realm: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.text(2, name)
    writer.flag(3, isSandbox)
    writer.signed(4, clockOffset.milliseconds)
    writer.message(5, policy)
    writer.time(6, createdAt)
    writer.unsigned(7, policyVersion)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, name: .empty, isSandbox: false, clockOffset: Timestamp.Span(milliseconds: 0),
      policy: .standard, createdAt: .zero)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: name = try reader.text()
      case 3: isSandbox = try reader.flag()
      case 4: clockOffset = try reader.span()
      case 5: policy = try reader.value()
      case 6: createdAt = try reader.time()
      case 7: policyVersion = try reader.unsigned()
      default: try reader.skip()
      }
    }
  }
}

extension Notification: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.enumeration(2, kind)
    writer.identifier(3, deal)
    writer.message(4, counterpart)
    writer.time(5, at)
    writer.time(6, respondBy)
    writer.flag(7, isRead)
    writer.identifier(8, lead)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(
      id: .zero, kind: .dealReceived, deal: .zero,
      counterpart: .blank, at: .zero, respondBy: nil,
      isRead: false)
    while try reader.next() {
      switch reader.field {
      case 1: id = try reader.identifier()
      case 2: kind = try reader.enumeration()
      case 3: deal = try reader.identifier()
      case 4: counterpart = try reader.value()
      case 5: at = try reader.time()
      case 6: respondBy = try reader.maybeTime()
      case 7: isRead = try reader.flag()
      case 8: lead = try reader.identifier()
      default: try reader.skip()
      }
    }
  }
}

extension AccessKey {
  /// The key as users see it, without the hash of its secret.
  func writePublic(_ field: UInt32, to writer: inout ProtoWriter) {
    let start = writer.begin(field)
    writer.identifier(1, id)
    writer.identifier(2, user)
    writer.text(3, label)
    writer.flag(4, readOnly)
    writer.time(5, createdAt)
    writer.time(6, revokedAt)
    writer.end(start)
  }
}
