// SPDX-License-Identifier: Apache-2.0
// The options by which `deal list` and `deal count` choose deals; each of them narrows the choice.

import TandemClient

enum FilterArguments {
  /// Shown in help; the options that `read` takes.
  static let help = """
                     [--status accepted,…] [--direction inbound|outbound] [--favourites] [--mine]
                     [--kind coSell,…] [--stage 60,80] [--partner-to-partner] [--country DE,FR]
                     [--customer BEGINNING] [--name BEGINNING] [--text WORDS] [--currency EUR]
                     [--value-from "1000 EUR"] [--value-to "5000 EUR"] [--crm-id I]
                     [--campaign-id I] [--member-email MAIL] [--location LOC] [--solution-id SOL]
                     [--solution-name BEGINNING]
                     [--tag T] [--owner MAIL|--no-owner]
                     [--counterpart ORG] [--counterpart-status accepted,…] [--engagement ENG]
                     [--due-within 3d] [--closing-within 30d] [--created-within 7d]
                     [--updated-within 12h] [--created-from 2027-01-31] [--created-before DAY]
                     [--closing-from DAY] [--closing-before DAY]
    """

  static func read(_ arguments: inout Arguments) throws -> [[FilterTerm]] {
    var clauses = Clauses()
    try readWords(&arguments, &clauses)
    try readTexts(&arguments, &clauses)
    try readTimes(&arguments, &clauses)
    return clauses.all
  }

  private static func readWords(
    _ arguments: inout Arguments, _ clauses: inout Clauses
  ) throws {
    clauses.add(try arguments.words("status"), FilterTerm.status)
    clauses.add(try arguments.words("direction"), FilterTerm.direction)
    clauses.add(try arguments.words("kind"), FilterTerm.kind)
    clauses.add(try arguments.words("counterpart-status"), FilterTerm.counterpartStatus)
    clauses.add(try arguments.numbers("stage"), FilterTerm.stage)
    if arguments.flag("favourites") { clauses.all.append([.favourite]) }
    if arguments.flag("mine") { clauses.all.append([.mine]) }
    if arguments.flag("partner-to-partner") { clauses.all.append([.partnerToPartner]) }
    clauses.add(try arguments.ids("location", .location)) { .ids(.location, $0) }
    clauses.add(try arguments.ids("solution-id", .solution)) { .ids(.solution, $0) }
    clauses.add(try arguments.ids("counterpart", .organisation)) { .ids(.counterpart, $0) }
    clauses.add(try arguments.ids("engagement", .engagement)) { .ids(.engagement, $0) }
  }

  private static func readTexts(
    _ arguments: inout Arguments, _ clauses: inout Clauses
  ) throws {
    clauses.add(try arguments.list("country")) { .text(.country, .equal, $0) }
    clauses.add(try arguments.list("currency")) { .text(.currency, .equal, $0) }
    clauses.add(try arguments.given("customer")) { .text(.customerName, .begins, $0) }
    clauses.add(try arguments.given("name")) { .text(.name, .begins, $0) }
    clauses.add(try arguments.given("solution-name")) { .text(.solutionName, .begins, $0) }
    clauses.add(try arguments.given("crm-id")) { .text(.crmID, .equal, $0) }
    clauses.add(try arguments.given("campaign-id")) { .text(.campaignID, .equal, $0) }
    clauses.add(try arguments.given("member-email")) { .text(.teamEmail, .equal, $0) }
    clauses.add(try arguments.given("tag")) { .text(.tag, .equal, $0) }
    clauses.add(try arguments.given("owner")) { .text(.ownerEmail, .equal, $0) }
    if arguments.flag("no-owner") { clauses.all.append([!FilterTerm(.ownerEmail, .present)]) }
    for words in try arguments.given("text") {
      clauses.all.append([.text(.text, .contains, [words])])
    }
    if let amount = try arguments.money("value-from") {
      clauses.all.append([.value(.atLeast, amount)])
    }
    if let amount = try arguments.money("value-to") {
      clauses.all.append([.value(.atMost, amount)])
    }
  }

  private static func readTimes(
    _ arguments: inout Arguments, _ clauses: inout Clauses
  ) throws {
    for (name, field, test) in [
      ("due-within", FilterField.respondBy, FilterTest.withinNext),
      ("closing-within", .closeDate, .withinNext), ("created-within", .created, .withinLast),
      ("updated-within", .updated, .withinLast),
    ] {
      guard let span = try arguments.span(name) else { continue }
      clauses.all.append([.time(field, test, milliseconds: span)])
    }
    for (name, field, test) in [
      ("created-from", FilterField.created, FilterTest.atLeast),
      ("created-before", .created, .below), ("closing-from", .closeDate, .atLeast),
      ("closing-before", .closeDate, .below),
    ] {
      guard let day = try arguments.day(name) else { continue }
      clauses.all.append([.time(field, test, day)])
    }
  }

  private struct Clauses {
    var all: [[FilterTerm]] = []

    /// A clause of one term, when there is anything to compare with.
    mutating func add<Value>(_ values: [Value], _ term: ([Value]) -> FilterTerm) {
      if !values.isEmpty { all.append([term(values)]) }
    }
  }
}

extension Arguments {
  /// Words between commas.
  mutating func list(_ name: String) throws(UsageError) -> [String] {
    var found: [String] = []
    for text in try given(name) {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard !parts.contains(where: \.isEmpty) else {
        throw UsageError("--\(name): \"\(text)\" has an empty part")
      }
      found += parts.map(String.init)
    }
    return found
  }

  /// Values of an option, none of them empty: an unset variable must not widen what is asked.
  mutating func given(_ name: String) throws(UsageError) -> [String] {
    let values = all(name)
    guard !values.contains(where: \.isEmpty) else {
      throw UsageError("--\(name) is empty; give a value or leave it out")
    }
    return values
  }

  mutating func words<Value: WireWord>(
    _ name: String, _: Value.Type = Value.self
  ) throws(UsageError) -> [Value] {
    var found: [Value] = []
    for text in try list(name) { found.append(try Self.word(text, for: name)) }
    return found
  }

  mutating func ids(_ name: String, _ kind: ID.Kind) throws(UsageError) -> [ID] {
    var found: [ID] = []
    for text in try list(name) { found.append(try Self.id(kind, text)) }
    return found
  }

  /// Milliseconds, written as `3d`, `12h` or `30m`.
  mutating func span(_ name: String) throws(UsageError) -> Int64? {
    guard let text = try option(name) else { return nil }
    let units: [Character: Int64] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000]
    guard let letter = text.last, let unit = units[letter], let count = Int64(text.dropLast()),
      (1...100_000).contains(count)
    else { throw UsageError("--\(name) is written as 3d, 12h or 30m, not \"\(text)\"") }
    return count * unit
  }
}
