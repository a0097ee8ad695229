// SPDX-License-Identifier: Apache-2.0
// Values as callers see them, and deals as the server's own codec writes them.

import TandemClient
import TandemDomain
import TandemPrimitives
import TandemWire
import TestThreads
import Testing

private typealias SeenDeal = TandemClient.Deal

struct ValueTests {
  @Test func `ids print what the server prints and read it back`() throws {
    let server = DealID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    let id = try #require(ID(.deal, bytes: server.bytes))
    #expect(id.description == server.description)
    #expect(ID(id.description) == id)
    #expect(ID("org" + id.description.dropFirst(4))?.kind == .organisation)
    for wrong in ["", "deal", "deal_", "cat_01j00000000000000000000000", "deal_01"] {
      #expect(ID(wrong) == nil)
    }
    #expect(ID(.deal, bytes: [1, 2]) == nil)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (1_795_214_372_123, "2026-11-20T22:39:32.123Z"),
    (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
  ])
  func `moments are written in ISO 8601`(_ milliseconds: Int64, _ text: String) {
    #expect(Moment(milliseconds: milliseconds).description == text)
  }

  @Test func `fields have the names that the rules give them`() {
    for field in DealField.allCases {
      #expect(SeenDeal.fieldName(UInt32(field.rawValue)) == field.path)
    }
    #expect(SeenDeal.fieldName(999) == "999")
  }

  @Test func `moments are read with as many digits as wanted`() {
    #expect(Moment("2027-01-31") == Moment(day: "2027-01-31"))
    #expect(Moment("2027-01-31T09:30Z")?.description == "2027-01-31T09:30:00.000Z")
    #expect(Moment("2027-01-31T09:30:59.123Z")?.description == "2027-01-31T09:30:59.123Z")
    for wrong in [
      "2027-01-31T", "2027-01-31T9:30Z", "2027-01-31T24:00Z", "2027-01-31T09:60Z",
      "2027-01-31T09:30", "2027-01-31 09:30Z", "2027-02-30T09:30Z", "",
    ] {
      #expect(Moment(wrong) == nil, "\(wrong)")
    }
  }

  @Test func `days are read, and only those that exist`() {
    #expect(Moment(day: "2027-01-31")?.description == "2027-01-31T00:00:00.000Z")
    #expect(Moment(day: "2028-02-29")?.description == "2028-02-29T00:00:00.000Z")
    for wrong in ["2027-02-29", "2027-04-31", "2027-13-01", "2027-1-1", "27-01-01", "x", ""] {
      #expect(Moment(day: wrong) == nil)
    }
  }

  @Test(arguments: [
    ("1234.50 EUR", 1_234, 500_000_000, "1234.50 EUR"), ("7 USD", 7, 0, "7.00 USD"),
    ("-0.25 EUR", 0, -250_000_000, "-0.25 EUR"),
    ("1.000000001 EUR", 1, 1, "1.000000001 EUR"),
  ])
  func `amounts are read and written`(
    _ text: String, _ units: Int64, _ nanos: Int32, _ printed: String
  ) {
    let money = TandemClient.Money(text)
    #expect(
      money == TandemClient.Money(units: units, nanos: nanos, currency: String(text.suffix(3))))
    #expect(money?.description == printed)
  }

  @Test(arguments: ["", "12", "EUR", "1,5 EUR", "1. EUR", "1.1234567890 EUR", "1 EURO", "a EUR"])
  func `what is no amount is refused`(_ text: String) {
    #expect(TandemClient.Money(text) == nil)
  }
}

