// SPDX-License-Identifier: Apache-2.0
// The history of one deal: who changed what, when, from what to what; and the deal as it was.

import TandemDomain
import TandemJournal
import TandemPlatform
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
    tellOK(call, &burst)
  }

  /// Asks for the past of a deal; what is the present is answered from memory.
  func get(_ past: DealAsOf, _ call: Call, _ burst: inout Burst) {
    guard core.mayRead(past.deal, call.principal) else {
      return refuse(call, ErrorStatus(.dealNotFound(past.deal)), &burst)
    }
    if case .time(let time) = past.moment, time > core.realmTime(burst.time) {
      return refuse(call, TurnRefusals.timeAhead(core.realmTime(burst.time)), &burst)
    }
    if case .version(core.version(of: past.deal)) = past.moment {
      return get(past.deal, call, &burst)
    }
    burst.wantsHistory.append(HistoryWork(purpose: .pastDeal(call, PastDeal(past))))
  }

  /// Takes a page of a deal's past; asks for the next one, or answers.
  ///
  /// Rights are checked again, they may have gone while it was read.
  func goOn(
    _ call: Call, _ soFar: PastDeal, _ page: Result<PastCommits, JournalError>,
    _ burst: inout Burst
  ) {
    let id = soFar.wanted.deal
    guard core.mayRead(id, call.principal) else {
      return refuse(call, ErrorStatus(.dealNotFound(id)), &burst)
    }
    guard case .success(let read) = page else {
      return refuse(call, TurnRefusals.historyUnavailable, &burst)
    }
    guard burst.time.monotonic <= call.deadline else {
      return turnAway(call, TurnRefusals.deadline, &burst)
    }
    var past = soFar
    for commit in read.commits where !past.isComplete { past.take(commit) }
    if !past.isComplete, read.isCut || read.commits.count > PastDeal.commitsPerPage {
      burst.wantsHistory.append(HistoryWork(purpose: .pastDeal(call, past)))
      return
    }
    do throws(Rejection) {
      tell(withhold(try past.result()), call, &burst)
    } catch {
      refuse(call, ErrorStatus(error), &burst)
    }
  }

  private func tell(_ deal: Deal, _ call: Call, _ burst: inout Burst) {
    var bytes: [UInt8] = []
    DealCodec.encode(deal, into: &bytes)
    burst.scratch.removeAll(keepingCapacity: true)
    ReplyCodec.appendDeal(
      bytes, isFavourite: core.isFavourite(deal.id, call.principal), into: &burst.scratch)
    tellOK(call, &burst)
  }
}
