// SPDX-License-Identifier: Apache-2.0
// The files whose code only computes: no concurrency, no clock.

enum PureFiles {
  static func isPure(_ path: String) -> Bool {
    path.hasPrefix("Sources/TandemDomain/") || path.hasPrefix("Sources/TandemPrimitives/")
      || (path.hasPrefix("Sources/") && path.hasSuffix("StateMachine.swift"))
  }

  static func check(_ file: SourceFile) -> [Violation] {
    guard isPure(file.path), file.path.hasSuffix(".swift") else { return [] }
    let words = ["async", "await", "TimeSource("].flatMap { word in
      file.code.offsets(ofWord: word).map { (word, $0) }
    }
    // `actor` is also the name of who acted; only a declaration is refused.
    let actors = file.code.offsets(ofWord: "actor").filter { offset in
      let name = file.code[(offset + 5)...].drop { $0 == UInt8(ascii: " ") }.first ?? 0
      return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(name)
    }
    return (words + actors.map { ("actor", $0) }).map { word, offset in
      Violation(
        path: file.path, line: file.lineNumber(at: offset),
        message: "`\(word)` in a pure file; pass values instead")
    }
  }
}
