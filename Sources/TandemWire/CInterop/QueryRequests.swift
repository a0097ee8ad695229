// SPDX-License-Identifier: Apache-2.0
// Requests that only ask.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum QueryRequests {
  static func read(
    _ method: Method, _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Query {
    switch method {
    case .getDeal: return unsafe deal(message, &reader)
    case .getDeals: return .getDeals(unsafe several(message, &reader))
    case .listDeals:
      let request = unsafe message.as(Tandem__V1__ListDealsRequest.self)
      return .listDeals(unsafe ListRequest.read(request, &reader))
    case .aggregateDeals: return .aggregateDeals(unsafe totals(message, &reader))
    case .dealHistory:
      let request = unsafe message.as(Tandem__V1__DealHistoryRequest.self)
      return unsafe .dealHistory(
        DealHistory(
          deal: reader.required(request.deal_id, "deal_id"),
          afterCommit: request.after_commit_seq,
          pageSize: reader.pageSize(request.page_size, PageDefaults.rows)))
    case .describeDealActions:
      let request = unsafe message.as(Tandem__V1__DescribeDealActionsRequest.self)
      return .describeActions(unsafe reader.required(request.deal_id, "deal_id"))
    case .describeEligibility:
      let request = unsafe message.as(Tandem__V1__DescribeEligibilityRequest.self)
      return .describeEligibility(unsafe reader.required(request.deal_id, "deal_id"))
    case .describeRules: return .describeRules(unsafe lists(message, &reader))
    case .listNotifications:
      let request = unsafe message.as(Tandem__V1__ListNotificationsRequest.self)
      return unsafe .listNotifications(
        ListNotifications(
          unreadOnly: request.unread_only != 0,
          pageSize: reader.pageSize(request.page_size, PageDefaults.rows)))
    case .listOrganisations:
      let request = unsafe message.as(Tandem__V1__ListOrganisationsRequest.self)
      return unsafe .listOrganisations(
        namePrefix: reader.text(request.name_prefix),
        max: reader.pageSize(request.max, PageDefaults.organisations, "max"))
    case .getOrganisation: return .getOrganisation
    case .getNotificationPreferences: return .getNotificationPreferences
    case .listRecentContacts:
      let request = unsafe message.as(Tandem__V1__ListRecentContactsRequest.self)
      return unsafe .listRecentContacts(
        ListRecentContacts(
          kind: reader.choice(request.kind.rawValue, "kind"),
          max: reader.pageSize(
            request.max, PageDefaults.contacts, "max", atMost: Limits.recentContacts)))
    case .listUsers: return .listUsers
    case .listLocations: return .listLocations
    case .listKeys: return .listKeys
    case .suggestCustomers:
      return .suggestCustomers(unsafe CustomerRequests.suggesting(message, &reader))
    case .listRoutingRules: return .listRoutingRules
    case .listSolutions: return .listSolutions(unsafe solutions(message, &reader))
    case .listRealms: return .listRealms
    case .getRealm: return .getRealm
    case .describe, .health, .createDeal, .patchDeal, .setFavourite, .winDeal, .loseDeal,
      .closeDealAsError, .inviteToDeal, .extendInvitation, .transact, .acknowledgeDeal,
      .acceptDeal, .declineDeal, .watch, .markNotificationsRead, .setNotificationPreferences,
      .setNotificationSettings, .registerOrganisation, .addUser, .setUserGrants, .addLocation,
      .issueKey, .revokeKey, .setStageNames, .updateOrganisation, .updateRealm, .createRealm,
      .advanceClock, .importCustomers, .setRoutingRules, .publishSolution, .sendLead,
      .getLead, .listLeads, .acceptLead, .declineLead, .winLead, .loseLead, .archiveLead,
      .convertLead, .setLeadFavourite:
      fatalError("\(method) is no query")
    }
  }

  private static func deal(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Query {
    let request = unsafe message.as(Tandem__V1__GetDealRequest.self)
    let id: DealID = unsafe reader.required(request.deal_id, "deal_id")
    let version = unsafe request.at_version
    switch (version, unsafe reader.time(request.at_ms)) {
    case (0, nil): return .getDeal(id)
    case (0, let time?): return .getPastDeal(DealAsOf(deal: id, moment: .time(time)))
    case (_, nil): return .getPastDeal(DealAsOf(deal: id, moment: .version(version)))
    case (_, .some):
      unsafe reader.wrong(
        "at_ms", "FIELD_NOT_ALLOWED", "a version is given as well; ask for one of the two")
      return .getDeal(id)
    }
  }

  private static func solutions(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> ListSolutions {
    let request = unsafe message.as(Tandem__V1__ListSolutionsRequest.self)
    let after: SolutionID = unsafe reader.identifier(request.cursor, "cursor")
    return unsafe ListSolutions(
      namePrefix: reader.text(request.name_prefix), ownOnly: request.own_only != 0,
      pageSize: reader.pageSize(
        request.page_size, PageDefaults.rows, atMost: Limits.solutionsPerPage),
      after: after.isZero ? nil : after)
  }

  private static func lists(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> [Text] {
    let request = unsafe message.as(Tandem__V1__DescribeRulesRequest.self)
    guard unsafe reader.isWithin(Limits.listsDescribed, count: request.n_lists, "lists") else {
      return []
    }
    var lists: [Text] = []
    for index in 0..<(unsafe request.n_lists) {
      lists.append(unsafe reader.text(request.lists?[index]))
    }
    return lists
  }

  private static func several(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> [DealID] {
    let request = unsafe message.as(Tandem__V1__GetDealsRequest.self)
    guard unsafe reader.isWithin(Limits.dealsPerBatch, count: request.n_deal_ids, "deal_ids")
    else { return [] }
    if unsafe request.n_deal_ids == 0 {
      unsafe reader.wrong("deal_ids", "FIELD_REQUIRED", "names no deal; give at least one")
    }
    return unsafe reader.identifiers(request.n_deal_ids, request.deal_ids, "deal_ids")
  }

  private static func totals(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> AggregateDeals {
    let request = unsafe message.as(Tandem__V1__AggregateDealsRequest.self)
    var fields: [GroupField] = []
    if unsafe reader.isWithin(Limits.groupFields, count: request.n_group_by, "group_by") {
      for index in 0..<(unsafe request.n_group_by) {
        guard let raw = unsafe request.group_by?[index].rawValue else { continue }
        if let field = unsafe reader.choice(raw, "group_by[\(index)]", GroupField.self) {
          if fields.contains(field) {
            unsafe reader.wrong("group_by[\(index)]", "FIELD_INVALID", "is named already")
          }
          fields.append(field)
        } else if raw == 0 {
          unsafe reader.wrong("group_by[\(index)]", "FIELD_INVALID", "unspecified is no field")
        }
      }
    }
    return unsafe AggregateDeals(
      filter: FilterRequest.read(request.n_all_of, request.all_of, &reader), groupBy: fields,
      sumsValues: request.sum_values != 0)
  }
}
