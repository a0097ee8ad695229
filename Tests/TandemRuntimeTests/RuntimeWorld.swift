// SPDX-License-Identifier: Apache-2.0
// A node on a stepped world with the in-memory journal, and a caller that waits for its answers.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

/// What a call was told.
struct Told {
  let ticket: Ticket
  let head: AnswerHead
  let body: [UInt8]

  /// The reason of an error.
  var reason: String { (try? ErrorStatus(decoding: body[...]))?.reason ?? "" }

  func mentions(_ text: String) -> Bool { body.mentions(text) }
}

extension [UInt8] {
  func mentions(_ text: String) -> Bool { contains(Array(text.utf8)) }
}

/// Collects answers and items in the order in which they came.
final class Collector: AnswerSink {
  var answers: [Told] = []
  var items: [[UInt8]] = []

  func answer(_ ticket: Ticket, _ head: AnswerHead, body: Span<UInt8>) {
    answers.append(Told(ticket: ticket, head: head, body: copy(body)))
  }

  func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>) { items.append(copy(body)) }

  private func copy(_ span: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in span.indices { bytes.append(span[index]) }
    return bytes
  }
}

/// A process of a stepped world; another one may be started on the same journal.
final class RuntimeWorld {
  let world: SteppedWorld
  let journal: ScriptedJournal
  private(set) var node: Node
  private var executors: [SteppedExecutor]
  private let journalExecutor: SteppedExecutor
  private var calls: UInt32 = 0
  let collector = Collector()
  private let settings: RuntimeSettings
  /// Changed to what a restored store would have.
  var timeline = TimelineID(high: 1, low: 1)

  init(
    seed: UInt64, shards: Int, script: [ScriptedJournal.Step] = [], awaitsStart: Bool = true,
    _ change: (inout RuntimeSettings) -> Void = { _ in }
  ) {
    var settings = RuntimeSettings()
    // Rarely, so that fourteen virtual days take few steps.
    settings.housekeepingMilliseconds = 60_000
    change(&settings)
    self.settings = settings
    world = SteppedWorld(seed: seed, wall: Timestamp(milliseconds: 1_800_000_000_000))
    journalExecutor = world.makeExecutor()
    journal = ScriptedJournal(
      InMemoryJournal(executor: journalExecutor, subjects: RuntimeStorage.subjects), script)
    executors = (0..<shards + 1).map { [world] _ in world.makeExecutor() }
    node = Self.makeNode(executors, journal, settings, timeline)
    if awaitsStart { start() }
  }

  /// Ends the process without a word and starts another one, on a store that was changed meanwhile.
  func restart(_ change: (ScriptedJournal) -> Void = { _ in }) {
    let count = executors.count
    world.kill(executors)
    change(journal)
    executors = (0..<count).map { _ in world.makeExecutor() }
    node = Self.makeNode(executors, journal, settings, timeline)
    start()
  }

  private static func makeNode(
    _ executors: [SteppedExecutor], _ journal: ScriptedJournal, _ settings: RuntimeSettings,
    _ timeline: TimelineID
  ) -> Node {
    Node(
      executors: Array(executors.dropLast()),
      storage: RuntimeStorage(
        journal: journal, snapshots: journal, history: journal,
        background: executors[executors.count - 1],
        timeline: timeline),
      settings: settings, seed: 7)
  }

  private func start() {
    let isDone = carryOut { try await $0.start() }
    precondition(isDone, "the node did not start")
  }

  /// Stops the node; false when it does not come to an end.
  func stop() -> Bool { carryOut { await $0.stop() } }

  /// Has the node do something and steps the world until it is done.
  func carryOut(_ work: @escaping @Sendable (Node) async throws -> Void) -> Bool {
    let done = begin(work)
    return world.run(stepsMax: 200_000) { done.isRaised }
  }

  /// Has the node do something; the flag tells when it is done.
  func begin(_ work: @escaping @Sendable (Node) async throws -> Void) -> Flag {
    let done = Flag()
    let node = node
    Task(executorPreference: executors[executors.count - 1]) {
      try await work(node)
      done.isRaised = true
    }
    return done
  }

  /// Sends a request and steps the world until it is answered.
  func ask(
    _ request: TenantRequest, of tenant: TenantID, as principal: Principal, key: RequestKey? = nil
  ) -> Told {
    let ticket = send(request, of: tenant, as: principal, key: key)
    let isTold = world.run(stepsMax: 200_000) {
      collector.answers.contains { $0.ticket == ticket }
    }
    guard isTold, let told = collector.answers.last(where: { $0.ticket == ticket }) else {
      fatalError(
        "call \(ticket.call) was not answered: \(world.steps) steps, \(world.nanoseconds) ns, \(collector.answers)"
      )
    }
    return told
  }

  /// Sends a request without waiting.
  func send(
    _ request: TenantRequest, of tenant: TenantID, as principal: Principal, key: RequestKey? = nil,
    sink: (any AnswerSink)? = nil, deadline: UInt64 = .max
  ) -> Ticket {
    calls += 1
    let ticket = Ticket(call: calls, method: 0)
    let port = node.port(of: tenant)
    let call = Call(
      sink: sink ?? collector, ticket: ticket, request: request, principal: principal, key: key,
      deadline: MonotonicInstant(nanoseconds: deadline), minSeq: 0)
    executors[node.placement.shardIndex(of: tenant)].runHere { port.submit(call, to: tenant) }
    return ticket
  }

  /// Acts on the shard of a tenant as a connection does.
  func at(_ tenant: TenantID, _ body: (ShardPort) -> Void) {
    let port = node.port(of: tenant)
    executors[node.placement.shardIndex(of: tenant)].runHere { body(port) }
  }

  /// What a call was told; nil while it waits.
  func told(_ ticket: Ticket) -> Told? { collector.answers.first { $0.ticket == ticket } }

  /// Lets virtual time pass.
  func pass(milliseconds: UInt64, microseconds: UInt64 = 0) {
    let end = world.nanoseconds + milliseconds * 1_000_000 + microseconds * 1_000
    // Something happens then, so that time does not pass to a later timer.
    journalExecutor.schedule(at: MonotonicInstant(nanoseconds: end)) {}
    _ = world.run(stepsMax: 10_000_000) { world.nanoseconds >= end }
  }
}

/// Raised on the world's one thread.
final class Flag: @unchecked Sendable {
  var isRaised = false
}
