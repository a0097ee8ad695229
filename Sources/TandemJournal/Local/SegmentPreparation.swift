// SPDX-License-Identifier: Apache-2.0
// Makes segment files ahead of need: zeros are written and synced, so that a later frame needs no
// metadata commit; the name tells whether a file is part of the log.

import TandemPlatform
import TandemPrimitives

struct SegmentPreparation: Sendable {
  let files: any FileSystem
  let settings: LocalJournalSettings

  /// Makes the next segment file unless one waits already.
  ///
  /// Slow; not for the writer's thread.
  func prepare() throws(FileError) {
    guard try !files.exists(LocalPath.prepared) else { return }
    let path = "wal/background.tmp"
    try fill(path)
    try files.rename(path, to: LocalPath.prepared)
    try files.syncDirectory(LocalPath.log)
  }

  /// Turns a prepared file into a segment of the log; durable under its name when this returns.
  ///
  /// The file is open for frames: they go past the page cache, where nobody would read them again.
  func activate(_ header: SegmentHeader) throws(FileError) -> any File {
    let path = try usablePath()
    let file = try files.open(path, .readWrite, .direct)
    try file.write(header.encoded()[...], at: 0)
    try file.sync()
    try files.rename(path, to: LocalPath.segment(header.firstLSN))
    try files.syncDirectory(LocalPath.log)
    return file
  }

  /// Puts a file of zeros under a name that is no part of the log; a prepared one is used up.
  func takeBlank(as path: String) throws(FileError) {
    if try files.exists(path) { try files.remove(path) }
    try files.rename(try usablePath(), to: path)
    try files.syncDirectory(LocalPath.log)
  }

  /// Whether a segment waits or could be made.
  func isPossible() throws(FileError) -> Bool {
    if try files.exists(LocalPath.prepared) { return true }
    return try files.freeBytes() >= bytesNeeded
  }

  private var bytesNeeded: Int64 { Int64(settings.segmentBytes) + settings.reserveBytes }

  private func usablePath() throws(FileError) -> String {
    if try files.exists(LocalPath.prepared) {
      let size = try files.open(LocalPath.prepared, .read).size()
      if size == Int64(settings.segmentBytes) { return LocalPath.prepared }
      try files.remove(LocalPath.prepared)
    }
    let path = "wal/writer.tmp"
    try fill(path)
    return path
  }

  private func fill(_ path: String) throws(FileError) {
    if try files.exists(path) { try files.remove(path) }
    guard try files.freeBytes() >= bytesNeeded else {
      throw FileError(.full, "no room for a segment above the reserve")
    }
    do { try writeZeros(path) } catch {
      // What others need now must not stay in half a segment.
      do { try files.remove(path) } catch {}
      throw error
    }
  }

  private func writeZeros(_ path: String) throws(FileError) {
    let file = try files.open(path, .createNew, .direct)
    let zeros = [UInt8](repeating: 0, count: min(1 << 20, settings.segmentBytes))
    var offset = 0
    while offset < settings.segmentBytes {
      let count = min(zeros.count, settings.segmentBytes - offset)
      try file.write(zeros[..<count], at: Int64(offset))
      offset += count
    }
    try file.sync()
  }
}
