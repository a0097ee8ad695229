// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TandemPlatform
import Testing

private actor Writer {
  private let executor: BlockingThread
  private var written: [Int] = []

  init(on executor: BlockingThread) { self.executor = executor }
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  func write(_ number: Int) -> Bool {
    written.append(number)
    return executor.isCurrent
  }

  var all: [Int] { written }
}

struct BlockingThreadTests {
  @Test func `work runs in order and all of it runs before the thread ends`() throws {
    let thread = try BlockingThread(name: "order")
    let seen = Collected<Int>()
    try thread.start()
    for number in 0..<5000 { thread.post { seen.add(number) } }
    thread.stop()
    #expect(seen.all == Array(0..<5000))
  }

  @Test func `an actor runs on the thread`() async throws {
    let thread = try BlockingThread(name: "actor")
    try thread.start()
    let writer = Writer(on: thread)
    for number in 0..<200 { #expect(await writer.write(number)) }
    #expect(await writer.all == Array(0..<200))
    #expect(!thread.isCurrent)
    thread.stop()
  }

  @Test func `blocking work of one thread does not hold up a loop`() async throws {
    let thread = try BlockingThread(name: "blocked")
    try thread.start()
    let gateIsOpen = Mutex(false)
    thread.post { while !gateIsOpen.withLock({ $0 }) {} }
    try await withLoop { loop in #expect(await on(loop) { 1 } == 1) }
    gateIsOpen.withLock { $0 = true }
    thread.stop()
  }
}
