// SPDX-License-Identifier: Apache-2.0
// A command from its key to its commit in one look at the core: ledger, rights and rules, record, state.
// The record is written before the state changes. What others must hear of it is left to the tenant.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

/// What became of a command.
enum Outcome: ~Copyable {
  /// The answer is in the burst's scratch; nil where nothing changed.
  case accepted(deal: DealID?, at: Position?)
  /// It ran before and was answered with this.
  case replay(ArraySlice<UInt8>)
  case refused(ErrorStatus)
  /// For a reason that is not in the tenant's state.
  case turnedAway(ErrorStatus)
}

extension TenantCore {
  /// Decides a command and carries out what was decided.
  ///
  /// The commit is added to `told` when somebody else must hear of it, or when all are watched.
  mutating func perform(
    _ command: Command, _ principal: Principal, _ key: RequestKey?, isWatched: Bool,
    _ told: inout [Commit], _ burst: inout Burst
  ) -> Outcome {
    // Not `map`: a closure in an actor asks the runtime where it runs.
    var known = RequestLedger.Verdict.unknown
    if let key { known = state.ledger.verdict(key) }
    // A repeat changes nothing: also a full disk does not keep its answer back.
    if case .replay(let answer) = known { return .replay(answer) }
    if let stalled = burst.log.isStalled { return .turnedAway(TurnRefusals.stalled(stalled)) }
    switch known {
    case .unknown: break
    case .replay(let answer): return .replay(answer)
    case .reused: return .refused(TurnRefusals.keyReused)
    case .tooOld(let horizon): return .refused(TurnRefusals.keyTooOld(horizon))
    }
    // After the ledger: what ran already is answered, not called unexecuted.
    guard burst.hasRoom else { return .turnedAway(TurnRefusals.stalled(.full)) }
    do throws(Rejection) {
      return try accept(command, principal, key, isWatched, &told, &burst)
    } catch {
      return .refused(ErrorStatus(error))
    }
  }

  @inline(__always)
  private mutating func accept(
    _ command: Command, _ principal: Principal, _ key: RequestKey?, _ isWatched: Bool,
    _ told: inout [Commit], _ burst: inout Burst
  ) throws(Rejection) -> Outcome {
    let now = realmTime(burst.time)
    var decision = try decide(command, principal, at: now, &burst)
    let changes = !decision.events.isEmpty
    if !changes, let refusal = try weigh(decision, of: command, principal, key, now, &burst) {
      return .refused(refusal)
    }
    burst.scratch.removeAll(keepingCapacity: true)
    ReplyCodec.encode(
      decision.answer, commitSeq: changes ? state.commitSequence + 1 : 0, into: &burst.scratch)
    var deal: DealID?
    if case .deal(let id, _, _) = decision.answer { deal = id }
    guard changes else { return .accepted(deal: deal, at: nil) }
    var events: [Event] = []
    swap(&events, &decision.events)
    // The answer is lent to the commit, which is gone before more is added to it.
    let commit = state.commit(
      events, at: now, by: principal, ledger: LedgerEntry(key: key, answer: burst.scratch))
    let bytesMax = burst.settings.commitBytes
    switch carryOut(commit, bytesMax: bytesMax, isWatched, &told, &burst) {
    case .success(let position): return .accepted(deal: deal, at: position)
    case .failure(let refusal):
      return .refused(TurnRefusals.commitTooLarge(refusal.bytes, limit: bytesMax))
    }
  }

  /// Refuses a dry run whose commit would be refused for its size: its record is written and taken back.
  @inline(never)
  private mutating func weigh(
    _ decision: Decision, of command: Command, _ principal: Principal, _ key: RequestKey?,
    _ now: Timestamp, _ burst: inout Burst
  ) throws(Rejection) -> ErrorStatus? {
    var tried = decision.tried.first
    if tried == nil, let earnest = command.inEarnest {
      tried = try decide(earnest, principal, at: now, &burst)
    }
    guard let whole = tried, !whole.events.isEmpty else { return nil }
    var answer: [UInt8] = []
    ReplyCodec.encode(whole.answer, commitSeq: state.commitSequence + 1, into: &answer)
    let commit = state.commit(
      whole.events, at: now, by: principal, ledger: LedgerEntry(key: key, answer: answer))
    let bytesMax = burst.settings.commitBytes
    let bytes = burst.log.weigh(commit, of: burst.entry)
    return bytes <= bytesMax ? nil : TurnRefusals.commitTooLarge(bytes, limit: bytesMax)
  }

