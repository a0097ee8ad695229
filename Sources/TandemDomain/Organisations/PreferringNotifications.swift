// SPDX-License-Identifier: Apache-2.0
// Of which topics a user hears (domain.md 14), and what the whole organisation is told (G13).

package import TandemPrimitives

/// Replaces the topics that the caller hears nothing of.
package struct MuteTopics: Sendable, Equatable {
  package var topics: [NotificationTopic]
  package var validateOnly: Bool
  package init(topics: [NotificationTopic], validateOnly: Bool) {
    self.topics = topics
    self.validateOnly = validateOnly
  }
}

package struct SetNotificationSettings: Sendable, Equatable {
  package var settings: NotificationSettings
  package var validateOnly: Bool
  package init(settings: NotificationSettings, validateOnly: Bool) {
    self.settings = settings
    self.validateOnly = validateOnly
  }
}

enum PreferringNotifications {
  static func mute(
    _ command: MuteTopics, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    if caller.readOnly { throw state.denied(caller, "section 11") }
    var violations = Violations()
    violations.limit(count: command.topics.count, "muted", max: NotificationTopic.allCases.count)
    for (index, topic) in command.topics.prefix(NotificationTopic.allCases.count).enumerated() {
      if topic.isMandatory {
        violations.add("muted[\(index)]", "TOPIC_MANDATORY", "\(topic) cannot be muted")
      }
      if command.topics.prefix(index).contains(topic) {
        violations.add("muted[\(index)]", "TOPIC_TWICE", "\(topic) comes twice")
      }
    }
    try violations.throwIfAny()
    let topics = command.topics.sorted { $0.rawValue < $1.rawValue }
    guard !command.validateOnly, topics != state.mutedTopics[caller.id] ?? [] else {
      return Decision(events: [], answer: .done)
    }
    return Decision(events: [.topicsMuted(user: caller.id, topics)], answer: .done)
  }

  static func set(
    _ command: SetNotificationSettings, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerDeals, context.principal)
    guard !command.validateOnly, command.settings != state.notificationSettings else {
      return Decision(events: [], answer: .done)
    }
    return Decision(events: [.notificationSettingsSet(command.settings)], answer: .done)
  }
}

/// How a topic stands to one user.
package struct TopicPreference: Sendable, Equatable {
  package var topic: NotificationTopic
  package var isMuted: Bool
}

extension TenantState {
  /// Every topic, by number.
  package func preferences(of user: UserID) -> [TopicPreference] {
    let muted = mutedTopics[user] ?? []
    return NotificationTopic.allCases.map {
      TopicPreference(topic: $0, isMuted: muted.contains($0))
    }
  }

  func hears(_ user: UserID, of topic: NotificationTopic) -> Bool {
    topic.isMandatory || !(mutedTopics[user]?.contains(topic) ?? false)
  }
}

extension [Event] {
  /// Tells users something about a deal, but for those who muted it; nobody to tell means no event.
  mutating func notify(
    _ topic: NotificationTopic, of deal: Deal, about counterpart: OrganisationReference,
    respondBy: Timestamp? = nil, _ recipients: [UserID], _ state: TenantState,
    _ context: inout CommandContext
  ) {
    let hearers = recipients.filter { state.hears($0, of: topic) }
    guard !hearers.isEmpty else { return }
    let notification = Notification(
      id: context.fresh.next(at: context.now), kind: topic, deal: deal.id,
      counterpart: counterpart, at: context.now, respondBy: respondBy ?? deal.respondBy,
      isRead: false)
    append(.notificationAdded(notification, recipients: hearers))
  }

  /// G13: the team hears that its invitation is on its way, where the organisation wants that.
  mutating func acknowledgeInvitation(
    of deal: Deal, to card: Card, _ state: TenantState, _ context: inout CommandContext
  ) {
    guard state.notificationSettings.tellsInvitationSent else { return }
    notify(
      .invitationSent, of: deal, about: card.organisation, respondBy: card.respondBy,
      state.followers(of: deal), state, &context)
  }
}
