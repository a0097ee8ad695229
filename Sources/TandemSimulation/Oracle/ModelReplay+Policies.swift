// SPDX-License-Identifier: Apache-2.0
// Policies of realms: what the operator changes follows from what was said, directories show it in order, and
// an organisation decides by what it heard last (product.md 3, ruling 4).

import TandemDomain
import TandemPrimitives
import TandemRuntime

extension ModelTurn {
  /// Asked of a directory.
  mutating func updateRealm(_ asked: UpdateRealm) {
    let update = asked.update
    let isKnown = world.realms.values.contains(asked.realm)
    refuse("NOT_MAIN", if: own.realm != Node.mainRealm)
    refuse("REALM_NOT_FOUND", if: !asked.realm.isZero && !isKnown)
    complain("FIELD_REQUIRED", if: asked.realm.isZero || update == RealmPolicyUpdate())
    complain("POLICY_RANGE", if: update.vendorRetries ?? 0 > 1)
    complain("POLICY_RANGE", if: update.counterpartsMax ?? 0 > 20)
    complain("POLICY_RANGE", if: update.answerWindow?.milliseconds ?? 0 < 0)
    // Whether reminders fit their window depends on what was said before.
    doubt("POLICY_RANGE")
  }
}

extension ModelReplay {
  /// The operator changed a policy: it became what it was with what was said.
  mutating func introduce(_ asked: UpdateRealm, _ commit: Commit) {
    for case .policyChanged(let change) in commit.events {
      let before = policies[asked.realm]?.last
      let expected = before?.with(asked.update)
      if change.realm != asked.realm || change.policy != expected
        || Int(change.version) != policies[asked.realm]?.count
      {
        wrongPolicy = "a policy became \(change.policy), expected \(String(describing: expected))"
      }
      policies[asked.realm, default: []].append(change.policy)
    }
  }

  /// Every directory showed all policies of its realm, one after the other.
  func checkPolicies() -> String? {
    if let wrongPolicy { return wrongPolicy }
    for (realm, known) in policies.sorted(by: { $0.key < $1.key }) {
      let shown = policiesShown[realm] ?? []
      let isWhole =
        shown.map(\.policy) == Array(known.dropFirst())
        && shown.map(\.version) == Array(1..<UInt64(known.count))
      if !isWhole { return "\(shown.count) policies of \(realm) are shown of \(known.count - 1)" }
    }
    return nil
  }
}

extension ModelOrganisation {
  /// A policy comes alone, is one that the operator gave, and no older than what is known.
  mutating func hear(_ commit: Commit, of policies: [RealmID: [RealmPolicy]]) -> String? {
    for case .policyChanged(let change) in commit.events {
      let known = policies[realm] ?? []
      guard commit.events.count == 1, commit.ledger == nil, change.realm == realm,
        policyVersion < change.version, change.version < known.count,
        known[Int(change.version)] == change.policy
      else { return "it heard of a policy that it should not hear of now" }
      policy = change.policy
      policyVersion = change.version
    }
    return nil
  }
}

extension ModelDeal {
  /// Whether a card is the newest of its organisation (G08).
  func isLast(_ card: Card) -> Bool {
    cards.last { $0.organisation.id == card.organisation.id } == card
  }
}

extension RealmPolicy {
  /// Nothing said stays, 0 is the default.
  fileprivate func with(_ said: RealmPolicyUpdate) -> RealmPolicy {
    func span(_ said: Timestamp.Span?, _ old: Timestamp.Span?) -> Timestamp.Span? {
      guard let said else { return old }
      return said == Timestamp.Span(milliseconds: 0) ? nil : said
    }
    var policy = self
    policy.answerWindow = span(said.answerWindow, answerWindow) ?? .days(14)
    policy.minimumAgeBeforeWon = span(said.minimumAgeBeforeWon, minimumAgeBeforeWon) ?? .hours(72)
    policy.firstReminder = span(said.firstReminder, firstReminder)
    policy.lastReminder = span(said.lastReminder, lastReminder)
    policy.extensionMax = span(said.extensionMax, extensionMax)
    policy.leadRetention = span(said.leadRetention, leadRetention)
    policy.contactWish = span(said.contactWish, contactWish)
    if let said = said.counterpartsMax { policy.counterpartsMax = said == 0 ? 20 : said }
    if let said = said.duplicates { policy.duplicates = said }
    if let said = said.vendorRetries { policy.vendorRetries = said }
    return policy
  }
}
