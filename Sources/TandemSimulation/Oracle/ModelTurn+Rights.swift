// SPDX-License-Identifier: Apache-2.0
// Who may do what, as section 11 tells it.

import TandemDomain
import TandemPrimitives

extension ModelOrganisation {
  /// what one role of a user reaches.
  private func reaches(_ grant: RoleGrant, _ deal: ModelDeal, _ user: ModelUser) -> Bool {
    let isInScope =
      grant.locations.isEmpty || grant.locations.contains(deal.location)
      || deal.location == globalLocation
    switch grant.role {
    case .partnerAdmin: return true
    case .referralsAdmin, .seller, .viewer: return isInScope
    case .referralsUser:
      return isInScope && deal.team.contains { same($0.person.email, user.email) }
    case .accountAdmin, .operatorRole: return false
    }
  }

  private func same(_ one: Text, _ other: Text) -> Bool {
    !one.isEmpty && one.string.lowercased() == other.string.lowercased()
  }

  func mayRead(_ user: ModelUser, _ deal: ModelDeal) -> Bool {
    user.isActive && user.grants.contains { reaches($0, deal, user) }
  }

  /// Viewers only look (U03).
  func mayWork(_ user: ModelUser, _ deal: ModelDeal) -> Bool {
    user.isActive && user.grants.contains { $0.role != .viewer && reaches($0, deal, user) }
  }

  /// Users create for any location, admins for those in their scope.
  func mayCreate(_ user: ModelUser, at location: LocationID) -> Bool {
    user.grants.contains { grant in
      switch grant.role {
      case .partnerAdmin, .referralsUser: true
      case .referralsAdmin, .seller:
        grant.locations.isEmpty || grant.locations.contains(location) || location == globalLocation
      case .viewer, .accountAdmin, .operatorRole: false
      }
    }
  }

  func mayAdministerPeople(_ user: ModelUser) -> Bool {
    user.isActive && user.grants.contains { $0.role == .accountAdmin || $0.role == .partnerAdmin }
  }

  /// what holds for all deals is for organisation-wide admins.
  func mayAdministerDeals(_ user: ModelUser) -> Bool {
    user.grants.contains {
      $0.role == .partnerAdmin || ($0.role == .referralsAdmin && $0.locations.isEmpty)
    }
  }

  func mayPublish(_ user: ModelUser) -> Bool {
    user.grants.contains {
      $0.role == .partnerAdmin
        || (($0.role == .referralsAdmin || $0.role == .seller) && $0.locations.isEmpty)
    }
  }

  /// Section 14: admins and sellers in whose scope an inbound deal lies.
  func answerers(of deal: ModelDeal) -> [UserID] {
    var nobodysTeam = deal
    nobodysTeam.team = []
    return users.values.filter { mayWork($0, nobodysTeam) }.map(\.id)
  }

  /// The deal's team and who created it, so far as they may read it; R-303: somebody always hears.
  func followers(of deal: ModelDeal) -> [UserID] {
    let near = users.values.filter { user in
      mayRead(user, deal)
        && (user.id == deal.createdBy
          || deal.team.contains { same($0.person.email, user.email) })
    }.map(\.id)
    return near.isEmpty ? answerers(of: deal) : near
  }
}

extension ModelTurn {
  /// Names who asks; refuses who is nobody, or stands in for another without leave.
  mutating func identify(_ principal: Principal) {
    // The operator administers, and has no part in deals.
    guard case .user(let id, let via, let readOnly) = principal else { return }
    isReadOnly = readOnly
    if let via, own.users[via].map({ $0.isActive && $0.mayStandIn }) != true {
      refuse("ACT_AS_FORBIDDEN")
    }
    guard let user = own.users[id], user.isActive else { return refuse("USER_INACTIVE") }
    caller = user
  }

  /// Administration is not done in another's name.
  mutating func requireOwnName(_ principal: Principal) {
    if case .user(_, via: .some, _) = principal { refuse("OWN_NAME_NEEDED") }
  }

  mutating func require(_ right: (ModelOrganisation) -> (ModelUser) -> Bool) {
    guard let caller else { return }
    refuse("ROLE_MISSING", if: !right(own)(caller))
  }

  /// A deal to work on; one that the caller may not see is none.
  mutating func deal(_ id: DealID, toWork: Bool = true) -> ModelDeal? {
    guard let caller, let deal = own.deals[id], own.mayRead(caller, deal) else {
      if caller != nil { refuse("DEAL_NOT_FOUND") }
      return nil
    }
    if toWork, !own.mayWork(caller, deal) {
      refuse("ROLE_MISSING")
      return nil
    }
    return deal
  }

  /// Work needs a deal of one's own that was accepted and has not ended (G04, T10).
  mutating func requireAccepted(_ deal: ModelDeal) {
    switch deal.status {
    case .accepted: refuse("SHADOW_COPY", if: deal.isShadow)
    case .pending, .received: refuse("DEAL_NOT_ACCEPTED")
    case .won, .lost, .declined, .expired, .error: refuse("DEAL_CLOSED")
    }
  }

  /// an invitation is answered while it is New, and in time.
  mutating func requireAnswerable(_ deal: ModelDeal) {
    switch deal.status {
    case .pending, .received:
      refuse("INVITATION_EXPIRED", if: now >= deal.respondBy ?? .zero)
    case .accepted: refuse(deal.isShadow ? "SHADOW_COPY" : "NOT_NEW")
    case .won, .lost, .declined, .expired, .error: refuse("DEAL_CLOSED")
    }
  }

  /// U01: a change of what the caller read meanwhile.
  mutating func requireUntouched(_ deal: ModelDeal, _ fields: [DealField], since base: UInt64) {
    guard base != 0 else { return }
    let isMoved = fields.contains { deal.changedIn[$0] ?? 0 > base }
    refuse("CONFLICT", if: base > deal.version || isMoved)
  }
}
