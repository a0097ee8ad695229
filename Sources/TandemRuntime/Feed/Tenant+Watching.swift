// SPDX-License-Identifier: Apache-2.0
// Watches: opening, credit, items from the ring or from history, progress, and their end.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Tenant {
  /// Opens a stream and tells its first item at once: a token, so that it can always be resumed.
  func open(_ request: WatchRequest, _ credit: Int64, _ call: Call, _ burst: inout Burst) {
    guard case .user = call.principal else {
      return refuse(call, TurnRefusals.userNeeded, &burst)
    }
    let selectorHash = ResumeToken.selectorHash(of: request.deals)
    guard request.start != .snapshot || feed.snapshots < Limits.feedSnapshotsPerTenant else {
      return refuse(call, TurnRefusals.tooManySnapshots, &burst)
    }
    let cursor: UInt64
    switch startingPoint(request, selectorHash, burst.entry.timeline) {
    case .success(let sequence): cursor = sequence
    case .failure(let refusal): return refuse(call, refusal.error, &burst)
    }
    let now = burst.time.monotonic
    let index = feed.add { id in
      Watcher(
        id: id, sink: call.sink, ticket: call.ticket, principal: call.principal,
        selection: Set(request.deals), selectorHash: selectorHash, cursor: cursor, credit: credit,
        source: cursor == core.state.commitSequence ? .ring : .history,
        snapshot: request.start == .snapshot ? FeedSnapshot(deals: core.deals.image) : nil,
        toldAt: now,
        tokenAt: cursor,
        greetAt: lastPosition)
    }
    pump(index, &burst)
  }

  /// Gives a stream room for more bytes.
  func grantCredit(
    _ bytes: Int64, _ ticket: Ticket, _ sink: any AnswerSink, _ burst: inout Burst
  ) {
    guard let index = feed.index(of: ticket, sink) else { return }
    feed.update(index) { $0.credit = min($0.credit + bytes, Limits.streamCreditCeiling) }
    pump(&burst)
  }

  /// Ends a stream with CANCELLED; a stream that is gone was answered before.
  func cancelWatch(_ ticket: Ticket, _ sink: any AnswerSink, _ burst: inout Burst) {
    guard let index = feed.index(of: ticket, sink) else { return }
    end(index, TurnRefusals.cancelled)
  }

  /// Ends all streams, for example because the node drains.
  func endWatches(_ error: ErrorStatus) {
    while feed.isWatched { end(0, error) }
  }

  func end(_ index: Int, _ error: ErrorStatus) {
    let watcher = feed.watchers[index]
    feed.remove(at: index)
    var body: [UInt8] = []
    error.encode(into: &body)
    // The end does not wait, so it names no commit that the stream has not told.
    let told = watcher.parts.isEmpty ? watcher.cursor : watcher.cursor - 1
    let seen = watcher.greetAt == nil && watcher.snapshot == nil ? told : 0
    watcher.sink.answer(
      watcher.ticket, AnswerHead(status: error.status, isReplay: false, commitSeq: seen),
      body: body.span)
  }

  /// Sends what is durable to every watcher that has credit; asks for history where the ring ends.
  func pump(_ burst: inout Burst) {
    // From the last one, because one may end.
    for index in feed.watchers.indices.reversed() { pump(index, &burst) }
  }

  private func pump(_ index: Int, _ burst: inout Burst) {
    if let refusal = core.standing(feed.watchers[index].principal) {
      // What took the right away is told once it is durable, and nothing else is told until then.
      if accessPosition <= burst.log.durable { end(index, refusal) }
      return
    }
    if let position = feed.watchers[index].greetAt {
      guard position <= burst.log.durable else { return }
      feed.update(index) { $0.greetAt = nil }
      if feed.watchers[index].snapshot != nil {
        beginSnapshot(index, &burst)
      } else {
        sendProgress(index, burst.time.monotonic, burst.entry.timeline)
      }
    }
    guard feed.watchers[index].snapshot == nil || tellSnapshot(index, &burst) else { return }
    if !feed.watchers[index].parts.isEmpty {
      guard feed.watchers[index].partsAccess == accessPosition else {
        return end(index, TurnRefusals.rightsChanged)
      }
      sendParts(index, burst.time.monotonic)
    }
    while feed.watchers[index].credit > 0 {
      let watcher = feed.watchers[index]
      switch watcher.source {
      case .fetching: return
      case .history:
        feed.update(index) { $0.source = .fetching }
        burst.wantsHistory.append(
          HistoryWork(purpose: .watch(watcher.id, after: watcher.cursor)))
        return
      case .ring:
        let next = watcher.cursor + 1
        guard next <= core.state.commitSequence else { return }
        guard let commit = feed.commit(next, durable: burst.log.durable) else {
          // Not durable yet: its own settlement pumps again. Not in the ring any more: fetch it.
          if feed.firstSequence.map({ next < $0 }) ?? (lastPosition <= burst.log.durable) {
            feed.update(index) { $0.source = .history }
            continue
          }
          return
        }
        tell(commit, index, burst.time.monotonic, burst.entry.timeline)
      }
    }
  }

  /// A page of the past for whoever asked for it.
  func take(_ page: inout HistoryPage) {
    switch page.work.purpose {
    case .watch(let id, _): resume(id, with: page.commits, &page.burst)
    case .dealHistory(let call, let query): answer(call, query, page.commits, &page.burst)
    case .pastDeal(let call, let past): goOn(call, past, page.commits, &page.burst)
    }
  }

  private func resume(
    _ id: WatchID, with page: Result<PastCommits, JournalError>, _ burst: inout Burst
  ) {
    guard let index = feed.index(of: id) else { return }
    guard case .success(let past) = page else {
      return end(index, TurnRefusals.historyUnavailable)
    }
    let commits = past.commits
    if let first = commits.first, first.sequence > feed.watchers[index].cursor + 1 {
      return end(index, TurnRefusals.tokenTooOld)
    }
    for commit in commits where commit.sequence == feed.watchers[index].cursor + 1 {
      // The rest is read again when there is room.
      guard feed.watchers[index].credit > 0 else { break }
      tell(commit, index, burst.time.monotonic, burst.entry.timeline)
    }
    let next = feed.watchers[index].cursor + 1
    let isInRing =
      next > core.state.commitSequence || feed.firstSequence.map { next >= $0 } ?? false
    // An empty page ends at what is durable; the settlement of the rest asks again.
    feed.update(index) { $0.source = isInRing || commits.isEmpty ? .ring : .history }
    if !commits.isEmpty || isInRing { pump(&burst) }
  }

  private func tell(
    _ commit: Commit, _ index: Int, _ now: MonotonicInstant, _ timeline: TimelineID
  ) {
    feed.update(index) { $0.cursor = commit.sequence }
    let watcher = feed.watchers[index]
    guard case .user(let user, _, _) = watcher.principal, core.standing(watcher.principal) == nil
    else { return }
    let token = token(of: watcher, timeline)
    var body: [UInt8] = []
    let hasNews = FeedCodec.encode(
      withhold(audible(commit, to: watcher.principal)), token: token, recipient: user,
      presence: { self.presence(of: $0, in: $1, for: watcher) },
      wholeDeal: { self.core.deals.bytes(of: $0) },
      tellsOfLeads: { self.tells(of: $0, watcher) }, into: &body)
    guard hasNews else { return }
    guard body.count > Limits.feedItemBytes else {
      return send(body, index, now, tokenAt: commit.sequence)
    }
    let parts = FeedCodec.parts(of: body, bytesMax: Limits.feedItemBytes)
    feed.update(index) {
      $0.parts = parts.reversed()
      $0.partsAccess = accessPosition
    }
    sendParts(index, now)
  }

  /// The commit without notifications of deals that the watcher may not see any more.
  private func audible(_ commit: Commit, to principal: Principal) -> Commit {
    var told = commit
    for case .notificationAdded(let notification, _) in commit.events
    where !core.mayHear(notification, principal) {
      told.events.removeAll {
        if case .notificationAdded(let other, _) = $0 { other.id == notification.id } else { false }
      }
    }
    return told
  }

  /// Whether a watcher hears what an event says of leads: all of them or none, by today's rights.
  private func tells(of event: Event, _ watcher: Watcher) -> Bool {
    guard watcher.selection.isEmpty else { return false }
    if case .leadAnswered = event { return core.may(.sendLeads, watcher.principal) }
    return core.may(.readLeads, watcher.principal)
  }

  /// Sends parts of one commit while there is credit; the cursor stands on that commit already.
  private func sendParts(_ index: Int, _ now: MonotonicInstant) {
    while feed.watchers[index].credit > 0, let part = feed.watchers[index].parts.last {
      feed.update(index) { $0.parts.removeLast() }
      let watcher = feed.watchers[index]
      send(part, index, now, tokenAt: watcher.parts.isEmpty ? watcher.cursor : watcher.tokenAt)
    }
  }

  /// Stands for everything up to the watcher's cursor.
  func token(of watcher: Watcher, _ timeline: TimelineID) -> ResumeToken {
    ResumeToken(
      timeline: timeline, tenant: id, commitSeq: watcher.cursor,
      selectorHash: watcher.selectorHash)
  }

  func send(_ body: [UInt8], _ index: Int, _ now: MonotonicInstant, tokenAt: UInt64) {
    feed.update(index) {
      $0.itemsSent &+= 1
      $0.credit -= Int64(Limits.frameHeaderBytes + body.count)
      $0.toldAt = now
      $0.tokenAt = tokenAt
    }
    let watcher = feed.watchers[index]
    watcher.sink.item(watcher.ticket, number: watcher.itemsSent, body: body.span)
  }

  private func sendProgress(_ index: Int, _ now: MonotonicInstant, _ timeline: TimelineID) {
    let watcher = feed.watchers[index]
    var body: [UInt8] = []
    FeedCodec.encodeProgress(
      token: token(of: watcher, timeline), commitSeq: watcher.cursor, into: &body)
    send(body, index, now, tokenAt: watcher.cursor)
  }

  /// Tells silent watchers how far they are.
  func beat(_ burst: inout Burst) {
    let silence = burst.settings.watchProgressMilliseconds
    let now = burst.time.monotonic
    // Whoever asked the past a moment too early asks again.
    pump(&burst)
    endStalledSnapshots(&burst)
    for (index, watcher) in feed.watchers.enumerated()
    where watcher.greetAt == nil && watcher.snapshot == nil && watcher.credit > 0
      && watcher.toldAt.advanced(byMilliseconds: silence) <= now
    {
      sendProgress(index, now, burst.entry.timeline)
    }
  }

  // MARK: Where a watch begins, and what it may see

  private struct StartRefusal: Error {
    let error: ErrorStatus
  }

  private func startingPoint(
    _ request: WatchRequest, _ selectorHash: UInt64, _ timeline: TimelineID
  ) -> Result<UInt64, StartRefusal> {
    switch request.start {
    case .now, .snapshot: return .success(core.state.commitSequence)
    case .afterToken(let bytes):
      guard let token = ResumeToken(bytes: bytes[...]), token.tenant == id else {
        return .failure(StartRefusal(error: TurnRefusals.tokenUnreadable))
      }
      guard token.timeline == timeline, token.commitSeq <= core.state.commitSequence else {
        return .failure(StartRefusal(error: TurnRefusals.timelineChanged))
      }
      guard token.selectorHash == selectorHash else {
        return .failure(StartRefusal(error: TurnRefusals.selectorChanged))
      }
      #if TANDEM_PLANTED_BUGS
        if PlantedBug.feedItemSkippedOnResume.isActive {
          return .success(min(token.commitSeq + 1, core.state.commitSequence))
        }
      #endif
      return .success(token.commitSeq)
    }
  }

  /// How one event of a deal looks to a watcher, with today's rights; nil when it is none of its business.
  private func presence(of deal: DealID, in event: Event, for watcher: Watcher) -> FeedPresence? {
    guard watcher.selection.isEmpty || watcher.selection.contains(deal) else { return nil }
    let sees = core.mayRead(deal, watcher.principal)
    guard case .dealChanged(let change) = event else { return sees ? .entered : nil }
    guard let team = change.changes.first(where: { $0.field == .team }) else {
      return sees ? .changed : nil
    }
    guard case .team(let before) = team.before, case .team(let after) = team.after else {
      return sees ? .changed : nil
    }
    let saw = core.mayRead(deal, watcher.principal, team: before)
    let seesAfter = core.mayRead(deal, watcher.principal, team: after)
    switch (saw, seesAfter) {
    case (true, true): return sees ? .changed : nil
    case (false, true): return sees ? .entered : nil
    case (true, false): return .left
    case (false, false): return nil
    }
  }
}
