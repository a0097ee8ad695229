// SPDX-License-Identifier: Apache-2.0
// One thread's share of the tenants: serves them round robin, keeps their timers, carries their mail.
// Must not decide anything about deals.

import TandemDomain
import TandemJournal
package import TandemPlatform
import TandemPrimitives
import TandemWire

/// Owner of a set of partitions and of every tenant in them.
package actor Shard {
  package nonisolated let index: Int
  package nonisolated let executor: any ShardExecutor
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  let storage: RuntimeStorage
  let settings: RuntimeSettings
  let placement: TenantPlacement
  var router: ShardRouter?
  var logs: [PartitionLog] = []
  var entries: [TenantID: TenantEntry] = [:]
  /// Tenants whose actors exist, in the order in which they woke; never in dictionary order.
  var awake: [TenantEntry] = []
  /// An empty tenant that stands for all that do not exist, so that a stranger who asks for one
  /// takes the way of a wrong secret; in no list.
  var nobody: TenantEntry?
  var directories: [RealmID: RealmDirectory] = [:]
  var deadlines = DeadlineQueue()
  var armedTimer: (id: TimerID, at: MonotonicInstant)?
  var clockGuard: ClockGuard
  var random: SeededRandom
  package var counters = ShardCounters()
  var isServing = false
  var isStopping = false
  /// Pages of the past that are being read; their calls must be answered before the shard closes.
  var errands = 0

  private var line = TurnLine()
  private var scratch: [UInt8] = []
  private var ahead: [DealID] = []
  private var lastAsked: TenantEntry?
  /// Partitions whose next append begins at the next lull.
  var due: [PartitionLog] = []

  init(
    index: Int, executor: any ShardExecutor, storage: RuntimeStorage, settings: RuntimeSettings,
    placement: TenantPlacement, seed: UInt64
  ) {
    self.index = index
    self.executor = executor
    self.storage = storage
    self.settings = settings
    self.placement = placement
    random = SeededRandom(seed: seed)
    clockGuard = ClockGuard(stepMilliseconds: settings.clockStepAlarmMilliseconds)
  }

  // MARK: Work comes in

  /// The tenant that a call is for, if calls are served at all.
  func serving(_ tenant: TenantID) throws(ErrorStatus) -> TenantEntry {
    guard isServing else { throw isStopping ? TurnRefusals.draining : TurnRefusals.starting }
    guard let entry = entry(of: tenant) else { throw TurnRefusals.unknownTenant }
    return entry
  }

  /// Counts so many calls at once when there is room for all; else counts none.
  func hasRoom(for count: Int, of entry: TenantEntry, isUser: Bool) -> Bool {
    guard entry.queue.count + count <= Limits.callsQueuedPerTenant else { return false }
    return !isUser || entry.bucket.takeAll(count, now: executor.turnTime.monotonic)
  }

  func admit(to entry: TenantEntry, isUser: Bool) throws(ErrorStatus) {
    guard entry.queue.count < Limits.callsQueuedPerTenant else { throw TurnRefusals.queueFull }
    // A quota binds an organisation's users; an operator must reach it all the more.
    if isUser, let wait = entry.bucket.take(now: executor.turnTime.monotonic) {
      counters.rateLimited += 1
      throw TurnRefusals.rateLimited(
        retryAfterMilliseconds: wait, perSecond: settings.tenantCallsPerSecond)
    }
  }

  /// A burst of one connection asks for one tenant again and again.
  private func entry(of tenant: TenantID) -> TenantEntry? {
    if let lastAsked, lastAsked.id == tenant { return lastAsked }
    lastAsked = entries[tenant]
    return lastAsked
  }

  func enqueue(_ work: consuming Work, _ entry: TenantEntry) {
    entry.queue.push(work)
    makeRunnable(entry)
  }

  func makeRunnable(_ entry: TenantEntry) {
    switch entry.stage {
    case .awake: break
    case .asleep: return wake(entry)
    case .loading: return
    }
    guard !entry.isRunnable else { return }
    entry.isRunnable = true
    guard line.add(entry) else { return }
    executor.post { [self] in
      var nothing: Void = ()
      ShardEntrance.turn(self, &nothing)
    }
  }

  func refuse(_ call: Call, _ error: ErrorStatus) {
    // Its own buffer while the sink looks at it: the sink may hand over its next call.
    var body: [UInt8] = []
    swap(&body, &scratch)
    body.removeAll(keepingCapacity: true)
    error.encode(into: &body)
    call.sink.answer(
      call.ticket, AnswerHead(status: error.status, isReplay: false, commitSeq: 0),
      body: body.span)
    swap(&body, &scratch)
  }

  // MARK: A turn

  /// Serves every tenant that has work once, in order; who has more comes again in the next turn.
  func turn() {
    var round = line.begin()
    for entry in round {
      entry.isRunnable = false
      serve(entry)
      if !entry.queue.isEmpty { makeRunnable(entry) }
    }
    round.removeAll(keepingCapacity: true)
    line.giveBack(round)
  }

  private func serve(_ entry: TenantEntry) {
    guard case .awake(let tenant) = entry.stage else { return }
    var burst = makeBurst(entry, limit: Limits.callsPerTenantTurn)
    swap(&burst.queue, &entry.queue)
    TenantEntrance.run(tenant, &burst)
    // Only who had a turn can have written.
    appendSoon(entry.log)
    // A sink that was told something may have handed over its next call already.
    burst.queue.append(taking: &entry.queue)
    swap(&entry.queue, &burst.queue)
    note(deadline: burst.nextDeadline, of: entry)
    finish(&burst)
  }

  func makeBurst(_ entry: TenantEntry, limit: Int) -> Burst {
    var buffer: [UInt8] = []
    swap(&buffer, &scratch)
    var ids: [DealID] = []
    swap(&ids, &ahead)
    // Not `flatMap`: a closure in an actor asks the runtime where it runs.
    var directory: RealmDirectory?
    if let realm = entry.realm { directory = directories[realm] }
    return Burst(
      queue: WorkQueue(), limit: limit, entry: entry, log: entry.log, time: executor.turnTime,
      settings: settings, hasRoom: storage.journal.hasRoom,
      directory: directory ?? RealmDirectory(),
      scratch: buffer, ahead: ids, random: SeededRandom(seed: random.next()))
  }

  /// Takes back the buffers and carries out what the turn left to do.
  func finish(_ burst: inout Burst) {
    swap(&scratch, &burst.scratch)
    swap(&ahead, &burst.ahead)
    for receipt in burst.receipts { router?.deliver(receipt) }
    for envelope in burst.mail {
      counters.messages += 1
      burst.entry.lastMailSent = executor.turnTime.monotonic
      router?.deliver(envelope)
    }
    if !burst.news.isEmpty { publish(burst.news, of: burst.entry) }
    for work in burst.wantsHistory { fetchHistory(work, burst.entry) }
    if burst.wantsPump { enqueue(.pump, burst.entry) }
  }

  // MARK: Work that waits

  /// Starts work of this shard that waits.
  ///
  /// With the executor as preference every wait ends on it, never on the global pool; what the work
  /// holds is confined to the shard like everything here.
  func spawn<Value>(
    _ value: Value,
    _ body: @escaping @Sendable (isolated Shard, LoopConfined<Value>) async -> Void
  ) {
    let box = LoopConfined(value, on: executor)
    Task(executorPreference: executor) { await body(self, box) }
  }

  func pause(milliseconds: UInt64) async {
    let signal = WakeSignal()
    let box = LoopConfined(signal, on: executor)
    executor.schedule(at: executor.turnTime.monotonic.advanced(byMilliseconds: milliseconds)) {
      box.value.raise()
    }
    await signal.wait()
  }
}

