// SPDX-License-Identifier: Apache-2.0
// What a refused or tried transaction tells of itself: versions and deals that only it had are gone with
// it, so nobody is sent to read them.

import TandemPrimitives

extension Rejection {
  /// The same with deals that operations create named by these.
  func naming(_ created: [Int: DealID]) -> Rejection {
    guard !created.isEmpty else { return self }
    var told = self
    told.message = message.naming(created)
    for index in told.violations.indices {
      told.violations[index].text = violations[index].text.naming(created)
    }
    return told
  }
}

extension String {
  /// The same with deals that operations create named by these.
  func naming(_ created: [Int: DealID]) -> String {
    var text = self
    for (place, id) in created.sorted(by: { $0.key < $1.key }) {
      text = text.replacing(id.description, with: "the deal of operations[\(place)]")
    }
    return text
  }
}

extension Deal {
  /// A conflict with this deal, which operations before have changed since the version that is stored.
  ///
  /// Without a stored version the transaction created it.
  func retold(_ conflict: Rejection, since base: UInt64, stored: UInt64) -> Rejection {
    guard version > stored else { return conflict }
    var told = conflict
    if base > version {
      let made = "version \(version), which the operations before it make of the deal"
      told.message = "BASE_VERSION_AHEAD: base_version \(base) is ahead of \(made)"
      for index in told.violations.indices { told.violations[index].text = "is ahead of \(made)" }
      return told
    }
    var isOfOthers = false
    for index in told.violations.indices {
      let entry = fieldVersions.first { $0.field.path == conflict.violations[index].field }
      guard let entry, entry.version > stored else {
        isOfOthers = true
        continue
      }
      let current = value(of: entry.field)?.shortText ?? ""
      told.violations[index].text = "changed by an operation before it, to: \(current)"
    }
    let names = told.violations.map(\.field).joined(separator: ", ")
    let advice =
      isOfOthers
      ? "read version \(stored) and decide again"
      : "operations before it did that; a base_version that counts them is \(version)"
    told.message = "changed after version \(base): \(names); \(advice)"
    return told
  }
}

extension Command {
  /// The version of the deal that the caller knows; 0 where it says none.
  var baseVersion: UInt64 {
    switch self {
    case .patchDeal(let command): command.baseVersion
    case .winDeal(let command): command.baseVersion
    case .loseDeal(let command), .closeDealAsError(let command): command.baseVersion
    case .setFavourite, .inviteToDeal, .extendInvitation, .acknowledgeDeal, .acceptDeal,
      .declineDeal, .rehearse, .sendLead, .acceptLead, .declineLead, .winLead, .loseLead,
      .archiveLead, .convertLead, .setLeadFavourite, .createDeal, .transact, .addUser,
      .setUserGrants, .addLocation, .issueKey, .revokeKey, .setStageNames,
      .markNotificationsRead, .muteTopics, .setNotificationSettings, .registerOrganisation,
      .updateOrganisation, .updateRealm, .createRealm, .importCustomers, .advanceClock,
      .fireDeadlines, .receiveMessage, .markOutbox, .setRoutingRules, .publishSolution, .establish:
      0
    }
  }
}
