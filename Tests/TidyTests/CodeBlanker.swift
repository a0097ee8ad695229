// SPDX-License-Identifier: Apache-2.0
// Blanks what is not code in Swift text: comments, string contents, raw identifiers. Lengths and lines stay.
// Interpolated expressions are code. A slash regex literal is taken for code.

struct CodeBlanker {
  private let text: [UInt8]
  private var code: [UInt8]
  private var at = 0

  static func code(of text: [UInt8]) -> [UInt8] {
    var blanker = CodeBlanker(text: text)
    blanker.readCode(untilParenthesis: false)
    return blanker.code
  }

  private init(text: [UInt8]) {
    self.text = text
    self.code = text
  }

  private func byte(_ offset: Int) -> Character {
    at + offset < text.count ? Character(UnicodeScalar(text[at + offset])) : "\0"
  }

  private mutating func blank(_ count: Int) {
    for _ in 0..<count where at < text.count {
      if text[at] != UInt8(ascii: "\n") { code[at] = UInt8(ascii: " ") }
      at += 1
    }
  }

  private mutating func readCode(untilParenthesis: Bool) {
    var depth = 0
    while at < text.count {
      switch byte(0) {
      case "/" where byte(1) == "/":
        while at < text.count && byte(0) != "\n" { blank(1) }
      case "/" where byte(1) == "*": readBlockComment()
      case "\"": readString(hashes: 0)
      case "#": readHashes()
      case "`":
        blank(1)
        while at < text.count && byte(0) != "`" && byte(0) != "\n" { blank(1) }
        blank(1)
      case "(":
        depth += 1
        at += 1
      case ")":
        at += 1
        if untilParenthesis && depth == 0 { return }
        depth -= 1
      default: at += 1
      }
    }
  }

  private mutating func readBlockComment() {
    var depth = 0
    repeat {
      if byte(0) == "/" && byte(1) == "*" {
        depth += 1
        blank(2)
      } else if byte(0) == "*" && byte(1) == "/" {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && at < text.count
  }

  private mutating func readHashes() {
    var hashes = 0
    while byte(hashes) == "#" { hashes += 1 }
    if byte(hashes) == "\"" {
      blank(hashes)
      readString(hashes: hashes)
    } else if byte(hashes) == "/" {
      blank(hashes + 1)
      while at < text.count && !(byte(0) == "/" && byte(1) == "#") { blank(1) }
      blank(1 + hashes)
    } else {
      at += hashes
    }
  }

  private mutating func readString(hashes: Int) {
    let multiline = byte(1) == "\"" && byte(2) == "\""
    let quotes = multiline ? 3 : 1
    blank(quotes)
    while at < text.count {
      if byte(0) == "\\" && hasHashes(hashes, from: 1) {
        let interpolates = byte(1 + hashes) == "("
        blank(2 + hashes)
        if interpolates { readCode(untilParenthesis: true) }
      } else if closes(quotes: quotes, hashes: hashes) {
        blank(quotes + hashes)
        return
      } else if byte(0) == "\n" && !multiline {
        return
      } else {
        blank(1)
      }
    }
  }

  private func closes(quotes: Int, hashes: Int) -> Bool {
    (0..<quotes).allSatisfy { byte($0) == "\"" } && hasHashes(hashes, from: quotes)
  }

  private func hasHashes(_ hashes: Int, from offset: Int) -> Bool {
    (0..<hashes).allSatisfy { byte(offset + $0) == "#" }
  }
}
