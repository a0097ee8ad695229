// SPDX-License-Identifier: Apache-2.0
// New sandboxes, made by the directory of main; each gets a directory of its own by message.

import TandemPrimitives

package enum CreatingRealms {
  package static func decide(
    _ command: CreateRealm, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let main = try state.operatedRealm(context.principal)
    guard !main.isSandbox else {
      throw Rejection(
        .failedPrecondition, "NOT_MAIN", "only the directory of main makes realms; ask that one")
    }
    try check(command)
    let taken = state.realms.values.map(\.name) + [main.name]
    if taken.contains(where: { $0.equalsIgnoringCase(command.name) }) {
      throw Rejection(
        .alreadyExists, "REALM_EXISTS", "a realm named \(command.name) exists; names are unique")
    }
    guard state.realms.count < Limits.realms else {
      throw .full("realms", state.realms.count, Limits.realms)
    }
    let realm = Realm(
      id: context.fresh.next(at: context.now), name: command.name, isSandbox: true,
      clockOffset: Timestamp.Span(milliseconds: 0), policy: command.policy,
      createdAt: context.now)
    var events: [Event] = [.realmCreated(realm)]
    events.send(.realmCreated(realm), to: realm.directory, state)
    return Decision(events: events, answer: .realm(realm.id, directory: realm.directory))
  }

  private static func check(_ command: CreateRealm) throws(Rejection) {
    var violations = Violations()
    violations.require(command.name, "name", "FIELD_REQUIRED", max: Limits.nameBytes)
    command.policy.check(&violations)
    try violations.throwIfAny()
  }

  /// What a realm of which nothing is said is told.
  static var problemsOfNothing: [Violation] {
    Violations.found { () throws(Rejection) in
      try check(CreateRealm(name: .empty, policy: .standard))
    }
  }

  /// The new realm's directory begins its life.
  static func receive(
    _ realm: Realm, _ state: TenantState, _ now: Timestamp, _ events: inout [Event]
  ) {
    guard state.organisation == nil else { return }
    // A directory stands in no country; it is never shown to partners.
    let organisation = Organisation(
      id: realm.directory, realm: realm.id, kind: .directory, name: realm.name,
      country: CountryCode(packed: 0), inEcosystem: false, transacts: false, createdAt: now)
    events.append(.organisationEstablished(organisation, realm))
  }
}
