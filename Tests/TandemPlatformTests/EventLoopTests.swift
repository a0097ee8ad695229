// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TandemPlatform
import TandemPrimitives
import Testing

struct EventLoopTests {
  @Test func `posted work runs on the loop in order per caller`() async throws {
    try await withLoop { loop in
      let seen = Collected<(caller: Int, number: Int)>()
      await withTaskGroup(of: Void.self) { group in
        for caller in 0..<8 {
          group.addTask {
            for number in 0..<2000 { loop.post { seen.add((caller, number)) } }
          }
        }
      }
      let wasCurrent = await on(loop) { loop.isCurrent }
      #expect(wasCurrent)
      #expect(!loop.isCurrent)
      for caller in 0..<8 {
        #expect(seen.all.filter { $0.caller == caller }.map(\.number) == Array(0..<2000))
      }
    }
  }

  @Test func `a sleeping loop wakes for every post`() async throws {
    try await withLoop { loop in
      // Each round starts only after the last has ended, so the loop sleeps in between.
      for round in 0..<1000 { #expect(await on(loop) { round } == round) }
    }
  }

  @Test func `timers fire in order, and a cancelled one does not`() async throws {
    try await withLoop { loop in
      let fired = Collected<Int>()
      await withCheckedContinuation { continuation in
        loop.post {
          let start = loop.turnTime.monotonic
          loop.schedule(at: start.advanced(byMilliseconds: 8)) {
            fired.add(8)
            continuation.resume()
          }
          let cancelled = loop.schedule(at: start.advanced(byMilliseconds: 4)) { fired.add(4) }
          loop.schedule(at: start.advanced(byMilliseconds: 6)) { fired.add(6) }
          loop.schedule(at: start.advanced(byMilliseconds: 2)) {
            fired.add(2)
            #expect(loop.turnTime.monotonic >= start.advanced(byMilliseconds: 2))
          }
          loop.cancel(cancelled)
        }
      }
      #expect(fired.all == [2, 6, 8])
    }
  }

  @Test func `a timer that re-arms itself at once does not keep the loop from other work`()
    async throws
  {
    try await withLoop { loop in
      let stopped = Mutex(false)
      @Sendable func rearm() {
        if stopped.withLock({ $0 }) { return }
        loop.schedule(at: loop.turnTime.monotonic) { rearm() }
      }
      loop.post { rearm() }
      for round in 0..<10 { #expect(await on(loop) { round } == round) }
      stopped.withLock { $0 = true }
    }
  }

  @Test func `work that posts itself for ever lets timers and hooks run`() async throws {
    try await withLoop { loop in
      let stopped = Mutex(false)
      @Sendable func again() {
        if !stopped.withLock({ $0 }) { loop.post { again() } }
      }
      loop.post { again() }
      await withCheckedContinuation { continuation in
        loop.post {
          loop.schedule(at: loop.turnTime.monotonic) { continuation.resume() }
        }
      }
      stopped.withLock { $0 = true }
    }
  }

  @Test func `work that posts itself for ever lets work of other threads run`() async throws {
    try await withLoop { loop in
      let stopped = Mutex(false)
      @Sendable func again() {
        if !stopped.withLock({ $0 }) { loop.post { again() } }
      }
      // The other work is sent only when the first runs already.
      _ = await on(loop) { again() }
      for round in 0..<10 { #expect(await on(loop) { round } == round) }
      stopped.withLock { $0 = true }
    }
  }

  @Test func `a turn runs work, then due timers, then hooks in their order`() async throws {
    let loop = try EventLoop(name: "turn", core: nil)
    let seen = Collected<String>()
    loop.atEndOfTurn { seen.add("first hook") }
    loop.atEndOfTurn { seen.add("second hook") }
    loop.schedule(at: MonotonicInstant(nanoseconds: 0)) { seen.add("timer") }
    loop.post {
      seen.add("work")
      loop.post { seen.add("more work") }
    }
    try loop.start()
    loop.stop()
    let hooks = ["first hook", "second hook"]
    let turn = ["work", "more work", "timer"] + hooks
    // A loop that sleeps when it is told to stop wakes for one more turn, in which only the hooks run.
    #expect(seen.all == turn || seen.all == turn + hooks)
  }

  @Test func `work that a hook adds runs although nothing wakes the loop`() async throws {
    try await withLoop { loop in
      let isFirst = Mutex(true)
      await withCheckedContinuation { continuation in
        loop.post {
          loop.atEndOfTurn {
            let now = isFirst.withLock { isFirst in
              defer { isFirst = false }
              return isFirst
            }
            if now { loop.post { continuation.resume() } }
          }
        }
      }
    }
  }

  @Test func `stopping runs all work given before, and what that work adds`() throws {
    let loop = try EventLoop(name: "stop", core: nil)
    let seen = Collected<Int>()
    for number in 0..<10_000 {
      loop.post {
        seen.add(number)
        if number == 9_999 { loop.post { seen.add(10_000) } }
      }
    }
    try loop.start()
    loop.stop()
    #expect(seen.all == Array(0...10_000))
    #expect(!loop.isCurrent)
  }

  @Test func `a loop can be pinned to each allowed core`() async throws {
    let cores = allowedCores()
    #expect(!cores.isEmpty)
    for core in cores {
      let loop = try EventLoop(name: "pinned", core: core)
      try loop.start()
      #expect(await on(loop) { allowedCores() } == [core])
      loop.stop()
    }
  }

  @Test func `using a loop's timers from another thread stops the process`() async {
    await #expect(processExitsWith: .failure) {
      try await withLoop { loop in
        _ = await on(loop) { true }
        loop.schedule(at: MonotonicInstant(nanoseconds: 0)) {}
      }
    }
  }
}
