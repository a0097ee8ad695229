// SPDX-License-Identifier: Apache-2.0
// Finds the command that a command line names, runs it and gives the exit code.
// Must not touch the process's own streams or end the process: the program does.

import TandemClient
import TandemPlatform

/// One group of commands.
struct Command: Sendable {
  let name: String
  let summary: String
  let help: String
  /// The help of those of its words that need more than a few lines.
  var helpOfWords: [String: String] = [:]
  let run: @Sendable (inout Arguments, Output) async throws -> Int32
}

/// What the program `tandem` does.
package enum ClientCommand {
  static let commands: [Command] = [
    ServerCommands.ping, ServerCommands.describe, DealCommands.command, WatchCommand.command,
    InboxCommands.command, OrganisationCommands.command, UserCommands.command,
    LocationCommands.command, StageCommands.command, RoutingCommands.command,
    ContactCommands.command,
    CustomerCommands.command, KeyCommands.command,
    SolutionCommands.command, LeadCommands.command, RealmCommands.command, RuleCommands.command,
    JournalCommands.command, BenchCommand.command,
  ]

  /// The exit code for a wrong command line, as the other programs have it; `journal verify` uses 2.
  private static let usageError: Int32 = 64

  /// The names of all commands.
  package static var names: [String] { commands.map(\.name) }

  /// What has a help text of its own: commands, and words of commands such as `deal import`.
  package static var helpTopics: [String] {
    commands.flatMap { command in
      [command.name] + command.helpOfWords.keys.sorted().map { "\(command.name) \($0)" }
    }
  }

  /// Runs a command line without the program's name; gives the exit code.
  package static func run(_ words: [String], _ console: Console) async -> Int32 {
    guard let name = words.first else {
      console.complain(help)
      return usageError
    }
    if ["--help", "-h", "help"].contains(name) {
      console.say(help)
      return 0
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      let hint = question(name, among: names) ?? "see tandem --help"
      console.complain(Output.visible("tandem: there is no command \"\(name)\"; \(hint)"))
      return usageError
    }
    return await run(command, words.dropFirst(), console)
  }

  private static func run(
    _ command: Command, _ words: ArraySlice<String>, _ console: Console
  ) async -> Int32 {
    do {
      var arguments = try Arguments(words)
      if arguments.flag("help") {
        let word = arguments.maybeNext() ?? ""
        console.say(command.helpOfWords[word] ?? command.help)
        return 0
      }
      let only = try arguments.option("only").map { JSONPath($0) }
      let output = Output(console: console, isJSON: arguments.flag("json"), only: only)
      return try await command.run(&arguments, output)
    } catch let error as UsageError {
      console.complain(Output.visible("tandem \(command.name): \(error.message)"))
      console.complain("see tandem \(command.name) --help")
      return usageError
    } catch let error as TandemError {
      console.complain(Output.visible("\(error)"))
      return 1
    } catch {
      console.complain(Output.visible("tandem \(command.name): \(error)"))
      return 1
    }
  }

  private static var help: String {
    let rows = commands.map { ["  " + $0.name, $0.summary] }
    return """
      tandem: talks to a Tandem server

      \(Output.columns(rows).joined(separator: "\n"))

      Every command takes
        --url tdm://127.0.0.1:7420   the server; else TANDEM_URL, else this machine
        --key tdk_…                  the access key; else TANDEM_API_KEY
        --as-user user_…             in whose name; for service users that may act as others
        --json                       for programs
        --only 0.deal.id             one part of the JSON, for scripts
        --help, -h                   more, with examples

      ends with 0 when done, 1 when refused or failed, 64 for a wrong command line

      examples:
        tandem ping
        tandem deal list --json
      """
  }
}

/// Runs a body with a client as the options say.
func withServer(
  _ arguments: inout Arguments, _ body: (Client) async throws -> Void
) async throws -> Int32 {
  let url = try arguments.option("url")
  let key = try arguments.option("key")
  let user = try arguments.maybeID(.user, option: "as-user")
  try arguments.finish()
  do {
    try await withClient(url, key: key, application: "tandem", actingAs: user, body)
  } catch let error as TandemError where error.code == .unauthenticated {
    guard key == nil, Environment.value("TANDEM_API_KEY") == nil else { throw error }
    throw UsageError("no access key is given; say --key tdk_… or set TANDEM_API_KEY")
  }
  return 0
}

/// Runs the command that the next word names.
func subcommand(
  _ arguments: inout Arguments, _ output: Output,
  _ all: [(String, (inout Arguments, Output) async throws -> Int32)]
) async throws -> Int32 {
  let known = all.map(\.0)
  let list = known.joined(separator: ", ")
  let name = try arguments.next("what to do (\(list))")
  guard let found = all.first(where: { $0.0 == name }) else {
    throw UsageError("\"\(name)\" is none of \(list)", hint: question(name, among: known))
  }
  return try await found.1(&arguments, output)
}
