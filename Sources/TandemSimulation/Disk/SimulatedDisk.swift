// SPDX-License-Identifier: Apache-2.0
// State of the simulated disk: what is visible, what is durable, and what a power loss makes of both.

import TandemPlatform

/// One file's bytes, as the kernel shows them and as the platter holds them.
struct DiskNode: Sendable {
  static let sector = 512
  var visible: [UInt8] = []
  var durable: [UInt8] = []
  /// Sectors written since the last sync.
  var unsynced: Set<Int> = []
  /// The durable length lags behind until a sync, like data.
  var sizeChanged = false

  mutating func markWritten(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    for sector in range.lowerBound / Self.sector...(range.upperBound - 1) / Self.sector {
      unsynced.insert(sector)
    }
  }

  /// The platter takes what the kernel shows.
  mutating func settle() {
    durable = visible
    unsynced = []
    sizeChanged = false
  }

  /// The kernel calls its pages clean although they never reached the platter.
  mutating func forgetUnsynced() {
    unsynced = []
    sizeChanged = false
  }

  /// Each unsynced sector is kept or lost on its own; a lost length ends at the durable one.
  mutating func losePower(random: inout some RandomNumberGenerator) {
    var after = durable
    if sizeChanged, Bool.random(using: &random) {
      if visible.count < after.count { after.removeLast(after.count - visible.count) }
      if visible.count > after.count {
        after.append(contentsOf: repeatElement(0, count: visible.count - after.count))
      }
    }
    for sector in unsynced.sorted() where Bool.random(using: &random) {
      let start = sector * Self.sector
      let end = min(start + Self.sector, visible.count, after.count)
      if start < end { after.replaceSubrange(start..<end, with: visible[start..<end]) }
    }
    visible = after
    settle()
  }
}

/// One creation, removal or rename that no directory sync has covered yet; kept or lost as a whole.
struct NameChange: Sendable {
  let directory: String
  let names: [(name: String, node: Int?)]
}

struct DiskState: Sendable {
  struct Handle: Sendable {
    let number: Int
    let generation: Int
    let path: String
  }

  var capacity: Int64
  private(set) var mutations = 0
  private(set) var log: [FileCall] = []
  private var plan: FaultPlan
  private var generation = 0
  private(set) var isDead = false
  private var nextNode = 1
  private var nodes: [Int: DiskNode] = [:]
  /// Names as the kernel shows them, and as a power loss would leave them.
  private var entries: [String: Int] = [:]
  private var durableEntries: [String: Int] = [:]
  private var unsyncedNames: [NameChange] = []
  private var directories: Set<String> = ["."]
  private var durableDirectories: Set<String> = ["."]
  private var locks: Set<String> = []

  init(capacity: Int64, plan: FaultPlan) {
    self.capacity = capacity
    self.plan = plan
  }

  // MARK: For tests

  mutating func setPlan(_ plan: FaultPlan) {
    self.plan = plan
    mutations = 0
  }

  mutating func clearLog() { log = [] }

  mutating func endProcess() {
    generation += 1
    locks = []
    isDead = false
    plan = FaultPlan()
  }

  mutating func crash(random: inout some RandomNumberGenerator) {
    endProcess()
    for change in unsyncedNames where Bool.random(using: &random) { settle(change) }
    unsyncedNames = []
    for name in directories.subtracting(durableDirectories).sorted()
    where Bool.random(using: &random) {
      durableDirectories.insert(name)
    }
    durableEntries = durableEntries.filter { durableDirectories.contains(Self.parent(of: $0.key)) }
    entries = durableEntries
    directories = durableDirectories
    for number in nodes.keys.sorted() { nodes[number]?.losePower(random: &random) }
    let alive = Set(entries.values)
    nodes = nodes.filter { alive.contains($0.key) }
  }

  func contents(of path: String) -> [UInt8]? {
    entries[path].flatMap { nodes[$0]?.visible }
  }

  var paths: [String] { entries.keys.sorted() }

  mutating func damage(_ path: String, _ change: (inout [UInt8]) -> Void) {
    guard let number = entries[path], var node = nodes[number] else { return }
    change(&node.visible)
    node.settle()
    nodes[number] = node
  }

