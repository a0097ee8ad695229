// SPDX-License-Identifier: Apache-2.0
// One thread that runs a shard: its descriptors, its jobs, its timers.
// Must not block outside the poll, and must not be used by two threads except through its inbox.

package import TandemPrimitives

/// An executor on its own thread around epoll.
///
/// A turn is: ready descriptors, then work until there is none or the turn's bound is reached, then
/// the timers that were due when the turn began, then the end-of-turn hooks. Work that a later
/// phase adds makes the next poll return at once. The clocks are read once, after the poll. Work for
/// a lull runs last among a turn's work, when no more descriptors seem to be ready.
///
/// Sendable because every mutable property is touched only by the loop's thread, or by its creator
/// before `start`; the thread and the inbox are Sendable.
package final class EventLoop: ShardExecutor, @unchecked Sendable {
  /// Work run in one turn before descriptors and timers get their chance again.
  private static let workPerTurn = 4096
  /// Turns in a row that may leave work for a lull waiting: enough to gather it, too few to be felt.
  private static let busyTurnsMost = 4

  private let thread: NativeThread
  private let inbox: WorkInbox

  // Confined to the loop's thread.
  private var poller: Poller
  private var table = ReadinessTable()
  private var timers = TimerHeap()
  private var hooks: [@Sendable () -> Void] = []
  private var queue = LoopQueue()
  private var forLull: [@Sendable () -> Void] = []
  /// Turns in a row after whose poll more may have been ready.
  private var busyTurns = 0
  private var now: TurnTime

  /// Makes a loop that has not started; work given to it waits.
  package init(name: String, core: Int?) throws(Errno) {
    thread = NativeThread(name: name, core: core)
    inbox = try WorkInbox()
    poller = try Poller(wake: inbox.wake)
    let time = SystemTime()
    now = TurnTime(wall: time.wall, monotonic: time.monotonic)
  }

  /// Starts the thread, once.
  package func start() throws(Errno) {
    try thread.start { self.run() }
  }

  /// Lets the loop run all work it was given, then ends and joins its thread; timers are dropped.
  ///
  /// Work that arrives after the return is not run.
  package func stop() {
    inbox.stop()
    thread.join()
  }

  package var name: String { thread.name }

  package var isCurrent: Bool { thread.isCurrent }

  package var turnTime: TurnTime {
    checkConfined()
    return now
  }

  /// Registers a closure to be called at the end of every turn, after those registered before it.
  ///
  /// Only from this executor, or before `start`.
  package func atEndOfTurn(_ hook: @escaping @Sendable () -> Void) {
    checkConfined()
    hooks.append(hook)
  }

  private func checkConfined() {
    invariant(isCurrent || !thread.hasStarted, "loop \(name) is used on its own thread")
  }
}

// MARK: Work

extension EventLoop {
  package func post(_ work: @escaping @Sendable () -> Void) { add(.closure(work)) }

  package func postForLull(_ work: @escaping @Sendable () -> Void) {
    checkConfined()
    forLull.append(work)
  }

  package func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

  package func checkIsolated() { invariant(isCurrent, "code runs on loop \(name)") }

  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  private func add(_ work: Work) {
    if isCurrent { queue.add(work) } else { inbox.add(work) }
  }
}

// MARK: Timers

extension EventLoop {
  @discardableResult
  package func schedule(
    at instant: MonotonicInstant, _ work: @escaping @Sendable () -> Void
  ) -> TimerID {
    checkConfined()
    return timers.add(at: instant, work)
  }

  package func cancel(_ timer: TimerID) {
    checkConfined()
    timers.cancel(timer)
  }
}

// MARK: Descriptors

extension EventLoop {
  /// Tells a handler, which is kept until `deregister`, when a descriptor is ready.
  package func register(
    _ descriptor: borrowing FileDescriptor, _ handler: any ReadinessHandler,
    interest: ReadinessInterest
  ) throws(Errno) -> Registration {
    checkConfined()
    let registration = table.add(descriptor.number, handler)
    do {
      try poller.add(registration, interest)
    } catch {
      _ = table.remove(registration)
      throw error
    }
    return registration
  }

  /// Changes what the handler is told from now on.
  package func update(
    _ registration: Registration, interest: ReadinessInterest
  ) throws(Errno) {
    checkConfined()
    invariant(table.handler(of: registration) != nil, "a registration is live when changed")
    try poller.change(registration, interest)
  }

