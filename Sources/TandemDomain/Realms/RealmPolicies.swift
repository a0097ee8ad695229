// SPDX-License-Identifier: Apache-2.0
// What may be a realm's policy, whether it is given with a new realm or changed later (product.md 3, ruling
// 4), and what of it was changed.

package import TandemPrimitives

/// What is said of a policy: nil stays as it is, nothing (0) is the default.
package struct RealmPolicyUpdate: Sendable, Equatable {
  package var answerWindow: Timestamp.Span?
  package var minimumAgeBeforeWon: Timestamp.Span?
  package var counterpartsMax: UInt32?
  package var firstReminder: Timestamp.Span?
  package var lastReminder: Timestamp.Span?
  package var extensionMax: Timestamp.Span?
  package var duplicates: DuplicatePolicy?
  package var leadRetention: Timestamp.Span?
  package var contactWish: Timestamp.Span?
  package var vendorRetries: UInt32?

  package init() {}

  package var isEmpty: Bool { self == RealmPolicyUpdate() }
}

/// The policy of a realm from now on.
package struct PolicyChange: Sendable, Hashable {
  package var realm: RealmID
  package var policy: RealmPolicy
  /// Counts the changes of the realm's policy; the highest holds.
  package var version: UInt64

  package init(realm: RealmID, policy: RealmPolicy, version: UInt64) {
    self.realm = realm
    self.policy = policy
    self.version = version
  }
}

extension RealmPolicy {
  package func updated(by update: RealmPolicyUpdate) -> RealmPolicy {
    var policy = self
    let standard = RealmPolicy.standard
    if let said = update.answerWindow { policy.answerWindow = said.given ?? standard.answerWindow }
    if let said = update.minimumAgeBeforeWon {
      policy.minimumAgeBeforeWon = said.given ?? standard.minimumAgeBeforeWon
    }
    if let said = update.counterpartsMax {
      policy.counterpartsMax = said == 0 ? standard.counterpartsMax : said
    }
    if let said = update.firstReminder { policy.firstReminder = said.given }
    if let said = update.lastReminder { policy.lastReminder = said.given }
    if let said = update.extensionMax { policy.extensionMax = said.given }
    policy.duplicates = update.duplicates ?? duplicates
    if let said = update.leadRetention { policy.leadRetention = said.given }
    if let said = update.contactWish { policy.contactWish = said.given }
    policy.vendorRetries = update.vendorRetries ?? vendorRetries
    return policy
  }

  /// Everything that is wrong with it.
  func check(_ violations: inout Violations) {
    Self.check(answerWindow, "policy.answer_window_ms", least: 1, &violations)
    Self.check(minimumAgeBeforeWon, "policy.minimum_age_before_won_ms", least: 0, &violations)
    checkReminders(&violations)
    Self.check(longestExtension, "policy.extension_max_ms", least: 1, &violations)
    Self.check(leadRetentionInForce, "policy.lead_retention_ms", least: 1, &violations)
    Self.check(contactWishInForce, "policy.contact_wish_ms", least: 1, &violations)
    if counterpartsMax < 1 || counterpartsMax > Limits.counterparts {
      violations.add(
        "policy.counterparts_max", "POLICY_RANGE",
        "is \(counterpartsMax); 1 to \(Limits.counterparts) are allowed")
    }
    if vendorRetries > Limits.vendorRetries {
      violations.add(
        "policy.vendor_retries", "POLICY_RANGE",
        "is \(vendorRetries); 0 to \(Limits.vendorRetries) are allowed (G08)",
        rules: ["G08"])
    }
  }

  private static func check(
    _ window: Timestamp.Span, _ field: String, least: Int64, _ violations: inout Violations
  ) {
    let most = AdvancingClocks.most.milliseconds
    if window.milliseconds < least || window.milliseconds > most {
      violations.add(
        field, "POLICY_RANGE", "is \(window.milliseconds) ms; \(least) to \(most) are allowed")
    }
  }

  /// The first reminder comes while the answer is awaited, the last one after it.
  private func checkReminders(_ violations: inout Violations) {
    let window = answerWindow.milliseconds
    let (first, last) = (reminders[0].milliseconds, reminders[1].milliseconds)
    if firstReminder != nil, first < 1 || first >= window {
      violations.add(
        "policy.first_reminder_ms", "POLICY_RANGE",
        "is \(first) ms; 1 to less than the answer window of \(window) are allowed")
    }
    if lastReminder != nil || firstReminder != nil, last < 1 || last >= first {
      violations.add(
        "policy.last_reminder_ms", "POLICY_RANGE",
        "is \(last) ms; 1 to less than the first reminder's \(first) are allowed")
    }
  }
}

extension Timestamp.Span {
  /// Nil for nothing, which stands for the default.
  fileprivate var given: Timestamp.Span? { milliseconds == 0 ? nil : self }
}

extension Realm {
  mutating func take(_ change: PolicyChange) {
    policy = change.policy
    policyVersion = change.version
  }
}
