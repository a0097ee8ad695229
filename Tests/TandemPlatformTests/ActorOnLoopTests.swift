// SPDX-License-Identifier: Apache-2.0
import TandemPlatform
import TandemPrimitives
import Testing

/// Counts; lives on a loop.
private actor Counter {
  private let executor: EventLoop
  private(set) var count = 0

  init(on executor: EventLoop) { self.executor = executor }
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  func increment() -> Int {
    count += 1
    return count
  }

  func incrementOther(_ other: Counter, times: Int) async -> Int {
    var last = 0
    for _ in 0..<times { last = await other.increment() }
    return last
  }

  /// Posts first and awaits afterwards; without hops the awaits come first.
  func awaitAfterPosting(_ other: Counter, _ seen: Collected<String>) async {
    let executor = self.executor
    executor.post { seen.add("posted") }
    for _ in 0..<100 { _ = await other.increment() }
    seen.add(executor.isCurrent ? "awaited on the loop" : "awaited elsewhere")
  }
}

struct ActorOnLoopTests {
  /// Without the preference the runtime goes through the queue for every await.
  @Test func `a task that prefers the loop makes no hop between two actors of it`() async throws {
    try await withLoop { loop in
      let seen = Collected<String>()
      await Task(executorPreference: loop) {
        await Counter(on: loop).awaitAfterPosting(Counter(on: loop), seen)
      }.value
      _ = await on(loop) { true }
      #expect(seen.all == ["awaited on the loop", "posted"])
    }
  }

  @Test func `a task that prefers the loop stays on it across awaits`() async throws {
    try await withLoop { loop in
      let first = Counter(on: loop)
      let second = Counter(on: loop)
      let wasCurrent = await Task(executorPreference: loop) {
        var wasCurrent = loop.isCurrent
        _ = await first.incrementOther(second, times: 10)
        wasCurrent = wasCurrent && loop.isCurrent
        await Task.yield()
        return wasCurrent && loop.isCurrent
      }.value
      #expect(wasCurrent)
      #expect(await second.count == 10)
    }
  }

  @Test func `calls between actors of two loops arrive`() async throws {
    try await withLoop { near in
      try await withLoop { far in
        let last = await Counter(on: near).incrementOther(Counter(on: far), times: 500)
        #expect(last == 500)
      }
    }
  }

  @Test func `an actor can be entered synchronously from its loop`() async throws {
    try await withLoop { loop in
      let counter = Counter(on: loop)
      let result = await on(loop) {
        var result = 0
        enteringActor { (counter: isolated Counter, result: inout Int) in
          counter.assertIsolated()
          result = counter.increment()
        }(counter, &result)
        return result
      }
      #expect(result == 1)
      #expect(await counter.count == 1)
    }
  }

  @Test func `isolation is asserted by the thread`() async throws {
    try await withLoop { loop in
      let counter = Counter(on: loop)
      #expect(await on(loop) { counter.assumeIsolated { $0.increment() } } == 1)
    }
    await #expect(processExitsWith: .failure) {
      try await withLoop { loop in Counter(on: loop).preconditionIsolated() }
    }
  }

  @Test func `a confined value is reached on its loop only`() async throws {
    final class Plain { var value = 0 }
    try await withLoop { loop in
      let confined = LoopConfined(moving: Plain(), to: loop)
      await on(loop) { confined.value.value += 1 }
      #expect(await on(loop) { confined.value.value } == 1)
    }
    await #expect(processExitsWith: .failure) {
      try await withLoop { loop in
        _ = LoopConfined(moving: [1], to: loop).value
      }
    }
  }
}
