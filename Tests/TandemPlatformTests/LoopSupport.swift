// SPDX-License-Identifier: Apache-2.0
// Starts and stops loops around tests, and carries results from a loop to a test.

import Synchronization
import TandemPlatform
import TandemPrimitives

/// Runs a body with a started loop and stops the loop afterwards.
func withLoop<Result>(_ body: (EventLoop) async throws -> Result) async throws -> Result {
  let loop = try EventLoop(name: "test-loop", core: nil)
  try loop.start()
  defer { loop.stop() }
  return try await body(loop)
}

/// Runs a body on a loop and returns its result.
func on<Result: Sendable>(
  _ loop: EventLoop, _ body: @escaping @Sendable () -> Result
) async -> Result {
  await withCheckedContinuation { continuation in
    loop.post { continuation.resume(returning: body()) }
  }
}

/// Collects values from any thread.
final class Collected<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  func add(_ value: Value) { values.withLock { $0.append(value) } }
  var all: [Value] { values.withLock { $0 } }
}

/// Calls a closure whenever its descriptor is ready.
final class Told: ReadinessHandler {
  private let told: () -> Void
  init(_ told: @escaping () -> Void) { self.told = told }
  func ready(_: ReadinessEvents) { told() }
}
