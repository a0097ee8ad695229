// SPDX-License-Identifier: Apache-2.0
// Refusals name rules by the ids that docs/rules.txt has, so that whoever reads one finds the other.

import Foundation

enum RuleIDs {
  /// The first column.
  static func known(in file: SourceFile) -> Set<String> {
    Set(
      file.lines.filter { $0.contains(" | ") }.map { line in
        line.prefix { $0 != "|" }.trimmingCharacters(in: .whitespaces)
      })
  }

  /// What stands in `rules: ["…", "…"]`.
  static func check(_ file: SourceFile, known: Set<String>) -> [Violation] {
    var violations: [Violation] = []
    for (place, line) in file.lines.enumerated() {
      for list in line.matches(of: #/\brules: \[("[^\]]*")\]/#) {
        for id in list.output.1.split(separator: ",") {
          let id = id.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
          if known.contains(id) { continue }
          violations.append(
            Violation(
              path: file.path, line: place + 1, message: "`\(id)` is no rule of docs/rules.txt"))
        }
      }
    }
    return violations
  }
}