  /// What the runtime itself asks for; nil when nothing changes.
  mutating func performAlone(
    _ command: Command, isWatched: Bool, _ told: inout [Commit], _ burst: inout Burst
  ) throws(Rejection) -> Position? {
    let now = realmTime(burst.time)
    let decision = try decide(command, .system, at: now, &burst)
    guard !decision.events.isEmpty else { return nil }
    return carryOutAlone(decision.events, at: now, isWatched: isWatched, &told, &burst)
  }

  /// What follows for the tenant without anybody's asking.
  mutating func carryOutAlone(
    _ events: [Event], at time: Timestamp? = nil, isWatched: Bool, _ told: inout [Commit],
    _ burst: inout Burst
  ) -> Position? {
    let now = time ?? realmTime(burst.time)
    let commit = state.commit(events, at: now, by: .system, ledger: nil)
    // What the runtime must do is bounded where it is decided, never refused.
    switch carryOut(commit, bytesMax: .max, isWatched, &told, &burst) {
    case .success(let position): return position
    case .failure:
      invariant(false, "a commit of the runtime is never too large")
      return nil
    }
  }

  @inline(__always)
  private mutating func decide(
    _ command: Command, _ principal: Principal, at now: Timestamp, _ burst: inout Burst
  ) throws(Rejection) -> Decision {
    var context = CommandContext(
      now: now, principal: principal, fresh: FreshIdentifiers(seed: burst.random.next()),
      directory: RealmDirectory())
    // Lent, not shared.
    swap(&context.directory, &burst.directory)
    defer { swap(&context.directory, &burst.directory) }
    context.everywhere = everywhere(principal)
    return try Decider.decide(command, state, deals, &context)
  }

  /// Records and applies a commit; or gives its size and does nothing when that is beyond a bound.
  @inline(__always)
  private mutating func carryOut(
    _ commit: Commit, bytesMax: Int, _ isWatched: Bool, _ told: inout [Commit],
    _ burst: inout Burst
  ) -> Result<Position, CommitTooLarge> {
    #if TANDEM_PLANTED_BUGS
      var commit = commit
      if PlantedBug.ledgerEntryNotRecorded.isActive { commit.ledger = nil }
    #endif
    let result = burst.log.append(
      commit, of: burst.entry, salt: (burst.random.next(), burst.random.next()),
      bytesMax: bytesMax)
    guard case .success = result else { return result }
    burst.entry.commitsSinceSnapshot += 1
    Decider.evolve(&state, &deals, commit)
    if isWatched || commit.isForOthers {
      told.append(commit)
      told[told.count - 1].ledger = nil
    }
    return result
  }
}

extension Commit {
  /// Something must happen elsewhere once it is durable.
  fileprivate var isForOthers: Bool {
    for index in events.indices where events[index].isForOthers { return true }
    return false
  }
}

extension Event {
  fileprivate var isForOthers: Bool {
    switch self {
    case .messageSent, .organisationListed, .policyChanged, .realmCreated, .customersListed,
      .userAdded,
      .solutionListed,
      .userGrantsSet, .keyRevoked,
      .organisationEstablished, .keyIssued:
      true
    case .locationAdded, .clockAdvanced, .stageNamesSet, .organisationUpdated, .routingSet,
      .dealCreated, .dealShown,
      .dealChanged,
      .solutionPublished,
      .favouriteSet,
      .leadReceived, .leadChanged, .leadFavouriteSet, .leadsDeleted, .leadAnswered,
      .invitationReceived, .answerRecorded, .outboxMarked, .inboxAdvanced, .notificationAdded,
      .notificationsRead, .topicsMuted, .notificationSettingsSet:
      false
    }
  }
}
