// SPDX-License-Identifier: Apache-2.0
// Which deal a command is about, and the same command as a dry run.

package import TandemPrimitives

extension Command {
  /// The one deal that the command changes; nil where there is none yet, or not just one.
  package var deal: DealID? {
    switch self {
    case .patchDeal(let command): command.deal
    case .winDeal(let command): command.deal
    case .loseDeal(let command): command.deal
    case .closeDealAsError(let command): command.deal
    case .setFavourite(let command): command.deal
    case .inviteToDeal(let command): command.deal
    case .extendInvitation(let command): command.deal
    case .acknowledgeDeal(let command): command.deal
    case .acceptDeal(let command): command.deal
    case .declineDeal(let command): command.deal
    case .rehearse(let command, _): command.deal
    case .sendLead, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead,
      .convertLead, .setLeadFavourite,
      .createDeal, .transact, .addUser, .setUserGrants, .addLocation, .issueKey, .revokeKey,
      .setStageNames, .markNotificationsRead, .muteTopics, .setNotificationSettings,
      .registerOrganisation, .updateOrganisation, .updateRealm, .createRealm, .importCustomers,
      .advanceClock,
      .fireDeadlines,
      .receiveMessage, .markOutbox, .setRoutingRules, .publishSolution, .establish:
      nil
    }
  }

  /// The same change of another deal; nothing for what is not about one deal.
  mutating func aim(at id: DealID) {
    switch self {
    case .patchDeal(var command):
      command.deal = id
      self = .patchDeal(command)
    case .winDeal(var command):
      command.deal = id
      self = .winDeal(command)
    case .loseDeal(var command):
      command.deal = id
      self = .loseDeal(command)
    case .closeDealAsError(var command):
      command.deal = id
      self = .closeDealAsError(command)
    case .setFavourite(var command):
      command.deal = id
      self = .setFavourite(command)
    case .inviteToDeal(var command):
      command.deal = id
      self = .inviteToDeal(command)
    case .extendInvitation(var command):
      command.deal = id
      self = .extendInvitation(command)
    case .acknowledgeDeal(var command):
      command.deal = id
      self = .acknowledgeDeal(command)
    case .acceptDeal(var command):
      command.deal = id
      self = .acceptDeal(command)
    case .declineDeal(var command):
      command.deal = id
      self = .declineDeal(command)
    // Within a transaction nothing is tried alone.
    case .rehearse, .sendLead, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead,
      .convertLead, .setLeadFavourite,
      .createDeal, .transact, .addUser, .setUserGrants, .addLocation, .issueKey, .revokeKey,
      .setStageNames, .markNotificationsRead, .muteTopics, .setNotificationSettings,
      .registerOrganisation, .updateOrganisation, .updateRealm, .createRealm, .importCustomers,
      .advanceClock,
      .fireDeadlines,
      .receiveMessage, .markOutbox, .setRoutingRules, .publishSolution, .establish:
      break
    }
  }

  /// What runs every rule and changes nothing was asked for.
  package var isDryRun: Bool { self == dryRun }

  /// The same operation of a transaction as a dry run; nil for what is none or has no word for it.
  var dryRun: Command? { asked(validateOnly: true) }

  /// What a dry run would be if it were none; nil for what is none.
  ///
  /// Rehearsals and transactions tell that themselves.
  package var inEarnest: Command? { isDryRun ? asked(validateOnly: false) : nil }

  private func asked(validateOnly: Bool) -> Command? {
    switch self {
    case .createDeal(var command):
      command.validateOnly = validateOnly
      return .createDeal(command)
    case .patchDeal(var command):
      command.validateOnly = validateOnly
      return .patchDeal(command)
    case .winDeal(var command):
      command.validateOnly = validateOnly
      return .winDeal(command)
    case .loseDeal(var command):
      command.validateOnly = validateOnly
      return .loseDeal(command)
    case .closeDealAsError(var command):
      command.validateOnly = validateOnly
      return .closeDealAsError(command)
    case .inviteToDeal(var command):
      command.validateOnly = validateOnly
      return .inviteToDeal(command)
    case .extendInvitation(var command):
      command.validateOnly = validateOnly
      return .extendInvitation(command)
    case .acceptDeal(var command):
      command.validateOnly = validateOnly
      return .acceptDeal(command)
    case .declineDeal(var command):
      command.validateOnly = validateOnly
      return .declineDeal(command)
    case .rehearse: return validateOnly ? self : nil
    case .sendLead, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead,
      .convertLead, .setLeadFavourite,
      .setFavourite, .acknowledgeDeal, .transact, .addUser, .setUserGrants, .addLocation,
      .issueKey, .revokeKey, .setStageNames, .markNotificationsRead, .muteTopics,
      .setNotificationSettings, .registerOrganisation, .updateOrganisation, .updateRealm,
      .createRealm,
      .importCustomers,
      .advanceClock, .fireDeadlines,
      .receiveMessage, .markOutbox, .setRoutingRules, .publishSolution, .establish:
      return nil
    }
  }
}
