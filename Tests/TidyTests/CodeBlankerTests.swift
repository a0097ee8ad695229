// SPDX-License-Identifier: Apache-2.0
// What counts as code for the checks that look for words.

import Testing

struct CodeBlankerTests {
  private func code(_ text: String) -> String {
    String(decoding: CodeBlanker.code(of: Array(text.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    ("a // b", "a     "), ("a /* b /* c */ d */ e", "a                   e"),
    ("a \"b\" c", "a     c"),
    ("\"\\\"b\" c", "      c"), ("#\"b\"c\"# d", "        d"),
    ("\"\"\"\nb\"c\n\"\"\" d", "   \n   \n    d"),
    ("func `try x`()", "func        ()"), ("\"b\nc", "  \nc"), ("#if a", "#if a"),
    ("#/\"/# a", "      a"),
  ])
  func `comments, strings and raw identifiers are blanked`(text: String, expected: String) {
    #expect(code(text) == expected)
  }

  @Test func `an interpolated expression is code`() {
    #expect(code("\"a\\(b(\"c\", d))e\" f") == "    b(   , d))   f")
    #expect(code("#\"\\(a)\\#(b)\"# c") == "         b)   c")
  }

  @Test func `length and lines stay`() {
    for file in Repository.this.swift {
      #expect(file.code.count == file.text.count, "\(file.path)")
      #expect(file.codeLines.count == file.lines.count, "\(file.path)")
    }
  }
}
