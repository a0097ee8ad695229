// SPDX-License-Identifier: Apache-2.0
// People of earlier deals, offered for adding to another one (domain.md 3.8). Nothing of it is kept: the
// deals hold the people, so an offer ends with the right to see the deal and with the person's erasure.

package import TandemPrimitives

/// Where on a deal somebody stands.
package enum ContactKind: UInt8, Sendable, CaseIterable {
  case teamMember = 1
  case customerContact = 2
}

package struct ListRecentContacts: Sendable, Equatable {
  /// Nil: both.
  package var kind: ContactKind?
  package var max: UInt32
  package init(kind: ContactKind?, max: UInt32) {
    self.kind = kind
    self.max = max
  }
}

/// Somebody as the deal has them that changed last.
package struct RecentContact: Sendable, Equatable {
  package var person: Person
  package var kind: ContactKind
  package var customerName: Text
  package var deal: DealID
  package var lastUsed: Timestamp
}

/// Collects people from deals that are given newest first.
package struct RecentContacts: Sendable {
  package private(set) var found: [RecentContact] = []
  private let list: ListRecentContacts
  private var addresses: Set<[UInt8]> = []

  package init(_ list: ListRecentContacts) { self.list = list }

  package var isFull: Bool { found.count >= Int(list.max) }

  /// Takes the people of a deal that are not known from a newer one.
  package mutating func take(_ deal: Deal) {
    if list.kind != .customerContact { take(deal.team, .teamMember, deal) }
    if list.kind != .teamMember { take(deal.customer.contacts, .customerContact, deal) }
  }

  private mutating func take(_ members: [TeamMember], _ kind: ContactKind, _ deal: Deal) {
    for member in members where !isFull {
      let email = member.person.email
      // Without an address nobody can tell whether it is the same person.
      guard !email.isEmpty, addresses.insert(email.asciiLowered).inserted else { continue }
      found.append(
        RecentContact(
          person: member.person, kind: kind, customerName: deal.customer.name, deal: deal.id,
          lastUsed: deal.updatedAt))
    }
  }

  /// Offers are for those who can take them up; who only looks reads the deals themselves.
  package static func requireRight(
    _ principal: Principal, _ state: TenantState
  ) throws(Rejection) {
    let grants = try state.caller(principal).grants
    let works = [AccessPolicy.Action.create, .edit].contains {
      AccessPolicy.may($0, nil, grants, readOnly: false)
    }
    guard works else {
      throw Rejection(
        .permissionDenied, "ROLE_MISSING",
        "recent contacts are for those who create or edit deals (section 11); ask an account "
          + "administrator", rules: ["section 11"])
    }
  }
}
