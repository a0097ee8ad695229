// SPDX-License-Identifier: Apache-2.0
// One seed: a cluster of organisations on one simulated machine, its crashes, and what must stay true.
// Everything that happens follows from the seed; no clock, thread or hash of this process takes part.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

/// What one seed came to.
package struct SimulationReport: Sendable {
  package let seed: UInt64
  package let traceHash: UInt64
  package let broken: BrokenPromise?
  package let story: [String]
  package let steps: UInt64
  package let crashes: Int
  package let commits: Int
  package let answers: Int
  /// How often each kind of request was drawn.
  package let asked: [RequestWord: Int]
}

package final class Simulation {
  static let startSteps = 400_000

  let world: SteppedWorld
  let files = SimulatedFileSystem()
  let verdict: Verdict
  var random: SeededRandom
  var process: SimulatedProcess?
  var lives: UInt64 = 0
  var crashes = 0
  var answers = 0
  var commits = 0
  /// Recovered state was compared with what clients know.
  var isInspected = false
  var stepsOfStart = 0

  var organisations: [SimulatedOrganisation] = []
  var clients: [SimulatedClient] = []
  /// Sandbox directory; then every tenant in the order in which it was made.
  var sandbox = TenantID.zero
  var tenants: [TenantID] = []
  /// A solution of the vendor that vetted partners sell alone.
  var assessment = SolutionID.zero
  var operations: [Operation] = []
  var open: [Operation] = []
  var calls: UInt32 = 0
  var clockAdvances = 0
  var durable = AcknowledgedIsDurable()
  private var digest = FNV1a.start
  private let seed: UInt64
  private var asked: [RequestWord: Int] = [:]

  private init(seed: UInt64, isTracing: Bool) {
    self.seed = seed
    random = SeededRandom(seed: seed ^ 0x5EED_0F5E_ED5E_ED00)
    world = SteppedWorld(seed: seed, wall: Timestamp(milliseconds: 1_800_000_000_000))
    verdict = Verdict(isTracing: isTracing)
  }

  /// Runs a seed to its end or to the first broken promise.
  package static func run(seed: UInt64, isTracing: Bool = false) -> SimulationReport {
    let simulation = Simulation(seed: seed, isTracing: isTracing)
    simulation.runAll()
    simulation.process?.kill()
    return SimulationReport(
      seed: seed, traceHash: simulation.world.traceHash ^ simulation.digest,
      broken: simulation.verdict.broken, story: simulation.verdict.story,
      steps: simulation.world.steps, crashes: simulation.crashes, commits: simulation.commits,
      answers: simulation.answers, asked: simulation.asked)
  }

  private func runAll() {
    boot(mayFail: false)
    guard settle(until: { self.process?.isServing == true }) else { return lost("start") }
    guard setUp() else { return lost("set up the organisations") }
    live()
    guard verdict.broken == nil else { return }
    end()
  }

  private func lost(_ what: String) {
    verdict.fail(Self.liveness, "the simulation could not \(what)")
  }

  static let liveness = "everything is answered"

  // MARK: Chance

  func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }

  func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[Int(random.next() % UInt64(elements.count))]
  }

  func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.next() % UInt64(range.count))
  }

  // MARK: Talking

  /// Sends an operation from a client and expects its answer there.
  func send(_ operation: Operation, from client: SimulatedClient) {
    guard let process, process.isServing else { return }
    calls += 1
    let ticket = Ticket(call: calls, method: 0)
    client.expect(calls, operation)
    operation.sendings += 1
    // Asked again only when the answer says so, or the server died.
    operation.readyAt = .max
    verdict.note("\(now) client \(client.index) sends \(operation.label) \(operation.number)")
    let call = Call(
      sink: client, ticket: ticket, request: operation.request, principal: operation.principal,
      key: operation.key, deadline: MonotonicInstant(nanoseconds: .max), minSeq: operation.minSeq)
    process.atShard(of: operation.tenant) { $0.submit(call, to: operation.tenant) }
  }

  var now: String { "\(world.nanoseconds / 1_000_000) ms:" }

  func makeClient(_ organisation: SimulatedOrganisation) -> SimulatedClient {
    SimulatedClient(
      index: clients.count, organisation, hear: { [unowned self] in hear($0) },
      fail: { [unowned self] in verdict.fail($0, $1) })
  }

  private func hear(_ heard: Heard) {
    let operation = heard.operation
    answers += 1
    mix(heard)
    verdict.note(
      "\(now) client \(heard.client.index) hears \(heard.head.status) at commit"
        + " \(heard.head.commitSeq) for \(operation.label) \(operation.number)"
        + (heard.head.isReplay ? " (again)" : ""))
    if let problem = TenantsAreIsolated.check(heard.body, givenTo: heard.client.organisation) {
      verdict.fail(TenantsAreIsolated.name, problem)
    }
    operation.answers.append(
      Operation.Told(
        status: heard.head.status, commitSeq: heard.head.commitSeq,
        isReplay: heard.head.isReplay, body: heard.body, deals: heard.deals))
    if let problem = durable.hear(heard) { verdict.fail(AcknowledgedIsDurable.name, problem) }
    switch heard.head.status {
    case .ok:
      operation.isDone = true
      callAhead(operation, heard.body)
      operation.told.append((heard.head.commitSeq, heard.head.isReplay, heard.body))
    case .unavailable, .unknown, .deadlineExceeded:
      operation.readyAt = world.nanoseconds + 50_000_000
    default:
      operation.isDone = true
      // No seed lasts as long as keys are remembered.
      if String(decoding: heard.body, as: UTF8.self).contains("IDEMPOTENCY_KEY_TOO_OLD") {
        verdict.fail(AppliedOnce.name, "the key of \(operation.label) was refused as too old")
      }
    }
  }

  func note(_ word: RequestWord) { asked[word, default: 0] += 1 }

  /// Who sends a lead calls the partner, so that somebody looks for it.
  private func callAhead(_ operation: Operation, _ body: [UInt8]) {
    guard case .sendLead(let lead) = operation.command else { return }
    let sent = SimulatedClient.fields(1, in: body[...]).compactMap { LeadID(bytes: $0) }
    organisations.first { $0.tenant == lead.partner }?.hear(of: sent)
  }

  private func mix(_ heard: Heard) {
    mix(UInt64(heard.head.status.rawValue) << 32 | heard.head.commitSeq)
    for byte in heard.body { mix(UInt64(byte)) }
  }

  func mix(_ value: UInt64) { digest = FNV1a.next(digest, value) }

  // MARK: Time

  /// Lets the world run; false when the process had to be ended.
  @discardableResult
  func advance(steps: Int) -> Bool {
    for _ in 0..<steps { _ = world.step() }
    return isHealthy
  }

  /// The process lives and its machine has power.
  var isHealthy: Bool {
    guard let process else { return false }
    return process.fatal.value == nil && !files.hasLostPower
  }

  /// Runs a faultless process until something holds.
  func settle(until isDone: () -> Bool) -> Bool {
    world.run(stepsMax: Self.startSteps, until: isDone)
  }

  /// Runs something inside the process and waits for it; nil when the process failed meanwhile.
  func inside<Value: Sendable>(
    _ work: @escaping @Sendable (Node, LocalHistory) async -> Value
  ) -> Value? {
    guard let process else { return nil }
    let outcome = Outcome<Value>()
    let node = process.node
    let history = process.history
    Task(executorPreference: process.background) { outcome.fill(await work(node, history)) }
    for _ in 0..<Self.startSteps {
      if let value = outcome.value { return value }
      _ = world.step()
      guard isHealthy else { return nil }
    }
    verdict.fail(Self.liveness, "a question to the node had no answer")
    return nil
  }

  /// Everything that is stored; nil when the process failed meanwhile.
  func gather() -> Evidence? {
    let tenants = tenants
    let result = inside { node, history in
      await Result { () async throws(JournalError) in
        try await Evidence.gather(tenants, node, history)
      }
    }
    switch result {
    case .success(let evidence): return evidence
    case .failure(let error):
      if isHealthy {
        verdict.fail(AcknowledgedIsDurable.name, "the store cannot be read: \(error)")
      }
      return nil
    case nil: return nil
    }
  }
}

extension Result where Failure == JournalError {
  fileprivate init(_ body: () async throws(JournalError) -> Success) async {
    do throws(JournalError) { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
