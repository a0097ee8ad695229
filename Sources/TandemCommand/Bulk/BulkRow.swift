// SPDX-License-Identifier: Apache-2.0
// One row of an import as it was read, with what is wrong with it.

import TandemClient

/// Something that keeps a row from being done.
struct RowProblem: Hashable, Sendable, Encodable {
  /// The column, or the path in the request that the server refused.
  let field: String
  /// A stable word, or a rule of the server.
  let rule: String
  /// For people.
  let text: String

  /// What a row says may be long; what is wrong with it is not.
  private static let textMax = 500

  init(_ field: String, _ rule: String, _ text: String) {
    self.field = String(field.prefix(Self.textMax))
    self.rule = rule
    self.text = text.count > Self.textMax ? text.prefix(Self.textMax) + "…" : text
  }

  init(_ column: DealColumn, _ rule: String, _ text: String) {
    self.init(column.rawValue, rule, text)
  }

  var told: String {
    let place = field.isEmpty ? "" : "\(field): "
    return "\(place)\(text) [\(rule)]"
  }
}

struct BulkRow: Sendable {
  /// Counts the rows of the file from 1.
  let number: Int
  /// The line of the file where it begins.
  let line: Int
  /// What the row says; other columns of the deal stay as they are.
  var values: [DealColumn: BulkValue] = [:]
  var problems: [RowProblem] = []

  init(number: Int, line: Int) {
    self.number = number
    self.line = line
  }

  /// The deal that the row is about; nil: a new one.
  var deal: ID? { id(.id) }

  func text(_ column: DealColumn) -> String {
    if case .text(let text)? = values[column] { text } else { "" }
  }

  func flag(_ column: DealColumn) -> Bool {
    if case .flag(let flag)? = values[column] { flag } else { false }
  }

  func number(_ column: DealColumn) -> UInt64? {
    if case .number(let number)? = values[column] { number } else { nil }
  }

  func id(_ column: DealColumn) -> ID? {
    if case .id(let id)? = values[column] { id } else { nil }
  }

  func moment(_ column: DealColumn) -> Moment? {
    if case .moment(let moment)? = values[column] { moment } else { nil }
  }

  func money(_ column: DealColumn) -> Money? {
    if case .money(let money)? = values[column] { money } else { nil }
  }

  func people(_ column: DealColumn) -> [Person] {
    if case .people(let people)? = values[column] { people } else { [] }
  }

  func words(_ column: DealColumn) -> [String] {
    if case .words(let words)? = values[column] { words } else { [] }
  }

  var solutions: [ListedSolution] {
    if case .solutions(let solutions)? = values[.solutions] { solutions } else { [] }
  }
}
