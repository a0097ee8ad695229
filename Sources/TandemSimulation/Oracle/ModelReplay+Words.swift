// SPDX-License-Identifier: Apache-2.0
// What the journals say, in the words of the model.

import TandemDomain
import TandemPrimitives

extension Commit {
  /// Messages that it applied: who sent them, and up to which sequence.
  var deliveries: [(TenantID, Int)] {
    events.compactMap {
      if case .inboxAdvanced(let sender, let through) = $0 { (sender, Int(through)) } else { nil }
    }
  }

  var touchedDeals: [DealID] {
    events.compactMap {
      if case .dealChanged(let change) = $0 { change.deal } else { $0.begunDeal?.id }
    }
  }

  var touchedLeads: [LeadID] {
    events.flatMap { event -> [LeadID] in
      if case .leadChanged(let lead, _) = event { return [lead.id] }
      if case .leadsDeleted(let leads) = event { return leads }
      return []
    }
  }

  /// The lead that it sends.
  var begunLead: LeadID {
    for case .messageSent(let entry) in events {
      if case .leadSent(let lead) = entry.message { return lead.id }
    }
    return .zero
  }

  /// What a timer looked at.
  var timedDeals: [DealID] {
    events.compactMap {
      guard case .dealChanged(let change) = $0, [.expired, .reminded].contains(change.cause)
      else { return nil }
      return change.deal
    }
  }

  var notices: [ModelNotice] {
    events.compactMap {
      guard case .notificationAdded(let notification, let recipients) = $0 else { return nil }
      return ModelNotice(
        topic: notification.kind, deal: notification.deal, lead: notification.lead,
        recipients: recipients.sorted())
    }
  }
}

extension [ModelNotice] {
  var words: String { map { "\($0.topic) to \($0.recipients.count)" }.joined(separator: ", ") }
}

extension ModelTurn {
  var refusal: String {
    "and should be refused: " + reasons.union(problems).sorted().joined(separator: ", ")
  }

  /// What a message shows that only shows how a deal is now; nil for all others.
  func picture(for entry: OutboxEntry, after events: ArraySlice<Event>) -> ModelMail? {
    switch entry.message {
    case .sharedViewChanged(let told):
      guard let deal = deal(told.engagement, after: events), !deal.isInbound else { return nil }
      return .view(told.engagement, deal.news(for: entry.receiver))
    case .dealShown(let told):
      guard let deal = deal(told.engagement, after: events), deal.shownTo?.id == entry.receiver
      else { return nil }
      return .shadow(deal)
    case .invite, .invitationAnswered, .counterpartMoved, .engagementClosed,
      .organisationRegistered, .clockAdvanced, .realmCreated, .extensionAsked,
      .deadlineExtended, .responsivenessChanged, .solutionPublished, .leadSent, .leadAnswered,
      .organisationUpdated, .policyChanged:
      return nil
    }
  }

  /// A deal as it was when so much of the commit had happened.
  private func deal(_ engagement: EngagementID, after events: ArraySlice<Event>) -> ModelDeal? {
    let deal = own.copy(in: engagement)
    let changes = events.filter { event in
      if case .dealChanged(let change) = event { return change.deal == deal?.id }
      return event.begunDeal?.engagement == engagement
    }.count
    guard changes > 0, let steps = steps[engagement], changes <= steps.count else { return deal }
    return steps[changes - 1]
  }

  /// Takes over what the server chose or was told by its directory: identifiers, and the people of the
  /// beginning.
  mutating func learn(from commit: Commit, asked: Command?) {
    for event in commit.events {
      switch event {
      case .userAdded(let user):
        own.users[user.id] = ModelUser(
          id: user.id, email: user.person.email, grants: user.grants, isActive: user.isActive,
          mayStandIn: user.isService && user.mayActAsUser)
      case .locationAdded(let location): own.locations[location.id] = location
      case .keyIssued(let key): own.keys[key.id] = true
      case .solutionPublished(let solution): own.solutions[solution.id] = solution
      case .notificationAdded(let notification, let recipients):
        for user in recipients {
          own.inboxes[user, default: []].append(
            ModelEntry(id: notification.id, deal: notification.deal))
        }
      case .organisationEstablished, .userGrantsSet, .keyRevoked, .clockAdvanced, .stageNamesSet,
        .routingSet, .organisationListed, .solutionListed, .realmCreated, .customersListed,
        .dealCreated, .dealChanged, .favouriteSet, .invitationReceived, .dealShown,
        .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .notificationsRead,
        .topicsMuted, .notificationSettingsSet, .leadReceived, .leadChanged, .leadFavouriteSet,
        .leadsDeleted, .leadAnswered, .organisationUpdated, .policyChanged:
        continue
      }
    }
  }
}

