// SPDX-License-Identifier: Apache-2.0
// A directory lists a new organisation and tells it who it is, with its first administrator and
// key.

import TandemPrimitives

package enum Registering {
  package static func decide(
    _ command: RegisterOrganisation, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let realm = try state.operatedRealm(context.principal)
    try check(command, state)
    invariant(
      command.keySecretHash.count == AdministeringKeys.hashBytes,
      "secrets are hashed before they come here")
    if state.entries.values.contains(where: { $0.name.equalsIgnoringCase(command.name) }) {
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
    var entry = OrganisationEntry(
      id: organisation.id, kind: organisation.kind, name: organisation.name, country: country,
      inEcosystem: organisation.inEcosystem, transacts: organisation.transacts)
    entry.covers = command.covers
    entry.isAssessmentVetted = organisation.isAssessmentVetted
    var events: [Event] = [.organisationListed(entry)]
    events.send(.organisationRegistered(message), to: organisation.id, state)
    return Decision(
      events: events,
      answer: .organisation(
        organisation.id, administrator: message.administrator.id, key: message.key.id,
        globalLocation: message.globalLocation.id))
  }

  private static func check(
    _ command: RegisterOrganisation, _ state: TenantState
  ) throws(Rejection) {
    var violations = Violations()
    if command.kind == .directory {
      violations.add("kind", "KIND_DIRECTORY", "comes with realms; use partner or vendor")
    }
    violations.require(command.name, "name", "FIELD_REQUIRED", max: Limits.nameBytes)
    violations.requireCountry(command.country, "country", "FIELD_REQUIRED")
    violations.checkUser(command.administrator, isService: false, "administrator")
    if command.isAssessmentVetted, command.kind != .partner {
      violations.add(
        "assessment_vetted", "R-110", "is for partners; the vendor creates no assessments")
    }
    checkCovered(command, state, &violations)
    try violations.throwIfAny()
  }

  /// What a partner of which nothing is said is told.
  static func problemsOfNothing(in state: TenantState) -> [Violation] {
    let nothing = RegisterOrganisation(
      kind: .partner, name: .empty, country: nil, inEcosystem: false, transacts: false,
      administrator: .erased, keySecretHash: [])
    return Violations.found { () throws(Rejection) in try check(nothing, state) }
  }

  /// A country has one desk, so that it is clear who is asked.
  private static func checkCovered(
    _ command: RegisterOrganisation, _ state: TenantState, _ violations: inout Violations
  ) {
    guard !command.covers.isEmpty else {
      let other = state.entries.values.first { $0.kind == .vendor && $0.covers.isEmpty }
      if command.kind == .vendor, let other {
        violations.add(
          "covers", "DEFAULT_DESK_EXISTS",
          "is required; \(other.name) is the default desk, say which countries this one covers")
      }
      return
    }
    if command.kind != .vendor {
      violations.add("covers", "DESK_ONLY", "is for desks of the vendor; leave it out")
    }
    violations.limit(count: command.covers.count, "covers", max: Limits.countriesOfDesk)
    for (index, country) in command.covers.prefix(Limits.countriesOfDesk).enumerated() {
      violations.requireCountry(country, "covers[\(index)]", "FIELD_REQUIRED")
      if command.covers.prefix(index).contains(country) {
        violations.add("covers[\(index)]", "COUNTRY_TWICE", "\(country.text) comes twice")
      }
      if let other = state.entries.values.first(where: { $0.covers.contains(country) }) {
        violations.add(
          "covers[\(index)]", "COUNTRY_COVERED", "\(country.text) is covered by \(other.name)")
      }
    }
  }

  private static func registered(
    _ command: RegisterOrganisation, _ country: CountryCode, _ realm: Realm,
    _ context: inout CommandContext
  ) -> OrganisationRegistered {
    let now = context.now
    var organisation = Organisation(
      id: context.fresh.next(at: now), realm: realm.id, kind: command.kind, name: command.name,
      country: country, inEcosystem: command.inEcosystem, transacts: command.transacts,
      createdAt: now)
    organisation.isAssessmentVetted = command.isAssessmentVetted
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
