// SPDX-License-Identifier: Apache-2.0
// Everything a tenant is besides its deals. Changed by `evolve` only.

package import TandemPrimitives

package struct TenantState: Sendable, Equatable {
  /// Nil until the first event; a tenant without it answers invitations as undeliverable.
  package var organisation: Organisation?
  package var realm: Realm?
  package var users: [UserID: User]
  package var locations: [LocationID: Location]
  package var keys: [KeyID: AccessKey]
  /// Deals that a user marked.
  package var favourites: [UserID: Set<DealID>]
  /// Oldest first, bounded by `Limits.notificationsPerUser`.
  package var notifications: [UserID: [Notification]]
  /// Topics that a user hears nothing of, ascending; users without any are absent.
  package var mutedTopics: [UserID: [NotificationTopic]] = [:]
  package var notificationSettings = NotificationSettings()
  /// Per receiver, in sequence; what the receiver has not marked yet.
  package var outbox: [TenantID: OutboxQueue]
  /// Per sender, the last message that was applied.
  package var inboxMarks: [TenantID: UInt64]
  package var ledger: RequestLedger
  package var answerTimes: AnswerStatistics
  package var routing: Routing
  /// What the organisation sells; a directory has what everybody sells.
  package var solutions: [SolutionID: Solution]
  package var leads = LeadBook()
  /// Leads that a user marked; users without any are absent.
  package var leadFavourites: [UserID: Set<LeadID>] = [:]
  /// Directory only.
  package var entries: [TenantID: OrganisationEntry]
  /// Directory only.
  package var customers: CustomerCatalogue
  /// Directory of main only.
  package var realms: [RealmID: Realm]
  package var commitSequence: UInt64
  /// Realm time of the last commit; time never runs behind it.
  package var lastTime: Timestamp

  package init() {
    organisation = nil
    realm = nil
    users = [:]
    locations = [:]
    keys = [:]
    favourites = [:]
    notifications = [:]
    outbox = [:]
    inboxMarks = [:]
    ledger = RequestLedger()
    answerTimes = AnswerStatistics()
    routing = Routing()
    solutions = [:]
    entries = [:]
    customers = CustomerCatalogue()
    realms = [:]
    commitSequence = 0
    lastTime = .zero
  }
}

/// Messages for one receiver.
package struct OutboxQueue: Sendable, Equatable {
  /// The sequence of the last message ever sent.
  package var lastSequence: UInt64
  /// Unmarked entries, oldest first.
  package var entries: [OutboxEntry]
  package init(lastSequence: UInt64, entries: [OutboxEntry]) {
    self.lastSequence = lastSequence
    self.entries = entries
  }
}

/// How quickly an organisation answers.
package struct AnswerStatistics: Sendable, Equatable {
  package var accepted: UInt64
  package var declined: UInt64
  package var expired: UInt64
  /// Sum over accepted and declined, for the mean.
  package var answeredMilliseconds: Int64
  /// What the realm's directory was told last.
  package var told = Responsiveness.unproven
  package init() {
    accepted = 0
    declined = 0
    expired = 0
    answeredMilliseconds = 0
  }
}
