// SPDX-License-Identifier: Apache-2.0
// G16 in the model: a lead that was taken becomes a deal once, and is kept. What the request leaves open
// the acceptance says, then the lead.

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func convert(_ asked: ConvertLead) {
    guard var lead = lead(asked.lead) else { return }
    refuse("LEAD_INFORMATIONAL", if: helpsItself(lead))
    refuse("LEAD_CONVERTED", if: !lead.deal.isZero)
    refuse("LEAD_NOT_ACCEPTED", if: lead.status != .accepted && lead.status != .won)
    create(filled(asked.deal, lead))
    guard var deal = own.deals[last] else { return }
    deal.lead = lead.id
    own.deals[last] = deal
    own.past[last]?[deal.version] = deal
    lead.deal = last
    put(lead)
  }

  private func filled(_ asked: CreateDeal, _ lead: Lead) -> CreateDeal {
    var deal = asked
    let taken = lead.acceptance
    deal.name = either(asked.name, taken?.name ?? "")
    deal.value = asked.value ?? taken?.value
    deal.closeDate = asked.closeDate ?? taken?.closeDate
    deal.notes = either(asked.notes, either(taken?.notes ?? "", lead.text))
    deal.campaignID = either(asked.campaignID, lead.campaignID)
    if asked.team.isEmpty {
      deal.team = (taken?.team ?? []).map { TeamMember(line: 0, person: $0.person) }
    }
    if asked.customer.contacts.isEmpty, lead.contact != .erased {
      deal.customer.contacts = [TeamMember(line: 0, person: lead.contact)]
    }
    guard asked.customer.catalogueID.isZero else { return deal }
    deal.customer.name = either(asked.customer.name, lead.customerName)
    deal.customer.address.city = either(asked.customer.address.city, lead.city)
    if asked.customer.address.country.packed == 0 { deal.customer.address.country = lead.country }
    return deal
  }

  private func either(_ said: Text, _ known: Text) -> Text { said.isEmpty ? known : said }
}
