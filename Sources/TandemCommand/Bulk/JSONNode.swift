// SPDX-License-Identifier: Apache-2.0
// A JSON value read strictly: a name that comes twice is refused instead of being dropped.

package indirect enum JSONNode: Equatable {
  case text(String)
  /// As it is written.
  case number(String)
  case flag(Bool)
  case null
  case list([JSONNode])
  /// In the order of the text.
  case object([Member])

  package struct Member: Equatable {
    package let name: String
    package let value: JSONNode

    package init(name: String, value: JSONNode) {
      self.name = name
      self.value = value
    }
  }

  /// Why a text is no JSON.
  package struct Problem: Error {
    package let text: String
  }

  /// Reads one value and nothing else.
  package init(_ line: [UInt8]) throws(Problem) {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw Problem(text: "is no UTF-8")
    }
    var reader = JSONNodeReader(Array(text.unicodeScalars))
    self = try reader.whole()
  }

  /// The value of a member of an object.
  subscript(name: String) -> JSONNode? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// A text in quotation marks.
  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

private struct JSONNodeReader {
  private let text: [Unicode.Scalar]
  private var place = 0
  private static let depthMax = 8

  init(_ text: [Unicode.Scalar]) { self.text = text }

  mutating func whole() throws(JSONNode.Problem) -> JSONNode {
    let value = try value(depth: 0)
    skipSpace()
    guard place == text.count else { throw problem("more text stands behind the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONNode.Problem) -> JSONNode {
    skipSpace()
    guard depth < Self.depthMax else { throw problem("values lie too deep in each other") }
    guard place < text.count else { throw problem("a value is missing") }
    switch text[place] {
    case "\"": return .text(try string())
    case "{": return try object(depth)
    case "[": return try list(depth)
    case "t" where takes("true"): return .flag(true)
    case "f" where takes("false"): return .flag(false)
    case "n" where takes("null"): return .null
    case "-", "0"..."9": return try number()
    default: throw problem("\"\(text[place])\" begins no value")
    }
  }

  private mutating func object(_ depth: Int) throws(JSONNode.Problem) -> JSONNode {
    var members: [JSONNode.Member] = []
    var names: Set<String> = []
    place += 1
    skipSpace()
    if takes("}") { return .object(members) }
    repeat {
      skipSpace()
      guard place < text.count, text[place] == "\"" else {
        throw problem("a name in quotation marks is missing")
      }
      let name = try string()
      guard names.insert(name).inserted else { throw problem("\"\(name)\" comes twice") }
      skipSpace()
      guard takes(":") else { throw problem("a colon is missing behind \"\(name)\"") }
      members.append(JSONNode.Member(name: name, value: try value(depth: depth + 1)))
      skipSpace()
    } while takes(",")
    guard takes("}") else { throw problem("a comma or } is missing") }
    return .object(members)
  }

  private mutating func list(_ depth: Int) throws(JSONNode.Problem) -> JSONNode {
    var items: [JSONNode] = []
    place += 1
    skipSpace()
    if takes("]") { return .list(items) }
    repeat {
      items.append(try value(depth: depth + 1))
      skipSpace()
    } while takes(",")
    guard takes("]") else { throw problem("a comma or ] is missing") }
    return .list(items)
  }

  private mutating func number() throws(JSONNode.Problem) -> JSONNode {
    let start = place
    while place < text.count, "+-.eE0123456789".unicodeScalars.contains(text[place]) { place += 1 }
    let word = String(String.UnicodeScalarView(text[start..<place]))
    guard word.wholeMatch(of: #/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/#) != nil else {
      throw problem("\"\(word)\" is no number")
    }
    return .number(word)
  }

  private mutating func string() throws(JSONNode.Problem) -> String {
    var found = String.UnicodeScalarView()
    place += 1
    while place < text.count {
      let scalar = text[place]
      place += 1
      switch scalar {
      case "\"": return String(found)
      case "\\": found.append(try escaped())
      case _ where scalar.value < 0x20:
        throw problem("a control character in a text; write it as \\n or \\u0000")
      default: found.append(scalar)
      }
    }
    throw problem("a quotation mark is missing")
  }

  private mutating func escaped() throws(JSONNode.Problem) -> Unicode.Scalar {
    guard place < text.count else { throw problem("a quotation mark is missing") }
    let letter = text[place]
    place += 1
    switch letter {
    case "\"", "\\", "/": return letter
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try unicode()
    default: throw problem("\\\(letter) means nothing")
    }
  }

  /// Behind `\u`: one unit of UTF-16, or the two of a pair.
  private mutating func unicode() throws(JSONNode.Problem) -> Unicode.Scalar {
    let first = try unit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), takes("\\u") else {
      throw problem("half a character behind \\u")
    }
    let second = try unit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw problem("half a character behind \\u") }
    return scalar
  }

  private mutating func unit() throws(JSONNode.Problem) -> UInt32 {
    let digits = String(String.UnicodeScalarView(text[place...].prefix(4)))
    guard digits.utf8.count == 4, let value = UInt32(digits, radix: 16), !digits.hasPrefix("+")
    else { throw problem("four digits are missing behind \\u") }
    place += 4
    return value
  }

  private mutating func skipSpace() {
    while place < text.count, [" ", "\t", "\r", "\n"].contains(text[place]) { place += 1 }
  }

  private mutating func takes(_ word: String) -> Bool {
    guard text[place...].starts(with: word.unicodeScalars) else { return false }
    place += word.unicodeScalars.count
    return true
  }

  private func problem(_ text: String) -> JSONNode.Problem {
    JSONNode.Problem(text: "column \(place + 1): \(text)")
  }
}
