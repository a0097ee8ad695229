// SPDX-License-Identifier: Apache-2.0
// The files of the repository keep their form, and each check notices a breach.

import Testing

struct FileRulesTests {
  private static let licence = "// SPDX-License-Identifier: Apache-2.0\n"

  @Test func `the list of files is complete`() {
    #expect(Repository.this.files.count > 30)
    #expect(Repository.this.file("Tests/TidyTests/FileRulesTests.swift") != nil)
  }

  @Test func `every file keeps its form`() {
    #expect(Repository.this.files.flatMap(FileShape.check) == [])
  }

  @Test(arguments: [
    "Sources/TandemServer/StringUtils.swift", "Sources/TandemServer/SessionManager.swift",
    "scripts/common",
    "Sources/TandemServer/Helpers/Session.swift", "Sources/TandemServer/New/Session.swift",
    "Sources/TandemServer/State Machine/Session.swift",
  ])
  func `a name that says nothing is found`(path: String) {
    #expect(FileShape.name(SourceFile(path, "")).count == 1)
  }

  @Test(arguments: [
    "Sources/TandemDomain/Commonwealth.swift", "proto/tandem/v1/deals.proto", ".ci/run",
    "Sources/A/A+NewTab.swift",
  ])
  func `a name that holds a banned word inside another is fine`(path: String) {
    #expect(FileShape.name(SourceFile(path, "")) == [])
  }

  @Test(arguments: [(500, 0), (501, 1)])
  func `a file of more than five hundred lines is found`(lines: Int, found: Int) {
    let text = String(repeating: "x\n", count: lines)
    #expect(FileShape.length(SourceFile("Sources/A/A.swift", text)).count == found)
    #expect(FileShape.length(SourceFile("Sources/CTandemWire/tandem/v1/deals.pb-c.c", text)) == [])
  }

  @Test(arguments: [
    "Sources/A/A.swift", "Sources/C/c.c", "proto/a.proto", "scripts/run", "clients/python/a.py",
  ])
  func `a source without its licence line is found`(path: String) {
    #expect(FileShape.licence(SourceFile(path, "import A\n")).count == 1)
    #expect(FileShape.licence(SourceFile(path, "first\n" + Self.licence)) == [])
  }

  @Test func `a file over one mebibyte is found`() {
    let text = String(repeating: "x", count: FileShape.bytesMax)
    #expect(FileShape.size(SourceFile("a.bin", text)) == [])
    #expect(FileShape.size(SourceFile("a.bin", text + "x")).count == 1)
  }

  @Test func `an executable file outside the script folders is found`() {
    #expect(FileShape.mode(SourceFile("Sources/A/A.swift", "", isExecutable: true)).count == 1)
    #expect(FileShape.mode(SourceFile("scripts/run", "", isExecutable: true)) == [])
    #expect(FileShape.mode(SourceFile("Sources/A/A.swift", "")) == [])
  }

  @Test(arguments: ["a \nb", "a\n\tb\t\n", "a\r\n"])
  func `a trailing space is found`(text: String) {
    #expect(FileShape.trailingSpace(SourceFile("A.swift", text)).count == 1)
    #expect(FileShape.trailingSpace(SourceFile("golden.bin", text)) == [])
  }

  @Test(arguments: [
    "/ro" + "ot/.cache", "/wo" + "rk/x", "cd /tmp/" + "wt/x", "Author" + ": someone",
  ])
  func `a path of one machine or the name of a person is found`(text: String) {
    #expect(FileShape.machinePaths(SourceFile("docs/A.md", "\n\(text)")).map(\.line) == [2])
  }

  // MARK: Limits of the checks themselves

  @Test func `words are found whole`() {
    let text = Array("try tryst retry try!try".utf8)
    #expect(text.offsets(ofWord: "try") == [0, 16, 20])
    #expect(text.offsets(ofWord: "try!") == [16])
  }
}
