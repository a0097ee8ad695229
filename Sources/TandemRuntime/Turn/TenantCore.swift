// SPDX-License-Identifier: Apache-2.0
// State and deals of one tenant, as a value that cannot be copied: a turn lends it to the rules, and
// no look at a field copies the rest. The pure core sees both only through here.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

struct TenantCore: ~Copyable {
  var state: TenantState
  var deals: EncodedDealStore
  /// What `warm` saw, so that its looking is not dropped as useless.
  private var warmth: UInt64 = 0
  /// What reading depends on, per user; forgotten when users change.
  private var readers: [UserID: Reader] = [:]
  /// The reader of the last call: a burst comes mostly from one user.
  private var recent: (id: UserID, reader: Reader)?

  init(state: TenantState, deals: consuming EncodedDealStore) {
    self.state = state
    self.deals = deals
  }

  mutating func evolve(_ commit: consuming Commit) { Decider.evolve(&state, &deals, commit) }

  func place(of id: DealID) -> Int? { deals.place(of: id) }
  func direction(at place: Int) -> Direction { deals.slot(at: place).head.direction }
  var nextDue: Timestamp? { deals.nextDue }
  /// Of what grows with use: deals and the ledger.
  var byteCount: Int { deals.byteCount + state.ledger.byteCount }

  /// Looks at what the next calls of a queue look up, before the first of them does.
  mutating func warm(_ ids: [DealID], _ queue: WorkQueue, _ limit: Int) {
    deals.warm(ids)
    var seen: UInt64 = 0
    var commands = 0
    queue.visitKeys(ofNext: limit) { key in
      seen &+= state.ledger.touch(key)
      commands += 1
    }
    if commands > 0 { seen &+= state.ledger.touchOldest(commands) }
    warmth = seen
  }

  /// Realm time: the clock with the realm's offset, never behind what was journaled.
  func realmTime(_ time: TurnTime) -> Timestamp {
    let offset = state.realm?.clockOffset ?? Timestamp.Span(milliseconds: 0)
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.timeRunsBackwards.isActive { return time.wall.advanced(by: offset) }
    #endif
    return max(state.lastTime, time.wall.advanced(by: offset))
  }
}

// MARK: Deciding

/// What becomes of a command, before anything of it is recorded.
enum Verdict: ~Copyable {
  /// The answer is in the burst's scratch; what it says is true once the commit is recorded.
  case changes(Commit, deal: DealID?)
  /// The answer is in the burst's scratch.
  case nothing(deal: DealID?)
  /// It ran before and was answered with this.
  case replay(ArraySlice<UInt8>)
  case refused(ErrorStatus)
  /// For a reason that is not in the tenant's state.
  case turnedAway(ErrorStatus)
}

extension TenantCore {
  /// Ledger, time, rights and rules, in one look at the core.
  mutating func decide(
    _ command: Command, _ principal: Principal, _ key: RequestKey?, _ burst: inout Burst
  ) -> Verdict {
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
      return try decide(command, principal, key, answeringIn: &burst)
    } catch {
      return .refused(ErrorStatus(error))
    }
  }

  private mutating func decide(
    _ command: Command, _ principal: Principal, _ key: RequestKey?,
    answeringIn burst: inout Burst
  ) throws(Rejection) -> Verdict {
    var context = makeContext(principal, &burst)
    // Lent, not shared.
    swap(&context.directory, &burst.directory)
    defer { swap(&context.directory, &burst.directory) }
    context.everywhere = everywhere(principal)
    var decision = try Decider.decide(command, state, deals, &context)
    let changes = !decision.events.isEmpty
    burst.scratch.removeAll(keepingCapacity: true)
    ReplyCodec.encode(
      decision.answer, commitSeq: state.commitSequence + (changes ? 1 : 0), into: &burst.scratch)
    var deal: DealID?
    if case .deal(let id, _, _) = decision.answer { deal = id }
    guard changes else { return .nothing(deal: deal) }
    var events: [Event] = []
    swap(&events, &decision.events)
    // The answer is lent to the commit, which is gone before more is added to it.
    let remembered = LedgerEntry(key: key, answer: burst.scratch)
    return .changes(
      state.commit(events, at: context.now, by: principal, ledger: remembered), deal: deal)
  }

  /// What the runtime itself asks for; nil when nothing changes.
  mutating func decideAlone(
    _ command: Command, _ burst: inout Burst
  ) throws(Rejection) -> Commit? {
    var context = makeContext(.system, &burst)
    swap(&context.directory, &burst.directory)
    defer { swap(&context.directory, &burst.directory) }
    let decision = try Decider.decide(command, state, deals, &context)
    guard !decision.events.isEmpty else { return nil }
    return state.commit(decision.events, at: context.now, by: .system, ledger: nil)
  }

  /// All but the directory.
  private func makeContext(_ principal: Principal, _ burst: inout Burst) -> CommandContext {
    CommandContext(
      now: realmTime(burst.time), principal: principal,
      fresh: FreshIdentifiers(seed: burst.random.next()), directory: RealmDirectory())
  }
}

// MARK: Rights of readers

