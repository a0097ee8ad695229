// SPDX-License-Identifier: Apache-2.0
// Leads: the vendor sends them, partners answer and end them.

import TandemDomain
import TandemPrimitives

extension Simulation {
  func wishAboutLeads(_ own: SimulatedOrganisation) -> Wish {
    if own.kind == .vendor, chance(75) { return Wish(.sendLead(newLead(own)), changes: true) }
    guard let lead = pick(Array(own.leads.suffix(3))), chance(85) else {
      var list = ListLeads(tab: nil, pageSize: 20, after: nil)
      list.tab = chance(40) ? pick(LeadTab.allCases) : nil
      return Wish(.listLeads(list))
    }
    switch number(0...16) {
    case 0...3:
      return Wish(
        .acceptLead(
          AcceptLead(
            lead: lead, name: chance(92) ? "a lead" : "", value: Requests.money(500),
            closeDate: Requests.closeDate, notes: "", team: [member("cid\(own.index)")])),
        changes: true)
    case 4:
      return Wish(
        .declineLead(EndLead(lead: lead, reason: chance(85) ? ReasonCode(2) : nil, notes: "")),
        changes: true)
    case 5, 6:
      return Wish(
        .loseLead(EndLead(lead: lead, reason: ReasonCode(UInt8(number(0...8))), notes: "")),
        changes: true)
    case 7: return Wish(.archiveLead(MoveLead(lead: lead)), changes: true)
    case 8:
      return Wish(
        .setLeadFavourite(SetLeadFavourite(lead: lead, isFavourite: chance(70))), changes: false)
    case 9...13:
      return Wish(
        .convertLead(ConvertLead(lead: lead, deal: dealOfLead(own))), changes: true)
    case 14: return Wish(.getLead(lead))
    default: return Wish(.winLead(MoveLead(lead: lead)), changes: true)
    }
  }

  /// What a lead cannot say, and some of what it says.
  private func dealOfLead(_ own: SimulatedOrganisation) -> CreateDeal {
    var deal = Requests.create("", own)
    deal.location = chance(95) ? pick(own.places) ?? own.location : .zero
    deal.customer.address.country = CountryCode(packed: 0)
    if chance(70) { deal.customer.name = "" }
    if chance(50) { deal.customer.contacts = [] }
    if chance(70) { deal.value = nil }
    if chance(70) { deal.closeDate = nil }
    if chance(60) { deal.team = [] }
    if chance(30) { deal.notes = "" }
    return deal
  }

  private func newLead(_ own: SimulatedOrganisation) -> SendLead {
    let partner = pick(organisations.filter { $0.kind == .partner }) ?? own
    var lead = SendLead(
      partner: partner.tenant, leadClass: pick(LeadClass.allCases),
      origin: chance(50) ? .profile : .offer, customerName: Text("Customer \(number(1...5))"),
      country: chance(95) ? Requests.country("US") : nil, city: "Springfield",
      contact: Requests.person("zoe\(number(1...3))"))
    lead.source = lead.origin == .offer ? .cloudMarketplace : nil
    lead.callToAction = lead.origin == .offer ? pick(CallToAction.allCases) : .contactMe
    lead.wantsContact = chance(50)
    lead.text = "please call"
    return lead
  }
}
