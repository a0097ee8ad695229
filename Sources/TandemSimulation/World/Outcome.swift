// SPDX-License-Identifier: Apache-2.0
// What a task of the simulated process brings back to the driver that cranks it.

import Synchronization

/// Empty until somebody fills it; the first value stays.
final class Outcome<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  var value: Value? { state.withLock { $0 } }

  func fill(_ value: Value) { state.withLock { $0 = $0 ?? value } }
}
