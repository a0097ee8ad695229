// SPDX-License-Identifier: Apache-2.0
// What each condition means. Stores may answer sooner from what they keep beside a deal, never otherwise.

package import TandemPrimitives

extension DealFilter {
  /// Whether a deal passes, for one viewer; whether the viewer may see it is not asked here.
  package func matches(_ deal: Deal, _ viewer: FilterViewer) -> Bool {
    clauses.allSatisfy { clause in
      clause.terms.contains { $0.condition.holds(for: deal, viewer) != $0.isNegated }
    }
  }
}

extension Condition {
  package func holds(for deal: Deal, _ viewer: FilterViewer) -> Bool {
    switch self {
    case .status(let choices): return choices.contains(deal.status)
    case .kind(let choices): return choices.contains(deal.baseKind)
    case .direction(let choices): return choices.contains(deal.direction)
    case .stage(let choices): return choices.contains(deal.stage)
    case .counterpartStatus(let choices):
      return deal.counterpartStatuses.contains { choices.contains($0) }
    case .partnerToPartner: return deal.partnerToPartner
    case .favourite: return viewer.favourites.contains(deal.id)
    case .mine: return deal.team.includes(email: viewer.email)
    case .value(let test): return test.holds(deal.value)
    case .currency(let currencies): return currencies.contains(deal.value.currency)
    case .time(let time, let window):
      guard let moment = deal[time] else { return false }
      return window.range(of: time, at: viewer.now).contains(moment)
    case .country(let countries): return countries.contains(deal.customer.address.country)
    case .text(let text, let test): return test.holds(for: deal[text], text.ignoresCase)
    case .anywhere(let sought, let ids):
      return ids.contains(deal.id) || sought.areIn(deal.name) || sought.areIn(deal.notes)
        || sought.areIn(deal.customer.name)
    case .teamEmail(let emails):
      let team = deal.team
      return emails.contains { team.includes(email: $0) }
    case .tag(let test): return deal.tags.contains { test.holds(for: $0, false) }
    case .ownerEmail(let test): return deal.owner != 0 && test.holds(for: deal.ownerEmail, true)
    case .solution(let ids): return deal.solutions.contains { ids.contains($0.solution) }
    case .solutionName(let test):
      return deal.solutions.contains { test.holds(for: $0.name, true) }
    case .location(let ids): return ids.contains(deal.location)
    case .counterpart(let ids): return deal.counterparts.contains { ids.contains($0) }
    case .engagement(let ids): return ids.contains(deal.engagement)
    }
  }
}

extension TextTest {
  fileprivate func holds(for text: Text, _ ignoresCase: Bool) -> Bool {
    switch self {
    case .equals(let sought):
      ignoresCase ? sought.include(text) : sought.texts.contains(text)
    case .begins(let sought): sought.begin(text)
    case .contains(let sought): sought.areIn(text)
    case .present: !text.isEmpty
    }
  }
}

extension Deal {
  package subscript(time: DealTime) -> Timestamp? {
    switch time {
    case .created: createdAt
    case .updated: updatedAt
    case .closeDate: closeDate
    case .respondBy: respondBy
    }
  }

  package subscript(text: DealText) -> Text {
    switch text {
    case .name: name
    case .customerName: customer.name
    case .crmID: crmID
    case .campaignID: campaignID
    }
  }

  /// Where the other organisations of the engagement stand, as far as this copy knows.
  package var counterpartStatuses: [DealStatus] {
    cards.map(\.status) + (sharedView.map { [$0.initiatorStatus] } ?? [])
  }

  /// The other organisations of the engagement, as far as this copy knows.
  fileprivate var counterparts: [TenantID] {
    cards.map(\.organisation.id) + (direction == .inbound ? [initiator.id] : [])
  }
}
