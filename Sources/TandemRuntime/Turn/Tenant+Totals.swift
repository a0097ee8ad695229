// SPDX-License-Identifier: Apache-2.0
// Counts and sums: out of the columns where they know all that is asked, else from a picture of the deals,
// a slice per turn.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemWire

/// A sum over a picture of the deals, so that it is exact as of one commit however long it takes.
final class DealSum {
  let call: Call
  let asked: AggregateDeals
  let tenant: ObjectIdentifier
  fileprivate let filter: PreparedFilter
  fileprivate let image: ChunkedTable<DealSlot>
  /// Where deals are that may pass; nil for everywhere.
  fileprivate let places: [UInt32]?
  fileprivate var next = 0
  fileprivate var totals = DealTotals()

  fileprivate init(
    _ call: Call, _ asked: AggregateDeals, _ tenant: Tenant, _ filter: PreparedFilter,
    _ image: ChunkedTable<DealSlot>, _ places: [UInt32]?
  ) {
    self.call = call
    self.asked = asked
    self.tenant = ObjectIdentifier(tenant)
    self.filter = filter
    self.image = image
    self.places = places
  }

  fileprivate var count: Int { places?.count ?? image.count }
}

extension Tenant {
  func aggregate(_ asked: AggregateDeals, _ call: Call, _ burst: inout Burst) {
    let filter = core.prepare(asked.filter, for: call.principal, burst)
    do throws(Rejection) {
      if let totals = try core.totalsOfColumns(asked, filter, call.principal) {
        burst.limit -= Limits.itemsPerSlice
        return tell(totals, call, &burst)
      }
    } catch {
      return refuse(call, ErrorStatus(error), &burst)
    }
    let places = core.placesOfSum(filter, call.principal)
    proceed(DealSum(call, asked, self, filter, core.deals.image, places), &burst)
  }

  /// Another slice of a sum that was begun in an earlier turn.
  func resume(_ sum: DealSum, _ burst: inout Burst) {
    // The tenant was loaded anew: what the sum has seen may never have become durable.
    guard sum.tenant == ObjectIdentifier(self) else {
      return aggregate(sum.asked, sum.call, &burst)
    }
    scans -= 1
    guard mayGoOn(sum.call, &burst) else { return }
    proceed(sum, &burst)
  }

  private func proceed(_ sum: DealSum, _ burst: inout Burst) {
    burst.limit -= Limits.itemsPerSlice
    guard core.advance(sum, slice: burst.settings.dealsPerSlice) else {
      return refuse(sum.call, ErrorStatus(.tooManyGroups), &burst)
    }
    if sum.next == sum.count { return tell(sum.totals, sum.call, &burst) }
    guard scans < Limits.scansPerTenant else {
      return refuse(sum.call, TurnRefusals.tooManyScans, &burst)
    }
    scans += 1
    burst.queue.push(.sum(sum))
  }

  private func tell(_ totals: DealTotals, _ call: Call, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    ReplyCodec.encode(totals, into: &burst.scratch)
    tellOK(call, &burst)
  }
}

extension TenantCore {
  /// Nil when the columns do not know all that is asked, or the caller may not see all deals.
  fileprivate mutating func totalsOfColumns(
    _ asked: AggregateDeals, _ filter: PreparedFilter, _ principal: Principal
  ) throws(Rejection) -> DealTotals? {
    guard filter.rest.isEmpty, seesAll(principal) else { return nil }
    let places =
      filter.known.isEmpty
      ? nil : deals.columns.places(passing: filter.known, at: filter.viewer.now)
    return try deals.columns.totals(asked, of: places)
  }

  /// Where a sum has to look; nil for everywhere.
  fileprivate mutating func placesOfSum(
    _ filter: PreparedFilter, _ principal: Principal
  ) -> [UInt32]? {
    if let candidates = candidates(filter, principal) { return candidates }
    guard seesAll(principal), !filter.known.isEmpty else { return nil }
    return deals.columns.places(passing: filter.known, at: filter.viewer.now).places
  }

  /// One slice of a sum; false when its groups are too many.
  fileprivate mutating func advance(_ sum: DealSum, slice: Int) -> Bool {
    let principal = sum.call.principal
    let end = min(sum.next + slice, sum.count)
    while sum.next < end {
      let slot = sum.image[sum.places.map { Int($0[sum.next]) } ?? sum.next]
      sum.next += 1
      guard mayRead(slot, principal) else { continue }
      let deal = Deal(stored: slot.bytes)
      guard sum.filter.all.matches(deal, sum.filter.viewer) else { continue }
      guard sum.totals.add(deal, sum.asked) else { return false }
    }
    return true
  }
}
