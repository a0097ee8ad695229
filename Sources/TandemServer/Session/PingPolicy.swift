// SPDX-License-Identifier: Apache-2.0
// How many pings a connection may send before they are ignored, and before it is ended.

package import TandemPrimitives

/// Counts pings in windows of one second.
package struct PingPolicy: Sendable, Equatable {
  package enum Verdict: Sendable, Equatable {
    case answer
    case ignore
    case flood
  }

  private var windowStart = MonotonicInstant(nanoseconds: 0)
  private var count = 0
  private let answered: Int
  private let endured: Int

  package init(answeredPerSecond: Int, enduredPerSecond: Int) {
    answered = answeredPerSecond
    endured = enduredPerSecond
  }

  package mutating func ping(at now: MonotonicInstant) -> Verdict {
    if now.nanoseconds >= windowStart.nanoseconds &+ 1_000_000_000 {
      windowStart = now
      count = 0
    }
    count += 1
    if count > endured { return .flood }
    return count > answered ? .ignore : .answer
  }
}
