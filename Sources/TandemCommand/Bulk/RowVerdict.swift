// SPDX-License-Identifier: Apache-2.0
// What became of one row, and of all of them.

import TandemClient

struct RowVerdict: Sendable, Encodable {
  enum Kind: String, Sendable, Encodable, CaseIterable {
    case created, changed, unchanged
    /// Carried out by an earlier run.
    case doneBefore
    case refused
    /// Neither done nor refused: the server could not say why.
    case failed

    /// Whether a later run passes over the row.
    var isDone: Bool {
      switch self {
      case .created, .changed, .unchanged, .doneBefore: true
      case .refused, .failed: false
      }
    }
  }

  /// As many stand in a report.
  private static let problemsMax = 50

  let row: Int
  let line: Int
  /// Nil for a row that cannot be read.
  let key: String?
  var verdict: Kind
  var deal: ID?
  var version: UInt64?
  var problems: [RowProblem] = []

  init(_ row: BulkRow, key: RowKey?, _ verdict: Kind) {
    self.row = row.number
    line = row.line
    self.key = key?.text
    self.verdict = verdict
    deal = row.deal
  }

  /// For people.
  var told: String {
    let place = row == line ? "row \(row)" : "row \(row), line \(line)"
    return "\(place): \(verdict.rawValue): \(problems.map(\.told).joined(separator: "; "))"
  }

  /// As a line of a report.
  var json: String {
    var fields = ["\"row\":\(row)", "\"line\":\(line)"]
    if let key { fields.append("\"key\":\"\(key)\"") }
    fields.append("\"verdict\":\"\(verdict.rawValue)\"")
    if let deal { fields.append("\"deal\":\"\(deal)\"") }
    if let version { fields.append("\"version\":\(version)") }
    if !problems.isEmpty {
      let told = problems.prefix(Self.problemsMax).map { problem in
        "{\"field\":\(JSONNode.quoted(problem.field)),\"rule\":\(JSONNode.quoted(problem.rule)),"
          + "\"text\":\(JSONNode.quoted(problem.text))}"
      }
      fields.append("\"problems\":[\(told.joined(separator: ","))]")
    }
    return "{\(fields.joined(separator: ","))}"
  }
}

struct ImportSummary: Sendable, Encodable {
  var created = 0
  var changed = 0
  var unchanged = 0
  var doneBefore = 0
  var refused = 0
  var failed = 0

  var rows: Int { created + changed + unchanged + doneBefore + refused + failed }

  mutating func count(_ kind: RowVerdict.Kind) {
    switch kind {
    case .created: created += 1
    case .changed: changed += 1
    case .unchanged: unchanged += 1
    case .doneBefore: doneBefore += 1
    case .refused: refused += 1
    case .failed: failed += 1
    }
  }

  var told: String {
    var parts = ["\(created) created", "\(changed) changed", "\(unchanged) unchanged"]
    if doneBefore > 0 { parts.append("\(doneBefore) done before") }
    parts.append("\(refused) refused")
    if failed > 0 { parts.append("\(failed) failed") }
    return parts.joined(separator: ", ")
  }
}
