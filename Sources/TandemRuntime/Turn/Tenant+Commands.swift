// SPDX-License-Identifier: Apache-2.0
// Commands: ledger, decide, commit. The journal record is written before the state changes, in one turn.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Tenant {
  func run(_ command: Command, _ returnDeal: Bool, _ call: Call, _ burst: inout Burst) {
    var told: [Commit] = []
    let outcome = core.perform(
      command, call.principal, call.key, isWatched: isWatched, &told, &burst)
    switch consume outcome {
    case .accepted(let deal, let position):
      if let position { note(told, at: position, &burst) }
      if returnDeal, let deal { append(deal, call.principal, &burst) }
      tell(
        call, AnswerHead(status: .ok, isReplay: false, commitSeq: core.state.commitSequence),
        &burst)
    case .replay(let answer): replay(answer, returnDeal, call, &burst)
    case .refused(let refusal): refuse(call, refusal, &burst)
    case .turnedAway(let refusal): turnAway(call, refusal, &burst)
    }
  }

  /// The stored answer again; with `return_deal` it carries the deal as it is now.
  private func replay(
    _ answer: ArraySlice<UInt8>, _ returnDeal: Bool, _ call: Call, _ burst: inout Burst
  ) {
    burst.scratch.removeAll(keepingCapacity: true)
    burst.scratch.append(contentsOf: answer)
    if burst.log.isStalled != nil, !returnDeal, let key = call.key,
      core.state.ledger.holds(key, since: durable.ledgerEnd)
    {
      // What waits for storage is not in this answer, so the answer does not wait for it.
      let head = AnswerHead(status: .ok, isReplay: true, commitSeq: durable.commitSeq)
      return call.sink.answer(call.ticket, head, body: burst.scratch.span)
    }
    if returnDeal, let id = Self.dealNamed(in: answer) {
      _ = core.appendReadable(
        id, as: ReplyCodec.appendReturnedDeal, call.principal, &burst.scratch)
    }
    tell(
      call, AnswerHead(status: .ok, isReplay: true, commitSeq: core.state.commitSequence), &burst)
  }

  /// The identifier with which the answer of a command on a deal begins.
  private static func dealNamed(in answer: ArraySlice<UInt8>) -> DealID? {
    var reader = ProtoReader(answer)
    do {
      guard try reader.next(), reader.field == 1 else { return nil }
      return DealID(bytes: try reader.slice())
    } catch {
      return nil
    }
  }

  private func append(_ id: DealID, _ principal: Principal, _ burst: inout Burst) {
    guard let place = core.place(of: id) else { return }
    core.append(id, at: place, as: ReplyCodec.appendReturnedDeal, principal, &burst.scratch)
  }

  func obey(_ command: SystemCommand, _ burst: inout Burst) {
    switch command {
    case .fireDeadlines:
      // A full turn's worth of expiries leaves the deadline in the past, so the shard asks again.
      burst.entry.isFiring = false
      decideAlone(.fireDeadlines, &burst)
    case .markOutbox(let receiver):
      guard let through = burst.entry.pendingMarks.removeValue(forKey: receiver) else { return }
      decideAlone(.markOutbox(MarkOutbox(receiver: receiver, through: through)), &burst)
      // What a commit could not follow is marked by the next one.
      if let rest = core.state.pendingMessages(for: receiver).first, rest.sequence <= through {
        burst.entry.pendingMarks[receiver] = through
        burst.queue.push(.command(command))
      }
    case .establish(let command):
      guard core.state.organisation == nil else { return }
      decideAlone(.establish(command), &burst)
    }
    burst.entry.hasUnmarkedMail = core.state.outbox.values.contains { !$0.entries.isEmpty }
  }

  /// Applies a message and has the sender told once the mark is durable; repeats are only told again.
  func receive(_ envelope: Envelope, _ burst: inout Burst) {
    let command = Command.receiveMessage(
      ReceiveMessage(
        sender: envelope.sender, sequence: envelope.sequence, message: envelope.message))
    decideAlone(command, &burst)
    let marked = core.state.inboxMarks[envelope.sender] ?? 0
    guard marked > 0 else { return }
    let receipt = MailReceipt(sender: envelope.sender, receiver: id, through: marked)
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.receiptBeforeDurable.isActive { return burst.receipts.append(receipt) }
    #endif
    if lastPosition <= burst.log.durable {
      burst.receipts.append(receipt)
    } else {
      burst.log.gate.hold(receipt, until: lastPosition)
    }
  }

  /// Whatever the turn decides is decided by the realm's policy as the directory shows it.
  func adoptPolicy(_ burst: inout Burst) {
    guard let news = UpdatingRealms.news(for: core.state, in: burst.directory),
      burst.log.isStalled == nil, burst.hasRoom
    else { return }
    var told: [Commit] = []
    let position = core.carryOutAlone([news], isWatched: isWatched, &told, &burst)
    if let position { note(told, at: position, &burst) }
  }

  /// Commands of the runtime are never refused; a rule that refuses one has a bug.
  private func decideAlone(_ command: Command, _ burst: inout Burst) {
    var told: [Commit] = []
    do throws(Rejection) {
      let position = try core.performAlone(command, isWatched: isWatched, &told, &burst)
      if let position { note(told, at: position, &burst) }
    } catch {
      invariant(false, "a command of the runtime was refused: \(error.reason)")
    }
  }

  /// A commit was recorded and applied; `told` has it where somebody must hear of it.
  private func note(_ told: [Commit], at position: Position, _ burst: inout Burst) {
    lastPosition = position
    for commit in told {
      for event in commit.events { noteEffects(of: event, at: position, burst.entry) }
      guard isWatched else { continue }
      feed.append(
        commit, at: position, recordBytes: burst.log.newestRecordBytes,
        bytesMax: burst.settings.feedRingBytes)
    }
  }

  /// What must happen elsewhere once the event is durable.
  private func noteEffects(of event: Event, at position: Position, _ entry: TenantEntry) {
    switch event {
    case .messageSent(let message):
      unsentMail.append(message, at: position)
      entry.hasUnmarkedMail = true
    case .organisationListed(let listed): unsentNews.append(.organisation(listed), at: position)
    // A directory tells its realm; others have heard of it.
    case .policyChanged(let change):
      guard core.state.organisation?.kind == .directory, core.state.realm?.id == change.realm
      else { return }
      unsentNews.append(.policy(change), at: position)
    // The realm is told of all of them at once: the copy costs a few references.
    case .customersListed: unsentNews.append(.customers(core.state.customers), at: position)
    case .solutionListed(let solution): unsentNews.append(.solution(solution), at: position)
    case .userAdded, .userGrantsSet, .keyRevoked, .organisationEstablished:
      core.forgetReaders()
      accessPosition = position
    case .keyIssued: accessPosition = position
    case .realmCreated, .locationAdded, .clockAdvanced, .stageNamesSet, .organisationUpdated,
      .routingSet, .dealCreated,
      .dealShown,
      .solutionPublished,
      .dealChanged,
      .favouriteSet,
      .leadReceived, .leadChanged, .leadFavouriteSet, .leadsDeleted, .leadAnswered,
      .invitationReceived, .answerRecorded, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet:
      break
    }
  }
}
