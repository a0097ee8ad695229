// SPDX-License-Identifier: Apache-2.0
// Several operations as one: all happen, in one commit, or none does. Each is decided as if those before it
// had happened: on a copy of the state and of the deals that they name.

import TandemPrimitives

package struct Transact: Sendable, Equatable {
  package struct Operation: Sendable, Equatable {
    package var command: Command
    /// The place of the operation that creates the deal meant, in place of the command's own deal.
    package var createdBy: Int?
    package init(_ command: Command, createdBy: Int? = nil) {
      self.command = command
      self.createdBy = createdBy
    }
  }
  package var operations: [Operation]
  package var validateOnly: Bool
  package init(operations: [Operation], validateOnly: Bool) {
    self.operations = operations
    self.validateOnly = validateOnly
  }
}

enum Transacting {
  static func decide(
    _ command: Transact, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try check(command)
    var trial = Trial(command, state, deals, context.directory.customers)
    for index in command.operations.indices { trial.attempt(index, &context) }
    try trial.throwIfRefused()
    let whole = Decision(events: trial.events, answer: .transaction(trial.answers))
    guard command.validateOnly else { return whole }
    return Decision(events: [], answer: .transaction(trial.told), tried: [whole])
  }

  /// What a transaction of nothing is told.
  static var problemsOfNothing: [Violation] {
    Violations.found { () throws(Rejection) in
      try check(Transact(operations: [], validateOnly: true))
    }
  }

  private static func check(_ command: Transact) throws(Rejection) {
    var violations = Violations()
    if command.operations.isEmpty {
      violations.add("operations", "FIELD_REQUIRED", "is empty; give at least one operation")
    }
    violations.limit(
      count: command.operations.count, "operations", max: Limits.transactionOperations)
    try violations.throwIfAny()
    for (index, operation) in command.operations.enumerated() {
      guard let place = operation.createdBy else { continue }
      if place >= index || !command.operations[place].createsDeal {
        violations.add(
          "operations[\(index)].created_by_operation", "OPERATION_UNKNOWN",
          "\(place) is no operation before this one that creates a deal")
      }
    }
    try violations.throwIfAny()
  }
}

/// The state as the operations so far would leave it.
private struct Trial {
  private let command: Transact
  private var state: TenantState
  private var deals = DealTable()
  private(set) var events: [Event] = []
  private(set) var answers: [Answer] = []
  /// The same as a dry run tells them, of which this is one.
  private(set) var told: [Answer] = []
  /// By the place of the operation that creates it; absent when that was refused.
  private var created: [Int: DealID] = [:]
  private var refusals: [(place: Int, rejection: Rejection)] = []
  /// By deal, the version that it has outside the transaction; none for what the transaction creates.
  private var versions: [DealID: UInt64] = [:]
  /// Deals of refused operations: what is asked of them afterwards cannot be judged.
  private var unclear: Set<DealID> = []

  init(
    _ command: Transact, _ state: TenantState, _ stored: borrowing some DealStore & ~Copyable,
    _ customers: CustomerCatalogue
  ) {
    self.command = command
    self.state = state
    for operation in command.operations {
      var customer: Customer?
      if case .createDeal(let create) = operation.command {
        customer = customers.filled(create.customer)
      }
      if let id = operation.command.deal, let deal = stored.deal(id) {
        take(deal)
        customer = deal.customer
      }
      if let customer { takeLookalikes(of: customer, stored) }
    }
  }

  private mutating func take(_ deal: Deal) {
    guard !deals.contains(deal.id) else { return }
    deals.add(deal)
    versions[deal.id] = deal.version
  }

  /// What the rules hold new deals against.
  private mutating func takeLookalikes(
    of customer: Customer, _ stored: borrowing some DealStore & ~Copyable
  ) {
    for id in stored.openDeals(of: customer, max: Limits.duplicateCandidates) {
      if let deal = stored.deal(id) { take(deal) }
    }
  }

