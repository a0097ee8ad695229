// SPDX-License-Identifier: Apache-2.0
// Looks at a data directory without a server and without the lock. Changes nothing.

package import TandemPlatform
package import TandemPrimitives

/// What a data directory holds.
package struct JournalSummary: Sendable, Equatable {
  package var store: StoreID?
  package var timeline: TimelineID?
  package var firstLSN: UInt64 = 0
  package var nextLSN: UInt64 = 0
  package var provenLSN: UInt64 = 0
  package var nodeEpoch: UInt64 = 0
  package var segments = 0
  package var frames = 0
  package var records = 0
  package var tenants = 0
  package var snapshots = 0
  package var runs = 0
}

package struct JournalFinding: Sendable, Equatable {
  package enum Severity: Int, Sendable, Comparable {
    case note = 0
    case damagedTail = 1
    case corrupt = 2
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }
  package let severity: Severity
  package let path: String
  package let text: String
}

package struct JournalReport: Sendable {
  package var summary = JournalSummary()
  package var findings: [JournalFinding] = []

  /// The worst finding: exit code 0, 1 or 2 of the verify command.
  package var verdict: JournalFinding.Severity { findings.map(\.severity).max() ?? .note }

  mutating func add(_ severity: JournalFinding.Severity, _ path: String, _ text: String) {
    findings.append(JournalFinding(severity: severity, path: path, text: text))
  }
}

package struct JournalInspector: Sendable {
  private let files: any FileSystem

  package init(_ files: any FileSystem) { self.files = files }

  /// Checks every checksum, chain and count of a data directory; never throws for damage.
  package func verify() -> JournalReport {
    var report = JournalReport()
    var chains = ChainCheck()
    guard let manifest = manifest(&report) else { return report }
    let marked = SlotFile.newest(
      in: bytes(LocalPath.mark, &report) ?? [], magic: SlotFile.markMagic)
    let epoch = SlotFile.newest(in: bytes(LocalPath.lock, &report) ?? [], magic: SlotFile.lockMagic)
    if marked == nil { report.add(.note, LocalPath.mark, "no durable mark can be read") }
    if epoch == nil { report.add(.note, LocalPath.lock, "no node epoch can be read") }
    report.summary.provenLSN = marked?.value ?? 0
    report.summary.nodeEpoch = epoch?.value ?? 0
    chains.claims = verifySnapshots(&report)
    verifyRuns(manifest, &chains, &report)
    verifyLog(manifest, proven: marked?.value ?? 0, &chains, &report)
    chains.reportUnmetClaims(&report)
    report.summary.tenants = chains.heads.count
    return report
  }

  private func bytes(_ path: String, _ report: inout JournalReport) -> [UInt8]? {
    do { return try files.contents(of: path) } catch {
      report.add(.corrupt, path, "cannot be read: \(error)")
      return nil
    }
  }

  private func manifest(_ report: inout JournalReport) -> Manifest? {
    do {
      let (found, damaged) = try Manifest.load(files)
      if damaged > 0 {
        report.add(
          found == nil ? .corrupt : .note, "MANIFEST", "\(damaged) of two manifests are damaged")
      }
      guard let manifest = found else {
        report.add(.corrupt, "MANIFEST", "there is no manifest")
        return nil
      }
      report.summary.store = manifest.store
      report.summary.timeline = manifest.timeline
      report.summary.firstLSN = manifest.firstLSN
      return manifest
    } catch {
      report.add(.corrupt, "MANIFEST", "\(error)")
      return nil
    }
  }

  private func verifyRuns(
    _ manifest: Manifest, _ chains: inout ChainCheck, _ report: inout JournalReport
  ) {
    do {
      var next: UInt64 = 1
      for run in try RunCatalogue.load(files, store: manifest.store) {
        report.summary.runs += 1
        if run.firstLSN != next {
          report.add(.corrupt, run.path, "begins with LSN \(run.firstLSN), expected \(next)")
        }
        next = run.nextLSN
        for block in run.blocks { chains.take(run: run.path, try run.raw(block), &report) }
      }
      if next < manifest.firstLSN {
        report.add(.corrupt, LocalPath.runs, "LSN \(next) to \(manifest.firstLSN - 1) are missing")
      }
    } catch { report.add(.corrupt, LocalPath.runs, "\(error)") }
  }

  private func verifyLog(
    _ manifest: Manifest, proven: UInt64, _ chains: inout ChainCheck,
    _ report: inout JournalReport
  ) {
    do {
      let log = try RecoveryScan(files, manifest, provenByMark: proven).run()
      report.summary.nextLSN = log.nextLSN
      report.summary.segments = log.segments.count
      for segment in log.segments { verify(segment, &chains, &report) }
      let path = log.segments.last?.path ?? LocalPath.log
      switch log.verdict {
      case .clean: break
      case .torn: report.add(.damagedTail, path, "an interrupted write ends the log")
      case .ambiguous(let reason): report.add(.damagedTail, path, reason)
      case .corrupt(let reason): report.add(.corrupt, path, reason)
      }
    } catch { report.add(.corrupt, LocalPath.log, "\(error)") }
  }

  private func verify(
    _ segment: LogSegment, _ chains: inout ChainCheck, _ report: inout JournalReport
  ) {
    guard let bytes = bytes(segment.path, &report) else { return }
    do {
      guard let header = try SegmentHeader.decode(bytes) else { return }
      let scan = try SegmentScan.walk(bytes, header: header) { (frame, start) in
        guard frame.kind == .data else { return }
        for entry in BatchEntry.all(of: frame, at: start, in: bytes) ?? [] {
          let records = bytes[Int(entry.offset)..<Int(entry.offset + entry.length)]
          if Checksum.crc(records) != entry.checksum {
            report.add(.corrupt, segment.path, "the batch at \(entry.offset) is damaged")
          }
          chains.take(
            log: segment.path, Array(records), nodeEpoch: frame.nodeEpoch, &report)
        }
      }
      report.summary.frames += scan.frames
      report.summary.records += segment.batches.joined().reduce(0) { $0 + Int($1.count) }
    } catch { report.add(.corrupt, segment.path, "\(error)") }
  }

  /// Checks each snapshot by itself; what it says of its tenant's chain is checked with the records.
  private func verifySnapshots(_ report: inout JournalReport) -> [TenantID: [SnapshotClaim]] {
    var claims: [TenantID: [SnapshotClaim]] = [:]
    do {
      guard try files.exists(LocalPath.snapshots) else { return claims }
      for name in try files.list(LocalPath.snapshots) {
        let path = "\(LocalPath.snapshots)/\(name)"
        guard let named = LocalSnapshotStore.parse(name) else {
          report.add(.note, path, "is not a snapshot")
          continue
        }
        report.summary.snapshots += 1
        guard let footer = bytes(path, &report).flatMap(SnapshotFile.decode)?.footer,
          footer.tenant == named.tenant, footer.commitSeq == named.commitSeq
        else {
          report.add(.corrupt, path, "the snapshot is damaged")
          continue
        }
        claims[footer.tenant, default: []].append(
          SnapshotClaim(path: path, commitSeq: footer.commitSeq, chain: footer.chain))
      }
    } catch { report.add(.corrupt, LocalPath.snapshots, "\(error)") }
    return claims
  }
}
