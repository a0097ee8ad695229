// SPDX-License-Identifier: Apache-2.0
// Snapshots as immutable files `snap/<tenant>-<commit_seq>.snap`: chunks, each with a checksum, then a
// footer. Runs on a background executor that may block.

package import TandemPlatform
package import TandemPrimitives

package actor LocalSnapshotStore: SnapshotStore {
  private let executor: any SerialExecutor
  private let files: any FileSystem
  private var present: [(tenant: TenantID, commitSeq: UInt64)]?
  private var footers: [String: SnapshotFooter] = [:]

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  package init(_ files: any FileSystem, executor: any SerialExecutor) {
    self.files = files
    self.executor = executor
  }

  package func putIfAbsent(_ snapshot: Snapshot) async throws(JournalError) {
    let footer = snapshot.footer
    guard Snapshot.stateHash(of: snapshot.chunks) == footer.stateHash else {
      throw .corrupt("a snapshot of \(footer.tenant) does not match its state hash")
    }
    do {
      try files.createDirectory(LocalPath.snapshots)
      let path = Self.path(footer.tenant, footer.commitSeq)
      if try files.exists(path) { return }
      present = nil
      try files.publish(SnapshotFile.encode(snapshot), as: path, in: LocalPath.snapshots)
      try remove(footer.tenant, keeping: 2)
    } catch { throw JournalError(error) }
  }

  package func list(_ partition: PartitionID) async throws(JournalError) -> [SnapshotFooter] {
    var newest: [SnapshotFooter] = []
    var names = try names()[...]
    while let last = names.popLast() {
      guard newest.last?.tenant != last.tenant else { continue }
      if let footer = try footer(last.tenant, last.commitSeq) { newest.append(footer) }
    }
    return newest.reversed().filter { $0.partition == partition }
  }

  package func get(_ tenant: TenantID, in partition: PartitionID) async throws(JournalError)
    -> Snapshot?
  {
    for commitSeq in try generations(of: tenant).reversed() {
      guard let bytes = try files.contents(of: Self.path(tenant, commitSeq)),
        let snapshot = SnapshotFile.decode(bytes), snapshot.footer.tenant == tenant,
        snapshot.footer.partition == partition
      else { continue }
      return snapshot
    }
    return nil
  }

  package func delete(_ tenant: TenantID, in partition: PartitionID, keeping: Int)
    async
    throws(JournalError)
  {
    do { try remove(tenant, keeping: keeping) } catch { throw JournalError(error) }
  }

  /// A published snapshot never changes, so its footer is read once.
  private func footer(_ tenant: TenantID, _ commitSeq: UInt64) throws(JournalError)
    -> SnapshotFooter?
  {
    let path = Self.path(tenant, commitSeq)
    if let known = footers[path] { return known }
    do {
      let file = try files.open(path, .read)
      let size = try file.size()
      let start = max(0, size - Int64(SnapshotFile.footerBytes))
      let footer = SnapshotFile.footer(try file.read(at: start, count: SnapshotFile.footerBytes))
      footers[path] = footer
      return footer
    } catch { throw JournalError(error) }
  }

  private func remove(_ tenant: TenantID, keeping: Int) throws(FileError) {
    let old = try listed().filter { $0.tenant == tenant }.dropLast(keeping)
    if !old.isEmpty { present = nil }
    for entry in old {
      footers[Self.path(tenant, entry.commitSeq)] = nil
      try files.remove(Self.path(tenant, entry.commitSeq))
    }
    if !old.isEmpty { try files.syncDirectory(LocalPath.snapshots) }
  }

  private func generations(of tenant: TenantID) throws(JournalError) -> [UInt64] {
    try names().filter { $0.tenant == tenant }.map(\.commitSeq)
  }

  private func names() throws(JournalError) -> [(tenant: TenantID, commitSeq: UInt64)] {
    do { return try listed() } catch { throw JournalError(error) }
  }

  /// Every snapshot file, sorted by tenant and commit_seq; the folder is read once, then kept in mind.
  private func listed() throws(FileError) -> [(tenant: TenantID, commitSeq: UInt64)] {
    if let present { return present }
    guard try files.exists(LocalPath.snapshots) else { return [] }
    let found = try files.list(LocalPath.snapshots).compactMap(Self.parse).sorted {
      ($0.tenant, $0.commitSeq) < ($1.tenant, $1.commitSeq)
    }
    present = found
    return found
  }

  package static func path(_ tenant: TenantID, _ commitSeq: UInt64) -> String {
    "\(LocalPath.snapshots)/\(tenant)-\(LocalPath.digits(commitSeq)).snap"
  }

  static func parse(_ name: String) -> (tenant: TenantID, commitSeq: UInt64)? {
    guard name.hasSuffix(".snap") else { return nil }
    let parts = name.dropLast(5).split(separator: "-")
    guard parts.count == 2, let tenant = TenantID(parts[0]), let seq = UInt64(parts[1]) else {
      return nil
    }
    return (tenant, seq)
  }
}
