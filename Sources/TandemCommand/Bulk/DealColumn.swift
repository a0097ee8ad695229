// SPDX-License-Identifier: Apache-2.0
// The columns of a file of deals: what each is called, what it holds, and whether an import may change it.

import TandemClient

/// A column; the raw value is its name in a file, the order is the order of an export.
enum DealColumn: String, CaseIterable, Sendable {
  case id, version, name, status, reason, reasonNotes, stage, value, closeDate
  case customer, customerId, street, street2, city, state, postalCode, country, customerSize
  case customerIdentifiers, contacts, shareCustomer, shareWithOthers
  case location, solutions, assessmentLocation, team, owner, tags, crmId, campaignId, notes
  case visibleToVendor, helpCode, notesToVendor
  case kind, direction, initiator, counterparts, solutionNames, customerCategory, respondBy
  case created, updated, accepted, closed, engagement, lead

  /// What an import does with a column.
  enum Use: Sendable {
    /// Says which deal the row is about, and as it was when.
    case place
    /// Says how the deal ends.
    case ending
    /// Changes the deal.
    case changeable
    /// Said when the deal is created and never changed by an import; why not.
    case fixed(rule: String, why: String)
    /// Told by the server.
    case told
  }

  var use: Use {
    switch self {
    case .id, .version: .place
    case .status, .reason, .reasonNotes: .ending
    case .name, .stage, .value, .closeDate, .contacts, .solutions, .team, .owner, .tags, .crmId,
      .campaignId, .notes, .visibleToVendor:
      .changeable
    case .location: .fixed(rule: "R-402", why: "the location of a deal never changes")
    case .customer, .customerId, .street, .street2, .city, .state, .postalCode, .country,
      .customerSize, .customerIdentifiers:
      .fixed(rule: "R-403", why: "the customer of a deal never changes, but for its contacts")
    case .shareCustomer, .shareWithOthers:
      .fixed(rule: "R-403", why: "what the customer allowed is said when a deal is created")
    case .helpCode, .notesToVendor:
      .fixed(rule: "R-205", why: "tandem deal invite asks the vendor for help")
    case .assessmentLocation: .fixed(rule: "R-404", why: "the line of an assessment never changes")
    case .kind, .direction, .initiator, .counterparts, .solutionNames, .customerCategory,
      .respondBy, .created, .updated, .accepted, .closed, .engagement, .lead:
      .told
    }
  }

  var kind: BulkValue.Kind {
    switch self {
    case .id: .id(.deal)
    case .location, .assessmentLocation: .id(.location)
    case .customerId: .id(.customer)
    case .engagement: .id(.engagement)
    case .lead: .id(.lead)
    case .version, .reason, .stage, .customerSize: .number
    case .shareCustomer, .shareWithOthers, .visibleToVendor: .flag
    case .closeDate, .respondBy, .created, .updated, .accepted, .closed: .moment
    case .value: .money
    case .contacts, .team: .people
    case .solutions: .solutions
    case .tags, .customerIdentifiers, .counterparts, .solutionNames: .words
    case .status: .word(Self.words(of: DealStatus.self))
    case .helpCode: .word(Self.words(of: HelpCode.self))
    case .name, .reasonNotes, .customer, .street, .street2, .city, .state, .postalCode, .country,
      .owner, .crmId, .campaignId, .notes, .notesToVendor, .kind, .direction, .initiator,
      .customerCategory:
      .text
    }
  }

  private static func words<Word: WireWord>(of _: Word.Type) -> [String] {
    Word.allCases.filter { $0 != .unspecified }.map(\.rawValue)
  }

  /// What a file without ids must have: every row of it creates a deal.
  static let mandatory: [DealColumn] = [
    .name, .location, .value, .closeDate, .solutions, .team, .shareWithOthers,
  ]

  /// What an export says of a deal in this column, and an import compares with.
  func value(of deal: Deal) -> BulkValue {
    switch use {
    case .told: told(of: deal)
    case .fixed: fixed(of: deal)
    case .place, .ending, .changeable: own(of: deal)
    }
  }

