// SPDX-License-Identifier: Apache-2.0
// Section 11 as a table: role × scope × relation × state × action. What is expected is said here in
// words of its own; every cell is then put to the rules.

import TandemDomain
import TandemPrimitives
import Testing

/// Where a user's role holds, seen from the deal's location.
private enum Scope: CaseIterable {
  case everywhere, here, elsewhere
}

/// How a deal stands to the user besides its location.
private enum Relation: CaseIterable {
  case onTeam, offTeam
}

/// Every state that a copy can be in, with the side that it is on.
private enum Stand: CaseIterable {
  case outbound, inviting, won, lost, error
  case pending, received, accepted, inboundWon, inboundLost, declined, expired
}

private enum Expected: Equatable {
  case allowed
  /// Like a deal that does not exist.
  case unseen
  /// The user's roles do not go so far.
  case denied
  /// The deal's state does not allow it to anybody.
  case impossible
}

/// What section 11 says of a role, for deals in its scope.
private enum Right {
  case nothing, ifOnTeam, always
}

private let sees: [Role: Right] = [
  .partnerAdmin: .always, .referralsAdmin: .always, .referralsUser: .ifOnTeam, .viewer: .always,
  .seller: .always, .accountAdmin: .nothing, .operatorRole: .nothing,
]

/// The actions that a state knows.
private let possible: [Stand: Set<DealAction>] = [
  .outbound: [.patch, .win, .lose, .closeAsError, .invite, .setFavourite, .inviteVendor],
  .inviting: [
    .patch, .win, .lose, .closeAsError, .invite, .setFavourite, .inviteVendor, .extendInvitation,
  ],
  .pending: [.acknowledge, .accept, .decline, .setFavourite],
  .received: [.acknowledge, .accept, .decline, .setFavourite],
  .accepted: [.patch, .win, .lose, .closeAsError, .setFavourite],
]

struct AccessTableTests {
  /// A copy in each state and at each kind of location, on whose teams is Tess.
  private let copies: [(stand: Stand, isGlobal: Bool, given: Given, deal: DealID)]
  private let tailspin: TenantID
  private let fabrikam: TenantID

  init() throws {
    let inBerlin = try Self.copies { $0.berlin }
    let global = try Self.copies { $0.globalLocation }
    // Inbound copies stand for the entire organisation, whatever the inviter chose.
    copies =
      inBerlin.copies.filter { [.outbound, .inviting, .won, .lost, .error].contains($0.stand) }.map
    {
      ($0.stand, false, $0.given, $0.deal)
    } + global.copies.map { ($0.stand, true, $0.given, $0.deal) }
    tailspin = global.tailspin
    fabrikam = global.fabrikam
  }

  private static func copies(
    at place: (Given) -> LocationID
  ) throws -> (
    copies: [(stand: Stand, given: Given, deal: DealID)], tailspin: TenantID, fabrikam: TenantID
  ) {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let tailspin = try Given("Tailspin", seed: 3)
    let northwind = try Given("Northwind", kind: .vendor, seed: 4)
    var world = try World([contoso, fabrikam, tailspin, northwind])
    let deal = try world.create(contoso.id) {
      $0.location = place(contoso)
      $0.team = [.named("Ada"), .named("Tess")]
    }
    var made: [(stand: Stand, given: Given, deal: DealID)] = [
      (.outbound, try world[contoso.id], deal)
    ]
    for (stand, end) in [
      (Stand.won, Command.win(deal)), (.lost, .lose(deal)), (.error, .closeAsError(deal)),
    ] {
      var ended = try world[contoso.id]
      try ended.when(end)
      made.append((stand, ended, deal))
    }
    try world.when(contoso.id, .inviteToDeal(world.invite(deal, fabrikam.id)))
    try world.settle()
    made.append((.inviting, try world[contoso.id], deal))
    let pending = try world[fabrikam.id]
    let copy = try pending.onlyDeal.id
    let accept = Command.acceptDeal(
      AcceptDeal(
        deal: copy, name: "Ours", value: nil, closeDate: nil, notes: .empty, crmID: .empty,
        campaignID: .empty, team: [.named("Ada"), .named("Tess")], validateOnly: false))
    let paths: [(Stand, [Command])] = [
      (.pending, []), (.received, [.acknowledgeDeal(AcknowledgeDeal(deal: copy))]),
      (.accepted, [accept]), (.inboundWon, [accept, .win(copy)]),
      (.inboundLost, [accept, .lose(copy)]), (.declined, [.decline(copy)]),
      (.expired, [.fireDeadlines]),
    ]
    for (stand, commands) in paths {
      var given = pending
      if stand == .expired { given.now = given.now.advanced(by: .days(14)) }
      for command in commands { try given.when(command) }
      made.append((stand, given, copy))
    }
    return (made, tailspin.id, fabrikam.id)
  }

