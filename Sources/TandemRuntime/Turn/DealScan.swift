// SPDX-License-Identifier: Apache-2.0
// What looks at many deals in no order of their own: sums and sorted pages, from a picture of the deals,
// a slice per turn, so that they are exact as of one commit and keep nobody waiting.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemWire

/// A look at all deals that may pass a filter.
final class DealScan {
  enum Gathering {
    case totals(AggregateDeals, DealTotals)
    case page(ListDeals, SortedPage)
  }

  let call: Call
  /// Whose picture it is.
  let incarnation: Incarnation
  let image: ChunkedTable<DealSlot>
  fileprivate let filter: PreparedFilter
  /// Where deals are that may pass; nil for everywhere.
  fileprivate let places: [UInt32]?
  fileprivate var next = 0
  /// What the last slice looked at, in deals.
  fileprivate var looks = 0
  fileprivate(set) var gathering: Gathering

  init(
    _ call: Call, _ tenant: Tenant, _ image: ChunkedTable<DealSlot>, _ filter: PreparedFilter,
    _ places: [UInt32]?, _ gathering: Gathering
  ) {
    self.call = call
    incarnation = tenant.incarnation
    self.image = image
    self.filter = filter
    self.places = places
    self.gathering = gathering
  }

  fileprivate var isComplete: Bool { next == places?.count ?? image.count }
}

/// The first rows of a list in an order, of however many deals.
struct SortedPage {
  let order: ListOrder
  /// The key of the last row of the page before.
  let after: ArraySlice<UInt8>
  let rowsMax: Int
  private var found: [(key: [UInt8], place: Int)] = []

  init(_ list: ListDeals) {
    order = list.sortOrder
    after = list.sortKeyBefore[...]
    rowsMax = list.rowsMax
  }

  /// Nothing, while the page itself is elsewhere.
  fileprivate init(inPlaceOf page: SortedPage) {
    order = page.order
    after = []
    rowsMax = 0
  }

  mutating func take(_ deal: Deal, at place: Int) {
    let key = order.key(of: deal)
    guard after.lexicographicallyPrecedes(key) else { return }
    found.append((key, place))
    // One more than fits tells that there is a next page.
    if found.count >= 2 * (rowsMax + 1) { cut() }
  }

  /// Rows in their order, one more than fits when there is.
  mutating func rows() -> [(key: [UInt8], place: Int)] {
    cut()
    return found
  }

  private mutating func cut() {
    found.sort { $0.key.lexicographicallyPrecedes($1.key) }
    found.removeLast(max(0, found.count - rowsMax - 1))
  }
}

extension Tenant {
  /// Begins a look at all deals that may pass; `places` is nil for everywhere.
  func begin(
    _ gathering: DealScan.Gathering, at places: [UInt32]?, _ filter: PreparedFilter, _ call: Call,
    _ burst: inout Burst
  ) {
    proceed(DealScan(call, self, core.deals.image, filter, places, gathering), &burst)
  }

  /// Another slice of a scan that was begun in an earlier turn.
  func resume(_ scan: DealScan, _ burst: inout Burst) {
    // The tenant was loaded anew: what the scan has seen may never have become durable.
    guard scan.incarnation === incarnation else {
      return answer(scan.call.request, of: scan.call, &burst)
    }
    scans -= 1
    guard mayGoOn(scan.call, &burst) else { return }
    proceed(scan, &burst)
  }

  private func proceed(_ scan: DealScan, _ burst: inout Burst) {
    let fits = core.advance(scan, slice: burst.settings.dealsPerSlice)
    charge(scan.looks, &burst)
    guard fits else {
      return refuse(scan.call, ErrorStatus(.tooManyGroups), &burst)
    }
    if scan.isComplete { return tell(scan, &burst) }
    guard scans < Limits.scansPerTenant else {
      return refuse(scan.call, TurnRefusals.tooManyScans, &burst)
    }
    scans += 1
    burst.queue.push(.scan(scan))
  }

  private func tell(_ scan: DealScan, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    switch scan.gathering {
    case .totals(_, let totals):
      ReplyCodec.encode(totals, into: &burst.scratch)
      tellOK(scan.call, &burst)
    case .page(let list, var page):
      let outcome = encode(&page, of: scan, list, into: &burst.scratch)
      tellPage(list, outcome, scan.call, &burst)
    }
  }
}

extension Tenant {
  /// The rows of a page as they were when it was begun, as far as they may still be told.
  private func encode(
    _ page: inout SortedPage, of scan: DealScan, _ list: ListDeals, into output: inout [UInt8]
  ) -> PageOutcome {
    let rows = page.rows()
    let form = list.rowForm
    let principal = scan.call.principal
    var count = 0
    var next = 0
    while next < min(rows.count, page.rowsMax), output.count < Limits.pageBytes {
      let place = rows[next].place
      next += 1
      guard core.mayRead(at: place, principal) else { continue }
      let slot = scan.image[place]
      form(withhold(slot), core.isFavourite(slot.head.id, principal), &output)
      count += 1
    }
    let isMore = next < rows.count
    if isMore, next > 0 { append(cursorOf: rows[next - 1], page, scan, list, to: &output) }
    return PageOutcome(rows: count, isMore: isMore)
  }

  private func append(
    cursorOf row: (key: [UInt8], place: Int), _ page: SortedPage, _ scan: DealScan,
    _ list: ListDeals, to output: inout [UInt8]
  ) {
    guard list.order == nil else {
      return ReplyCodec.append(nextKey: row.key, of: page.order, into: &output)
    }
    let head = scan.image[row.place].head
    let time = list.sort == .updated ? head.updatedAt : head.createdAt
    ReplyCodec.appendNextCursor(
      ListCursor(list.sort, descending: list.descending, time: time, id: head.id), into: &output)
  }
}

extension TenantCore {
  /// Where a scan has to look; nil for everywhere.
  mutating func placesOfScan(
    _ filter: PreparedFilter, _ principal: Principal
  ) -> [UInt32]? {
    if let candidates = candidates(filter, principal) { return candidates }
    guard seesAll(principal), !filter.known.isEmpty else { return nil }
    return deals.columns.places(passing: filter.known, at: filter.viewer.now).places
  }

  /// One slice of a scan; false when its groups are too many.
  fileprivate mutating func advance(_ scan: DealScan, slice: Int) -> Bool {
    let principal = scan.call.principal
    scan.looks = 0
    while !scan.isComplete, scan.looks < slice {
      let place = scan.places.map { Int($0[scan.next]) } ?? scan.next
      scan.next += 1
      let slot = scan.image[place]
      scan.looks += scan.filter.looks(at: slot.bytes.count)
      guard mayRead(slot, principal) else { continue }
      let deal = Deal(stored: slot.bytes)
      guard scan.filter.all.matches(deal, scan.filter.viewer) else { continue }
      guard scan.gathering.take(deal, at: place) else { return false }
    }
    return true
  }
}

extension DealScan.Gathering {
  /// False when there are too many groups.
  fileprivate mutating func take(_ deal: Deal, at place: Int) -> Bool {
    switch self {
    case .totals(let asked, var totals):
      // Taken out meanwhile, so that it is not copied.
      self = .totals(asked, DealTotals())
      let fits = totals.add(deal, asked)
      self = .totals(asked, totals)
      return fits
    case .page(let list, var page):
      self = .page(list, SortedPage(inPlaceOf: page))
      page.take(deal, at: place)
      self = .page(list, page)
      return true
    }
  }
}
