// SPDX-License-Identifier: Apache-2.0
// Rulings that hold everywhere (product.md 3 and the top of domain.md), over the wire.

import RunningServer
import TandemClient
import TandemWire
import Testing

struct RulingScenarios {
  @Test func `ruling 1, R-201 help goes to the desk that covers the customer's country`()
    async throws
  {
    try await Ecosystem.run { world in
      let south = try await world.join("Northwind Alps", .vendor) { $0.covers = ["CH", "AT"] }
      _ = try await eventually {
        try await world.contoso.client.listOrganisations(namePrefix: "Northwind Alps").first
      }
      for (country, desk) in [("CH", south), ("AT", south), ("DE", world.vendor)] {
        for help in [HelpCode.unspecified, .proofOfConcept] {
          let deal = try await world.deal { deal in
            deal.customer.address.country = country
            deal.isVisibleToVendor = true
            deal.help = help
          }
          let mine = try await world.contoso.client.getDeal(deal).deal
          let chosen = mine.shownTo?.id ?? mine.cards.first?.organisation.id
          #expect(chosen == desk.id, "\(country), \(help)")
          _ = try await world.copy(of: deal, at: desk)
        }
      }
      #expect(try await south.list().count == 4)
      #expect(try await world.vendor.list().count == 2)
      let abroad = try await world.deal()
      let refusal = try await refused { try await world.invite(south, to: abroad) }
      #expect(refusal.violations.map(\.reason) == ["DESK_OF_OTHERS"])
    }
  }

