// SPDX-License-Identifier: Apache-2.0
// `realm`: worlds and their clocks.

import TandemClient

enum RealmCommands {
  static let command = Command(
    name: "realm", summary: "create, update and show worlds, and move a sandbox's clock",
    help: """
      tandem realm get
      tandem realm list
      tandem realm show NAME|REALM
      tandem realm create --name N [POLICY] [--idempotency-key TEXT]
      tandem realm update NAME|REALM POLICY [--idempotency-key TEXT]
      tandem realm advance --hours H [--idempotency-key TEXT]
      POLICY is any of
                       [--answer-window-hours H] [--first-reminder-hours H]
                       [--last-reminder-hours H] [--extension-max-hours H]
                       [--minimum-age-hours H] [--counterparts-max N]
                       [--duplicates warn|refuse] [--lead-retention-hours H]
                       [--contact-wish-hours H] [--vendor-retries 0|1]
      with "default" for H or N to go back to what a realm has that says nothing.
      Creating and updating are for the operator of main, everybody may look; only the clock of a sandbox
      can be moved, by its operator: --url tdm://DIRECTORY@HOST with the directory that create tells. An
      invitation waits for its answer as long as the window, which its inviter may extend; reminders are
      told so long before its end. With --vendor-retries 1 the vendor may be asked once more about a deal
      after its no. An update changes what is named, for what is decided from then on; an answer stays
      due when its invitation said. With --validate-only every rule is run and nothing is changed.

        tandem realm create --name rehearsal --answer-window-hours 48 --first-reminder-hours 24
        tandem realm update main --answer-window-hours 240 --duplicates refuse
        tandem realm update rehearsal --first-reminder-hours default --vendor-retries 1
        tandem realm show rehearsal
        tandem realm advance --hours 336
      """
  ) { arguments, output in
    try await subcommand(
      &arguments, output,
      [
        ("get", get), ("list", list), ("show", show), ("create", create), ("update", update),
        ("advance", advance),
      ])
  }

