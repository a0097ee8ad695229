// SPDX-License-Identifier: Apache-2.0
// Seam between shards and the thread that runs them: the event loop, or the simulator's executor.

package import TandemPrimitives
/// A serial executor that also keeps timers and takes work from other threads.
///
/// Everything confined to a shard runs on it; `tasks` started on it stay on it.
package protocol ShardExecutor: SerialExecutor, TaskExecutor {
  /// Runs work later on this executor; callable from any thread, in order per caller.
  func post(_ work: @escaping @Sendable () -> Void)
  /// Runs work once nothing else is at hand, or a few turns later; only from this executor.
  ///
  /// For work that costs the same for one and for many, such as a write to the disk.
  func postForLull(_ work: @escaping @Sendable () -> Void)
  /// Runs work on this executor when the clock reaches the instant; only from this executor.
  @discardableResult
  func schedule(at instant: MonotonicInstant, _ work: @escaping @Sendable () -> Void) -> TimerID
  /// Forgets a timer; one that has run or was cancelled is ignored. Only from this executor.
  func cancel(_ timer: TimerID)
  /// Time as read once at the start of the present turn. Only from this executor.
  var turnTime: TurnTime { get }
  /// True when called from this executor.
  var isCurrent: Bool { get }
}

/// Names a scheduled timer of one executor.
package struct TimerID: Hashable, Sendable {
  package let value: UInt64
  package init(value: UInt64) { self.value = value }
}

/// Both clocks, read once per turn.
package struct TurnTime: Sendable {
  package let wall: Timestamp
  package let monotonic: MonotonicInstant
  package init(wall: Timestamp, monotonic: MonotonicInstant) {
    self.wall = wall
    self.monotonic = monotonic
  }
}
