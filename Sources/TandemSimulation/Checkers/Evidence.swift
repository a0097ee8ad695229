// SPDX-License-Identifier: Apache-2.0
// What the store holds when a checker asks: every tenant's log, and every tenant as the node has it.

import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemRuntime
import TandemWire

/// All commits of one tenant, oldest first, from history.
struct TenantLog: Sendable {
  let tenant: TenantID
  let commits: [Commit]
}

struct Evidence: Sendable {
  /// Both in the order in which tenants were made.
  let logs: [TenantLog]
  let pictures: [TenantPicture]

  func log(of tenant: TenantID) -> TenantLog? { logs.first { $0.tenant == tenant } }

  /// Reads what is durable; runs inside the simulated process.
  static func gather(
    _ tenants: [TenantID], _ node: Node, _ history: any HistoryStore
  ) async throws(JournalError) -> Evidence {
    var logs: [TenantLog] = []
    var pictures: [TenantPicture] = []
    // Pictures first: every log then reaches at least as far as any picture tells of it.
    for tenant in tenants {
      if let picture = await node.picture(of: tenant) { pictures.append(picture) }
    }
    for tenant in tenants {
      logs.append(try await read(tenant, node.placement.partition(of: tenant), history))
    }
    return Evidence(logs: logs, pictures: pictures)
  }

  private static func read(
    _ tenant: TenantID, _ partition: PartitionID, _ history: any HistoryStore
  ) async throws(JournalError) -> TenantLog {
    var commits: [Commit] = []
    while true {
      let page = try await history.read(
        tenant, in: partition, after: commits.last?.sequence ?? 0, recordsMax: 256,
        bytesMax: 1 << 20)
      guard !page.isEmpty else { return TenantLog(tenant: tenant, commits: commits) }
      for record in page { commits.append(try commit(record)) }
    }
  }

  private static func commit(_ record: Record) throws(JournalError) -> Commit {
    do throws(WireError) {
      return try CommitCodec.decode(
        sequence: record.commitSeq, at: record.time, body: record.body, personal: record.personal)
    } catch {
      throw .corrupt("commit \(record.commitSeq) of \(record.tenant): \(error.text)")
    }
  }
}
