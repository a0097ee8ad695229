// SPDX-License-Identifier: Apache-2.0
// The one place that decides who may do what within an organisation (domain.md 11).
// Foreign data is no matter of access: a copy holds only what its organisation may see.

package import TandemPrimitives

/// What access depends on; small, so that it can be told without decoding a whole deal.
package struct DealFacts: Sendable, Equatable {
  package var location: LocationID
  package var isGlobalLocation: Bool
  package var direction: Direction
  /// A member of the deal's team has the user's e-mail address.
  ///
  /// Only asked when `dependsOnTeam`.
  package var isOnTeam: Bool

  package init(
    location: LocationID, isGlobalLocation: Bool, direction: Direction, isOnTeam: Bool
  ) {
    self.location = location
    self.isGlobalLocation = isGlobalLocation
    self.direction = direction
    self.isOnTeam = isOnTeam
  }
}

package enum AccessPolicy {
  package enum Action: UInt8, Sendable, CaseIterable {
    case read, create, edit, close, invite, answer, favourite
    case administerUsers, administerKeys, administerLocations, operateRealm
    /// What holds for all deals of the organisation.
    case administerDeals
    /// What the organisation sells.
    case publishSolutions
    /// Leads belong to no location, so only who has the entire organisation reads or works on them.
    case readLeads, workLeads
    /// The vendor's: tell partners of leads, and hear what became of them.
    case sendLeads

    /// Whether the action changes anything; keys that only read may not.
    package var changes: Bool { self != .read && self != .readLeads }

    /// Not done in the name of another user: whoever may act as an administrator would have the
    /// rights of all.
    package var isForOneself: Bool {
      switch self {
      case .administerUsers, .administerKeys, .administerLocations, .operateRealm: true
      case .read, .create, .edit, .close, .invite, .answer, .favourite, .administerDeals,
        .publishSolutions, .readLeads, .workLeads, .sendLeads:
        false
      }
    }
  }

  /// A set of actions in one word.
  package struct Actions: Sendable {
    private var bits: UInt32 = 0
    package static let none = Actions()
    package func contains(_ action: Action) -> Bool { bits & 1 << UInt32(action.rawValue) != 0 }
    mutating func insert(_ action: Action) { bits |= 1 << UInt32(action.rawValue) }
  }

  /// What a user may do with every deal, wherever it belongs and whoever is on its team.
  ///
  /// No role loses a right by what is known of a deal, so a deal of no place and team tells it.
  package static func everywhere(_ user: User) -> Actions {
    let nowhere = DealFacts(
      location: .zero, isGlobalLocation: false, direction: .outbound, isOnTeam: false)
    var actions = Actions.none
    for action in Action.allCases where may(action, nowhere, user, readOnly: false) {
      actions.insert(action)
    }
    return actions
  }

  /// Whether a user may do something; without a deal, whether any of the user's roles ever may.
  package static func may(
    _ action: Action, _ deal: DealFacts?, _ user: User, readOnly: Bool
  ) -> Bool {
    user.isActive && may(action, deal, user.grants, readOnly: readOnly)
  }

  /// The same for an active user with these grants.
  package static func may(
    _ action: Action, _ deal: DealFacts?, _ grants: [RoleGrant], readOnly: Bool
  ) -> Bool {
    guard !(readOnly && action.changes) else { return false }
    return grants.contains { allows($0, action, deal) }
  }

  /// Where the deals stand that a user may read.
  package struct Reach: Sendable, Equatable {
    /// Those with the user on their team, as far as they are read at all.
    package var onTeam = false
    /// All of these locations; with any of them the global one too.
    package var locations: Set<LocationID> = []
    package var everywhere = false
  }

  /// A bound on what a user may read: whoever looks only there misses nothing, and meets little else.
  package static func reach(of user: User) -> Reach {
    var reach = Reach()
    guard user.isActive else { return reach }
    for grant in user.grants {
      switch grant.role {
      case .partnerAdmin: reach.everywhere = true
      case .referralsAdmin, .seller, .viewer:
        if grant.locations.isEmpty { reach.everywhere = true }
        reach.locations.formUnion(grant.locations)
      case .referralsUser: reach.onTeam = true
      case .accountAdmin, .operatorRole: break
      }
    }
    return reach
  }

  /// Whether the answer needs `DealFacts.isOnTeam`; lets callers skip the search for admins.
  package static func dependsOnTeam(_ grants: [RoleGrant]) -> Bool {
    grants.contains { $0.role == .referralsUser }
  }

  private static func allows(_ grant: RoleGrant, _ action: Action, _ deal: DealFacts?) -> Bool {
    switch action {
    case .read, .favourite: reaches(grant, deal)
    case .create: mayCreate(grant, deal)
    case .edit, .close, .invite, .answer: worksOnDeals(grant) && reaches(grant, deal)
    case .administerUsers, .administerKeys, .administerLocations:
      grant.role == .accountAdmin || grant.role == .partnerAdmin || grant.role == .operatorRole
    case .operateRealm: grant.role == .operatorRole
    case .publishSolutions:
      switch grant.role {
      case .partnerAdmin: true
      case .referralsAdmin, .seller: grant.locations.isEmpty
      case .referralsUser, .viewer, .accountAdmin, .operatorRole: false
      }
    case .administerDeals, .workLeads:
      grant.role == .partnerAdmin || (grant.role == .referralsAdmin && grant.locations.isEmpty)
    case .readLeads: mayReadLeads(grant)
    case .sendLeads: mayCreate(grant, nil) && isEverywhere(grant)
    }
  }

  /// U03: viewers only look.
  private static func worksOnDeals(_ grant: RoleGrant) -> Bool {
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.viewerEdits.isActive { return true }
    #endif
    return grant.role != .viewer
  }

  /// G20, G32: whether a grant makes a deal visible.
  private static func reaches(_ grant: RoleGrant, _ deal: DealFacts?) -> Bool {
    switch grant.role {
    case .partnerAdmin: true
    case .referralsAdmin, .seller, .viewer: isInScope(grant, deal)
    case .referralsUser: isInScope(grant, deal) && (deal?.isOnTeam ?? true)
    case .accountAdmin, .operatorRole: false
    }
  }

  /// Users create for any location, admins for those in their scope.
  private static func mayCreate(_ grant: RoleGrant, _ deal: DealFacts?) -> Bool {
    switch grant.role {
    case .partnerAdmin, .referralsUser: true
    case .referralsAdmin, .seller: isInScope(grant, deal)
    case .viewer, .accountAdmin, .operatorRole: false
    }
  }

  /// Section 18: a referrals admin with global scope, G32, and U03's reader.
  private static func mayReadLeads(_ grant: RoleGrant) -> Bool {
    switch grant.role {
    case .partnerAdmin: true
    case .referralsAdmin, .viewer: grant.locations.isEmpty
    case .referralsUser, .seller, .accountAdmin, .operatorRole: false
    }
  }

  /// Of roles that can be narrowed to locations: this grant is not, nor to somebody's own deals.
  private static func isEverywhere(_ grant: RoleGrant) -> Bool {
    switch grant.role {
    case .partnerAdmin: true
    case .referralsAdmin, .seller, .viewer: grant.locations.isEmpty
    case .referralsUser, .accountAdmin, .operatorRole: false
    }
  }

  private static func isInScope(_ grant: RoleGrant, _ deal: DealFacts?) -> Bool {
    guard let deal, !grant.locations.isEmpty else { return true }
    return deal.isGlobalLocation || grant.locations.contains(deal.location)
  }
}
