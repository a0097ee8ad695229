// SPDX-License-Identifier: Apache-2.0
// What the rules say of themselves is what they do.

import TandemDomain
import TandemPrimitives
import Testing

struct RuleBookTests {
  @Test func `R-105 a request that says nothing is refused with every requirement`() throws {
    var given = try Given()
    let book = RuleBook(given.state)
    let nothing = CreateDeal(
      name: .empty, location: .zero,
      customer: Customer(
        name: .empty,
        address: Address(
          line1: .empty, line2: .empty, city: .empty, state: .empty, postalCode: .empty,
          country: CountryCode(packed: 0)), size: 0, identifiers: [], contacts: []),
      value: nil, closeDate: nil, crmID: .empty, campaignID: .empty, notes: .empty, team: [],
      solutions: [], consent: Consent(customerContact: false, shareWithOthers: false),
      visibleToVendor: false, help: nil, validateOnly: false)
    let refusal = try given.refused(.createDeal(nothing))
    let always = book.requirements.filter { $0.request == "CreateDeal" && $0.condition.isEmpty }
    #expect(refusal.violations == always.map(\.problem))
    let fields = Set(always.map(\.problem.field))
    #expect(
      fields.isSuperset(of: ["name", "location_id", "customer.name", "value", "close_date_ms"]))
    #expect(fields.isSuperset(of: ["team", "solutions", "consent.share_with_others"]))
    let help = book.requirements.filter { $0.condition == "with help" }.map(\.problem.field)
    #expect(Set(help).isSuperset(of: ["visible_to_vendor", "customer.contacts"]))
  }

  @Test func `each answer and end has what it needs`() throws {
    let book = RuleBook(try Given().state)
    for (request, fields) in [
      ("InviteToDeal", ["help", "solution_lines", "value"]), ("AcceptDeal", ["name"]),
      ("DeclineDeal", ["reason"]), ("LoseDeal", ["reason"]), ("CloseDealAsError", ["reason"]),
    ] {
      #expect(
        book.requirements.filter { $0.request == request }.map(\.problem.field) == fields)
    }
  }

  @Test func `G24 limits are those that refuse`() throws {
    var given = try Given()
    let book = RuleBook(given.state)
    let most = try #require(book.limits.first { $0.name == "deal.name" }?.value)
    _ = try given.create { $0.name = Text(String(repeating: "x", count: Int(most))) }
    var longer = CreateDeal.sample(at: given.berlin)
    longer.name = Text(String(repeating: "x", count: Int(most) + 1))
    #expect(try given.refused(.createDeal(longer)).violations.map(\.rule) == ["G24"])
  }

  @Test func `codes, stages and the realm's policy are told`() throws {
    var given = try Given()
    given.state.realm?.policy.counterpartsMax = 7
    try given.when(.setStageNames(SetStageNames(names: [.init(name: "Quote", percent: 60)])))
    let book = RuleBook(given.state)
    let lists = Dictionary(uniqueKeysWithValues: book.choices.map { ($0.name, $0.entries) })
    #expect(lists["reasons_error"]?.map(\.code) == Array(1...9))
    #expect(lists["reasons_declined_or_lost"]?.map(\.code) == Array(1...8))
    #expect(lists["sales_stages"]?.contains { $0.code == 60 && $0.text == "Quote" } == true)
    #expect(book.policy.first { $0.name == "counterparts_max" }?.value == 7)
    #expect(
      book.policy.first { $0.name == "answer_window" }?.value
        == Timestamp.Span.days(14).milliseconds)
  }
}
