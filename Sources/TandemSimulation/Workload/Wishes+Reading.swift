// SPDX-License-Identifier: Apache-2.0
// Questions: lists with all kinds of filters and orders, the past, what one may do, and who there is.

import TandemDomain
import TandemPrimitives

extension Simulation {
  func wishToRead(_ own: SimulatedOrganisation) -> Wish {
    // What is new is learned of in this way.
    if chance(35) { return Wish(.listDeals(newest)) }
    switch number(0...39) {
    case 0..<14: return Wish(.listDeals(list(own)))
    case 14..<17: return Wish(.aggregateDeals(totals(own)))
    case 17..<21: return Wish(.getDeals(Array(own.known.suffix(number(1...6)))))
    case 21:
      // A deal of somebody else: there is none.
      let other = pick(organisations) ?? own
      return Wish(.getDeal(pick(other.known) ?? DealID(high: 1, low: 2)))
    case 22: return Wish(.describeRules(operations.count.isMultiple(of: 2) ? [] : ["help_codes"]))
    case 23, 24:
      return Wish(
        .listNotifications(ListNotifications(unreadOnly: chance(30), pageSize: 10)))
    case 25: return Wish(.getNotificationPreferences)
    case 26: return Wish(.getOrganisation)
    case 27: return Wish(.listUsers)
    case 28: return Wish(.listLocations)
    case 29: return Wish(.listKeys)
    case 30: return Wish(.listOrganisations(namePrefix: "org", max: 10))
    case 31: return Wish(.listRoutingRules)
    case 32, 33:
      return Wish(
        .listRecentContacts(
          ListRecentContacts(kind: pick([.teamMember, .customerContact, nil]) ?? nil, max: 5)))
    case 34, 35:
      return Wish(
        .suggestCustomers(
          SuggestCustomers(
            country: Requests.country("US"), city: "", namePrefix: "Wood", max: 5)))
    case 36, 37:
      return Wish(
        .listSolutions(
          ListSolutions(namePrefix: "", ownOnly: chance(40), pageSize: 20, after: nil)))
    default: return Wish(.getRealm)
    }
  }

  func wishToRead(about deal: Deal, _ own: SimulatedOrganisation) -> Wish {
    switch number(0...24) {
    case 0..<14: return Wish(.getDeal(deal.id))
    case 14..<17:
      return Wish(.dealHistory(DealHistory(deal: deal.id, afterCommit: 0, pageSize: 20)))
    case 17..<20:
      let version = UInt64(number(1...Int(max(1, deal.version))))
      return Wish(.getPastDeal(DealAsOf(deal: deal.id, moment: .version(version))))
    case 20..<22: return Wish(.describeActions(deal.id))
    case 22: return Wish(.describeEligibility(deal.id))
    default:
      return Wish(
        .getPastDeal(DealAsOf(deal: deal.id, moment: .time(deal.updatedAt))))
    }
  }

  private var newest: ListDeals {
    ListDeals(
      statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: true,
      pageSize: 20, after: nil)
  }

  private func list(_ own: SimulatedOrganisation) -> ListDeals {
    var list = ListDeals(
      statuses: chance(25) ? [.accepted, .pending] : [],
      direction: chance(30) ? pick(Direction.allCases) : nil, favouritesOnly: chance(10),
      sort: chance(50) ? .updated : .created, descending: chance(70),
      pageSize: UInt32(number(1...20)), after: nil)
    if chance(50) { list.filter = filter(own) }
    if chance(35), let first = pick(SortField.allCases), let second = pick(SortField.allCases) {
      let parts = [
        ListOrder.Part(first, descending: chance(50)),
        ListOrder.Part(second, descending: chance(50)),
      ]
      list.order = ListOrder(Array(parts.prefix(first == second ? 1 : number(1...2))))
    }
    if chance(10) { list.fields = 1 << 8 | 1 << 11 }
    return list
  }

  private func totals(_ own: SimulatedOrganisation) -> AggregateDeals {
    AggregateDeals(
      filter: chance(50) ? filter(own) : DealFilter(),
      groupBy: chance(70) ? [pick(GroupField.allCases) ?? .status] : [], sumsValues: chance(50))
  }

  private func filter(_ own: SimulatedOrganisation) -> DealFilter {
    let terms = (0..<number(1...2)).map { _ in
      DealFilter.Term(condition(own), isNegated: chance(20))
    }
    var clauses = [DealFilter.Clause(terms)]
    if chance(30) { clauses.append(DealFilter.Clause([DealFilter.Term(condition(own))])) }
    return DealFilter(clauses)
  }

  private func condition(_ own: SimulatedOrganisation) -> Condition {
    switch number(0...15) {
    case 0: .status(Choices([.accepted, .won]))
    case 1: .kind(Choices([pick(BaseKind.allCases) ?? .coSell]))
    case 2: .stage(Choices([.created, .developed]))
    case 3: .counterpartStatus(Choices([pick(DealStatus.allCases) ?? .accepted]))
    case 4: .partnerToPartner
    case 5: .favourite
    case 6: .mine
    case 7: .value(MoneyTest(.atLeast, [Requests.money(20_000)]))
    case 8: .value(MoneyTest(.atMost, [Requests.money(50_000)]))
    case 9: .country([Requests.country("DE")].compactMap { $0 })
    case 10: .text(.customerName, .begins(["customer 1"]))
    case 11: .anywhere(["open"], ids: Array(own.known.prefix(1)))
    case 12: .teamEmail([Requests.person("cid\(own.index)").email])
    case 13: .solution([own.solution])
    case 14: .solutionName(.contains(["1", "box"]))
    default: .counterpart([(pick(organisations) ?? own).tenant])
    }
  }
}
