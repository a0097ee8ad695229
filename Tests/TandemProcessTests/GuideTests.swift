// SPDX-License-Identifier: Apache-2.0
// The guide keeps what it promises: every command is typed at a fresh demo world.

import Foundation
import StartedPrograms
import Testing

struct GuideTests {
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs/guide")

  private static let pages =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()

  @Test func `every page is listed on the first one`() throws {
    let first = try String(
      contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(Self.pages.count >= 2)
    for page in Self.pages { #expect(first.contains("](\(page))"), "\(page)") }
  }

  @Test(.timeLimit(.minutes(2)), arguments: pages)
  func `every command of a page prints what the page says`(name: String) async throws {
    let text = try String(
      contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let page = GuidePage(text)
    #expect(page.steps.count > 5)
    let temporary = try TemporaryFolder()
    let server = try await Tandemd.start(in: temporary)
    let tools = URL(fileURLWithPath: try StartedProgram.path(of: "tandem"))
      .deletingLastPathComponent()
    let environment = [
      "PATH": "\(tools.path):/usr/bin:/bin", "TANDEM_URL": server.url,
      "TANDEM_API_KEY": "tdk_demo_contoso", "LC_ALL": "C.UTF-8",
    ]
    let mistake = await onOwnThread { () -> String? in
      do {
        let shell = try Shell(environment)
        for step in page.steps {
          if let printed = try Self.mismatch(step, shell) {
            return "\(name):\(step.line) printed\n\(printed.joined(separator: "\n"))"
          }
        }
        return nil
      } catch { return "\(error)" }
    }
    #expect(mistake == nil, "\(mistake ?? "")")
    #expect(await server.stop() == .code(0))
  }

  /// What a step printed, when that is not what the page says.
  private static func mismatch(_ step: GuidePage.Step, _ shell: Shell) throws -> [String]? {
    var printed: [String] = []
    // Counterparts are told by message: what only reads is read until it says so.
    for _ in 0..<(step.onlyReads ? 300 : 1) {
      printed = try shell.type(step.commands)
      if !step.isChecked || GuidePage.keeps(step.promised, printed) { return nil }
    }
    return printed
  }

  @Test func `promises are kept or broken`() {
    #expect(GuidePage.keeps(["deal  deal_…", "version  3"], ["deal     deal_01x", "version  3"]))
    #expect(GuidePage.keeps(["a", "…"], ["a", "b", "c"]))
    #expect(GuidePage.keeps(["x … z"], ["x and y and z"]))
    #expect(!GuidePage.keeps(["x … z"], ["x and y"]))
    #expect(!GuidePage.keeps(["a"], ["a", "b"]))
    #expect(!GuidePage.keeps(["a", "b"], ["a"]))
    #expect(!GuidePage.keeps(["version 3"], ["version 4"]))
    #expect(!GuidePage.keeps(["version 3"], ["version 34"]))
  }
}
