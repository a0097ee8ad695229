// SPDX-License-Identifier: Apache-2.0
// Creating in the model: what 8.1 demands, and the kind that follows from help and visibility (2.1).

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func create(_ asked: CreateDeal) {
    guard let caller else { return }
    refuse("ROLE_MISSING", if: !own.mayCreate(caller, at: asked.location))
    let sells = own.solutions.values.contains { $0.isActive && $0.isCoSellReady }
    refuse("NOTHING_TO_SELL", if: own.kind == .partner && !sells)
    checkTerms(asked)
    checkTags(asked.tags)
    let isAssessment = asked.solutions.contains { self.isAssessment($0.solution) }
    if isAssessment { checkAssessment(asked) } else { checkHelp(asked) }
    var deal = blank(asked, caller)
    deal.team = deal.numbered(asked.team)
    deal.tags = asked.tags
    deal.owner = responsible(asked.ownerEmail, deal.team)
    deal.customer.contacts = deal.numbered(deal.customer.contacts)
    deal.solutions = deal.numbered(asked.solutions.map { taken($0) })
    checkDuplicates(of: deal.customer, selling: asked.solutions, besides: deal.id)
    guard isAssessment || asked.help != nil || asked.visibleToVendor else { return put(deal) }
    let country = deal.customer.address.country
    guard let desk = world.desk(for: country, seenFrom: own.realm), own.kind == .partner else {
      return refuse("NO_VENDOR_DESK", if: own.kind == .partner)
    }
    if let help = asked.help {
      let content = InvitationContent(
        closeDate: deal.closeDate, value: deal.value, notes: asked.notesToVendor, help: help,
        team: deal.team, solutions: deal.solutions, sentAt: now,
        respondBy: now.advanced(by: own.policy.answerWindow))
      invite(desk, to: &deal, content)
    } else {
      deal.kind = isAssessment ? .solutionAssessment : .partnerLed
      if isAssessment { deal.assessment = Assessment(completed: []) }
      deal.shownTo = desk.reference
      send(.shadow(deal), to: desk.id)
    }
    put(deal)
    if asked.help != nil { noticeInvitation(deal) }
  }

  private mutating func blank(_ asked: CreateDeal, _ caller: ModelUser) -> ModelDeal {
    let (id, engagement) = beginDeal()
    return ModelDeal(
      id: id, engagement: engagement, isInbound: false, status: .accepted, name: asked.name,
      location: asked.location, customer: picked(asked.customer),
      value: asked.value ?? Money(units: 0, nanos: 0, currency: CurrencyCode(packed: 0)),
      closeDate: asked.closeDate ?? .zero, crmID: asked.crmID, campaignID: asked.campaignID,
      notes: asked.notes, solutions: [], consent: asked.consent, createdBy: caller.id,
      createdAt: now, updatedAt: now, acceptedAt: now, initiator: own.reference)
  }

  /// the catalogue says who a picked customer is.
  private func picked(_ customer: Customer) -> Customer {
    guard let listed = world.customers[own.realm]?[customer.catalogueID] else { return customer }
    var picked = customer
    picked.name = listed.name
    picked.address = listed.address
    picked.size = listed.size
    picked.category = listed.category
    picked.identifiers =
      listed.duns.isEmpty ? [] : [CustomerIdentifier(scheme: .duns, value: listed.duns)]
    return picked
  }

  private mutating func checkTerms(_ asked: CreateDeal) {
    complain("R-105", if: asked.name.isEmpty)
    if asked.location.isZero {
      complain("R-105")
    } else {
      complain("LOCATION_UNKNOWN", if: own.locations[asked.location] == nil)
    }
    complain("R-105", if: asked.value == nil)
    complain("R-105", if: asked.closeDate == nil)
    complain("R-106", if: asked.team.isEmpty)
    checkPeople(asked.team, "R-106")
    complain("R-107", if: asked.solutions.isEmpty)
    for line in asked.solutions { checkSolution(line) }
    let isPicked = !asked.customer.catalogueID.isZero
    let listed = world.customers[own.realm]?[asked.customer.catalogueID]
    complain("CUSTOMER_UNKNOWN", if: isPicked && listed == nil)
    complain("R-102", if: !isPicked && asked.customer.name.isEmpty)
    if !isPicked { checkIdentifiers(asked.customer.identifiers) }
    checkContacts(asked.customer.contacts)
    complain("CONSENT_MISSING", if: !asked.consent.shareWithOthers)
  }

  /// nine digits, once.
  private mutating func checkIdentifiers(_ identifiers: [CustomerIdentifier]) {
    let duns = identifiers.filter { $0.scheme == .duns }.map(\.value.string)
    complain("R-102", if: duns.contains { $0.count != 9 || !$0.allSatisfy("0123456789".contains) })
    let others = identifiers.filter { $0.scheme != .duns }.map(\.value)
    complain("IDENTIFIER_TWICE", if: duns.count > 1 || Set(others).count < others.count)
  }

  /// name, phone and e-mail, all three.
  mutating func checkPeople(_ people: [TeamMember], _ rule: String) {
    for member in people { complain(rule, if: Self.parts(of: member).contains(where: \.isEmpty)) }
  }

  /// at least something of them.
  mutating func checkContacts(_ contacts: [TeamMember]) {
    complain("R-103", if: contacts.contains { Self.parts(of: $0).allSatisfy(\.isEmpty) })
  }

  /// whom the vendor may call and write to.
  static func areReachable(_ contacts: [TeamMember]) -> Bool {
    contacts.contains { parts(of: $0).allSatisfy { !$0.isEmpty } }
  }

  private static func parts(of member: TeamMember) -> [Text] {
    let person = member.person
    return [person.firstName, person.lastName, person.phone, person.email]
  }

  /// scenario 3.
  private mutating func checkHelp(_ asked: CreateDeal) {
    if own.kind == .vendor {
      complain("INVITEE_SELF", if: asked.visibleToVendor || asked.help != nil)
    }
    guard asked.help != nil else {
      return complain("R-205", if: !asked.notesToVendor.isEmpty)
    }
    complain("R-201", if: !asked.visibleToVendor)
    complain("R-103", if: !Self.areReachable(asked.customer.contacts))
    complain("R-104", if: !asked.consent.customerContact)
  }

  /// 2.1, 7: one line, made at a place of one's own, by who is vetted, without questions
  /// about the vendor.
  private mutating func checkAssessment(_ asked: CreateDeal) {
    complain("NOT_VETTED", if: !own.isVetted)
    complain("R-109", if: asked.solutions.count > 1)
    let isAsked = asked.help != nil || asked.visibleToVendor || !asked.notesToVendor.isEmpty
    complain("NOT_FOR_ASSESSMENTS", if: isAsked)
    for line in asked.solutions where isAssessment(line.solution) {
      let place = line.assessmentLocation
      complain("R-109", if: place.isZero)
      complain("LOCATION_UNKNOWN", if: !place.isZero && own.locations[place] == nil)
    }
  }

  // MARK: Solutions

  func isAssessment(_ id: SolutionID) -> Bool {
    (own.solutions[id] ?? listed(id)?.0)?.type == .assessment
  }

  /// from the catalogue, still sold, co-sell ready where it is the partner's own.
  mutating func checkSolution(_ line: SolutionLine) {
    guard !line.solution.isZero else { return complain("R-107") }
    complain("R-109", if: !line.assessmentLocation.isZero && !isAssessment(line.solution))
    if let solution = own.solutions[line.solution] {
      complain("SOLUTION_INACTIVE", if: !solution.isActive)
      complain("R-108", if: solution.isActive && !solution.isCoSellReady && own.kind == .partner)
      return
    }
    if world.unsettled.contains(line.solution) { return doubt("SOLUTION_UNKNOWN") }
    guard let (solution, owner) = listed(line.solution) else {
      return complain("SOLUTION_UNKNOWN")
    }
    if world.reviewed.contains(owner.id) { return doubt("SOLUTION_UNKNOWN") }
    complain("SOLUTION_UNKNOWN", if: !owner.offers(solution))
  }

  private func listed(_ id: SolutionID) -> (Solution, ModelOrganisation)? {
    guard let solution = world.catalogue[id], let owner = world.organisations[solution.owner],
      owner.realm == own.realm
    else { return nil }
    return (solution, owner)
  }

  /// A new line with what the catalogue says: its name, and whose it is for this organisation.
  func taken(_ line: SolutionLine) -> SolutionLine {
    var taken = line
    if let solution = own.solutions[line.solution] {
      taken.name = solution.name
      taken.group = .ownCompany
    } else if let (solution, owner) = listed(line.solution) {
      taken.name = solution.name
      taken.group =
        owner.kind == .vendor ? (own.kind == .vendor ? .ownCompany : .vendor) : .otherThirdParty
    }
    if isAssessment(line.solution) { taken.group = .assessment }
    return taken
  }

  // MARK: Duplicates

  /// U07: open, the caller may see it, the same customer, and something that both sell.
  mutating func checkDuplicates(
    of customer: Customer, selling lines: [SolutionLine], besides id: DealID
  ) {
    guard own.policy.duplicates == .refuse, let caller else { return }
    let twin = own.deals.values.contains { deal in
      deal.id != id && !deal.status.isTerminal && own.mayRead(caller, deal)
        && isSame(deal.customer, customer)
        && deal.solutions.contains { sold in lines.contains { $0.solution == sold.solution } }
    }
    refuse("POSSIBLE_DUPLICATE", if: twin)
  }

  private func isSame(_ one: Customer, _ other: Customer) -> Bool {
    let numbers = [one, other].map { customer in
      Set(customer.identifiers.filter { $0.scheme == .duns }.map(\.value))
    }
    if !numbers.contains(where: \.isEmpty) { return !numbers[0].isDisjoint(with: numbers[1]) }
    return one.address.country == other.address.country
      && one.name.string.lowercased().filter { $0.isLetter || $0.isNumber }
        == other.name.string.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
