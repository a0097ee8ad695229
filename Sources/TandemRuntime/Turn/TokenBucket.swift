// SPDX-License-Identifier: Apache-2.0
// A tenant's quota: so many calls a second, with room for a burst. Pure; time is given.

package import TandemPrimitives

package struct TokenBucket: Sendable, Equatable {
  private let perSecond: UInt64
  private let capacity: UInt64
  /// In billionths of a call, so that slow refills are exact.
  private var tokens: UInt64
  private var refilledAt: MonotonicInstant

  package init(perSecond: UInt32, burst: UInt32, now: MonotonicInstant) {
    self.perSecond = UInt64(perSecond)
    capacity = UInt64(max(burst, 1)) * 1_000_000_000
    tokens = capacity
    refilledAt = now
  }

  /// Takes one call's worth; nil when granted, else the milliseconds until the next one is.
  package mutating func take(now: MonotonicInstant) -> UInt32? {
    guard perSecond > 0 else { return nil }
    refill(now)
    guard tokens < 1_000_000_000 else {
      tokens -= 1_000_000_000
      return nil
    }
    let missing = 1_000_000_000 - tokens
    // Rounded up: who waits this long is granted one.
    let nanoseconds = (missing + perSecond - 1) / perSecond
    return UInt32(truncatingIfNeeded: (nanoseconds + 999_999) / 1_000_000)
  }

  /// Takes so many calls' worth, or nothing when there is less.
  package mutating func takeAll(_ count: Int, now: MonotonicInstant) -> Bool {
    guard perSecond > 0 else { return true }
    refill(now)
    let (wanted, isBeyond) = UInt64(count).multipliedReportingOverflow(by: 1_000_000_000)
    guard !isBeyond, wanted <= tokens else { return false }
    tokens -= wanted
    return true
  }

  private mutating func refill(_ now: MonotonicInstant) {
    guard now > refilledAt else { return }
    let elapsed = now.nanoseconds - refilledAt.nanoseconds
    let (gained, isBeyond) = elapsed.multipliedReportingOverflow(by: perSecond)
    tokens = isBeyond ? capacity : min(capacity, tokens + min(gained, capacity))
    refilledAt = now
  }
}
