// SPDX-License-Identifier: Apache-2.0
// Words that do not enter the repository, each with what to write instead.
// Banned words are written in two parts here, so that this file obeys its own rules.

enum BannedWords {
  struct Ban: Sendable {
    let word: String
    let instead: String
    let applies: @Sendable (SourceFile) -> Bool
  }

  private static let isSwift: @Sendable (SourceFile) -> Bool = { $0.path.hasSuffix(".swift") }
  private static let isServerSwift: @Sendable (SourceFile) -> Bool = {
    isSwift($0) && $0.path.hasPrefix("Sources/")
  }
  private static let isLibrarySwift: @Sendable (SourceFile) -> Bool = {
    isSwift($0) && $0.path.hasPrefix("Sources/Tandem")
  }
  private static let isWithoutFoundation: @Sendable (SourceFile) -> Bool = {
    isServerSwift($0) && !$0.path.hasPrefix("Sources/TandemCommand/")
  }

  /// Looked for in code: comments and strings may speak of them.
  static let inCode: [Ban] = [
    Ban(
      word: "Task.detached", instead: "a child of the task group of a `run()` method",
      applies: isSwift),
    Ban(
      word: "Task.sleep", instead: "`ShardExecutor.schedule`, or the manual clock in tests",
      applies: isSwift),
    Ban(word: "Date()", instead: "the time that the caller passes in", applies: isSwift),
    Ban(
      word: "ContinuousClock", instead: "`TimeSource` or `ShardExecutor.turnTime`",
      applies: isServerSwift),
    Ban(
      word: "print(", instead: "the log of the server; only programs print", applies: isLibrarySwift
    ),
    Ban(
      word: "debugPrint(", instead: "the log of the server; only programs print",
      applies: isServerSwift),
    Ban(word: "try!", instead: "a typed error, or `invariant` for a bug", applies: isSwift),
    Ban(word: "DispatchQueue", instead: "the shard's executor", applies: isSwift),
    Ban(word: "NSLock", instead: "an actor, or `Mutex` in TandemPlatform", applies: isSwift),
    Ban(
      word: "import Foundation", instead: "TandemPlatform and TandemPrimitives",
      applies: isWithoutFoundation),
    Ban(word: "Process()", instead: "`StartedProgram`, which says why", applies: isSwift),
    Ban(word: "@testable", instead: "`package` access", applies: isSwift),
  ]

  /// Looked for in the whole text of hand-written files.
  static let inText: [Ban] = [
    Ban(
      word: "-O" + "unchecked", instead: "the release configuration; assertions stay on",
      applies: \.isHandWritten),
    Ban(word: "FIX" + "ME", instead: "the repair", applies: \.isHandWritten),
  ]

  static func check(_ file: SourceFile) -> [Violation] {
    inCode.flatMap { ban in
      ban.applies(file) ? report(ban, file, file.code.offsets(ofWord: ban.word)) : []
    }
      + inText.flatMap { ban in
        ban.applies(file) ? report(ban, file, file.text.offsets(ofWord: ban.word)) : []
      }
      + openEnds(file)
  }

  private static func report(_ ban: Ban, _ file: SourceFile, _ offsets: [Int]) -> [Violation] {
    offsets.map {
      Violation(
        path: file.path, line: file.lineNumber(at: $0),
        message: "`\(ban.word)` is banned: use \(ban.instead)")
    }
  }

  /// An open end is allowed only with the number of the issue that will close it.
  private static func openEnds(_ file: SourceFile) -> [Violation] {
    guard file.isHandWritten else { return [] }
    let word = "TO" + "DO"
    return file.text.offsets(ofWord: word).compactMap { offset in
      let rest = file.text[(offset + word.utf8.count)...].prefix(12)
      guard String(decoding: rest, as: UTF8.self).prefixMatch(of: #/\(#[0-9]+\)/#) == nil else {
        return nil
      }
      let message = "`\(word)` needs an issue number: \(word)(#12)"
      return Violation(path: file.path, line: file.lineNumber(at: offset), message: message)
    }
  }
}
