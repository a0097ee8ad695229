// SPDX-License-Identifier: Apache-2.0
// The registry of methods as in proto/tandem/v1/methods.proto; a test ties the two together.

/// A method of the protocol by its number.
package enum Method: UInt16, Sendable, CaseIterable {
  case describe = 1
  case health = 2
  case createDeal = 16
  case getDeal = 17
  case patchDeal = 18
  case listDeals = 19
  case setFavourite = 20
  case winDeal = 21
  case loseDeal = 22
  case inviteToDeal = 23
  case acknowledgeDeal = 24
  case acceptDeal = 25
  case declineDeal = 26
  case dealHistory = 27
  case closeDealAsError = 28
  case describeDealActions = 29
  case describeRules = 37
  case getDeals = 30
  case aggregateDeals = 31
  case watch = 32
  case extendInvitation = 34
  case transact = 36
  case listNotifications = 40
  case markNotificationsRead = 41
  case getNotificationPreferences = 42
  case setNotificationPreferences = 43
  case setNotificationSettings = 44
  case registerOrganisation = 48
  case listOrganisations = 49
  case getOrganisation = 50
  case addUser = 51
  case listUsers = 52
  case setUserGrants = 53
  case addLocation = 54
  case listLocations = 55
  case issueKey = 56
  case listKeys = 57
  case revokeKey = 58
  case setStageNames = 59
  case listRecentContacts = 60
  case updateOrganisation = 61
  case updateRealm = 63
  case createRealm = 64
  case listRealms = 65
  case getRealm = 66
  case advanceClock = 67
  case publishSolution = 70
  case listSolutions = 71
  case describeEligibility = 73
  case importCustomers = 76
  case suggestCustomers = 77
  case setRoutingRules = 78
  case listRoutingRules = 79
  case sendLead = 80
  case getLead = 81
  case listLeads = 82
  case acceptLead = 83
  case declineLead = 84
  case winLead = 85
  case loseLead = 86
  case archiveLead = 87
  case convertLead = 88
  case setLeadFavourite = 89

  /// How a method may be repeated when its outcome is not known.
  package enum Kind: UInt8, Sendable {
    case noSideEffects = 1
    case idempotent = 2
    case keyRequiredToRetry = 3
  }

  package var kind: Kind {
    switch self {
    case .describe, .health, .describeEligibility, .describeRules, .getDeal, .getDeals, .listDeals,
      .aggregateDeals,
      .dealHistory,
      .describeDealActions,
      .watch,
      .listNotifications, .getNotificationPreferences,
      .listOrganisations, .getOrganisation, .listUsers, .listLocations, .listKeys,
      .listRecentContacts, .listRoutingRules, .suggestCustomers, .listRealms, .getRealm,
      .listSolutions, .getLead, .listLeads:
      .noSideEffects
    case .setFavourite, .markNotificationsRead, .setNotificationPreferences,
      .setNotificationSettings, .setUserGrants, .revokeKey, .setStageNames,
      .updateOrganisation, .updateRealm,
      .importCustomers, .setRoutingRules, .setLeadFavourite:
      .idempotent
    case .createDeal, .patchDeal, .winDeal, .loseDeal, .closeDealAsError, .inviteToDeal,
      .extendInvitation, .transact, .acknowledgeDeal, .acceptDeal, .declineDeal,
      .registerOrganisation,
      .addUser, .addLocation,
      .issueKey,
      .createRealm, .advanceClock, .publishSolution,
      .sendLead, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead, .convertLead:
      .keyRequiredToRetry
    }
  }

  package var isServerStream: Bool { self == .watch }

  /// The full name of the rpc, for example `tandem.v1.Deals/CreateDeal`.
  package var name: String {
    switch self {
    case .describe: "tandem.v1.System/Describe"
    case .health: "tandem.v1.System/Health"
    case .createDeal: "tandem.v1.Deals/CreateDeal"
    case .getDeal: "tandem.v1.Deals/GetDeal"
    case .patchDeal: "tandem.v1.Deals/PatchDeal"
    case .listDeals: "tandem.v1.Deals/ListDeals"
    case .setFavourite: "tandem.v1.Deals/SetFavourite"
    case .winDeal: "tandem.v1.Deals/WinDeal"
    case .loseDeal: "tandem.v1.Deals/LoseDeal"
    case .inviteToDeal: "tandem.v1.Deals/InviteToDeal"
    case .extendInvitation: "tandem.v1.Deals/ExtendInvitation"
    case .transact: "tandem.v1.Transactions/Transact"
    case .acknowledgeDeal: "tandem.v1.Deals/AcknowledgeDeal"
    case .acceptDeal: "tandem.v1.Deals/AcceptDeal"
    case .declineDeal: "tandem.v1.Deals/DeclineDeal"
    case .dealHistory: "tandem.v1.Deals/DealHistory"
    case .closeDealAsError: "tandem.v1.Deals/CloseDealAsError"
    case .describeDealActions: "tandem.v1.Deals/DescribeDealActions"
    case .describeRules: "tandem.v1.Deals/DescribeRules"
    case .getDeals: "tandem.v1.Deals/GetDeals"
    case .aggregateDeals: "tandem.v1.Deals/AggregateDeals"
    case .watch: "tandem.v1.Feed/Watch"
    case .listNotifications: "tandem.v1.Notifications/ListNotifications"
    case .markNotificationsRead: "tandem.v1.Notifications/MarkNotificationsRead"
    case .getNotificationPreferences: "tandem.v1.Notifications/GetNotificationPreferences"
    case .setNotificationPreferences: "tandem.v1.Notifications/SetNotificationPreferences"
    case .setNotificationSettings: "tandem.v1.Notifications/SetNotificationSettings"
    case .registerOrganisation: "tandem.v1.Organisations/RegisterOrganisation"
    case .listOrganisations: "tandem.v1.Organisations/ListOrganisations"
    case .getOrganisation: "tandem.v1.Organisations/GetOrganisation"
    case .addUser: "tandem.v1.Organisations/AddUser"
    case .listUsers: "tandem.v1.Organisations/ListUsers"
    case .setUserGrants: "tandem.v1.Organisations/SetUserGrants"
    case .addLocation: "tandem.v1.Organisations/AddLocation"
    case .listLocations: "tandem.v1.Organisations/ListLocations"
    case .issueKey: "tandem.v1.Organisations/IssueKey"
    case .listKeys: "tandem.v1.Organisations/ListKeys"
    case .revokeKey: "tandem.v1.Organisations/RevokeKey"
    case .setStageNames: "tandem.v1.Organisations/SetStageNames"
    case .updateOrganisation: "tandem.v1.Organisations/UpdateOrganisation"
    case .listRecentContacts: "tandem.v1.Organisations/ListRecentContacts"
    case .updateRealm: "tandem.v1.Realms/UpdateRealm"
    case .createRealm: "tandem.v1.Realms/CreateRealm"
    case .listRealms: "tandem.v1.Realms/ListRealms"
    case .getRealm: "tandem.v1.Realms/GetRealm"
    case .setRoutingRules: "tandem.v1.Organisations/SetRoutingRules"
    case .listRoutingRules: "tandem.v1.Organisations/ListRoutingRules"
    case .importCustomers: "tandem.v1.Customers/ImportCustomers"
    case .suggestCustomers: "tandem.v1.Customers/SuggestCustomers"
    case .advanceClock: "tandem.v1.Realms/AdvanceClock"
    case .publishSolution: "tandem.v1.Solutions/PublishSolution"
    case .describeEligibility: "tandem.v1.Deals/DescribeEligibility"
    case .listSolutions: "tandem.v1.Solutions/ListSolutions"
    case .sendLead: "tandem.v1.Leads/SendLead"
    case .getLead: "tandem.v1.Leads/GetLead"
    case .listLeads: "tandem.v1.Leads/ListLeads"
    case .acceptLead: "tandem.v1.Leads/AcceptLead"
    case .declineLead: "tandem.v1.Leads/DeclineLead"
    case .winLead: "tandem.v1.Leads/WinLead"
    case .loseLead: "tandem.v1.Leads/LoseLead"
    case .archiveLead: "tandem.v1.Leads/ArchiveLead"
    case .convertLead: "tandem.v1.Leads/ConvertLead"
    case .setLeadFavourite: "tandem.v1.Leads/SetLeadFavourite"
    }
  }
}
