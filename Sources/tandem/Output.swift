// SPDX-License-Identifier: Apache-2.0
// Prints results: tables for people, JSON for programs, errors to standard error.

import Foundation

/// How results are printed.
struct Output {
  let isJSON: Bool

  /// Prints a value: as JSON, or as the lines given for people.
  func show(_ value: some Encodable, _ lines: () -> [String]) throws {
    if isJSON {
      try write(json(value))
    } else {
      for line in lines() { write(line) }
    }
  }

  /// Prints rows under headings; nothing but the headings when there are none.
  func table(_ value: some Encodable, _ headings: [String], _ rows: [[String]]) throws {
    try show(value) { Self.columns([headings] + rows) }
  }

  /// Prints names with their values; empty values are left out.
  func facts(_ value: some Encodable, _ facts: [(String, String)]) throws {
    let shown = facts.filter { !$0.1.isEmpty }
    let width = shown.map(\.0.count).max() ?? 0
    try show(value) {
      shown.map { $0.0.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + $0.1 }
    }
  }

  /// One line at once, for results that have no end.
  func line(_ value: some Encodable, _ text: @autoclosure () -> String) throws {
    write(isJSON ? try json(value, isPretty: false) : text())
  }

  private func json(_ value: some Encodable, isPretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func write(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  static func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Lines of cells, each column as wide as its widest cell.
  static func columns(_ rows: [[String]]) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let isLast = column == row.count - 1
        line +=
          isLast
          ? cell : cell.padding(toLength: widths[column] + 2, withPad: " ", startingAt: 0)
      }
      return line
    }
  }
}
