// SPDX-License-Identifier: Apache-2.0
// What an operator may set about tenants; every value has a default that suits production.

import TandemPrimitives

package struct RuntimeSettings: Sendable {
  /// Calls per second that one tenant may make; zero means no quota.
  package var tenantCallsPerSecond: UInt32
  /// Calls that may come at once before the rate counts.
  package var tenantBurstCalls: UInt32
  /// A tenant is written to a snapshot after this many commits.
  package var snapshotAfterCommits: UInt64
  /// … or this many record bytes since the last one, but never before there are twice as many as the
  /// tenant has itself: a large tenant is not written whole again for every small part of it.
  package var snapshotAfterBytes: Int
  /// … or when its partition's log grew so far, because that log is kept for it.
  package var snapshotAfterLogBytes: UInt64
  /// … or this long after the last one, when it changed since.
  package var snapshotAfterMilliseconds: UInt64
  package var feedRingBytes: Int
  /// A silent watch hears of its progress this often.
  package var watchProgressMilliseconds: UInt64
  /// A watch whose reader takes nothing of its snapshot for so long ends.
  package var snapshotStallMilliseconds: UInt64
  /// How often a shard looks after mail, watches, snapshots and the clock.
  package var housekeepingMilliseconds: UInt64
  /// A message that was not marked is sent again after this time.
  package var mailResendMilliseconds: UInt64
  /// A refused append is offered again after this time.
  package var appendRetryMilliseconds: UInt64
  /// A command whose commit has more record bytes is refused before it is applied.
  package var commitBytes: Int
  /// An append takes no further commit beyond this; the rest goes with the next.
  package var batchBytes: Int
  /// A wall-clock step beyond this against the monotonic clock holds expiry firings.
  package var clockStepAlarmMilliseconds: Int64
  /// Deals that one turn gathers and sorts for a page.
  package var dealsSorted: Int
  /// Deals that a long list or sum looks at in one turn.
  package var dealsPerSlice: Int
  /// Deals that recent contacts are read from.
  package var recentContactDeals: Int

  package init() {
    tenantCallsPerSecond = 0
    tenantBurstCalls = 10_000
    snapshotAfterCommits = 100_000
    snapshotAfterBytes = 8 * 1024 * 1024
    snapshotAfterLogBytes = UInt64(Limits.segmentBytes)
    snapshotAfterMilliseconds = 600_000
    feedRingBytes = Limits.feedRingBytes
    watchProgressMilliseconds = 5_000
    snapshotStallMilliseconds = 60_000
    housekeepingMilliseconds = 250
    mailResendMilliseconds = 1_000
    appendRetryMilliseconds = 100
    commitBytes = Limits.commitBytes
    batchBytes = Limits.batchBytes
    clockStepAlarmMilliseconds = 60_000
    dealsSorted = Limits.dealsSorted
    dealsPerSlice = Limits.dealsPerSlice
    recentContactDeals = Limits.recentContactDeals
  }
}
