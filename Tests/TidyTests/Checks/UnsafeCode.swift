// SPDX-License-Identifier: Apache-2.0
// Keeps unsafe code in its two folders, and asks for a proof wherever the compiler is told not to check.

enum UnsafeCode {
  /// The only folders of `Sources` where the words of unsafe code may stand.
  static let folders = ["Sources/TandemPlatform/", "Sources/TandemWire/CInterop/"]

  /// The one exception: an actor that names its executor.
  ///
  /// Spaces and the access level are free.
  private static let executor = [
    "nonisolated", "var", "unownedExecutor:", "UnownedSerialExecutor", "{", "unsafe",
    "executor.asUnownedSerialExecutor()", "}",
  ]

  static func checkPlace(_ file: SourceFile) -> [Violation] {
    guard file.path.hasPrefix("Sources/"), !folders.contains(where: file.path.hasPrefix) else {
      return []
    }
    return ["unsafe", "@unchecked", "@unsafe", "@safe"].flatMap { word in
      file.code.offsets(ofWord: word).compactMap { offset in
        guard !(word == "unsafe" && namesExecutor(file.code, around: offset)) else { return nil }
        let message = "`\(word)` belongs in \(folders.joined(separator: " or "))"
        return Violation(path: file.path, line: file.lineNumber(at: offset), message: message)
      }
    }
  }

  private static func namesExecutor(_ code: [UInt8], around offset: Int) -> Bool {
    let before = words(code[max(0, offset - 200)..<offset])
    let after = words(code[offset..<min(code.count, offset + 100)])
    return Array(before.suffix(5)) == Array(executor.prefix(5))
      && Array(after.prefix(3)) == Array(executor.suffix(3))
  }

  private static func words(_ bytes: ArraySlice<UInt8>) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// A comment directly above (attributes may stand between) says why the claim holds.
  static func checkProof(_ file: SourceFile) -> [Violation] {
    guard file.path.hasPrefix("Sources/"), file.path.hasSuffix(".swift") else { return [] }
    let lines = file.lines
    var found: [Violation] = []
    for (number, code) in file.codeLines.enumerated() where code.contains("@unchecked Sendable") {
      var above = number - 1
      while above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
      if above < 0 || !lines[above].drop(while: { $0 == " " }).hasPrefix("//") {
        let message = "`@unchecked Sendable` needs a comment above it that proves it"
        found.append(Violation(path: file.path, line: number + 1, message: message))
      }
    }
    return found
  }
}
