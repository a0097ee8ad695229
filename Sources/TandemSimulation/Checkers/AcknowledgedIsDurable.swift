// SPDX-License-Identifier: Apache-2.0
// What a client was told stays true: after every recovery the store is at least as far as any answer,
// and a version of a deal that somebody read is that version for ever.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire

struct AcknowledgedIsDurable {
  static let name = "acknowledged is durable"

  private struct Copy: Hashable {
    let tenant: TenantID
    let deal: DealID
  }
  private var reached: [TenantID: UInt64] = [:]
  private var versions: [Copy: [UInt64: [UInt8]]] = [:]
  private var newest: [Copy: UInt64] = [:]

  /// The newest commit of a tenant that anybody was told of.
  func reached(_ tenant: TenantID) -> UInt64 { reached[tenant] ?? 0 }

  mutating func saw(_ commitSeq: UInt64, of tenant: TenantID) {
    reached[tenant] = max(reached[tenant] ?? 0, commitSeq)
  }

  /// Notes what an answer shows; says when it contradicts an earlier one.
  mutating func hear(_ heard: Heard) -> String? {
    let tenant = heard.operation.tenant
    if heard.head.status != .unknown { saw(heard.head.commitSeq, of: tenant) }
    for (deal, bytes) in zip(heard.deals, heard.dealBytes) {
      let copy = Copy(tenant: tenant, deal: deal.id)
      if let before = versions[copy]?[deal.version], before[...] != bytes {
        return "version \(deal.version) of \(deal.id) was read with two contents"
      }
      versions[copy, default: [:]][deal.version] = Array(bytes)
      newest[copy] = max(newest[copy] ?? 0, deal.version)
    }
    return nil
  }

  /// After a recovery: nothing that was told may be missing.
  func check(_ evidence: Evidence) -> String? {
    for (log, picture) in zip(evidence.logs, evidence.pictures) {
      let told = reached(log.tenant)
      let held = log.commits.last?.sequence ?? 0
      if held < told { return "\(log.tenant) was told of commit \(told), the log ends at \(held)" }
      if picture.state.commitSequence < told {
        return "\(log.tenant) was told of commit \(told), it stands at "
          + "\(picture.state.commitSequence)"
      }
      for deal in picture.deals {
        let copy = Copy(tenant: log.tenant, deal: deal.id)
        if let seen = newest[copy], deal.version < seen {
          return "\(deal.id) was read in version \(seen), now it has \(deal.version)"
        }
        if let seen = versions[copy]?[deal.version], seen != deal.bytes {
          return "version \(deal.version) of \(deal.id) is not what was read"
        }
      }
      let present = Set(picture.deals.map(\.id))
      for copy in newest.keys where copy.tenant == log.tenant && !present.contains(copy.deal) {
        return "a deal of \(log.tenant) that was read is gone"
      }
    }
    return nil
  }
}
