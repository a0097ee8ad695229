// SPDX-License-Identifier: Apache-2.0
// The code of the repository keeps its rules, and each check notices a breach.

import Testing

struct CodeRulesTests {
  private static let executorLine =
    "nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }"

  // MARK: The repository

  @Test func `unsafe code stays in its folders`() {
    #expect(Repository.this.swift.flatMap(UnsafeCode.checkPlace) == [])
  }

  @Test func `every unchecked claim has its proof`() {
    #expect(Repository.this.swift.flatMap(UnsafeCode.checkProof) == [])
  }

  @Test func `no banned word is used`() {
    #expect(Repository.this.files.flatMap(BannedWords.check) == [])
  }

  @Test func `functions fit on a screen`() {
    #expect(Repository.this.swift.flatMap(FunctionLength.check) == [])
  }

  @Test func `pure files only compute`() {
    #expect(Repository.this.swift.contains { PureFiles.isPure($0.path) })
    #expect(Repository.this.swift.flatMap(PureFiles.check) == [])
  }

  // MARK: Unsafe code

  @Test(arguments: [
    "let x = unsafe y", "nonisolated(unsafe) var x = 1", "final class X: @unchecked Sendable {}",
    "\(executorLine) ; unsafe x",
    "nonisolated var other: X { unsafe executor.asUnownedSerialExecutor() }",
  ])
  func `unsafe code elsewhere is found`(code: String) {
    #expect(UnsafeCode.checkPlace(SourceFile("Sources/TandemServer/Server.swift", code)).count == 1)
    #expect(UnsafeCode.checkPlace(SourceFile("Sources/TandemPlatform/Loop.swift", code)) == [])
    #expect(
      UnsafeCode.checkPlace(SourceFile("Sources/TandemWire/CInterop/Owner.swift", code)) == [])
  }

  @Test(arguments: [
    executorLine, "package \(executorLine)", "// unsafe", "let x = \"unsafe\"", "let unsafely = 1",
    """
    nonisolated var unownedExecutor: UnownedSerialExecutor {
      unsafe executor.asUnownedSerialExecutor()
    }
    """,
  ])
  func `the executor of an actor is no unsafe code`(code: String) {
    #expect(UnsafeCode.checkPlace(SourceFile("Sources/TandemServer/Server.swift", code)) == [])
  }

  @Test func `an unchecked claim without a comment is found`() {
    let path = "Sources/TandemPlatform/Loop.swift"
    let bare = SourceFile(path, "\nfinal class Loop: @unchecked Sendable {}")
    let proved = SourceFile(
      path, "// Confined to one thread.\n@safe\nfinal class Loop: @unchecked Sendable {}")
    #expect(UnsafeCode.checkProof(bare).map(\.line) == [2])
    #expect(UnsafeCode.checkProof(proved) == [])
  }

  // MARK: Words

  @Test(
    arguments: BannedWords.inCode.map(\.word) + BannedWords.inText.map(\.word) + [
      "TO" + "DO: later"
    ])
  func `a banned word is found and its replacement named`(word: String) throws {
    let file = SourceFile("Sources/TandemServer/Server.swift", "\n \(word)")
    let found = try #require(BannedWords.check(file).first)
    #expect(found.line == 2)
    #expect(found.message.contains(": use ") || found.message.contains("#12"))
  }

  @Test(arguments: [
    "// Task.sleep is banned", "let text = \"try! print(\"", "blueprint(1)",
    "let date = Date(milliseconds: 1)",
    "// TO" + "DO(#31): the rest",
  ])
  func `a word in a comment, a string or a longer word is fine`(code: String) {
    #expect(BannedWords.check(SourceFile("Sources/TandemServer/Server.swift", code)) == [])
  }

  @Test func `programs may print and the client's commands may use Foundation`() {
    let code = "import Foundation\nprint(1)"
    let command = SourceFile("Sources/TandemCommand/Output.swift", code)
    #expect(BannedWords.check(command).map(\.line) == [2])
    #expect(BannedWords.check(SourceFile("Sources/tandemd/Main.swift", code)).map(\.line) == [1])
  }

  // MARK: Functions

  @Test(arguments: [(60, 0), (61, 1)])
  func `a function of more than sixty lines is found`(lines: Int, found: Int) {
    let body = String(repeating: "    if a { b() }\n", count: lines)
    let code = "struct S {\n  func f(\n    _ c: () -> Void = {}\n  ) -> [Int] {\n\(body)  }\n}\n"
    #expect(FunctionLength.check(SourceFile("S.swift", code)).count == found)
    let initialiser = code.replacing("func f", with: "init")
    #expect(FunctionLength.check(SourceFile("S.swift", initialiser)).count == found)
  }

  @Test func `a requirement without a body does not borrow the next one`() {
    let body = String(repeating: "  x\n", count: 80)
    let code =
      "protocol P {\n  func f()\n  func g() -> Int\n}\nstruct S {\n\(body)}\nlet s = S.init(1)\n{\n\(body)}"
    #expect(FunctionLength.check(SourceFile("P.swift", code)) == [])
  }

  // MARK: Pure files

  @Test(arguments: [
    "func f() async {}", "let x = await y", "actor Tenant {}", "let t = TimeSource()",
  ])
  func `concurrency in a pure file is found`(code: String) {
    for path in ["Sources/TandemDomain/A.swift", "Sources/TandemServer/SessionStateMachine.swift"] {
      #expect(PureFiles.check(SourceFile(path, code)).count == 1)
    }
    #expect(PureFiles.check(SourceFile("Sources/TandemServer/Session.swift", code)) == [])
  }

  @Test func `the name of who acted is fine in a pure file`() {
    let code = "/// An async actor Tenant\nlet actor: UserID\n"
    #expect(PureFiles.check(SourceFile("Sources/TandemDomain/A.swift", code)) == [])
  }
}
