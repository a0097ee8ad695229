// SPDX-License-Identifier: Apache-2.0
// The two functions of the core. Dispatch only: each rule lives in the slice of its operation.

import TandemPrimitives

/// What a command led to.
package struct Decision: Sendable, Equatable {
  /// Empty when nothing changes, for example for `validate_only`.
  package var events: [Event]
  package var answer: Answer
  /// What a dry run would lead to if it were none, of which the size of its commit is asked: one
  /// decision or none.
  package var tried: [Decision]
  package init(events: [Event], answer: Answer, tried: [Decision] = []) {
    self.events = events
    self.answer = answer
    self.tried = tried
  }

  /// Says more with the answer.
  mutating func warn(_ more: [Warning]) {
    guard !more.isEmpty, case .deal(let id, let version, let warnings) = answer else { return }
    answer = .deal(id: id, version: version, warnings: warnings + more)
  }
}

package enum Decider {
  /// What a command leads to, or why it is refused.
  ///
  /// Changes nothing but the fresh identifiers.
  package static func decide(
    _ command: Command, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    invariant(
      !command.isInternal || context.principal == .system, "clients cannot ask for inner commands")
    return switch command {
    case .createDeal(let command): try CreatingDeals.decide(command, state, deals, &context)
    case .patchDeal(let command): try PatchingDeals.decide(command, state, deals, &context)
    case .winDeal(let command): try ClosingDeals.win(command, state, deals, &context)
    case .loseDeal(let command): try ClosingDeals.lose(command, state, deals, &context)
    case .closeDealAsError(let command):
      try ClosingDeals.closeAsError(command, state, deals, &context)
    case .setFavourite(let command): try MarkingFavourites.decide(command, state, deals, &context)
    case .transact(let command): try Transacting.decide(command, state, deals, &context)
    case .inviteToDeal(let command): try Inviting.decide(command, state, deals, &context)
    case .extendInvitation(let command): try Extending.decide(command, state, deals, &context)
    case .acknowledgeDeal(let command): try Answering.acknowledge(command, state, deals, &context)
    case .acceptDeal(let command): try Answering.accept(command, state, deals, &context)
    case .declineDeal(let command): try Answering.decline(command, state, deals, &context)
    case .sendLead(let command): try SendingLeads.decide(command, state, &context)
    case .acceptLead(let command): try AnsweringLeads.accept(command, state, context)
    case .declineLead(let command): try AnsweringLeads.decline(command, state, context)
    case .winLead(let command): try AnsweringLeads.win(command, state, context)
    case .loseLead(let command): try AnsweringLeads.lose(command, state, context)
    case .archiveLead(let command): try AnsweringLeads.archive(command, state, context)
    case .convertLead(let command): try ConvertingLeads.decide(command, state, deals, &context)
    case .setLeadFavourite(let command): try AnsweringLeads.setFavourite(command, state, context)
    case .addUser(let command): try AdministeringUsers.add(command, state, &context)
    case .setUserGrants(let command): try AdministeringUsers.setGrants(command, state, &context)
    case .addLocation(let command): try AddingLocations.decide(command, state, &context)
    case .issueKey(let command): try AdministeringKeys.issue(command, state, &context)
    case .revokeKey(let command): try AdministeringKeys.revoke(command, state, &context)
    case .setRoutingRules(let command): try SettingRouting.decide(command, state, &context)
    case .setStageNames(let command): try NamingStages.decide(command, state, &context)
    case .publishSolution(let command): try PublishingSolutions.decide(command, state, &context)
    case .markNotificationsRead(let command):
      try ReadingNotifications.markRead(command, state, &context)
    case .muteTopics(let command): try PreferringNotifications.mute(command, state, context)
    case .setNotificationSettings(let command):
      try PreferringNotifications.set(command, state, context)
    case .registerOrganisation(let command): try Registering.decide(command, state, &context)
    case .updateRealm(let command): try UpdatingRealms.decide(command, state, &context)
    case .updateOrganisation(let command):
      try UpdatingOrganisations.decide(command, state, &context)
    case .createRealm(let command): try CreatingRealms.decide(command, state, &context)
    case .advanceClock(let command): try AdvancingClocks.decide(command, state, &context)
    case .rehearse(let command, let wrong):
      try Rehearsing.decide(command, wrong: wrong, state, deals, &context)
    case .fireDeadlines: FiringDeadlines.decide(state, deals, &context)
    case .importCustomers(let command): try ImportingCustomers.decide(command, state, &context)
    case .receiveMessage(let command): ReceivingMessages.decide(command, state, deals, &context)
    case .markOutbox(let command): MarkingOutbox.decide(command, state, deals)
    case .establish(let command): try Establishing.decide(command, state, &context)
    }
  }

  /// Applies a commit's events in order.
  ///
  /// Same events, same state.
  package static func evolve(
    _ state: inout TenantState, _ deals: inout some DealStore & ~Copyable, _ commit: Commit
  ) {
    invariant(commit.sequence == state.commitSequence + 1, "commits are contiguous")
    // Keys are made by clients' clocks: the ledger counts in their time, not in a sandbox's.
    let ahead = state.realm?.clockOffset.milliseconds ?? 0
    let askedAt = Timestamp(milliseconds: commit.at.milliseconds - ahead)
    for index in commit.events.indices {
      Evolving.apply(commit.events.span[index], at: commit.at, &state, &deals)
    }
    if let entry = commit.ledger {
      state.ledger.record(
        entry, at: askedAt, retention: RequestLedger.retention, bytesMax: Limits.ledgerBytes)
    }
    state.commitSequence = commit.sequence
    state.lastTime = max(state.lastTime, commit.at)
  }
}

extension Command {
  /// Issued by the runtime only, never decoded from a client.
  package var isInternal: Bool {
    switch self {
    case .fireDeadlines, .receiveMessage, .markOutbox: true
    case .rehearse(let command, _): command.isInternal
    case .createDeal, .patchDeal, .winDeal, .loseDeal, .closeDealAsError, .setFavourite, .transact,
      .inviteToDeal, .extendInvitation, .acknowledgeDeal, .acceptDeal, .declineDeal, .addUser,
      .sendLead, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead, .convertLead,
      .setLeadFavourite,
      .setUserGrants,
      .addLocation,
      .issueKey, .revokeKey, .setStageNames, .setRoutingRules, .markNotificationsRead, .muteTopics,
      .setNotificationSettings,
      .registerOrganisation, .updateOrganisation, .updateRealm,
      .publishSolution,
      .createRealm,
      .advanceClock, .importCustomers, .establish:
      false
    }
  }
}
