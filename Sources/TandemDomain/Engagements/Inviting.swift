// SPDX-License-Identifier: Apache-2.0
// Inviting a partner or a vendor desk, by one code (R-103, R-104, R-201 to R-207, G08, G21, G22).

import TandemPrimitives

package enum Inviting {
  package static func decide(
    _ command: InviteToDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let before = try state.deal(command.deal, for: .invite, context, deals)
    var deal = before
    guard let organisation = state.organisation else { throw .organisationMissing }
    try standing(of: deal).throwFirst()
    // Given with the invitation, and kept: consent is never taken back (domain.md 3.6).
    if command.customerConsent { deal.consent.customerContact = true }
    let invitee = try invitee(command, deal, organisation, context.directory, context.now)
    let policy = state.realm?.policy ?? .standard
    try place(for: invitee, in: deal, policy).throwFirst()
    try check(command, deal, invitee.kind, context.now)
    guard let help = command.help else { preconditionFailure("checked above") }
    let warnings = warnings(command, help)
    try state.requireOutboxRoom(invitee.id)
    if command.validateOnly {
      return Decision(
        events: [], answer: .deal(id: deal.id, version: deal.version, warnings: warnings))
    }
    let content = content(command, help, deal, policy, context.now)
    let card = invite(invitee, to: &deal, content, organisation)
    guard
      let changed = before.change(
        to: deal, in: FieldMask([.baseKind, .partnerToPartner, .consent, .cards, .shownTo]),
        .invitationSent, at: context.now)
    else { preconditionFailure("a new card is a change") }
    var events = [changed]
    events.send(message(deal, card, organisation), to: invitee.id, state)
    try SharedViews.tell(before, deal, &events, state, context.now)
    try ShadowCopies.tell(before, deal, &events, state)
    events.acknowledgeInvitation(of: deal, to: card, state, &context)
    return Decision(
      events: events, answer: .deal(id: deal.id, version: deal.version + 1, warnings: warnings))
  }

  /// Asks the vendor's desk for help with a deal that is being created: its first state has the card.
  static func ask(
    _ desk: OrganisationEntry, for help: HelpCode, notes: Text, with deal: inout Deal,
    _ organisation: Organisation, _ state: TenantState, _ now: Timestamp
  ) -> Message {
    let command = InviteToDeal(
      deal: deal.id, invitee: .organisation(desk.id), help: help, value: nil, closeDate: nil,
      notes: notes, teamLines: [], solutionLines: deal.solutions.map(\.line), validateOnly: false)
    let content = content(command, help, deal, state.realm?.policy ?? .standard, now)
    let card = invite(desk, to: &deal, content, organisation)
    return message(deal, card, organisation)
  }

  /// R-207, G18, G21: no chains.
  static func requireInitiator(_ deal: Deal) throws(Rejection) {
    guard deal.direction == .inbound else { return }
    throw Rejection(
      .failedPrecondition, "NOT_INITIATOR",
      "only \(deal.initiator.name.string), who started this deal, may invite to it (R-207)",
      rules: ["R-207"])
  }

  /// Who is invited; one that cannot be is told together with all else that is wrong with the request.
  private static func invitee(
    _ command: InviteToDeal, _ deal: Deal, _ organisation: Organisation,
    _ directory: RealmDirectory, _ now: Timestamp
  ) throws(Rejection) -> OrganisationEntry {
    var kind: OrganisationKind?
    do throws(Rejection) {
      switch command.invitee {
      case .organisation(let id):
        if id != organisation.id { kind = directory.organisations[id]?.kind }
        return try named(id, deal, organisation, directory)
      case .vendorDesk:
        if organisation.kind != .vendor { kind = .vendor }
        return try vendorDesk(of: deal, organisation, directory)
      }
    } catch {
      guard error.code == .invalidArgument else { throw error }
      try check(command, deal, kind, now, besides: error.violations)
      throw error
    }
  }

  /// The desk that reads along already, else the one for the customer: the vendor is one party.
  static func vendorDesk(
    of deal: Deal, _ organisation: Organisation, _ directory: RealmDirectory
  ) throws(Rejection) -> OrganisationEntry {
    if let desk = deal.shownTo, let entry = directory.organisations[desk.id] { return entry }
    return try vendorDesk(for: deal.customer, organisation, directory)
  }

  /// The desk that is asked for help with a customer (product.md 3, ruling 1).
  static func vendorDesk(
    for customer: Customer, _ organisation: Organisation, _ directory: RealmDirectory
  ) throws(Rejection) -> OrganisationEntry {
    guard organisation.kind != .vendor else {
      throw .invalid(
        "to_vendor", "INVITEE_SELF", "you are the vendor; name an organisation to invite",
        rules: ["ruling 1"])
    }
    guard let desk = directory.desk(for: customer.address.country) else {
      throw Rejection(
        .failedPrecondition, "NO_VENDOR_DESK",
        "no desk of the vendor is for customers in \(customer.address.country.text); ask the operator "
          + "of this realm", rules: ["ruling 1"])
    }
    return desk
  }

  private static func named(
    _ id: TenantID, _ deal: Deal, _ organisation: Organisation, _ directory: RealmDirectory
  ) throws(Rejection) -> OrganisationEntry {
    let field = "organisation_id"
    if id == organisation.id {
      throw .invalid(
        field, "INVITEE_SELF", "is your own organisation; name another", rules: ["section 7"])
    }
    guard let entry = directory.organisations[id], entry.kind != .directory else {
      throw .invalid(
        field, "INVITEE_UNKNOWN", "\(id) is no organisation of this realm", rules: ["ruling 5"])
    }
    if entry.kind == .partner, !(entry.inEcosystem && entry.transacts) {
      throw .invalid(
        field, "R-204", "does not take part in co-selling; search for one that does")
    }
    if entry.kind == .vendor, organisation.kind != .vendor {
      let desk = try vendorDesk(of: deal, organisation, directory)
      if desk.id != id {
        throw .invalid(
          field, "DESK_OF_OTHERS",
          "\(entry.name) is not for customers in \(deal.customer.address.country.text); "
            + "\(desk.name) is, or use to_vendor", rules: ["ruling 1"])
      }
    }
    return entry
  }

  /// A partner is invited once; the vendor again after a no, as often as the realm lets it be asked.
  private static func requireNotInvited(
    _ invitee: OrganisationEntry, to deal: Deal, _ policy: RealmPolicy
  ) throws(Rejection) {
    guard let card = deal.lastCard(of: invitee) else { return }
    let retries = policy.vendorRetries
    guard invitee.kind == .vendor, retries > 0 else {
      throw Rejection(
        .failedPrecondition, "ALREADY_INVITED",
        "\(card.organisation.name) was invited before and is \(card.status); a partner and the vendor "
          + "are invited once per deal, ask again on a new deal (G08)", rules: ["G08"],
        until: .invited)
    }
    let asked = deal.cards.count { $0.organisationKind == .vendor }
    guard card.saidNo else {
      throw Rejection(
        .failedPrecondition, "ALREADY_INVITED",
        "\(card.organisation.name) was invited before and is \(card.status); the vendor is asked again "
          + "after its no only (G08)", rules: ["G08"],
        // Who has not answered may still say no.
        until: card.status.isNew && asked <= Int(retries) ? nil : .invited)
    }
    guard asked <= Int(retries) else {
      throw Rejection(
        .failedPrecondition, "ALREADY_INVITED",
        "the vendor was asked \(asked) times and said no each time, which is the most in this realm; "
          + "ask again on a new deal (G08)", rules: ["G08"], until: .invited)
    }
  }

  /// What keeps the vendor from being asked for help, in the order in which a request asks it; the
  /// customer's consent may come with the invitation.
  static func refusalsOfAsking(
    _ deal: Deal, _ state: TenantState, _ directory: RealmDirectory
  ) -> Refusals {
    var refusals = standing(of: deal)
    // The rest of an inbound copy is its initiator's affair.
    guard deal.direction == .outbound, let organisation = state.organisation else {
      return refusals
    }
    var desk: OrganisationEntry?
    refusals.ask { () throws(Rejection) in
      desk = try vendorDesk(of: deal, organisation, directory)
    }
    refusals.add(place(for: desk, in: deal, state.realm?.policy ?? .standard).found)
    refusals.ask { () throws(Rejection) in
      var violations = Violations()
      violations.requireSharing(deal.consent)
      if organisation.kind != .vendor {
        var consent = deal.consent
        consent.customerContact = true
        violations.requireContact(of: deal.customer, consent)
      }
      try violations.throwIfAny()
    }
    return refusals
  }

  /// What keeps anybody from being invited, in the order in which a request asks it.
  static func refusals(of deal: Deal, _ state: TenantState) -> Refusals {
    var refusals = standing(of: deal)
    guard deal.direction == .outbound else { return refusals }
    refusals.add(place(for: nil, in: deal, state.realm?.policy ?? .standard).found)
    refusals.ask { () throws(Rejection) in
      var violations = Violations()
      violations.requireSharing(deal.consent)
      try violations.throwIfAny()
    }
    return refusals
  }

  /// What must hold whoever is invited.
  private static func standing(of deal: Deal) -> Refusals {
    var refusals = Refusals()
    refusals.ask { () throws(Rejection) in try requireInitiator(deal) }
    refusals.ask { () throws(Rejection) in try deal.requireAccepted(to: .invite) }
    refusals.ask { () throws(Rejection) in try deal.requireNoAssessment() }
    return refusals
  }

  /// Whether the deal has a place for an invitee; nil while that is unknown.
  private static func place(
    for invitee: OrganisationEntry?, in deal: Deal, _ policy: RealmPolicy
  ) -> Refusals {
    var refusals = Refusals()
    refusals.ask { () throws(Rejection) in try requireRoom(for: invitee, in: deal, policy) }
    if let invitee {
      refusals.ask { () throws(Rejection) in try requireNotInvited(invitee, to: deal, policy) }
    }
    return refusals
  }

  /// Who is asked again takes no other's place.
  private static func requireRoom(
    for invitee: OrganisationEntry?, in deal: Deal, _ policy: RealmPolicy
  ) throws(Rejection) {
    let max = min(Int(policy.counterpartsMax), Limits.counterparts)
    if let invitee, invitee.kind == .vendor, deal.lastCard(of: invitee)?.saidNo == true { return }
    let count = deal.counterpartCount
    guard count >= max else { return }
    throw Rejection(
      .failedPrecondition, "COUNTERPARTS_FULL",
      "\(count) organisations are invited, at most \(max) may be (G24)", rules: ["G24"])
  }

  /// What depends on whom is invited is not asked while that is unknown.
  private static func check(
    _ command: InviteToDeal, _ deal: Deal, _ invitee: OrganisationKind?, _ now: Timestamp,
    besides found: [Violation] = []
  ) throws(Rejection) {
    var violations = Violations(at: now)
    for violation in found { violations.add(violation) }
    checkContent(command, invitee, &violations)
    violations.checkLines(
      command.solutionLines, known: deal.solutions.map(\.line), "solution_lines")
    violations.checkLines(command.teamLines, known: deal.team.map(\.line), "team_lines")
    violations.requireSharing(deal.consent)
    if invitee == .vendor {
      violations.requireContact(of: deal.customer, deal.consent)
    }
    try violations.throwIfAny()
  }

  /// What can be wrong with an invitation whatever the deal.
  ///
  /// A partner has a share of its own; the vendor helps with the whole deal, whose value is known.
  private static func checkContent(
    _ command: InviteToDeal, _ invitee: OrganisationKind?, _ violations: inout Violations
  ) {
    if command.help == nil {
      violations.add("help", "R-205", "is required; say which kind of help you want")
    }
    if let value = command.value {
      violations.check(value, "value")
    } else if invitee == .partner {
      violations.add("value", "R-205", "is required; say what the partner's share is worth")
    }
    if let date = command.closeDate { violations.requireCloseDate(date, "close_date_ms", "R-205") }
    violations.limit(command.notes, "notes", max: Limits.notesBytes)
    if command.solutionLines.isEmpty {
      violations.add("solution_lines", "R-205", "needs at least one solution line of the deal")
    }
  }

  /// Everything that an invitation which says nothing is told to say.
  static func problemsOfNothing(to invitee: OrganisationKind) -> [Violation] {
    var violations = Violations()
    let nothing = InviteToDeal(
      deal: .zero, invitee: .vendorDesk, help: nil, value: nil, closeDate: nil, notes: .empty,
      teamLines: [], solutionLines: [], validateOnly: true)
    checkContent(nothing, invitee, &violations)
    return violations.found
  }

  private static func warnings(_ command: InviteToDeal, _ help: HelpCode) -> [Warning] {
    var warnings: [Warning] = []
    var filled: [String] = []
    if command.closeDate == nil { filled.append("close_date_ms") }
    if command.teamLines.isEmpty { filled.append("team_lines") }
    if command.value == nil { filled.append("value") }
    if !filled.isEmpty {
      warnings.append(
        Warning("PREFILLED", "taken from the deal: \(filled.joined(separator: ", "))"))
    }
    if let unexplained = Warning.unexplained(help, by: command.notes) {
      warnings.append(unexplained)
    }
    return warnings
  }

  private static func content(
    _ command: InviteToDeal, _ help: HelpCode, _ deal: Deal, _ policy: RealmPolicy,
    _ now: Timestamp
  ) -> InvitationContent {
    let team =
      command.teamLines.isEmpty
      ? deal.team : deal.team.filter { command.teamLines.contains($0.line) }
    return InvitationContent(
      closeDate: command.closeDate ?? deal.closeDate, value: command.value ?? deal.value,
      notes: command.notes, help: help, team: team,
      solutions: deal.solutions.filter { command.solutionLines.contains($0.line) },
      sentAt: now, respondBy: now.advanced(by: policy.answerWindow))
  }

  /// domain.md 7: the vendor on either side makes a co-sell deal, two partners a
  /// partner-to-partner one.
  private static func invite(
    _ invitee: OrganisationEntry, to deal: inout Deal, _ content: InvitationContent,
    _ organisation: Organisation
  ) -> Card {
    if invitee.kind == .vendor || organisation.kind == .vendor {
      deal.baseKind = .coSell
      // The shadow copy becomes the invited one.
      deal.shownTo = nil
    } else {
      deal.partnerToPartner = true
    }
    let card = Card(
      organisation: OrganisationReference(id: invitee.id, name: invitee.name),
      organisationKind: invitee.kind, status: .pending, content: content, respondedAt: nil,
      closure: nil, team: [])
    deal.cards.append(card)
    return card
  }

  private static func message(
    _ deal: Deal, _ card: Card, _ organisation: Organisation
  ) -> Message {
    .invite(
      Invite(
        engagement: deal.engagement, initiator: deal.initiator, initiatorKind: organisation.kind,
        customer: deal.customer.forOthers, consent: deal.consent, content: card.content,
        baseKind: deal.baseKind, sharedView: SharedViews.view(of: deal, for: card)))
  }
}

