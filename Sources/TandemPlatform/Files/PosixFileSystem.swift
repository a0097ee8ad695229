// SPDX-License-Identifier: Apache-2.0
// Real files below one root directory: private modes, whole writes, calls retried after signals.
// Must not keep or reorder anything: durability is decided by the caller's `sync` calls.

import CLinux
import TandemPrimitives

/// The files of one directory; paths are relative to it and never leave it.
package final class PosixFileSystem: FileSystem {
  private let root: FileDescriptor
  private let pieces = DirectPieces()

  /// Opens a root directory, made with its parents (0700) when it does not exist.
  package init(root path: String) throws(FileError) {
    for directory in prefixes(of: path) {
      let made = unsafe linux_make_directory(directory)
      // A parent may exist and yet refuse new entries; opening the root tells the truth.
      if made < 0 && directory == path { try ignoring(.exists, made, "mkdir", path) }
    }
    root = FileDescriptor(owning: try succeeded(unsafe linux_open_root(path), "open", path))
  }

  package func open(
    _ path: String, _ mode: FileMode, _ caching: FileCaching
  ) throws(FileError) -> any File {
    let cached = try descriptor(path, mode.flag)
    guard caching == .direct else { return PosixFile(cached, path, direct: nil) }
    // Some file systems know no other way than the page cache, and descriptors may have run out; the
    // file is the same either way.
    let number = unsafe linux_open_at(root.number, path, mode.directFlag)
    guard number >= 0 else { return PosixFile(cached, path, direct: nil) }
    return PosixFile(
      cached, path, direct: DirectAccess(FileDescriptor(owning: number), pieces))
  }

  package func rename(_ from: String, to destination: String) throws(FileError) {
    checkRelative(from)
    checkRelative(destination)
    let result = unsafe linux_rename_at(root.number, from, destination)
    _ = try succeeded(result, "rename", from)
  }

  package func remove(_ path: String) throws(FileError) {
    checkRelative(path)
    _ = try succeeded(unsafe linux_remove_at(root.number, path), "remove", path)
  }

  package func list(_ directory: String) throws(FileError) -> [String] {
    checkRelative(directory)
    var listing: UnsafeMutableRawPointer?
    let name = entry(directory)
    _ = try succeeded(
      unsafe linux_directory_open(root.number, name, &listing), "list", directory)
    defer { unsafe linux_directory_close(listing) }
    var names: [String] = []
    var error: Int32 = 0
    while let next = unsafe linux_directory_next(listing, &error) {
      names.append(unsafe String(cString: next))
    }
    _ = try succeeded(-error, "list", directory)
    return names.sorted()
  }

  package func exists(_ path: String) throws(FileError) -> Bool {
    checkRelative(path)
    return try succeeded(unsafe linux_exists_at(root.number, path), "exists", path) == 1
  }

  package func createDirectory(_ path: String) throws(FileError) {
    checkRelative(path)
    for directory in prefixes(of: path) {
      try ignoring(
        .exists, unsafe linux_make_directory_at(root.number, directory), "mkdir", directory)
    }
  }

  package func syncDirectory(_ path: String) throws(FileError) {
    let directory = try descriptor(entry(path), LINUX_OPEN_DIRECTORY)
    _ = try succeeded(linux_sync(directory.number), "fsync", path)
  }

  package func freeBytes() throws(FileError) -> Int64 {
    try succeeded(linux_free_bytes(root.number), "statvfs", ".")
  }

  package func lock(_ path: String) throws(FileError) -> any FileLock {
    let descriptor = try descriptor(path, LINUX_OPEN_READ_WRITE)
    let result = linux_lock(descriptor.number)
    guard -result != Errno.wouldBlock.code else { throw FileError(.locked, "flock \(path)") }
    _ = try succeeded(result, "flock", path)
    return PosixLock(descriptor)
  }

  private func descriptor(_ path: String, _ flag: Int32) throws(FileError) -> FileDescriptor {
    checkRelative(path)
    let number = unsafe linux_open_at(root.number, path, flag)
    return FileDescriptor(owning: try succeeded(number, "open", path))
  }

  /// The name of a directory as the kernel wants it; the root itself is the empty path here.
  private func entry(_ directory: String) -> String { directory.isEmpty ? "." : directory }

  private func checkRelative(_ path: String) {
    invariant(!path.hasPrefix("/"), "a path below the root, found \(path)")
    invariant(!path.split(separator: "/").contains(".."), "no way up, found \(path)")
  }
}

