// SPDX-License-Identifier: Apache-2.0
// A lead becomes a deal and is kept (G16).

import TandemDomain
import TandemPrimitives
import Testing

struct ConvertingLeadTests {
  /// A partner that took a lead about one of its solutions.
  private static func taken(
    _ change: (inout SendLead) -> Void = { _ in }
  ) throws -> (given: LeadWorld, lead: LeadID) {
    var given = try LeadWorld()
    let backup = Solution.named("Backup", of: given.contoso)
    for id in given.world.ids { given.world.members[id]?.directory.put(backup) }
    let lead = try given.send {
      $0.solution = backup.id
      $0.campaignID = "spring"
      change(&$0)
    }
    try given.when(.acceptLead(given.accepting(lead)))
    return (given, lead)
  }

  /// What no lead can say.
  private static func open(at location: LocationID) -> CreateDeal {
    CreateDeal(
      name: .empty, location: location,
      customer: Customer(
        name: .empty,
        address: Address(
          line1: "Weg 1", line2: .empty, city: .empty, state: .empty, postalCode: .empty,
          country: CountryCode(packed: 0)), size: 0, identifiers: [], contacts: []),
      value: nil, closeDate: nil, crmID: .empty, campaignID: .empty, notes: .empty, team: [],
      solutions: [], consent: Consent(customerContact: false, shareWithOthers: true),
      visibleToVendor: false, help: nil, validateOnly: false)
  }

  @Test func `G16 a deal is made of a lead, and each names the other`() throws {
    var (given, id) = try Self.taken()
    let commits = try given.partner.commits.count
    let deal = Self.open(at: try given.partner.berlin)
    let decision = try given.when(.convertLead(ConvertLead(lead: id, deal: deal)))
    #expect(try given.partner.commits.count == commits + 1)
    let made = try given.partner.onlyDeal
    #expect(decision.answer == .deal(id: made.id, version: 1, warnings: []))
    #expect(made.lead == id && made.name == "Migration" && made.value == .euros(900))
    #expect(made.customer.name == "Adatum" && made.customer.address.city == "Berlin")
    #expect(made.customer.contacts.map(\.person) == [.named("Cora")])
    #expect(made.team.map(\.person) == [.named("Ada")] && made.notes == "soon")
    #expect(made.campaignID == "spring" && made.solutions.map(\.name) == ["Backup"])
    let lead = try given.received(id)
    #expect(lead.deal == made.id && lead.status == .accepted && lead.version == 3)
    #expect(lead.contact == .named("Cora"))
    given.world.expectReplayGivesTheSame()
  }

  @Test func `G16 what the request says wins over the lead`() throws {
    var (given, id) = try Self.taken()
    var deal = Self.open(at: try given.partner.globalLocation)
    deal.name = "Better"
    deal.value = .euros(5)
    deal.notes = "ours"
    deal.customer.name = "Adatum Holding"
    deal.customer.contacts = [.named("Otto")]
    deal.team = [.named("Bob")]
    deal.solutions = [.named("Cloud", of: given.contoso)]
    try given.when(.convertLead(ConvertLead(lead: id, deal: deal)))
    let made = try given.partner.onlyDeal
    #expect(made.name == "Better" && made.value == .euros(5) && made.notes == "ours")
    #expect(made.customer.name == "Adatum Holding" && made.solutions.map(\.name) == ["Cloud"])
    #expect(made.customer.contacts.map(\.person) == [.named("Otto")])
    #expect(made.team.map(\.person) == [.named("Bob")])
  }

  @Test func `G16 what neither says is told at once, as of every deal`() throws {
    var (given, id) = try Self.taken { $0.solution = .zero }
    var deal = Self.open(at: .zero)
    deal.customer.address.line1 = .empty
    deal.consent.shareWithOthers = false
    let refusal = try given.refused(.convertLead(ConvertLead(lead: id, deal: deal)))
    #expect(
      refusal.violations.map(\.field) == [
        "deal.location_id", "deal.customer.address.line1", "deal.solutions",
        "deal.consent.share_with_others",
      ])
    #expect(refusal.message.contains("deal.location_id"))
  }

  @Test func `G16 R-103 a contact without a phone is one of the deal`() throws {
    var (given, id) = try Self.taken { $0.contact.phone = .empty }
    let deal = Self.open(at: try given.partner.berlin)
    try given.when(.convertLead(ConvertLead(lead: id, deal: deal)))
    let contact = try #require(try given.partner.onlyDeal.customer.contacts.first)
    #expect(contact.person.email == "cora@example.com" && contact.person.phone.isEmpty)
  }

  @Test func `G16 a lead is converted once, and only by who took it`() throws {
    var given = try LeadWorld()
    let place = try given.partner.berlin
    let backup = Solution.named("Backup", of: given.contoso)
    for id in given.world.ids { given.world.members[id]?.directory.put(backup) }
    func convert(_ id: LeadID) -> Command {
      var deal = Self.open(at: place)
      deal.solutions = [.named("Backup", of: given.contoso)]
      return .convertLead(ConvertLead(lead: id, deal: deal))
    }
    let received = try given.send()
    #expect(try given.refused(convert(received)).reason == "LEAD_NOT_ACCEPTED")
    let trial = try given.send { $0.callToAction = .testDrive }
    #expect(try given.refused(convert(trial)).reason == "LEAD_INFORMATIONAL")
    let lost = try given.send()
    try given.when(.acceptLead(given.accepting(lost)))
    try given.when(.loseLead(lost))
    #expect(try given.refused(convert(lost)).reason == "LEAD_NOT_ACCEPTED")
    let won = try given.send()
    try given.when(.acceptLead(given.accepting(won)))
    try given.when(.winLead(won))
    try given.when(convert(won))
    let again = try given.refused(convert(won))
    #expect(again.reason == "LEAD_CONVERTED")
    #expect(again.message.contains(try given.partner.onlyDeal.id.description))
  }

  @Test func `G16 converting is tried without a deal`() throws {
    var (given, id) = try Self.taken()
    var deal = Self.open(at: try given.partner.berlin)
    deal.validateOnly = true
    let tried = try given.when(.convertLead(ConvertLead(lead: id, deal: deal)))
    #expect(tried == Decision(events: [], answer: .deal(id: .zero, version: 0, warnings: [])))
    #expect(try given.received(id).deal.isZero)
  }

  @Test func `G16 a deal that looks like an open one is warned of`() throws {
    var (given, id) = try Self.taken()
    let place = try given.partner.berlin
    try given.when(.convertLead(ConvertLead(lead: id, deal: Self.open(at: place))))
    let second = try given.send { [contoso = given.contoso] in
      $0.solution = Solution.named("Backup", of: contoso).id
    }
    try given.when(.acceptLead(given.accepting(second)))
    let decision = try given.when(
      .convertLead(ConvertLead(lead: second, deal: Self.open(at: place))))
    guard case .deal(_, _, let warnings) = decision.answer else { throw Unexpected() }
    #expect(warnings.map(\.code) == ["POSSIBLE_DUPLICATE"])
  }

  @Test func `G16 the lead of a deal is not told to the vendor that reads along`() throws {
    var (given, id) = try Self.taken()
    var deal = Self.open(at: try given.partner.berlin)
    deal.visibleToVendor = true
    try given.when(.convertLead(ConvertLead(lead: id, deal: deal)))
    try given.world.settle()
    #expect(try given.partner.onlyDeal.lead == id)
    #expect(try given.vendor.onlyDeal.lead.isZero)
  }
}