  @Test(arguments: Role.allCases)
  func `R-701 R-702 R-703 U03 each role, scope, relation, state and action`(role: Role) throws {
    for (stand, isGlobal, given, deal) in copies {
      for scope in Scope.allCases {
        for relation in Relation.allCases {
          var trial = given
          let user = trial.admit(role, scope, relation)
          for action in DealAction.allCases {
            let expected = expect(role, scope, relation, stand, action, isGlobal: isGlobal)
            #expect(
              ask(trial, command(action, deal), user) == expected,
              "\(scope) \(relation) \(stand) global: \(isGlobal) \(action)")
          }
        }
      }
    }
    #expect(Set(copies.map(\.stand)).count == Stand.allCases.count)
  }

  @Test(arguments: Role.allCases)
  func `section 11 each role and scope creates and administers what it may`(role: Role) throws {
    let administers: Set<Role> = [.partnerAdmin, .accountAdmin, .operatorRole]
    for scope in Scope.allCases {
      var given = try Given("Contoso", seed: 1)
      let user = given.admit(role, scope, .offTeam)
      let creates: Bool =
        switch role {
        case .partnerAdmin, .referralsUser: true
        case .referralsAdmin, .seller: scope != .elsewhere
        case .viewer, .accountAdmin, .operatorRole: false
        }
      let namesStages =
        role == .partnerAdmin || (role == .referralsAdmin && scope == .everywhere)
      let hash = [UInt8](repeating: 3, count: 32)
      let cells: [(Command, Bool)] = [
        (.createDeal(.sample(at: given.berlin)), creates),
        (.addLocation(AddLocation(name: "Rome", country: .de)), administers.contains(role)),
        (
          .issueKey(IssueKey(user: given.admin, label: "x", readOnly: true, secretHash: hash)),
          administers.contains(role)
        ),
        (
          .setUserGrants(SetUserGrants(user: given.admin, grants: [], isActive: true)),
          administers.contains(role)
        ),
        (
          .updateOrganisation(
            UpdateOrganisation(organisation: given.id, update: OrganisationUpdate())),
          role == .operatorRole
        ),
        (
          .updateRealm(UpdateRealm(realm: Given.realm.id, update: RealmPolicyUpdate())),
          role == .operatorRole
        ),
        (
          .setStageNames(SetStageNames(names: [.init(name: "Quote", percent: 60)])),
          namesStages
        ),
      ]
      for (command, isAllowed) in cells {
        let found = ask(given, command, user)
        #expect((found == .denied) != isAllowed, "\(scope) \(command)")
      }
    }
  }

  /// The table in words.
  private func expect(
    _ role: Role, _ scope: Scope, _ relation: Relation, _ stand: Stand, _ action: DealAction,
    isGlobal: Bool
  ) -> Expected {
    // A partner administrator has the whole organisation, whatever locations were named (G32).
    let isInScope = scope != .elsewhere || isGlobal || role == .partnerAdmin
    // Before it is accepted a copy has no team of its own organisation.
    let hasTeam = ![.pending, .received, .declined, .expired].contains(stand)
    let isOnTeam = relation == .onTeam && hasTeam
    switch sees[role] ?? .nothing {
    case .nothing: return .unseen
    case .ifOnTeam where !isOnTeam: return .unseen
    case .ifOnTeam, .always: break
    }
    guard isInScope else { return .unseen }
    guard role != .viewer || action == .setFavourite else { return .denied }
    return (possible[stand] ?? [.setFavourite]).contains(action) ? .allowed : .impossible
  }

  private func ask(_ given: Given, _ command: Command, _ user: Principal) -> Expected {
    var context = CommandContext(
      now: given.now, principal: user, fresh: given.fresh, directory: given.directory)
    do throws(Rejection) {
      _ = try Decider.decide(command, given.state, given.deals, &context)
      return .allowed
    } catch {
      switch error.code {
      case .notFound: return .unseen
      case .permissionDenied: return .denied
      default: return .impossible
      }
    }
  }

  private func command(_ action: DealAction, _ deal: DealID) -> Command {
    var invitation = InviteToDeal(
      deal: deal, invitee: .organisation(tailspin), help: .technicalArchitecture,
      value: .euros(300), closeDate: nil, notes: "architecture needed", teamLines: [],
      solutionLines: [4], validateOnly: false)
    switch action {
    case .patch: return PatchDeal.edits(deal, [.notes("x")])
    case .win: return .win(deal)
    case .lose: return .lose(deal)
    case .closeAsError: return .closeAsError(deal)
    case .invite: return .inviteToDeal(invitation)
    case .inviteVendor:
      invitation.invitee = .vendorDesk
      invitation.customerConsent = true
      return .inviteToDeal(invitation)
    case .extendInvitation:
      return .extendInvitation(
        ExtendInvitation(
          deal: deal, invitee: .organisation(fabrikam), end: .daysLater(1), validateOnly: false))
    case .acknowledge: return .acknowledgeDeal(AcknowledgeDeal(deal: deal))
    case .accept: return .accept(deal)
    case .decline: return .decline(deal)
    case .setFavourite: return .setFavourite(SetFavourite(deal: deal, isFavourite: true))
    }
  }
}

extension Given {
  fileprivate mutating func admit(_ role: Role, _ scope: Scope, _ relation: Relation) -> Principal {
    let paris = Location(
      id: LocationID(high: 7, low: 7), name: "Paris", country: .fr, isGlobal: false)
    state.locations[paris.id] = paris
    let locations = [
      Scope.everywhere: [], .here: [berlin], .elsewhere: [paris.id],
    ]
    let user = User(
      id: UserID(high: 7, low: 8), isService: false,
      person: .named(relation == .onTeam ? "Tess" : "Olga"),
      grants: [RoleGrant(role: role, locations: locations[scope] ?? [])], mayActAsUser: false,
      isActive: true)
    state.users[user.id] = user
    return .user(user.id, via: nil, readOnly: false)
  }
}
