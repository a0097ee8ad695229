// SPDX-License-Identifier: Apache-2.0
// What the operator says of organisations: each hears of it in order, and when nothing is under way everybody
// finds and is offered what follows from it.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

extension ModelOrganisation {
  mutating func take(_ update: OrganisationUpdate) {
    if let said = update.inEcosystem { inEcosystem = said }
    if let said = update.transacts { transacts = said }
    if let said = update.isAssessmentVetted { isVetted = said }
  }

  func differs(from organisation: Organisation) -> String? {
    if organisation.inEcosystem != inEcosystem { return "in the ecosystem and not" }
    if organisation.transacts != transacts { return "transacts and does not" }
    return organisation.isAssessmentVetted == isVetted ? nil : "vetted and not vetted"
  }

  ///
  var isInvitable: Bool { kind == .vendor || (inEcosystem && transacts) }

  /// whether others may choose it.
  func offers(_ solution: Solution) -> Bool {
    solution.isActive && (kind == .vendor || (inEcosystem && solution.isCoSellReady))
  }
}

extension ModelTurn {
  /// Asked of a directory.
  mutating func review(_ asked: UpdateOrganisation) {
    let found = world.organisations[asked.organisation].flatMap { $0.realm == own.realm ? $0 : nil }
    let isNamed = !asked.organisation.isZero
    refuse("ORGANISATION_NOT_FOUND", if: isNamed && found == nil)
    complain("FIELD_REQUIRED", if: !isNamed || asked.update == OrganisationUpdate())
    complain("R-110", if: asked.update.isAssessmentVetted == true && found?.kind == .vendor)
    let isMoved = asked.update.inEcosystem != nil || asked.update.transacts != nil
    complain("FIELD_NOT_APPLICABLE", if: isMoved && found?.kind == .vendor)
  }
}

extension ModelReplay {
  /// What was asked for in a commit of a directory, and which message tells it.
  mutating func introduce(_ commit: Commit, of operation: Operation, in directory: TenantID) {
    if case .updateRealm(let asked) = operation.command { introduce(asked, commit) }
    guard case .updateOrganisation(let asked) = operation.command else { return }
    said[asked.organisation, default: []].append(asked.update)
    if asked.update.inEcosystem != nil || asked.update.transacts != nil {
      model.reviewed.insert(asked.organisation)
    }
    for case .messageSent(let entry) in commit.events where entry.receiver == asked.organisation {
      let way = Way(sender: directory, receiver: entry.receiver)
      reviews[way, default: [:]][Int(entry.sequence)] = asked.update
    }
  }

  /// Every answer to the operator: what is wrong with a review does not change with time.
  func checkReviews() -> String? {
    for operation in operations {
      guard let command = operation.command,
        [.updateOrganisation, .updateRealm].contains(RequestWord(command.tried)),
        let realm = model.realms[operation.tenant]
      else { continue }
      let directory = ModelOrganisation(
        id: operation.tenant, kind: .directory, name: "directory", realm: realm, policy: .standard)
      for answer in operation.answers where !answer.isReplay {
        let given = GivenAnswer(operation: operation, answer: answer)
        let problem = given.judge(model, directory, between: .zero, and: .zero)
        if let problem { return "\(operation.label) \(operation.number): \(problem)" }
      }
    }
    return nil
  }

  /// What was said last holds, and the last look of everybody shows it.
  func checkStanding(_ own: ModelOrganisation) -> String? {
    var expected = own
    for update in said[own.id] ?? [] { expected.take(update) }
    if expected.inEcosystem != own.inEcosystem || expected.transacts != own.transacts
      || expected.isVetted != own.isVetted
    {
      return "it was never told what the operator said last"
    }
    if Int(own.policyVersion) + 1 != policies[own.realm]?.count {
      return "it never heard of the realm's policy as it is"
    }
    for operation in operations where operation.isLastLook && operation.tenant == own.id {
      guard let answer = operation.answers.last, answer.status == .ok else {
        return "the last look was not answered"
      }
      if let problem = check(operation, answer, of: own) { return problem }
    }
    return nil
  }

  private func check(
    _ operation: Operation, _ answer: Operation.Told, of own: ModelOrganisation
  ) -> String? {
    let neighbours = model.organisations.values.filter { $0.realm == own.realm }
    let rows = SimulatedClient.fields(1, in: answer.body[...])
    switch operation.request {
    case .query(.listOrganisations):
      let told = rows.compactMap {
        SimulatedClient.fields(1, in: $0).first.flatMap { TenantID(bytes: $0) }
      }
      // The operator also finds who may not be invited.
      let expected = neighbours.filter {
        $0.isInvitable || own.kind == .directory && $0.kind == .partner
      }.map(\.id)
      return told.sorted() == expected.sorted()
        ? nil : "\(told.count) organisations are found of \(expected.count)"
    case .query(.listSolutions):
      let told = rows.compactMap { row in
        SimulatedClient.fields(1, in: row).first.flatMap {
          SimulatedClient.fields(1, in: $0).first.flatMap { SolutionID(bytes: $0) }
        }
      }
      let offered = neighbours.filter { $0.id != own.id }.flatMap { owner in
        owner.solutions.values.filter { solution in
          owner.offers(solution) && (own.isVetted || solution.type != .assessment)
        }
      }
      let expected = offered.map(\.id) + own.solutions.keys
      return told.sorted() == expected.sorted()
        ? nil : "\(told.count) solutions are offered of \(expected.count)"
    case .query, .command, .watch: return nil
    }
  }
}

extension Command {
  /// What a dry run would do.
  fileprivate var tried: Command {
    if case .rehearse(let command, wrong: _) = self { command } else { self }
  }
}

extension Operation {
  static let lastLook = "last look"

  var isLastLook: Bool { label == Self.lastLook }
}