  func settledCopy() -> DiskState {
    var twin = DiskState(capacity: capacity, plan: FaultPlan())
    twin.nextNode = nextNode
    twin.nodes = nodes.mapValues { node in
      var settled = node
      settled.settle()
      return settled
    }
    twin.entries = entries
    twin.durableEntries = entries
    twin.directories = directories
    twin.durableDirectories = directories
    return twin
  }

  // MARK: Faults

  /// Counts a mutating call and applies the plan.
  private mutating func mutate(_ kind: FileCall.Kind, _ path: String) throws(FileError)
    -> FaultPlan.Fault?
  {
    try alive(path)
    let number = mutations
    mutations += 1
    log.append(FileCall(kind: kind, path: path))
    var fault = plan.atMutation[number]
    if let sticky = plan.stickyFrom, number >= sticky.mutation { fault = sticky.fault }
    switch fault {
    case .failure(let reason):
      throw FileError(reason, "\(kind.rawValue) \(path)")
    case .powerLoss:
      isDead = true
      throw FileError(.inputOutput(errno: 5), "power lost before \(kind.rawValue) \(path)")
    case .syncLosesPages, .shortWrite, nil:
      return fault
    }
  }

  private func alive(_ path: String) throws(FileError) {
    if isDead { throw FileError(.inputOutput(errno: 5), "no power: \(path)") }
  }

  private func node(_ handle: Handle) throws(FileError) -> DiskNode {
    try alive(handle.path)
    guard handle.generation == generation, let node = nodes[handle.number] else {
      throw FileError(.inputOutput(errno: 9), "stale handle \(handle.path)")
    }
    return node
  }