/// Tenants that have work, in the order of their turns.
private struct TurnLine {
  private var waiting: [TenantEntry] = []
  /// Empty; its memory is for the next round.
  private var spare: [TenantEntry] = []
  private var isTurnPosted = false

  /// True when a turn must be asked for.
  mutating func add(_ entry: TenantEntry) -> Bool {
    waiting.append(entry)
    if isTurnPosted { return false }
    isTurnPosted = true
    return true
  }

  mutating func begin() -> [TenantEntry] {
    isTurnPosted = false
    var round: [TenantEntry] = []
    swap(&round, &waiting)
    swap(&waiting, &spare)
    return round
  }

  mutating func giveBack(_ memory: consuming [TenantEntry]) { spare = memory }
}

/// What a shard counts; read by metrics.
package struct ShardCounters: Sendable {
  package var calls: UInt64 = 0
  package var rateLimited: UInt64 = 0
  package var messages: UInt64 = 0
  package var appends: UInt64 = 0
  package var refusedAppends: UInt64 = 0
  package var failedPartitions: UInt64 = 0
  package var snapshots: UInt64 = 0
  package var failedSnapshots: UInt64 = 0
  package var failedLoads: UInt64 = 0
  package var failedOpens: UInt64 = 0
}

/// Synchronous entries for code on the shard's executor.
enum ShardEntrance {
  static let submit: @Sendable (Shard, inout Submission) -> Void =
    enteringActor { (shard: isolated Shard, item: inout Submission) in shard.submit(&item) }
  static let submitAll: @Sendable (Shard, inout CallBatch) -> Void =
    enteringActor { (shard: isolated Shard, calls: inout CallBatch) in shard.submit(&calls) }
  static let hand: @Sendable (Shard, inout Errand) -> Void =
    enteringActor { (shard: isolated Shard, item: inout Errand) in shard.take(&item) }
  static let turn: @Sendable (Shard, inout Void) -> Void =
    enteringActor { (shard: isolated Shard, _: inout Void) in shard.turn() }
  static let beginAppends: @Sendable (Shard, inout Void) -> Void =
    enteringActor { (shard: isolated Shard, _: inout Void) in shard.beginAppends() }
  static let deliver: @Sendable (Shard, inout Envelope) -> Void =
    enteringActor { (shard: isolated Shard, mail: inout Envelope) in shard.deliver(mail) }
  static let mark: @Sendable (Shard, inout MailReceipt) -> Void =
    enteringActor { (shard: isolated Shard, receipt: inout MailReceipt) in shard.mark(receipt) }
  static let learn: @Sendable (Shard, inout DirectoryNews) -> Void =
    enteringActor { (shard: isolated Shard, news: inout DirectoryNews) in shard.learn(news) }
  static let fireTimers: @Sendable (Shard, inout Void) -> Void =
    enteringActor { (shard: isolated Shard, _: inout Void) in shard.fireTimers() }
  static let keepHouse: @Sendable (Shard, inout Void) -> Void =
    enteringActor { (shard: isolated Shard, _: inout Void) in shard.keepHouse() }
}
