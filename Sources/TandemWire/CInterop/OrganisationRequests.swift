// SPDX-License-Identifier: Apache-2.0
// Requests that change an organisation, its inboxes or its realm.

internal import CTandemWire
internal import TandemDomain
internal import TandemPrimitives

enum OrganisationRequests {
  static func read(
    _ method: Method, _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> Command {
    switch method {
    case .markNotificationsRead:
      let request = unsafe message.as(Tandem__V1__MarkNotificationsReadRequest.self)
      let read = unsafe MarkNotificationsRead(
        notifications: reader.identifiers(
          request.n_notification_ids, request.notification_ids, "notification_ids"))
      return .markNotificationsRead(read).rehearsed(if: unsafe request.validate_only)
    case .setNotificationPreferences: return .muteTopics(unsafe mute(message, &reader))
    case .setNotificationSettings: return .setNotificationSettings(unsafe settings(message))
    case .registerOrganisation:
      let request = unsafe message.as(Tandem__V1__RegisterOrganisationRequest.self)
      return .registerOrganisation(unsafe register(message, &reader))
        .rehearsed(if: unsafe request.validate_only)
    case .updateOrganisation:
      let request = unsafe message.as(Tandem__V1__UpdateOrganisationRequest.self)
      return .updateOrganisation(unsafe update(message, &reader))
        .rehearsed(if: unsafe request.validate_only)
    case .addUser: return unsafe AccessRequests.addUser(message, &reader)
    case .setUserGrants: return unsafe AccessRequests.setGrants(message, &reader)
    case .addLocation: return unsafe AccessRequests.addLocation(message, &reader)
    case .issueKey: return unsafe AccessRequests.issueKey(message, &reader)
    case .revokeKey: return unsafe AccessRequests.revokeKey(message, &reader)
    case .setRoutingRules: return .setRoutingRules(unsafe RoutingRequests.read(message, &reader))
    case .setStageNames:
      let request = unsafe message.as(Tandem__V1__SetStageNamesRequest.self)
      return .setStageNames(unsafe stageNames(message, &reader))
        .rehearsed(if: unsafe request.validate_only)
    case .importCustomers:
      return .importCustomers(unsafe CustomerRequests.importing(message, &reader))
    case .publishSolution: return .publishSolution(unsafe solution(message, &reader))
    case .createRealm: return unsafe RealmRequests.create(message, &reader)
    case .updateRealm: return unsafe RealmRequests.update(message, &reader)
    case .advanceClock:
      let request = unsafe message.as(Tandem__V1__AdvanceClockRequest.self)
      return .advanceClock(AdvanceClock(by: Timestamp.Span(milliseconds: unsafe request.by_ms)))
        .rehearsed(if: unsafe request.validate_only)
    case .describe, .health, .createDeal, .getDeal, .getDeals, .patchDeal, .listDeals,
      .aggregateDeals, .setFavourite, .winDeal, .loseDeal, .closeDealAsError, .inviteToDeal,
      .extendInvitation, .transact, .acknowledgeDeal, .acceptDeal, .declineDeal, .dealHistory,
      .describeDealActions, .describeEligibility, .describeRules, .watch, .listNotifications,
      .getNotificationPreferences, .listOrganisations, .getOrganisation, .listUsers, .listLocations,
      .listKeys, .listRecentContacts, .listRoutingRules, .suggestCustomers, .listRealms, .getRealm,
      .listSolutions,
      .sendLead, .getLead, .listLeads, .acceptLead, .declineLead, .winLead, .loseLead,
      .archiveLead, .convertLead,
      .setLeadFavourite:
      fatalError("\(method) changes no organisation")
    }
  }

  private static func settings(_ message: borrowing UnpackedMessage) -> SetNotificationSettings {
    let request = unsafe message.as(Tandem__V1__SetNotificationSettingsRequest.self)
    return unsafe SetNotificationSettings(
      settings: NotificationSettings(tellsInvitationSent: request.invitation_sent_told != 0),
      validateOnly: request.validate_only != 0)
  }

  private static func mute(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> MuteTopics {
    let request = unsafe message.as(Tandem__V1__SetNotificationPreferencesRequest.self)
    var topics: [NotificationTopic] = []
    let max = NotificationTopic.allCases.count
    if unsafe reader.isWithin(max, count: request.n_muted, "muted") {
      for index in 0..<(unsafe request.n_muted) {
        guard let raw = unsafe request.muted?[index].rawValue else { continue }
        if let topic = unsafe reader.choice(raw, "muted[\(index)]", NotificationTopic.self) {
          topics.append(topic)
        } else if raw == 0 {
          unsafe reader.wrong("muted[\(index)]", "FIELD_INVALID", "unspecified is no topic")
        }
      }
    }
    return MuteTopics(topics: topics, validateOnly: unsafe request.validate_only != 0)
  }

  private static func stageNames(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> SetStageNames {
    let request = unsafe message.as(Tandem__V1__SetStageNamesRequest.self)
    guard unsafe reader.isWithin(Limits.stageNames, count: request.n_names, "names") else {
      return SetStageNames(names: [])
    }
    var names: [SetStageNames.Name] = []
    for index in 0..<(unsafe request.n_names) {
      guard let given = unsafe request.names?[index]?.pointee else { continue }
      names.append(
        unsafe SetStageNames.Name(name: reader.text(given.name), percent: given.stage))
    }
    return SetStageNames(names: names)
  }

  private static func solution(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> PublishSolution {
    let request = unsafe message.as(Tandem__V1__PublishSolutionRequest.self)
    var incentives: [Incentive] = []
    let most = Incentive.allCases.count
    let count = unsafe request.n_incentives
    if unsafe reader.isWithin(most, count: count, "incentives") {
      for index in 0..<count {
        guard let raw = unsafe request.incentives?[index].rawValue else { continue }
        if let incentive = unsafe reader.choice(raw, "incentives[\(index)]", Incentive.self) {
          incentives.append(incentive)
        } else if raw == 0 {
          unsafe reader.wrong(
            "incentives[\(index)]", "FIELD_INVALID", "unspecified is no incentive")
        }
      }
    }
    return unsafe PublishSolution(
      solution: reader.identifier(request.solution_id, "solution_id"),
      name: reader.text(request.name), type: reader.choice(request.type.rawValue, "type"),
      isCoSellReady: request.co_sell_ready != 0, incentives: incentives,
      isActive: request.inactive == 0, validateOnly: request.validate_only != 0)
  }

  private static func register(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> RegisterOrganisation {
    let request = unsafe message.as(Tandem__V1__RegisterOrganisationRequest.self)
    let kind = unsafe reader.choice(request.kind.rawValue, "kind", OrganisationKind.self)
    if kind == nil { unsafe reader.wrong("kind", "FIELD_REQUIRED", "kind is missing") }
    var register = unsafe RegisterOrganisation(
      kind: kind ?? .partner, name: reader.text(request.name),
      country: reader.country(request.country, "country"),
      inEcosystem: request.in_ecosystem != 0, transacts: request.transacts != 0,
      administrator: reader.person(request.administrator), keySecretHash: [])
    register.isAssessmentVetted = unsafe request.assessment_vetted != 0
    if unsafe reader.isWithin(Limits.countriesOfDesk, count: request.n_covers, "covers") {
      for index in 0..<(unsafe request.n_covers) {
        let country = unsafe reader.country(request.covers?[index], "covers[\(index)]")
        register.covers.append(country ?? CountryCode(packed: 0))
      }
    }
    return register
  }

  private static func update(
    _ message: borrowing UnpackedMessage, _ reader: inout RequestReader
  ) -> UpdateOrganisation {
    let request = unsafe message.as(Tandem__V1__UpdateOrganisationRequest.self)
    var update = OrganisationUpdate()
    update.inEcosystem = unsafe reader.toggle(request.in_ecosystem.rawValue, "in_ecosystem")
    update.transacts = unsafe reader.toggle(request.transacts.rawValue, "transacts")
    update.isAssessmentVetted = unsafe reader.toggle(
      request.assessment_vetted.rawValue, "assessment_vetted")
    return unsafe UpdateOrganisation(
      organisation: reader.identifier(request.organisation_id, "organisation_id"), update: update)
  }
}

extension Command {
  /// The same as a dry run when that is asked for.
  func rehearsed(if validateOnly: protobuf_c_boolean) -> Command {
    validateOnly == 0 ? self : .rehearse(self, wrong: [])
  }
}

extension RequestReader {
  /// Yes, no, or nothing said; what is none of them was said, so that nobody is told that it is missing.
  fileprivate mutating func toggle(_ raw: UInt32, _ field: String) -> Bool? {
    if raw == 0 { return nil }
    return unsafe choice(raw, field, Toggle.self)?.isYes ?? false
  }
}
