// SPDX-License-Identifier: Apache-2.0
// Lets an object that only one executor may touch travel inside `@Sendable` closures.

import TandemPrimitives

/// A value that belongs to one executor.
///
/// Sendable because the value can be reached only where `executor.isCurrent` holds, which is one
/// thread.
package struct LoopConfined<Value>: @unchecked Sendable {
  private let confined: Value
  private let executor: any ShardExecutor

  /// Confines a value that the calling code, on the executor, already shares with its neighbours
  /// there.
  package init(_ value: Value, on executor: any ShardExecutor) {
    invariant(executor.isCurrent, "a shared value is confined from its own executor")
    confined = value
    self.executor = executor
  }

  /// Gives a value that nobody else holds to an executor; callable from any thread.
  package init(moving value: sending Value, to executor: any ShardExecutor) {
    confined = value
    self.executor = executor
  }

  /// The value; only from its executor.
  package var value: Value {
    invariant(executor.isCurrent, "a confined value is used on its own executor")
    return confined
  }

  /// Hands the value to work that runs on its executor; callable from any thread.
  package func post(_ work: @escaping @Sendable (Value) -> Void) {
    let copy = self
    executor.post { work(copy.value) }
  }
}
