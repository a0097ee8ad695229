// SPDX-License-Identifier: Apache-2.0
// Lets one long-lived task sleep until its owner has work, without an allocation per sleep.

/// A signal with one waiter, confined to one actor: who waits and who wakes run on the same executor.
@safe package final class WakeSignal {
  private var waiter: UnsafeContinuation<Void, Never>?
  private var isRaised = false

  package init() {}

  /// Wakes the waiter, or lets the next wait pass at once.
  package func raise() {
    if let waiting = unsafe waiter {
      unsafe waiter = nil
      unsafe waiting.resume()
    } else {
      isRaised = true
    }
  }

  /// Returns when the signal was raised since the last wait.
  package func wait(isolation: isolated (any Actor)? = #isolation) async {
    if isRaised {
      isRaised = false
      return
    }
    await unsafe withUnsafeContinuation(isolation: isolation) { unsafe waiter = $0 }
  }
}
