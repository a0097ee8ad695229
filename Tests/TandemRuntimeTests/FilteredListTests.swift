// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// Lists with filters, on organisations that are larger than what one turn looks at.
@Suite(.on(.worlds)) struct FilteredListTests {
  /// An organisation with many different deals.
  private struct Stage {
    let world: RuntimeWorld
    let contoso: Party
    let fabrikam: Party
    var deals: [DealID] = []

    init(seed: UInt64) throws {
      world = RuntimeWorld(seed: seed, shards: 1) {
        $0.dealsPerSlice = 7
        $0.dealsSorted = 12
      }
      contoso = try world.register("Contoso", .partner)
      fabrikam = try world.register("Fabrikam", .partner)
      var random = SeededRandom(seed: seed)
      for number in 0..<70 { deals.append(try add(number, &random)) }
    }

    private func add(_ number: Int, _ random: inout SeededRandom) throws -> DealID {
      var deal = contoso.deal(["Fleet \(number)", "fleet", "Office move"].any(&random))
      deal.customer.name = Text(["Adatum", "Adventure Works", "Tailspin"].any(&random))
      deal.customer.address.country = CountryCode(packed: [0x4445, 0x4652, 0x5553].any(&random))
      deal.value = Money(
        units: Int64(random.next() % 5) * 1_000, nanos: 0,
        currency: CurrencyCode(packed: [0x45_5552, 0x55_5344].any(&random)))
      let days = Timestamp.Span.days(Int64(random.next() % 3) * 40)
      deal.closeDate = Timestamp(milliseconds: 1_900_000_000_000 + Int64(random.next() % 5))
        .advanced(by: days)
      deal.crmID = Text("OPP-\(random.next() % 30)")
      deal.campaignID = Text(["", "spring"].any(&random))
      deal.notes = Text(["", "Asked by the CFO", "no news"].any(&random))
      let mate = TeamMember(line: 0, person: person(["uma", "bob"].any(&random)))
      if random.next() % 3 == 0 { deal.team.append(mate) }
      let told = ask(.command(.createDeal(deal), returnDeal: false))
      let id = try #require(DealID(bytes: told.body[2..<18]))
      if random.next() % 4 == 0 { _ = world.invite(fabrikam, to: id, by: contoso) }
      if random.next() % 8 == 0 {
        let win = WinDeal(deal: id, baseVersion: 0, validateOnly: false)
        _ = ask(.command(.winDeal(win), returnDeal: false))
      }
      if random.next() % 5 == 0 {
        let mark = SetFavourite(deal: id, isFavourite: true)
        _ = ask(.command(.setFavourite(mark), returnDeal: false))
      }
      if random.next() % 3 == 0 { patch(id, [.name(Text("Fleet \(random.next() % 9)"))]) }
      if random.next() % 3 == 0 { patch(id, [.crmID(Text("OPP-\(random.next() % 30)"))]) }
      if random.next() % 5 == 0 { patch(id, [.stage(.percent(60))]) }
      if random.next() % 9 == 0 { world.pass(milliseconds: 3) }
      return id
    }

    func person(_ name: String) -> Person {
      Person(
        firstName: Text(name), lastName: "Example", email: Text("\(name)@example.com"),
        phone: "+49 30 1", title: "")
    }

    func patch(_ id: DealID, _ edits: ShortList<FieldEdit>) {
      let patch = PatchDeal(deal: id, baseVersion: 0, edits: edits, validateOnly: false)
      _ = ask(.command(.patchDeal(patch), returnDeal: false))
    }

    func ask(_ request: TenantRequest, as principal: Principal? = nil) -> Told {
      world.ask(request, of: contoso.tenant, as: principal ?? contoso.principal)
    }

    func add(_ name: String, _ role: Role, at locations: [LocationID] = []) throws -> Principal {
      let user = AddUser(
        isService: false, person: person(name),
        grants: [RoleGrant(role: role, locations: locations)], mayActAsUser: false)
      let told = ask(.command(.addUser(user), returnDeal: false))
      try #require(told.head.status == .ok)
      return .user(try #require(UserID(bytes: told.body[2..<18])), via: nil, readOnly: false)
    }

    /// Every page of a list.
    func list(
      _ filter: DealFilter, pageSize: UInt32 = 4, sort: ListDeals.SortKey = .updated,
      descending: Bool = false, as principal: Principal? = nil
    ) throws -> (deals: [Deal], pages: [Int]) {
      var found: [Deal] = []
      var pages: [Int] = []
      var after: ListCursor?
      repeat {
        let list = ListDeals(
          statuses: [], direction: nil, favouritesOnly: false, sort: sort, descending: descending,
          pageSize: pageSize, after: after, filter: filter)
        let told = ask(.query(.listDeals(list)), as: principal)
        try #require(told.head.status == .ok, "\(String(decoding: told.body, as: UTF8.self))")
        let page = try RuntimeWorld.page(told.body)
        found += page.deals
        pages.append(page.deals.count)
        after = page.next
      } while after != nil
      return (found, pages)
    }
  }

  private static func term(_ random: inout SeededRandom, _ stage: Stage) -> DealFilter.Term {
    let euros = CurrencyCode(packed: 0x45_5552)
    let close = Timestamp(milliseconds: 1_900_000_000_002)
    let conditions: [Condition] = [
      .status(Choices([.won])), .status(Choices([.accepted, .lost])),
      .kind(Choices([.privateDeal])),
      .direction(Choices([.inbound])), .stage(Choices([.proposed, .won])), .partnerToPartner,
      .counterpartStatus(Choices([.pending])), .favourite, .mine,
      .value(MoneyTest(.atLeast, [Money(units: 2_000, nanos: 0, currency: euros)])),
      .currency([euros]), .time(.closeDate, .fixed(close...Timestamp(milliseconds: .max))),
      .time(.updated, .last(.hours(1))), .time(.respondBy, .present),
      .country([CountryCode(packed: 0x4445), CountryCode(packed: 0x4652)]),
      .text(.name, .begins(["fLeet 1"])), .text(.customerName, .begins(["ad"])),
      .text(.customerName, .begins(["Adventure Works"])),
      .text(.crmID, .equals(["OPP-3", "OPP-4"])),
      .text(.campaignID, .present), .anywhere(["cfo", "move"]),
      .teamEmail(["UMA@example.com"]), .solution([SolutionID(high: 1, low: 1)]),
      .location([stage.contoso.location]), .counterpart([stage.fabrikam.tenant]),
    ]
    return DealFilter.Term(conditions.any(&random), isNegated: random.next() % 4 == 0)
  }

  @Test(arguments: 0..<4)
  func `section 20 filters combine, and pages hold what a naive look at every deal finds`(
    _ seed: UInt64
  ) throws {
    let stage = try Stage(seed: 100 + seed)
    var random = SeededRandom(seed: seed)
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    #expect(all.count == 70)
    let marked = try stage.list(DealFilter([.init([.init(.favourite)])]), pageSize: 100).deals
    #expect(!marked.isEmpty)
    for _ in 0..<60 {
      var filter = DealFilter()
      for _ in 0...random.next() % 3 {
        filter.clauses.append(
          .init((0...random.next() % 2).map { _ in Self.term(&random, stage) }))
      }
      let descending = random.next() % 2 == 0
      let sort: ListDeals.SortKey = [.updated, .created].any(&random)
      let found = try stage.list(filter, sort: sort, descending: descending)
      let viewer = FilterViewer(
        now: Timestamp(milliseconds: 1_800_000_000_100), email: "ada@example.com",
        favourites: Set(marked.map(\.id)))
      let expected = all.filter { filter.matches($0, viewer) }.sorted { left, right in
        let (a, b) =
          sort == .updated
          ? (left.updatedAt, right.updatedAt)
          : (left.createdAt, right.createdAt)
        let precedes = a != b ? a < b : left.id < right.id
        return precedes != descending
      }
      #expect(found.deals.map(\.id) == expected.map(\.id), "\(filter)")
      // Every page but the last is full, however few deals a turn looks at.
      #expect(found.pages.dropLast().allSatisfy { $0 == 4 }, "\(filter) \(found.pages)")
    }
  }

  @Test(arguments: 0..<3)
  func `section 21 counts and sums are exact, in groups, whoever asks and however it is found`(
    _ seed: UInt64
  ) throws {
    let stage = try Stage(seed: 200 + seed)
    let uma = try stage.add("uma", .referralsUser)
    var random = SeededRandom(seed: seed)
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    let marked = try stage.list(DealFilter([.init([.init(.favourite)])]), pageSize: 100).deals
    var viewer = FilterViewer(
      now: Timestamp(milliseconds: 1_800_000_000_100), email: "ada@example.com",
      favourites: Set(marked.map(\.id)))
    for round in 0..<60 {
      var asked = AggregateDeals(filter: DealFilter(), groupBy: [], sumsValues: round % 3 > 0)
      for _ in 0..<random.next() % 3 {
        asked.filter.clauses.append(.init([Self.term(&random, stage)]))
      }
      for _ in 0..<random.next() % 3 { asked.groupBy.append(GroupField.allCases.any(&random)) }
      for (principal, email) in [(stage.contoso.principal, "ada"), (uma, "uma")] {
        viewer.email = Text("\(email)@example.com")
        if principal == uma { viewer.favourites = [] }
        var expected = DealTotals()
        for deal in all where asked.filter.matches(deal, viewer) {
          let isSeen = principal != uma || deal.team.includes(email: viewer.email)
          let fits = !isSeen || expected.add(deal, asked)
          #expect(fits)
        }
        viewer.favourites = Set(marked.map(\.id))
        var body: [UInt8] = []
        ReplyCodec.encode(expected, into: &body)
        let told = stage.ask(.query(.aggregateDeals(asked)), as: principal)
        #expect(told.head.status == .ok && told.body == body, "\(asked)")
      }
    }
  }

  @Test func `a sum shows its organisation as it was at one commit, whatever changes meanwhile`()
    throws
  {
    let stage = try Stage(seed: 19)
    var asked = AggregateDeals(filter: DealFilter(), groupBy: [.campaign], sumsValues: true)
    asked.filter.require(.solution([SolutionID(high: 1, low: 1)]))
    let before = stage.ask(.query(.aggregateDeals(asked))).body
    let ticket = stage.world.send(
      .query(.aggregateDeals(asked)), of: stage.contoso.tenant, as: stage.contoso.principal)
    // They come into the same queue, and are done before the sum is.
    for id in stage.deals {
      let patch = PatchDeal(
        deal: id, baseVersion: 0, edits: [.campaignID("later")], validateOnly: false)
      _ = stage.world.send(
        .command(.patchDeal(patch), returnDeal: false), of: stage.contoso.tenant,
        as: stage.contoso.principal)
    }
    _ = stage.world.world.run(stepsMax: 200_000) { stage.world.told(ticket) != nil }
    #expect(stage.world.told(ticket)?.body == before)
    #expect(stage.ask(.query(.aggregateDeals(asked))).body != before)
  }

  @Test func `R-551 an inbound copy between partners is found by direction, kind and deadline`()
    throws
  {
    let stage = try Stage(seed: 5)
    let list = ListDeals(
      statuses: [.pending], direction: .inbound, favouritesOnly: false, sort: .updated,
      descending: false, pageSize: 100, after: nil,
      filter: DealFilter([
        .init([.init(.partnerToPartner)]), .init([.init(.time(.respondBy, .next(.days(15))))]),
        .init([.init(.counterpart([stage.contoso.tenant]))]),
      ]))
    let told = stage.world.ask(
      .query(.listDeals(list)), of: stage.fabrikam.tenant, as: stage.fabrikam.principal)
    let found = try RuntimeWorld.page(told.body).deals
    let pending = stage.world.deals(of: stage.fabrikam).filter { $0.status == .pending }
    #expect(!found.isEmpty && Set(found.map(\.id)) == Set(pending.map(\.id)))
  }

  @Test func `invariant 12 who sees few deals finds those alone, with the same pages as alone`()
    throws
  {
    let stage = try Stage(seed: 7)
    let uma = try stage.add("uma", .referralsUser)
    let nobody = try stage.add("olga", .referralsUser)
    let added = stage.ask(
      .command(
        .addLocation(AddLocation(name: "Paris", country: CountryCode(packed: 0x4652))),
        returnDeal: false))
    let paris = try #require(LocationID(bytes: added.body[2..<18]))
    let elsewhere = try stage.add("lea", .referralsAdmin, at: [paris])
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    let mine = all.filter { $0.team.includes(email: "uma@example.com") }.map(\.id)
    #expect(!mine.isEmpty && mine.count < all.count)
    let found = try stage.list(DealFilter(), as: uma)
    #expect(found.deals.map(\.id) == mine)
    #expect(found.pages.dropLast().allSatisfy { $0 == 4 })
    let none = try stage.list(DealFilter(), as: nobody)
    #expect(none.deals.isEmpty && none.pages == [0])
    // The location of all deals is the whole organisation, which every scope reaches.
    #expect(try stage.list(DealFilter(), as: elsewhere).deals.count == all.count)
  }

  @Test func `rows that change between pages neither repeat nor hide others`() throws {
    let stage = try Stage(seed: 11)
    let filter = DealFilter([.init([.init(.text(.customerName, .begins(["a"])))])])
    let before = try stage.list(filter, pageSize: 100, sort: .created).deals.map(\.id)
    var seen: [DealID] = []
    var after: ListCursor?
    repeat {
      let list = ListDeals(
        statuses: [], direction: nil, favouritesOnly: false, sort: .created, descending: false,
        pageSize: 3, after: after, filter: filter)
      let page = try RuntimeWorld.page(stage.ask(.query(.listDeals(list))).body)
      seen += page.deals.map(\.id)
      after = page.next
      // What was shown changes, and what was not yet.
      for id in [seen.first, before.last].compactMap(\.self) { stage.patch(id, [.notes("later")]) }
    } while after != nil
    #expect(seen == before)
  }

  @Test func `limits more long lists than are allowed at once are told to wait`() throws {
    let stage = try Stage(seed: 13)
    // Nothing has these notes, so every deal is looked at.
    let filter = DealFilter([.init([.init(.anywhere(["no deal says this"]))])])
    let list = ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: false,
      pageSize: 100, after: nil, filter: filter)
    let tickets = (0..<Limits.scansPerTenant + 3).map { _ in
      stage.world.send(
        .query(.listDeals(list)), of: stage.contoso.tenant, as: stage.contoso.principal)
    }
    _ = stage.world.world.run(stepsMax: 200_000) {
      tickets.allSatisfy { stage.world.told($0) != nil }
    }
    let told = tickets.compactMap { stage.world.told($0) }
    #expect(told.count == tickets.count)
    let refused = told.filter { $0.head.status == .resourceExhausted }
    #expect(refused.count == 3)
    #expect(refused.allSatisfy { $0.reason == "TOO_MANY_SCANS" })
    #expect(try stage.list(filter).deals.isEmpty)
  }

  @Test func `an organisation that is loaded again finds by every key what it found before`() throws
  {
    let stage = try Stage(seed: 17)
    stage.world.restart()
    #expect(
      try stage.list(DealFilter(), pageSize: 100).deals.map(\.id).sorted() == stage.deals.sorted())
    let filter = DealFilter([.init([.init(.text(.crmID, .equals(["OPP-3"])))])])
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    #expect(
      try stage.list(filter).deals.map(\.id) == all.filter { $0.crmID == "OPP-3" }.map(\.id))
  }
}

extension RuntimeWorld {
  /// The deals of one page, and where the next one begins.
  static func page(_ body: [UInt8]) throws -> (deals: [Deal], next: ListCursor?) {
    var reader = ProtoReader(body[...])
    var next: ListCursor?
    while try reader.next() {
      if reader.field == 2 {
        next = ListCursor(bytes: try reader.slice())
      } else {
        try reader.skip()
      }
    }
    return (try rows(body), next)
  }
}

extension Array {
  fileprivate func any(_ random: inout SeededRandom) -> Element {
    self[Int(random.next() % UInt64(count))]
  }
}