extension TenantCore {
  /// One user's standing, so that most answers cost one look-up.
  private struct Reader {
    let isActive: Bool
    /// Sees every deal whatever its location and team, which only active users do.
    let seesAll: Bool
    /// What it may do with every deal, whatever its location and team.
    let everywhere: AccessPolicy.Actions
  }

  mutating func forgetReaders() {
    readers.removeAll(keepingCapacity: true)
    recent = nil
  }

  /// Why this principal may ask nothing any more; nil when it may.
  ///
  /// A user that was deactivated reads nothing, and nobody stands in for another without the right.
  mutating func standing(_ principal: Principal) -> ErrorStatus? {
    guard case .user(let id, let via, _) = principal else { return nil }
    if via == nil, reader(id).isActive { return nil }
    do throws(Rejection) {
      _ = try state.caller(principal)
      return nil
    } catch {
      return ErrorStatus(error)
    }
  }

  mutating func seesAll(_ principal: Principal) -> Bool {
    guard case .user(let id, _, _) = principal else { return false }
    return reader(id).seesAll
  }

  /// What a command's principal may do with every deal; none where rules have to look closer.
  private mutating func everywhere(_ principal: Principal) -> AccessPolicy.Actions {
    guard case .user(let id, via: nil, readOnly: false) = principal else { return .none }
    return reader(id).everywhere
  }

  private mutating func reader(_ id: UserID) -> Reader {
    if let recent, recent.id == id { return recent.reader }
    let reader: Reader
    if let known = readers[id] {
      reader = known
    } else {
      reader = makeReader(id)
      readers[id] = reader
    }
    recent = (id, reader)
    return reader
  }

  private func makeReader(_ id: UserID) -> Reader {
    guard let user = state.users[id] else {
      return Reader(isActive: false, seesAll: false, everywhere: .none)
    }
    let everywhere = AccessPolicy.everywhere(user)
    return Reader(
      isActive: user.isActive, seesAll: everywhere.contains(.read), everywhere: everywhere)
  }

  mutating func mayRead(_ id: DealID, _ principal: Principal) -> Bool {
    guard let place = deals.place(of: id) else { return false }
    return mayRead(at: place, principal)
  }

  mutating func mayRead(at place: Int, _ principal: Principal) -> Bool {
    seesAll(principal) || mayReadSome(deals.slot(at: place), principal)
  }

  private func mayReadSome(_ slot: DealSlot, _ principal: Principal) -> Bool {
    guard case .user(let id, _, _) = principal, let user = state.users[id] else { return false }
    let isOnTeam =
      AccessPolicy.dependsOnTeam(user.grants)
      && DealCodec.teamContains(email: user.person.email, in: slot.bytes[...])
    return AccessPolicy.may(.read, facts(slot.head, isOnTeam), user, readOnly: true)
  }

  /// The same question for a team that the deal had or has.
  func mayRead(_ id: DealID, _ principal: Principal, team: [TeamMember]) -> Bool {
    guard case .user(let userID, _, _) = principal, let user = state.users[userID],
      let head = deals.head(id)
    else { return false }
    let isOnTeam = team.includes(email: user.person.email)
    return AccessPolicy.may(.read, facts(head, isOnTeam), user, readOnly: true)
  }

  private func facts(_ head: DealHead, _ isOnTeam: Bool) -> DealFacts {
    DealFacts(
      location: head.location, isGlobalLocation: state.locations[head.location]?.isGlobal ?? false,
      direction: head.direction, isOnTeam: isOnTeam)
  }

  /// Rights and bytes of a Get.
  ///
  /// One look at the core for all of it: each look at an actor's field is checked at run time.
  mutating func answerGet(
    _ id: DealID, _ principal: Principal, _ output: inout [UInt8]
  ) throws(ErrorStatus) {
    // Who asks for itself and sees every deal is active, and most that ask are like that.
    var isAllowed = false
    if case .user(let user, via: nil, _) = principal { isAllowed = reader(user).seesAll }
    if !isAllowed, let refusal = standing(principal) { throw refusal }
    guard let place = place(of: id), isAllowed || mayRead(at: place, principal) else {
      throw ErrorStatus(.dealNotFound(id))
    }
    append(id, at: place, as: ReplyCodec.appendDeal, principal, &output)
  }

  /// Adds a deal to an answer; false when there is none that the caller may read.
  mutating func appendReadable(
    _ id: DealID, as form: ([UInt8], Bool, inout [UInt8]) -> Void, _ principal: Principal,
    _ output: inout [UInt8]
  ) -> Bool {
    guard let place = place(of: id), mayRead(at: place, principal) else { return false }
    append(id, at: place, as: form, principal, &output)
    return true
  }

  /// Adds a deal to an answer, in one of the forms that answers have.
  func append(
    _ id: DealID, at place: Int, as form: ([UInt8], Bool, inout [UInt8]) -> Void,
    _ principal: Principal, _ output: inout [UInt8]
  ) {
    let isFavourite = isFavourite(id, principal)
    deals.withBytes(at: place) { form($0, isFavourite, &output) }
  }

  func isFavourite(_ id: DealID, _ principal: Principal) -> Bool {
    guard !state.favourites.isEmpty, case .user(let user, _, _) = principal else { return false }
    return state.favourites[user]?.contains(id) ?? false
  }
}
