// SPDX-License-Identifier: Apache-2.0
// What somebody must be shown who asks: the deals that it may see, filtered and sorted by hand.

import TandemDomain
import TandemPrimitives
import TandemWire

struct ModelReading {
  let world: Model
  let own: ModelOrganisation
  let caller: ModelUser
  /// Between which times it was asked.
  let start: Timestamp
  let end: Timestamp
  let principal: Principal

  /// Says how an answer to a question is wrong.
  func judge(_ query: Query, _ answer: Operation.Told) -> String? {
    switch query {
    case .getDeal(let id): return judgeDeal(id, answer)
    case .getDeals(let ids): return judgeDeals(ids, answer)
    case .listDeals(let list): return judgeList(list, answer)
    case .aggregateDeals(let asked): return judgeTotals(asked, answer)
    case .describeActions(let id): return judgeActions(id, answer)
    case .describeEligibility(let id): return judgeEligibility(id, answer)
    case .dealHistory(let asked): return seen(asked.deal) == nil ? judgeAbsence(answer) : nil
    case .getPastDeal(let asked): return judgePast(asked, answer)
    case .listNotifications(let list): return judgeInbox(list, answer)
    case .getLead(let id): return judgeLead(id, answer)
    case .listLeads(let list): return judgeLeads(list, answer)
    case .listUsers: return judgeCount(own.users.count, answer)
    case .listLocations: return judgeCount(own.locations.count, answer)
    case .listKeys: return judgeCount(own.keys.count, answer)
    case .listRoutingRules: return judgeCount(own.rules.count, answer)
    case .listSolutions(let list):
      return list.ownOnly ? judgeCount(min(20, own.solutions.count), answer) : nil
    case .describeRules, .getNotificationPreferences, .getOrganisation, .listOrganisations,
      .listRecentContacts, .suggestCustomers, .listRealms, .getRealm:
      return nil
    }
  }

  func seen(_ id: DealID) -> ModelDeal? {
    own.deals[id].flatMap { own.mayRead(caller, $0) ? $0 : nil }
  }

  /// A deal that nobody may see is one that is not there.
  func judgeAbsence(_ answer: Operation.Told) -> String? {
    answer.reason == "DEAL_NOT_FOUND" ? nil : "a deal was told of that is not to be seen"
  }

  private func judgeDeal(_ id: DealID, _ answer: Operation.Told) -> String? {
    guard let mine = seen(id) else { return judgeAbsence(answer) }
    guard answer.status == .ok, let deal = answer.deals.first else {
      return "a deal that is there was not told"
    }
    let differences = mine.differences(from: ModelDeal(told: deal))
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }

  /// The deal as it was, with today's rights: what an end took away stays away (G11).
  private func judgePast(_ asked: DealAsOf, _ answer: Operation.Told) -> String? {
    guard let today = seen(asked.deal) else { return judgeAbsence(answer) }
    guard case .version(let version) = asked.moment, answer.status == .ok else { return nil }
    guard var mine = own.past[asked.deal]?[version], let deal = answer.deals.first else {
      return "version \(version) was told, which there was not"
    }
    if today.status == .declined || today.status == .expired {
      mine.customer.contacts = []
      mine.invitation?.team = []
      mine.sharedView = nil
    }
    let differences = mine.differences(from: ModelDeal(told: deal))
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }

  private func judgeDeals(_ ids: [DealID], _ answer: Operation.Told) -> String? {
    let expected = ids.filter { seen($0) != nil }
    let told = answer.deals.map(\.id)
    return told == expected ? nil : "\(told.count) deals of \(expected.count) were told"
  }

  // MARK: Lists

  private func judgeList(_ list: ListDeals, _ answer: Operation.Told) -> String? {
    guard answer.status == .ok, list.fields == 0, !list.wantsOne else { return nil }
    let rows = own.deals.values.filter { own.mayRead(caller, $0) && passes($0, list) }
    let sorted = rows.sorted { precedes($0, $1, list.sortOrder) }
    let expected = sorted.prefix(Int(list.pageSize)).map(\.id)
    let told = answer.deals.map(\.id)
    guard list.after == nil, list.afterKey.isEmpty, told != expected else { return nil }
    return "\(told.count) rows were told, \(expected.count) expected of \(rows.count), or in "
      + "another order"
  }

  private func judgeTotals(_ asked: AggregateDeals, _ answer: Operation.Told) -> String? {
    guard answer.status == .ok else { return nil }
    let expected = own.deals.values.filter {
      own.mayRead(caller, $0) && passes($0, asked.filter)
        && ($0.status != .error || isAbout(.error, asked.filter))
    }.count
    let total = SimulatedClient.fields(2, in: answer.body[...]).first ?? []
    let count = SimulatedClient.number(2, in: total)
    return count == UInt64(expected) ? nil : "\(count) deals were counted of \(expected)"
  }

