// SPDX-License-Identifier: Apache-2.0
// Work on its way from any thread to the one thread that runs it.
// Must not run work itself, and must not wake a thread that is awake.

import CLinux
import Synchronization
import TandemPrimitives

/// Something to be run by an executor's thread.
enum Work: Sendable {
  case job(UnownedJob)
  case closure(@Sendable () -> Void)
}

/// A first-in-first-out queue with one taker, who may sleep until work comes.
///
/// The taker swaps its empty array for the filled one, so both arrays keep their capacity and
/// nothing is allocated in steady state. A wake-up is written only when the taker has said that it
/// sleeps.
final class WorkInbox: Sendable {
  private struct State {
    var work: [Work] = []
    var takerSleeps = false
    var stopping = false

    /// True for the first to find the taker asleep.
    mutating func wakesTaker() -> Bool {
      defer { takerSleeps = false }
      return takerSleeps
    }
  }

  /// What the taker finds when it has nothing left to do.
  enum Idle { case work, sleep, stop }

  private let state = Mutex(State())
  /// Becomes readable when a sleeping taker is wanted.
  let wake: FileDescriptor

  init() throws(Errno) { wake = FileDescriptor(owning: try checked(linux_wake_create())) }

  func add(_ work: Work) {
    let mustWake = state.withLock { state in
      state.work.append(work)
      return state.wakesTaker()
    }
    if mustWake { wakeTaker() }
  }

  /// Asks the taker to end once it has run what it has.
  func stop() {
    let mustWake = state.withLock { state in
      state.stopping = true
      return state.wakesTaker()
    }
    if mustWake { wakeTaker() }
  }

  /// Moves all work into an empty array.
  func take(into taken: inout [Work]) {
    invariant(taken.isEmpty, "earlier work was run")
    state.withLock { state in
      state.takerSleeps = false
      swap(&state.work, &taken)
    }
  }

  /// Says whether there is work, or that the taker sleeps from now on.
  func idle() -> Idle {
    state.withLock { state in
      if !state.work.isEmpty { return .work }
      if state.stopping { return .stop }
      state.takerSleeps = true
      return .sleep
    }
  }

  /// Blocks the taker, after `idle` said so, until it is woken.
  func sleep() {
    let result = linux_wake_wait(wake.number)
    invariant(result == 0, "a wake descriptor can be read, found \(Errno(code: -result))")
  }

  private func wakeTaker() {
    let result = linux_wake(wake.number)
    invariant(result == 0, "a wake descriptor takes writes, found \(Errno(code: -result))")
  }
}
