// SPDX-License-Identifier: Apache-2.0
// A copy of a deal in the model's words: plain fields, and the version in which each changed last.

import TandemDomain
import TandemPrimitives

struct ModelDeal {
  var id: DealID
  var engagement: EngagementID
  var version: UInt64 = 1
  var isInbound: Bool
  var status: DealStatus
  var kind = BaseKind.privateDeal
  var partnerToPartner = false
  var name: Text
  var location: LocationID
  var customer: Customer
  var value: Money
  var closeDate: Timestamp
  var crmID: Text = ""
  var campaignID: Text = ""
  var notes: Text = ""
  var team: [TeamMember] = []
  var solutions: [SolutionLine]
  var consent: Consent
  var stage = SalesStage.created
  var createdBy = UserID.zero
  var createdAt: Timestamp
  var updatedAt: Timestamp
  var acceptedAt: Timestamp?
  var acknowledgedAt: Timestamp?
  var closedAt: Timestamp?
  var respondBy: Timestamp?
  var remindAt: Timestamp?
  var closure: Closure?
  var initiator: OrganisationReference
  var invitation: InvitationContent?
  var cards: [Card] = []
  var sharedView: SharedView?
  /// The desk that reads along.
  var shownTo: OrganisationReference?
  /// The organisation's own words, and the line of who is responsible.
  var tags: [Text] = []
  var owner: UInt32 = 0
  /// Of an assessment: which stages are complete, and since when.
  var assessment: Assessment?
  /// G16: what it was made of; zero for none.
  var lead = LeadID.zero
  /// The number of the next new line.
  var nextLine: UInt32 = 1
  /// By field, the version that changed it last.
  var changedIn: [DealField: UInt64] = [:]
  /// 3.3: somebody was shown the customer's contacts, so they stay.
  var haveContactsBeenShown = false

  /// The vendor reads it and was not invited.
  var isShadow: Bool { isInbound && invitation == nil }
}

extension ModelDeal {
  /// What the server says of a deal.
  init(told deal: Deal) {
    id = deal.id
    engagement = deal.engagement
    version = deal.version
    isInbound = deal.direction == .inbound
    status = deal.status
    kind = deal.baseKind
    partnerToPartner = deal.partnerToPartner
    name = deal.name
    location = deal.location
    customer = deal.customer
    value = deal.value
    closeDate = deal.closeDate
    crmID = deal.crmID
    campaignID = deal.campaignID
    notes = deal.notes
    team = deal.team
    solutions = deal.solutions
    consent = deal.consent
    stage = deal.stage
    createdBy = deal.createdBy
    createdAt = deal.createdAt
    updatedAt = deal.updatedAt
    acceptedAt = deal.acceptedAt
    acknowledgedAt = deal.acknowledgedAt
    closedAt = deal.closedAt
    respondBy = deal.respondBy
    remindAt = deal.remindAt
    closure = deal.closure
    initiator = deal.initiator
    invitation = deal.invitation
    cards = deal.cards
    sharedView = deal.sharedView
    shownTo = deal.shownTo
    tags = deal.tags
    owner = deal.owner
    assessment = deal.assessment
    lead = deal.lead
    nextLine = deal.nextLine
    for entry in deal.fieldVersions { changedIn[entry.field] = entry.version }
  }

  /// Every field that has a history, by its number.
  var fields: [DealField: AnyHashable] {
    [
      .status: status, .baseKind: kind, .partnerToPartner: partnerToPartner, .name: name,
      .location: location, .customer: customer, .value: value, .closeDate: closeDate,
      .crmID: crmID, .campaignID: campaignID, .notes: notes, .team: team, .solutions: solutions,
      .consent: consent, .stage: stage, .acceptedAt: acceptedAt, .acknowledgedAt: acknowledgedAt,
      .closedAt: closedAt, .respondBy: respondBy, .closure: closure, .invitation: invitation,
      .cards: cards, .sharedView: sharedView, .shownTo: shownTo, .remindAt: remindAt,
      .assessment: assessment, .tags: tags, .owner: owner,
    ]
  }

