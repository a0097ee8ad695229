// SPDX-License-Identifier: Apache-2.0
// A trait that gives suites a thread beside the ones that all tasks share. Those are as few as the cores:
// tests that compute for long would leave none for tests that wait, and all tests stand in one queue.

package import TandemPlatform
package import Testing

extension BlockingThread {
  /// For tests that crank a world by hand.
  package static let worlds = forTests("worlds")
  /// For tests that write, damage and recover files, and for the actors of those tests.
  package static let disks = forTests("disks")
  /// For tests that wait for answers within a time.
  package static let sockets = forTests("sockets")

  private static func forTests(_ name: String) -> BlockingThread {
    do throws(Errno) {
      let thread = try BlockingThread(name: name)
      try thread.start()
      return thread
    } catch {
      preconditionFailure("no thread for tests: \(error)")
    }
  }
}

/// Runs the tests of a suite on a thread that all suites with the same trait share.
package struct OnThread: SuiteTrait, TestTrait, TestScoping {
  let thread: BlockingThread

  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(thread) { try await function() }
  }
}

extension Trait where Self == OnThread {
  /// The tests run on this thread.
  package static func on(_ thread: BlockingThread) -> Self { Self(thread: thread) }
}
