// SPDX-License-Identifier: Apache-2.0
// The threads that suites ask for are those on which their tests run.

import TandemPlatform
import TestThreads
import Testing

@Suite(.on(.worlds)) struct OnThreadTests {
  @Test func `a test without waiting runs on the thread`() {
    #expect(BlockingThread.worlds.isCurrent)
    #expect(!BlockingThread.sockets.isCurrent)
  }

  @Test(arguments: 0..<3) func `a test comes back to the thread after waiting`(count: Int)
    async throws
  {
    try await withLoop { loop in
      for number in 0..<count { #expect(await on(loop) { number } == number) }
    }
    #expect(BlockingThread.worlds.isCurrent)
  }

  @Suite struct Inner {
    @Test func `suites within a suite run there as well`() {
      #expect(BlockingThread.worlds.isCurrent)
    }
  }
}
