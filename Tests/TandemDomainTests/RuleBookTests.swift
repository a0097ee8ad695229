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

  @Test func `every other method has what it needs`() throws {
    let book = RuleBook(try Given().state)
    func fields(_ request: String, _ condition: String = "") -> [String] {
      book.requirements.filter { $0.request == request && $0.condition == condition }
        .map(\.problem.field)
    }
    #expect(
      fields("SendLead") == [
        "partner_id", "lead_class", "origin", "customer_name", "country", "contact.first_name",
        "contact.last_name", "contact.email",
      ])
    #expect(fields("SendLead", "of an offer") == ["source"])
    #expect(fields("AcceptLead") == ["name", "value", "close_date_ms", "team"])
    #expect(fields("DeclineLead") == ["reason"] && fields("LoseLead") == ["reason"])
    #expect(fields("PublishSolution") == ["name", "type"])
    #expect(fields("ImportCustomers") == ["customers"])
    #expect(
      fields("ImportCustomers", "of each customer").starts(with: [
        "customers[0].account", "customers[0].name",
      ]))
    #expect(fields("SuggestCustomers") == ["country", "name_prefix"])
    #expect(
      fields("AddUser") == ["person.first_name", "person.last_name", "person.email"])
    #expect(fields("AddLocation") == ["name", "country"])
    #expect(fields("SetStageNames", "of each name") == ["names[0].name", "names[0].stage"])
    #expect(
      fields("SetRoutingRules", "of each rule")
        == ["rules[0].name", "rules[0]", "rules[0].location_id"])
    #expect(
      fields("RegisterOrganisation").starts(with: ["name", "country", "administrator.first_name"]))
    #expect(fields("UpdateOrganisation") == ["organisation_id", "in_ecosystem"])
    #expect(fields("CreateRealm") == ["name"])
    #expect(fields("UpdateRealm") == ["realm_id", "policy"])
    #expect(fields("Transact") == ["operations"])
  }

  @Test func `what is found out before the rules is told beside them, and once`() throws {
    func missing(_ request: String, _ field: String) -> RuleBook.Requirement {
      RuleBook.Requirement(
        request: request, condition: "", problem: Violation(field, "FIELD_REQUIRED", "is missing"))
    }
    let alone = missing("GetDeal", "deal_id")
    let beside = missing("RegisterOrganisation", "kind")
    let known = missing("UpdateOrganisation", "organisation_id")
    let given = try Given()
    let book = RuleBook(given.state, besides: [alone, beside, known])
    #expect(book.requirements.count == RuleBook(given.state).requirements.count + 2)
    #expect(book.requirements.last == alone)
    let places = book.requirements.indices.filter {
      book.requirements[$0].request == "RegisterOrganisation"
    }
    #expect(places.last.map { book.requirements[$0] } == beside)
    #expect(places == Array((places.first ?? 0)...(places.last ?? 0)))
  }

  @Test func `lists are told by name and nothing else, unknown ones are refused`() throws {
    let state = try Given().state
    let book = try RuleBook(state, lists: ["currencies", "help_codes"])
    #expect(book.lists.map(\.name) == ["currencies", "help_codes"])
    #expect(book.requirements.isEmpty && book.limits.isEmpty && book.policy.isEmpty)
    #expect(try RuleBook(state, lists: []) == RuleBook(state))
    do throws(Rejection) {
      _ = try RuleBook(state, lists: ["currences", "roles", "roles", "zzzzzzzzzzzz"])
      Issue.record("was told")
    } catch {
      #expect(error.violations.map(\.field) == ["lists[0]", "lists[2]", "lists[3]"])
      #expect(error.violations.map(\.rule) == ["LIST_UNKNOWN", "LIST_TWICE", "LIST_UNKNOWN"])
      #expect(error.violations[0].text.contains("did you mean currencies?"))
      #expect(error.violations[2].text.contains("deal_statuses, directions"))
    }
  }

  /// Fills one part of a new deal with so many letters or entries.
  private static let parts: [(name: String, fill: @Sendable (inout CreateDeal, Int) -> Void)] = [
    ("deal.name", { $0.name = text($1) }), ("deal.notes", { $0.notes = text($1) }),
    ("deal.crm_id", { $0.crmID = text($1) }), ("deal.campaign_id", { $0.campaignID = text($1) }),
    ("deal.customer.address", { $0.customer.address.line2 = text($1) }),
    ("person", { $0.team[0].person.title = text($1) }), ("deal.tag", { $0.tags = [text($1)] }),
    ("deal.tags", { $0.tags = (0..<$1).map { Text("tag \($0)") } }),
    ("deal.team", { $0.team = (0..<$1).map { .named(Text("Ada\($0)")) } }),
    ("deal.solutions", { $0.solutions = Array(repeating: .named("Cloud"), count: $1) }),
    (
      "deal.customer.contacts",
      { $0.customer.contacts = (0..<$1).map { .named(Text("Cora\($0)")) } }
    ),
    (
      "deal.customer.identifiers",
      {
        $0.customer.identifiers = (0..<$1).map {
          CustomerIdentifier(scheme: .external, value: Text("number \($0)"))
        }
      }
    ),
  ]

  private static func text(_ count: Int) -> Text { Text(String(repeating: "x", count: count)) }

  @Test func `G24 a new deal holds as much as the limits say, and no more`() throws {
    let given = try Given()
    let book = RuleBook(given.state)
    for (name, fill) in Self.parts {
      let most = try #require(book.limits.first { $0.name == name }?.value, "\(name)")
      var (fits, exceeds) = (given, given)
      _ = try fits.create { fill(&$0, Int(most)) }
      var more = CreateDeal.sample(at: given.berlin)
      fill(&more, Int(most) + 1)
      let rules = try exceeds.refused(.createDeal(more)).violations.map(\.rule)
      #expect(rules == ["G24"], "\(name)")
    }
  }

  @Test func `codes, stages and the realm's policy are told`() throws {
    var given = try Given()
    given.state.realm?.policy.counterpartsMax = 7
    try given.when(.setStageNames(SetStageNames(names: [.init(name: "Quote", percent: 60)])))
    let book = RuleBook(given.state)
    let lists = Dictionary(uniqueKeysWithValues: book.lists.map { ($0.name, $0.entries) })
    #expect(lists["reasons_error"]?.map(\.code) == Array(1...9))
    #expect(lists["reasons_declined_or_lost"]?.map(\.code) == Array(1...8))
    #expect(lists["sales_stages"]?.map(\.code) == [10, 20, 40, 60, 80, 100])
    #expect(lists["own_stages"]?.map(\.code) == [60])
    #expect(lists["own_stages"]?.map(\.word) == ["Quote"])
    #expect(book.policy.first { $0.name == "counterparts_max" }?.value == 7)
    #expect(
      book.policy.first { $0.name == "answer_window" }?.value
        == Timestamp.Span.days(14).milliseconds)
  }
}
