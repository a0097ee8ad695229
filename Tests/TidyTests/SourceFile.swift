// SPDX-License-Identifier: Apache-2.0
// One file of the repository as the checks see it: path, bytes, and for Swift the code without comments and strings.
// Must not know any rule.

import Foundation

/// A file, named by its path from the root of the repository.
struct SourceFile: Sendable, CustomStringConvertible {
  let path: String
  let text: [UInt8]
  let isExecutable: Bool
  /// The text with comments, string contents and raw identifiers blanked; same length, same lines.
  let code: [UInt8]

  init(path: String, text: [UInt8], isExecutable: Bool = false) {
    self.path = path
    self.text = text
    self.isExecutable = isExecutable
    self.code = path.hasSuffix(".swift") ? CodeBlanker.code(of: text) : text
  }

  init(_ path: String, _ text: String, isExecutable: Bool = false) {
    self.init(path: path, text: Array(text.utf8), isExecutable: isExecutable)
  }

  var description: String { path }
  var name: Substring { path.split(separator: "/").last ?? "" }
  var suffix: Substring {
    name.split(separator: ".").count > 1 ? name.split(separator: ".").last ?? "" : ""
  }
  var isText: Bool { !text.contains(0) }
  var lines: [Substring] { SourceFile.lines(of: text) }
  var codeLines: [Substring] { SourceFile.lines(of: code) }

  /// Splits bytes, because a carriage return and a line feed are one character.
  private static func lines(of bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).utf8
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
  }

  /// Written by scripts/generate or by protoc; excluded from the rules for hand-written files.
  var isGenerated: Bool {
    path.hasPrefix("Sources/CTandemWire/tandem/")
      || path.hasPrefix("Sources/CTandemWire/include/tandem/")
      || path == "Sources/CTandemWire/descriptor.c" || path.hasSuffix("_pb2.py")
      || path.hasSuffix("_pb2.pyi")
  }

  /// Source code that a person writes: programs, schemas, scripts, pages of the console.
  var isHandWritten: Bool {
    guard !isGenerated else { return false }
    switch suffix {
    case "swift", "c", "h", "modulemap", "proto", "py", "sh", "js", "css": return true
    case "": return path.hasPrefix("scripts/") || path.hasPrefix(".ci/")
    default: return false
    }
  }

  func lineNumber(at offset: Int) -> Int {
    text[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  }
}

/// What a check found, printed so that an editor can jump to it.
struct Violation: Equatable, CustomStringConvertible {
  let path: String
  let line: Int
  let message: String
  var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

extension [UInt8] {
  /// The offsets of a word; a letter, digit or underscore beside it makes it another word.
  func offsets(ofWord word: String) -> [Int] {
    let needle = Array(word.utf8)
    guard let first = needle.first, let last = needle.last else { return [] }
    var found: [Int] = []
    withUnsafeBytes { haystack in
      guard let base = haystack.baseAddress else { return }
      var start = 0
      while start + needle.count <= haystack.count,
        let hit = memchr(base + start, Int32(first), haystack.count - needle.count + 1 - start)
      {
        let offset = UnsafeRawPointer(hit) - base
        let end = offset + needle.count
        start = offset + 1
        guard memcmp(hit, needle, needle.count) == 0 else { continue }
        let joinedBefore = first.isWordByte && offset > 0 && haystack[offset - 1].isWordByte
        let joinedAfter = last.isWordByte && end < haystack.count && haystack[end].isWordByte
        if !joinedBefore && !joinedAfter { found.append(offset) }
      }
    }
    return found
  }
}

extension UInt8 {
  var isWordByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
