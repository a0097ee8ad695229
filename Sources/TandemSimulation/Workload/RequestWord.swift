// SPDX-License-Identifier: Apache-2.0
// One word for everything that a tenant can be asked, so that a test can count what the workload draws.

import TandemDomain
import TandemRuntime
import TandemWire

package enum RequestWord: String, CaseIterable, Sendable {
  // Commands
  case createDeal, patchDeal, winDeal, loseDeal, closeDealAsError, setFavourite, transact
  case inviteToDeal, extendInvitation, acknowledgeDeal, acceptDeal, declineDeal
  case addUser, setUserGrants, addLocation, issueKey, revokeKey, setStageNames, setRoutingRules
  case publishSolution, markNotificationsRead, muteTopics, setNotificationSettings
  case registerOrganisation, updateOrganisation, updateRealm, createRealm, advanceClock
  case importCustomers
  case sendLead, acceptLead, declineLead, winLead, loseLead, archiveLead, convertLead
  case setLeadFavourite
  case rehearse
  case fireDeadlines, receiveMessage, markOutbox, establish
  // Questions
  case getDeal, getPastDeal, getDeals, listDeals, aggregateDeals, dealHistory, describeActions
  case describeEligibility, describeRules, listNotifications, getNotificationPreferences
  case getOrganisation, listUsers, listLocations, listKeys, listOrganisations, listRoutingRules
  case listRecentContacts, suggestCustomers, listSolutions, listRealms, getRealm
  case getLead, listLeads
  case watch

  /// What the workload draws none of, and why: mostly the runtime's own commands, for which no client asks.
  package static let exceptions: [RequestWord: String] = [
    .fireDeadlines: "the shard's timers ask for it",
    .receiveMessage: "the shard's mail asks for it",
    .markOutbox: "the shard's mail asks for it",
    .establish: "the node asks for it when its first directory begins",
  ]
}

extension RequestWord {
  init(_ request: TenantRequest) {
    switch request {
    case .command(let command, returnDeal: _): self.init(command)
    case .query(let query): self.init(query)
    case .watch: self = .watch
    }
  }

  init(_ command: Command) {
    self =
      switch command {
      case .createDeal: .createDeal
      case .patchDeal: .patchDeal
      case .winDeal: .winDeal
      case .loseDeal: .loseDeal
      case .closeDealAsError: .closeDealAsError
      case .setFavourite: .setFavourite
      case .transact: .transact
      case .inviteToDeal: .inviteToDeal
      case .extendInvitation: .extendInvitation
      case .acknowledgeDeal: .acknowledgeDeal
      case .acceptDeal: .acceptDeal
      case .declineDeal: .declineDeal
      case .addUser: .addUser
      case .setUserGrants: .setUserGrants
      case .addLocation: .addLocation
      case .issueKey: .issueKey
      case .revokeKey: .revokeKey
      case .setStageNames: .setStageNames
      case .setRoutingRules: .setRoutingRules
      case .publishSolution: .publishSolution
      case .markNotificationsRead: .markNotificationsRead
      case .muteTopics: .muteTopics
      case .setNotificationSettings: .setNotificationSettings
      case .registerOrganisation: .registerOrganisation
      case .updateOrganisation: .updateOrganisation
      case .updateRealm: .updateRealm
      case .createRealm: .createRealm
      case .advanceClock: .advanceClock
      case .importCustomers: .importCustomers
      case .sendLead: .sendLead
      case .acceptLead: .acceptLead
      case .declineLead: .declineLead
      case .winLead: .winLead
      case .loseLead: .loseLead
      case .archiveLead: .archiveLead
      case .convertLead: .convertLead
      case .setLeadFavourite: .setLeadFavourite
      case .rehearse: .rehearse
      case .fireDeadlines: .fireDeadlines
      case .receiveMessage: .receiveMessage
      case .markOutbox: .markOutbox
      case .establish: .establish
      }
  }

  init(_ query: Query) {
    self =
      switch query {
      case .getDeal: .getDeal
      case .getPastDeal: .getPastDeal
      case .getDeals: .getDeals
      case .listDeals: .listDeals
      case .aggregateDeals: .aggregateDeals
      case .dealHistory: .dealHistory
      case .describeActions: .describeActions
      case .describeEligibility: .describeEligibility
      case .describeRules: .describeRules
      case .listNotifications: .listNotifications
      case .getNotificationPreferences: .getNotificationPreferences
      case .getOrganisation: .getOrganisation
      case .listUsers: .listUsers
      case .listLocations: .listLocations
      case .listKeys: .listKeys
      case .listOrganisations: .listOrganisations
      case .listRoutingRules: .listRoutingRules
      case .listRecentContacts: .listRecentContacts
      case .suggestCustomers: .suggestCustomers
      case .listSolutions: .listSolutions
      case .listRealms: .listRealms
      case .getRealm: .getRealm
      case .getLead: .getLead
      case .listLeads: .listLeads
      }
  }
}
