// SPDX-License-Identifier: Apache-2.0
// Pages of leads, newest first. A page looks at a bounded number of leads, however few of them pass: it
// may be short and still not be the last.

package import TandemPrimitives

/// A lead as one user sees it.
package struct LeadRow: Sendable, Equatable {
  package var lead: Lead
  package var isFavourite: Bool
  /// The customer waits for a call: told at reading, by the realm's clock.
  package var wantsContactNow: Bool
}

package struct LeadPage: Sendable, Equatable {
  package var rows: [LeadRow] = []
  /// Where the next page begins; nil on the last one.
  package var next: LeadID?
  /// How many leads were looked at.
  package var looks = 0
}

extension TenantState {
  package func leadRow(
    _ id: LeadID, for principal: Principal, at now: Timestamp
  ) throws(Rejection) -> LeadRow {
    let lead = try lead(id, for: .readLeads, principal)
    return row(lead, marked: leadFavourites[try caller(principal).id] ?? [], at: now)
  }

  /// Who may see no leads is told as if there were none.
  package func leadPage(
    _ list: ListLeads, for principal: Principal, at now: Timestamp
  ) throws(Rejection) -> LeadPage {
    let caller = try caller(principal)
    guard caller.may(.readLeads, nil) else { return LeadPage() }
    let marked = leadFavourites[caller.id] ?? []
    var page = LeadPage()
    var bytes = 0
    var last: LeadID?
    func take(_ lead: Lead) -> Bool {
      guard page.looks < Limits.leadsLookedAt, page.rows.count < Int(list.pageSize),
        bytes < Limits.pageBytes
      else {
        page.next = last
        return false
      }
      page.looks += 1
      last = lead.id
      guard list.passes(lead) else { return true }
      bytes += lead.byteCount
      page.rows.append(row(lead, marked: marked, at: now))
      return true
    }
    guard list.tab == .favourites else {
      leads.forEachBackwards(below: list.after, take)
      return page
    }
    for id in marked.filter({ id in list.after.map { id < $0 } ?? true }).sorted(by: >) {
      if let lead = leads[id], !take(lead) { break }
    }
    return page
  }

  private func row(_ lead: Lead, marked: Set<LeadID>, at now: Timestamp) -> LeadRow {
    LeadRow(
      lead: lead, isFavourite: marked.contains(lead.id),
      wantsContactNow: lead.wantsContactNow(at: now, realm?.policy ?? .standard))
  }
}

extension ListLeads {
  /// Everything but the favourites tab, which is about the caller.
  fileprivate func passes(_ lead: Lead) -> Bool {
    let isInTab =
      switch tab {
      case .marketplace: lead.leadClass == .direct
      case .qualified: lead.leadClass != .direct
      case .favourites, nil: true
      }
    return isInTab && Self.has(callsToAction, lead.callToAction)
      && Self.has(countries, lead.country) && Self.has(sources, lead.source)
      && Self.has(classes, lead.leadClass) && Self.has(qualities, lead.quality)
      && Self.has(statuses, lead.status) && Self.has(emailValidities, lead.emailValidity)
      && Self.has(phoneValidities, lead.phoneValidity)
      && lead.customerName.hasPrefixIgnoringCase(customerNamePrefix)
  }

  private static func has<Value: Equatable>(_ choices: [Value], _ value: Value?) -> Bool {
    choices.isEmpty || value.map(choices.contains) ?? false
  }
}