extension Deal {
  /// The newest card of an organisation; the vendor is one party, however many desks it has.
  fileprivate func lastCard(of invitee: OrganisationEntry) -> Card? {
    cards.last {
      $0.organisation.id == invitee.id
        || ($0.organisationKind == .vendor && invitee.kind == .vendor)
    }
  }

  /// How many were invited: the vendor counts once, however often it was asked.
  package var counterpartCount: Int {
    let vendors = cards.count { $0.organisationKind == .vendor }
    return cards.count - Swift.max(0, vendors - 1)
  }
}

extension Card {
  /// It declined or did not answer in time.
  package var saidNo: Bool { status == .declined || status == .expired }
}

extension Violations {
  /// R-104: others are shown the deal only where the customer allowed it, once for all.
  mutating func requireSharing(_ consent: Consent) {
    guard !consent.shareWithOthers else { return }
    add(
      Violation(
        "consent.share_with_others", "R-104", "was not given for this deal", until: .created))
  }

  /// R-103, R-104: what the vendor must have to help, and what the customer must have allowed.
  mutating func requireContact(of customer: Customer, _ consent: Consent) {
    if customer.contacts.isEmpty {
      add(
        "customer.contacts", "R-103",
        "is required with the vendor's help; add name, phone and e-mail of a contact")
    }
    for (index, contact) in customer.contacts.enumerated() where !customer.isReachable {
      for part in contact.person.unreachable {
        add(
          "customer.contacts[\(index)].person.\(part)", "R-103",
          "is required with the vendor's help; complete the contact")
      }
    }
    if !consent.customerContact {
      add(
        "consent.customer_contact", "R-104",
        "is required before contact data is given to the vendor")
    }
  }

  /// Line numbers that name existing lines, each once.
  mutating func checkLines(_ lines: [UInt32], known: [UInt32], _ field: String) {
    limit(count: lines.count, field, max: Swift.max(Limits.teamMembers, Limits.solutions))
    for (index, line) in lines.prefix(Limits.teamMembers).enumerated() {
      if !known.contains(line) {
        add("\(field)[\(index)]", "LINE_UNKNOWN", "\(line) is no line of this deal")
      } else if lines.prefix(index).contains(line) {
        add("\(field)[\(index)]", "LINE_TWICE", "\(line) comes twice")
      }
    }
  }
}

extension Rejection {
  /// A request with exactly one problem.
  static func invalid(
    _ field: String, _ rule: String, _ text: String, rules: [String]? = nil
  ) -> Rejection {
    Violations([Violation(field, rule, text, rules: rules)]).rejection
  }
}
