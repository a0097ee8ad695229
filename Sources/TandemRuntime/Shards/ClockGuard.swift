// SPDX-License-Identifier: Apache-2.0
// Notices a wall clock that jumps, so that a wrong clock does not expire every invitation at once. Pure.

package import TandemPrimitives

package struct ClockGuard: Sendable, Equatable {
  private let stepMilliseconds: Int64
  private var last: TurnReading?
  /// How far the wall clock jumped, while an operator has not accepted it.
  package private(set) var alarm: Timestamp.Span?

  private struct TurnReading: Sendable, Equatable {
    let wall: Timestamp
    let monotonic: MonotonicInstant
  }

  package init(stepMilliseconds: Int64) { self.stepMilliseconds = stepMilliseconds }

  /// Compares how far both clocks ran since the last reading.
  package mutating func read(wall: Timestamp, monotonic: MonotonicInstant) {
    defer { last = TurnReading(wall: wall, monotonic: monotonic) }
    guard let last else { return }
    let ran = Int64((monotonic.nanoseconds &- last.monotonic.nanoseconds) / 1_000_000)
    let step = wall.milliseconds - last.wall.milliseconds - ran
    if abs(step) > stepMilliseconds { alarm = Timestamp.Span(milliseconds: step) }
  }

  /// The operator looked at the clock and it is right.
  package mutating func accept() { alarm = nil }
}
