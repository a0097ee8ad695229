// SPDX-License-Identifier: Apache-2.0
// `realm`: worlds and their clocks.

import TandemClient

enum RealmCommands {
  static let command = Command(
    name: "realm", summary: "create and show worlds, and move a sandbox's clock",
    help: """
      tandem realm get
      tandem realm list
      tandem realm create --name N [--answer-window-hours H] [--first-reminder-hours H]
                       [--last-reminder-hours H] [--extension-max-hours H]
                       [--minimum-age-hours H] [--counterparts-max N]
                       [--duplicates warn|refuse] [--lead-retention-hours H]
                       [--idempotency-key TEXT]
      tandem realm advance --hours H [--idempotency-key TEXT]
      Creating and listing are for the operator; only the clock of a sandbox can be moved, by its
      operator: --url tdm://DIRECTORY@HOST with the directory that create tells. An invitation waits
      for its answer as long as the window, which its inviter may extend; reminders are told so long
      before its end. With --validate-only every rule is run and nothing is changed.

        tandem realm create --name rehearsal --answer-window-hours 48 --first-reminder-hours 24
        tandem realm advance --hours 336
      """
  ) { arguments, output in
    try await subcommand(
      &arguments, output,
      [("get", get), ("list", list), ("create", create), ("advance", advance)])
  }

  private static func get(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let found = try await client.getRealm()
      try output.facts(
        found,
        [
          ("id", text(found.realm.id)), ("name", found.realm.name),
          ("sandbox", found.realm.isSandbox ? "yes" : "no"), ("now", text(found.now)),
          ("created", text(found.realm.createdAt)),
        ] + facts(found.realm.policy))
    }
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
      ("duplicates", policy.duplicates == .refuse ? "refused" : "warned about"),
    ]
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
        all, ["ID", "SANDBOX", "CLOCK AHEAD MS", "NAME"],
        all.map {
          [text($0.id), $0.isSandbox ? "yes" : "no", "\($0.clockOffsetMilliseconds)", $0.name]
        })
    }
  }

  private static func create(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let name = try arguments.required("name")
    var policy = RealmPolicy()
    policy.answerWindowMilliseconds = try hours("answer-window-hours", &arguments)
    policy.firstReminderMilliseconds = try hours("first-reminder-hours", &arguments)
    policy.lastReminderMilliseconds = try hours("last-reminder-hours", &arguments)
    policy.extensionMaximumMilliseconds = try hours("extension-max-hours", &arguments)
    policy.minimumAgeBeforeWonMilliseconds = try hours("minimum-age-hours", &arguments)
    policy.leadRetentionMilliseconds = try hours("lead-retention-hours", &arguments)
    policy.duplicates = try arguments.word("duplicates") ?? .unspecified
    policy.counterpartsMaximum = try arguments.number("counterparts-max", UInt32.self) ?? 0
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

  private static func advance(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    let milliseconds = try hours("hours", &arguments)
    guard milliseconds > 0 else { throw UsageError("--hours is missing") }
    let options = try callOptions(&arguments)
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      let done = try await client.advanceClock(
        by: .milliseconds(milliseconds), validatesOnly: isDry, options: options)
      try output.facts(done, [("now", text(done.now)), ("commit", "\(done.commit)")])
    }
  }

  /// In milliseconds; 0 when the option is not given.
  private static func hours(_ name: String, _ arguments: inout Arguments) throws -> Int64 {
    guard let hours = try arguments.number(name, Int64.self) else { return 0 }
    guard (1...876_000).contains(hours) else {
      throw UsageError("--\(name) is 1 to 876000, not \(hours)")
    }
    return hours * 3_600_000
  }
}