@Suite(.on(.sockets)) struct DealReadingTests {
  /// The deal that the first test's server writes.
  private func expected(_ id: ID) -> SeenDeal {
    var expected = SeenDeal()
    expected.id = id
    expected.version = 7
    expected.direction = .outbound
    expected.status = .won
    expected.name = "Lakeside"
    expected.closeDate = Moment(day: "2000-02-29")
    expected.consent.customerContact = true
    var ada = TandemClient.Person(
      firstName: "Ada", lastName: "Berg", email: "ada@acme.example")
    ada.phone = "+49"
    ada.title = "CTO"
    var member = TandemClient.TeamMember(ada)
    member.line = 1
    expected.team = [member]
    member.line = 2
    expected.customer.name = "ACME"
    expected.customer.size = 3
    expected.customer.contacts = [member]
    expected.customer.address.line1 = "Weg 1"
    expected.customer.address.city = "Hamburg"
    expected.customer.address.state = "HH"
    expected.customer.address.postalCode = "20095"
    var number = TandemClient.CustomerIdentifier()
    number.scheme = .external
    number.value = "c-1"
    expected.customer.identifiers = [number]
    return expected
  }

  @Test func `a deal says what the server wrote`() async throws {
    let person = TandemDomain.Person(
      firstName: "Ada", lastName: "Berg", email: "ada@acme.example", phone: "+49", title: "CTO")
    let change = DealID(high: 1, low: 2)
    let server = try FakeServer { peer, request in
      var writer = ProtoWriter()
      let start = writer.begin(1)
      writer.identifier(1, change)
      writer.unsigned(3, 7 as UInt64)
      writer.enumeration(4, TandemDomain.Direction.outbound)
      writer.enumeration(5, TandemDomain.DealStatus.won)
      writer.string(8, "Lakeside")
      writer.message(
        10,
        TandemDomain.Customer(
          name: "ACME",
          address: TandemDomain.Address(
            line1: "Weg 1", line2: "", city: "Hamburg", state: "HH", postalCode: "20095",
            country: CountryCode(packed: 0)),
          size: 3, identifiers: [.init(scheme: .external, value: "c-1")],
          contacts: [.init(line: 2, person: person)]))
      writer.time(12, Timestamp(milliseconds: 951_782_400_000))
      writer.messages(16, [TandemDomain.TeamMember(line: 1, person: person)])
      writer.message(18, TandemDomain.Consent(customerContact: true, shareWithOthers: false))
      writer.unsigned(900, 1 as UInt64)
      writer.end(start)
      let mine = writer.begin(2)
      writer.flag(1, true)
      writer.end(mine)
      peer.answer(request, writer.bytes)
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        let id = try #require(ID(.deal, bytes: change.bytes))
        let view = try await client.getDeal(id)
        #expect(view.deal == expected(id))
        #expect(view.isFavourite)
      }
    }
  }

  @Test func `a filter asks for its clauses with every list of values`() async throws {
    let server = try FakeServer { peer, request in peer.answer(request, []) }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        var filter = DealFilter()
        filter.allOf = [
          [.status([.won]), !.mine], [.text(.country, .equal, ["DE"])],
          [.value(.atLeast, Money(units: 5, currency: "EUR"))],
          [
            .time(.created, .below, Moment(milliseconds: 9)),
            .time(.updated, .withinLast, milliseconds: 7),
          ],
        ]
        for try await _ in client.listDeals(filter) {}
        let asked = try #require(await server.next(.request))
        var reader = ProtoReader(asked.body[...])
        var clauses: [[UInt8]] = []
        while try reader.next() {
          if reader.field == 8 {
            clauses.append(Array(try reader.slice()))
          } else {
            try reader.skip()
          }
        }
        #expect(
          clauses == [
            [10, 7, 8, 1, 16, 1, 0x22, 1, 4, 10, 6, 8, 17, 16, 10, 24, 1],
            [10, 8, 8, 12, 16, 1, 0x2A, 2, 68, 69],
            [10, 13, 8, 6, 16, 5, 0x3A, 7, 8, 5, 26, 3, 69, 85, 82],
            [10, 6, 8, 8, 16, 2, 0x40, 9, 10, 6, 8, 9, 16, 9, 0x48, 7],
          ])
      }
    }
  }

  @Test func `a list fetches its pages until the cursor ends`() async throws {
    let server = try FakeServer { peer, request in
      var writer = ProtoWriter()
      for version in 1...2 as ClosedRange<UInt64> {
        let row = writer.begin(1)
        let deal = writer.begin(1)
        writer.unsigned(3, version + UInt64(peer.requests) * 10)
        writer.end(deal)
        writer.end(row)
      }
      if peer.requests < 3 { writer.blob(2, [UInt8(peer.requests)]) }
      peer.answer(request, writer.bytes)
    }
    try await withFake(server) { server in
      try await withClient(server.url, key: "k") { client in
        var filter = DealFilter()
        filter.statuses = [.accepted, .won]
        var versions: [UInt64] = []
        for try await row in client.listDeals(filter) { versions.append(row.deal.version) }
        #expect(versions == [11, 12, 21, 22, 31, 32])
        let first = try #require(await server.next(.request))
        #expect(first.body == [0x0A, 2, 3, 4])
        let second = try #require(await server.next(.request))
        #expect(second.body == [0x0A, 2, 3, 4, 0x3A, 1, 1])
      }
    }
  }
}
