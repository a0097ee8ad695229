// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct CreatingDealsTests {
  @Test func `T1 R-112 a created deal is accepted, outbound and at ten percent`() throws {
    var given = try Given()
    let id = try given.create()
    let deal = try given.deal(id)
    #expect(deal.status == .accepted)
    #expect(deal.direction == .outbound)
    #expect(deal.stage == .created)
    #expect(deal.acceptedAt == given.now && deal.createdAt == given.now)
    #expect(deal.version == 1 && deal.baseKind == .privateDeal)
    #expect(deal.team.map(\.line) == [1, 2])
    #expect(deal.customer.contacts.map(\.line) == [3])
    #expect(deal.solutions.map(\.line) == [4, 5])
    given.expectReplayGivesTheSame()
  }

  @Test func `R-102 R-105 R-106 R-107 everything that is missing is named at once`() throws {
    var given = try Given()
    var command = CreateDeal.sample(at: .zero)
    command.name = "  "
    command.customer.name = .empty
    command.customer.address.line1 = .empty
    command.customer.address.country = CountryCode(packed: 0x5858)
    command.value = nil
    command.closeDate = nil
    command.team = []
    command.solutions = []
    command.consent.shareWithOthers = false
    let rejection = try given.refused(.createDeal(command))
    #expect(rejection.code == .invalidArgument)
    #expect(rejection.reason == "FIELD_INVALID")
    #expect(
      rejection.violations.map { "\($0.field) \($0.rule)" } == [
        "name R-105", "location_id R-105", "customer.name R-102", "customer.address.line1 R-102",
        "customer.address.country COUNTRY_UNKNOWN", "value R-105", "close_date_ms R-105",
        "team R-106", "solutions R-107", "consent.share_with_others CONSENT_MISSING",
      ])
  }

  @Test func `R-106 an incomplete member is named by its place`() throws {
    var given = try Given()
    var command = CreateDeal.sample(at: given.berlin)
    command.team[1].person.phone = .empty
    command.team[1].person.email = "nobody"
    let rejection = try given.refused(.createDeal(command))
    #expect(rejection.violations.map(\.field) == ["team[1].person.phone", "team[1].person.email"])
    #expect(rejection.violations.allSatisfy { $0.rule == "R-106" })
  }

  @Test(arguments: [
    (Money(units: 1, nanos: 1, currency: .named("JPY")), "MONEY_DECIMALS"),
    (Money(units: 1, nanos: 5_000_000, currency: .named("EUR")), "MONEY_DECIMALS"),
    (Money(units: -1, nanos: 0, currency: .named("EUR")), "MONEY_NEGATIVE"),
    (Money(units: 1, nanos: -10_000_000, currency: .named("EUR")), "MONEY_SIGNS"),
    (Money(units: 1, nanos: 0, currency: .named("QQQ")), "MONEY_CURRENCY"),
    (Money(units: 1, nanos: 0, currency: CurrencyCode(packed: 0)), "MONEY_CURRENCY"),
  ])
  func `money that cannot be said exactly is refused`(value: Money, word: String) throws {
    var given = try Given()
    var command = CreateDeal.sample(at: given.berlin)
    command.value = value
    let rejection = try given.refused(.createDeal(command))
    #expect(rejection.reason == word)
  }

  @Test(arguments: [
    Money(units: 1, nanos: 5_000_000, currency: .named("KWD")),
    Money(units: 5, nanos: 0, currency: .named("JPY")), .euros(0, nanos: 10_000_000), .euros(0),
  ])
  func `money with the decimals of its currency is taken`(value: Money) throws {
    var given = try Given()
    let id = try given.create { $0.value = value }
    #expect(try given.deal(id).value == value)
  }

  @Test func `G24 limits name the bound and the value seen`() throws {
    var given = try Given()
    var command = CreateDeal.sample(at: given.berlin)
    command.name = Text(String(repeating: "n", count: 257))
    command.team = Array(repeating: .named("Ada"), count: 51)
    let rejection = try given.refused(.createDeal(command))
    #expect(rejection.violations.map(\.rule) == ["G24", "G24"])
    #expect(rejection.violations[0].text.contains("257"))
    #expect(rejection.violations[0].text.contains("256"))
    #expect(rejection.violations[1].text.contains("51"))
  }

  @Test func `a strange location is no reason to tell whose it is`() throws {
    var given = try Given()
    let rejection = try given.refused(
      .createDeal(.sample(at: LocationID(high: 5, low: 5))))
    #expect(rejection.reason == "LOCATION_UNKNOWN")
  }

  @Test func `a dry run checks everything and changes nothing`() throws {
    var given = try Given()
    var command = CreateDeal.sample(at: given.berlin)
    command.validateOnly = true
    #expect(try given.when(.createDeal(command)).events.isEmpty)
    command.team = []
    #expect(try given.refused(.createDeal(command)).violations.count == 1)
  }

  @Test func `numbers of lines are the server's`() throws {
    var given = try Given()
    var command = CreateDeal.sample(at: given.berlin)
    command.team[0].line = 7
    let rejection = try given.refused(.createDeal(command))
    #expect(rejection.violations.map(\.field) == ["team[0].line"])
  }
}
