// SPDX-License-Identifier: Apache-2.0
// Questions. A Get is a lookup, an access check and a copy of bytes; everything is filtered by today's rights.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives
import TandemWire

extension Tenant {
  func run(_ query: Query, _ call: Call, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    switch query {
    case .getDeal(let id): return get(id, call, &burst)
    case .getPastDeal(let past): return get(past, call, &burst)
    case .getDeals(let ids): encode(ids, call.principal, &burst.scratch)
    case .listDeals(let list): return self.list(list, call, &burst)
    case .aggregateDeals(let asked): return aggregate(asked, call, &burst)
    case .dealHistory(let history): return tell(history, call, &burst)
    case .describeActions(let id):
      return answer(call, &burst) { burst throws(Rejection) in
        let verdicts = try core.verdicts(
          on: id, call.principal, burst.directory, at: core.realmTime(burst.time))
        ReplyCodec.encode(verdicts, into: &burst.scratch)
      }
    case .describeEligibility(let id):
      return answer(call, &burst) { burst throws(Rejection) in
        ReplyCodec.encode(
          try core.eligibility(of: id, call.principal, burst.directory), into: &burst.scratch)
      }
    case .describeRules(let lists): return tellRules(lists, call, &burst)
    case .listNotifications, .getNotificationPreferences: return tellNotices(query, call, &burst)
    case .getOrganisation: ReplyCodec.encodeOrganisation(core.state, into: &burst.scratch)
    case .listUsers: ReplyCodec.encodeUsers(core.state, into: &burst.scratch)
    case .listLocations: ReplyCodec.encodeLocations(core.state, into: &burst.scratch)
    case .listKeys: ReplyCodec.encodeKeys(core.state, into: &burst.scratch)
    case .listOrganisations(let prefix, let max):
      let entries =
        core.state.organisation?.kind == .directory
        ? burst.directory.findEverybody(namePrefix: prefix, max: Int(max))
        : burst.directory.find(namePrefix: prefix, max: Int(max))
      ReplyCodec.encodeOrganisations(entries, into: &burst.scratch)
    case .listRecentContacts(let list):
      return answer(call, &burst) { burst throws(Rejection) in
        let contacts = try core.recentContacts(
          list, for: call.principal, deals: burst.settings.recentContactDeals)
        ReplyCodec.encodeContacts(contacts, into: &burst.scratch)
      }
    case .listSolutions(let list):
      return answer(call, &burst) { burst throws(Rejection) in
        let found = try core.solutions(list, burst.directory)
        ReplyCodec.encode(found.page, isMore: found.isMore, into: &burst.scratch)
      }
    case .suggestCustomers(let query):
      return answer(call, &burst) { burst throws(Rejection) in
        ReplyCodec.encode(
          try burst.directory.customers.suggest(query), into: &burst.scratch)
      }
    case .getLead(let id): return get(id, call, &burst)
    case .listLeads(let list): return self.list(list, call, &burst)
    case .listRoutingRules:
      return answer(call, &burst) { burst throws(Rejection) in
        try core.state.requireRight(.read, call.principal)
        core.state.routing.encode(into: &burst.scratch)
      }
    case .listRealms: ReplyCodec.encodeRealms(core.state, into: &burst.scratch)
    case .getRealm:
      ReplyCodec.encodeRealm(core.state, now: core.realmTime(burst.time), into: &burst.scratch)
    }
    tellOK(call, &burst)
  }

  private func tellRules(_ lists: [Text], _ call: Call, _ burst: inout Burst) {
    answer(call, &burst) { burst throws(Rejection) in
      let book = try RuleBook(core.state, lists: lists, besides: RequestCodec.requirements)
      ReplyCodec.encode(book, into: &burst.scratch)
    }
  }

  private func tell(_ history: DealHistory, _ call: Call, _ burst: inout Burst) {
    guard core.mayRead(history.deal, call.principal) else {
      return refuse(call, ErrorStatus(.dealNotFound(history.deal)), &burst)
    }
    burst.wantsHistory.append(HistoryWork(purpose: .dealHistory(call, history)))
  }

  /// Answers what a question writes, or why it is refused.
  private func answer(
    _ call: Call, _ burst: inout Burst, _ write: (inout Burst) throws(Rejection) -> Void
  ) {
    do throws(Rejection) { try write(&burst) } catch {
      return refuse(call, ErrorStatus(error), &burst)
    }
    tellOK(call, &burst)
  }

  func tellOK(_ call: Call, _ burst: inout Burst) {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.readsNotHeld.isActive {
        let head = AnswerHead(status: .ok, isReplay: false, commitSeq: core.state.commitSequence)
        return call.sink.answer(call.ticket, head, body: burst.scratch.span)
      }
    #endif
    tell(
      call, AnswerHead(status: .ok, isReplay: false, commitSeq: core.state.commitSequence), &burst)
  }

  func get(_ id: DealID, _ call: Call, _ burst: inout Burst) {
    burst.scratch.removeAll(keepingCapacity: true)
    do throws(ErrorStatus) {
      try core.answerGet(id, call.principal, &burst.scratch)
    } catch {
      return refuse(call, error, &burst)
    }
    tellOK(call, &burst)
  }

  // MARK: Leads

  private func get(_ id: LeadID, _ call: Call, _ burst: inout Burst) {
    answer(call, &burst) { burst throws(Rejection) in
      let row = try core.state.leadRow(id, for: call.principal, at: core.realmTime(burst.time))
      ReplyCodec.encode(row, into: &burst.scratch)
    }
  }

  private func list(_ list: ListLeads, _ call: Call, _ burst: inout Burst) {
    answer(call, &burst) { burst throws(Rejection) in
      let page = try core.state.leadPage(
        list, for: call.principal, at: core.realmTime(burst.time))
      charge(page.looks, &burst)
      ReplyCodec.encode(page, into: &burst.scratch)
    }
  }

  // MARK: Lists

  /// As many as one answer holds; the rest are named, so that they can be asked for again.
  private func encode(_ ids: [DealID], _ principal: Principal, _ scratch: inout [UInt8]) {
    var missing: [DealID] = []
    for (index, id) in ids.enumerated() {
      guard index == 0 || scratch.count < Limits.pageBytes else {
        ReplyCodec.append(missing: missing, left: ids[index...], into: &scratch)
        return
      }
      if !core.appendReadable(id, as: ReplyCodec.appendRow, principal, &scratch) {
        missing.append(id)
      }
    }
    ReplyCodec.append(missing: missing, left: [], into: &scratch)
  }

  // MARK: Keys

  /// Checks a key in constant time; every kind of failure looks the same.
  func authenticate(_ id: KeyID, _ secretHash: [UInt8]) -> Authentication {
    let key = core.state.keys[id]
    let expected = key?.secretHash ?? [UInt8](repeating: 0, count: 32)
    let matches = constantTimeEqual(expected[...], secretHash[...])
    guard matches, let key, key.revokedAt == nil, let user = core.state.users[key.user],
      user.isActive,
      let organisation = core.state.organisation
    else { return .refused }
    return .accepted(
      user: user.id, readOnly: key.readOnly, organisationName: organisation.name)
  }
}