/// One open file; the descriptor closes with the last reference.
private final class PosixFile: File {
  private let descriptor: FileDescriptor
  private let path: String
  private let direct: DirectAccess?

  init(_ descriptor: consuming FileDescriptor, _ path: String, direct: DirectAccess?) {
    self.descriptor = descriptor
    self.path = path
    self.direct = direct
  }

  func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    var result: Int64 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let room = unsafe UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      result = unsafe read(into: room, at: offset)
      filled = max(0, Int(result))
    }
    _ = try succeeded(result, "read", path)
    return bytes
  }

  func read(at offset: Int64, into bytes: inout [UInt8]) throws(FileError) -> Int {
    let result = unsafe bytes.withUnsafeMutableBytes { room in
      unsafe read(into: room, at: offset)
    }
    return Int(try succeeded(result, "read", path))
  }

  func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(FileError) {
    let result = unsafe bytes.withUnsafeBytes { raw in unsafe write(raw, at: offset) }
    _ = try succeeded(result, "write", path)
  }

  private func read(into room: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int64 {
    if let direct, let result = unsafe direct.read(into: room, at: offset) { return result }
    return unsafe linux_read_at(descriptor.number, room.baseAddress, room.count, offset)
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int64 {
    let whole = unsafe direct?.write(wholeBlocksOf: bytes, at: offset) ?? 0
    guard whole >= 0, Int(whole) < bytes.count else { return whole }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[Int(whole)...])
    return unsafe linux_write_at(
      descriptor.number, rest.baseAddress, rest.count, offset + whole)
  }

  func sync() throws(FileError) {
    _ = try succeeded(linux_sync_data(descriptor.number), "fdatasync", path)
  }

  func size() throws(FileError) -> Int64 {
    try succeeded(linux_size(descriptor.number), "fstat", path)
  }

  func truncate(to size: Int64) throws(FileError) {
    _ = try succeeded(linux_truncate(descriptor.number, size), "ftruncate", path)
  }
}

/// Holds a lock for as long as its descriptor is open; the kernel frees it if the process dies.
private final class PosixLock: FileLock {
  private let descriptor: FileDescriptor
  init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}

extension FileMode {
  fileprivate var flag: Int32 {
    switch self {
    case .read: LINUX_OPEN_READ
    case .createNew: LINUX_OPEN_CREATE_NEW
    case .readWrite: LINUX_OPEN_READ_WRITE
    }
  }

  fileprivate var directFlag: Int32 {
    switch self {
    case .read: LINUX_OPEN_DIRECT_READ
    case .createNew, .readWrite: LINUX_OPEN_DIRECT_READ_WRITE
    }
  }
}

/// A path and its parents, outermost first, without the file system's root.
private func prefixes(of path: String) -> [String] {
  let bounds = path.indices.dropFirst().filter { path[$0] == "/" }
  return (bounds + [path.endIndex]).map { String(path[..<$0]) }.filter { !$0.isEmpty }
}

/// Passes a result on or throws what its errno means for a file.
private func succeeded<Value: SignedInteger>(
  _ result: Value, _ call: String, _ path: String
) throws(FileError) -> Value {
  guard result < 0 else { return result }
  let errno = Errno(code: Int32(-result))
  let reason: FileError.Reason =
    switch errno {
    case .notFound: .notFound
    case .exists: .exists
    case .noSpace, .quotaExceeded: .full
    default: .inputOutput(errno: errno.code)
    }
  throw FileError(reason, "\(call) \(path): \(errno)")
}

private func ignoring(
  _ expected: Errno, _ result: Int32, _ call: String, _ path: String
) throws(FileError) {
  if -result != expected.code { _ = try succeeded(result, call, path) }
}
