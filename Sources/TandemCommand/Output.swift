// SPDX-License-Identifier: Apache-2.0
// Turns results into lines: tables for people, JSON for programs.

import Foundation

/// Takes the lines of a command; they come without their newline.
package struct Console: Sendable {
  let say: @Sendable (String) -> Void
  let complain: @Sendable (String) -> Void

  /// Results go to `say`, errors to `complain`.
  package init(
    say: @escaping @Sendable (String) -> Void, complain: @escaping @Sendable (String) -> Void
  ) {
    self.say = say
    self.complain = complain
  }
}

/// How results are shown.
package struct Output {
  let console: Console
  let isJSON: Bool
  /// The one part of a result that is wanted, from its top down.
  var only: JSONPath?

  /// Prints a value: as JSON, one part of it, or as the lines given for people.
  func show(_ value: some Encodable, _ lines: () -> [String]) throws {
    if let only {
      console.say(Self.visible(try only.part(of: json(value))))
    } else if isJSON {
      console.say(try json(value))
    } else {
      for line in lines() { console.say(Self.visible(line)) }
    }
  }

  /// Prints rows under headings; nothing but the headings when there are none.
  func table(_ value: some Encodable, _ headings: [String], _ rows: [[String]]) throws {
    try show(value) { Self.columns([headings] + rows) }
  }

  /// Prints names with their values; empty values are left out.
  func facts(_ value: some Encodable, _ facts: [(String, String)]) throws {
    let shown = facts.filter { !$0.1.isEmpty }
    try show(value) { Self.columns(shown.map { [$0.0, $0.1] }) }
  }

  /// One line at once, for results that have no end.
  func line(_ value: some Encodable, _ text: @autoclosure () -> String) throws {
    if only != nil { return try show(value) { [] } }
    console.say(isJSON ? try json(value, isPretty: false) : Self.visible(text()))
  }

  /// The same, or what the change would have been when it was only tried.
  func done(_ value: some Encodable, _ text: String, isDry: Bool) throws {
    guard isDry else { return try line(value, text) }
    try line(["possible": true], "nothing was changed; without --validate-only: \(text)")
  }

  /// What a dry run has found to be possible.
  func tried(_ text: String) throws {
    try line(["possible": true], "\(text); nothing was changed")
  }

  private func json(_ value: some Encodable, isPretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A line whose control characters do nothing: texts of other organisations reach the terminal.
  package static func visible(_ line: String) -> String {
    guard line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return line
    }
    var shown = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      switch scalar.value {
      // The block of control pictures has one for each of these.
      case 0x00...0x1F: shown.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F...0x9F: shown.append("\u{FFFD}")
      default: shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// Lines of cells, each column as wide as its widest cell.
  package static func columns(_ rows: [[String]]) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let gap = column == row.count - 1 ? 0 : widths[column] + 2 - cell.count
        return cell + String(repeating: " ", count: gap)
      }.joined()
    }
  }
}
