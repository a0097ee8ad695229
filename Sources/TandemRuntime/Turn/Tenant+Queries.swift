// SPDX-License-Identifier: Apache-2.0
// Questions. A Get is a lookup, an access check and a copy of bytes; everything is filtered by today's rights.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

/// What reading depends on for one user, so that administrators cost one lookup.
struct ReaderRights: Sendable {
  /// Sees every deal whatever its location and team.
  let seesAll: Bool
}

extension Tenant {
  func run(_ query: Query, _ call: Call, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    switch query {
    case .getDeal(let id): return get(id, call, &burst)
    case .listDeals(let list): encodeList(list, call.principal, &burst.scratch)
    case .dealHistory(let history):
      guard mayRead(history.deal, call.principal) else {
        return refuse(call, ErrorStatus(.dealNotFound(history.deal)), &burst)
      }
      burst.wantsHistory.append(HistoryWork(purpose: .dealHistory(call, history)))
      return
    case .listNotifications(let list):
      guard case .user(let user, _, _) = call.principal else {
        return refuse(call, TurnRefusals.userNeeded, &burst)
      }
      encodeNotifications(list, of: user, &burst.scratch)
    case .getOrganisation: ReplyCodec.encodeOrganisation(state, into: &burst.scratch)
    case .listUsers: ReplyCodec.encodeUsers(state, into: &burst.scratch)
    case .listLocations: ReplyCodec.encodeLocations(state, into: &burst.scratch)
    case .listKeys: ReplyCodec.encodeKeys(state, into: &burst.scratch)
    case .listOrganisations(let prefix, let max):
      let entries = burst.directory.find(namePrefix: prefix, max: Int(max))
      ReplyCodec.encodeOrganisations(entries, into: &burst.scratch)
    case .listRealms: ReplyCodec.encodeRealms(state, into: &burst.scratch)
    case .getRealm: ReplyCodec.encodeRealm(state, now: realmTime(burst.time), into: &burst.scratch)
    }
    tellOK(call, &burst)
  }

  private func tellOK(_ call: Call, _ burst: inout Burst) {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.readsNotHeld.isActive {
        let head = AnswerHead(status: .ok, isReplay: false, commitSeq: state.commitSequence)
        return call.sink.answer(call.ticket, head, body: burst.scratch.span)
      }
    #endif
    tell(
      call, AnswerHead(status: .ok, isReplay: false, commitSeq: state.commitSequence), &burst)
  }

  private func get(_ id: DealID, _ call: Call, _ burst: inout Burst) {
    guard let slot = deals.slot(id), mayRead(slot, call.principal) else {
      return refuse(call, ErrorStatus(.dealNotFound(id)), &burst)
    }
    ReplyCodec.appendDeal(
      slot.bytes, isFavourite: isFavourite(id, call.principal), into: &burst.scratch)
    tellOK(call, &burst)
  }

  func isFavourite(_ id: DealID, _ principal: Principal) -> Bool {
    guard !state.favourites.isEmpty, case .user(let user, _, _) = principal else { return false }
    return state.favourites[user]?.contains(id) ?? false
  }

  // MARK: Lists

  private func encodeList(
    _ list: ListDeals, _ principal: Principal, _ scratch: inout [UInt8]
  ) {
    // Each status once, however often it was asked for: a row must not come twice.
    let statuses = DealStatus.allCases.filter {
      list.statuses.isEmpty || list.statuses.contains($0)
    }
    let pageSize = Int(min(max(list.pageSize, 1), UInt32(Limits.pageRows)))
    var merge = ListMerge(
      indexes: statuses.map { deals.index($0, list.sort) },
      after: list.after.map { OrderedIndex.Entry(time: $0.time, id: $0.id) },
      descending: list.descending)
    var rows = 0
    var last: OrderedIndex.Entry?
    var isMore = false
    while let entry = merge.next() {
      guard let slot = deals.slot(entry.id), matches(slot, list, principal) else { continue }
      guard rows < pageSize, scratch.count < Limits.pageBytes else {
        isMore = true
        break
      }
      ReplyCodec.appendRow(
        slot.bytes, isFavourite: isFavourite(entry.id, principal), into: &scratch)
      rows += 1
      last = entry
    }
    if isMore, let last {
      ReplyCodec.appendNextCursor(ListCursor(time: last.time, id: last.id), into: &scratch)
    }
  }

