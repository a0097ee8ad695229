// SPDX-License-Identifier: Apache-2.0
// The actor behind a client: logical calls, their attempts, their deadlines and retries.
// Which connection carries them is in ClientCore+Connections.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// What a client was told when it was made.
struct ClientSettings: Sendable {
  var endpoints: [SocketAddress]
  var tenant = ""
  var key = ""
  var actingAs: ID?
  var timeoutMilliseconds: Int64 = 10_000
  var clientName = "tdm-swift/0.1.0"
}

actor ClientCore {
  static let waitingMaximum = 10_000

  nonisolated let executor: EventLoop
  nonisolated let settings: ClientSettings
  let policy = RetryPolicy()
  var budget = RetryBudget()
  var random: SeededRandom
  var identifiers: FreshIdentifiers

  /// Attempts that have not ended, by number.
  var slots: [UInt64: CallSlot] = [:]
  /// Attempts that wait for a connection with room, oldest first.
  var waiting: [UInt64] = []
  var lastNumber: UInt64 = 0
  var pauses: [UInt64: CheckedContinuation<Void, Never>] = [:]
  var watches: [UInt64: WatchState] = [:]

  var connections: [Int: Connection] = [:]
  var lastConnection = 0
  /// The connection that takes new calls.
  var current: Int?
  /// The attempt to get one, nil when there is none.
  var connecting: ConnectingRound?
  var nextEndpoint = 0

  var isClosed = false
  var closers: [CheckedContinuation<Void, Never>] = []

  init(_ settings: ClientSettings, on loop: EventLoop) {
    executor = loop
    self.settings = settings
    let seed = SystemEntropy().bytes(16)
    let halves = Identifier<StoreKind>(bytes: seed) ?? .zero
    random = SeededRandom(seed: halves.high)
    identifiers = FreshIdentifiers(seed: halves.low)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  var now: MonotonicInstant { executor.turnTime.monotonic }

  func number() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// Runs a unary call with its retries.
  func perform(
    _ given: CallRequest, timeoutMilliseconds: Int64?
  ) async throws(TandemError) -> Answer {
    var call = LogicalCall(
      request: withKey(given), began: now,
      timeoutMilliseconds: timeoutMilliseconds ?? settings.timeoutMilliseconds)
    while true {
      call.attempts += 1
      switch await attempt(call.request, deadline: call.deadline) {
      case .answered(let answer):
        budget.success()
        return answer
      case .failed(let error, let outcome):
        let wait = try decide(&call, error, outcome)
        if await !pause(milliseconds: wait) {
          throw call.complete(.cancelledByCaller(wasSent: call.mayHaveRun), at: now)
        }
      }
    }
  }

  /// How long to wait before the next attempt; throws when there is none.
  private func decide(
    _ call: inout LogicalCall, _ error: TandemError, _ outcome: AttemptOutcome
  ) throws(TandemError) -> Int64 {
    if !error.notExecuted { call.mayHaveRun = true }
    let decision = policy.decide(
      outcome, isRepeatable: call.request.isRepeatable, attempts: call.attempts,
      leftMilliseconds: call.left(at: now), budget: &budget, random: &random)
    switch decision {
    case .retry(let wait): return wait
    case .giveUp(let reason):
      var final = error
      switch reason {
      case .notRepeatable, .attemptsUsed: break
      case .budgetEmpty: final.message += "; not tried again: too many retries lately"
      case .deadlineIsSooner(let wait, let left):
        final.message += "; not tried again: \(wait) ms to wait, \(left) ms to the deadline"
      }
      throw call.complete(final, at: now)
    }
  }

  func withKey(_ given: CallRequest) -> CallRequest {
    var request = given
    if request.needsKey {
      let fresh: Identifier<StoreKind> = identifiers.next(at: executor.turnTime.wall)
      request.key = fresh.bytes
    }
    return request
  }
}

/// What one logical call remembers between its attempts.
struct LogicalCall {
  let request: CallRequest
  let began: MonotonicInstant
  let timeoutMilliseconds: Int64
  var attempts = 0
  /// An attempt was sent and its outcome is not known.
  var mayHaveRun = false

  var deadline: MonotonicInstant {
    began.advanced(byMilliseconds: UInt64(max(timeoutMilliseconds, 0)))
  }

  func left(at now: MonotonicInstant) -> Int64 {
    guard deadline > now else { return 0 }
    return Int64(clamping: (deadline.nanoseconds - now.nanoseconds) / 1_000_000)
  }

  /// Adds to an error what only the whole call knows.
  func complete(_ error: TandemError, at now: MonotonicInstant) -> TandemError {
    var error = error
    error.method = request.name
    error.attempts = attempts
    error.idempotencyKey = request.key
    if mayHaveRun { error.notExecuted = false }
    error.elapsed = .nanoseconds(Int64(clamping: now.nanoseconds - began.nanoseconds))
    return error
  }
}

// MARK: Attempts

extension ClientCore {
  /// Sends a call once and waits for its end.
  private func attempt(_ request: CallRequest, deadline: MonotonicInstant) async -> AttemptResult {
    if let refusal = refusal() { return .failed(refusal, .final) }
    let slot = CallSlot(request, deadline: deadline)
    let number = number()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        slot.caller = continuation
        slot.timer = executor.schedule(at: deadline) { [weak self] in
          self?.assumeIsolated { $0.deadlinePassed(number) }
        }
        slots[number] = slot
        waiting.append(number)
        // A cancellation from before this moment found no slot.
        if Task.isCancelled { cancel(number) } else { pump() }
      }
    } onCancel: {
      executor.post { self.assumeIsolated { $0.cancel(number) } }
    }
  }

  func refusal() -> TandemError? {
    if isClosed { return .closed() }
    guard waiting.count >= Self.waitingMaximum else { return nil }
    var error = TandemError(
      .resourceExhausted, reason: "LOCAL_QUEUE_FULL",
      message: "\(waiting.count) calls of this client wait already")
    error.notExecuted = true
    return error
  }

  /// Ends an attempt.
  func finish(_ number: UInt64, _ result: AttemptResult) {
    guard let slot = slots.removeValue(forKey: number) else { return }
    if let timer = slot.timer { executor.cancel(timer) }
    if slot.place == nil { waiting.removeAll { $0 == number } }
    slot.end = result
    slot.caller.take()?.resume(returning: result)
    if slot.items.isEmpty { slot.consumer.take()?.resume(returning: .ended(result)) }
    if slots.isEmpty { everythingIsAnswered() }
  }

  /// Ends an attempt from this side; what is on the wire becomes a zombie.
  private func abandon(_ number: UInt64, _ error: TandemError, _ outcome: AttemptOutcome) {
    guard let slot = slots[number] else { return }
    if let place = slot.place { connections[place.connection]?.cancel(place.id) }
    finish(number, .failed(error, outcome))
  }

  func cancel(_ number: UInt64) {
    if let pause = pauses.removeValue(forKey: number) { return pause.resume() }
    guard let slot = slots[number] else { return }
    abandon(number, .cancelledByCaller(wasSent: slot.place != nil), .final)
  }

  private func deadlinePassed(_ number: UInt64) {
    guard let slot = slots[number] else { return }
    let text = slot.place == nil ? "no connection took the call" : "no answer came"
    var error = TandemError(
      .timeout, reason: "DEADLINE", message: "\(text) before the deadline")
    error.notExecuted = slot.place == nil
    abandon(number, error, .deadline)
  }

  /// Waits; false when the task was cancelled.
  func pause(milliseconds: Int64) async -> Bool {
    guard milliseconds > 0 else { return !Task.isCancelled }
    let number = number()
    let due = now.advanced(byMilliseconds: UInt64(milliseconds))
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { return continuation.resume() }
        pauses[number] = continuation
        executor.schedule(at: due) { [weak self] in
          self?.assumeIsolated { $0.pauses.removeValue(forKey: number)?.resume() }
        }
      }
    } onCancel: {
      executor.post { self.assumeIsolated { $0.cancel(number) } }
    }
    return !Task.isCancelled
  }
}

// MARK: The end

extension ClientCore {
  /// Refuses new calls, lets running ones finish for so long, says farewell.
  func close(drainMilliseconds: Int64) async {
    isClosed = true
    for number in watches.keys.sorted() { dropWatch(number) }
    if !slots.isEmpty, drainMilliseconds > 0 {
      executor.schedule(
        at: now.advanced(byMilliseconds: UInt64(drainMilliseconds))
      ) { [weak self] in self?.assumeIsolated { $0.releaseClosers() } }
      await withCheckedContinuation { closer in
        if slots.isEmpty { closer.resume() } else { closers.append(closer) }
      }
    }
    endAll()
  }

  private func everythingIsAnswered() { if isClosed { releaseClosers() } }

  private func releaseClosers() {
    let all = closers
    closers = []
    for closer in all { closer.resume() }
  }

  /// Ends everything at once.
  func endAll() {
    isClosed = true
    for number in slots.keys.sorted() {
      let wasSent = slots[number]?.place != nil
      abandon(number, wasSent ? .closedBeforeAnswer() : .closed(), .final)
    }
    for number in connections.keys.sorted() { connections[number]?.closePolitely() }
    connections.removeAll()
    current = nil
    connecting = nil
    releaseClosers()
  }
}
