// SPDX-License-Identifier: Apache-2.0
// Another policy for a realm that exists (product.md 3, ruling 4). The directory of main keeps the policies of
// all realms and tells a sandbox's directory by message. A directory shows its policy to the realm like all
// that it lists; each organisation takes it over before it does anything else, by an event of its own, so
// that its history says which policy held when.

package import TandemPrimitives

/// Only the directory of `main` changes realms.
package struct UpdateRealm: Sendable, Equatable {
  package var realm: RealmID
  package var update: RealmPolicyUpdate

  package init(realm: RealmID, update: RealmPolicyUpdate) {
    self.realm = realm
    self.update = update
  }
}

package enum UpdatingRealms {
  package static func decide(
    _ command: UpdateRealm, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let main = try state.operatedRealm(context.principal)
    guard !main.isSandbox else {
      throw Rejection(
        .failedPrecondition, "NOT_MAIN", "only the directory of main changes realms; ask that one")
    }
    let known = command.realm == main.id ? main : state.realms[command.realm]
    if known == nil, !command.realm.isZero {
      throw Rejection(
        .notFound, "REALM_NOT_FOUND", "\(command.realm) is neither main nor a sandbox of it")
    }
    try check(command, known)
    guard let realm = known else { preconditionFailure("checked above") }
    let policy = realm.policy.updated(by: command.update)
    guard policy != realm.policy else { return Decision(events: [], answer: .done) }
    let change = PolicyChange(realm: realm.id, policy: policy, version: realm.policyVersion + 1)
    var events: [Event] = [.policyChanged(change)]
    if realm.isSandbox {
      try state.requireOutboxRoom(realm.directory)
      events.send(.policyChanged(change), to: realm.directory, state)
    }
    return Decision(events: events, answer: .done)
  }

  private static func check(_ command: UpdateRealm, _ realm: Realm?) throws(Rejection) {
    var violations = Violations()
    if realm == nil {
      violations.add("realm_id", "FIELD_REQUIRED", "is missing; say which realm")
    }
    if command.update.isEmpty {
      violations.add(
        "policy", "FIELD_REQUIRED", "is missing or says nothing; say what is to change")
    }
    (realm?.policy ?? .standard).updated(by: command.update).check(&violations)
    try violations.throwIfAny()
  }

  /// What a change of which nothing is said is told.
  static var problemsOfNothing: [Violation] {
    Violations.found { () throws(Rejection) in
      try check(UpdateRealm(realm: .zero, update: RealmPolicyUpdate()), nil)
    }
  }

  /// At the directory of a sandbox; messages of a directory come once and in order.
  static func receive(_ change: PolicyChange, _ state: TenantState, _ events: inout [Event]) {
    guard state.organisation?.kind == .directory, let realm = state.realm,
      realm.id == change.realm, realm.policyVersion < change.version
    else { return }
    events.append(.policyChanged(change))
  }

  /// What an organisation has not heard yet of its realm's policy; nil when it has heard all.
  package static func news(for state: TenantState, in directory: RealmDirectory) -> Event? {
    guard let realm = state.realm, realm.policyVersion < directory.policyVersion,
      let change = directory.policy, change.realm == realm.id
    else { return nil }
    return .policyChanged(change)
  }
}
