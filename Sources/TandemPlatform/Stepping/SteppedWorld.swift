// SPDX-License-Identifier: Apache-2.0
// A world that is cranked by hand: executors, timers and clocks on one thread, in an order drawn from a
// seed. The simulator and the runtime's tests run production actors on it.

package import TandemPrimitives

/// Owns virtual time and decides which executor runs next.
///
/// Sendable because a world and everything on it is used by the one thread that steps it.
package final class SteppedWorld: @unchecked Sendable {
  private var random: SeededRandom
  private var executors: [SteppedExecutor] = []
  private var timers = TimerHeap()
  private(set) package var nanoseconds: UInt64 = 0
  private var wallAtStart: Timestamp
  fileprivate(set) var current: SteppedExecutor?
  /// A digest of every choice so far: equal in two runs that took the same way.
  private(set) package var traceHash = FNV1a.start
  private(set) package var steps: UInt64 = 0

  package init(seed: UInt64, wall: Timestamp) {
    random = SeededRandom(seed: seed)
    wallAtStart = wall
  }

  package var wall: Timestamp {
    Timestamp(milliseconds: wallAtStart.milliseconds + Int64(nanoseconds / 1_000_000))
  }

  /// Moves the wall clock against the monotonic one.
  package func jumpWall(byMilliseconds step: Int64) {
    wallAtStart = Timestamp(milliseconds: wallAtStart.milliseconds + step)
  }

  package func makeExecutor() -> SteppedExecutor {
    let executor = SteppedExecutor(world: self, number: executors.count)
    executors.append(executor)
    return executor
  }

  /// Runs one piece of work, or lets time pass to the next timer; false when nothing is left.
  package func step() -> Bool {
    steps += 1
    let ready = executors.filter { $0.hasWork && $0.stalledUntil <= nanoseconds }
    if let chosen = ready.isEmpty ? nil : ready[Int(random.next() % UInt64(ready.count))] {
      mix(UInt64(chosen.number))
      chosen.runOne()
      return true
    }
    return passTime()
  }

  /// Steps until a condition holds; false when nothing is left or the bound is reached.
  package func run(stepsMax: Int, until isDone: () -> Bool) -> Bool {
    for _ in 0..<stepsMax {
      if isDone() { return true }
      guard step() else { return isDone() }
    }
    return isDone()
  }

  /// An executor's thread is stuck for a while, for example in a slow disk.
  package func stall(_ executor: SteppedExecutor, milliseconds: UInt64) {
    executor.stalledUntil = nanoseconds + milliseconds * 1_000_000
    _ = timers.add(at: MonotonicInstant(nanoseconds: executor.stalledUntil)) {}
  }

  /// The process that these executors belong to has died: their work never runs.
  package func kill(_ dead: [SteppedExecutor]) {
    for executor in dead { executor.die() }
    executors.removeAll { executor in dead.contains { $0 === executor } }
  }

  private func passTime() -> Bool {
    guard let due = timers.nextDue else { return false }
    nanoseconds = max(nanoseconds, due.nanoseconds)
    let mark = timers.mark
    while let work = timers.popDue(
      at: MonotonicInstant(nanoseconds: nanoseconds), addedBefore: mark)
    {
      work()
    }
    return true
  }

  /// A timer only hands its work to its executor, which forgets it when the process has died.
  fileprivate func schedule(
    at instant: MonotonicInstant, _ owner: SteppedExecutor, _ work: @escaping @Sendable () -> Void
  ) -> TimerID {
    timers.add(at: instant) { owner.post(work) }
  }

  fileprivate func cancel(_ timer: TimerID) { timers.cancel(timer) }

  fileprivate func runAs(_ executor: SteppedExecutor, _ work: () -> Void) {
    let outer = current
    current = executor
    work()
    current = outer
  }

  private func mix(_ value: UInt64) {
    traceHash = FNV1a.next(traceHash, value ^ nanoseconds)
  }
}

/// One executor of a stepped world: a shard, a journal writer, a background thread, a mailbox.
///
/// Sendable because it is only used by the thread that steps its world.
package final class SteppedExecutor: ShardExecutor, @unchecked Sendable {
  private enum Work {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
  }

  private unowned let world: SteppedWorld
  fileprivate let number: Int
  private var queue: [Work] = []
  private var head = 0
  private var isDead = false
  fileprivate var stalledUntil: UInt64 = 0

  fileprivate init(world: SteppedWorld, number: Int) {
    self.world = world
    self.number = number
  }

  fileprivate var hasWork: Bool { head < queue.count }

  package func enqueue(_ job: consuming ExecutorJob) {
    // The tasks of a dead process stay suspended for ever, as they would with the process gone.
    let unowned = UnownedJob(job)
    if !isDead { queue.append(.job(unowned)) }
  }

  package func post(_ work: @escaping @Sendable () -> Void) {
    if !isDead { queue.append(.closure(work)) }
  }

  package func postForLull(_ work: @escaping @Sendable () -> Void) { post(work) }

  @discardableResult
  package func schedule(
    at instant: MonotonicInstant, _ work: @escaping @Sendable () -> Void
  ) -> TimerID { world.schedule(at: instant, self, work) }

  package func cancel(_ timer: TimerID) { world.cancel(timer) }

  package var turnTime: TurnTime {
    TurnTime(
      wall: world.wall, monotonic: MonotonicInstant(nanoseconds: world.nanoseconds))
  }

  package var isCurrent: Bool { world.current === self }

  package func checkIsolated() {
    invariant(isCurrent, "code of a stepped executor runs on another one")
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }

  package func asUnownedTaskExecutor() -> UnownedTaskExecutor {
    unsafe UnownedTaskExecutor(ordinary: self)
  }

  /// Runs code as if it stood on this executor, for drivers that crank the world.
  package func runHere(_ work: () -> Void) { world.runAs(self, work) }

  fileprivate func runOne() {
    let work = queue[head]
    head += 1
    if head == queue.count {
      queue.removeAll(keepingCapacity: true)
      head = 0
    }
    world.runAs(self) {
      switch work {
      case .job(let job):
        unsafe job.runSynchronously(
          isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      case .closure(let closure): closure()
      }
    }
  }

  fileprivate func die() {
    isDead = true
    queue.removeAll()
    head = 0
  }
}
