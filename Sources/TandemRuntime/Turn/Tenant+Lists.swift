// SPDX-License-Identifier: Apache-2.0
// Lists: answered at once where an index names few deals, else walked a slice per turn, so that no question
// keeps others waiting.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Tenant {
  func list(_ list: ListDeals, _ call: Call, _ burst: inout Burst) {
    let filter = core.prepare(list.conditions, for: call.principal, burst)
    if list.order != nil {
      let places = core.placesOfScan(filter, call.principal)
      return begin(.page(list, SortedPage(list)), at: places, filter, call, &burst)
    }
    if let candidates = core.candidates(filter, call.principal) {
      return begin(.page(list, SortedPage(list)), at: candidates, filter, call, &burst)
    }
    let walk = DealWalk(call, list, self)
    if proceed(walk, &burst) { return }
    // Its order did not fill a page soon; perhaps all that pass are few.
    if core.seesAll(call.principal), let candidates = core.candidatesOfColumns(filter) {
      if filter.rest.isEmpty {
        core.finish(walk, through: candidates)
        return tell(walk, &burst)
      }
      return begin(.page(list, SortedPage(list)), at: candidates, filter, call, &burst)
    }
    guard scans < Limits.scansPerTenant else {
      return refuse(call, TurnRefusals.tooManyScans, &burst)
    }
    scans += 1
    burst.queue.push(.walk(walk))
  }

  /// Another slice of a walk that was begun in an earlier turn.
  func resume(_ walk: DealWalk, _ burst: inout Burst) {
    // The tenant was loaded anew: what the walk has seen may never have become durable.
    guard walk.incarnation === incarnation else {
      return answer(walk.call.request, of: walk.call, &burst)
    }
    scans -= 1
    guard mayGoOn(walk.call, &burst) else { return }
    walk.wasInterrupted = true
    if proceed(walk, &burst) { return }
    scans += 1
    burst.queue.push(.walk(walk))
  }

  /// False when a call that takes several turns was turned away before its end.
  func mayGoOn(_ call: Call, _ burst: inout Burst) -> Bool {
    if burst.time.monotonic > call.deadline {
      turnAway(call, TurnRefusals.scanTooLong, &burst)
      return false
    }
    if let refusal = core.standing(call.principal) {
      refuse(call, refusal, &burst)
      return false
    }
    return true
  }

  /// What looks at many deals takes as much of the turn as many calls.
  func charge(_ looks: Int, _ burst: inout Burst) {
    burst.limit -= looks * Limits.itemsPerSlice / Limits.dealsPerSlice
  }

  /// One slice; true when the walk was answered.
  private func proceed(_ walk: DealWalk, _ burst: inout Burst) -> Bool {
    guard core.advance(walk, burst) else {
      charge(walk.looks, &burst)
      return false
    }
    tell(walk, &burst)
    return true
  }

  private func tell(_ walk: DealWalk, _ burst: inout Burst) {
    charge(walk.looks, &burst)
    burst.scratch.removeAll(keepingCapacity: true)
    let outcome = core.giveRows(of: walk, to: &burst.scratch)
    tellPage(walk.list, outcome, walk.call, &burst)
  }

  /// Tells the page that stands in the scratch, unless one deal was wanted and there is not just one.
  func tellPage(
    _ list: ListDeals, _ outcome: PageOutcome, _ call: Call, _ burst: inout Burst
  ) {
    if list.wantsOne, outcome.rows == 0 {
      return refuse(call, ErrorStatus(.noDealPasses), &burst)
    }
    if list.wantsOne, outcome.isMore {
      return refuse(call, ErrorStatus(.severalDealsPass), &burst)
    }
    tellOK(call, &burst)
  }
}