  private func matches(_ slot: DealSlot, _ list: ListDeals, _ principal: Principal) -> Bool {
    if let direction = list.direction, slot.head.direction != direction { return false }
    if list.favouritesOnly, !isFavourite(slot.head.id, principal) { return false }
    return mayRead(slot, principal)
  }

  private func encodeNotifications(
    _ list: ListNotifications, of user: UserID, _ scratch: inout [UInt8]
  ) {
    let all = state.notifications[user] ?? []
    let newest = all.reversed().filter { !list.unreadOnly || !$0.isRead }
    ReplyCodec.encodeNotifications(newest.prefix(Int(max(list.pageSize, 1))), into: &scratch)
  }

  // MARK: Access at delivery

  func mayRead(_ id: DealID, _ principal: Principal) -> Bool {
    guard let slot = deals.slot(id) else { return false }
    return mayRead(slot, principal)
  }

  func mayRead(_ slot: DealSlot, _ principal: Principal) -> Bool {
    guard case .user(let id, _, _) = principal else { return false }
    if let rights = readers[id] {
      if rights.seesAll { return true }
    } else {
      let rights = readerRights(of: id)
      readers[id] = rights
      if rights.seesAll { return true }
    }
    guard let user = state.users[id] else { return false }
    let isOnTeam =
      AccessPolicy.dependsOnTeam(user)
      && DealCodec.teamContains(email: user.person.email, in: slot.bytes[...])
    return AccessPolicy.may(
      .read, facts(slot.head.location, isOnTeam, slot.head.direction), user, readOnly: true)
  }

  /// The same question for a team that the deal had or has.
  func mayRead(_ id: DealID, _ principal: Principal, team: [TeamMember]) -> Bool {
    guard case .user(let userID, _, _) = principal, let user = state.users[userID],
      let head = deals.head(id)
    else { return false }
    let isOnTeam = team.includes(email: user.person.email)
    return AccessPolicy.may(
      .read, facts(head.location, isOnTeam, head.direction), user, readOnly: true)
  }

  private func facts(
    _ location: LocationID, _ isOnTeam: Bool, _ direction: Direction
  ) -> DealFacts {
    DealFacts(
      location: location, isGlobalLocation: state.locations[location]?.isGlobal ?? false,
      direction: direction, isOnTeam: isOnTeam)
  }

  /// A user sees all when the policy lets it see a deal of no known place and team.
  private func readerRights(of id: UserID) -> ReaderRights {
    guard let user = state.users[id] else { return ReaderRights(seesAll: false) }
    let nowhere = DealFacts(
      location: .zero, isGlobalLocation: false, direction: .outbound, isOnTeam: false)
    return ReaderRights(seesAll: AccessPolicy.may(.read, nowhere, user, readOnly: true))
  }

  // MARK: Keys

  /// Checks a key in constant time; every kind of failure looks the same.
  func authenticate(_ id: KeyID, _ secretHash: [UInt8]) -> Authentication {
    let key = state.keys[id]
    let expected = key?.secretHash ?? [UInt8](repeating: 0, count: 32)
    let matches = constantTimeEqual(expected[...], secretHash[...])
    guard matches, let key, key.revokedAt == nil, let user = state.users[key.user], user.isActive,
      let organisation = state.organisation
    else { return .refused }
    return .accepted(
      user: user.id, readOnly: key.readOnly, organisationName: organisation.name)
  }
}
