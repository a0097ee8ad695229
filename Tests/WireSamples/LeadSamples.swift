// SPDX-License-Identifier: Apache-2.0
// Leads, and requests about them.

package import TandemDomain
import TandemPrimitives
import TandemWire

extension RandomValues {
  package mutating func lead() -> Lead {
    var lead = Lead(
      id: id(), sender: OrganisationReference(id: id(), name: text()), leadClass: one(),
      origin: one(), customerName: text(), country: country(), contact: person(), sentAt: time())
    lead.source = maybe { $0.one() }
    lead.callToAction = maybe { $0.one() }
    lead.quality = one()
    lead.text = text(60)
    lead.solution = id()
    lead.version = UInt64(number(1...99))
    lead.status = one()
    lead.receivedAt = time()
    lead.respondBy = maybe { $0.time() }
    lead.acceptance = maybe { values in
      LeadAcceptance(
        name: values.text(), value: values.money(), closeDate: values.time(),
        notes: values.text(), team: values.list(2) { $0.member() })
    }
    lead.closure = maybe { Closure(reason: ReasonCode(2), notes: $0.text()) }
    return lead
  }

  package mutating func leadAnswer() -> LeadAnswer {
    LeadAnswer(
      lead: id(), partner: OrganisationReference(id: id(), name: text()), status: one(),
      at: time(), closure: maybe { Closure(reason: ReasonCode(2), notes: $0.text()) })
  }
}

extension Requests {
  static func leads(_ values: inout RandomValues) -> [RequestSample] {
    let lead: LeadID = values.id()
    let notes = values.text(40)
    let end = EndLead(lead: lead, reason: ReasonCode(3), notes: notes)
    let move = MoveLead(lead: lead)
    let mark = SetLeadFavourite(lead: lead, isFavourite: true)
    func ended(_ writer: inout ProtoWriter) {
      writer.identifier(1, lead)
      writer.unsigned(2, 3 as UInt32)
      writer.text(3, notes)
      writer.flag(4, true)
    }
    func moved(_ writer: inout ProtoWriter) {
      writer.identifier(1, lead)
      writer.flag(2, true)
    }
    return [
      sending(&values), converting(&values), accepting(&values), listing(&values),
      sample(.getLead, .query(.getLead(lead))) { $0.identifier(1, lead) },
      sample(
        .declineLead, .command(.rehearse(.declineLead(end), wrong: []), returnDeal: false), ended),
      sample(.loseLead, .command(.rehearse(.loseLead(end), wrong: []), returnDeal: false), ended),
      sample(.winLead, .command(.rehearse(.winLead(move), wrong: []), returnDeal: false), moved),
      sample(
        .archiveLead, .command(.rehearse(.archiveLead(move), wrong: []), returnDeal: false), moved),
      sample(.archiveLead, .command(.archiveLead(move), returnDeal: false)) {
        $0.identifier(1, lead)
      },
      sample(
        .setLeadFavourite,
        .command(.rehearse(.setLeadFavourite(mark), wrong: []), returnDeal: false)
      ) { writer in
        writer.identifier(1, lead)
        writer.flag(2, true)
        writer.flag(3, true)
      },
    ]
  }

