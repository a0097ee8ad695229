// SPDX-License-Identifier: Apache-2.0
// The operator changes the policy of a realm that is at work, as everybody in it sees it over the wire.

import TandemClient
import Testing

private let day: Int64 = 86_400_000

struct PolicyScenarios {
  private func figures(_ company: Company) async throws -> [String: Int64] {
    let policy = try await company.client.describeRules().policy
    return Dictionary(uniqueKeysWithValues: policy.map { ($0.name, $0.value) })
  }

  private func window(of deal: ID, at company: Company) async throws -> Int64? {
    let content = try await company.client.getDeal(deal).deal.invitation
    guard let sent = content?.sentAt, let end = content?.respondBy else { return nil }
    return end.milliseconds - sent.milliseconds
  }

  @Test
  func `ruling 4 section 10 a new window holds for what is sent from then on, the old one stays`()
    async throws
  {
    try await Ecosystem.run { world in
      let (before, old) = try await world.invited()
      try await world.rule { change in
        change.answerWindowMilliseconds = 2 * day
        change.firstReminderMilliseconds = day
      }
      #expect(try await window(of: old, at: world.fabrikam) == 14 * day)
      let after = try await world.deal()
      try await world.invite(world.fabrikam, to: after)
      let new = try await world.copy(of: after, at: world.fabrikam)
      #expect(try await window(of: new, at: world.fabrikam) == 2 * day)
      #expect(try await figures(world.fabrikam)["answer_window"] == 2 * day)
      #expect(try await figures(world.fabrikam)["first_reminder_before_end"] == day)

      let late = try await world.join("Tailspin")
      let told = try await late.client.getRealm().realm
      #expect(told.policy.answerWindowMilliseconds == 2 * day && told.policyVersion == 1)

      try await world.pass(.milliseconds(day * 3 / 2))
      try await world.pass(.milliseconds(day * 3 / 2))
      _ = try await world.contoso.deal(after) { $0.cards.map(\.status) == [.expired] }
      #expect(try await world.contoso.client.getDeal(before).deal.cards.map(\.status) == [.pending])
      try await world.pass(.milliseconds(11 * day))
      _ = try await world.contoso.deal(before) { $0.cards.map(\.status) == [.expired] }
      let causes = try await world.fabrikam.client.history(of: new).map(\.cause)
      #expect(causes == [.invitationReceived, .reminded, .expired])
    }
  }

