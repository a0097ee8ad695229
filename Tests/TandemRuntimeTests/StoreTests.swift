// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// Indexes and tables against naive twins.
@Suite(.on(.worlds)) struct StoreTests {
  private func entry(_ random: inout SeededRandom, times: UInt64) -> DealAtTime {
    DealAtTime(
      time: Timestamp(milliseconds: Int64(random.next() % times)),
      id: DealID(high: random.next() % 5, low: random.next() % 400))
  }

  @Test(arguments: 0..<6)
  func `an index visits like a sorted array, in both directions, from any cursor`(
    _ seed: UInt64
  ) {
    var random = SeededRandom(seed: seed)
    var index = OrderedIndex()
    var twin: [DealAtTime] = []
    // Of those that are exchanged at once.
    var gone: [DealAtTime] = []
    var new: [DealAtTime] = []
    // Odd seeds shrink at the end, so that chunks fall away.
    for round in 0..<6_000 {
      let isGrowing = round < 3_000 || seed % 2 == 0
      let one = entry(&random, times: 50)
      if isGrowing, !twin.contains(one) {
        if random.next() % 2 == 0 { index.insert(one) } else { new.append(one) }
        twin.insert(one, at: twin.firstIndex { $0 > one } ?? twin.endIndex)
      } else if !twin.isEmpty {
        let one = twin.remove(at: Int(random.next() % UInt64(twin.count)))
        if let place = new.firstIndex(of: one) {
          new.remove(at: place)
        } else if random.next() % 2 == 0 {
          index.remove(one)
        } else {
          gone.append(one)
        }
      }
      guard round % 500 == 499 else { continue }
      index.exchange(gone, for: new)
      gone = []
      new = []
      #expect(index.count == twin.count)
      #expect(index.first == twin.first)
      compare(index, twin, nil, 10_000)
      compare(OrderedIndex(twin.shuffled(using: &random)), twin, nil, 10_000)
      for _ in 0..<20 {
        compare(index, twin, entry(&random, times: 52), Int(random.next() % 700))
      }
    }
  }

  private func compare(
    _ index: OrderedIndex, _ twin: [DealAtTime], _ start: DealAtTime?, _ max: Int
  ) {
    for descending in [false, true] {
      var visited: [DealAtTime] = []
      index.visit(after: start, descending: descending) {
        guard visited.count < max else { return false }
        visited.append($0)
        return true
      }
      let ordered = descending ? twin.reversed() : twin
      let rest = ordered.filter { entry in
        start.map { descending ? entry < $0 : entry > $0 } ?? true
      }
      #expect(visited == Array(rest.prefix(max)))
    }
  }

  @Test(arguments: 0..<6)
  func `a merge of indexes is the sorted union`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var indexes = [OrderedIndex](repeating: OrderedIndex(), count: 4)
    var all: [DealAtTime] = []
    for number in 0..<1_000 {
      let one = DealAtTime(
        time: Timestamp(milliseconds: Int64(random.next() % 90)),
        id: DealID(high: 1, low: UInt64(number)))
      indexes[Int(random.next() % 3)].insert(one)
      all.append(one)
    }
    all.sort()
    for descending in [false, true] {
      for start in [nil, entry(&random, times: 90), entry(&random, times: 90)] {
        var merge = ListMerge(indexes: indexes, after: start, descending: descending)
        var merged: [DealAtTime] = []
        while let next = merge.next() { merged.append(next) }
        let ordered = descending ? all.reversed() : all
        #expect(
          merged
            == ordered.filter { entry in
              start.map { descending ? entry < $0 : entry > $0 } ?? true
            })
      }
    }
  }

  @Test func `a picture of a table stays as it was`() {
    var table = ChunkedTable<[Int]>()
    for number in 0..<200 {
      let place = table.append([number])
      #expect(place == number)
    }
    let image = table
    for number in 0..<200 where number % 3 == 0 { table[number] = [-number] }
    table[64].append(7)
    for number in 200..<300 { _ = table.append([number]) }
    #expect(image.count == 200)
    #expect((0..<200).allSatisfy { image[$0] == [$0] })
    #expect(table.count == 300)
    #expect(table[64] == [64, 7])
    #expect(table[3] == [-3])
    #expect(table[299] == [299])
  }

  @Test(arguments: 0..<4)
  func `deals as bytes are the deals of the domain's table`(_ seed: UInt64) throws {
    let world = RuntimeWorld(seed: 70, shards: 1)
    let contoso = try world.register("Contoso", .partner)
    _ = try world.createDeal("Template", contoso)
    let template = try #require(world.deals(of: contoso).first)
    var random = SeededRandom(seed: seed)
    // Odd seeds have more deals than are sorted at once.
    var store = EncodedDealStore(sortedAtOnce: seed % 2 == 0 ? 8_192 : 64)
    var twin = DealTable()
    for round in 0..<1_500 {
      let deal = variant(of: template, &random)
      if let old = twin.deal(deal.id) {
        let changed = change(from: old, to: deal)
        store.apply(changed)
        twin.apply(changed)
      } else {
        store.add(deal)
        twin.add(deal)
      }
      if random.next() % 8 == 0 { try expectLists(&store, twin) }
      guard round % 100 == 99 else { continue }
      #expect(store.count == twin.count)
      #expect(store.allIDs == twin.allIDs)
      #expect(store.nextDue == twin.nextDue)
      let now = Timestamp(milliseconds: Int64(random.next() % 100))
      for max in [0, 1, 5, 1_000] {
        #expect(store.due(at: now, max: max) == twin.due(at: now, max: max))
      }
      for id in twin.allIDs {
        #expect(store.deal(id) == twin.deal(id))
        #expect(store.deal(in: EngagementID(high: id.high, low: id.low)) == id)
      }
      try expectLists(&store, twin)
      expectCustomers(store, twin)
    }
    var restored = EncodedDealStore()
    for place in 0..<store.image.count {
      let isRestored = restored.restore(store.image[place].bytes)
      #expect(isRestored)
    }
    #expect(restored.byteCount == store.byteCount)
    #expect(restored.nextDue == store.nextDue)
    try expectLists(&restored, twin)
    restored.settleKeys()
    expectCustomers(restored, twin)
  }

  /// What the table calls the same customer is among what the store offers.
  private func expectCustomers(_ store: borrowing EncodedDealStore, _ twin: DealTable) {
    for customer in Set(twin.allIDs.compactMap { twin.deal($0)?.customer }) {
      let offered = store.openDeals(of: customer, max: 1_000)
      let same = offered.filter { twin.deal($0)?.customer.isSame(as: customer) == true }
      #expect(same.sorted(by: >) == twin.openDeals(of: customer, max: 1_000))
      #expect(Set(offered).count == offered.count)
      #expect(store.openDeals(of: customer, max: 2) == Array(offered.prefix(2)))
    }
  }

  private func change(from old: Deal, to deal: Deal) -> DealChanged {
    DealChanged(
      deal: old.id, version: old.version + 1, at: deal.updatedAt, cause: .patched,
      changes: [
        FieldChange(before: .status(old.status), after: .status(deal.status)),
        FieldChange(before: .name(old.name), after: .name(deal.name)),
        FieldChange(before: .respondBy(old.respondBy), after: .respondBy(deal.respondBy)),
        FieldChange(before: .remindAt(old.remindAt), after: .remindAt(deal.remindAt)),
      ], nextLine: old.nextLine)
  }

  private func variant(of template: Deal, _ random: inout SeededRandom) -> Deal {
    var deal = template
    let number = random.next() % 120
    deal.id = DealID(high: 3, low: number)
    deal.engagement = EngagementID(high: 3, low: number)
    deal.name = Text("Deal \(random.next() % 1_000_000)")
    deal.customer.name = Text("Customer \(number % 5)")
    deal.customer.identifiers =
      number % 3 == 0
      ? [CustomerIdentifier(scheme: .duns, value: Text("\(number % 4)"))] : []
    deal.status = DealStatus.allCases[Int(random.next() % UInt64(DealStatus.allCases.count))]
    deal.updatedAt = Timestamp(milliseconds: Int64(random.next() % 50))
    deal.createdAt = Timestamp(milliseconds: Int64(number % 7))
    deal.respondBy = nil as Timestamp?
    deal.remindAt = nil as Timestamp?
    if deal.status.isNew {
      deal.respondBy = Timestamp(milliseconds: Int64(1 + random.next() % 100))
      if random.next() % 2 == 0 {
        deal.remindAt = Timestamp(milliseconds: Int64(1 + random.next() % 100))
      }
    }
    return deal
  }

  private func expectLists(_ store: inout EncodedDealStore, _ twin: DealTable) throws {
    for status in DealStatus.allCases {
      for sort in ListDeals.SortKey.allCases {
        var listed: [DealID] = []
        store.index(status, sort).visit(after: nil, descending: false) {
          listed.append($0.id)
          return true
        }
        let deals = twin.allIDs.compactMap { twin.deal($0) }.filter { $0.status == status }
        let sorted = deals.sorted { left, right in
          let (a, b) =
            sort == .updated
            ? (left.updatedAt, right.updatedAt) : (left.createdAt, right.createdAt)
          return a != b ? a < b : left.id < right.id
        }
        #expect(listed == sorted.map(\.id))
      }
    }
  }

  @Test func `deals come back from chunks, and a cut chunk is an error, never fewer deals`() throws
  {
    var random = SeededRandom(seed: 5)
    var writer = DealChunkWriter()
    let small = (0..<4).map { _ in (0..<Int(random.next() % 9)).map { UInt8($0) } }
    for deal in small { writer.append(deal) }
    writer.seal()
    writer.seal()
    let chunk = try #require(writer.chunks.first)
    #expect(writer.chunks.count == 1)
    #expect(try read(chunk) == small)
    var ends = [0]
    for deal in small { ends.append((ends.last ?? 0) + 4 + deal.count) }
    for cut in 0..<chunk.count {
      if let whole = ends.firstIndex(of: cut) {
        #expect(try read(Array(chunk[..<cut])) == Array(small[..<whole]))
      } else {
        #expect(throws: WireError.self) { try read(Array(chunk[..<cut])) }
      }
    }
    var large = DealChunkWriter()
    for _ in 0..<5 { large.append([UInt8](repeating: 1, count: 700_000)) }
    large.seal()
    #expect(large.chunks.count == 3)
    #expect(try large.chunks.flatMap { try read($0) }.count == 5)
  }

  private func read(_ chunk: [UInt8]) throws(WireError) -> [[UInt8]] {
    var reader = DealChunkReader(chunk)
    var deals: [[UInt8]] = []
    while let deal = try reader.next() { deals.append(deal) }
    return deals
  }
}
