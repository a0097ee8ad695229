// SPDX-License-Identifier: Apache-2.0
// From a principal to a user with rights, and from a deal id to a deal that this user may see.

package import TandemPrimitives

/// An active user who asks for something.
///
/// Only what rights depend on: a user with name and addresses costs more to copy than rules to ask.
package struct Caller: Sendable {
  package let id: UserID
  package let email: Text
  package let grants: [RoleGrant]
  package let readOnly: Bool

  init(_ user: User, readOnly: Bool) {
    id = user.id
    email = user.person.email
    grants = user.grants
    self.readOnly = readOnly
  }

  package func may(_ action: AccessPolicy.Action, _ deal: DealFacts?) -> Bool {
    AccessPolicy.may(action, deal, grants, readOnly: readOnly)
  }
}

extension TenantState {
  /// The user behind a principal; service users may stand in only when they hold the right.
  package func caller(_ principal: Principal) throws(Rejection) -> Caller {
    switch principal {
    case .user(let id, let via, let readOnly):
      if let via { try requireStandIn(via) }
      guard let user = users[id], user.isActive else {
        throw Rejection(
          .permissionDenied, "USER_INACTIVE",
          "the user of this call does not exist or is not active; ask an account administrator",
          rules: ["section 11"])
      }
      return Caller(user, readOnly: readOnly)
    case .systemOperator, .system:
      throw Rejection(
        .permissionDenied, "USER_NEEDED",
        "deals belong to users; call with the key of a user of this organisation",
        rules: ["section 11"])
    }
  }

  /// The same for what is not done in another's name.
  func caller(
    _ principal: Principal, for action: AccessPolicy.Action
  ) throws(Rejection) -> Caller {
    if case .user(_, via: .some, _) = principal, action.isForOneself {
      throw Rejection(
        .permissionDenied, "OWN_NAME_NEEDED",
        "users, keys, locations and realms are administered in one's own name; "
          + "call without acting as another user", rules: ["ruling 3"])
    }
    return try caller(principal)
  }

  private func requireStandIn(_ id: UserID) throws(Rejection) {
    guard let service = users[id], service.isActive, service.isService, service.mayActAsUser
    else {
      throw Rejection(
        .permissionDenied, "ACT_AS_FORBIDDEN",
        "only an active service user that may act as user can act in the name of another",
        rules: ["ruling 3"])
    }
  }

  /// Who may administer: the operator, or a user with the right.
  package func requireRight(
    _ action: AccessPolicy.Action, _ principal: Principal
  ) throws(Rejection) {
    if principal == .systemOperator { return }
    let caller = try caller(principal, for: action)
    guard caller.may(action, nil) else { throw denied(caller, "section 11") }
  }

  /// What access to a deal depends on, for one user.
  package func facts(of deal: Deal, for caller: Caller) -> DealFacts {
    DealFacts(
      location: deal.location, isGlobalLocation: locations[deal.location]?.isGlobal ?? false,
      direction: deal.direction,
      isOnTeam: AccessPolicy.dependsOnTeam(caller.grants) && deal.team.includes(email: caller.email)
    )
  }

  /// A deal for an action.
  ///
  /// One that the caller may not see is answered as one that does not exist. What the principal may do
  /// with every deal needs no look at user and place.
  @inline(__always)
  func deal(
    _ id: DealID, for action: AccessPolicy.Action, _ context: borrowing CommandContext,
    _ deals: borrowing some DealStore & ~Copyable
  ) throws(Rejection) -> Deal {
    let isAllowed = context.everywhere.contains(.read) && context.everywhere.contains(action)
    guard let deal = deals.deal(id) else {
      if !isAllowed { _ = try caller(context.principal) }
      throw .dealNotFound(id)
    }
    if !isAllowed { try require(action, on: deal, try caller(context.principal)) }
    return deal
  }

  func require(
    _ action: AccessPolicy.Action, on deal: Deal, _ caller: Caller
  ) throws(Rejection) {
    let facts = facts(of: deal, for: caller)
    guard caller.may(.read, facts) else { throw .dealNotFound(deal.id) }
    guard caller.may(action, facts) else { throw denied(caller, "section 11") }
  }

  package func denied(_ caller: Caller, _ rule: String) -> Rejection {
    if caller.readOnly {
      return Rejection(
        .permissionDenied, "KEY_READ_ONLY", "this key may only read; use one that may change",
        rules: [rule])
    }
    return Rejection(
      .permissionDenied, "ROLE_MISSING",
      "your roles do not allow this here (\(rule)); ask an account administrator",
      rules: [rule])
  }
}

extension Rejection {
  package static func dealNotFound(_ id: DealID) -> Rejection {
    Rejection(.notFound, "DEAL_NOT_FOUND", "there is no deal \(id) that you may see")
  }
}

extension [TeamMember] {
  /// Membership is by e-mail address (domain.md 3.1, 3.4).
  package func includes(email: Text) -> Bool {
    !email.isEmpty && contains { $0.person.email.equalsIgnoringASCIICase(email) }
  }
}
