// SPDX-License-Identifier: Apache-2.0
// Request bodies: guard, unpack by protobuf-c, words of the domain. Rules are judged elsewhere.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

package enum RequestCodec {
  /// Decodes a body that lies in a read buffer; nothing of the result refers to it.
  package static func decode(
    _ method: Method, _ body: Span<UInt8>, arena: inout RequestArena
  ) throws(WireError) -> DecodedRequest {
    switch method {
    case .describe:
      let message = try unsafe unpack(method, body.bytes, &arena)
      let request = unsafe message.as(Tandem__V1__DescribeRequest.self)
      return .describe(withDescriptors: unsafe request.with_descriptors != 0)
    case .health:
      _ = try unsafe unpack(method, body.bytes, &arena)
      return .health
    default: return .tenant(try unsafe decodeForTenant(method, body.bytes, arena: &arena))
    }
  }

  /// The same for a request that is not the server's own; it goes on without a copy on the way.
  package static func decodeForTenant(
    _ method: Method, _ body: borrowing RawSpan, arena: inout RequestArena
  ) throws(WireError) -> TenantRequest {
    // The commonest request is recognised by its only possible shape.
    if method == .getDeal, body.byteCount == 18, body.byte(at: 0) == 0x0A, body.byte(at: 1) == 16 {
      return .query(.getDeal(DealID(high: body.bigEndian64(at: 2), low: body.bigEndian64(at: 10))))
    }
    if method == .patchDeal, let patch = PlainPatch.read(body) { return patch }
    return try decodeAnyShape(method, body, arena: &arena)
  }

  /// The way of every request whose shape is not known beforehand.
  package static func decodeAnyShape(
    _ method: Method, _ body: borrowing RawSpan, arena: inout RequestArena
  ) throws(WireError) -> TenantRequest {
    let message = try unsafe unpack(method, body, &arena)
    var reader = unsafe RequestReader(message.memory)
    let request = unsafe read(method, message, &reader)
    try unsafe reader.check()
    return request
  }

  /// What can be read of a command with wrong fields, so that its rules say what else is wrong.
  ///
  /// Nil for what no rule looks at. Operations of a transaction go by their places, which those that
  /// cannot be read would move.
  package static func rehearsal(
    of method: Method, _ body: borrowing RawSpan, _ error: WireError, _ arena: inout RequestArena
  ) -> TenantRequest? {
    guard error.kind == .badValue, !error.violations.isEmpty, method != .transact,
      let message = try? unsafe unpack(method, body, &arena)
    else { return nil }
    var reader = unsafe RequestReader(message.memory)
    guard case .command(var command, _) = unsafe read(method, message, &reader) else { return nil }
    // What is only to be tried anyway is tried once.
    if case .rehearse(let tried, _) = command { command = tried }
    return .command(.rehearse(command, wrong: error.violations), returnDeal: false)
  }

  /// The same for a body that lies in a read buffer.
  package static func rehearsal(
    of method: Method, _ body: Span<UInt8>, _ error: WireError, _ arena: inout RequestArena
  ) -> TenantRequest? {
    unsafe rehearsal(of: method, body.bytes, error, &arena)
  }

  private static func unpack(
    _ method: Method, _ body: borrowing RawSpan, _ arena: inout RequestArena
  ) throws(WireError) -> UnpackedMessage {
    try unsafe body.withUnsafeBytes { bytes throws(WireError) in
      try unsafe arena.unpack(method, bytes)
    }
  }

  private static func read(
    _ method: Method, _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> TenantRequest {
    switch method {
    case .watch: return .watch(unsafe watch(message, &reader), credit: 0)
    case .describeEligibility, .describeRules, .getDeal, .getDeals, .listDeals, .aggregateDeals,
      .dealHistory, .describeDealActions, .listNotifications, .getNotificationPreferences,
      .listOrganisations,
      .getOrganisation, .listUsers, .listLocations, .listKeys, .listRecentContacts,
      .listRoutingRules,
      .suggestCustomers,
      .listRealms, .getRealm, .listSolutions:
      return .query(unsafe QueryRequests.read(method, message, &reader))
    case .createDeal, .patchDeal, .setFavourite, .winDeal, .loseDeal, .closeDealAsError,
      .inviteToDeal, .extendInvitation, .transact, .acknowledgeDeal, .acceptDeal, .declineDeal:
      return unsafe DealRequests.read(method, message, &reader)
    case .markNotificationsRead, .setNotificationPreferences, .setNotificationSettings,
      .registerOrganisation, .updateOrganisation, .updateRealm, .addUser, .setUserGrants,
      .addLocation,
      .issueKey, .revokeKey, .setStageNames, .createRealm, .advanceClock, .importCustomers,
      .setRoutingRules,
      .publishSolution:
      return .command(
        unsafe OrganisationRequests.read(method, message, &reader), returnDeal: false)
    case .sendLead: return unsafe LeadRequests.read(.send, message, &reader)
    case .getLead: return unsafe LeadRequests.read(.get, message, &reader)
    case .listLeads: return unsafe LeadRequests.read(.list, message, &reader)
    case .acceptLead: return unsafe LeadRequests.read(.accept, message, &reader)
    case .declineLead: return unsafe LeadRequests.read(.decline, message, &reader)
    case .winLead: return unsafe LeadRequests.read(.win, message, &reader)
    case .loseLead: return unsafe LeadRequests.read(.lose, message, &reader)
    case .archiveLead: return unsafe LeadRequests.read(.archive, message, &reader)
    case .convertLead: return unsafe LeadRequests.read(.convert, message, &reader)
    case .setLeadFavourite: return unsafe LeadRequests.read(.setFavourite, message, &reader)
    case .describe, .health: fatalError("\(method) asks the server, not a tenant")
    }
  }

  private static func watch(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> WatchRequest {
    let request = unsafe message.as(Tandem__V1__WatchRequest.self)
    let token = unsafe reader.bytes(request.resume_token)
    let start: WatchRequest.Start
    switch unsafe request.start.rawValue {
    case 1, 3:
      if !token.isEmpty {
        unsafe reader.wrong("resume_token", "FIELD_NOT_ALLOWED", "a token needs start AFTER_TOKEN")
      }
      start = unsafe request.start.rawValue == 1 ? .now : .snapshot
    case 2:
      if token.isEmpty {
        unsafe reader.wrong("resume_token", "FIELD_REQUIRED", "start AFTER_TOKEN needs a token")
      }
      start = .afterToken(token)
    default:
      unsafe reader.wrong(
        "start", "FIELD_REQUIRED", "start is NOW, AFTER_TOKEN or SNAPSHOT_THEN_FOLLOW")
      start = .now
    }
    return unsafe WatchRequest(
      start: start, deals: reader.identifiers(request.n_deal_ids, request.deal_ids, "deal_ids"))
  }
}
