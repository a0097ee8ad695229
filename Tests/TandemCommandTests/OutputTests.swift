// SPDX-License-Identifier: Apache-2.0
// Tables for people.

import TandemCommand
import Testing

struct OutputTests {
  @Test func `columns are as wide as their widest cell and the last one ends without spaces`() {
    let rows = [["ID", "NAME", "X"], ["deal_1", "A", "1"], ["d", "Long name", ""]]
    let lines = ["ID      NAME       X", "deal_1  A          1", "d       Long name  "]
    #expect(Output.columns(rows) == lines)
  }

  @Test func `letters of several code points count as one`() {
    let names = ["🚀 Umzug", "Cafe\u{301} Umzug", "👩‍👩‍👧 Haus", "plain"]
    let lines = Output.columns([["NAME", "X"]] + names.map { [$0, "1"] })
    #expect(Set(lines.map(\.count)) == [lines[0].count])
    #expect(lines.dropFirst().allSatisfy { $0.hasSuffix("  1") })
  }

  @Test func `rows of different lengths are kept`() {
    #expect(Output.columns([["a", "b"], ["longer"], []]) == ["a       b", "longer", ""])
    #expect(Output.columns([]) == [])
  }

  @Test func `control characters of a foreign text do nothing`() {
    #expect(Output.visible("a\u{1B}[2Jb\r\nc\u{7F}\u{9B}") == "a␛[2Jb␍␊c\u{FFFD}\u{FFFD}")
    #expect(Output.visible("Büro 🚀") == "Büro 🚀")
  }
}
