// SPDX-License-Identifier: Apache-2.0
// A directory lists a new organisation and tells it who it is, with its first administrator and
// key.

import TandemPrimitives

package enum Registering {
  package static func decide(
    _ command: RegisterOrganisation, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let realm = try state.operatedRealm(context.principal)
    try check(command)
    invariant(
      command.keySecretHash.count == AdministeringKeys.hashBytes,
      "secrets are hashed before they come here")
    if state.entries.values.contains(where: { $0.name.equalsIgnoringASCIICase(command.name) }) {
      throw Rejection(
        .alreadyExists, "ORGANISATION_EXISTS",
        "an organisation named \(command.name) exists in this realm; names are unique")
    }
    let max = realm.isSandbox ? Limits.organisationsPerSandbox : Limits.organisationsPerRealm
    guard state.entries.count < max else {
      throw .full("organisations", state.entries.count, max)
    }
    guard let country = command.country else { preconditionFailure("checked above") }
    let message = registered(command, country, realm, &context)
    let organisation = message.organisation
    var events: [Event] = [
      .organisationListed(
        OrganisationEntry(
          id: organisation.id, kind: organisation.kind, name: organisation.name, country: country,
          inEcosystem: organisation.inEcosystem, transacts: organisation.transacts))
    ]
    events.send(.organisationRegistered(message), to: organisation.id, state)
    return Decision(
      events: events,
      answer: .organisation(
        organisation.id, administrator: message.administrator.id, key: message.key.id,
        globalLocation: message.globalLocation.id))
  }

  private static func check(_ command: RegisterOrganisation) throws(Rejection) {
    var violations = Violations()
    if command.kind == .directory {
      violations.add("kind", "KIND_DIRECTORY", "comes with realms; use partner or vendor")
    }
    violations.require(command.name, "name", "FIELD_REQUIRED", max: Limits.nameBytes)
    violations.requireCountry(command.country, "country", "FIELD_REQUIRED")
    violations.checkUser(command.administrator, isService: false, "administrator")
    try violations.throwIfAny()
  }

  private static func registered(
    _ command: RegisterOrganisation, _ country: CountryCode, _ realm: Realm,
    _ context: inout CommandContext
  ) -> OrganisationRegistered {
    let now = context.now
    let organisation = Organisation(
      id: context.fresh.next(at: now), realm: realm.id, kind: command.kind, name: command.name,
      country: country, inEcosystem: command.inEcosystem, transacts: command.transacts,
      createdAt: now)
    let working: Role = command.kind == .vendor ? .seller : .partnerAdmin
    let administrator = User(
      id: context.fresh.next(at: now), isService: false, person: command.administrator,
      grants: [
        RoleGrant(role: working, locations: []), RoleGrant(role: .accountAdmin, locations: []),
      ], mayActAsUser: false, isActive: true)
    let key = AccessKey(
      id: context.fresh.next(at: now), user: administrator.id, label: "first key",
      secretHash: command.keySecretHash, readOnly: false, createdAt: now, revokedAt: nil)
    let global = Location(
      id: context.fresh.next(at: now), name: "Entire organisation", country: country,
      isGlobal: true)
    return OrganisationRegistered(
      organisation: organisation, realm: realm, globalLocation: global,
      administrator: administrator, key: key)
  }

  /// The new organisation begins its life.
  static func receive(
    _ message: OrganisationRegistered, _ state: TenantState, _ events: inout [Event]
  ) {
    guard state.organisation == nil else { return }
    events.append(.organisationEstablished(message.organisation, message.realm))
    events.append(.locationAdded(message.globalLocation))
    events.append(.userAdded(message.administrator))
    events.append(.keyIssued(message.key))
  }
}
