// SPDX-License-Identifier: Apache-2.0
// What each event does to a tenant. Never refuses: an event that does not fit is a bug and stops.

import TandemPrimitives

enum Evolving {
  static func apply(
    _ event: Event, at now: Timestamp, _ state: inout TenantState,
    _ deals: inout some DealStore & ~Copyable
  ) {
    switch event {
    case .organisationEstablished(let organisation, let realm):
      state.organisation = organisation
      state.realm = realm
    case .userAdded(let user): state.users[user.id] = user
    case .userGrantsSet(let user, let grants, let isActive):
      state.users[user]?.grants = grants
      state.users[user]?.isActive = isActive
    case .locationAdded(let location): state.locations[location.id] = location
    case .keyIssued(let key): state.addKey(key)
    case .keyRevoked(let key, let at): state.keys[key]?.revokedAt = at
    case .clockAdvanced(let offset): state.realm?.clockOffset = offset
    case .routingSet(let routing): state.routing = routing
    case .stageNamesSet(let names): state.organisation?.stageNames = names
    case .policyChanged(let change):
      if state.realm?.id == change.realm { state.realm?.take(change) }
      state.realms[change.realm]?.take(change)
    case .organisationUpdated(let update):
      state.organisation = state.organisation?.updated(by: update)
    case .organisationListed(let entry): state.entries[entry.id] = entry
    case .solutionPublished(let solution), .solutionListed(let solution):
      state.solutions[solution.id] = solution
    case .realmCreated(let realm): state.realms[realm.id] = realm
    case .customersListed(let customers): state.customers.put(customers)
    case .dealCreated(let deal), .invitationReceived(let deal, _), .dealShown(let deal):
      invariant(!deals.contains(deal.id), "a deal is created once")
      deals.add(deal)
    case .dealChanged(let changed): deals.apply(changed)
    case .favouriteSet(let user, let deal, let isFavourite):
      state.setFavourite(user, deal, isFavourite)
    case .answerRecorded(let answer): state.answerTimes.add(answer)
    case .leadReceived(let lead):
      state.leads.put(lead)
      if !lead.isInformational {
        state.leads.note(state.leads.arrivals.adding(at: lead.receivedAt))
      }
    case .leadChanged(let lead, _): state.leads.put(lead)
    case .leadFavouriteSet(let user, let lead, let isFavourite):
      state.setFavourite(user, lead, isFavourite)
    case .leadsDeleted(let leads): state.delete(leads)
    // Told by the feed and kept nowhere.
    case .leadAnswered: break
    case .messageSent(let entry): state.enqueue(entry)
    case .outboxMarked(let receiver, let through): state.dropMarked(receiver, through: through)
    case .inboxAdvanced(let sender, let through): state.inboxMarks[sender] = through
    case .notificationAdded(let notification, let recipients):
      for user in recipients { state.notify(user, notification) }
    case .notificationsRead(let user, let read): state.markRead(user, read)
    case .topicsMuted(let user, let topics):
      state.mutedTopics[user] = topics.isEmpty ? nil : topics
    case .notificationSettingsSet(let settings): state.notificationSettings = settings
    }
  }
}

extension TenantState {
  /// Revoked keys make room for new ones, the longest revoked first.
  fileprivate mutating func addKey(_ key: AccessKey) {
    keys[key.id] = key
    guard keys.count > Limits.keysPerOrganisation else { return }
    let oldest = keys.values.filter { $0.revokedAt != nil }.min {
      let left = $0.revokedAt ?? .zero
      let right = $1.revokedAt ?? .zero
      return left != right ? left < right : $0.id < $1.id
    }
    if let oldest { keys[oldest.id] = nil }
  }

  fileprivate mutating func setFavourite(_ user: UserID, _ deal: DealID, _ isFavourite: Bool) {
    if isFavourite {
      favourites[user, default: []].insert(deal)
    } else {
      favourites[user]?.remove(deal)
      if favourites[user]?.isEmpty == true { favourites[user] = nil }
    }
  }

  fileprivate mutating func setFavourite(_ user: UserID, _ lead: LeadID, _ isFavourite: Bool) {
    if isFavourite {
      leadFavourites[user, default: []].insert(lead)
    } else {
      leadFavourites[user]?.remove(lead)
      if leadFavourites[user]?.isEmpty == true { leadFavourites[user] = nil }
    }
  }

  fileprivate mutating func delete(_ gone: [LeadID]) {
    for lead in gone {
      leads.remove(lead)
      for (user, marked) in leadFavourites where marked.contains(lead) {
        setFavourite(user, lead, false)
      }
    }
  }

  fileprivate mutating func notify(_ user: UserID, _ notification: Notification) {
    notifications[user, default: []].append(notification)
    let excess = (notifications[user]?.count ?? 0) - Limits.notificationsPerUser
    if excess > 0 { notifications[user]?.removeFirst(excess) }
  }

  fileprivate mutating func markRead(_ user: UserID, _ read: [NotificationID]) {
    guard var entries = notifications.removeValue(forKey: user) else { return }
    let ids = Set(read)
    for index in entries.indices where ids.contains(entries[index].id) {
      entries[index].isRead = true
    }
    notifications[user] = entries
  }
}

extension AnswerStatistics {
  mutating func add(_ answer: AnswerTime) {
    switch answer.outcome {
    case .accepted: accepted += 1
    case .declined: declined += 1
    case .expired: expired += 1
    case .pending, .received, .won, .lost, .error:
      return invariant(false, "only answers are recorded")
    }
    if answer.outcome != .expired { answeredMilliseconds += answer.took.milliseconds }
  }
}
