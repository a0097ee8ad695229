// SPDX-License-Identifier: Apache-2.0
// The history of one deal: who changed what, when, from what to what.

import TandemDomain
import TandemJournal
import TandemPrimitives
import TandemWire

extension Tenant {
  /// Answers a page of history; rights are checked again, they may have gone while it was read.
  func answer(
    _ call: Call, _ query: DealHistory, _ page: Result<PastCommits, JournalError>,
    _ burst: inout Burst
  ) {
    guard core.mayRead(query.deal, call.principal) else {
      return refuse(call, ErrorStatus(.dealNotFound(query.deal)), &burst)
    }
    guard case .success(let past) = page else {
      return refuse(call, TurnRefusals.historyUnavailable, &burst)
    }
    burst.scratch.removeAll(keepingCapacity: true)
    HistoryCodec.encode(
      past.commits.map { withhold($0) }, of: query.deal, pageSize: Int(query.pageSize),
      bytesMax: Limits.pageBytes, isMore: past.isCut, into: &burst.scratch)
    tell(
      call, AnswerHead(status: .ok, isReplay: false, commitSeq: core.state.commitSequence), &burst)
  }
}
