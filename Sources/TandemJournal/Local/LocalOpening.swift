// SPDX-License-Identifier: Apache-2.0
// Takes a data directory: lock, identity, recovery, repaired tail, new epoch. May be killed anywhere
// and run again; nothing is served before the last step.

import TandemPlatform
import TandemPrimitives

/// A data directory that is ready to be written.
struct OpenedLog {
  let lock: any FileLock
  let nodeEpoch: UInt64
  var manifest: Manifest
  var mark: SlotFile
  var writer: LogWriter
  var tails: [UInt64]
  var warnings: [String]
}

struct LocalOpening {
  let files: any FileSystem
  let settings: LocalJournalSettings
  let clock: any TimeSource
  let entropy: any EntropySource

  func open() throws(JournalError) -> OpenedLog {
    var warnings: [String] = []
    let lock = try onDisk { () throws(FileError) in try takeLock() }
    var manifest = try identity(&warnings)
    let store = manifest.store
    let timeline = manifest.timeline
    var epochs = try onDisk { () throws(FileError) in
      try SlotFile(files, LocalPath.lock, magic: SlotFile.lockMagic, store: store)
    }
    var mark = try onDisk { () throws(FileError) in
      try SlotFile(files, LocalPath.mark, magic: SlotFile.markMagic, store: store)
    }
    let scanned = try RecoveryScan(files, manifest, provenByMark: mark.value).run()
    var log = scanned
    let nodeEpoch = max(epochs.value, log.nodeEpoch) + 1
    try onDisk { () throws(FileError) in try epochs.store(nodeEpoch) }
    try settle(log.verdict, &manifest, &warnings)
    let preparation = SegmentPreparation(files: files, settings: settings)
    let goesOn = try repairTail(log, isSameTimeline: manifest.timeline == timeline, preparation)
    try seedFromRuns(&log)
    var writer = LogWriter(
      continuing: log, manifest: manifest, nodeEpoch: nodeEpoch, preparation: preparation,
      entropy: entropy)
    do {
      if goesOn {
        try writer.continueSegment()
      } else {
        try writer.startSegment(at: clock.wall)
      }
      try writer.commit(.epochOpen, at: clock.wall)
    } catch {
      switch error {
      case .full: throw .unavailable("the disk is full")
      case .failed(let cause): throw JournalError(cause)
      }
    }
    let durable = writer.durableLSN
    try onDisk { () throws(FileError) in
      try mark.store(durable)
      try files.syncDirectory(LocalPath.log)
    }
    return OpenedLog(
      lock: lock, nodeEpoch: nodeEpoch, manifest: manifest, mark: mark, writer: writer,
      tails: log.tails, warnings: warnings)
  }

  private func onDisk<Value>(_ body: () throws(FileError) -> Value) throws(JournalError) -> Value {
    do { return try body() } catch { throw JournalError(error) }
  }

  private func takeLock() throws(FileError) -> any FileLock {
    let lock = try files.lock(LocalPath.lock)
    for directory in [LocalPath.log, LocalPath.snapshots, LocalPath.runs] {
      try files.createDirectory(directory)
    }
    try files.syncDirectory(LocalPath.root)
    return lock
  }

  /// Reads the manifest, or makes one for a directory that has never been used.
  private func identity(_ warnings: inout [String]) throws(JournalError) -> Manifest {
    let (found, damaged) = try Manifest.load(files)
    if var manifest = found {
      if damaged > 0 {
        warnings.append("one of the two manifests was damaged and has been written again")
        try onDisk { () throws(FileError) in try manifest.save(files) }
      }
      return manifest
    }
    let segments = try RecoveryScan.segmentNumbers(files, from: 0)
    let runs = try onDisk { () throws(FileError) in try files.list(LocalPath.runs) }
    let marked = SlotFile.newest(
      in: try files.contents(of: LocalPath.mark) ?? [], magic: SlotFile.markMagic)
    guard damaged < 2, segments.isEmpty, runs.isEmpty, marked == nil else {
      throw .corrupt("no manifest can be read")
    }
    var fresh = freshIdentifiers()
    var manifest = Manifest(store: fresh.next(at: clock.wall), timeline: fresh.next(at: clock.wall))
    try onDisk { () throws(FileError) in try manifest.save(files) }
    return manifest
  }

  private func freshIdentifiers() -> FreshIdentifiers {
    FreshIdentifiers(seed: entropy.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Decides whether a log with this tail may be served.
  private func settle(
    _ verdict: TailVerdict, _ manifest: inout Manifest, _ warnings: inout [String]
  ) throws(JournalError) {
    switch verdict {
    case .clean: break
    case .torn: warnings.append("an interrupted write at the end of the log was cut off")
    case .corrupt(let reason): throw .corrupt(reason)
    case .ambiguous(let reason):
      guard settings.acceptTailLoss else { throw .ambiguousTail(reason) }
      // Clients must not resume on a history that may have lost what they saw.
      manifest.timeline = nextTimeline()
      var changed = manifest
      try onDisk { () throws(FileError) in try changed.save(files) }
      manifest = changed
      warnings.append("a damaged newest frame was cut off on request: \(reason)")
    }
  }

  private func nextTimeline() -> TimelineID {
    var fresh = freshIdentifiers()
    return fresh.next(at: clock.wall)
  }

  /// Puts the whole frames of the last segment into a new, synced file: pages that a failed sync left
  /// "clean" in the cache would otherwise be trusted again.
  ///
  /// True when the log goes on in that file, so that starts do not pile segments up.
  private func repairTail(
    _ log: ScannedLog, isSameTimeline: Bool, _ preparation: SegmentPreparation
  ) throws(JournalError) -> Bool {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.tornTailKept.isActive { return false }
    #endif
    guard let last = log.segments.last else { return false }
    let goesOn = isSameTimeline && last.end + FrameHeader.block <= settings.segmentBytes
    let temporary = "wal/recovery.tmp"
    let bytes = try files.contents(of: last.path) ?? []
    invariant(bytes.count >= last.end, "the scanned segment is still there")
    return try onDisk { () throws(FileError) in
      if log.hasCutBytes {
        let end = bytes.lastIndex { $0 != 0 } ?? last.end
        try write(bytes[...end], to: temporary)
        try files.rename(temporary, to: LocalPath.beforeRecovery(last.path))
        try files.syncDirectory(LocalPath.log)
      }
      if goesOn {
        try preparation.takeBlank(as: temporary)
        let file = try files.open(temporary, .readWrite)
        try file.write(bytes[..<last.end], at: 0)
        try file.sync()
      } else {
        try write(bytes[..<last.end], to: temporary)
      }
      try files.rename(temporary, to: last.path)
      try files.syncDirectory(LocalPath.log)
      return goesOn
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>, to path: String) throws(FileError) {
    if try files.exists(path) { try files.remove(path) }
    let file = try files.open(path, .createNew)
    try file.write(bytes, at: 0)
    try file.sync()
  }

  /// Tenants whose newest commit is no longer in the log stand in the runs.
  private func seedFromRuns(_ log: inout ScannedLog) throws(JournalError) {
    for run in try RunCatalogue.load(files, store: nil) {
      for entry in run.tenants {
        log.sealer.seed(
          entry.tenant, ChainHead(commitSeq: entry.lastCommitSeq, chain: entry.lastChain))
      }
    }
  }
}
