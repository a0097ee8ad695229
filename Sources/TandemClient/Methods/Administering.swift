// SPDX-License-Identifier: Apache-2.0
// Methods about organisations, users, locations, keys, realms and the server itself.

import TandemPlatform
import TandemPrimitives
import TandemWire

/// An organisation to be registered.
public struct NewOrganisation: Hashable, Sendable {
  /// What sort.
  public var kind: OrganisationKind
  /// Its name.
  public var name: String
  /// Two letters of ISO 3166-1.
  public var country: String
  /// May be invited, together with `transacts`.
  public var inEcosystem = true
  /// Takes part in sales.
  public var transacts = true
  /// A partner: may create assessments.
  public var isAssessmentVetted = false
  /// A desk of the vendor: the countries of its customers; none makes it the default desk.
  public var covers: [String] = []
  /// Its first administrator.
  public var administrator: Person

  /// Makes an organisation.
  public init(
    _ kind: OrganisationKind, name: String, country: String, administrator: Person
  ) {
    self.kind = kind
    self.name = name
    self.country = country
    self.administrator = administrator
  }
}

/// What is said of an organisation; nil stays as it is.
public struct OrganisationChange: Hashable, Sendable {
  /// May be invited, together with `transacts`.
  public var inEcosystem: Bool?
  /// Takes part in sales.
  public var transacts: Bool?
  /// A partner: may create assessments.
  public var isAssessmentVetted: Bool?

  /// Makes a change that says nothing.
  public init() {}
}

/// A user to be added.
public struct NewUser: Hashable, Sendable {
  /// Who it is.
  public var person: Person
  /// What it may do.
  public var grants: [RoleGrant]
  /// A program.
  public var isService = false
  /// A program that may act in another user's name.
  public var mayActAsUser = false

  /// Makes a user.
  public init(_ person: Person, grants: [RoleGrant]) {
    self.person = person
    self.grants = grants
  }

  fileprivate func write(to writer: inout ProtoWriter) {
    writer.flag(1, isService)
    writer.nested(2, person)
    writer.nested(3, all: grants)
    writer.flag(4, mayActAsUser)
  }
}

/// A location to be added.
private struct NewLocation {
  let name: String
  let country: String
  let partnerID: String
  let address: Address?

  func write(to writer: inout ProtoWriter) {
    writer.string(1, name)
    writer.string(2, country)
    writer.string(4, partnerID)
    writer.nested(5, address)
  }
}

extension Client {
  /// Registers an organisation; for the operator of a realm.
  public func registerOrganisation(
    _ organisation: NewOrganisation, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> RegisteredOrganisation {
    try await call(.registerOrganisation, options) { writer in
      writer.word(1, organisation.kind)
      writer.string(2, organisation.name)
      writer.string(3, organisation.country)
      writer.flag(4, organisation.inEcosystem)
      writer.flag(5, organisation.transacts)
      writer.nested(6, organisation.administrator)
      for country in organisation.covers { writer.string(7, country) }
      writer.flag(8, organisation.isAssessmentVetted)
      writer.flag(15, validatesOnly)
    }
  }

  /// Says whether an organisation is in the ecosystem, transacts and is vetted for assessments; for the
  /// operator of a realm.
  ///
  /// Deals stay as they are, open invitations too.
  public func updateOrganisation(
    _ id: ID, _ change: OrganisationChange, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.updateOrganisation, options) { writer in
      writer.id(1, id)
      writer.toggle(2, change.inEcosystem)
      writer.toggle(3, change.transacts)
      writer.toggle(4, change.isAssessmentVetted)
      writer.flag(15, validatesOnly)
    }
  }

