// SPDX-License-Identifier: Apache-2.0
// How cells are written in CSV, so that spreadsheets show them and run none of them.

package enum CSVText {
  /// Characters that make a spreadsheet compute a cell that begins with them.
  private static let formulas: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

  /// A row as a line, without its newline.
  package static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\r"
  }

  private static func quoted(_ cell: String) -> String {
    let text = guarded(cell)
    let scalars = text.unicodeScalars
    let isPlain =
      !scalars.contains { [",", "\"", "\r", "\n"].contains($0) }
      && scalars.first != " " && scalars.last != " "
    guard !isPlain else { return text }
    var quoted = String.UnicodeScalarView()
    quoted.append("\"")
    for scalar in scalars {
      // Scalars and not letters: an accent behind a mark would hide it.
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// With an apostrophe in front when a spreadsheet would run the cell.
  package static func guarded(_ text: String) -> String {
    isFormula(text) ? "'" + text : text
  }

  /// What `guarded` was given.
  package static func plain(_ cell: String) -> String {
    isFormula(cell) && cell.unicodeScalars.first == "'"
      ? String(String.UnicodeScalarView(cell.unicodeScalars.dropFirst())) : cell
  }

  /// Apostrophes in front count for nothing, so that they come back as they were.
  private static func isFormula(_ text: String) -> Bool {
    text.unicodeScalars.first { $0 != "'" }.map(formulas.contains) ?? false
  }
}
