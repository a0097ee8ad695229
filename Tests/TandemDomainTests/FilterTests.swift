// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct FilterTests {
  private func term(
    _ field: FilterField, _ test: FilterTest, _ change: (inout AskedTerm) -> Void = { _ in }
  ) -> AskedTerm {
    var term = AskedTerm(field, test)
    change(&term)
    return term
  }

  private func condition(
    _ field: FilterField, _ test: FilterTest, _ change: (inout AskedTerm) -> Void = { _ in },
    _ place: SourceLocation = #_sourceLocation
  ) throws -> Condition {
    var problems = Violations()
    let condition = term(field, test, change).condition("all_of[0].any_of[0]", &problems)
    #expect(problems.found == [], sourceLocation: place)
    return try #require(condition, sourceLocation: place)
  }

  @Test func `section 20 each field of a filter says what it says of a deal`() throws {
    var given = try Given()
    let id = try given.create {
      $0.name = "Fleet telemetry"
      $0.notes = "asked by the CFO"
      $0.crmID = "OPP-1"
      $0.value = .euros(1_000, nanos: 500_000_000)
      $0.team = [.named("Uma")]
      $0.ownerEmail = "uma@example.com"
      $0.tags = ["Renewal", "fleet"]
    }
    let deal = try given.deal(id)
    let uma = deal.team[0].person.email
    let viewer = FilterViewer(now: given.now, email: uma, favourites: [id])
    let stranger = FilterViewer(now: given.now, email: "olga@elsewhere.example", favourites: [])
    func holds(_ condition: Condition, _ who: FilterViewer? = nil) -> Bool {
      condition.holds(for: deal, who ?? viewer)
    }
    #expect(holds(try condition(.status, .equal) { $0.numbers = [3, 4] }))
    #expect(!holds(try condition(.status, .equal) { $0.numbers = [4] }))
    #expect(holds(try condition(.kind, .equal) { $0.numbers = [UInt32(deal.baseKind.rawValue)] }))
    #expect(holds(try condition(.direction, .equal) { $0.numbers = [2] }))
    #expect(holds(try condition(.stage, .equal) { $0.numbers = [10, 100] }))
    #expect(!holds(try condition(.stage, .equal) { $0.numbers = [20] }))
    #expect(!holds(try condition(.partnerToPartner, .present)))
    #expect(!holds(try condition(.counterpartStatus, .equal) { $0.numbers = [1] }))
    #expect(holds(try condition(.favourite, .present)))
    #expect(!holds(try condition(.favourite, .present), stranger))
    #expect(holds(try condition(.mine, .present)))
    #expect(!holds(try condition(.mine, .present), stranger))
    #expect(holds(try condition(.country, .equal) { $0.texts = ["FR", "DE"] }))
    #expect(!holds(try condition(.country, .equal) { $0.texts = ["FR"] }))
    #expect(holds(try condition(.name, .begins) { $0.texts = ["fleet T"] }))
    #expect(holds(try condition(.name, .contains) { $0.texts = ["TELE"] }))
    #expect(!holds(try condition(.name, .equal) { $0.texts = ["Fleet"] }))
    #expect(holds(try condition(.crmID, .equal) { $0.texts = ["OPP-1"] }))
    #expect(!holds(try condition(.crmID, .equal) { $0.texts = ["opp-1"] }))
    #expect(!holds(try condition(.campaignID, .present)))
    #expect(holds(try condition(.text, .contains) { $0.texts = ["no such", "the cfo"] }))
    #expect(holds(try condition(.teamEmail, .equal) { $0.texts = [Text(uma.string.uppercased())] }))
    #expect(holds(try condition(.tag, .equal) { $0.texts = ["no", "Renewal"] }))
    #expect(!holds(try condition(.tag, .equal) { $0.texts = ["renewal"] }))
    #expect(holds(try condition(.tag, .present)))
    #expect(holds(try condition(.ownerEmail, .equal) { $0.texts = ["UMA@example.com"] }))
    #expect(!holds(try condition(.ownerEmail, .equal) { $0.texts = ["ada@example.com"] }))
    #expect(holds(try condition(.ownerEmail, .present)))
    let solution = deal.solutions[0].solution
    #expect(
      holds(
        try condition(.solution, .equal) {
          $0.ids = [.init(high: solution.high, low: solution.low)]
        })
    )
    let berlin = given.berlin
    #expect(
      holds(
        try condition(.location, .equal) { $0.ids = [.init(high: berlin.high, low: berlin.low)] })
    )
    #expect(!holds(try condition(.counterpart, .equal) { $0.ids = [.init(high: 1, low: 1)] }))
  }

  @Test func `section 20 names are sought in both cases of letters beyond ASCII`() throws {
    var given = try Given()
    let id = try given.create {
      $0.name = "Ärzte am Ufer"
      $0.notes = "für alle Ärzte"
      $0.crmID = "OPP-Ä"
    }
    let deal = try given.deal(id)
    let viewer = FilterViewer(now: given.now, email: "", favourites: [])
    func holds(_ field: FilterField, _ test: FilterTest, _ texts: [Text]) throws -> Bool {
      try condition(field, test) { $0.texts = texts }.holds(for: deal, viewer)
    }
    #expect(try holds(.name, .begins, ["none", "äRZTE A"]))
    #expect(try holds(.name, .equal, ["ÄRZTE AM UFER"]))
    #expect(try !holds(.name, .equal, ["ÄRZTE AM"]))
    #expect(try !holds(.name, .begins, ["Ärzte am Ufer und im Tal", "Arzte", "rzte", "Ö"]))
    #expect(try holds(.name, .contains, ["no such", "ZTE AM"]))
    #expect(try holds(.text, .contains, ["no such", "ALLE ÄR"]))
    #expect(try !holds(.text, .contains, ["ALLE ÖR"]))
    // Identifiers of other systems are theirs.
    #expect(try holds(.crmID, .equal, ["OPP-Ä"]) && !holds(.crmID, .equal, ["OPP-ä"]))
  }

  @Test func `section 20 values are compared within their currency only`() throws {
    var given = try Given()
    let id = try given.create { $0.value = .euros(1_000, nanos: 500_000_000) }
    let deal = try given.deal(id)
    let viewer = FilterViewer(now: given.now, email: "", favourites: [])
    func holds(_ test: FilterTest, _ amount: Money) throws -> Bool {
      try condition(.value, test) { $0.amounts = [amount] }.holds(for: deal, viewer)
    }
    #expect(try holds(.atLeast, .euros(1_000)) && holds(.above, .euros(1_000)))
    #expect(try !holds(.below, .euros(1_000)) && holds(.atMost, .euros(1_001)))
    #expect(try holds(.equal, .euros(1_000, nanos: 500_000_000)))
    #expect(try !holds(.above, .euros(1_000, nanos: 500_000_000)))
    let dollars = Money(units: 1, nanos: 0, currency: .named("USD"))
    #expect(try !holds(.atLeast, dollars) && !holds(.atMost, dollars))
  }

  @Test func `section 10 what is due, closing or changed lately is found from the realm's clock`()
    throws
  {
    var (world, _, fabrikam, _, copy) = try World.withInvitation()
    func holds(_ asked: AskedTerm) throws -> Bool {
      let given = try world[fabrikam]
      var problems = Violations()
      let condition = try #require(asked.condition("", &problems))
      return condition.holds(
        for: try given.deal(copy), FilterViewer(now: given.now, email: "", favourites: []))
    }
    func within(_ field: FilterField, _ test: FilterTest, _ span: Timestamp.Span) -> AskedTerm {
      term(field, test) { $0.within = span }
    }
    #expect(try !holds(within(.respondBy, .withinNext, .days(13))))
    #expect(try holds(within(.updated, .withinLast, .hours(1))))
    world.advance(by: .days(12))
    #expect(try holds(within(.respondBy, .withinNext, .days(3))))
    #expect(try holds(term(.respondBy, .present)))
    #expect(try !holds(within(.updated, .withinLast, .days(11))))
    #expect(try !holds(within(.closeDate, .withinNext, .days(1))))
    let close = try world[fabrikam].deal(copy).closeDate
    let next = Timestamp(milliseconds: close.milliseconds + 1)
    #expect(try holds(term(.closeDate, .below) { $0.times = [next] }))
    #expect(try holds(term(.closeDate, .atLeast) { $0.times = [close] }))
    #expect(try !holds(term(.closeDate, .above) { $0.times = [close] }))
    let inviter = try world[fabrikam].deal(copy).initiator.id
    let asked = term(.counterpart, .equal) {
      $0.ids = [.init(high: inviter.high, low: inviter.low)]
    }
    #expect(try holds(asked))
    #expect(try holds(term(.counterpartStatus, .equal) { $0.numbers = [3] }))
  }

  @Test func `section 20 everything that is wrong with a filter is said at once`() {
    let wrong: [(AskedTerm, [String])] = [
      (
        term(.status, .begins) { $0.texts = ["x"] },
        ["test FILTER_TEST_NOT_ALLOWED", "texts FIELD_NOT_ALLOWED"]
      ),
      (term(.status, .equal), ["numbers FIELD_REQUIRED"]),
      (term(.status, .equal) { $0.numbers = [3, 99] }, ["numbers[1] FIELD_INVALID"]),
      (term(.stage, .equal) { $0.numbers = [15] }, ["numbers[0] FIELD_INVALID"]),
      (
        term(.text, .contains) { $0.texts = ["ab", "Åb"] },
        ["texts[0] SEARCH_TOO_SHORT", "texts[1] SEARCH_TOO_SHORT"]
      ),
      (
        term(.country, .equal) { $0.texts = ["XX", "de"] },
        ["texts[0] COUNTRY_UNKNOWN", "texts[1] COUNTRY_UNKNOWN"]
      ),
      (term(.currency, .equal) { $0.texts = ["EURO"] }, ["texts[0] CURRENCY_UNKNOWN"]),
      (
        term(.value, .atLeast) { $0.amounts = [.euros(1, nanos: 1)] },
        ["amounts[0].nanos MONEY_DECIMALS"]
      ),
      (term(.value, .atLeast) { $0.amounts = [.euros(1), .euros(2)] }, ["amounts G24"]),
      (term(.mine, .present) { $0.ids = [.zero] }, ["ids FIELD_NOT_ALLOWED"]),
      (
        term(.respondBy, .withinNext) { $0.within = .init(milliseconds: -1) },
        ["within_ms FIELD_INVALID"]
      ),
      (
        term(.created, .withinNext) { $0.within = .days(1) },
        ["test FILTER_TEST_NOT_ALLOWED", "within_ms FIELD_NOT_ALLOWED"]
      ),
      (term(.crmID, .equal) { $0.texts = [""] }, ["texts[0] FIELD_REQUIRED"]),
      (
        term(.tag, .begins) { $0.texts = ["x"] },
        ["test FILTER_TEST_NOT_ALLOWED", "texts FIELD_NOT_ALLOWED"]
      ),
      (term(.ownerEmail, .present) { $0.texts = ["x"] }, ["texts FIELD_NOT_ALLOWED"]),
      (term(.name, .equal) { $0.texts = .init(repeating: "n", count: 65) }, ["texts G24"]),
    ]
    for (asked, expected) in wrong {
      var problems = Violations()
      #expect(asked.condition("t", &problems) == nil)
      #expect(problems.found.map { "\($0.field.dropFirst(2)) \($0.rule)" } == expected)
    }
  }

  @Test func `section 21 sums are exact beyond 64 bits, of each currency alone, in bounded groups`()
    throws
  {
    var sum = ExactSum()
    for _ in 0..<3 { sum.add(units: .max, nanos: 999_999_999) }
    #expect(sum.text == "27670116110564327423.999999997")
    sum.add(units: .min, nanos: 0)
    var debt = ExactSum()
    debt.add(units: -1, nanos: -500_000_000)
    #expect(debt.text == "-1.5" && ExactSum().text == "0")

    var given = try Given()
    let id = try given.create()
    var deal = try given.deal(id)
    let asked = AggregateDeals(filter: DealFilter(), groupBy: [.campaign], sumsValues: true)
    var totals = DealTotals()
    for number in 0..<Limits.dealGroups {
      deal.campaignID = Text("\(number)")
      let fits = totals.add(deal, asked)
      #expect(fits)
    }
    deal.value = Money(units: 1, nanos: 0, currency: .named("USD"))
    let fitsToo = totals.add(deal, asked)
    deal.campaignID = "one too many"
    let fitsNoMore = !totals.add(deal, asked)
    #expect(fitsToo && fitsNoMore)
    #expect(totals.all.count == UInt64(Limits.dealGroups) + 1)
    #expect(totals.all.sums[.named("EUR")]?.text == "\(Limits.dealGroups * 1_000)")
    #expect(totals.all.sums[.named("USD")]?.text == "1")
  }

  @Test func `a clause needs one of its terms, a filter all of its clauses`() throws {
    var given = try Given()
    let id = try given.create()
    let deal = try given.deal(id)
    let viewer = FilterViewer(now: given.now, email: "", favourites: [])
    let yes = DealFilter.Term(.direction(Choices([.outbound])))
    let no = DealFilter.Term(.direction(Choices([.outbound])), isNegated: true)
    for (clauses, expected) in [
      ([], true), ([[yes]], true), ([[no]], false), ([[no, yes]], true), ([[yes], [no]], false),
      ([[no, yes], [yes, no]], true), ([[]], false),
    ] as [([[DealFilter.Term]], Bool)] {
      let filter = DealFilter(clauses.map { DealFilter.Clause($0) })
      #expect(filter.matches(deal, viewer) == expected)
    }
    var filter = DealFilter([.init([.init(.status(Choices([.won, .lost]))), yes])])
    #expect(filter.statuses == DealStatus.allCases)
    filter.require(.status(Choices([.won, .accepted])))
    filter.clauses.append(.init([.init(.status(Choices([.won])), isNegated: true)]))
    #expect(filter.statuses == [.accepted])
  }
}
