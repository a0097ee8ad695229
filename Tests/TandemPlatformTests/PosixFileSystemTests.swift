// SPDX-License-Identifier: Apache-2.0
import Glibc
import TandemPlatform
import TandemPrimitives
import Testing

/// A folder of its own for one test, removed with the test's value.
private struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    var template = Array("/tmp/tandem-files-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
  }

  deinit { removeTree(path) }
}

private func removeTree(_ path: String) {
  guard let files = try? PosixFileSystem(root: path) else { return }
  guard let names = try? files.list("") else { return }
  for name in names {
    do { try files.remove(name) } catch {
      removeTree("\(path)/\(name)")
    }
  }
  rmdir(path)
}

private func mode(_ path: String) -> UInt32 {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}

struct PosixFileSystemTests {
  @Test func `what is written is read back at its place`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path)
    let file = try files.open("a", .createNew)
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try file.write(bytes[...], at: 10)
    try file.sync()
    #expect(try file.size() == 100_010)
    #expect(try file.read(at: 10, count: 100_000) == bytes)
    #expect(try file.read(at: 0, count: 12) == [UInt8](repeating: 0, count: 10) + [0, 1])
    #expect(try file.read(at: 100_000, count: 50).count == 10)
    #expect(try file.read(at: 100_010, count: 50).isEmpty)
    try file.truncate(to: 11)
    #expect(try file.size() == 11)
  }

  @Test func `a file is the same past the page cache and through it, in blocks or not`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path)
    let direct = try files.open("a", .createNew, .direct)
    let cached = try files.open("a", .read)
    var expected = [UInt8](repeating: 0, count: 3 << 20)
    try direct.write(expected[...], at: 0)
    var random = SeededRandom(seed: 5)
    for _ in 0..<100 {
      var offset = Int.random(in: 0..<expected.count, using: &random)
      if Bool.random(using: &random) { offset = offset / 4_096 * 4_096 }
      let count = Int.random(in: 0...min(expected.count - offset, 1 << 18), using: &random)
      let byte = UInt8.random(in: 1...255, using: &random)
      let bytes = (0..<count).map { byte &+ UInt8(truncatingIfNeeded: $0) }
      try direct.write(bytes[...], at: Int64(offset))
      expected.replaceSubrange(offset..<offset + count, with: bytes)
      #expect(try cached.read(at: Int64(offset), count: count) == bytes)
    }
    try direct.write([1, 2, 3], at: Int64(expected.count))
    try direct.sync()
    expected += [1, 2, 3]
    #expect(try direct.size() == Int64(expected.count))
    #expect(try direct.read(at: 0, count: expected.count + 9_000) == expected)
    #expect(try cached.read(at: 0, count: expected.count) == expected)
    for offset in [0, 1, 4_095, 4_096, 70_000, 1 << 20, expected.count - 2] {
      #expect(
        try direct.read(at: Int64(offset), count: 5_000)
          == Array(expected[offset..<min(offset + 5_000, expected.count)]))
    }
    var room = [UInt8](repeating: 7, count: 9_000)
    #expect(try direct.read(at: 70_001, into: &room) == room.count)
    #expect(room == Array(expected[70_001..<79_001]))
    #expect(try direct.read(at: Int64(expected.count) - 5_000, into: &room) == 5_000)
    #expect(room[..<5_000] == expected.suffix(5_000))
    #expect(try direct.read(at: Int64(expected.count), count: 10).isEmpty)
    #expect(try direct.read(at: Int64(expected.count) + 5_000, count: 10).isEmpty)
  }

  @Test func `a direct file fails like any other, and exists where nothing is direct`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path)
    #expect(throws: FileError.self) { try files.open("gone", .read, .direct) }
    let block = [UInt8](repeating: 1, count: 4_096)
    try files.open("here", .createNew, .direct).write(block[...], at: 0)
    #expect(throws: FileError.self) { try files.open("here", .createNew, .direct) }
    let readOnly = try files.open("here", .read, .direct)
    #expect(throws: FileError.self) { try readOnly.write(block[...], at: 0) }
    // /dev/full knows no direct writes on some kernels; either way it is full.
    let full = try PosixFileSystem(root: "/dev").open("full", .readWrite, .direct)
    do {
      try full.write(block[...], at: 0)
      Issue.record("a full device took a block")
    } catch { #expect(error.reason == .full) }
    guard access("/dev/shm", W_OK) == 0 else { return }
    let memory = try PosixFileSystem(root: "/dev/shm")
    let name = "tandem-direct-\(getpid())"
    let file = try memory.open(name, .createNew, .direct)
    try file.write(block[...] + [9], at: 4_096)
    #expect(try file.read(at: 4_096, count: 5_000) == block + [9])
    try memory.remove(name)
  }

  @Test func `with one descriptor left a direct file is written through the cache`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let folder = try TemporaryFolder()
      let files = try PosixFileSystem(root: folder.path)
      let bytes = [UInt8](repeating: 3, count: 3 * 4_096)
      var before = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before)
      let free = open("/dev/null", O_RDONLY)
      close(free)
      var one = rlimit(rlim_cur: rlim_t(free) + 1, rlim_max: before.rlim_max)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &one)
      let file = try files.open("a", .createNew, .direct)
      let isTheLast = open("/dev/null", O_RDONLY) < 0 && errno == EMFILE
      try file.write(bytes[...], at: 0)
      try file.sync()
      let found = try file.read(at: 0, count: bytes.count + 1)
      exit(isTheLast && found == bytes ? 7 : 1)
    }
  }

  @Test func `files and directories are private`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path + "/data/store")
    try files.createDirectory("one/two")
    try files.createDirectory("one/two")
    _ = try files.open("one/two/file", .createNew)
    #expect(mode(folder.path + "/data") == 0o700)
    #expect(mode(folder.path + "/data/store/one/two") == 0o700)
    #expect(mode(folder.path + "/data/store/one/two/file") == 0o600)
  }

  @Test func `names are listed in order, and follow renames and removals`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path)
    for name in ["c", "a", "b"] { _ = try files.open(name, .readWrite) }
    #expect(try files.list("") == ["a", "b", "c"])
    try files.rename("a", to: "c")
    try files.remove("b")
    try files.syncDirectory("")
    #expect(try files.list("") == ["c"])
    #expect(try files.exists("c"))
    #expect(try !files.exists("a"))
    try files.createDirectory("d")
    try files.remove("d")
    #expect(try files.list("") == ["c"])
  }

  @Test func `errors say what is wrong`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path)
    func reason(_ call: () throws -> Void) -> FileError.Reason? {
      do { try call() } catch let error as FileError { return error.reason } catch {}
      return nil
    }
    #expect(reason { _ = try files.open("gone", .read) } == .notFound)
    #expect(reason { try files.remove("gone") } == .notFound)
    #expect(reason { try files.rename("gone", to: "there") } == .notFound)
    #expect(reason { _ = try files.list("gone") } == .notFound)
    _ = try files.open("here", .createNew)
    #expect(reason { _ = try files.open("here", .createNew) } == .exists)
    #expect(reason { _ = try files.list("here") } == .inputOutput(errno: ENOTDIR))
    let readOnly = try files.open("here", .read)
    #expect(reason { try readOnly.write([1], at: 0) } == .inputOutput(errno: EBADF))
    #expect(reason { _ = try PosixFileSystem(root: folder.path + "/here/below") } != nil)
  }

  @Test func `a lock is held by one owner at a time`() throws {
    let folder = try TemporaryFolder()
    let files = try PosixFileSystem(root: folder.path)
    func isLocked() throws -> Bool {
      do {
        _ = try files.lock("LOCK")
        return false
      } catch { return error.reason == .locked }
    }
    do {
      let held = try files.lock("LOCK")
      #expect(try isLocked())
      withExtendedLifetime(held) {}
    }
    #expect(try !isLocked())
  }

  @Test func `free space is counted`() throws {
    let folder = try TemporaryFolder()
    #expect(try PosixFileSystem(root: folder.path).freeBytes() > 0)
  }

  @Test func `a write past the size limit is an error and not a signal's end`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let folder = try TemporaryFolder()
      let files = try PosixFileSystem(root: folder.path)
      let file = try files.open("large", .createNew)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let bytes = [UInt8](repeating: 1, count: 8192)
      do throws(FileError) { try file.write(bytes[...], at: 0) } catch {
        removeTree(folder.path)
        exit(error.reason == .inputOutput(errno: EFBIG) ? 7 : 8)
      }
    }
  }

  @Test func `a full device is told apart from other errors`() throws {
    let device = try PosixFileSystem(root: "/dev")
    let full = try device.open("full", .readWrite)
    do {
      try full.write([1], at: 0)
      Issue.record("a full device took a byte")
    } catch { #expect(error.reason == .full) }
  }

  @Test func `a path that leads out of the root stops the process`() async {
    await #expect(processExitsWith: .failure) {
      _ = try PosixFileSystem(root: "/tmp").exists("../etc")
    }
  }
}