  /// Organisations that may be invited and of whose name some word begins with a text: who answers
  /// quickly first, then by name.
  public func listOrganisations(
    namePrefix: String = "", maximum: UInt32 = 0, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [OrganisationEntry] {
    let reply: ListReply<OrganisationEntry> = try await call(.listOrganisations, options) {
      $0.string(1, namePrefix)
      $0.unsigned(2, maximum)
    }
    return reply.elements
  }

  /// The caller's own organisation.
  public func getOrganisation(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> Organisation {
    let reply: SingleReply<Organisation> = try await call(.getOrganisation, options)
    return reply.value
  }

  /// Adds a user to the caller's organisation.
  public func addUser(
    _ user: NewUser, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> ID {
    let reply: CreatedReply = try await call(.addUser, options) { user.write(to: &$0) }
    return try reply.id(.user)
  }

  /// Holds a user against every rule of `addUser`, and adds nobody.
  public func checkUser(
    _ user: NewUser, options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.addUser, options) { writer in
      user.write(to: &writer)
      writer.flag(5, true)
    }
  }

  /// The users of the caller's organisation.
  public func listUsers(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [User] {
    let reply: ListReply<User> = try await call(.listUsers, options)
    return reply.elements
  }

  /// Replaces a user's grants and says whether it may act at all.
  public func setUserGrants(
    _ user: ID, _ grants: [RoleGrant], isActive: Bool = true, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.setUserGrants, options) { writer in
      writer.id(1, user)
      writer.nested(2, all: grants)
      writer.flag(3, isActive)
      writer.flag(4, validatesOnly)
    }
  }

  /// Adds a location to the caller's organisation; an address is in its country.
  public func addLocation(
    name: String, country: String, partnerID: String = "", address: Address? = nil,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> ID {
    let location = NewLocation(
      name: name, country: country, partnerID: partnerID, address: address)
    let reply: CreatedReply = try await call(.addLocation, options) { location.write(to: &$0) }
    return try reply.id(.location)
  }

  /// Holds a location against every rule of `addLocation`, and adds none.
  public func checkLocation(
    name: String, country: String, partnerID: String = "", address: Address? = nil,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let location = NewLocation(
      name: name, country: country, partnerID: partnerID, address: address)
    let _: EmptyReply = try await call(.addLocation, options) { writer in
      location.write(to: &writer)
      writer.flag(3, true)
    }
  }

  /// The locations of the caller's organisation.
  public func listLocations(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [Location] {
    let reply: ListReply<Location> = try await call(.listLocations, options)
    return reply.elements
  }

  /// Replaces the organisation's own names of sales stages; `DealPatch.stageName` takes them then.
  public func setStageNames(
    _ names: [StageName], validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.setStageNames, options) { writer in
      writer.nested(1, all: names)
      writer.flag(2, validatesOnly)
    }
  }

  /// Replaces the rules that say where a seller's deals arrive.
  public func setRoutingRules(
    _ routing: Routing, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.setRoutingRules, options) { writer in
      writer.nested(1, all: routing.rules)
      writer.id(2, routing.defaultLocation)
      writer.flag(3, validatesOnly)
    }
  }

  /// The rules that say where a seller's deals arrive.
  public func listRoutingRules(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> Routing {
    try await call(.listRoutingRules, options)
  }

  /// Makes a key for a user; its secret is told once.
  public func issueKey(
    for user: ID, label: String, readOnly: Bool = false, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> IssuedKey {
    try await call(.issueKey, options) { writer in
      writer.id(1, user)
      writer.string(2, label)
      writer.flag(3, readOnly)
      writer.flag(4, validatesOnly)
    }
  }

  /// The keys of the caller's organisation.
  public func listKeys(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [AccessKey] {
    let reply: ListReply<AccessKey> = try await call(.listKeys, options)
    return reply.elements
  }

  /// Ends a key at once.
  public func revokeKey(
    _ key: ID, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.revokeKey, options) { writer in
      writer.id(1, key)
      writer.flag(2, validatesOnly)
    }
  }
}

extension Client {
  /// Makes a sandbox with its own directory; for the operator.
  public func createRealm(
    name: String, policy: RealmPolicy? = nil, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> CreatedRealm {
    try await call(.createRealm, options) { writer in
      writer.string(1, name)
      writer.nested(2, policy)
      writer.flag(3, validatesOnly)
    }
  }

  /// Changes the policy of `main` or of a sandbox; for the operator, asked of the directory of `main`.
  ///
  /// It holds for what is decided from then on, in the whole realm; an answer stays due when its
  /// invitation said.
  public func updateRealm(
    _ id: ID, _ change: RealmPolicyChange, validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) {
    let _: EmptyReply = try await call(.updateRealm, options) { writer in
      writer.id(1, id)
      writer.nested(2, change)
      writer.flag(3, validatesOnly)
    }
  }

  /// All realms; for the operator.
  public func listRealms(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [Realm] {
    let reply: ListReply<Realm> = try await call(.listRealms, options)
    return reply.elements
  }

  /// The caller's own realm with its time.
  public func getRealm(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> RealmTime {
    try await call(.getRealm, options)
  }

  /// Moves a sandbox's clock forward and fires what is then due.
  public func advanceClock(
    by span: Duration, validatesOnly: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> ClockAdvance {
    try await call(.advanceClock, options) { writer in
      writer.signed(1, span.wholeMilliseconds)
      writer.flag(2, validatesOnly)
    }
  }
}

extension Client {
  /// Every method of the server, and its schemas when they are asked for.
  public func describe(
    withDescriptors: Bool = false, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> ServerDescription {
    try await call(.describe, options) { $0.flag(1, withDescriptors) }
  }

  /// Whether calls are served.
  public func health(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> Health {
    let reply: HealthReply = try await call(.health, options)
    return reply.health
  }

  /// The time from asking the server for its health to its answer.
  public func ping(
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> Duration {
    let began = SystemTime().monotonic
    _ = try await health(options: options)
    let ended = SystemTime().monotonic
    return .nanoseconds(Int64(clamping: ended.nanoseconds - began.nanoseconds))
  }
}
