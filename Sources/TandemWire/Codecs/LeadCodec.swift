// SPDX-License-Identifier: Apache-2.0
// Messages of leads: in records, snapshots, answers and feeds alike.

package import TandemDomain
internal import TandemPrimitives

extension LeadAcceptance: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.text(1, name)
    writer.message(2, value)
    writer.time(3, closeDate)
    writer.text(4, notes)
    writer.messages(5, team)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(name: .empty, value: .blank, closeDate: .zero, notes: .empty, team: [])
    while try reader.next() {
      switch reader.field {
      case 1: name = try reader.text()
      case 2: value = try reader.value()
      case 3: closeDate = try reader.time()
      case 4: notes = try reader.text()
      case 5: team.append(try reader.value())
      default: try reader.skip()
      }
    }
  }
}

extension Lead: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, id)
    writer.message(2, sender)
    writer.enumeration(3, leadClass)
    writer.enumeration(4, origin)
    if let source { writer.enumeration(5, source) }
    if let callToAction { writer.enumeration(6, callToAction) }
    writer.enumeration(7, quality)
    writer.enumeration(8, emailValidity)
    writer.enumeration(9, phoneValidity)
    writer.text(10, customerName)
    writer.string(11, country.text)
    writer.text(12, city)
    if contact != .erased { writer.message(13, contact) }
    writer.flag(14, wantsContact)
    writer.identifier(15, solution)
    writer.text(16, solutionName)
    writer.text(17, campaignID)
    writer.text(18, text)
    writer.time(19, sentAt)
    writer.unsigned(20, version)
    writer.enumeration(21, status)
    writer.time(22, receivedAt)
    writer.time(23, updatedAt)
    writer.time(24, respondBy)
    writer.time(25, remindAt)
    writer.time(26, deleteAt)
    writer.time(27, acceptedAt)
    writer.time(28, endedAt)
    writer.maybe(29, acceptance)
    writer.maybe(30, closure)
    if let outcome { writer.enumeration(31, outcome) }
    writer.identifier(32, deal)
    writer.identifier(33, possibleDuplicateOf)
  }

  static let blank = Lead(
    id: .zero, sender: .blank, leadClass: .direct, origin: .profile, customerName: .empty,
    country: CountryCode(packed: 0), contact: .erased, sentAt: .zero)

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self = .blank
    while try reader.next() {
      if try !readSent(&reader), try !readOwn(&reader) { try reader.skip() }
    }
  }

  /// What its sender says.
  private mutating func readSent(_ reader: inout ProtoReader) throws(WireError) -> Bool {
    switch reader.field {
    case 1: id = try reader.identifier()
    case 2: sender = try reader.value()
    case 3: leadClass = try reader.enumeration()
    case 4: origin = try reader.enumeration()
    case 5: source = try reader.enumeration()
    case 6: callToAction = try reader.enumeration()
    case 7: quality = try reader.enumeration()
    case 8: emailValidity = try reader.enumeration()
    case 9: phoneValidity = try reader.enumeration()
    case 10: customerName = try reader.text()
    case 11: country = CountryCode(try reader.slice()) ?? CountryCode(packed: 0)
    case 12: city = try reader.text()
    case 13: contact = try reader.value()
    case 14: wantsContact = try reader.flag()
    case 15: solution = try reader.identifier()
    case 16: solutionName = try reader.text()
    case 17: campaignID = try reader.text()
    case 18: text = try reader.text()
    case 19: sentAt = try reader.time()
    default: return false
    }
    return true
  }

  /// What became of it.
  private mutating func readOwn(_ reader: inout ProtoReader) throws(WireError) -> Bool {
    switch reader.field {
    case 20: version = try reader.unsigned()
    case 21: status = try reader.enumeration()
    case 22: receivedAt = try reader.time()
    case 23: updatedAt = try reader.time()
    case 24: respondBy = try reader.maybeTime()
    case 25: remindAt = try reader.maybeTime()
    case 26: deleteAt = try reader.maybeTime()
    case 27: acceptedAt = try reader.maybeTime()
    case 28: endedAt = try reader.maybeTime()
    case 29: acceptance = try reader.value()
    case 30: closure = try reader.value()
    case 31: outcome = try reader.enumeration()
    case 32: deal = try reader.identifier()
    case 33: possibleDuplicateOf = try reader.identifier()
    default: return false
    }
    return true
  }
}