  @Test func `ruling 2 a write is acknowledged at its owner, the other side follows in order`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.shown()
      for number in 1...20 {
        let name = "Name \(number)"
        _ = try await world.contoso.client.patchDeal(deal, .only { $0.name = name })
        #expect(try await world.contoso.client.getDeal(deal).deal.name == name)
      }
      _ = try await world.vendor.deal(copy) { $0.name == "Name 20" }
      let names = try await world.vendor.client.history(of: copy).compactMap(\.after?.name)
      let numbers = names.compactMap { Int($0.split(separator: " ").last ?? "") }
      #expect(numbers == numbers.sorted() && numbers.last == 20)
    }
  }

  @Test func `ruling 5 organisations of two realms never see each other, nor share a clock`()
    async throws
  {
    try await TestServer.run { server in
      let one = try await Ecosystem.make("one", on: server)
      let two = try await Ecosystem.make("two", on: server)
      let found = try await one.contoso.client.listOrganisations()
      #expect(Set(found.map(\.id)) == [one.contoso.id, one.fabrikam.id, one.vendor.id])
      let deal = try await one.deal()
      for stranger in [two.fabrikam, two.vendor] {
        let refusal = try await refused { try await one.invite(stranger, to: deal) }
        #expect(refusal.violations.map(\.reason) == ["INVITEE_UNKNOWN"])
      }
      let foreign = try await refused { try await two.contoso.client.getDeal(deal) }
      #expect(foreign.reason == "DEAL_NOT_FOUND")
      var sells = NewDeal.complete(for: one.contoso)
      sells.solutions[0].solution = two.fabrikam.solution
      let sold = try await refused { try await one.contoso.client.createDeal(sells) }
      #expect(sold.violations.map(\.reason) == ["SOLUTION_UNKNOWN"])
      _ = try await one.asked()
      #expect(try await two.vendor.list().isEmpty)
      let before = try #require(try await two.contoso.client.getRealm().now)
      try await one.pass(.seconds(30 * 86_400))
      let after = try #require(try await two.contoso.client.getRealm().now)
      #expect(after.milliseconds - before.milliseconds < 86_400_000)
      let ahead = try #require(try await one.contoso.client.getRealm().now)
      #expect(ahead.milliseconds - after.milliseconds > 29 * 86_400_000)
    }
  }

  @Test func `ruling 6 what a request says and nobody reads is refused, never ignored`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let deal = try await world.deal()
      func request(_ write: (inout ProtoWriter) -> Void) -> [UInt8] {
        var writer = ProtoWriter()
        writer.blob(1, deal.bytes[...])
        write(&writer)
        return writer.bytes
      }
      let lines = try await client.getDeal(deal).deal.solutions.map(\.line)
      let rows: [(String, Method, [UInt8])] = [
        ("an unknown field", .winDeal, request { $0.string(99, "x") }),
        ("a known field's type", .winDeal, request { $0.string(2, "x") }),
        (
          "an unknown kind of help", .inviteToDeal,
          request { writer in
            writer.blob(2, world.fabrikam.id.bytes[...])
            writer.unsigned(3, UInt64(77))
            writer.packed(8, lines)
          }
        ),
        (
          "an unknown action of an edit", .patchDeal,
          request { writer in
            let edit = writer.begin(4)
            writer.packed(1, [15])
            writer.unsigned(3, UInt64(9))
            writer.end(edit)
          }
        ),
        (
          "an edit of no field", .patchDeal,
          request { writer in
            let edit = writer.begin(4)
            writer.packed(1, [999])
            writer.unsigned(3, UInt64(1))
            writer.end(edit)
          }
        ),
      ]
      for (row, method, body) in rows {
        let refusal = try await refused {
          try await client.raw(method: method.rawValue, body: body)
        }
        #expect(refusal.code == .invalidArgument, "\(row): \(refusal)")
      }
      var numbered = NewDeal.complete(for: world.contoso)
      numbered.team[0].line = 7
      let given = try await refused { try await client.createDeal(numbered) }
      #expect(given.violations.map(\.reason) == ["LINE_GIVEN"])
      #expect(try await client.getDeal(deal).deal.version == 1)
    }
  }

  @Test func `ruling 7 every problem of a request is told at once, with field, rule and text`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let deal = try await world.deal()
      let patch = try await refused {
        try await client.patchDeal(
          deal,
          .only { patch in
            patch.name = ""
            patch.value = Money("1.005 EUR")
            patch.addedTeam = [TeamMember(Person(firstName: "", lastName: "", email: "x"))]
            patch.stage = 101
          })
      }
      let fields = patch.violations.map(\.field)
      for field in ["name", "value.nanos", "stage"] { #expect(fields.contains(field), "\(field)") }
      #expect(fields.contains { $0.hasSuffix(".phone") })
      #expect(patch.violations.allSatisfy { !$0.reason.isEmpty && !$0.description.isEmpty })
      #expect(patch.message.contains("\(patch.violations.count) problems"))
      var invitation = NewInvitation(
        world.fabrikam.id, help: .unspecified, solutionLines: [98, 99])
      invitation.value = Money("-1 EUR")
      let invite = try await refused { try await client.inviteToDeal(deal, invitation) }
      #expect(
        Set(invite.violations.map(\.field)).isSuperset(of: [
          "help", "solution_lines[0]", "solution_lines[1]", "value.units",
        ]), "\(invite)")
    }
  }

  @Test func `ruling 8 money is exact: decimals of its currency, sums in 128 bits`() async throws {
    let rows: [(money: Money, rule: String)] = [
      (Money(units: 1, nanos: 5_000_000, currency: "EUR"), "MONEY_DECIMALS"),
      (Money(units: 1, nanos: 500_000_000, currency: "JPY"), "MONEY_DECIMALS"),
      (Money(units: 1, nanos: 100_000, currency: "KWD"), "MONEY_DECIMALS"),
      (Money(units: -1, currency: "EUR"), "MONEY_NEGATIVE"),
      (Money(units: 1, nanos: -1, currency: "EUR"), "MONEY_SIGNS"),
      (Money(units: 1, nanos: 1_000_000_000, currency: "EUR"), "MONEY_NANOS"),
      (Money(units: 1, currency: "QQQ"), "MONEY_CURRENCY"),
      (Money(units: 1, currency: ""), "MONEY_CURRENCY"),
    ]
    try await Ecosystem.run { world in
      let client = world.contoso.client
      for row in rows {
        let refusal = try await refused { try await world.deal { $0.value = row.money } }
        #expect(refusal.violations.contains { $0.reason == row.rule }, "\(row): \(refusal)")
        #expect(refusal.violations.allSatisfy { $0.field.hasPrefix("value") }, "\(row)")
      }
      for money in ["0.01 EUR", "0 EUR", "5 JPY", "1.005 KWD"] {
        let deal = try await world.deal { $0.value = Money(money) }
        #expect(try await client.getDeal(deal).deal.value == Money(money), "\(money)")
      }
      for _ in 0..<3 {
        _ = try await world.deal {
          $0.value = Money(units: .max, nanos: 990_000_000, currency: "USD")
        }
      }
      let sums = try await client.aggregateDeals(sumValues: true).total.sums
      #expect(sums.first { $0.currency == "USD" }?.amount == "27670116110564327423.97")
    }
  }

  @Test func `ruling 8 countries are of ISO 3166, texts are kept as they are and hold no NUL`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      for country in ["ZZ", "de", "DEU", "D"] {
        let refusal = try await refused {
          try await world.deal { $0.customer.address.country = country }
        }
        #expect(refusal.violations.map(\.field) == ["customer.address.country"], "\(country)")
      }
      let padded = try await world.deal { $0.name = "  Umzug nach Zürich  " }
      #expect(try await client.getDeal(padded).deal.name == "  Umzug nach Zürich  ")
      let null = try await refused { try await world.deal { $0.name = "a\u{0}b" } }
      #expect(null.code == .invalidArgument)
      #expect("\(padded)".hasPrefix("deal_"))
    }
  }
}
