// SPDX-License-Identifier: Apache-2.0
// Counts the lines of function bodies by their braces.

enum FunctionLength {
  static let linesMax = 60

  static func check(_ file: SourceFile) -> [Violation] {
    guard file.path.hasSuffix(".swift") else { return [] }
    return ["func", "init", "deinit", "subscript"].flatMap { word in
      file.code.offsets(ofWord: word).compactMap { offset -> Violation? in
        guard offset == 0 || file.code[offset - 1] != UInt8(ascii: "."),
          let body = body(in: file.code, from: offset)
        else { return nil }
        let lines = file.code[body].count { $0 == UInt8(ascii: "\n") } - 1
        guard lines > linesMax else { return nil }
        let message = "\(lines) lines in one function; at most \(linesMax)"
        return Violation(path: file.path, line: file.lineNumber(at: offset), message: message)
      }
    }
  }

  /// The braces that follow a declaration; nil for a requirement of a protocol, which has none.
  static func body(in code: [UInt8], from offset: Int) -> Range<Int>? {
    var parentheses = 0
    var start: Int?
    var braces = 0
    for position in offset..<code.count {
      switch code[position] {
      case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += start == nil ? 1 : 0
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        parentheses -= start == nil ? 1 : 0
        if parentheses < 0 { return nil }
      case UInt8(ascii: "{") where parentheses == 0:
        start = start ?? position
        braces += 1
      case UInt8(ascii: "}") where parentheses == 0:
        guard let start else { return nil }
        braces -= 1
        if braces == 0 { return start..<(position + 1) }
      case UInt8(ascii: "f")
      where start == nil && position > offset && starts("func ", code, position): return nil
      case UInt8(ascii: "v")
      where start == nil && position > offset && starts("var ", code, position): return nil
      default: break
      }
    }
    return nil
  }

  private static func starts(_ word: String, _ code: [UInt8], _ position: Int) -> Bool {
    !code[position - 1].isWordByte && code[position...].starts(with: word.utf8)
  }
}