extension ModelReplay.Mirror {
  /// What of an organisation besides its deals is not as the model has it.
  func differs(from own: ModelOrganisation) -> String? {
    if let organisation = state.organisation, let word = own.differs(from: organisation) {
      return word
    }
    if state.organisation?.stageNames != own.stageNames { return "other names of stages" }
    if state.routing.rules != own.rules { return "other routing rules" }
    if state.routing.defaultLocation != own.defaultLocation { return "another default location" }
    if state.notificationSettings.tellsInvitationSent != own.tellsInvitationSent {
      return "other notification settings"
    }
    if state.leads.count != own.leads.count { return "other leads" }
    for (id, lead) in own.leads where state.leads[id] != lead {
      return "\(id) is \(String(describing: state.leads[id])), expected \(lead)"
    }
    if state.leadFavourites.filter({ !$0.value.isEmpty })
      != own.leadMarks.filter({ !$0.value.isEmpty })
    {
      return "other marks of leads"
    }
    if state.favourites != own.marks.filter({ !$0.value.isEmpty }) { return "other favourites" }
    for (id, user) in state.users {
      let muted = state.mutedTopics[id] ?? []
      guard let mine = own.users[id], mine.grants == user.grants, mine.isActive == user.isActive,
        Set(mine.muted) == Set(muted)
      else { return "\(id) has other rights or wishes" }
    }
    for (id, key) in state.keys where own.keys[id] != (key.revokedAt == nil) {
      return "\(id) is valid and should not be, or the other way round"
    }
    return nil
  }
}

extension ModelMail {
  /// Shows how a deal is now; how often is the server's affair.
  var isPicture: Bool {
    switch self {
    case .view, .shadow: true
    case .invite, .answered, .moved, .closed, .moreTimeAsked, .moreTimeGiven, .lead, .leadAnswered,
      .other:
      false
    }
  }

  var word: String {
    switch self {
    case .invite(let invitation): "an invitation to \(invitation.deal.engagement)"
    case .answered(let engagement, let status, _, _, _): "\(engagement) \(status)"
    case .moved(let engagement, let status, _, _): "a move of \(engagement) to \(status)"
    case .closed(let engagement): "the end of \(engagement)"
    case .moreTimeAsked(let engagement, let end): "\(engagement) until \(end)"
    case .moreTimeGiven(let engagement, let end): "\(engagement) extended to \(end)"
    case .view(let engagement, _): "a view of \(engagement)"
    case .shadow(let deal): "a shadow of \(deal.engagement)"
    case .lead(let lead): "\(lead.id)"
    case .leadAnswered(let lead, let status): "\(lead) \(status)"
    case .other: "something"
    }
  }
}

extension Message {
  /// The same word as the model's mail.
  var word: String {
    switch self {
    case .invite(let message): "an invitation to \(message.engagement)"
    case .invitationAnswered(let message): "\(message.engagement) \(message.outcome)"
    case .counterpartMoved(let message): "a move of \(message.engagement) to \(message.status)"
    case .engagementClosed(let message): "the end of \(message.engagement)"
    case .extensionAsked(let message): "\(message.engagement) until \(message.respondBy)"
    case .deadlineExtended(let message): "\(message.engagement) extended to \(message.respondBy)"
    case .sharedViewChanged(let message): "a view of \(message.engagement)"
    case .dealShown(let deal): "a shadow of \(deal.engagement)"
    case .leadSent(let lead): "\(lead.id)"
    case .leadAnswered(let answer): "\(answer.lead) \(answer.status)"
    case .organisationRegistered, .clockAdvanced, .realmCreated, .responsivenessChanged,
      .solutionPublished, .organisationUpdated, .policyChanged:
      "something"
    }
  }
}
