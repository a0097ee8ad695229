// SPDX-License-Identifier: Apache-2.0
// Reference data: what is told is what requests are checked against, and no list changes without a version.

import TandemDomain
import TandemPrimitives
import Testing

struct ReferenceDataTests {
  /// What each version of a list said.
  ///
  /// A list that changes gets its next version and a line here; lines are never changed.
  private static let versions: [String: UInt64] = [
    "assessment_stages 1": 3734569033567437530,
    "calls_to_action 1": 12322851054944368128,
    "contact_validities 1": 10932961633919508410,
    "countries 1": 15829825166843289715,
    "currencies 1": 15869209721356338587,
    "customer_identifier_schemes 1": 10423898579613843192,
    "customer_sizes 1": 9573930535808815111,
    "deal_kinds 1": 10126493989495004753,
    "deal_statuses 1": 13977948327695150150,
    "directions 1": 15087307519889756462,
    "duplicate_policies 1": 1343270704594684933,
    "help_codes 1": 1179807110372601758,
    "incentives 1": 9024830095957975809,
    "lead_classes 1": 6002343125697537208,
    "lead_origins 1": 9270649699494052729,
    "lead_qualities 1": 9442162189766585888,
    "lead_sources 1": 10329960938602160173,
    "lead_statuses 1": 15646476373879226583,
    "match_categories 1": 8568490132695829448,
    "notification_topics 1": 8418134727993274880,
    "organisation_kinds 1": 4269378024214910347,
    "reasons_by_server 1": 9866873279115062832,
    "reasons_declined_or_lost 1": 13558178359610469694,
    "reasons_error 1": 2004037335447169983,
    "roles 1": 11520542650097576816,
    "sales_stages 1": 4858489295121454171,
    "solution_groups 1": 7376780703092474594,
    "solution_types 1": 2394844949345167404,
  ]

  @Test func `ruling 9 no list changes without a new version`() {
    var current: [String: UInt64] = [:]
    for list in ReferenceList.all {
      current["\(list.name) \(list.version)"] = Self.digest(of: list)
    }
    #expect(current.count == ReferenceList.all.count)
    for (name, digest) in current.sorted(by: { $0.key < $1.key }) {
      #expect(Self.versions[name] == digest, "\"\(name)\": \(digest),")
    }
  }

  private static func digest(of list: ReferenceList) -> UInt64 {
    let rows = list.entries.map { entry in
      let dates = [entry.from, entry.until].map { "\($0?.milliseconds ?? 0)" }
      return ["\(entry.code)", entry.word, entry.text, "\(entry.decimals)"] + dates + entry.namedBy
    }
    let text = "\(list.effective?.milliseconds ?? 0) \(rows)"
    return text.utf8.reduce(FNV1a.start) { FNV1a.next($0, $1) }
  }

  @Test func `ruling 9 lists have names, versions and dates, entries are told apart`() {
    #expect(Set(ReferenceList.all.map(\.name)).count == ReferenceList.all.count)
    // Everything can be asked for at once, with the organisation's own.
    #expect(ReferenceList.all.count + 1 <= Limits.listsDescribed)
    for list in ReferenceList.all {
      #expect(list.version > 0 && list.effective != nil && !list.entries.isEmpty, "\(list.name)")
      #expect(Set(list.entries.map(\.word)).count == list.entries.count, "\(list.name)")
      #expect(list.entries.allSatisfy { !$0.word.isEmpty && !$0.text.isEmpty }, "\(list.name)")
      let codes = list.entries.map(\.code).filter { $0 != 0 }
      #expect(codes.isEmpty || Set(codes).count == list.entries.count, "\(list.name)")
    }
  }

  @Test func `ruling 8 exactly the listed currencies and countries are known`() throws {
    let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map(\.self)
    var currencies: [String] = []
    var countries: [String] = []
    for first in letters {
      for second in letters {
        let country = try #require(CountryCode([first, second]))
        if Countries.contains(country) { countries.append(country.text) }
        for third in letters {
          let currency = try #require(CurrencyCode([first, second, third]))
          if Currencies.decimals(of: currency) != nil { currencies.append(currency.text) }
        }
      }
    }
    #expect(try list("currencies").entries.map(\.word) == currencies)
    #expect(try list("countries").entries.map(\.word) == countries)
    #expect(currencies.count == 160 && countries.count == 249)
    let decimals = Dictionary(
      uniqueKeysWithValues: try list("currencies").entries.map { ($0.word, $0.decimals) })
    #expect(decimals["EUR"] == 2 && decimals["JPY"] == 0 && decimals["KWD"] == 3)
  }

