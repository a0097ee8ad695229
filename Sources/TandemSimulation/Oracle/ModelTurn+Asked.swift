// SPDX-License-Identifier: Apache-2.0
// From a request to what the model makes of it.

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  /// Carries out a request of a principal, or says why not.
  mutating func ask(_ command: Command, _ principal: Principal) {
    identify(principal)
    refuse("KEY_READ_ONLY", if: isReadOnly)
    if command.isPersonal { requireOwnName(principal) }
    carryOut(command)
  }

  private mutating func carryOut(_ command: Command) {
    switch command {
    case .createDeal(let asked): create(asked)
    case .patchDeal(let asked): patch(asked)
    case .winDeal(let asked): win(asked)
    case .loseDeal(let asked): lose(asked)
    case .closeDealAsError(let asked): closeAsError(asked)
    case .setFavourite(let asked): mark(asked)
    case .transact(let asked): transact(asked)
    case .inviteToDeal(let asked): invite(asked)
    case .extendInvitation(let asked): extend(asked)
    case .acknowledgeDeal(let asked): acknowledge(asked)
    case .acceptDeal(let asked): accept(asked)
    case .declineDeal(let asked): decline(asked)
    case .addUser(let asked): add(asked)
    case .setUserGrants(let asked): set(asked)
    case .addLocation(let asked): add(asked)
    case .issueKey(let asked): issue(asked)
    case .revokeKey(let asked): revoke(asked)
    case .setStageNames(let asked): name(asked)
    case .setRoutingRules(let asked): route(asked)
    case .publishSolution(let asked): publish(asked)
    case .markNotificationsRead(let asked): read(asked)
    case .muteTopics(let asked): mute(asked)
    case .setNotificationSettings(let asked): set(asked)
    case .rehearse(let asked, let wrong):
      for violation in wrong { complain(violation.rule) }
      carryOut(asked)
    case .updateOrganisation(let asked): review(asked)
    case .updateRealm(let asked): updateRealm(asked)
    case .registerOrganisation, .createRealm, .advanceClock, .importCustomers, .fireDeadlines,
      .receiveMessage, .markOutbox, .establish:
      break
    case .sendLead(let asked): send(asked)
    case .acceptLead(let asked): accept(asked)
    case .declineLead(let asked): decline(asked)
    case .winLead(let asked): win(asked)
    case .loseLead(let asked): lose(asked)
    case .archiveLead(let asked): archive(asked)
    case .setLeadFavourite(let asked): mark(asked)
    case .convertLead(let asked): convert(asked)
    }
  }

  /// One after the other, all or none; a later one may be about a deal that an earlier one creates.
  private mutating func transact(_ asked: Transact) {
    var created: [Int: DealID] = [:]
    for (place, operation) in asked.operations.enumerated() {
      var command = operation.command
      if let creator = operation.createdBy, let deal = created[creator] {
        command = command.about(deal)
      }
      carryOut(command)
      if case .createDeal = command { created[place] = last }
    }
  }
}

extension Command {
  /// Administration of people and places.
  fileprivate var isPersonal: Bool {
    if case .addUser = self { return true }
    if case .setUserGrants = self { return true }
    if case .addLocation = self { return true }
    if case .issueKey = self { return true }
    if case .revokeKey = self { return true }
    if case .rehearse(let command, wrong: _) = self { return command.isPersonal }
    return false
  }

  /// The same about another deal, for what the workload puts into transactions.
  fileprivate func about(_ deal: DealID) -> Command {
    if case .setFavourite(var asked) = self {
      asked.deal = deal
      return .setFavourite(asked)
    }
    if case .inviteToDeal(var asked) = self {
      asked.deal = deal
      return .inviteToDeal(asked)
    }
    if case .patchDeal(var asked) = self {
      asked.deal = deal
      return .patchDeal(asked)
    }
    return self
  }
}