  // MARK: Names

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return String(path[..<slash])
  }

  mutating func open(_ path: String, _ mode: FileMode) throws(FileError) -> (
    number: Int, generation: Int
  ) {
    try alive(path)
    switch mode {
    case .read:
      guard let number = entries[path] else { throw FileError(.notFound, "open \(path)") }
      return (number, generation)
    case .readWrite:
      if let number = entries[path] { return (number, generation) }
      return try open(path, .createNew)
    case .createNew:
      _ = try mutate(.create, path)
      guard entries[path] == nil else { throw FileError(.exists, "create \(path)") }
      guard directories.contains(Self.parent(of: path)) else {
        throw FileError(.notFound, "create \(path)")
      }
      let number = nextNode
      nextNode += 1
      nodes[number] = DiskNode()
      rename([(path, number)], in: path)
      return (number, generation)
    }
  }

  mutating func rename(_ from: String, to destination: String) throws(FileError) {
    _ = try mutate(.rename, "\(from) -> \(destination)")
    guard let number = entries[from] else { throw FileError(.notFound, "rename \(from)") }
    rename([(from, nil), (destination, number)], in: destination)
  }

  mutating func remove(_ path: String) throws(FileError) {
    _ = try mutate(.remove, path)
    guard entries[path] != nil else { throw FileError(.notFound, "remove \(path)") }
    rename([(path, nil)], in: path)
  }

  func list(_ directory: String) throws(FileError) -> [String] {
    try alive(directory)
    guard directories.contains(directory) else { throw FileError(.notFound, "list \(directory)") }
    let files = entries.keys.filter { Self.parent(of: $0) == directory }
    let below = directories.filter { $0 != "." && Self.parent(of: $0) == directory }
    return (files + below).map { $0.split(separator: "/").last.map(String.init) ?? $0 }.sorted()
  }

  func exists(_ path: String) throws(FileError) -> Bool {
    try alive(path)
    return entries[path] != nil || directories.contains(path)
  }

  mutating func createDirectory(_ path: String) throws(FileError) {
    guard !directories.contains(path) else { return }
    _ = try mutate(.createDirectory, path)
    var name = path
    while name != ".", directories.insert(name).inserted { name = Self.parent(of: name) }
  }

  private mutating func settle(_ change: NameChange) {
    for (name, node) in change.names { durableEntries[name] = node }
  }

  private mutating func rename(_ names: [(name: String, node: Int?)], in path: String) {
    for (name, node) in names { entries[name] = node }
    unsyncedNames.append(NameChange(directory: Self.parent(of: path), names: names))
  }

  mutating func syncDirectory(_ path: String) throws(FileError) {
    let fault = try mutate(.syncDirectory, path)
    if fault == .syncLosesPages { throw FileError(.inputOutput(errno: 5), "sync \(path)") }
    for change in unsyncedNames where change.directory == path { settle(change) }
    unsyncedNames.removeAll { $0.directory == path }
    for name in directories where name != "." && Self.parent(of: name) == path {
      durableDirectories.insert(name)
    }
  }

  func freeBytes() throws(FileError) -> Int64 {
    try alive("free bytes")
    return capacity - used
  }

  private var used: Int64 { nodes.values.reduce(0) { $0 + Int64($1.visible.count) } }

  mutating func lock(_ path: String) throws(FileError) -> Int {
    try alive(path)
    guard locks.insert(path).inserted else { throw FileError(.locked, "lock \(path)") }
    if entries[path] == nil { _ = try open(path, .createNew) }
    return generation
  }

  mutating func unlock(_ path: String, generation: Int) {
    if generation == self.generation { locks.remove(path) }
  }

  // MARK: Bytes

  func read(_ handle: Handle, at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let bytes = try node(handle).visible
    guard offset < bytes.count, count > 0 else { return [] }
    return Array(bytes[offset..<min(offset + count, bytes.count)])
  }

  func size(_ handle: Handle) throws(FileError) -> Int { try node(handle).visible.count }

  mutating func write(_ handle: Handle, _ bytes: ArraySlice<UInt8>, at offset: Int)
    throws(FileError)
  {
    _ = try node(handle)
    let fault = try mutate(.write, handle.path)
    var kept = bytes
    if case .shortWrite(let sectors) = fault { kept = bytes.prefix(sectors * DiskNode.sector) }
    let growth = offset + kept.count - (nodes[handle.number]?.visible.count ?? 0)
    if growth > 0, used + Int64(growth) > capacity {
      throw FileError(.full, "write \(handle.path)")
    }
    nodes[handle.number]?.store(kept, at: offset)
    if kept.count < bytes.count {
      throw FileError(.inputOutput(errno: 5), "short write \(handle.path)")
    }
  }

  mutating func truncate(_ handle: Handle, to size: Int) throws(FileError) {
    _ = try node(handle)
    _ = try mutate(.truncate, handle.path)
    nodes[handle.number]?.resize(to: size)
  }

  mutating func sync(_ handle: Handle) throws(FileError) {
    _ = try node(handle)
    let fault = try mutate(.sync, handle.path)
    if fault == .syncLosesPages {
      nodes[handle.number]?.forgetUnsynced()
      throw FileError(.inputOutput(errno: 5), "sync \(handle.path)")
    }
    nodes[handle.number]?.settleWritten()
  }
}

extension DiskNode {
  mutating func store(_ bytes: ArraySlice<UInt8>, at offset: Int) {
    let end = offset + bytes.count
    if end > visible.count {
      sizeChanged = true
      visible.append(contentsOf: repeatElement(0, count: end - visible.count))
    }
    visible.replaceSubrange(offset..<end, with: bytes)
    markWritten(offset..<end)
  }

  mutating func resize(to size: Int) {
    guard size != visible.count else { return }
    sizeChanged = true
    if size < visible.count {
      visible.removeLast(visible.count - size)
    } else {
      let old = visible.count
      visible.append(contentsOf: repeatElement(0, count: size - old))
      markWritten(old..<size)
    }
  }

  /// A sync writes only what the kernel still calls dirty; pages lost by a failed sync stay lost.
  mutating func settleWritten() {
    if sizeChanged || durable.count != visible.count {
      if durable.count > visible.count { durable.removeLast(durable.count - visible.count) }
      if durable.count < visible.count {
        durable.append(contentsOf: repeatElement(0, count: visible.count - durable.count))
      }
    }
    for sector in unsynced {
      let start = sector * Self.sector
      let end = min(start + Self.sector, visible.count)
      if start < end { durable.replaceSubrange(start..<end, with: visible[start..<end]) }
    }
    unsynced = []
    sizeChanged = false
  }
}
