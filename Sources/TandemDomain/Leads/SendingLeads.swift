// SPDX-License-Identifier: Apache-2.0
// The vendor tells a partner of a lead (domain.md 18). A lead that says nothing is refused here, where the
// sender can mend it (U15).

import TandemPrimitives

enum SendingLeads {
  private static let rule = "section 18"

  static func decide(
    _ command: SendLead, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    guard let organisation = state.organisation else { throw .organisationMissing }
    guard organisation.kind == .vendor else {
      throw Rejection(
        .permissionDenied, "VENDOR_ONLY",
        "only the vendor sends leads; to bring in a partner, invite it to a deal",
        rules: ["section 18"])
    }
    guard caller.may(.sendLeads, nil) else { throw state.denied(caller, rule) }
    let solution = try check(command, context.directory)
    try state.requireOutboxRoom(command.partner)
    guard let leadClass = command.leadClass, let origin = command.origin,
      let country = command.country
    else { preconditionFailure("checked above") }
    var lead = Lead(
      id: context.fresh.next(at: context.now),
      sender: OrganisationReference(id: organisation.id, name: organisation.name),
      leadClass: leadClass, origin: origin, customerName: command.customerName, country: country,
      contact: command.contact, sentAt: context.now)
    lead.source = command.source
    lead.callToAction = command.callToAction
    lead.quality = command.quality
    lead.emailValidity = command.emailValidity
    lead.phoneValidity = command.phoneValidity
    lead.city = command.city
    lead.wantsContact = command.wantsContact
    lead.solution = command.solution
    lead.solutionName = solution?.name ?? .empty
    lead.campaignID = command.campaignID
    lead.text = command.text
    var events: [Event] = []
    events.send(.leadSent(lead), to: command.partner, state)
    return Decision(events: events, answer: .leadSent(lead.id))
  }

  /// Everything that is missing or wrong, and the partner's solution when one is named.
  private static func check(
    _ command: SendLead, _ directory: RealmDirectory
  ) throws(Rejection) -> Solution? {
    var violations = Violations()
    if command.partner.isZero {
      violations.add("partner_id", rule, "is required; say whom the lead is for")
    } else if directory.organisations[command.partner]?.kind != .partner {
      violations.add(
        "partner_id", "PARTNER_UNKNOWN", "\(command.partner) is no partner of this realm")
    }
    checkKind(command, &violations)
    violations.require(
      command.customerName, "customer_name", rule, max: Limits.nameBytes)
    violations.requireCountry(command.country, "country", rule)
    violations.limit(command.city, "city", max: Limits.addressLineBytes)
    checkContact(command.contact, &violations)
    if command.phoneValidity == .spam {
      violations.add("phone_validity", "FIELD_INVALID", "cannot be spam; that is for e-mail")
    }
    violations.limit(command.campaignID, "campaign_id", max: Limits.externalIDBytes)
    violations.limit(command.text, "text", max: Limits.leadTextBytes)
    let solution = solution(command, directory, &violations)
    try violations.throwIfAny()
    return solution
  }

  /// Everything that a lead which says nothing but where it comes from is told to say.
  static func problems(ofNothingFrom origin: LeadOrigin?) -> [Violation] {
    let nothing = SendLead(
      partner: .zero, leadClass: nil, origin: origin, customerName: .empty, country: nil,
      city: .empty, contact: .erased)
    return Violations.found { () throws(Rejection) in _ = try check(nothing, RealmDirectory()) }
  }

  private static func checkKind(_ command: SendLead, _ violations: inout Violations) {
    if command.leadClass == nil {
      violations.add("lead_class", rule, "is required; say whether it is direct or was qualified")
    }
    switch (command.origin, command.source) {
    case (nil, _): violations.add("origin", rule, "is required; say profile or offer")
    case (.offer, nil):
      violations.add("source", rule, "is required for an offer; say where the offer stands")
    case (.profile, .some):
      violations.add("source", "FIELD_NOT_ALLOWED", "is for offers; leave it out for a profile")
    case (.offer, .some), (.profile, nil): break
    }
    switch (command.origin, command.callToAction) {
    case (_, nil) where command.leadClass == .direct:
      violations.add("call_to_action", rule, "is required for a direct lead")
    case (.profile, .getItNow), (.profile, .freeTrial), (.profile, .testDrive),
      (.profile, .requestPrivateOffer):
      violations.add("call_to_action", rule, "is of offers; on a profile one asks for contact")
    case (.profile, nil), (.profile, .contactMe), (.offer, _), (nil, _): break
    }
  }

  /// Somebody with an address; a number is welcome and often missing.
  private static func checkContact(_ contact: Person, _ violations: inout Violations) {
    let max = Limits.personFieldBytes
    violations.require(contact.firstName, "contact.first_name", rule, max: max)
    violations.require(contact.lastName, "contact.last_name", rule, max: max)
    violations.requireEmail(contact.email, "contact.email", rule)
    violations.limit(contact.phone, "contact.phone", max: max)
    violations.limit(contact.title, "contact.title", max: max)
  }

  /// One of the partner's that everybody may choose: the rest of its shelf is its own.
  private static func solution(
    _ command: SendLead, _ directory: RealmDirectory, _ violations: inout Violations
  ) -> Solution? {
    guard !command.solution.isZero else { return nil }
    if let catalogue = directory.catalogue, let found = catalogue.solution(command.solution),
      found.owner == command.partner, catalogue.offers(found)
    {
      return found
    }
    violations.add(
      "solution_id", "SOLUTION_UNKNOWN",
      "\(command.solution) is no solution that this partner offers; ListSolutions tells them")
    return nil
  }

  /// The vendor hears what became of a lead; its feed tells it, nothing is kept.
  static func receive(
    _ answer: LeadAnswer, from sender: TenantID, _ state: TenantState, _ events: inout [Event]
  ) {
    guard state.organisation?.kind == .vendor else { return }
    var heard = answer
    heard.partner.id = sender
    events.append(.leadAnswered(heard))
  }
}
