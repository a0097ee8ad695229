// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct AccessTests {
  private func edit(_ id: DealID) -> Command { PatchDeal.edits(id, [.notes("x")]) }

  @Test func `invariant 12 a deal out of sight is answered as one that does not exist`() throws {
    var given = try Given()
    let id = try given.create()
    let outsider = try given.add("Olga", .referralsUser)
    let missing = DealID(high: 1, low: 2)
    let hidden = try given.refused(edit(id), by: outsider)
    let unknown = try given.refused(edit(missing), by: outsider)
    #expect(hidden.code == .notFound && hidden.reason == unknown.reason)
    #expect(
      hidden.message.replacing(id.description, with: "")
        == unknown.message.replacing(missing.description, with: ""))
    #expect(hidden.violations.isEmpty && unknown.violations.isEmpty)
  }

  @Test func `R-701 users work on deals whose team has their address, in any case`() throws {
    var given = try Given()
    let id = try given.create { $0.team = [.named("Ada"), .named("UMA")] }
    let user = try given.add("Uma", .referralsUser)
    try given.when(edit(id), by: user)
    let elsewhere = try given.add("Bob", .referralsUser, at: [given.berlin])
    #expect(try given.refused(edit(id), by: elsewhere).code == .notFound)
  }

  @Test func `R-702 location scopes reach their own and global deals`() throws {
    var given = try Given()
    guard
      case .location(let paris) = try given.when(
        .addLocation(AddLocation(name: "Paris", country: .de))
      ).answer
    else { throw Unexpected() }
    let admin = try given.add("Lea", .referralsAdmin, at: [paris])
    let inBerlin = try given.create()
    let inParis = try given.create { $0.location = paris }
    let global = given.globalLocation
    let everywhere = try given.create { $0.location = global }
    #expect(try given.refused(edit(inBerlin), by: admin).code == .notFound)
    try given.when(edit(inParis), by: admin)
    try given.when(edit(everywhere), by: admin)
  }

  @Test func `viewers see and change nothing but their favourites`() throws {
    var given = try Given()
    let id = try given.create()
    let viewer = try given.add("Vic", .viewer)
    #expect(try given.refused(edit(id), by: viewer).code == .permissionDenied)
    #expect(
      try given.refused(.createDeal(.sample(at: given.berlin)), by: viewer).code
        == .permissionDenied)
    try given.when(.setFavourite(SetFavourite(deal: id, isFavourite: true)), by: viewer)
  }

  @Test func `keys that only read change nothing`() throws {
    var given = try Given()
    let id = try given.create()
    let reader = Principal.user(given.admin, via: nil, readOnly: true)
    for command in [
      edit(id), .win(id), .createDeal(.sample(at: given.berlin)),
      .setFavourite(SetFavourite(deal: id, isFavourite: true)),
      .addLocation(AddLocation(name: "x", country: .de)),
    ] {
      #expect(try given.refused(command, by: reader).reason == "KEY_READ_ONLY")
    }
  }

  @Test func `inactive and unknown users are refused`() throws {
    var given = try Given()
    let id = try given.create()
    let user = try given.add("Uwe", .partnerAdmin)
    guard case .user(let userID, _, _) = user else { throw Unexpected() }
    try given.when(
      .setUserGrants(SetUserGrants(user: userID, grants: [], isActive: false)))
    #expect(try given.refused(edit(id), by: user).reason == "USER_INACTIVE")
    let stranger = Principal.user(UserID(high: 1, low: 1), via: nil, readOnly: false)
    #expect(try given.refused(edit(id), by: stranger).code == .permissionDenied)
  }

  @Test func `only a service user with the right acts in the name of others`() throws {
    var given = try Given()
    let id = try given.create()
    let answers = try [true, false].map { may in
      try given.when(
        .addUser(
          AddUser(
            isService: true,
            person: Person(
              firstName: "sync", lastName: .empty, email: .empty, phone: .empty, title: .empty),
            grants: [], mayActAsUser: may))
      ).answer
    }
    guard case .user(let allowed) = answers[0], case .user(let forbidden) = answers[1] else {
      throw Unexpected()
    }
    try given.when(edit(id), by: .user(given.admin, via: allowed, readOnly: false))
    #expect(given.commits.last?.via == allowed && given.commits.last?.actor == given.admin)
    let rejection = try given.refused(
      PatchDeal.edits(id, [.notes("y")]), by: .user(given.admin, via: forbidden, readOnly: false))
    #expect(rejection.reason == "ACT_AS_FORBIDDEN")
  }

  @Test func `nobody administers in the name of another`() throws {
    var given = try Given()
    guard
      case .user(let service) = try given.when(
        .addUser(
          AddUser(
            isService: true,
            person: Person(
              firstName: "sync", lastName: .empty, email: .empty, phone: .empty, title: .empty),
            grants: [RoleGrant(role: .accountAdmin, locations: [])], mayActAsUser: true))
      ).answer
    else { throw Unexpected() }
    let forAda = Principal.user(given.admin, via: service, readOnly: false)
    let place = Command.addLocation(AddLocation(name: "Paris", country: .de))
    let key = Command.issueKey(
      IssueKey(
        user: given.admin, label: "crm", readOnly: false,
        secretHash: [UInt8](repeating: 3, count: 32)))
    let rights = Command.setUserGrants(
      SetUserGrants(
        user: service, grants: [RoleGrant(role: .partnerAdmin, locations: [])], isActive: true))
    for command in [place, key, rights] {
      #expect(try given.refused(command, by: forAda).reason == "OWN_NAME_NEEDED")
    }
    try given.when(place, by: .user(service, via: nil, readOnly: false))
  }

  @Test func `the last administrator keeps the right`() throws {
    var given = try Given()
    let rejection = try given.refused(
      .setUserGrants(SetUserGrants(user: given.admin, grants: [], isActive: true)))
    #expect(rejection.reason == "LAST_ADMINISTRATOR")
  }

  @Test func `keys are issued by administrators and revoked once`() throws {
    var given = try Given()
    let hash = [UInt8](repeating: 3, count: 32)
    let issue = Command.issueKey(
      IssueKey(user: given.admin, label: "crm", readOnly: true, secretHash: hash))
    let user = try given.add("Uma", .referralsUser)
    #expect(try given.refused(issue, by: user).code == .permissionDenied)
    guard case .key(let key) = try given.when(issue).answer else { throw Unexpected() }
    try given.when(.revokeKey(RevokeKey(key: key)))
    #expect(given.state.keys[key]?.revokedAt == given.now)
    #expect(try given.when(.revokeKey(RevokeKey(key: key))).events.isEmpty)
  }

  @Test func `R-701 R-702 a user's reach holds every deal that the user may read`() throws {
    let places = (1...3 as ClosedRange<UInt64>).map { LocationID(high: 9, low: $0) }
    let global = places[2]
    let scopes = [[], [places[0]], [places[0], places[1]]]
    for first in Role.allCases {
      for second in Role.allCases {
        for scope in scopes {
          for isActive in [true, false] {
            let grants = [
              RoleGrant(role: first, locations: scope),
              RoleGrant(role: second, locations: [places[1]]),
            ]
            let user = User(
              id: UserID(high: 1, low: 1), isService: false, person: .named("Uma"), grants: grants,
              mayActAsUser: false, isActive: isActive)
            let reach = AccessPolicy.reach(of: user)
            for place in places {
              for isOnTeam in [true, false] {
                let facts = DealFacts(
                  location: place, isGlobalLocation: place == global, direction: .outbound,
                  isOnTeam: isOnTeam)
                guard AccessPolicy.may(.read, facts, user, readOnly: true) else { continue }
                let isThere =
                  reach.locations.contains(place) || (place == global && !reach.locations.isEmpty)
                #expect(reach.everywhere || (reach.onTeam && isOnTeam) || isThere)
              }
            }
          }
        }
      }
    }
  }
}