extension LeadAnswer: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.identifier(1, lead)
    writer.message(2, partner)
    writer.enumeration(3, status)
    writer.time(4, at)
    writer.maybe(5, closure)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(lead: .zero, partner: .blank, status: .expired, at: .zero, closure: nil)
    while try reader.next() {
      switch reader.field {
      case 1: lead = try reader.identifier()
      case 2: partner = try reader.value()
      case 3: status = try reader.enumeration()
      case 4: at = try reader.time()
      case 5: closure = try reader.value()
      default: try reader.skip()
      }
    }
  }
}

extension LeadArrivals: WireMessage {
  package func write(to writer: inout ProtoWriter) {
    writer.signed(1, day)
    writer.unsigned(2, count)
  }

  package init(reading reader: inout ProtoReader) throws(WireError) {
    self.init()
    while try reader.next() {
      switch reader.field {
      case 1: day = try reader.signed()
      case 2: count = try reader.unsigned32()
      default: try reader.skip()
      }
    }
  }
}

/// A changed lead with why, as one message.
struct LeadChange: WireMessage {
  var lead: Lead
  var cause: ChangeCause

  init(lead: Lead, cause: ChangeCause) {
    self.lead = lead
    self.cause = cause
  }

  func write(to writer: inout ProtoWriter) {
    writer.message(1, lead)
    writer.enumeration(2, cause)
  }

  init(reading reader: inout ProtoReader) throws(WireError) {
    self.init(lead: .blank, cause: .patched)
    while try reader.next() {
      switch reader.field {
      case 1: lead = try reader.value()
      case 2: cause = try reader.enumeration()
      default: try reader.skip()
      }
    }
  }
}

extension ReplyCodec {
  /// The answer of GetLead.
  package static func encode(_ row: LeadRow, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    write(row, to: &writer)
    writer.giveBack(to: &output)
  }

  /// The answer of ListLeads.
  package static func encode(_ page: LeadPage, into output: inout [UInt8]) {
    var writer = ProtoWriter(consuming: &output)
    for row in page.rows { write(row, to: &writer) }
    if let next = page.next { writer.identifier(2, next) }
    writer.giveBack(to: &output)
  }

  private static func write(_ row: LeadRow, to writer: inout ProtoWriter) {
    let start = writer.begin(1)
    writer.message(1, row.lead)
    writer.flag(2, row.isFavourite)
    writer.flag(3, row.wantsContactNow)
    writer.end(start)
  }
}

extension FeedCodec {
  /// Writes what an event tells of leads; false when it tells nothing of them.
  static func writeLeads(_ event: Event, to writer: inout ProtoWriter) -> Bool {
    switch event {
    case .leadReceived(let lead): write(lead, .leadReceived, to: &writer)
    case .leadChanged(let lead, let cause): write(lead, cause, to: &writer)
    case .leadsDeleted(let leads):
      for id in leads {
        let start = writer.begin(10)
        writer.identifier(1, id)
        writer.enumeration(3, ChangeCause.leadDeleted)
        writer.end(start)
      }
    case .leadAnswered(let answer): writer.message(11, answer)
    case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
      .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
      .routingSet,
      .solutionPublished,
      .organisationListed, .solutionListed, .realmCreated, .customersListed, .dealCreated,
      .dealChanged, .favouriteSet, .invitationReceived, .dealShown, .answerRecorded,
      .leadFavouriteSet, .messageSent, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet:
      return false
    }
    return true
  }

  private static func write(_ lead: Lead, _ cause: ChangeCause, to writer: inout ProtoWriter) {
    let start = writer.begin(10)
    writer.identifier(1, lead.id)
    writer.unsigned(2, lead.version)
    writer.enumeration(3, cause)
    writer.message(4, lead)
    writer.end(start)
  }
}
