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
    if let candidates = core.candidates(filter, call.principal) {
      return tellPage(of: candidates, list, filter, call, &burst)
    }
    let walk = DealWalk(call, list, self)
    if proceed(walk, &burst) { return }
    // Its order did not fill a page soon; perhaps all that pass are few.
    if core.seesAll(call.principal), let candidates = core.candidatesOfColumns(filter) {
      return tellPage(of: candidates, list, filter, call, &burst)
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
    guard walk.tenant == ObjectIdentifier(self) else {
      return list(walk.list, walk.call, &burst)
    }
    scans -= 1
    guard mayGoOn(walk.call, &burst) else { return }
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

  /// One slice; true when the walk was answered.
  private func proceed(_ walk: DealWalk, _ burst: inout Burst) -> Bool {
    burst.limit -= Limits.itemsPerSlice
    guard core.advance(walk, burst) else { return false }
    burst.scratch.removeAll(keepingCapacity: true)
    walk.giveRows(to: &burst.scratch)
    tellOK(walk.call, &burst)
    return true
  }

  private func tellPage(
    of candidates: [UInt32], _ list: ListDeals, _ filter: PreparedFilter, _ call: Call,
    _ burst: inout Burst
  ) {
    burst.limit -= candidates.count * Limits.itemsPerSlice / Limits.dealsPerSlice
    burst.scratch.removeAll(keepingCapacity: true)
    core.encodePage(of: candidates, list, filter, call.principal, into: &burst.scratch)
    tellOK(call, &burst)
  }
}
