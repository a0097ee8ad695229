// SPDX-License-Identifier: Apache-2.0
// A directory that is only read, in memory, so that a million inputs never touch a disk.

import TandemPlatform

struct FixedFiles: FileSystem {
  /// A reader that believed a length it should have checked.
  static let senselessRead = "asks for more bytes than a file has"

  var contents: [String: [UInt8]]

  func open(
    _ path: String, _ mode: FileMode, _ caching: FileCaching
  ) throws(FileError) -> any File {
    guard mode == .read else { throw refused(path) }
    guard let bytes = contents[path] else { throw FileError(.notFound, path) }
    return FixedFile(bytes: bytes)
  }
  func list(_ directory: String) throws(FileError) -> [String] {
    contents.keys.filter { $0.hasPrefix(directory + "/") }
      .map { String($0.dropFirst(directory.count + 1)) }.sorted()
  }
  func exists(_ path: String) throws(FileError) -> Bool {
    contents[path] != nil || contents.keys.contains { $0.hasPrefix(path + "/") }
  }
  func rename(_ from: String, to destination: String) throws(FileError) { throw refused(from) }
  func remove(_ path: String) throws(FileError) { throw refused(path) }
  func createDirectory(_ path: String) throws(FileError) { throw refused(path) }
  func syncDirectory(_ path: String) throws(FileError) { throw refused(path) }
  func freeBytes() throws(FileError) -> Int64 { 0 }
  func lock(_ path: String) throws(FileError) -> any FileLock { throw refused(path) }

  private func refused(_ path: String) -> FileError { FileError(.full, path) }
}

private struct FixedFile: File {
  let bytes: [UInt8]

  func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    // A real file is read into memory of this size, however short the file is.
    guard offset >= 0, count >= 0, count <= max(bytes.count, 4_096) else {
      throw FileError(.inputOutput(errno: 22), FixedFiles.senselessRead)
    }
    let start = min(Int(offset), bytes.count)
    return Array(bytes[start..<min(start + count, bytes.count)])
  }
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(FileError) {
    throw FileError(.full, "write")
  }
  func sync() throws(FileError) { throw FileError(.full, "sync") }
  func size() throws(FileError) -> Int64 { Int64(bytes.count) }
  func truncate(to size: Int64) throws(FileError) { throw FileError(.full, "truncate") }
}
