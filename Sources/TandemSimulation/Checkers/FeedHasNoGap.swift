// SPDX-License-Identifier: Apache-2.0
// A follower hears of every commit that concerns it, once and in order, over all its streams.

import TandemDomain
import TandemPrimitives

struct FeedHasNoGap {
  static let name = "feed has no gap"

  /// For a follower that had time to catch up.
  static func check(_ client: SimulatedClient, _ evidence: Evidence) -> String? {
    guard let start = client.feed.start, let log = evidence.log(of: client.organisation.tenant)
    else { return nil }
    if let told = client.feed.picture {
      let before = log.commits.filter { $0.sequence <= start }.flatMap(\.events)
      let begun = before.compactMap { $0.begunDeal?.id }
      if Set(told) != Set(begun) || told.count != begun.count {
        return
          "client \(client.index) was shown \(told.count) deals of \(begun.count) as of commit "
          + "\(start)"
      }
    }
    let expected = log.commits.filter { $0.sequence > start && concerns(client, $0) }
      .map(\.sequence)
    let told = client.feed.told
    guard told != expected else { return nil }
    let place = zip(told, expected).enumerated().first { $1.0 != $1.1 }?.offset
    let index = place ?? min(told.count, expected.count)
    let missing = index < expected.count ? "expected commit \(expected[index])" : "no more expected"
    let got = index < told.count ? "got commit \(told[index])" : "got nothing"
    return "client \(client.index), item \(index) after commit \(start): \(missing), \(got)"
  }

  /// Administrators see every deal.
  private static func concerns(_ client: SimulatedClient, _ commit: Commit) -> Bool {
    commit.events.contains { event in
      switch event {
      case .dealCreated, .dealChanged, .invitationReceived, .dealShown: true
      case .notificationAdded(_, let recipients): recipients.contains(client.organisation.user)
      case .notificationsRead(let user, _): user == client.organisation.user
      case .organisationEstablished, .userAdded, .userGrantsSet, .locationAdded, .keyIssued,
        .keyRevoked, .clockAdvanced, .stageNamesSet, .organisationUpdated, .policyChanged,
        .routingSet,
        .organisationListed,
        .realmCreated,
        .customersListed,
        .solutionPublished, .solutionListed,
        .favouriteSet,
        .leadReceived, .leadChanged, .leadFavouriteSet, .leadsDeleted, .leadAnswered,
        .answerRecorded, .messageSent, .outboxMarked, .inboxAdvanced, .topicsMuted,
        .notificationSettingsSet:
        false
      }
    }
  }
}