  /// Ends a registration before its descriptor is closed; no event reaches the handler afterwards.
  package func deregister(_ registration: Registration) {
    checkConfined()
    if table.remove(registration) { poller.remove(registration) }
  }
}

// MARK: Turns

extension EventLoop {
  private func run() {
    while let timeout = pollTimeout() { turn(timeout) }
  }

  private func turn(_ timeout: PollTimeout) {
    let count = waitForEvents(timeout)
    let time = SystemTime()
    now = TurnTime(wall: time.wall, monotonic: time.monotonic)
    for index in 0..<count {
      let (token, events) = poller[index]
      // The wake-up has no handler: taking the inbox below is all it asks for.
      if token != Poller.wakeToken { table.handler(of: Registration(token: token))?.ready(events) }
    }
    busyTurns = poller.isFull(count) ? busyTurns + 1 : 0
    runWork()
    runTimers()
    for hook in hooks { hook() }
  }

  private enum PollTimeout {
    case none
    case milliseconds(Int32)
    case forever
  }

  /// How long the next poll may wait, or nil when the loop is to end.
  private func pollTimeout() -> PollTimeout? {
    guard queue.isEmpty, forLull.isEmpty else { return PollTimeout.none }
    switch inbox.idle() {
    case .work: return PollTimeout.none
    case .stop: return nil
    case .sleep: return timeUntilNextTimer()
    }
  }

  private func timeUntilNextTimer() -> PollTimeout {
    guard let due = timers.nextDue else { return .forever }
    let current = SystemTime().monotonic
    guard due > current else { return .none }
    // Rounded up, so that the timer is due when the poll returns.
    let milliseconds = (due.nanoseconds - current.nanoseconds + 999_999) / 1_000_000
    return .milliseconds(Int32(clamping: milliseconds))
  }

  private func waitForEvents(_ timeout: PollTimeout) -> Int {
    do {
      switch timeout {
      case .none: return try poller.wait(milliseconds: 0)
      case .milliseconds(let limit): return try poller.wait(milliseconds: limit)
      case .forever: return try poller.wait(milliseconds: nil)
      }
    } catch {
      fatalError("loop \(name) cannot poll: \(error)")
    }
  }

  /// Runs work in the order it came until none is left or the turn's bound is reached.
  private func runWork() {
    for _ in 0..<Self.workPerTurn {
      guard let work = queue.next(orFrom: inbox) ?? nextForLull() else { return }
      switch work {
      case .job(let job):
        unsafe job.runSynchronously(
          isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      case .closure(let body): body()
      }
    }
  }

  /// Work that waited for a lull, if this is one or waiting has an end.
  private func nextForLull() -> Work? {
    guard !forLull.isEmpty, busyTurns % (Self.busyTurnsMost + 1) == 0 else { return nil }
    for body in forLull { queue.add(.closure(body)) }
    forLull.removeAll(keepingCapacity: true)
    return queue.next(orFrom: inbox)
  }

  private func runTimers() {
    guard let due = timers.nextDue, due <= now.monotonic else { return }
    // Timers added by timers wait for the next turn, so that none can keep the loop here.
    let mark = timers.mark
    while let work = timers.popDue(at: now.monotonic, addedBefore: mark) { work() }
  }
}

/// Work being run, and work that the loop's thread added meanwhile.
private struct LoopQueue {
  private var running: [Work] = []
  /// Where `running` goes on.
  private var runIndex = 0
  private var added: [Work] = []
  /// Whether the next refill looks first at what others sent.
  private var othersAreNext = true

  /// Nothing is left but what others may have sent.
  var isEmpty: Bool { runIndex == running.count && added.isEmpty }

  mutating func add(_ work: consuming Work) { added.append(work) }

  mutating func next(orFrom inbox: WorkInbox) -> Work? {
    if runIndex == running.count, !refill(from: inbox) { return nil }
    defer { runIndex += 1 }
    return running[runIndex]
  }

  /// Fetches more work: in turn what this thread added and what others sent, so that work which adds
  /// itself for ever keeps nobody out.
  private mutating func refill(from inbox: WorkInbox) -> Bool {
    if !running.isEmpty { running.removeAll(keepingCapacity: true) }
    runIndex = 0
    if othersAreNext || added.isEmpty { inbox.take(into: &running) }
    if running.isEmpty { swap(&running, &added) }
    othersAreNext.toggle()
    return !running.isEmpty
  }
}
