// SPDX-License-Identifier: Apache-2.0
// An organisation with more deals than one turn looks at, and ways to read what lists answer.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import Testing

/// An organisation with many different deals.
struct ManyDeals {
  let world: RuntimeWorld
  let contoso: Party
  let fabrikam: Party
  var deals: [DealID] = []

  init(seed: UInt64) throws {
    world = RuntimeWorld(seed: seed, shards: 1) {
      $0.dealsPerSlice = 7
      $0.dealsSorted = 12
      $0.recentContactDeals = 5
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
      units: Int64(random.next() % 5) * 1_000, nanos: number % 3 == 0 ? 250_000_000 : 0,
      currency: CurrencyCode(packed: [0x45_5552, 0x55_5344].any(&random)))
    let days = Timestamp.Span.days(Int64(random.next() % 3) * 40)
    deal.closeDate = Timestamp(milliseconds: 1_900_000_000_000 + Int64(random.next() % 5))
      .advanced(by: days)
    deal.crmID = Text("OPP-\(random.next() % 30)")
    deal.campaignID = Text(["", "spring"].any(&random))
    deal.notes = Text(["", "Asked by the CFO", "no news"].any(&random))
    let mate = TeamMember(line: 0, person: person(["uma", "bob"].any(&random)))
    if random.next() % 3 == 0 { deal.team.append(mate) }
    deal.tags = random.next() % 3 == 0 ? ["renewal", ["fleet", "office"].any(&random)] : []
    deal.ownerEmail = random.next() % 2 == 0 ? deal.team[deal.team.count - 1].person.email : ""
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
    if random.next() % 5 == 0 { patch(id, [.tags(["office"]), .owner("ada@example.com")]) }
    if random.next() % 9 == 0 { world.pass(milliseconds: 3) }
    return id
  }

  func person(_ name: String) -> Person {
    Person(
      firstName: Text(name), lastName: "Example", email: Text("\(name)@example.com"),
      phone: "+49 30 1", title: "")
  }

  func isMarked(_ id: DealID) -> Bool {
    let told = ask(.query(.getDeal(id)))
    var reader = ProtoReader(told.body[...])
    var isMarked = false
    while (try? reader.next()) == true {
      guard reader.field == 2, let mine = try? reader.slice() else {
        try? reader.skip()
        continue
      }
      isMarked = !mine.isEmpty
    }
    return isMarked
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

extension RuntimeWorld {
  /// The numbers of the fields of each row's deal.
  static func fields(_ body: [UInt8]) throws -> [[UInt32]] {
    var rows: [[UInt32]] = []
    var reader = ProtoReader(body[...])
    while try reader.next() {
      guard reader.field == 1 else {
        try reader.skip()
        continue
      }
      var row = ProtoReader(try reader.slice())
      guard try row.next(), row.field == 1 else { continue }
      var deal = ProtoReader(try row.slice())
      var numbers: [UInt32] = []
      while try deal.next() {
        numbers.append(deal.field)
        try deal.skip()
      }
      rows.append(numbers)
    }
    return rows
  }

  /// Where the next page begins; empty on the last one.
  static func cursor(_ body: [UInt8]) throws -> [UInt8] {
    var reader = ProtoReader(body[...])
    var cursor: [UInt8] = []
    while try reader.next() {
      if reader.field == 2 { cursor = Array(try reader.slice()) } else { try reader.skip() }
    }
    return cursor
  }

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
  func any(_ random: inout SeededRandom) -> Element {
    self[Int(random.next() % UInt64(count))]
  }
}
