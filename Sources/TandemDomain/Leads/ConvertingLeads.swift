// SPDX-License-Identifier: Apache-2.0
// A deal is made of a lead that its partner took (G16): what the lead says stands in for what the request
// leaves open, and the rules are those of every deal. The lead is kept; both name each other.

import TandemPrimitives

enum ConvertingLeads {
  static func decide(
    _ command: ConvertLead, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let lead = try state.lead(command.lead, for: .workLeads, context.principal)
    try lead.requireConvertible()
    let asked = command.deal.filled(from: lead)
    var decision: Decision
    do throws(Rejection) {
      decision = try CreatingDeals.decide(asked, state, deals, &context)
    } catch {
      throw error.within("deal")
    }
    // A dry run makes no deal, so nothing is linked to it.
    guard !decision.events.isEmpty, case .deal(let id, _, _) = decision.answer else {
      return decision
    }
    var after = lead
    after.deal = id
    decision.events.append(.leadChanged(after.changed(at: context.now), .leadConverted))
    return decision
  }
}

extension Lead {
  /// Once, and only by who took it.
  fileprivate func requireConvertible() throws(Rejection) {
    try requireAction()
    guard deal.isZero else {
      throw Rejection(
        .alreadyExists, "LEAD_CONVERTED", "\(deal) was made of this lead; work on that deal",
        rules: ["G16"])
    }
    guard status == .accepted || status == .won else {
      throw Rejection(
        .failedPrecondition, "LEAD_NOT_ACCEPTED",
        "a deal is made of an accepted or won lead; this one is \(status)",
        rules: ["G16"])
    }
  }

  /// As a contact of a deal, which may lack a phone; none when nobody is known any more.
  fileprivate var contacts: [TeamMember] {
    contact == .erased ? [] : [TeamMember(line: 0, person: contact)]
  }
}

extension CreateDeal {
  /// What is open of it, from the lead and what was said when it was accepted.
  ///
  /// Consent is nobody's to give but the request's.
  fileprivate func filled(from lead: Lead) -> CreateDeal {
    var deal = self
    deal.lead = lead.id
    if let taken = lead.acceptance {
      if deal.name.isEmpty { deal.name = taken.name }
      deal.value = deal.value ?? taken.value
      deal.closeDate = deal.closeDate ?? taken.closeDate
      if deal.notes.isEmpty { deal.notes = taken.notes }
      if deal.team.isEmpty {
        deal.team = taken.team.map { TeamMember(line: 0, person: $0.person) }
      }
    }
    if deal.notes.isEmpty { deal.notes = lead.text }
    if deal.campaignID.isEmpty { deal.campaignID = lead.campaignID }
    if deal.solutions.isEmpty, !lead.solution.isZero {
      deal.solutions = [
        SolutionLine(
          line: 0, solution: lead.solution, name: .empty, group: nil, quantityMilli: 0, price: nil)
      ]
    }
    if deal.customer.contacts.isEmpty { deal.customer.contacts = lead.contacts }
    // A customer that was picked says all of itself.
    guard deal.customer.catalogueID.isZero else { return deal }
    if deal.customer.name.isEmpty { deal.customer.name = lead.customerName }
    if deal.customer.address.city.isEmpty { deal.customer.address.city = lead.city }
    if deal.customer.address.country.packed == 0 { deal.customer.address.country = lead.country }
    return deal
  }
}

extension Rejection {
  /// The same of a request that stands in a field of another.
  fileprivate func within(_ field: String) -> Rejection {
    guard !violations.isEmpty else { return self }
    var rejection = self
    rejection.violations = violations.map {
      Violation("\(field).\($0.field)", $0.rule, $0.text)
    }
    guard code == .invalidArgument else { return rejection }
    return Violations(rejection.violations).rejection
  }
}
