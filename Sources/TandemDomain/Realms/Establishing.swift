// SPDX-License-Identifier: Apache-2.0
// The first event of a directory's life, and who operates a realm.

package import TandemPrimitives

package enum Establishing {
  package static func decide(
    _ command: EstablishOrganisation, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    switch context.principal {
    case .system, .systemOperator: break
    case .user:
      throw Rejection(.permissionDenied, "OPERATOR_NEEDED", "only the operator begins a realm")
    }
    guard state.organisation == nil else {
      throw Rejection(.alreadyExists, "ORGANISATION_EXISTS", "this tenant is established")
    }
    return Decision(
      events: [.organisationEstablished(command.organisation, command.realm)], answer: .done)
  }
}

extension Realm {
  /// The directory of a realm has the realm's own sixteen bytes, so that it is found without a
  /// table.
  package var directory: TenantID { TenantID(high: id.high, low: id.low) }
}

extension TenantState {
  /// The realm of a directory, for its operator only.
  func operatedRealm(_ principal: Principal) throws(Rejection) -> Realm {
    if principal != .systemOperator {
      let caller = try caller(principal, for: .operateRealm)
      guard caller.may(.operateRealm, nil) else {
        throw caller.readOnly
          ? denied(caller, "section 11")
          : Rejection(
            .permissionDenied, "OPERATOR_NEEDED", "only an operator of the realm may do this",
            rules: ["section 11"])
      }
    }
    guard let organisation, organisation.kind == .directory, let realm else {
      throw Rejection(
        .failedPrecondition, "NOT_A_DIRECTORY", "ask the realm's directory for this")
    }
    return realm
  }
}
