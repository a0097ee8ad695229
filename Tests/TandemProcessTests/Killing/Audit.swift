// SPDX-License-Identifier: Apache-2.0
// Compares what one organisation's clients were told with what the server holds at the end.

import TandemClient

struct Audit: Sendable {
  let organisation: String
  let writers: [WriterBook]
  let watchers: [WatcherBook]

  /// Sentences about everything that is not as promised; the first hundred.
  func run(_ server: Tandemd) async throws -> [String] {
    try await withClient(server.url, key: organisation) { client in
      var stored: [Deal] = []
      for try await row in client.listDeals() { stored.append(row.deal) }
      var findings = compare(stored)
      for watcher in watchers { findings += compare(watcher, stored) }
      findings += try await compareHistories(client)
      return Array(findings.prefix(100))
    }
  }

  // MARK: What is stored

  private func compare(_ stored: [Deal]) -> [String] {
    var findings: [String] = []
    let byName = Dictionary(grouping: stored, by: \.name)
    for known in writers.flatMap(\.deals) {
      let found = byName[known.name] ?? []
      guard found.count == 1, let deal = found.first, deal.id == known.id else {
        findings.append("\(known.name) was acknowledged once and is stored \(found.count) times")
        continue
      }
      let isKnown = deal.version == known.version && deal.campaignID == known.campaign
      let isDoubt =
        known.doubt != nil && deal.version == known.version + 1 && deal.campaignID == known.doubt
      if !isKnown && !isDoubt {
        findings.append(
          "\(known.name): version \(deal.version), campaign \(deal.campaignID), acknowledged was "
            + "\(known.version), \(known.campaign), in doubt \(known.doubt ?? "nothing")")
      }
    }
    for name in writers.flatMap(\.maybeCreated) {
      let found = byName[name] ?? []
      if found.count > 1 || found.contains(where: { $0.version != 1 }) {
        findings.append("\(name) was given up and is stored \(found.count) times")
      }
    }
    for name in writers.flatMap(\.neverCreated) where byName[name] != nil {
      findings.append("\(name) was reported as not executed and is stored")
    }
    let known = Set(writers.flatMap(\.deals).map(\.name) + writers.flatMap(\.maybeCreated))
    for deal in stored where deal.name.hasPrefix("tdk_") && !known.contains(deal.name) {
      findings.append("\(deal.name) is stored and nobody created it")
    }
    return findings
  }

  // MARK: What was seen

  /// Each deal's versions come as 1, 2, 3 … up to the stored one, and acknowledged ones in the commit
  /// that was acknowledged.
  private func compare(_ watcher: WatcherBook, _ stored: [Deal]) -> [String] {
    var findings: [String] = []
    var versions: [ID: UInt64] = [:]
    var commits: [ID: [UInt64: UInt64]] = [:]
    let ours = ours
    for change in watcher.changes {
      if change.version != versions[change.deal, default: 0] + 1, ours.contains(change.deal) {
        findings.append(
          "a watcher saw version \(change.version) of \(change.deal) after "
            + "\(versions[change.deal, default: 0])")
      }
      versions[change.deal] = change.version
      commits[change.deal, default: [:]][change.version] = change.commit
    }
    for deal in stored {
      guard let id = deal.id, ours.contains(id) else { continue }
      if versions[id] != deal.version {
        findings.append(
          "a watcher saw \(deal.name) up to version \(versions[id] ?? 0) of \(deal.version)")
      }
    }
    for known in writers.flatMap(\.deals) {
      for (version, commit) in known.commits where commits[known.id]?[version] != commit {
        findings.append(
          "\(known.name) version \(version) was acknowledged in commit \(commit), seen in "
            + "\(commits[known.id]?[version] ?? 0)")
      }
    }
    return findings
  }

  /// Made by this test, not by the demo world.
  private var ours: Set<ID> { Set(writers.flatMap(\.deals).map(\.id)) }

  /// A few histories from the runs and the log on disk.
  private func compareHistories(_ client: Client) async throws -> [String] {
    var findings: [String] = []
    for known in writers.compactMap(\.deals.first) + writers.compactMap(\.deals.last) {
      var versions: [UInt64] = []
      for try await entry in client.dealHistory(known.id) {
        versions.append(entry.version)
        if let commit = known.commits[entry.version], commit != entry.commit {
          findings.append("\(known.name) \(entry.version): history says commit \(entry.commit)")
        }
      }
      if versions != Array(1...UInt64(max(versions.count, 1))) || versions.count < known.version {
        findings.append("\(known.name) has the history \(versions)")
      }
    }
    return findings
  }
}
