// SPDX-License-Identifier: Apache-2.0
// Commits as the history of one deal.

package import TandemDomain
package import TandemPrimitives

package enum HistoryCodec {
  /// Appends the body of DealHistory's answer.
  ///
  /// It ends with the commit that fills the page, by entries or by bytes, and says where the next page
  /// begins; `isMore` says that there are commits behind those given.
  package static func encode(
    _ commits: some Sequence<Commit>, of deal: DealID, pageSize: Int,
    bytesMax: Int = Limits.pageBytes, isMore: Bool = false, into output: inout [UInt8]
  ) {
    let end = output.count + bytesMax
    var writer = ProtoWriter(consuming: &output)
    var entries = 0
    var last: UInt64 = 0
    var goesOn = isMore
    for commit in commits where commit.events.contains(where: { $0.tells(deal) }) {
      // All of a commit or nothing; the first one always.
      if entries >= max(pageSize, 1) || (entries > 0 && writer.bytes.count >= end) {
        goesOn = true
        break
      }
      for event in commit.events { entries += write(event, commit, deal, to: &writer) ? 1 : 0 }
      last = commit.sequence
    }
    if goesOn, last > 0 { writer.unsigned(2, last) }
    writer.giveBack(to: &output)
  }

  private static func write(
    _ event: Event, _ commit: Commit, _ deal: DealID, to writer: inout ProtoWriter
  ) -> Bool {
    guard event.tells(deal) else { return false }
    let start = writer.begin(1)
    writer.unsigned(1, commit.sequence)
    writer.time(2, commit.at)
    if let actor = commit.actor { writer.identifier(3, actor) }
    if let via = commit.via { writer.identifier(4, via) }
    if let created = event.begunDeal {
      writer.enumeration(5, created.creationCause)
      writer.unsigned(6, created.version)
      writer.message(9, created)
    } else if case .dealChanged(let change) = event {
      writer.enumeration(5, change.cause)
      writer.unsigned(6, change.version)
      change.changes.write(fields: 7, before: 8, after: 9, to: &writer)
    }
    writer.end(start)
    return true
  }
}

extension Event {
  /// Whether this event belongs to a deal's history.
  fileprivate func tells(_ deal: DealID) -> Bool {
    if case .dealChanged(let change) = self { return change.deal == deal }
    return begunDeal?.id == deal
  }
}