  @Test func `ruling 4 each value is changed, kept and put back to what it was at first`()
    async throws
  {
    try await Ecosystem.run { world in
      let first = try await figures(world.contoso)
      try await world.rule { change in
        change.answerWindowMilliseconds = 10 * day
        change.minimumAgeBeforeWonMilliseconds = day
        change.counterpartsMaximum = 1
        change.firstReminderMilliseconds = 5 * day
        change.lastReminderMilliseconds = 2 * day
        change.extensionMaximumMilliseconds = 3 * day
        change.duplicates = .refuse
        change.leadRetentionMilliseconds = 30 * day
        change.contactWishMilliseconds = 4 * day
        change.vendorRetries = 1
      }
      let changed: [String: Int64] = [
        "answer_window": 10 * day, "minimum_age_before_won": day, "counterparts_max": 1,
        "first_reminder_before_end": 5 * day, "last_reminder_before_end": 2 * day,
        "extension_max": 3 * day, "duplicates": 2, "lead_retention": 30 * day,
        "contact_wish": 4 * day, "vendor_retries": 1,
      ]
      #expect(try await figures(world.contoso) == changed)
      // What is not named stays.
      try await world.rule { $0.vendorRetries = 0 }
      #expect(try await figures(world.vendor) == changed.merging(["vendor_retries": 0]) { $1 })
      try await world.rule { change in
        change.answerWindowMilliseconds = 0
        change.minimumAgeBeforeWonMilliseconds = 0
        change.counterpartsMaximum = 0
        change.firstReminderMilliseconds = 0
        change.lastReminderMilliseconds = 0
        change.extensionMaximumMilliseconds = 0
        change.duplicates = .unspecified
        change.leadRetentionMilliseconds = 0
        change.contactWishMilliseconds = 0
      }
      #expect(try await figures(world.fabrikam) == first)
      #expect(
        first["contact_wish"] == 3 * day && first["vendor_retries"] == 0
          && first["counterparts_max"] == 20)
    }
  }

  @Test
  func `ruling 4 section 10 counterparts, duplicates, extensions and ages follow the new policy`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let (deal, _) = try await world.invited()
      try await world.rule { change in
        change.counterpartsMaximum = 1
        change.duplicates = .refuse
        change.extensionMaximumMilliseconds = day
        change.minimumAgeBeforeWonMilliseconds = 100 * day
      }
      let tailspin = try await world.join("Tailspin")
      let full = try await refused { try await world.invite(tailspin, to: deal) }
      #expect(full.reason == "COUNTERPARTS_FULL")
      let twice = try await refused { try await world.deal() }
      #expect(twice.reason == "POSSIBLE_DUPLICATE", "\(twice)")
      let long = try await refused {
        try await client.extendInvitation(deal, of: world.fabrikam.id, until: .daysLater(2))
      }
      #expect(long.violations.map(\.reason) == ["EXTENSION_TOO_LONG"])
      _ = try await client.extendInvitation(deal, of: world.fabrikam.id, until: .daysLater(1))
      try await world.pass(.milliseconds(90 * day))
      #expect(try await client.winDeal(deal).warnings.map(\.code) == ["CLOSED_WITHIN_72H"])
    }
  }

  @Test func `ruling 4 section 18 how long a wish to be contacted is strong is the realm's word`()
    async throws
  {
    try await Ecosystem.run { world in
      let lead = try await world.send { $0.wantsContact = true }
      try await world.rule { $0.contactWishMilliseconds = 5 * day }
      try await world.pass(.milliseconds(4 * day))
      #expect(try await world.contoso.client.getLead(lead).wantsContactNow)
      try await world.rule { $0.contactWishMilliseconds = 2 * day }
      #expect(try await !world.contoso.client.getLead(lead).wantsContactNow)
    }
  }

  @Test func `ruling 4 main's own policy is changed too, and the sandbox keeps its own`()
    async throws
  {
    try await Ecosystem.run { world in
      let main = try #require(try await world.main.getRealm().realm.id)
      var change = RealmPolicyChange()
      change.answerWindowMilliseconds = 7 * day
      let said = change
      try await world.main.updateRealm(main, said)
      let realms = try await world.main.listRealms()
      #expect(
        realms.map { $0.policy.answerWindowMilliseconds } == [7 * day, 14 * day]
          && realms.map(\.policyVersion) == [1, 0])
      #expect(try await world.main.getRealm().realm.policy.lastReminderMilliseconds == day / 2)
      #expect(try await figures(world.contoso)["answer_window"] == 14 * day)
      // The same once more changes nothing.
      try await world.main.updateRealm(main, said)
      #expect(try await world.main.getRealm().realm.policyVersion == 1)
    }
  }

  @Test
  func `ruling 4 ruling 7 all that is wrong with a policy is told at once, and nothing changes`()
    async throws
  {
    try await Ecosystem.run { world in
      var change = RealmPolicyChange()
      change.answerWindowMilliseconds = -1
      change.minimumAgeBeforeWonMilliseconds = 401 * day
      change.counterpartsMaximum = 21
      change.firstReminderMilliseconds = 5
      change.leadRetentionMilliseconds = -1
      change.contactWishMilliseconds = 401 * day
      change.vendorRetries = 2
      let wrong = change
      for isDry in [true, false] {
        let refusal = try await refused {
          try await world.main.updateRealm(world.realm, wrong, validatesOnly: isDry)
        }
        #expect(refusal.code == .invalidArgument)
        #expect(refusal.violations.allSatisfy { $0.reason == "POLICY_RANGE" })
        #expect(
          Set(refusal.violations.map(\.field)) == [
            "policy.answer_window_ms", "policy.minimum_age_before_won_ms",
            "policy.counterparts_max", "policy.first_reminder_ms", "policy.last_reminder_ms",
            "policy.extension_max_ms", "policy.lead_retention_ms", "policy.contact_wish_ms",
            "policy.vendor_retries",
          ])
      }
      let nothing = try await refused {
        try await world.main.updateRealm(world.realm, RealmPolicyChange())
      }
      #expect(nothing.violations.map { "\($0.field) \($0.reason)" } == ["policy FIELD_REQUIRED"])
      var good = RealmPolicyChange()
      good.answerWindowMilliseconds = day
      let said = good
      let stranger = try #require(ID(.realm, bytes: [UInt8](repeating: 1, count: 16)))
      let unknown = try await refused { try await world.main.updateRealm(stranger, said) }
      #expect(unknown.code == .notFound && unknown.reason == "REALM_NOT_FOUND")
      let elsewhere = try await refused { try await world.registrar.updateRealm(world.realm, said) }
      #expect(elsewhere.code == .failedPrecondition && elsewhere.reason == "NOT_MAIN")
      for client in [world.contoso.client, world.vendor.client] {
        let denied = try await refused { try await client.updateRealm(world.realm, said) }
        #expect(denied.code == .permissionDenied && denied.reason == "OPERATOR_NEEDED")
      }
      try await world.main.updateRealm(world.realm, said, validatesOnly: true)
      let realm = try await world.main.listRealms().first { $0.id == world.realm }
      #expect(realm?.policyVersion == 0 && realm?.policy.answerWindowMilliseconds == 14 * day)
    }
  }

  @Test func `ruling 4 a repeated request changes a policy once, whatever was said meanwhile`()
    async throws
  {
    try await Ecosystem.run { world in
      var change = RealmPolicyChange()
      change.answerWindowMilliseconds = 3 * day
      let said = change
      var options = CallOptions()
      options.idempotencyKey = Array("policy-1".utf8)
      let once = options
      try await world.main.updateRealm(world.realm, said, options: once)
      change.answerWindowMilliseconds = 4 * day
      let later = change
      try await world.main.updateRealm(world.realm, later)
      try await world.main.updateRealm(world.realm, said, options: once)
      let realm = try await world.main.listRealms().first { $0.id == world.realm }
      #expect(realm?.policyVersion == 2 && realm?.policy.answerWindowMilliseconds == 4 * day)
    }
  }
}
