// SPDX-License-Identifier: Apache-2.0
// What a file may look like from outside: name, length, licence line, size, mode, white space, machine paths.

enum FileShape {
  static let linesMax = 500
  static let bytesMax = 1 << 20
  static let bannedWords: Set<String> = [
    "Util", "Utils", "Utilities", "Helper", "Helpers", "Common", "Manager", "Extensions", "Impl",
    "Misc",
    "util", "utils", "helper", "helpers", "common", "manager", "misc",
  ]
  static let bannedFolders: Set<String> = ["New", "Deprecated", "Old", "Base", "Internals"]

  static func check(_ file: SourceFile) -> [Violation] {
    name(file) + length(file) + licence(file) + size(file) + mode(file) + trailingSpace(file)
      + machinePaths(file)
  }

  /// A file is named after what it holds, so a word that fits anything is refused.
  static func name(_ file: SourceFile) -> [Violation] {
    var found: [Violation] = []
    let parts = file.path.split(separator: "/").map(String.init)
    for (depth, part) in parts.enumerated() {
      for word in words(of: part) where bannedWords.contains(word) {
        found.append(
          Violation(path: file.path, line: 0, message: "`\(word)` names nothing; say what it holds")
        )
      }
      if depth < parts.count - 1 && bannedFolders.contains(part) {
        found.append(
          Violation(
            path: file.path, line: 0, message: "folder `\(part)`: replace in one change instead"))
      }
      if part.wholeMatch(of: #/[A-Za-z0-9._+-]+/#) == nil {
        found.append(
          Violation(
            path: file.path, line: 0, message: "`\(part)`: letters, digits and . _ + - only"))
      }
    }
    return found
  }

  /// `RecordCodec+Old.swift` → Record, Codec, Old, swift.
  static func words(of part: String) -> [String] {
    part.matches(of: #/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/#).map { String($0.0) }
  }

  static func length(_ file: SourceFile) -> [Violation] {
    let count = file.isHandWritten ? file.text.count { $0 == UInt8(ascii: "\n") } : 0
    guard count > linesMax else { return [] }
    return [
      Violation(
        path: file.path, line: count,
        message: "\(count) lines; split by aspect (at most \(linesMax))")
    ]
  }

  static func licence(_ file: SourceFile) -> [Violation] {
    guard file.isHandWritten, !file.text.isEmpty else { return [] }
    let head = file.lines.prefix(3)
    guard !head.contains(where: { $0.contains("SPDX-License-Identifier: Apache-2.0") }) else {
      return []
    }
    return [
      Violation(path: file.path, line: 1, message: "the SPDX-License-Identifier line is missing")
    ]
  }

  static func size(_ file: SourceFile) -> [Violation] {
    guard file.text.count > bytesMax else { return [] }
    return [Violation(path: file.path, line: 0, message: "\(file.text.count) bytes; at most 1 MiB")]
  }

  static func mode(_ file: SourceFile) -> [Violation] {
    guard file.isExecutable, !file.path.hasPrefix("scripts/"), !file.path.hasPrefix(".ci/") else {
      return []
    }
    return [
      Violation(path: file.path, line: 0, message: "only scripts/ and .ci/ hold executable files")
    ]
  }

  static func trailingSpace(_ file: SourceFile) -> [Violation] {
    guard file.isText, file.isHandWritten || file.suffix == "md" else { return [] }
    return file.lines.enumerated().compactMap { number, line in
      guard line.last == " " || line.last == "\t" || line.hasSuffix("\r") else { return nil }
      return Violation(path: file.path, line: number + 1, message: "trailing space")
    }
  }

  /// Paths of one machine and marks of one person; written in parts to obey this rule.
  private static let marks = [
    "/wo" + "rk/", "/ro" + "ot/", "/tmp/" + "wt", "Created" + " by ", "@" + "author",
    "Author" + ":",
  ]

  static func machinePaths(_ file: SourceFile) -> [Violation] {
    guard file.isText, file.name != "LICENSE" else { return [] }
    return marks.flatMap { mark in
      file.text.offsets(ofWord: mark).map {
        Violation(
          path: file.path, line: file.lineNumber(at: $0),
          message: "`\(mark)` names a machine or a person")
      }
    }
  }
}