  /// Decides one operation and carries it out here; notes why it is refused.
  mutating func attempt(_ place: Int, _ context: inout CommandContext) {
    let operation = command.operations[place]
    var asked = operation.command
    if let creator = operation.createdBy {
      guard let id = created[creator] else { return }
      asked.aim(at: id)
    }
    if let id = asked.deal, unclear.contains(id) { return }
    do throws(Rejection) {
      let warned = try warnings(of: asked, &context)
      let decision = try Decider.decide(asked, state, deals, &context)
      for event in decision.events {
        Evolving.apply(event, at: context.now, &state, &deals)
      }
      events += decision.events
      if case .deal(let id, _, _) = decision.answer { note(id, of: operation, at: place) }
      answers.append(decision.answer)
      if command.validateOnly { told.append(asTried(decision.answer, warned)) }
    } catch {
      refusals.append((place, asLeft(error, asked)))
      if let id = asked.deal { unclear.insert(id) }
    }
  }

  /// What an operation alone would warn of, for a dry run of all; nil where nothing is warned of.
  private func warnings(
    of asked: Command, _ context: inout CommandContext
  ) throws(Rejection) -> [Warning]? {
    guard command.validateOnly, let dry = asked.dryRun else { return nil }
    guard case .deal(_, _, let warnings) = try Decider.decide(dry, state, deals, &context).answer
    else { return nil }
    return warnings
  }

  /// A refusal without what is gone with the transaction.
  private func asLeft(_ rejection: Rejection, _ asked: Command) -> Rejection {
    let told = rejection.naming(created)
    guard rejection.reason == "CONFLICT", let id = asked.deal, let deal = deals.deal(id)
    else { return told }
    return deal.retold(told, since: asked.baseVersion, stored: versions[id] ?? 0)
  }

  private mutating func note(_ id: DealID, of operation: Transact.Operation, at place: Int) {
    if operation.createsDeal { created[place] = id }
  }

  /// A deal that is only tried has no id to tell.
  private func asTried(_ answer: Answer, _ warned: [Warning]?) -> Answer {
    let tried = created.values
    switch answer {
    case .deal(let id, let version, let warnings):
      let told = (warned ?? warnings).map { Warning($0.code, $0.text.naming(created)) }
      return .deal(id: tried.contains(id) ? .zero : id, version: version, warnings: told)
    case .favourite(let id, let isFavourite):
      return .favourite(id: tried.contains(id) ? .zero : id, isFavourite: isFavourite)
    case .leadSent, .lead, .user, .location, .key, .organisation, .realm, .clock, .imported,
      .solution, .transaction, .done:
      return answer
    }
  }

  /// One refusal that tells what is wrong with every operation.
  func throwIfRefused() throws(Rejection) {
    guard let first = refusals.first else { return }
    var violations: [Violation] = []
    for (place, rejection) in refusals {
      let path = "operations[\(place)]"
      if rejection.violations.isEmpty {
        violations.append(
          Violation(path, rejection.reason, rejection.message, rules: rejection.rules))
      }
      for found in rejection.violations {
        violations.append(
          Violation("\(path).\(found.field)", found.rule, found.text, rules: found.rules))
      }
    }
    var rules: [String] = []
    for rule in refusals.flatMap(\.rejection.rules) where !rules.contains(rule) {
      rules.append(rule)
    }
    let one = "operations[\(first.place)]: \(first.rejection.message)"
    let message =
      refusals.count == 1
      ? one : "\(refusals.count) operations are refused; the first is \(one)"
    throw Rejection(
      first.rejection.code, first.rejection.reason, message + "; nothing was changed",
      rules: rules,
      violations: violations, retryable: refusals.allSatisfy(\.rejection.retryable),
      retryAfterMilliseconds: refusals.map(\.rejection.retryAfterMilliseconds).max() ?? 0)
  }
}

extension Transact.Operation {
  fileprivate var createsDeal: Bool { if case .createDeal = command { true } else { false } }
}
