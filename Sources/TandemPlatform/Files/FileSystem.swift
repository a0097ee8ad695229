// SPDX-License-Identifier: Apache-2.0
// Seam between storage code and the disk. Calls block; callers run on a thread that may block.

/// What a storage layer asks of a file system; paths are relative to the root it was given.
package protocol FileSystem: Sendable {
  /// Opens a file, and creates it first when the mode says so.
  func open(_ path: String, _ mode: FileMode, _ caching: FileCaching) throws(FileError) -> any File
  /// Moves a file over another name in one step; durable after `syncDirectory`.
  func rename(_ from: String, to destination: String) throws(FileError)
  func remove(_ path: String) throws(FileError)
  /// Names in a directory, sorted.
  func list(_ directory: String) throws(FileError) -> [String]
  func exists(_ path: String) throws(FileError) -> Bool
  /// Creates a directory (0700) and its parents; existing ones are left alone.
  func createDirectory(_ path: String) throws(FileError)
  /// Makes creations, renames and removals in a directory durable.
  func syncDirectory(_ path: String) throws(FileError)
  /// Bytes that may still be written before the disk is full.
  func freeBytes() throws(FileError) -> Int64
  /// Takes the lock file for this process, or fails with `.locked`.
  func lock(_ path: String) throws(FileError) -> any FileLock
}

extension FileSystem {
  package func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    try open(path, mode, .cached)
  }
}

/// How a file is opened.
///
/// New files are 0600.
package enum FileMode: Sendable {
  case read
  /// Fails when the file exists.
  case createNew
  case readWrite
}

/// The way that bytes take between a program and the disk; it changes what a call costs and nothing else.
package enum FileCaching: Sendable {
  /// Through the kernel's page cache: for what is small or read again soon.
  case cached
  /// Past the page cache where the file system can: for many blocks at once, written or read once.
  /// What is no whole block goes through the cache.
  case direct
}

/// One open file; closes when the last reference goes.
package protocol File: Sendable {
  /// Reads up to `count` bytes; fewer only at the end of the file.
  func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8]
  /// Reads as many bytes as an array has, into it; gives the count, fewer only at the end of the file.
  func read(at offset: Int64, into bytes: inout [UInt8]) throws(FileError) -> Int
  /// Writes all bytes or throws; never writes past a returned error.
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(FileError)
  /// Makes the written bytes durable. After a failure the file must not be trusted again.
  func sync() throws(FileError)
  func size() throws(FileError) -> Int64
  func truncate(to size: Int64) throws(FileError)
}

extension File {
  package func read(at offset: Int64, into bytes: inout [UInt8]) throws(FileError) -> Int {
    let found = try read(at: offset, count: bytes.count)
    bytes.replaceSubrange(..<found.count, with: found)
    return found.count
  }
}

/// Held for as long as the process owns the directory.
package protocol FileLock: Sendable {}

/// Why a file call failed.
package struct FileError: Error, Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    case notFound
    case exists
    case full
    case locked
    case inputOutput(errno: Int32)
  }
  package let reason: Reason
  /// The call and path, for the operator.
  package let operation: String

  package init(_ reason: Reason, _ operation: String) {
    self.reason = reason
    self.operation = operation
  }
}
