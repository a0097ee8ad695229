// SPDX-License-Identifier: Apache-2.0
// Organisations and who works in them.

package import TandemPrimitives

package enum OrganisationKind: UInt8, Sendable, CaseIterable {
  case partner = 1
  case vendor = 2
  /// The realm's own directory; not visible to partners.
  case directory = 3
}

/// The profile of a tenant.
package struct Organisation: Hashable, Sendable {
  package var id: TenantID
  package var realm: RealmID
  package var kind: OrganisationKind
  package var name: Text
  package var country: CountryCode
  package var inEcosystem: Bool
  package var transacts: Bool
  package var createdAt: Timestamp
  /// May create assessments; given by the operator of the realm.
  package var isAssessmentVetted = false
  /// Its own names of sales stages, in its own order.
  package var stageNames: [StageName] = []

  package init(
    id: TenantID, realm: RealmID, kind: OrganisationKind, name: Text, country: CountryCode,
    inEcosystem: Bool, transacts: Bool, createdAt: Timestamp
  ) {
    self.id = id
    self.realm = realm
    self.kind = kind
    self.name = name
    self.country = country
    self.inEcosystem = inEcosystem
    self.transacts = transacts
    self.createdAt = createdAt
  }
}

package struct Location: Hashable, Sendable {
  package var id: LocationID
  package var name: Text
  package var country: CountryCode
  /// "Entire organisation"; every organisation has exactly one, made with it.
  package var isGlobal: Bool
  /// Its number in the vendor's partner programme; empty: none is known.
  package var partnerID: Text
  package var address: Address?

  package init(
    id: LocationID, name: Text, country: CountryCode, isGlobal: Bool, partnerID: Text = .empty,
    address: Address? = nil
  ) {
    self.id = id
    self.name = name
    self.country = country
    self.isGlobal = isGlobal
    self.partnerID = partnerID
    self.address = address
  }
}

/// A person or program that acts for an organisation.
package struct User: Hashable, Sendable {
  package var id: UserID
  package var isService: Bool
  package var person: Person
  package var grants: [RoleGrant]
  /// A service user may act in the name of others.
  package var mayActAsUser: Bool
  package var isActive: Bool

  package init(
    id: UserID, isService: Bool, person: Person, grants: [RoleGrant], mayActAsUser: Bool,
    isActive: Bool
  ) {
    self.id = id
    self.isService = isService
    self.person = person
    self.grants = grants
    self.mayActAsUser = mayActAsUser
    self.isActive = isActive
  }
}

/// What a user may do (domain.md 11).
///
/// `seller` is a vendor's person; `operatorRole` administers a realm.
package enum Role: UInt8, Sendable, CaseIterable {
  case partnerAdmin = 1
  case referralsAdmin = 2
  case referralsUser = 3
  case viewer = 4
  case seller = 5
  case accountAdmin = 6
  case operatorRole = 7
}

/// A role and where it holds; no locations means the entire organisation.
package struct RoleGrant: Hashable, Sendable {
  package var role: Role
  package var locations: [LocationID]
  package init(role: Role, locations: [LocationID]) {
    self.role = role
    self.locations = locations
  }
}

/// An API key; the secret itself is never stored.
package struct AccessKey: Hashable, Sendable {
  package var id: KeyID
  package var user: UserID
  package var label: Text
  /// SHA-256 of the secret, 32 bytes.
  package var secretHash: [UInt8]
  /// When set the key may not change anything.
  package var readOnly: Bool
  package var createdAt: Timestamp
  package var revokedAt: Timestamp?

  package init(
    id: KeyID, user: UserID, label: Text, secretHash: [UInt8], readOnly: Bool,
    createdAt: Timestamp, revokedAt: Timestamp?
  ) {
    self.id = id
    self.user = user
    self.label = label
    self.secretHash = secretHash
    self.readOnly = readOnly
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }
}

/// A world: `main` or a sandbox, with its own clock and windows.
package struct Realm: Hashable, Sendable {
  package var id: RealmID
  package var name: Text
  package var isSandbox: Bool
  /// How far the sandbox's clock runs ahead of the wall clock.
  package var clockOffset: Timestamp.Span
  package var policy: RealmPolicy
  /// Counts the changes of the policy, so that a late word of an older one is known as such.
  package var policyVersion: UInt64 = 0
  package var createdAt: Timestamp

  package init(
    id: RealmID, name: Text, isSandbox: Bool, clockOffset: Timestamp.Span, policy: RealmPolicy,
    createdAt: Timestamp
  ) {
    self.id = id
    self.name = name
    self.isSandbox = isSandbox
    self.clockOffset = clockOffset
    self.policy = policy
    self.createdAt = createdAt
  }
}

/// Windows and limits that differ between realms; the defaults are the seeds'.
package struct RealmPolicy: Hashable, Sendable {
  package var answerWindow: Timestamp.Span
  package var minimumAgeBeforeWon: Timestamp.Span
  package var counterpartsMax: UInt32
  /// How long before an answer is due its recipients are reminded; nil: in proportion to the window.
  package var firstReminder: Timestamp.Span?
  package var lastReminder: Timestamp.Span?
  /// How much later than at first an answer may be made due; nil: as much as the window.
  package var extensionMax: Timestamp.Span?
  package var duplicates = DuplicatePolicy.warn
  /// How long marketplace leads are kept; nil: six months.
  package var leadRetention: Timestamp.Span?
  /// How long after its lead was sent a wish to be contacted is strong; nil: 72 hours.
  package var contactWish: Timestamp.Span?
  /// How often the vendor may be asked again about a deal after its no (G08).
  package var vendorRetries: UInt32 = 0

  package init(
    answerWindow: Timestamp.Span, minimumAgeBeforeWon: Timestamp.Span, counterpartsMax: UInt32
  ) {
    self.answerWindow = answerWindow
    self.minimumAgeBeforeWon = minimumAgeBeforeWon
    self.counterpartsMax = counterpartsMax
  }

  package static let standard = RealmPolicy(
    answerWindow: .days(14), minimumAgeBeforeWon: .hours(72), counterpartsMax: 20)
}

/// What becomes of a deal that looks like an open one.
package enum DuplicatePolicy: UInt8, Sendable, CaseIterable {
  case warn = 1
  case refuse = 2
}
