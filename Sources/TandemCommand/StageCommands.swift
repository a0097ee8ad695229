// SPDX-License-Identifier: Apache-2.0
// `stage …`: the organisation's own names of sales stages.

import TandemClient

enum StageCommands {
  static let command = Command(
    name: "stage", summary: "name the sales stages as your company does",
    help: """
      tandem stage list
      tandem stage set NAME=PERCENT…       replaces all own names
      tandem stage set --none              forgets them

      A PERCENT is that of a standard stage: 10, 20, 40, 60 or 80. deal patch --stage takes own names,
      the standard names and percentages. With --validate-only every rule is run, nothing is changed.

        tandem stage set Prospecting=10 "Needs analysis=40" Quote=60
        tandem stage list --json
      """
  ) { arguments, output in
    try await subcommand(&arguments, output, [("list", list), ("set", set)])
  }

  private static func list(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    try await withServer(&arguments) { client in
      let names = try await client.getOrganisation().stageNames
      try output.table(names, ["STAGE", "NAME"], names.map { ["\($0.stage) %", $0.name] })
    }
  }

  private static func set(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    var names: [StageName] = []
    while let word = arguments.maybeNext() { names.append(try name(word)) }
    if arguments.flag("none") != names.isEmpty {
      throw UsageError("give names as NAME=PERCENT, or --none alone to forget them all")
    }
    let options = try callOptions(&arguments)
    let given = names
    let isDry = arguments.flag("validate-only")
    return try await withServer(&arguments) { client in
      try await client.setStageNames(given, validatesOnly: isDry, options: options)
      try output.done(
        ["names": given.count], given.count == 1 ? "1 name" : "\(given.count) names", isDry: isDry)
    }
  }

  /// A name may hold "=": the percentage follows the last.
  private static func name(_ word: String) throws(UsageError) -> StageName {
    guard let place = word.lastIndex(of: "="), let stage = UInt32(word[word.index(after: place)...])
    else { throw UsageError("\"\(word)\" is not NAME=PERCENT, such as Quote=60") }
    return StageName(String(word[..<place]), stage: stage)
  }
}