  private func passes(_ deal: ModelDeal, _ list: ListDeals) -> Bool {
    if !list.statuses.isEmpty, !list.statuses.contains(deal.status) { return false }
    if let direction = list.direction, (direction == .inbound) != deal.isInbound { return false }
    if list.favouritesOnly, own.marks[caller.id]?.contains(deal.id) != true { return false }
    return passes(deal, list.filter)
  }

  private func passes(_ deal: ModelDeal, _ filter: DealFilter) -> Bool {
    filter.clauses.allSatisfy { clause in
      clause.terms.contains { holds($0.condition, deal) != $0.isNegated }
    }
  }

  private func isAbout(_ status: DealStatus, _ filter: DealFilter) -> Bool {
    for term in filter.clauses.flatMap(\.terms) where !term.isNegated {
      if case .status(let choices) = term.condition, choices.contains(status) { return true }
    }
    return false
  }

  /// Only what the workload asks for.
  private func holds(_ condition: Condition, _ deal: ModelDeal) -> Bool {
    switch condition {
    case .status(let choices): return choices.contains(deal.status)
    case .kind(let choices): return choices.contains(deal.kind)
    case .direction(let choices): return choices.contains(deal.isInbound ? .inbound : .outbound)
    case .stage(let choices): return choices.contains(deal.stage)
    case .counterpartStatus(let choices):
      return deal.cards.contains { choices.contains($0.status) }
        || deal.sharedView.map { choices.contains($0.initiatorStatus) } ?? false
    case .partnerToPartner: return deal.partnerToPartner
    case .favourite: return own.marks[caller.id]?.contains(deal.id) ?? false
    case .mine: return isOnTeam(deal, caller.email)
    case .value(let test):
      return test.amounts.contains { bound in
        bound.currency == deal.value.currency
          && (test.relation == .atLeast
            ? deal.value.units >= bound.units : deal.value.units <= bound.units)
      }
    case .country(let countries): return countries.contains(deal.customer.address.country)
    case .text(.customerName, .begins(let sought)):
      return sought.texts.contains { lower(deal.customer.name).hasPrefix(lower($0)) }
    case .anywhere(let words, let ids):
      let all = [deal.name, deal.notes, deal.customer.name]
      return ids.contains(deal.id)
        || words.texts.contains { sought in all.contains { lower($0).contains(lower(sought)) } }
    case .teamEmail(let emails): return emails.contains { isOnTeam(deal, $0) }
    case .tag(.equals(let tags)): return deal.tags.contains { tags.texts.contains($0) }
    case .tag: return !deal.tags.isEmpty
    case .ownerEmail(.equals(let emails)):
      return emails.texts.contains { email in
        deal.team.contains { $0.line == deal.owner && lower($0.person.email) == lower(email) }
      }
    case .ownerEmail: return deal.owner != 0
    case .solution(let ids): return deal.solutions.contains { ids.contains($0.solution) }
    case .solutionName(.contains(let sought)):
      return deal.solutions.contains { line in
        sought.texts.contains { lower(line.name).contains(lower($0)) }
      }
    case .location(let ids): return ids.contains(deal.location)
    case .counterpart(let ids):
      return deal.cards.contains { ids.contains($0.organisation.id) }
        || (deal.isInbound && ids.contains(deal.initiator.id))
    case .currency, .time, .text, .engagement, .solutionName: return true
    }
  }

  private func isOnTeam(_ deal: ModelDeal, _ email: Text) -> Bool {
    !email.isEmpty && deal.team.contains { lower($0.person.email) == lower(email) }
  }

  private func lower(_ text: Text) -> String { text.string.lowercased() }

  // MARK: Orders

  private func precedes(_ one: ModelDeal, _ other: ModelDeal, _ order: ListOrder) -> Bool {
    for part in order.parts {
      let values = (value(part.field, one), value(part.field, other))
      if values.0 != values.1 { return (values.0 < values.1) != part.descending }
    }
    return (one.id < other.id) != (order.parts.first?.descending ?? false)
  }

  /// Something that sorts as the field does.
  private func value(_ field: SortField, _ deal: ModelDeal) -> String {
    switch field {
    case .updated: digits(deal.updatedAt.milliseconds)
    case .created: digits(deal.createdAt.milliseconds)
    case .closeDate: digits(deal.closeDate.milliseconds)
    case .value: deal.value.currency.text + digits(deal.value.units)
    case .name: lower(deal.name)
    case .customerName: lower(deal.customer.name)
    case .status: digits(Int64(deal.status.rawValue))
    case .stage: digits(Int64(deal.stage.rawValue))
    }
  }

  private func digits(_ number: Int64) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 20 - text.count)) + text
  }
}
