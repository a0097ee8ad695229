// SPDX-License-Identifier: Apache-2.0
// The report of an import: a line for every row that was answered, kept on the disk beside the file. A
// later run passes over the rows that it says were done, long after the server forgot their keys.

import Foundation
import TandemPlatform

struct ImportReport {
  private static let linesPerSync = 256

  /// How every line begins.
  private static let beginning = Array("{\"row\":".utf8)

  private let place: PlacedFile
  /// Nobody else writes while this is held.
  private var lock: (any FileLock)?
  /// Nil for a dry run, which only reads what was done.
  private var file: (any File)?
  private var end: Int64 = 0
  private var unwritten: [UInt8] = []
  private var unwrittenLines = 0
  private var done: Set<RowKey.Mark> = []

  /// Reads what earlier runs did; a last line that a crash cut off is taken away.
  init(_ path: String, isWritten: Bool) throws {
    place = try PlacedFile(path)
    let isThere = FileManager.default.fileExists(atPath: path)
    guard isWritten else {
      if isThere { try read(sized: 0) }
      return
    }
    let name = place.name
    let opened = try place.with { folder in
      try folder.open(name, isThere ? .readWrite : .createNew)
    }
    lock = try Self.locked(place)
    try read(sized: try place.with { _ in try opened.size() })
    let whole = end
    try place.with { folder in
      if try opened.size() > whole { try opened.truncate(to: whole) }
      try opened.sync()
      if !isThere { try folder.syncDirectory("") }
    }
    file = opened
  }

  private static func locked(_ place: PlacedFile) throws -> any FileLock {
    do {
      return try place.folder.lock(place.name)
    } catch {
      guard error.reason == .locked else {
        throw FileProblem("\(place.path) cannot be written: \(error)")
      }
      throw FileProblem("\(place.path) is the report of an import that runs now")
    }
  }

  func isDone(_ key: RowKey) -> Bool { done.contains(key.mark) }

  private mutating func read(sized size: Int64) throws {
    end = size
    var lines = LineReader(try ByteStream(path: place.path))
    while let line = try lines.next() {
      if let bytes = line.bytes, bytes.isEmpty { continue }
      if try take(line) {
        if !line.isWhole { unwritten = [UInt8(ascii: "\n")] }
      } else if !line.isWhole, let bytes = line.bytes, Self.mayBegin(bytes) {
        // Half a line is a row that is done again, which its key makes harmless.
        end -= Int64(bytes.count)
      } else {
        throw FileProblem(
          "\(place.path), line \(line.number): is no line of an import's report; name another "
            + "file with --report")
      }
    }
  }

  /// Notes a line; false when it is none of a report.
  private mutating func take(_ line: LineReader.Line) throws -> Bool {
    guard let bytes = line.bytes, let node = try? JSONNode(bytes),
      case .text(let word)? = node["verdict"], let verdict = RowVerdict.Kind(rawValue: word)
    else { return false }
    if verdict.isDone, case .text(let text)? = node["key"], let key = RowKey(text) {
      done.insert(key.mark)
    }
    return true
  }

  private static func mayBegin(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: beginning) || beginning.starts(with: bytes)
  }

  mutating func add(_ verdict: RowVerdict) throws {
    guard file != nil else { return }
    unwritten += verdict.json.utf8
    unwritten.append(UInt8(ascii: "\n"))
    unwrittenLines += 1
    if unwrittenLines >= Self.linesPerSync { try sync() }
  }

  /// Puts on the disk what was added.
  mutating func sync() throws {
    guard let file, unwrittenLines > 0 else { return }
    let (bytes, end) = (unwritten, end)
    try place.with { _ in
      try file.write(bytes[...], at: end)
      try file.sync()
    }
    self.end += Int64(bytes.count)
    unwritten = []
    unwrittenLines = 0
  }
}
