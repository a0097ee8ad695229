// SPDX-License-Identifier: Apache-2.0
// What the documents say about the repository: maps of the targets, links, the form of the changelog.

import Foundation

enum Documents {
  /// A section that maps the targets names each as `Sources/Name`, and none that is gone.
  static func checkMap(_ file: SourceFile, section title: String, targets: Set<String>)
    -> [Violation]
  {
    guard let start = file.lines.firstIndex(where: { $0 == "## \(title)" }) else {
      return [
        Violation(
          path: file.path, line: 0,
          message: "section `## \(title)` with the map of targets is missing")
      ]
    }
    let section = file.lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.joined(separator: "\n")
    let named = Set(section.matches(of: #/`Sources/([A-Za-z0-9-]+)\/?`/#).map { String($0.1) })
    let missing = targets.subtracting(named).sorted().map {
      "`Sources/\($0)` is missing in `## \(title)`"
    }
    let gone = named.subtracting(targets).sorted().map {
      "`Sources/\($0)` in `## \(title)` is no target"
    }
    return (missing + gone).map { Violation(path: file.path, line: start + 1, message: $0) }
  }

  /// Relative links lead to files or folders of the repository.
  static func checkLinks(_ file: SourceFile, paths: Set<String>) -> [Violation] {
    guard file.suffix == "md" else { return [] }
    let folder = file.path.split(separator: "/").dropLast().map(String.init)
    var inFence = false
    var found: [Violation] = []
    for (number, line) in file.lines.enumerated() {
      if line.hasPrefix("```") { inFence.toggle() }
      guard !inFence else { continue }
      for match in line.matches(of: #/\]\(([^)\s]+)\)/#) {
        let target = match.1.prefix { $0 != "#" }
        guard !target.isEmpty, !match.1.contains("://") else { continue }
        if !leadsSomewhere(target, from: folder, paths: paths) {
          found.append(
            Violation(path: file.path, line: number + 1, message: "`\(target)` leads nowhere"))
        }
      }
    }
    return found
  }

  private static func leadsSomewhere(_ target: Substring, from folder: [String], paths: Set<String>)
    -> Bool
  {
    var parts = folder
    for part in target.split(separator: "/") where part != "." {
      if part == ".." {
        guard !parts.isEmpty else { return false }
        parts.removeLast()
      } else {
        parts.append(String(part))
      }
    }
    let path = parts.joined(separator: "/")
    return path.isEmpty || paths.contains(path) || paths.contains { $0.hasPrefix(path + "/") }
  }

  static let buckets: Set<Substring> = [
    "Safety and performance", "Features", "Formats and protocol", "Internals",
  ]
  static let changelogColumns = 100

  /// Versions newest first, only the first one unreleased, entries in four buckets.
  static func checkChangelog(_ file: SourceFile) -> [Violation] {
    var found: [Violation] = []
    func refuse(_ line: Int, _ message: String) {
      found.append(Violation(path: file.path, line: line + 1, message: message))
    }
    var versions: [[Int]] = []
    for (number, line) in file.lines.enumerated() {
      if number == 0 && line != "# Changelog" { refuse(number, "the title is `# Changelog`") }
      if line.count > changelogColumns {
        refuse(number, "\(line.count) columns; at most \(changelogColumns)")
      }
      if line.hasPrefix("## ") {
        guard
          let version = line.wholeMatch(
            of: #/## (\d+)\.(\d+)\.(\d+) \((unreleased|\d{4}-\d{2}-\d{2})\)/#)
        else {
          refuse(number, "a version reads `## 1.2.3 (2026-01-31)` or `## 1.2.3 (unreleased)`")
          continue
        }
        if version.4 == "unreleased" && !versions.isEmpty {
          refuse(number, "only the newest version is unreleased")
        }
        let parts = [version.1, version.2, version.3].compactMap { Int($0) }
        if let newer = versions.last, !parts.lexicographicallyPrecedes(newer) {
          refuse(number, "newest version first")
        }
        versions.append(parts)
      } else if line.hasPrefix("### ") && !buckets.contains(line.dropFirst(4)) {
        refuse(number, "the buckets are \(buckets.sorted().joined(separator: ", "))")
      } else if !versions.isEmpty, let first = line.first, !"#- ".contains(first) {
        refuse(number, "an entry starts with `- `")
      }
    }
    if !file.lines.contains(where: { $0.hasPrefix("## ") }) { refuse(0, "no version") }
    return found
  }
}
