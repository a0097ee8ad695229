// SPDX-License-Identifier: Apache-2.0
// State and deals of one tenant, as a value that cannot be copied: a turn lends it to the rules, and
// no look at a field copies the rest. The pure core sees both only through here.

import TandemDomain
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
    self.deals.settleKeys()
  }

  func place(of id: DealID) -> Int? { deals.place(of: id) }
  /// 0 when there is no such deal.
  func version(of id: DealID) -> UInt64 { deals.head(id)?.version ?? 0 }
  func direction(at place: Int) -> Direction { deals.slot(at: place).head.direction }
  var nextDue: Timestamp? { state.nextDeadline(ofDeals: deals.nextDue) }
  /// Of what grows with use: deals, the ledger, leads, a directory's customers.
  var byteCount: Int {
    deals.byteCount + state.ledger.byteCount + state.leads.byteCount + state.customers.byteCount
  }

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
  mutating func everywhere(_ principal: Principal) -> AccessPolicy.Actions {
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

  /// Whether a notification may still be told: the right to see its deal may have ended since.
  mutating func mayHear(_ notification: TandemDomain.Notification, _ principal: Principal) -> Bool {
    guard notification.lead.isZero else { return may(.readLeads, principal) }
    return notification.deal.isZero || mayRead(notification.deal, principal)
  }

  /// Whether today's rights reach so far, however a key narrows them: what is only told changes nothing.
  func may(_ action: AccessPolicy.Action, _ principal: Principal) -> Bool {
    guard case .user(let id, _, _) = principal, let user = state.users[id] else { return false }
    return AccessPolicy.may(action, nil, user, readOnly: false)
  }

  mutating func mayRead(at place: Int, _ principal: Principal) -> Bool {
    mayRead(deals.slot(at: place), principal)
  }

  mutating func mayRead(_ slot: DealSlot, _ principal: Principal) -> Bool {
    seesAll(principal) || mayReadSome(slot, principal)
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

  func verdicts(
    on id: DealID, _ principal: Principal, _ directory: RealmDirectory, at now: Timestamp
  ) throws(Rejection) -> DealVerdicts {
    try DescribingActions.answer(id, to: principal, state, deals, directory, at: now)
  }

  func solutions(
    _ list: ListSolutions, _ directory: RealmDirectory
  ) throws(Rejection) -> (page: [ShelvedSolution], isMore: Bool) {
    guard let organisation = state.organisation else { throw .organisationMissing }
    return try SolutionShelf(organisation, state, directory).list(list)
  }

  func eligibility(
    of id: DealID, _ principal: Principal, _ directory: RealmDirectory
  ) throws(Rejection) -> Eligibility {
    try JudgingEligibility.answer(id, to: principal, state, deals, directory)
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