  private func own(of deal: Deal) -> BulkValue {
    switch self {
    case .id: .maybe(deal.id)
    case .version: .number(deal.version)
    case .name: .maybe(deal.name)
    case .status: .maybe(deal.status)
    case .reason: .maybe(deal.closure?.reason ?? 0)
    case .reasonNotes: .maybe(deal.closure?.notes ?? "")
    case .stage: .maybe(deal.stage)
    case .value: deal.value.map(BulkValue.money) ?? .nothing
    case .closeDate: .maybe(deal.closeDate)
    case .contacts: .maybe(people: deal.customer.contacts)
    case .solutions:
      deal.solutions.isEmpty ? .nothing : .solutions(deal.solutions.map(ListedSolution.init))
    case .team: .maybe(people: deal.team)
    case .owner: .maybe(deal.owner?.person.email ?? "")
    case .tags: .maybe(words: deal.tags)
    case .crmId: .maybe(deal.crmID)
    case .campaignId: .maybe(deal.campaignID)
    case .notes: .maybe(deal.notes)
    case .visibleToVendor: .flag(deal.shownTo != nil || deal.vendorCard != nil)
    default: .nothing
    }
  }

  private func fixed(of deal: Deal) -> BulkValue {
    let address = deal.customer.address
    return switch self {
    case .location: .maybe(deal.location)
    case .customer: .maybe(deal.customer.name)
    case .customerId: .maybe(deal.customer.catalogueID)
    case .street: .maybe(address.line1)
    case .street2: .maybe(address.line2)
    case .city: .maybe(address.city)
    case .state: .maybe(address.state)
    case .postalCode: .maybe(address.postalCode)
    case .country: .maybe(address.country)
    case .customerSize: .maybe(deal.customer.size)
    case .customerIdentifiers:
      .maybe(words: deal.customer.identifiers.map(ItemNotation.text(of:)))
    case .shareCustomer: .flag(deal.consent.customerContact)
    case .shareWithOthers: .flag(deal.consent.shareWithOthers)
    case .assessmentLocation: .maybe(deal.solutions.lazy.compactMap(\.assessmentLocation).first)
    case .helpCode: .maybe(deal.vendorCard?.content?.help ?? .unspecified)
    case .notesToVendor: .maybe(deal.vendorCard?.content?.notes ?? "")
    default: .nothing
    }
  }

  private func told(of deal: Deal) -> BulkValue {
    switch self {
    case .kind: .maybe(deal.baseKind)
    case .direction: .maybe(deal.direction)
    case .initiator: .maybe(deal.initiator.name)
    case .counterparts:
      .maybe(words: deal.cards.map { "\($0.organisation.name): \($0.status.rawValue)" })
    case .solutionNames: .maybe(words: deal.solutions.map(\.name))
    case .customerCategory: .maybe(deal.customer.category)
    case .respondBy: .maybe(deal.respondBy)
    case .created: .maybe(deal.createdAt)
    case .updated: .maybe(deal.updatedAt)
    case .accepted: .maybe(deal.acceptedAt)
    case .closed: .maybe(deal.closedAt)
    case .engagement: .maybe(deal.engagement)
    case .lead: .maybe(deal.lead)
    default: .nothing
    }
  }
}

extension Deal {
  /// The vendor's, when it was asked for help.
  fileprivate var vendorCard: Card? { cards.first { $0.kind == .vendor } }
}

extension ListedSolution {
  init(_ line: SolutionLine) {
    self.init(
      id: line.solution, name: line.solution == nil ? line.name : "",
      quantityMilli: line.quantityMilli, price: line.price)
  }
}

extension BulkValue {
  fileprivate static func maybe(_ text: String) -> BulkValue {
    text.isEmpty ? .nothing : .text(text)
  }

  fileprivate static func maybe(_ number: UInt32) -> BulkValue {
    number == 0 ? .nothing : .number(UInt64(number))
  }

  fileprivate static func maybe(_ id: ID?) -> BulkValue { id.map(BulkValue.id) ?? .nothing }

  fileprivate static func maybe(_ moment: Moment?) -> BulkValue {
    moment.map(BulkValue.moment) ?? .nothing
  }

  fileprivate static func maybe(_ word: some WireWord) -> BulkValue {
    word == .unspecified ? .nothing : .text(word.rawValue)
  }

  fileprivate static func maybe(words: [String]) -> BulkValue {
    words.isEmpty ? .nothing : .words(words)
  }

  fileprivate static func maybe(people: [TeamMember]) -> BulkValue {
    people.isEmpty ? .nothing : .people(people.map(\.person))
  }
}
