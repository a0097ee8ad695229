// SPDX-License-Identifier: Apache-2.0
// Requests that change deals.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum DealRequests {
  static func read(
    _ method: Method, _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    switch method {
    case .createDeal: return unsafe create(message, &reader)
    case .patchDeal: return unsafe PatchRequest.read(message, &reader)
    case .setFavourite:
      let request = unsafe message.as(Tandem__V1__SetFavouriteRequest.self)
      let command = unsafe SetFavourite(
        deal: reader.deal(request.deal_id), isFavourite: request.favourite != 0)
      return .command(
        .setFavourite(command).rehearsed(if: unsafe request.validate_only), returnDeal: false)
    case .winDeal:
      let request = unsafe message.as(Tandem__V1__WinDealRequest.self)
      let command = unsafe WinDeal(
        deal: reader.deal(request.deal_id), baseVersion: request.base_version,
        validateOnly: request.validate_only != 0)
      return .command(.winDeal(command), returnDeal: unsafe request.return_deal != 0)
    case .loseDeal:
      let request = unsafe message.as(Tandem__V1__LoseDealRequest.self)
      let command = unsafe EndDeal(
        deal: reader.deal(request.deal_id), baseVersion: request.base_version,
        reason: reader.reason(request.reason), notes: reader.text(request.notes),
        validateOnly: request.validate_only != 0)
      return .command(.loseDeal(command), returnDeal: unsafe request.return_deal != 0)
    case .closeDealAsError:
      let request = unsafe message.as(Tandem__V1__CloseDealAsErrorRequest.self)
      let command = unsafe EndDeal(
        deal: reader.deal(request.deal_id), baseVersion: request.base_version,
        reason: reader.reason(request.reason), notes: reader.text(request.notes),
        validateOnly: request.validate_only != 0)
      return .command(.closeDealAsError(command), returnDeal: unsafe request.return_deal != 0)
    case .inviteToDeal: return unsafe invite(message, &reader)
    case .extendInvitation: return unsafe extend(message, &reader)
    case .transact:
      return .command(.transact(unsafe TransactRequest.read(message, &reader)), returnDeal: false)
    case .acknowledgeDeal:
      let request = unsafe message.as(Tandem__V1__AcknowledgeDealRequest.self)
      let command = unsafe AcknowledgeDeal(deal: reader.deal(request.deal_id))
      return .command(
        .acknowledgeDeal(command).rehearsed(if: unsafe request.validate_only),
        returnDeal: unsafe request.return_deal != 0)
    case .acceptDeal: return unsafe accept(message, &reader)
    case .declineDeal:
      let request = unsafe message.as(Tandem__V1__DeclineDealRequest.self)
      let command = unsafe DeclineDeal(
        deal: reader.deal(request.deal_id), reason: reader.reason(request.reason),
        notes: reader.text(request.notes), validateOnly: request.validate_only != 0)
      return .command(.declineDeal(command), returnDeal: unsafe request.return_deal != 0)
    case .describe, .health, .getDeal, .getDeals, .listDeals, .aggregateDeals, .dealHistory,
      .describeDealActions, .describeEligibility, .describeRules, .watch,
      .listNotifications,
      .getNotificationPreferences, .setNotificationPreferences, .setNotificationSettings,
      .markNotificationsRead, .registerOrganisation, .listOrganisations, .getOrganisation, .addUser,
      .listUsers, .setUserGrants, .addLocation, .listLocations, .issueKey, .listKeys, .revokeKey,
      .setStageNames, .updateOrganisation, .updateRealm, .listRecentContacts, .setRoutingRules,
      .listRoutingRules,
      .importCustomers, .suggestCustomers, .publishSolution, .listSolutions, .createRealm,
      .listRealms, .getRealm, .advanceClock, .sendLead, .getLead, .listLeads, .acceptLead,
      .declineLead, .winLead, .loseLead, .archiveLead, .convertLead, .setLeadFavourite:
      fatalError("\(method) changes no deal")
    }
  }

  private static func create(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    let request = unsafe message.as(Tandem__V1__CreateDealRequest.self)
    let consent = unsafe request.consent?.pointee
    var command = unsafe CreateDeal(
      name: reader.text(request.name),
      location: reader.identifier(request.location_id, "location_id"),
      customer: reader.customer(request.customer), value: reader.money(request.value, "value"),
      closeDate: reader.time(request.close_date_ms), crmID: reader.text(request.crm_id),
      campaignID: reader.text(request.campaign_id), notes: reader.text(request.notes),
      team: reader.team(request.n_team, request.team, "team"),
      solutions: reader.solutions(request.n_solutions, request.solutions, "solutions"),
      consent: Consent(
        customerContact: consent.map { unsafe $0.customer_contact != 0 } ?? false,
        shareWithOthers: consent.map { unsafe $0.share_with_others != 0 } ?? false),
      visibleToVendor: request.visible_to_vendor != 0,
      help: reader.choice(request.help.rawValue, "help"),
      validateOnly: request.validate_only != 0)
    command.notesToVendor = unsafe reader.text(request.notes_to_vendor)
    command.tags = unsafe reader.tags(request.n_tags, request.tags, "tags") ?? []
    command.ownerEmail = unsafe reader.text(request.owner_email)
    return .command(.createDeal(command), returnDeal: unsafe request.return_deal != 0)
  }

  private static func invite(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    let request = unsafe message.as(Tandem__V1__InviteToDealRequest.self)
    var command = unsafe InviteToDeal(
      deal: reader.deal(request.deal_id),
      invitee: invitee(request.organisation_id, request.to_vendor, &reader),
      help: reader.choice(request.help.rawValue, "help"),
      value: reader.money(request.value, "value"), closeDate: reader.time(request.close_date_ms),
      notes: reader.text(request.notes),
      teamLines: reader.numbers(request.n_team_lines, request.team_lines),
      solutionLines: reader.numbers(request.n_solution_lines, request.solution_lines),
      validateOnly: request.validate_only != 0)
    command.customerConsent = unsafe request.customer_consent != 0
    return .command(.inviteToDeal(command), returnDeal: unsafe request.return_deal != 0)
  }

  private static func invitee(
    _ organisation: ProtobufCBinaryData, _ toVendor: protobuf_c_boolean,
    _ reader: inout RequestReader
  ) -> Invitee {
    guard toVendor != 0 else {
      if unsafe organisation.len == 0 {
        unsafe reader.wrong(
          "organisation_id", "FIELD_REQUIRED", "is missing; name an organisation or set to_vendor")
      }
      return .organisation(unsafe reader.identifier(organisation, "organisation_id"))
    }
    if unsafe organisation.len != 0 {
      unsafe reader.wrong(
        "to_vendor", "FIELD_INVALID", "comes with organisation_id; give one of them")
    }
    return .vendorDesk
  }

  private static func extend(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    let request = unsafe message.as(Tandem__V1__ExtendInvitationRequest.self)
    let (end, days) = unsafe (reader.time(request.respond_by_ms), request.days)
    if (end != nil) == (days != 0) {
      unsafe reader.wrong(
        "respond_by_ms", end == nil ? "FIELD_REQUIRED" : "FIELD_INVALID",
        end == nil ? "is missing; give it or days" : "comes with days; give one of them")
    }
    let command = unsafe ExtendInvitation(
      deal: reader.deal(request.deal_id),
      invitee: invitee(request.organisation_id, request.to_vendor, &reader),
      end: end.map { .at($0) } ?? .daysLater(days), validateOnly: request.validate_only != 0)
    return .command(.extendInvitation(command), returnDeal: unsafe request.return_deal != 0)
  }

  private static func accept(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    let request = unsafe message.as(Tandem__V1__AcceptDealRequest.self)
    let command = unsafe AcceptDeal(
      deal: reader.deal(request.deal_id), name: reader.text(request.name),
      value: reader.money(request.value, "value"), closeDate: reader.time(request.close_date_ms),
      notes: reader.text(request.notes), crmID: reader.text(request.crm_id),
      campaignID: reader.text(request.campaign_id),
      team: reader.team(request.n_team, request.team, "team"),
      validateOnly: request.validate_only != 0)
    return .command(.acceptDeal(command), returnDeal: unsafe request.return_deal != 0)
  }
}
