// SPDX-License-Identifier: Apache-2.0
// The command line tool: finds the command, connects, prints, ends with an exit code.
// 0 done, 1 refused or failed, 2 wrong command line. `journal verify` has its own codes.

import Foundation
import TandemClient

/// One group of commands.
struct Command: Sendable {
  let name: String
  let summary: String
  let help: String
  let run: @Sendable (inout Arguments, Output) async throws -> Int32
}

@main struct Main {
  static let commands: [Command] = [
    ServerCommands.ping, ServerCommands.describe, DealCommands.command, WatchCommand.command,
    InboxCommands.command, OrganisationCommands.command, UserCommands.command,
    LocationCommands.command, KeyCommands.command, RealmCommands.command,
    JournalCommands.command, BenchCommand.command,
  ]

  static func main() async {
    exit(await run(CommandLine.arguments.dropFirst()))
  }

  static func run(_ words: ArraySlice<String>) async -> Int32 {
    guard let name = words.first, name != "--help", name != "help" else {
      Output(isJSON: false).help()
      return words.isEmpty ? 2 : 0
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      Output.complain("tandem: there is no command \"\(name)\"; see tandem --help")
      return 2
    }
    do {
      var arguments = try Arguments(words.dropFirst())
      if arguments.flag("help") {
        Swift.print(command.help)
        return 0
      }
      return try await command.run(&arguments, Output(isJSON: arguments.flag("json")))
    } catch let error as UsageError {
      Output.complain("tandem \(name): \(error.message); see tandem \(name) --help")
      return 2
    } catch let error as TandemError {
      Output.complain("\(error)")
      return 1
    } catch {
      Output.complain("tandem \(name): \(error)")
      return 1
    }
  }
}

extension Output {
  func help() {
    let rows = Main.commands.map { ["  " + $0.name, $0.summary] }
    Swift.print(
      """
      tandem: talks to a Tandem server

      \(Output.columns(rows).joined(separator: "\n"))

      Every command takes
        --url tdm://127.0.0.1:7420   the server; else TANDEM_URL, else this machine
        --key tdk_…                  the access key; else TANDEM_API_KEY
        --json                       for programs
        --help                       more, with examples
      """)
  }
}

/// Runs a body with a client as the options say.
func withServer(
  _ arguments: inout Arguments, _ body: (Client) async throws -> Void
) async throws -> Int32 {
  let url = try arguments.option("url")
  let key = try arguments.option("key")
  try arguments.finish()
  try await withClient(url, key: key, application: "tandem", body)
  return 0
}

/// Runs the command that the next word names.
func subcommand(
  _ arguments: inout Arguments, _ output: Output,
  _ all: [(String, (inout Arguments, Output) async throws -> Int32)]
) async throws -> Int32 {
  let known = all.map(\.0).joined(separator: ", ")
  let name = try arguments.next("what to do (\(known))")
  guard let found = all.first(where: { $0.0 == name }) else {
    throw UsageError("\"\(name)\" is none of \(known)")
  }
  return try await found.1(&arguments, output)
}
