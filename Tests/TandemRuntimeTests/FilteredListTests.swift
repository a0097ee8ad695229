// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// Lists with filters, on organisations that are larger than what one turn looks at.
@Suite(.on(.worlds)) struct FilteredListTests {
  private static func term(_ random: inout SeededRandom, _ stage: ManyDeals) -> DealFilter.Term {
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
      .text(.campaignID, .present), .anywhere(["cfo", "move"], ids: []),
      .tag(.equals(["office", "none"])), .tag(.present), .ownerEmail(.equals(["UMA@example.com"])),
      .ownerEmail(.present), .teamEmail(["UMA@example.com"]),
      .solution([SolutionID(high: 1, low: 1)]), .solutionName(.begins(["RA"])),
      .solutionName(.contains(["nothing"])),
      .location([stage.contoso.location]), .counterpart([stage.fabrikam.tenant]),
    ]
    return DealFilter.Term(conditions.any(&random), isNegated: random.next() % 4 == 0)
  }

  @Test(arguments: 0..<4)
  func `section 20 filters combine, and pages hold what a naive look at every deal finds`(
    _ seed: UInt64
  ) throws {
    let stage = try ManyDeals(seed: 100 + seed)
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

  @Test func `section 20 amounts are compared to their last decimal, in lists and in counts`()
    throws
  {
    let stage = try ManyDeals(seed: 150)
    let euros = CurrencyCode(packed: 0x45_5552)
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    let viewer = FilterViewer(now: .zero, email: "", favourites: [])
    for relation in [MoneyTest.Relation.equal, .below, .atMost, .above, .atLeast] {
      for units: Int64 in [0, 999, 1_000, 1_001, 2_000, 4_000, .max] {
        for nanos: Int32 in [0, 240_000_000, 250_000_000, 260_000_000] {
          let bound = Money(units: units, nanos: nanos, currency: euros)
          let filter = DealFilter([.init([.init(.value(MoneyTest(relation, [bound])))])])
          let found = try stage.list(filter, pageSize: 100).deals
          #expect(found.count == all.filter { filter.matches($0, viewer) }.count, "\(filter)")
          let asked = AggregateDeals(filter: filter, groupBy: [], sumsValues: true)
          var expected = DealTotals()
          for deal in found where !expected.add(deal, asked) { Issue.record("too many groups") }
          var body: [UInt8] = []
          ReplyCodec.encode(expected, into: &body)
          #expect(stage.ask(.query(.aggregateDeals(asked))).body == body, "\(filter)")
        }
      }
    }
  }

  @Test(arguments: 0..<3)
  func `section 21 counts and sums are exact, in groups, whoever asks and however it is found`(
    _ seed: UInt64
  ) throws {
    let stage = try ManyDeals(seed: 200 + seed)
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

  /// Every page of a list in an order that no index has.
  private func sorted(
    _ stage: ManyDeals, _ order: ListOrder, _ filter: DealFilter, _ principal: Principal? = nil
  ) throws -> [Deal] {
    var found: [Deal] = []
    var after: [UInt8] = []
    repeat {
      var list = Self.list(filter)
      list.pageSize = 4
      list.order = order
      list.afterKey = after
      let told = stage.ask(.query(.listDeals(list)), as: principal)
      let page = try RuntimeWorld.rows(told.body)
      found += page
      let cursor = try RuntimeWorld.cursor(told.body)
      // Every page but the last is full.
      #expect(cursor.isEmpty || page.count == 4)
      after = cursor.isEmpty ? [] : try #require(RowCursor.key(in: cursor, of: order))
    } while !after.isEmpty
    return found
  }

  private static func list(_ filter: DealFilter) -> ListDeals {
    ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: false,
      pageSize: 100, after: nil, filter: filter)
  }

  /// Negative when the left one comes first in ascending order.
  private static func compare(_ left: Deal, _ right: Deal, by field: SortField) -> Int {
    func order<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : a > b ? 1 : 0 }
    func texts(_ a: Text, _ b: Text) -> Int {
      let (a, b) = (a.folded.utf8, b.folded.utf8)
      return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    }
    switch field {
    case .updated: return order(left.updatedAt, right.updatedAt)
    case .created: return order(left.createdAt, right.createdAt)
    case .closeDate: return order(left.closeDate, right.closeDate)
    case .value:
      let currency = order(left.value.currency.packed, right.value.currency.packed)
      let units = order(left.value.units, right.value.units)
      let nanos = order(left.value.nanos, right.value.nanos)
      return currency != 0 ? currency : units != 0 ? units : nanos
    case .name: return texts(left.name, right.name)
    case .customerName: return texts(left.customer.name, right.customer.name)
    case .status: return order(left.status.rawValue, right.status.rawValue)
    case .stage: return order(left.stage.rawValue, right.stage.rawValue)
    }
  }

  @Test(arguments: 0..<3)
  func `section 20 lists are sorted by one or two fields, page by page, as a naive sort does it`(
    _ seed: UInt64
  ) throws {
    let stage = try ManyDeals(seed: 300 + seed)
    let uma = try stage.add("uma", .referralsUser)
    var random = SeededRandom(seed: seed)
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    for round in 0..<24 {
      let first = SortField.allCases[round % SortField.allCases.count]
      var order = ListOrder([.init(first, descending: random.next() % 2 == 0)])
      if random.next() % 3 > 0 {
        order.parts.append(
          .init(SortField.allCases.any(&random), descending: random.next() % 2 == 0))
      }
      var filter = DealFilter()
      if random.next() % 2 == 0 { filter.clauses.append(.init([Self.term(&random, stage)])) }
      let isUma = random.next() % 3 == 0
      let viewer = FilterViewer(
        now: Timestamp(milliseconds: 1_800_000_000_100),
        email: isUma ? "uma@example.com" : "ada@example.com",
        favourites: isUma ? [] : Set(all.filter { stage.isMarked($0.id) }.map(\.id)))
      let expected = all.filter {
        filter.matches($0, viewer) && (!isUma || $0.team.includes(email: viewer.email))
      }.sorted { left, right in
        for part in order.parts {
          let order = Self.compare(left, right, by: part.field)
          if order != 0 { return (order < 0) != part.descending }
        }
        return (left.id < right.id) != order.parts[0].descending
      }
      let found = try sorted(stage, order, filter, isUma ? uma : nil)
      #expect(found.map(\.id) == expected.map(\.id), "\(order) \(filter)")
    }
  }

  @Test func `rows hold the fields that were asked for, whichever way a list is made`() throws {
    let stage = try ManyDeals(seed: 23)
    var list = Self.list(DealFilter([.init([.init(.text(.crmID, .equals(["OPP-3", "OPP-4"])))])]))
    list.fields = 1 << 1 | 1 << 3 | 1 << 8
    let whole = try stage.list(list.filter, pageSize: 100).deals
    #expect(!whole.isEmpty)
    let orders: [(ListOrder?, DealFilter)] = [
      (nil, list.filter), (nil, DealFilter()),
      (ListOrder([.init(.value, descending: true)]), list.filter),
    ]
    for (order, filter) in orders {
      list.order = order
      list.filter = filter
      let body = stage.ask(.query(.listDeals(list))).body
      let numbers = try RuntimeWorld.fields(body)
      #expect(!numbers.isEmpty && numbers.allSatisfy { $0 == [1, 3, 8] })
    }
  }

  @Test
  func `R-105 a deal is found by the id that another system gave it, when it is the only one`()
    throws
  {
    let stage = try ManyDeals(seed: 29)
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    let counts = Dictionary(grouping: all, by: \.crmID).mapValues(\.count)
    func ask(_ id: Text, _ order: ListOrder? = nil) -> Told {
      var list = Self.list(DealFilter([.init([.init(.text(.crmID, .equals([id])))])]))
      list.pageSize = 1
      list.wantsOne = true
      list.order = order
      return stage.ask(.query(.listDeals(list)))
    }
    let single = try #require(all.first { counts[$0.crmID] == 1 })
    let several = try #require(all.first { counts[$0.crmID] ?? 0 > 1 })
    for order in [nil, ListOrder([.init(.name, descending: false)])] {
      #expect(try RuntimeWorld.rows(ask(single.crmID, order).body).map(\.id) == [single.id])
      #expect(ask(several.crmID, order).reason == "DEAL_NOT_UNIQUE")
      #expect(ask("no such", order).reason == "DEAL_NOT_FOUND")
    }
  }

  @Test func `a sum shows its organisation as it was at one commit, whatever changes meanwhile`()
    throws
  {
    let stage = try ManyDeals(seed: 19)
    var asked = AggregateDeals(filter: DealFilter(), groupBy: [.campaign], sumsValues: true)
    asked.filter.require(.solution([stage.contoso.solution]))
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
    let stage = try ManyDeals(seed: 5)
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
    let stage = try ManyDeals(seed: 7)
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

  @Test func `invariant 12 recent contacts do not depend on deals out of sight`() throws {
    let stage = try ManyDeals(seed: 7)
    let uma = try stage.add("uma", .referralsUser)
    let recent = TenantRequest.query(.listRecentContacts(ListRecentContacts(kind: nil, max: 50)))
    let before = stage.ask(recent, as: uma)
    #expect(before.head.status == .ok && !before.body.isEmpty)
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    let others = all.filter {
      $0.status == .accepted && !$0.team.includes(email: "uma@example.com")
    }
    #expect(others.count > 10)
    for deal in others { stage.patch(deal.id, [.notes("changed")]) }
    #expect(stage.ask(recent, as: uma).body == before.body)
    let mine = try #require(
      all.last { $0.status == .accepted && $0.team.includes(email: "uma@example.com") })
    stage.patch(mine.id, [.notes("changed")])
    #expect(stage.ask(recent, as: uma).body != before.body)
  }

  @Test func `rows that change between pages neither repeat nor hide others`() throws {
    let stage = try ManyDeals(seed: 11)
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
    let stage = try ManyDeals(seed: 13)
    // Nothing has these notes, so every deal is looked at.
    let filter = DealFilter([.init([.init(.anywhere(["no deal says this"], ids: []))])])
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
    let stage = try ManyDeals(seed: 17)
    stage.world.restart()
    #expect(
      try stage.list(DealFilter(), pageSize: 100).deals.map(\.id).sorted() == stage.deals.sorted())
    let filter = DealFilter([.init([.init(.text(.crmID, .equals(["OPP-3"])))])])
    let all = try stage.list(DealFilter(), pageSize: 100).deals
    #expect(
      try stage.list(filter).deals.map(\.id) == all.filter { $0.crmID == "OPP-3" }.map(\.id))
  }
}
