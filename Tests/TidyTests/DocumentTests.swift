// SPDX-License-Identifier: Apache-2.0
// The documents agree with the tree, and each check notices when one does not.

import Testing

struct DocumentTests {
  private static let targets = Set(Layering.layers.map(\.name))

  @Test(arguments: [("README.md", "Map"), ("docs/ARCHITECTURE.md", "Parts")])
  func `the map lists exactly the targets`(path: String, section: String) throws {
    let file = try #require(Repository.this.file(path), "\(path) is missing")
    #expect(Documents.checkMap(file, section: section, targets: Self.targets) == [])
  }

  @Test func `relative links lead somewhere`() {
    let paths = Set(Repository.this.files.map(\.path))
    #expect(Repository.this.files.flatMap { Documents.checkLinks($0, paths: paths) } == [])
  }

  @Test func `refusals name rules that there are`() throws {
    let known = RuleIDs.known(in: try #require(Repository.this.file("docs/rules.txt")))
    #expect(known.contains("T10") && known.contains("section 10a") && known.contains("R-402"))
    let sources = Repository.this.files(under: "Sources/TandemDomain/")
    #expect(sources.flatMap { RuleIDs.check($0, known: known) } == [])
    let wrong = SourceFile("a.swift", #"Rejection(rules: ["T10", "R-999"])"#)
    #expect(RuleIDs.check(wrong, known: known).map(\.message).count == 1)
    #expect(RuleIDs.check(SourceFile("a.swift", #"rules: ["T10"])"#), known: known) == [])
  }

  @Test func `the changelog keeps its form`() throws {
    let file = try #require(Repository.this.file("CHANGELOG.md"))
    #expect(Documents.checkChangelog(file) == [])
  }

  @Test func `a stale map is found`() {
    let file = SourceFile(
      "README.md", "# A\n\n## Map\n- `Sources/Here`\n- `Sources/Gone`\n\n## B\n`Sources/Late`\n")
    #expect(
      Documents.checkMap(file, section: "Map", targets: ["Here", "Late"]).map(\.message) == [
        "`Sources/Late` is missing in `## Map`", "`Sources/Gone` in `## Map` is no target",
      ])
    #expect(Documents.checkMap(file, section: "Parts", targets: []).count == 1)
  }

  @Test(arguments: ["[a](b.md)", "[a](../../b.md)", "text [a](c.md#part) and [b](d/)"])
  func `a link that leads nowhere is found`(line: String) {
    let file = SourceFile("docs/a.md", "\n\(line)")
    #expect(
      Documents.checkLinks(file, paths: ["docs/a.md", "docs/c.md", "b.md"]).map(\.line) == [2])
  }

  @Test(arguments: [
    "[a](c.md#part)", "[a](../b.md)", "[a](../docs)", "[a](#here)", "[a](https://example.com/x)",
    "```\n[a](nothing.md)\n```",
  ])
  func `a link that leads somewhere is fine`(line: String) {
    let file = SourceFile("docs/a.md", line)
    #expect(Documents.checkLinks(file, paths: ["docs/a.md", "docs/c.md", "b.md"]) == [])
  }

  @Test(arguments: [
    "# Changes\n## 0.1.0 (unreleased)", "# Changelog\n", "# Changelog\n## 0.1.0",
    "# Changelog\n## 0.1.0 (2026-01-31)\nText",
    "# Changelog\n## 0.1.0 (2026-01-31)\n## 0.2.0 (2026-02-28)",
    "# Changelog\n## 0.2.0 (2026-01-31)\n## 0.1.0 (unreleased)",
    "# Changelog\n## 0.1.0 (unreleased)\n### Fixed",
    "# Changelog\n## 0.1.0 (unreleased)\n- " + String(repeating: "x", count: 99),
  ])
  func `a changelog out of form is found`(text: String) {
    #expect(Documents.checkChangelog(SourceFile("CHANGELOG.md", text)).count == 1)
  }

  @Test func `a changelog in form is fine`() {
    let text =
      "# Changelog\n\n## 0.2.0 (unreleased)\n\n### Features\n\n- One\n  more\n\n## 0.1.0 (2026-01-31)\n"
    #expect(Documents.checkChangelog(SourceFile("CHANGELOG.md", text)) == [])
  }
}
