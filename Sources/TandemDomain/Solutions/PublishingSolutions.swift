// SPDX-License-Identifier: Apache-2.0
// An organisation publishes what it sells; its directory spreads that (domain.md 17, R-901).

import TandemPrimitives

package enum PublishingSolutions {
  package static func decide(
    _ command: PublishSolution, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.publishSolutions, context.principal)
    guard let organisation = state.organisation, let realm = state.realm,
      organisation.kind != .directory
    else { throw .organisationMissing }
    let old = state.solutions[command.solution]
    if !command.solution.isZero, old == nil {
      throw Rejection(
        .notFound, "SOLUTION_NOT_FOUND",
        "\(command.solution) is no solution of your organisation; leave the id out for a new one")
    }
    try check(command, old, organisation, state)
    if old == nil { try requireRoom(state, context.directory) }
    guard let type = command.type else { preconditionFailure("checked above") }
    try state.requireOutboxRoom(realm.directory)
    var solution = Solution(
      id: command.solution, owner: organisation.id, name: command.name, type: type,
      isCoSellReady: command.isCoSellReady,
      incentives: command.incentives.sorted { $0.rawValue < $1.rawValue },
      isActive: command.isActive)
    guard solution != old, !command.validateOnly else {
      return Decision(events: [], answer: .solution(command.solution))
    }
    if old == nil { solution.id = context.fresh.next(at: context.now) }
    var events: [Event] = [.solutionPublished(solution)]
    events.send(.solutionPublished(solution), to: realm.directory, state)
    return Decision(events: events, answer: .solution(solution.id))
  }

  private static func check(
    _ command: PublishSolution, _ old: Solution?, _ organisation: Organisation,
    _ state: TenantState
  ) throws(Rejection) {
    var violations = Violations()
    violations.require(command.name, "name", "FIELD_REQUIRED", max: Limits.nameBytes)
    let twin = state.solutions.values.first {
      $0.id != command.solution && $0.name.equalsIgnoringCase(command.name)
    }
    if let twin {
      violations.add(
        "name", "SOLUTION_EXISTS", "\(twin.id) of yours is called so; names are unique")
    }
    if command.type == nil {
      violations.add("type", "FIELD_REQUIRED", "is missing; say what sort of solution it is")
    } else if let old, old.type != command.type {
      violations.add("type", "SOLUTION_TYPE", "is \(old.type) for ever; publish another solution")
    }
    if command.type == .assessment {
      checkAssessment(command, organisation, &violations)
    } else if !command.isCoSellReady, !command.incentives.isEmpty {
      violations.add("incentives", "R-901", "are for co-sell-ready solutions; leave them out")
    }
    for (index, incentive) in command.incentives.enumerated()
    where command.incentives.prefix(index).contains(incentive) {
      violations.add("incentives[\(index)]", "INCENTIVE_TWICE", "\(incentive) comes twice")
    }
    try violations.throwIfAny()
  }

  /// What a solution of which nothing is said is told.
  static func problemsOfNothing(in state: TenantState) -> [Violation] {
    guard let organisation = state.organisation else { return [] }
    let nothing = PublishSolution(
      solution: .zero, name: .empty, type: nil, isCoSellReady: false, incentives: [],
      isActive: false, validateOnly: true)
    return Violations.found { () throws(Rejection) in
      try check(nothing, nil, organisation, state)
    }
  }

  /// G17: types of assessments are the vendor's, and nothing is registered for them.
  private static func checkAssessment(
    _ command: PublishSolution, _ organisation: Organisation, _ violations: inout Violations
  ) {
    if organisation.kind != .vendor {
      violations.add(
        "type", "VENDOR_ONLY", "types of assessments are published by the vendor; give another")
    }
    if !command.incentives.isEmpty {
      violations.add(
        "incentives", "G17",
        "are for what can be registered, and assessments are not; leave them out")
    }
  }

  /// What other shards have published meanwhile is not seen here: the realm may get a few more.
  private static func requireRoom(
    _ state: TenantState, _ directory: RealmDirectory
  ) throws(Rejection) {
    guard state.solutions.count < Limits.solutionsPerOrganisation else {
      throw .full("solutions", state.solutions.count, Limits.solutionsPerOrganisation)
    }
    let all = directory.catalogue?.count ?? 0
    guard all < Limits.solutionsPerRealm else {
      throw .full("solutions of the realm", all, Limits.solutionsPerRealm)
    }
  }

  /// The directory hears of it and tells everybody.
  static func receive(
    _ solution: Solution, from sender: TenantID, _ state: TenantState, _ events: inout [Event]
  ) {
    guard state.organisation?.kind == .directory, state.entries[sender] != nil,
      solution.owner == sender
    else { return }
    events.append(.solutionListed(solution))
  }
}
