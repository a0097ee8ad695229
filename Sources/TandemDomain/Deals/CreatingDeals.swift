// SPDX-License-Identifier: Apache-2.0
// Creating a deal of one's own (T1, R-102 to R-112). Asking the vendor for help makes it a co-sell
// deal, letting it read along a partner-led one, and it reads every assessment: the vendor's desk is told in
// the same commit.

import TandemPrimitives

package enum CreatingDeals {
  package static func decide(
    _ command: CreateDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    guard let organisation = state.organisation else { throw .organisationMissing }
    let location = state.locations[command.location]
    let facts = location.map {
      DealFacts(
        location: $0.id, isGlobalLocation: $0.isGlobal, direction: .outbound, isOnTeam: true)
    }
    guard caller.may(.create, facts) else { throw state.denied(caller, "R-101") }
    try requireSomethingToSell(organisation, state)
    let customers = context.directory.customers
    var command = command
    try check(
      &command, organisation, customers, SolutionShelf(organisation, state, context.directory),
      state.locations, context.now)
    command.customer = customers.filled(command.customer)
    guard let value = command.value, let closeDate = command.closeDate else {
      preconditionFailure("checked above")
    }
    let desk = try vendorDesk(command, organisation, state, context.directory)
    let warnings =
      try warnings(command)
      + Duplicates.warnings(
        selling: command.solutions, to: command.customer, caller, state, deals)
    if command.validateOnly {
      return Decision(events: [], answer: .deal(id: .zero, version: 0, warnings: warnings))
    }
    var deal = blank(command, value, closeDate, organisation, caller.id, &context)
    deal.lead = command.lead
    deal.numberTeam()
    deal.numberContacts()
    deal.numberSolutions()
    deal.tags = command.tags
    deal.own(by: command.ownerEmail)
    let events = events(creating: deal, command, desk, organisation, state, &context)
    return Decision(events: events, answer: .deal(id: deal.id, version: 1, warnings: warnings))
  }

  /// a partner that sells nothing with others has no deals.
  private static func requireSomethingToSell(
    _ organisation: Organisation, _ state: TenantState
  ) throws(Rejection) {
    guard organisation.kind == .partner,
      !state.solutions.values.contains(where: { $0.isActive && $0.isCoSellReady })
    else { return }
    throw Rejection(
      .failedPrecondition, "NOTHING_TO_SELL",
      "your organisation has no active co-sell-ready solution; publish one first (R-101)",
      rules: ["R-101"])
  }

  private static func events(
    creating deal: Deal, _ command: CreateDeal, _ desk: OrganisationEntry?,
    _ organisation: Organisation, _ state: TenantState, _ context: inout CommandContext
  ) -> [Event] {
    guard let desk else { return [.dealCreated(deal)] }
    var deal = deal
    let message: Message
    if let help = command.help {
      message = Inviting.ask(
        desk, for: help, notes: command.notesToVendor, with: &deal, organisation, state,
        context.now)
    } else {
      if command.solutions.sellAssessment {
        ShadowCopies.show(&deal, to: desk, as: .solutionAssessment)
        deal.assessment = Assessment(completed: [])
      } else {
        ShadowCopies.show(&deal, to: desk)
      }
      message = .dealShown(ShadowCopies.view(of: deal))
    }
    var events: [Event] = [.dealCreated(deal)]
    events.send(message, to: desk.id, state)
    if let card = deal.cards.last {
      events.acknowledgeInvitation(of: deal, to: card, state, &context)
    }
    return events
  }

  /// What the answer says about the invitation that was made from the deal.
  private static func warnings(_ command: CreateDeal) -> [Warning] {
    guard let help = command.help else { return [] }
    let filled = Warning(
      "PREFILLED", "taken from the deal: close_date, solution_lines, team_lines, value")
    return [filled] + [Warning.unexplained(help, by: command.notesToVendor)].compactMap(\.self)
  }

  /// Whom the vendor has for this customer, when it shall help or read along.
  private static func vendorDesk(
    _ command: CreateDeal, _ organisation: Organisation, _ state: TenantState,
    _ directory: RealmDirectory
  ) throws(Rejection) -> OrganisationEntry? {
    #if TANDEM_PLANTED_BUGS
      let isShown = PlantedBug.privateDealShown.isActive || command.visibleToVendor
    #else
      let isShown = command.visibleToVendor
    #endif
    guard command.help != nil || isShown || command.solutions.sellAssessment else { return nil }
    let desk = try Inviting.vendorDesk(for: command.customer, organisation, directory)
    try state.requireOutboxRoom(desk.id)
    return desk
  }

  /// Everything that a request which says nothing but this is told to say.
  static func problems(ofNothingWith help: HelpCode?, _ state: TenantState) -> [Violation] {
    guard let organisation = state.organisation else { return [] }
    var nothing = CreateDeal.nothing(help: help)
    return Violations.found { () throws(Rejection) in
      try check(
        &nothing, organisation, CustomerCatalogue(),
        SolutionShelf(organisation, state, RealmDirectory()), state.locations, nil)
    }
  }

  private static func check(
    _ command: inout CreateDeal, _ organisation: Organisation, _ customers: CustomerCatalogue,
    _ shelf: SolutionShelf, _ locations: [LocationID: Location], _ now: Timestamp?
  ) throws(Rejection) {
    var violations = Violations(at: now)
    violations.require(command.name, "name", "R-105", max: Limits.nameBytes)
    if command.location.isZero {
      violations.add(
        "location_id", "R-105", "is required; give one of your organisation's locations")
    } else if locations[command.location] == nil {
      violations.add(
        "location_id", "LOCATION_UNKNOWN", "\(command.location) is no location of your organisation"
      )
    }
    violations.checkCustomer(command.customer, pickedFrom: customers)
    violations.checkContacts(command.customer.contacts, "customer.contacts")
    violations.require(command.value, "value", "R-105")
    violations.requireCloseDate(command.closeDate, "close_date_ms", "R-105")
    violations.limit(command.crmID, "crm_id", max: Limits.externalIDBytes)
    violations.limit(command.campaignID, "campaign_id", max: Limits.externalIDBytes)
    violations.limit(command.notes, "notes", max: Limits.notesBytes)
    violations.checkTeam(command.team, "team", atLeast: 1)
    violations.checkSolutions(command.solutions, "solutions")
    for index in command.solutions.indices.prefix(Limits.solutions) {
      command.solutions[index] = shelf.take(
        command.solutions[index], "solutions[\(index)]", &violations)
    }
    violations.checkTags(command.tags, "tags")
    _ = violations.requireOwner(command.ownerEmail, in: command.team)
    violations.requireUnnumbered(command.team.lazy.map(\.line), "team")
    violations.requireUnnumbered(command.customer.contacts.lazy.map(\.line), "customer.contacts")
    violations.requireUnnumbered(command.solutions.lazy.map(\.line), "solutions")
    violations.checkAssessment(command, organisation, locations)
    if !command.solutions.sellAssessment { checkHelp(command, organisation, &violations) }
    if !command.consent.shareWithOthers {
      violations.add(
        "consent.share_with_others", "CONSENT_MISSING",
        "must be true; a deal may later be shown to organisations that you invite",
        rules: ["R-104"])
    }
    try violations.throwIfAny()
  }

  /// help is asked of who may see the deal and reach the customer.
  private static func checkHelp(
    _ command: CreateDeal, _ organisation: Organisation, _ violations: inout Violations
  ) {
    violations.limit(command.notesToVendor, "notes_to_vendor", max: Limits.notesBytes)
    guard command.help != nil else {
      if organisation.kind == .vendor, command.visibleToVendor {
        violations.add("visible_to_vendor", "INVITEE_SELF", "is about the vendor, and you are it")
      }
      if !command.notesToVendor.isEmpty {
        violations.add(
          "notes_to_vendor", "R-205", "are read only with help; say which kind of help you want")
      }
      return
    }
    if organisation.kind == .vendor {
      violations.add("help", "INVITEE_SELF", "is the vendor's to give, and you are the vendor")
    }
    if !command.visibleToVendor {
      violations.add(
        "visible_to_vendor", "R-201", "must be true with help; the vendor sees what it helps with")
    }
    violations.requireContact(of: command.customer, command.consent)
  }

  private static func blank(
    _ command: CreateDeal, _ value: Money, _ closeDate: Timestamp, _ organisation: Organisation,
    _ user: UserID, _ context: inout CommandContext
  ) -> Deal {
    let now = context.now
    return Deal(
      id: context.fresh.next(at: now), engagement: context.fresh.next(at: now), version: 1,
      direction: .outbound, status: .accepted, baseKind: .privateDeal, partnerToPartner: false,
      name: command.name, location: command.location, customer: Lazily(command.customer),
      value: Lazily(value),
      closeDate: closeDate, crmID: command.crmID, campaignID: command.campaignID,
      notes: command.notes, team: Lazily(command.team), solutions: Lazily(command.solutions),
      consent: Lazily(command.consent), stage: .created, createdAt: now, updatedAt: now,
      acceptedAt: now,
      acknowledgedAt: nil, closedAt: nil, respondBy: nil, closure: Rare(nil),
      initiator: Lazily(OrganisationReference(id: organisation.id, name: organisation.name)),
      invitation: Rare(nil), cards: Lazily([]), sharedView: Rare(nil), createdBy: user, nextLine: 1,
      fieldVersions: Lazily([]))
  }
}

extension CreateDeal {
  /// A request that says nothing, or only which help is wanted.
  static func nothing(help: HelpCode?) -> CreateDeal {
    CreateDeal(
      name: .empty, location: .zero, customer: .nobody, value: nil, closeDate: nil, crmID: .empty,
      campaignID: .empty, notes: .empty, team: [], solutions: [],
      consent: Consent(customerContact: false, shareWithOthers: false), visibleToVendor: false,
      help: help, validateOnly: true)
  }
}

extension Rejection {
  package static let organisationMissing = Rejection(
    .failedPrecondition, "ORGANISATION_MISSING", "this organisation has not been registered")
}
