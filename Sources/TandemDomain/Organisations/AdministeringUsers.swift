// SPDX-License-Identifier: Apache-2.0
// Adding users and setting what they may do (domain.md 11, G32).

import TandemPrimitives

package enum AdministeringUsers {
  package static func add(
    _ command: AddUser, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerUsers, context.principal)
    guard let organisation = state.organisation else { throw .organisationMissing }
    var violations = Violations()
    violations.checkUser(command.person, isService: command.isService, "person")
    violations.checkGrants(command.grants, organisation, state.locations, held: [])
    if command.mayActAsUser, !command.isService {
      violations.add("may_act_as_user", "ACT_AS_USER", "only service users may act as others")
    }
    try violations.throwIfAny()
    let email = command.person.email
    if !email.isEmpty,
      state.users.values.contains(where: { $0.person.email.equalsIgnoringASCIICase(email) })
    {
      throw Rejection(
        .alreadyExists, "USER_EXISTS", "a user with this e-mail address exists; use that one")
    }
    guard state.users.count < Limits.usersPerOrganisation else {
      throw .full("users", state.users.count, Limits.usersPerOrganisation)
    }
    let user = User(
      id: context.fresh.next(at: context.now), isService: command.isService,
      person: command.person, grants: command.grants, mayActAsUser: command.mayActAsUser,
      isActive: true)
    return Decision(events: [.userAdded(user)], answer: .user(user.id))
  }

  /// What is told of a user of whom nothing is said.
  static func problems(ofNobodyWho isService: Bool) -> [Violation] {
    var violations = Violations()
    violations.checkUser(.erased, isService: isService, "person")
    return violations.found
  }

  package static func setGrants(
    _ command: SetUserGrants, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerUsers, context.principal)
    guard let organisation = state.organisation else { throw .organisationMissing }
    guard let user = state.users[command.user] else {
      throw Rejection(.notFound, "USER_NOT_FOUND", "there is no user \(command.user)")
    }
    var violations = Violations()
    violations.checkGrants(
      command.grants, organisation, state.locations, held: user.grants)
    try violations.throwIfAny()
    var after = user
    after.grants = command.grants
    after.isActive = command.isActive
    if user.administers, !after.administers, state.users.values.filter(\.administers).count == 1 {
      throw Rejection(
        .failedPrecondition, "LAST_ADMINISTRATOR",
        "this is the last active administrator; make another one first")
    }
    guard after != user else { return Decision(events: [], answer: .user(user.id)) }
    return Decision(
      events: [
        .userGrantsSet(user: user.id, grants: command.grants, isActive: command.isActive)
      ], answer: .user(user.id))
  }
}

extension User {
  /// Whether the user can give rights to others.
  package var administers: Bool {
    AccessPolicy.may(.administerUsers, nil, self, readOnly: false)
  }
}

extension Violations {
  /// Persons are reachable by e-mail, service users are known by a first name.
  mutating func checkUser(_ person: Person, isService: Bool, _ field: String) {
    let max = Limits.personFieldBytes
    require(person.firstName, field + ".first_name", "FIELD_REQUIRED", max: max)
    if isService {
      limit(person.lastName, field + ".last_name", max: max)
    } else {
      require(person.lastName, field + ".last_name", "FIELD_REQUIRED", max: max)
    }
    if !isService || !person.email.isEmpty {
      requireEmail(person.email, field + ".email", "FIELD_REQUIRED")
    }
    limit(person.phone, field + ".phone", max: max)
    limit(person.title, field + ".title", max: max)
  }

  /// What the user holds already may be said again, as it was told.
  mutating func checkGrants(
    _ grants: [RoleGrant], _ organisation: Organisation, _ locations: [LocationID: Location],
    held: [RoleGrant]
  ) {
    limit(count: grants.count, "grants", max: Role.allCases.count)
    for (index, grant) in grants.prefix(Role.allCases.count).enumerated() {
      if !grant.role.fits(organisation.kind) {
        add("grants[\(index)].role", "ROLE_KIND", "does not exist in this kind of organisation")
      }
      if grants.prefix(index).contains(where: { $0.role == grant.role }) {
        add("grants[\(index)].role", "ROLE_TWICE", "comes twice; list its locations together")
      }
      if !grant.locations.isEmpty, grant.role.isOfEverything, !held.contains(grant) {
        add(
          "grants[\(index)].location_ids", "ROLE_SCOPE",
          "this role holds in the entire organisation; name no locations",
          rules: ["G32", "section 11"])
      }
      limit(
        count: grant.locations.count, "grants[\(index)].location_ids",
        max: Limits.locationsPerOrganisation)
      for (place, id) in grant.locations.enumerated() {
        guard let location = locations[id], !location.isGlobal else {
          add(
            "grants[\(index)].location_ids[\(place)]", "LOCATION_UNKNOWN",
            "\(id) is no single location; none at all means the entire organisation")
          continue
        }
      }
    }
  }
}

extension Role {
  /// What it may do is bound to no location.
  fileprivate var isOfEverything: Bool {
    switch self {
    case .partnerAdmin, .accountAdmin, .operatorRole: true
    case .referralsAdmin, .referralsUser, .viewer, .seller: false
    }
  }

  fileprivate func fits(_ kind: OrganisationKind) -> Bool {
    switch self {
    case .seller: kind == .vendor
    case .operatorRole: kind == .directory
    case .partnerAdmin, .referralsAdmin, .referralsUser, .viewer, .accountAdmin: true
    }
  }
}

extension Rejection {
  /// A table of the organisation or realm is full.
  static func full(_ what: String, _ count: Int, _ max: Int) -> Rejection {
    Rejection(
      .resourceExhausted, "LIMIT_REACHED", "there are \(count) \(what), at most \(max) are allowed",
      rules: ["G24"])
  }
}