  private static func get(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let found = try await client.getRealm()
      try output.facts(found, facts(found.realm, [("now", text(found.now))]))
    }
  }

  private static func show(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let word = try arguments.next("the realm's name or id")
    return try await withServer(&arguments) { client in
      let realm = try await found(word, client)
      try output.facts(realm, facts(realm))
    }
  }

  private static func facts(
    _ realm: Realm, _ more: [(String, String)] = []
  ) -> [(String, String)] {
    [("id", text(realm.id)), ("name", realm.name), ("sandbox", realm.isSandbox ? "yes" : "no")]
      + more + [("created", text(realm.createdAt))] + facts(realm.policy)
      + [("policy changes", "\(realm.policyVersion)")]
  }

  private static func facts(_ policy: RealmPolicy) -> [(String, String)] {
    [
      ("answer window", length(policy.answerWindowMilliseconds)),
      ("first reminder", length(policy.firstReminderMilliseconds) + " before its end"),
      ("last reminder", length(policy.lastReminderMilliseconds) + " before its end"),
      ("extension", "at most " + length(policy.extensionMaximumMilliseconds)),
      ("minimum age before won", length(policy.minimumAgeBeforeWonMilliseconds)),
      ("counterparts", "at most \(policy.counterpartsMaximum)"),
      ("marketplace leads", "kept for " + length(policy.leadRetentionMilliseconds)),
      ("wish to be contacted", "strong for " + length(policy.contactWishMilliseconds)),
      ("duplicates", duplicates(policy)),
      ("vendor after a no", retries(policy.vendorRetries)),
    ]
  }

  private static func duplicates(_ policy: RealmPolicy) -> String {
    policy.duplicates == .refuse ? "refused" : "warned about"
  }

  private static func retries(_ count: UInt32) -> String {
    count == 0 ? "not asked again" : "asked again \(count == 1 ? "once" : "\(count) times")"
  }

  /// In the largest unit that says it exactly.
  private static func length(_ milliseconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (1_000, "s")]
    let unit = units.first { milliseconds % $0.0 == 0 } ?? (1, "ms")
    return "\(milliseconds / unit.0) \(unit.1)"
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let all = try await client.listRealms()
      try output.table(
        all,
        [
          "ID", "SANDBOX", "CLOCK AHEAD MS", "ANSWER WINDOW", "DUPLICATES", "VENDOR RETRIES",
          "NAME",
        ],
        all.map {
          [
            text($0.id), $0.isSandbox ? "yes" : "no", "\($0.clockOffsetMilliseconds)",
            length($0.policy.answerWindowMilliseconds), duplicates($0.policy),
            "\($0.policy.vendorRetries)", $0.name,
          ]
        })
    }
  }

  /// By its id, or by its name whatever the case.
  private static func found(_ word: String, _ client: Client) async throws -> Realm {
    let all = try await client.listRealms()
    if let realm = all.first(where: { text($0.id) == word }) { return realm }
    if let realm = all.first(where: { $0.name.lowercased() == word.lowercased() }) { return realm }
    throw UsageError("no realm is called \"\(word)\"; \"tandem realm list\" lists them")
  }

  /// What is said of a policy.
  private static func change(_ arguments: inout Arguments) throws -> RealmPolicyChange {
    var change = RealmPolicyChange()
    change.answerWindowMilliseconds = try hours("answer-window-hours", &arguments)
    change.firstReminderMilliseconds = try hours("first-reminder-hours", &arguments)
    change.lastReminderMilliseconds = try hours("last-reminder-hours", &arguments)
    change.extensionMaximumMilliseconds = try hours("extension-max-hours", &arguments)
    change.minimumAgeBeforeWonMilliseconds = try hours("minimum-age-hours", &arguments)
    change.leadRetentionMilliseconds = try hours("lead-retention-hours", &arguments)
    change.contactWishMilliseconds = try hours("contact-wish-hours", &arguments)
    change.duplicates = try arguments.word("duplicates")
    change.vendorRetries = try arguments.number("vendor-retries", UInt32.self)
    let isDefault = try arguments.option("counterparts-max") == "default"
    change.counterpartsMaximum =
      isDefault ? 0 : try arguments.number("counterparts-max", UInt32.self)
    // Said by a number it would be the default, too.
    if !isDefault, change.counterpartsMaximum == 0 {
      throw UsageError("--counterparts-max: 0 is too few; say 1 to 20, or default")
    }
    return change
  }

  private static func create(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let name = try arguments.required("name")
    let change = try change(&arguments)
    var policy = RealmPolicy()
    policy.answerWindowMilliseconds = change.answerWindowMilliseconds ?? 0
    policy.firstReminderMilliseconds = change.firstReminderMilliseconds ?? 0
    policy.lastReminderMilliseconds = change.lastReminderMilliseconds ?? 0
    policy.extensionMaximumMilliseconds = change.extensionMaximumMilliseconds ?? 0
    policy.minimumAgeBeforeWonMilliseconds = change.minimumAgeBeforeWonMilliseconds ?? 0
    policy.leadRetentionMilliseconds = change.leadRetentionMilliseconds ?? 0
    policy.contactWishMilliseconds = change.contactWishMilliseconds ?? 0
    policy.duplicates = change.duplicates ?? .unspecified
    policy.counterpartsMaximum = change.counterpartsMaximum ?? 0
    policy.vendorRetries = change.vendorRetries ?? 0
    let (made, options) = (policy, try callOptions(&arguments))
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      let done = try await client.createRealm(
        name: name, policy: made, validatesOnly: isDry, options: options)
      if isDry { return try output.tried("the realm could be created") }
      try output.facts(
        done, [("realm", text(done.realm)), ("directory", text(done.directory))])
    }
  }

  private static func update(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let word = try arguments.next("the realm's name or id")
    let change = try change(&arguments)
    guard change != RealmPolicyChange() else {
      throw UsageError("say what is to change, such as --answer-window-hours 240")
    }
    let options = try callOptions(&arguments)
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      let realm = try await found(word, client)
      guard let id = realm.id else { throw UsageError("the realm has no id") }
      try await client.updateRealm(id, change, validatesOnly: isDry, options: options)
      try output.done(["id": id], "\(realm.name) changed", isDry: isDry)
    }
  }

  private static func advance(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    guard let milliseconds = try hours("hours", &arguments), milliseconds > 0 else {
      throw UsageError("--hours is missing")
    }
    let options = try callOptions(&arguments)
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      let done = try await client.advanceClock(
        by: .milliseconds(milliseconds), validatesOnly: isDry, options: options)
      try output.facts(done, [("now", text(done.now)), ("commit", "\(done.commit)")])
    }
  }

  /// In milliseconds; nil when the option is not given, 0 for the default.
  private static func hours(_ name: String, _ arguments: inout Arguments) throws -> Int64? {
    if try arguments.option(name) == "default" { return 0 }
    guard let hours = try arguments.number(name, Int64.self) else { return nil }
    guard (1...876_000).contains(hours) else {
      throw UsageError("--\(name) is 1 to 876000, not \(hours)")
    }
    return hours * 3_600_000
  }
}