  private static func sending(_ values: inout RandomValues) -> RequestSample {
    var lead = SendLead(
      partner: values.id(), leadClass: .direct, origin: .offer, customerName: values.text(),
      country: values.country(), city: values.text(), contact: values.person())
    lead.source = .cloudPortal
    lead.callToAction = .testDrive
    lead.quality = .medium
    lead.emailValidity = .spam
    lead.phoneValidity = .invalid
    lead.wantsContact = true
    lead.solution = values.id()
    lead.campaignID = values.text()
    lead.text = values.text(60)
    return sample(.sendLead, .command(.rehearse(.sendLead(lead), wrong: []), returnDeal: false)) {
      writer in
      writer.identifier(1, lead.partner)
      writer.unsigned(2, 1 as UInt32)
      writer.unsigned(3, 2 as UInt32)
      writer.unsigned(4, 3 as UInt32)
      writer.unsigned(5, 4 as UInt32)
      writer.unsigned(6, 2 as UInt32)
      writer.unsigned(7, 3 as UInt32)
      writer.unsigned(8, 2 as UInt32)
      writer.text(9, lead.customerName)
      writer.string(10, lead.country?.text ?? "")
      writer.text(11, lead.city)
      writer.message(12, lead.contact)
      writer.flag(13, true)
      writer.identifier(14, lead.solution)
      writer.text(15, lead.campaignID)
      writer.text(16, lead.text)
      writer.flag(17, true)
    }
  }

  private static func converting(_ values: inout RandomValues) -> RequestSample {
    let lead: LeadID = values.id()
    var deal = CreateDeal(
      name: values.text(), location: values.id(),
      customer: .init(
        name: .empty,
        address: Address(
          line1: .empty, line2: .empty, city: .empty, state: .empty, postalCode: .empty,
          country: CountryCode(packed: 0)), size: 0, identifiers: [], contacts: []),
      value: values.money(), closeDate: nil, crmID: "crm", campaignID: .empty, notes: .empty,
      team: [values.member()], solutions: [],
      consent: Consent(customerContact: true, shareWithOthers: true), visibleToVendor: false,
      help: nil, validateOnly: true)
    deal.tags = ["lead"]
    let convert = ConvertLead(lead: lead, deal: deal)
    return sample(.convertLead, .command(.convertLead(convert), returnDeal: true)) { writer in
      writer.identifier(1, lead)
      let start = writer.begin(2)
      writer.text(1, deal.name)
      writer.identifier(2, deal.location)
      if let value = deal.value { writer.message(4, value) }
      writer.text(6, "crm")
      writer.messages(9, deal.team)
      writer.message(11, deal.consent)
      writer.text(17, "lead")
      writer.end(start)
      writer.flag(3, true)
      writer.flag(4, true)
    }
  }

  private static func accepting(_ values: inout RandomValues) -> RequestSample {
    let accept = AcceptLead(
      lead: values.id(), name: values.text(), value: values.money(), closeDate: values.time(),
      notes: values.text(), team: [values.member()])
    return sample(
      .acceptLead, .command(.rehearse(.acceptLead(accept), wrong: []), returnDeal: false)
    ) {
      writer in
      writer.identifier(1, accept.lead)
      writer.text(2, accept.name)
      if let value = accept.value { writer.message(3, value) }
      writer.time(4, accept.closeDate)
      writer.text(5, accept.notes)
      writer.messages(6, accept.team)
      writer.flag(7, true)
    }
  }

  private static func listing(_ values: inout RandomValues) -> RequestSample {
    var list = ListLeads(tab: .qualified, pageSize: 7, after: values.id())
    list.callsToAction = [.freeTrial, .contactMe]
    list.countries = [values.country(), values.country()]
    list.customerNamePrefix = "Ad"
    list.sources = [.businessStore]
    list.classes = [.salesQualified]
    list.qualities = [.high, .low]
    list.statuses = [.received, .archived]
    list.emailValidities = [.spam]
    list.phoneValidities = [.valid]
    return sample(.listLeads, .query(.listLeads(list))) { writer in
      writer.unsigned(1, 2 as UInt32)
      writer.packed(2, [3, 1])
      for country in list.countries { writer.string(3, country.text) }
      writer.text(4, "Ad")
      writer.packed(5, [1])
      writer.packed(6, [3])
      writer.packed(7, [1, 3])
      writer.packed(8, [1, 7])
      writer.packed(9, [3])
      writer.packed(10, [1])
      writer.unsigned(11, 7 as UInt32)
      writer.identifier(12, list.after ?? .zero)
    }
  }
}
