// SPDX-License-Identifier: Apache-2.0
// Counts and sums: out of the columns where they know all that is asked, else by a look at the deals.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Tenant {
  func aggregate(_ all: AggregateDeals, _ call: Call, _ burst: inout Burst) {
    // Where nothing was a mistake, nothing needs to be looked at for it.
    let asked = core.deals.index(.error, .created).count == 0 ? all : all.withoutErrors
    let filter = core.prepare(asked.filter, for: call.principal, burst)
    do throws(Rejection) {
      if let totals = try core.totalsOfColumns(asked, filter, call.principal) {
        burst.limit -= Limits.itemsPerSlice
        return tell(totals, call, &burst)
      }
    } catch {
      return refuse(call, ErrorStatus(error), &burst)
    }
    let places = core.placesOfScan(filter, call.principal)
    begin(.totals(asked, DealTotals()), at: places, filter, call, &burst)
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
}
