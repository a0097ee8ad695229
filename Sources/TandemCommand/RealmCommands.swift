// SPDX-License-Identifier: Apache-2.0
// `realm`: worlds and their clocks.

import TandemClient

enum RealmCommands {
  static let command = Command(
    name: "realm", summary: "create and show worlds, and move a sandbox's clock",
    help: """
      tandem realm get
      tandem realm list
      tandem realm create --name N [--answer-window-hours H] [--idempotency-key TEXT]
      tandem realm advance --hours H [--idempotency-key TEXT]
      Creating and listing are for the operator; only the clock of a sandbox can be moved.

        tandem realm create --name rehearsal
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
        ])
    }
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
    var policy: RealmPolicy?
    if let hours = try hours("answer-window-hours", &arguments) {
      var chosen = RealmPolicy()
      chosen.answerWindowMilliseconds = hours * 3_600_000
      policy = chosen
    }
    let (made, options) = (policy, try callOptions(&arguments))
    return try await withServer(&arguments) { client in
      let done = try await client.createRealm(name: name, policy: made, options: options)
      try output.facts(
        done, [("realm", text(done.realm)), ("directory", text(done.directory))])
    }
  }

  private static func advance(
    _ arguments: inout Arguments, _ output: Output
  ) async throws -> Int32 {
    guard let hours = try hours("hours", &arguments) else {
      throw UsageError("--hours is missing")
    }
    let options = try callOptions(&arguments)
    return try await withServer(&arguments) { client in
      let done = try await client.advanceClock(by: .seconds(hours * 3_600), options: options)
      try output.facts(done, [("now", text(done.now)), ("commit", "\(done.commit)")])
    }
  }

  private static func hours(_ name: String, _ arguments: inout Arguments) throws -> Int64? {
    guard let hours = try arguments.number(name, Int64.self) else { return nil }
    guard (1...876_000).contains(hours) else {
      throw UsageError("--\(name) is 1 to 876000, not \(hours)")
    }
    return hours
  }
}