  @Test func `days are those of the calendar`() {
    for (day, text) in [
      (Timestamp.day(1970, 1, 1), "1970-01-01"), (.day(2026, 2, 1), "2026-02-01"),
      (.day(2024, 2, 29), "2024-02-29"), (.day(2000, 3, 1), "2000-03-01"),
      (.day(1999, 12, 31), "1999-12-31"),
    ] { #expect("\(day)" == text + "T00:00:00.000Z") }
  }

  // MARK: Entries that begin and end

  /// Only currencies come and go; who dates another list makes its rules look at the dates as well.
  @Test func `ruling 9 entries with dates are those of currencies`() throws {
    let dated = ReferenceList.all.filter { list in
      list.entries.contains { $0.from != nil || $0.until != nil }
    }
    #expect(dated.map(\.name) == ["currencies"])
  }

  @Test func `ruling 9 a currency is refused before it begins and once it has ended`() throws {
    for entry in try list("currencies").entries where entry.from != nil || entry.until != nil {
      var given = try Given()
      let amount = Money(units: 9, nanos: 0, currency: .named(entry.word))
      for (moment, isTaken) in [
        (entry.from?.milliseconds, true), (entry.from.map { $0.milliseconds - 1 }, false),
        (entry.until.map { $0.milliseconds - 1 }, true), (entry.until?.milliseconds, false),
      ] {
        guard let moment else { continue }
        given.now = Timestamp(milliseconds: moment)
        if isTaken {
          _ = try given.create { $0.value = amount }
          continue
        }
        var command = CreateDeal.sample(at: given.berlin)
        command.value = amount
        let refusal = try given.refused(.createDeal(command))
        #expect(refusal.violations.map(\.field) == ["value.currency"])
        #expect(refusal.violations.map(\.rule) == ["MONEY_CURRENCY"])
      }
    }
  }

  @Test func `ruling 9 a deal in a currency that ended is read, edited and invited to`() throws {
    var (world, contoso, northwind, end) = try Self.levs()
    let deal = try world[contoso].onlyDeal
    world.advance(
      by: Timestamp.Span(milliseconds: end.milliseconds - (try world[contoso].now.milliseconds)))
    try world.when(contoso, PatchDeal.edits(deal.id, [.notes("still on")]))
    #expect(try world[contoso].deal(deal.id).value == Self.lev)
    for edits: ShortList<FieldEdit> in [
      [.value(Self.lev)], [.putSolution(Self.priced(deal.solutions[0]))],
      [.replaceSolutions([Self.priced(deal.solutions[0])])],
    ] {
      let refusal = try world.refused(contoso, PatchDeal.edits(deal.id, edits))
      #expect(refusal.violations.map(\.rule) == ["MONEY_CURRENCY"], "\(edits)")
    }
    var invitation = world.invite(deal.id, northwind, lines: deal.solutions.map(\.line))
    invitation.value = Self.lev
    let refusal = try world.refused(contoso, .inviteToDeal(invitation))
    #expect(refusal.violations.map(\.field) == ["value.currency"])
    // What is taken from the deal was written before.
    invitation.value = nil
    try world.when(contoso, .inviteToDeal(invitation))
    try world.settle()
    let copy = try world[northwind].onlyDeal.id
    let acceptance = AcceptDeal(
      deal: copy, name: "Ours", value: Self.lev, closeDate: nil, notes: "", crmID: "",
      campaignID: "", team: [], validateOnly: false)
    #expect(
      try world.refused(northwind, .acceptDeal(acceptance)).violations.map(\.field)
        == ["value.currency"])
    try world.when(northwind, .accept(copy))
    #expect(try world[northwind].onlyDeal.value == Self.lev)
  }

  @Test func `ruling 9 a lead is not taken in a currency that ended`() throws {
    var leads = try LeadWorld()
    let id = try leads.send()
    let acceptance = AcceptLead(
      lead: id, name: "Ours", value: Self.lev, closeDate: .day(2099, 1, 1), notes: "",
      team: [.named("Cid")])
    let refusal = try leads.world.refused(leads.contoso, .acceptLead(acceptance))
    #expect(refusal.violations.map(\.field) == ["value.currency"])
  }

  private static let lev = Money(units: 500, nanos: 0, currency: .named("BGN"))

  private static func priced(_ line: SolutionLine) -> SolutionLine {
    var line = line
    line.price = lev
    return line
  }

  /// A deal in a currency that ends, the day before it does.
  private static func levs() throws -> (
    world: World, contoso: TenantID, northwind: TenantID, end: Timestamp
  ) {
    let end = try #require(Currencies.currency(lev.currency)?.until)
    var contoso = try Given("Contoso", seed: 1)
    var northwind = try Given("Northwind", kind: .vendor, seed: 2)
    let before = Timestamp(milliseconds: end.milliseconds - 86_400_000)
    (contoso.now, northwind.now) = (before, before)
    var world = try World([contoso, northwind])
    _ = try world.create(contoso.id) { $0.value = lev }
    return (world, contoso.id, northwind.id, end)
  }

  private func list(_ name: String) throws -> ReferenceList {
    try #require(ReferenceList.all.first { $0.name == name })
  }
}
