// SPDX-License-Identifier: Apache-2.0
// The report of an import: a line for every row that was answered, kept on the disk beside the file. A
// later run passes over the rows that it says were done, long after the server forgot their keys.

import Foundation
import TandemPlatform

struct ImportReport {
  private static let linesPerSync = 256

  private let place: PlacedFile
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
    if isThere { try read() }
    guard isWritten else { return }
    let (name, whole) = (place.name, end)
    file = try place.with { folder in
      let file = try folder.open(name, isThere ? .readWrite : .createNew)
      if try file.size() > whole { try file.truncate(to: whole) }
      try file.sync()
      if !isThere { try folder.syncDirectory("") }
      return file
    }
  }

  func isDone(_ key: RowKey) -> Bool { done.contains(key.mark) }

  private mutating func read() throws {
    var lines = LineReader(try ByteStream(path: place.path))
    while let line = try lines.next() {
      // Half a line is a row that is done again, which its key makes harmless.
      guard line.isWhole else { break }
      guard let bytes = line.bytes, let node = try? JSONNode(bytes),
        case .text(let word)? = node["verdict"], let verdict = RowVerdict.Kind(rawValue: word)
      else {
        throw FileProblem(
          "\(place.path), line \(line.number): is no line of an import's report; name another "
            + "file with --report")
      }
      end += Int64(bytes.count) + 1
      guard verdict.isDone, case .text(let text)? = node["key"], let key = RowKey(text) else {
        continue
      }
      done.insert(key.mark)
    }
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
