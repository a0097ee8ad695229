// SPDX-License-Identifier: Apache-2.0
// A disk in memory that can lose power. Files are 512-byte sectors, written or durable; directory
// entries are objects of their own that need their own sync. Errors come by plan, never by chance.

import Synchronization
package import TandemPlatform

/// One call that reached the disk, for tests of order and for crash points.
package struct FileCall: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable {
    case open, create, write, sync, truncate, rename, remove, list, createDirectory, syncDirectory
    case lock, read, size, exists, freeBytes
  }
  package let kind: Kind
  package let path: String
  package var description: String { "\(kind.rawValue) \(path)" }
}

/// What goes wrong at which call.
package struct FaultPlan: Sendable {
  package enum Fault: Sendable, Equatable {
    /// The call fails and does nothing.
    case failure(FileError.Reason)
    /// A sync fails, and the pages it should have written are lost although later syncs succeed.
    case syncLosesPages
    /// A write stores only its first sectors, then fails.
    case shortWrite(sectors: Int)
    /// Power is lost before the call; every later call fails too.
    case powerLoss
  }
  /// Counts only calls that change the disk, from 0.
  package var atMutation: [Int: Fault] = [:]
  /// Every mutation from this one on fails so.
  package var stickyFrom: (mutation: Int, fault: Fault)?

  package init() {}
  package static func powerLoss(before mutation: Int) -> FaultPlan {
    var plan = FaultPlan()
    plan.atMutation[mutation] = .powerLoss
    return plan
  }
}

/// An in-memory file system with the failure model of a disk behind a page cache.
package final class SimulatedFileSystem: FileSystem {
  private let state: Mutex<DiskState>

  package init(capacity: Int64 = 1 << 40, plan: FaultPlan = FaultPlan()) {
    state = Mutex(DiskState(capacity: capacity, plan: plan))
  }

  private func access<Result: Sendable>(
    _ body: (inout DiskState) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    try state.withLock { (disk: inout DiskState) throws(FileError) -> Result in try body(&disk) }
  }

  // MARK: For tests

  /// Mutating calls so far; a crash point is a number below this.
  package var mutations: Int { state.withLock { $0.mutations } }
  /// Every mutating call so far, in order.
  package var log: [FileCall] { state.withLock { $0.log } }

  package func setPlan(_ plan: FaultPlan) { state.withLock { $0.setPlan(plan) } }
  package func setCapacity(_ bytes: Int64) { state.withLock { $0.capacity = bytes } }
  /// A planned power loss has happened; nothing works until `crash`.
  package var hasLostPower: Bool { state.withLock { $0.isDead } }
  package func clearLog() { state.withLock { $0.clearLog() } }

  /// Loses power: each unsynced sector and directory entry is kept or lost on its own.
  package func crash(random: inout some RandomNumberGenerator) {
    state.withLock { $0.crash(random: &random) }
  }

  /// Ends the process but not the machine: locks go, the page cache stays.
  package func endProcess() { state.withLock { $0.endProcess() } }

  /// Everything that is visible now, for comparing and for copies.
  package func contents(of path: String) -> [UInt8]? { state.withLock { $0.contents(of: path) } }

  /// Replaces a file's bytes, durable at once: damage done from outside.
  package func damage(_ path: String, _ change: (inout [UInt8]) -> Void) {
    state.withLock { $0.damage(path, change) }
  }

  /// All visible paths, sorted.
  package var paths: [String] { state.withLock { $0.paths } }

  /// A second disk with the same visible contents, all of it durable.
  package func copy() -> SimulatedFileSystem {
    let disk = state.withLock { $0.settledCopy() }
    let twin = SimulatedFileSystem(capacity: disk.capacity)
    twin.state.withLock { $0 = disk }
    return twin
  }

  // MARK: FileSystem

  /// Direct writes reach the platter with the next sync like all others: no promise is made earlier.
  package func open(
    _ path: String, _ mode: FileMode, _ caching: FileCaching
  ) throws(FileError) -> any File {
    let node = try access { (disk) throws(FileError) in try disk.open(path, mode) }
    return SimulatedFile(disk: self, node: node.number, generation: node.generation, path: path)
  }
  package func rename(_ from: String, to destination: String) throws(FileError) {
    try access { (disk) throws(FileError) in try disk.rename(from, to: destination) }
  }
  package func remove(_ path: String) throws(FileError) {
    try access { (disk) throws(FileError) in try disk.remove(path) }
  }
  package func list(_ directory: String) throws(FileError) -> [String] {
    try access { (disk) throws(FileError) in try disk.list(directory) }
  }
  package func exists(_ path: String) throws(FileError) -> Bool {
    try access { (disk) throws(FileError) in try disk.exists(path) }
  }
  package func createDirectory(_ path: String) throws(FileError) {
    try access { (disk) throws(FileError) in try disk.createDirectory(path) }
  }
  package func syncDirectory(_ path: String) throws(FileError) {
    try access { (disk) throws(FileError) in try disk.syncDirectory(path) }
  }
  package func freeBytes() throws(FileError) -> Int64 {
    try access { (disk) throws(FileError) in try disk.freeBytes() }
  }
  package func lock(_ path: String) throws(FileError) -> any FileLock {
    let generation = try access { (disk) throws(FileError) in try disk.lock(path) }
    return SimulatedLock(disk: self, path: path, generation: generation)
  }

  // MARK: For its files

  fileprivate func onFile<Result: Sendable>(
    _ body: (inout DiskState) throws(FileError) -> Result
  ) throws(FileError) -> Result { try access(body) }

  fileprivate func unlock(_ path: String, generation: Int) {
    state.withLock { $0.unlock(path, generation: generation) }
  }
}

private final class SimulatedFile: File {
  private let disk: SimulatedFileSystem
  private let node: Int
  private let generation: Int
  private let path: String

  init(disk: SimulatedFileSystem, node: Int, generation: Int, path: String) {
    self.disk = disk
    self.node = node
    self.generation = generation
    self.path = path
  }

  private var handle: DiskState.Handle {
    DiskState.Handle(number: node, generation: generation, path: path)
  }

  func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    try disk.onFile { (state) throws(FileError) in
      try state.read(handle, at: Int(offset), count: count)
    }
  }
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(FileError) {
    try disk.onFile { (state) throws(FileError) in
      try state.write(handle, bytes, at: Int(offset))
    }
  }
  func sync() throws(FileError) {
    try disk.onFile { (state) throws(FileError) in try state.sync(handle) }
  }
  func size() throws(FileError) -> Int64 {
    try disk.onFile { (state) throws(FileError) in Int64(try state.size(handle)) }
  }
  func truncate(to size: Int64) throws(FileError) {
    try disk.onFile { (state) throws(FileError) in try state.truncate(handle, to: Int(size)) }
  }
}

private final class SimulatedLock: FileLock {
  private let disk: SimulatedFileSystem
  private let path: String
  private let generation: Int

  init(disk: SimulatedFileSystem, path: String, generation: Int) {
    self.disk = disk
    self.path = path
    self.generation = generation
  }

  deinit { disk.unlock(path, generation: generation) }
}