  /// The same deal after a change; itself when nothing differs.
  func changed(into next: ModelDeal, at now: Timestamp) -> ModelDeal {
    let before = fields
    let moved = next.fields.filter { before[$0.key] != $0.value }
    guard !moved.isEmpty else { return self }
    var after = next
    after.version = version + 1
    after.updatedAt = now
    for field in moved.keys { after.changedIn[field] = after.version }
    return after
  }

  /// Names what differs, with both values; empty when nothing does.
  func differences(from told: ModelDeal) -> [String] {
    var found: [String] = []
    let other = told.fields
    for (field, value) in fields.sorted(by: { $0.key < $1.key }) where other[field] != value {
      found.append("\(field) is \(other[field] ?? AnyHashable("absent")), expected \(value)")
    }
    func compare(_ word: String, _ mine: some Equatable, _ theirs: some Equatable) {
      let one = "\(mine)"
      let two = "\(theirs)"
      if one != two { found.append("\(word) is \(two), expected \(one)") }
    }
    compare("version", version, told.version)
    compare("engagement", engagement, told.engagement)
    compare("direction", isInbound, told.isInbound)
    compare("created by", createdBy, told.createdBy)
    compare("created at", createdAt, told.createdAt)
    compare("updated at", updatedAt, told.updatedAt)
    compare("initiator", initiator.id, told.initiator.id)
    compare("lead", lead, told.lead)
    compare("next line", nextLine, told.nextLine)
    for field in DealField.allCases where changedIn[field] != told.changedIn[field] {
      found.append(
        "\(field) changed in version \(told.changedIn[field] ?? 0), expected "
          + "\(changedIn[field] ?? 0)")
    }
    return found
  }

  // MARK: Lines

  /// The number of a new line.
  mutating func number() -> UInt32 {
    nextLine += 1
    return nextLine - 1
  }

  /// Members with numbers where they had none.
  mutating func numbered(_ members: [TeamMember]) -> [TeamMember] {
    members.map { TeamMember(line: $0.line == 0 ? number() : $0.line, person: $0.person) }
  }

  mutating func numbered(_ lines: [SolutionLine]) -> [SolutionLine] {
    lines.map { line in
      var line = line
      if line.line == 0 { line.line = number() }
      return line
    }
  }

  // MARK: What others see

  /// G10, section 11: what an invited organisation sees of this deal; its invitation's team before it
  /// accepts, and the whole deal if it is the vendor (G15).
  func view(for receiver: TenantID) -> SharedView {
    var view = SharedView(
      team: [], customerContacts: customer.contacts, participants: [], initiatorStatus: status)
    view.baseKind = kind
    view.partnerToPartner = partnerToPartner
    guard let card = cards.last(where: { $0.organisation.id == receiver }) else { return view }
    if [.pending, .received].contains(card.status) {
      view.team = card.content.team
    } else {
      view.team = team
      view.participants = participants.filter { $0.id != receiver }
    }
    if card.organisationKind == .vendor {
      view.notes = notes
      view.details = DealDetails(
        name: name, value: value, closeDate: closeDate, stage: stage, solutions: solutions)
    }
    return view
  }

  /// What it is told when something changes: before a partner's yes nothing of the kind of the deal.
  func news(for receiver: TenantID) -> SharedView {
    var view = view(for: receiver)
    let card = cards.last { $0.organisation.id == receiver }
    if let card, card.status.isNew, card.organisationKind == .partner {
      view.baseKind = nil
      view.partnerToPartner = false
    }
    return view
  }

  /// G11: who is invited and has not said no can reach the customer; half a contact may be completed.
  mutating func showContacts() {
    let isSomebodyThere = cards.contains { [.pending, .received, .accepted].contains($0.status) }
    if !isInbound, isSomebodyThere, ModelTurn.areReachable(customer.contacts) {
      haveContactsBeenShown = true
    }
  }

  /// Everybody who accepted, whatever became of it.
  var participants: [OrganisationReference] {
    cards.filter { [.accepted, .won, .lost, .error].contains($0.status) }.map(\.organisation)
  }

  /// Contacts travel apart, numbers from one's own books not at all.
  var customerForOthers: Customer {
    var customer = customer
    customer.contacts = []
    customer.identifiers = customer.identifiers.filter { $0.scheme == .duns }
    return customer
  }
}
