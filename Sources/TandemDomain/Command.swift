// SPDX-License-Identifier: Apache-2.0
// The closed list of things a tenant can be asked to do. Each case's rule lives in its own slice.

package import TandemPrimitives

/// A request to change a tenant; imperative, may be refused.
///
/// Large requests are boxed, so that a waiting one is cheap to move; a patch is small.
package enum Command: Sendable, Equatable {
  // Deals
  indirect case createDeal(CreateDeal)
  case patchDeal(PatchDeal)
  case winDeal(WinDeal)
  indirect case loseDeal(EndDeal)
  indirect case closeDealAsError(EndDeal)
  case setFavourite(SetFavourite)
  indirect case transact(Transact)
  // Engagements
  indirect case inviteToDeal(InviteToDeal)
  case extendInvitation(ExtendInvitation)
  case acknowledgeDeal(AcknowledgeDeal)
  indirect case acceptDeal(AcceptDeal)
  indirect case declineDeal(DeclineDeal)
  // Leads
  indirect case sendLead(SendLead)
  indirect case acceptLead(AcceptLead)
  indirect case declineLead(EndLead)
  case winLead(MoveLead)
  indirect case loseLead(EndLead)
  case archiveLead(MoveLead)
  indirect case convertLead(ConvertLead)
  case setLeadFavourite(SetLeadFavourite)
  // Organisation
  indirect case addUser(AddUser)
  case setUserGrants(SetUserGrants)
  indirect case addLocation(AddLocation)
  indirect case issueKey(IssueKey)
  case revokeKey(RevokeKey)
  indirect case setStageNames(SetStageNames)
  indirect case setRoutingRules(SetRoutingRules)
  indirect case publishSolution(PublishSolution)
  case markNotificationsRead(MarkNotificationsRead)
  indirect case muteTopics(MuteTopics)
  case setNotificationSettings(SetNotificationSettings)
  // Realm directory
  indirect case registerOrganisation(RegisterOrganisation)
  case updateOrganisation(UpdateOrganisation)
  indirect case updateRealm(UpdateRealm)
  indirect case createRealm(CreateRealm)
  case advanceClock(AdvanceClock)
  indirect case importCustomers(ImportCustomers)
  /// The same with every rule and without any effect: asked for, or because fields are wrong already.
  indirect case rehearse(Command, wrong: [Violation])
  // Issued by the runtime, never by a client
  case fireDeadlines
  indirect case receiveMessage(ReceiveMessage)
  case markOutbox(MarkOutbox)
  indirect case establish(EstablishOrganisation)
}

package struct CreateDeal: Sendable, Equatable {
  package var name: Text
  package var location: LocationID
  package var customer: Customer
  package var value: Money?
  package var closeDate: Timestamp?
  package var crmID: Text
  package var campaignID: Text
  package var notes: Text
  /// Line numbers are given by the server; those in the request must be zero.
  package var team: [TeamMember]
  package var solutions: [SolutionLine]
  package var consent: Consent
  package var visibleToVendor: Bool
  package var help: HelpCode?
  /// What the vendor is told beside the kind of help.
  package var notesToVendor: Text = .empty
  /// The lead that it is made of, which no request says; zero for none.
  package var lead = LeadID.zero
  package var tags: [Text] = []
  /// Of the team member who is responsible; empty for nobody.
  package var ownerEmail: Text = .empty
  package var validateOnly: Bool
  package init(
    name: Text, location: LocationID, customer: Customer, value: Money?, closeDate: Timestamp?,
    crmID: Text, campaignID: Text, notes: Text, team: [TeamMember], solutions: [SolutionLine],
    consent: Consent, visibleToVendor: Bool, help: HelpCode?, validateOnly: Bool
  ) {
    self.name = name
    self.location = location
    self.customer = customer
    self.value = value
    self.closeDate = closeDate
    self.crmID = crmID
    self.campaignID = campaignID
    self.notes = notes
    self.team = team
    self.solutions = solutions
    self.consent = consent
    self.visibleToVendor = visibleToVendor
    self.help = help
    self.validateOnly = validateOnly
  }
}

package struct PatchDeal: Sendable, Equatable {
  package var deal: DealID
  /// Zero: no conflict check.
  package var baseVersion: UInt64
  package var edits: ShortList<FieldEdit>
  /// Any change since the base version is a conflict, not only of the fields that are edited.
  package var guardsWholeDeal = false
  package var validateOnly: Bool
  package init(deal: DealID, baseVersion: UInt64, edits: ShortList<FieldEdit>, validateOnly: Bool) {
    self.deal = deal
    self.baseVersion = baseVersion
    self.edits = edits
    self.validateOnly = validateOnly
  }
}

/// One change that a patch asks for.
package enum FieldEdit: Sendable, Equatable {
  case name(Text)
  case value(Money)
  case closeDate(Timestamp)
  case crmID(Text)
  case campaignID(Text)
  case notes(Text)
  case stage(AskedStage)
  case customerContacts([TeamMember])
  case replaceTeam([TeamMember])
  /// Line zero adds a member, another line replaces that member.
  indirect case putTeamMember(TeamMember)
  case removeTeamMember(line: UInt32)
  case replaceSolutions([SolutionLine])
  indirect case putSolution(SolutionLine)
  case removeSolution(line: UInt32)
  /// All of them.
  case tags([Text])
  /// Who is responsible, by their address; empty for nobody.
  case owner(Text)
  /// One way: true lets the vendor read the deal.
  case visibleToVendor(Bool)
  /// A field that no patch may touch; the rule says why.
  case forbidden(DealField)
}

package struct WinDeal: Sendable, Equatable {
  package var deal: DealID
  package var baseVersion: UInt64
  package var validateOnly: Bool
  package init(deal: DealID, baseVersion: UInt64, validateOnly: Bool) {
    self.deal = deal
    self.baseVersion = baseVersion
    self.validateOnly = validateOnly
  }
}

/// A deal that ends without being won: lost, or closed as an error.
package struct EndDeal: Sendable, Equatable {
  package var deal: DealID
  package var baseVersion: UInt64
  package var reason: ReasonCode?
  package var notes: Text
  package var validateOnly: Bool
  package init(
    deal: DealID, baseVersion: UInt64, reason: ReasonCode?, notes: Text, validateOnly: Bool
  ) {
    self.deal = deal
    self.baseVersion = baseVersion
    self.reason = reason
    self.notes = notes
    self.validateOnly = validateOnly
  }
}

package struct SetFavourite: Sendable, Equatable {
  package var deal: DealID
  package var isFavourite: Bool
  package init(deal: DealID, isFavourite: Bool) {
    self.deal = deal
    self.isFavourite = isFavourite
  }
}

/// Who is invited.
package enum Invitee: Sendable, Equatable {
  case organisation(TenantID)
  /// The vendor's desk for the customer's country.
  case vendorDesk
}

package struct InviteToDeal: Sendable, Equatable {
  package var deal: DealID
  package var invitee: Invitee
  package var help: HelpCode?
  /// Nil: pre-filled from the deal.
  package var value: Money?
  package var closeDate: Timestamp?
  package var notes: Text
  /// Line numbers of the deal's team that the invitee shall see; empty: the whole team.
  package var teamLines: [UInt32]
  /// Line numbers of the deal's solutions that are wanted; empty is refused.
  package var solutionLines: [UInt32]
  /// The customer agreed meanwhile that the vendor has its contact data.
  package var customerConsent = false
  package var validateOnly: Bool
  package init(
    deal: DealID, invitee: Invitee, help: HelpCode?, value: Money?, closeDate: Timestamp?,
    notes: Text, teamLines: [UInt32], solutionLines: [UInt32], validateOnly: Bool
  ) {
    self.deal = deal
    self.invitee = invitee
    self.help = help
    self.value = value
    self.closeDate = closeDate
    self.notes = notes
    self.teamLines = teamLines
    self.solutionLines = solutionLines
    self.validateOnly = validateOnly
  }
}

/// Gives an invitee more time to answer.
package struct ExtendInvitation: Sendable, Equatable {
  package enum End: Sendable, Equatable {
    case at(Timestamp)
    /// Counted from the time that holds now.
    case daysLater(UInt32)
  }
  package var deal: DealID
  package var invitee: Invitee
  package var end: End
  package var validateOnly: Bool
  package init(deal: DealID, invitee: Invitee, end: End, validateOnly: Bool) {
    self.deal = deal
    self.invitee = invitee
    self.end = end
    self.validateOnly = validateOnly
  }
}

package struct AcknowledgeDeal: Sendable, Equatable {
  package var deal: DealID
  package init(deal: DealID) { self.deal = deal }
}

package struct AcceptDeal: Sendable, Equatable {
  package var deal: DealID
  package var name: Text
  package var value: Money?
  package var closeDate: Timestamp?
  package var notes: Text
  package var crmID: Text
  package var campaignID: Text
  package var team: [TeamMember]
  package var validateOnly: Bool
  package init(
    deal: DealID, name: Text, value: Money?, closeDate: Timestamp?, notes: Text, crmID: Text,
    campaignID: Text, team: [TeamMember], validateOnly: Bool
  ) {
    self.deal = deal
    self.name = name
    self.value = value
    self.closeDate = closeDate
    self.notes = notes
    self.crmID = crmID
    self.campaignID = campaignID
    self.team = team
    self.validateOnly = validateOnly
  }
}

package struct DeclineDeal: Sendable, Equatable {
  package var deal: DealID
  package var reason: ReasonCode?
  package var notes: Text
  package var validateOnly: Bool
  package init(deal: DealID, reason: ReasonCode?, notes: Text, validateOnly: Bool) {
    self.deal = deal
    self.reason = reason
    self.notes = notes
    self.validateOnly = validateOnly
  }
}

package struct AddUser: Sendable, Equatable {
  package var isService: Bool
  package var person: Person
  package var grants: [RoleGrant]
  package var mayActAsUser: Bool
  package init(isService: Bool, person: Person, grants: [RoleGrant], mayActAsUser: Bool) {
    self.isService = isService
    self.person = person
    self.grants = grants
    self.mayActAsUser = mayActAsUser
  }
}

package struct SetUserGrants: Sendable, Equatable {
  package var user: UserID
  package var grants: [RoleGrant]
  package var isActive: Bool
  package init(user: UserID, grants: [RoleGrant], isActive: Bool) {
    self.user = user
    self.grants = grants
    self.isActive = isActive
  }
}

package struct AddLocation: Sendable, Equatable {
  package var name: Text
  package var country: CountryCode?
  package var partnerID: Text
  package var address: Address?

  package init(
    name: Text, country: CountryCode?, partnerID: Text = .empty, address: Address? = nil
  ) {
    self.name = name
    self.country = country
    self.partnerID = partnerID
    self.address = address
  }
}

/// The secret is made and hashed outside; the core only ever sees its hash.
package struct IssueKey: Sendable, Equatable {
  package var user: UserID
  package var label: Text
  package var readOnly: Bool
  package var secretHash: [UInt8]
  package init(user: UserID, label: Text, readOnly: Bool, secretHash: [UInt8]) {
    self.user = user
    self.label = label
    self.readOnly = readOnly
    self.secretHash = secretHash
  }
}

package struct RevokeKey: Sendable, Equatable {
  package var key: KeyID
  package init(key: KeyID) { self.key = key }
}

/// Replaces all own names of stages.
package struct SetStageNames: Sendable, Equatable {
  package struct Name: Sendable, Equatable {
    package var name: Text
    package var percent: UInt32
    package init(name: Text, percent: UInt32) {
      self.name = name
      self.percent = percent
    }
  }
  package var names: [Name]
  package init(names: [Name]) { self.names = names }
}

/// A new solution, or all of an old one anew.
package struct PublishSolution: Sendable, Equatable {
  /// Zero: a new one.
  package var solution: SolutionID
  package var name: Text
  package var type: SolutionType?
  package var isCoSellReady: Bool
  package var incentives: [Incentive]
  package var isActive: Bool
  package var validateOnly: Bool
  package init(
    solution: SolutionID, name: Text, type: SolutionType?, isCoSellReady: Bool,
    incentives: [Incentive], isActive: Bool, validateOnly: Bool
  ) {
    self.solution = solution
    self.name = name
    self.type = type
    self.isCoSellReady = isCoSellReady
    self.incentives = incentives
    self.isActive = isActive
    self.validateOnly = validateOnly
  }
}

package struct MarkNotificationsRead: Sendable, Equatable {
  package var notifications: [NotificationID]
  package init(notifications: [NotificationID]) { self.notifications = notifications }
}

/// Asks the directory for a new organisation with its first administrator and that one's key.
package struct RegisterOrganisation: Sendable, Equatable {
  package var kind: OrganisationKind
  package var name: Text
  package var country: CountryCode?
  package var inEcosystem: Bool
  package var transacts: Bool
  /// Partners only: may create assessments.
  package var isAssessmentVetted = false
  /// A vendor's desk: the countries of the customers that it is for.
  package var covers: [CountryCode] = []
  package var administrator: Person
  package var keySecretHash: [UInt8]
  package init(
    kind: OrganisationKind, name: Text, country: CountryCode?, inEcosystem: Bool, transacts: Bool,
    administrator: Person, keySecretHash: [UInt8]
  ) {
    self.kind = kind
    self.name = name
    self.country = country
    self.inEcosystem = inEcosystem
    self.transacts = transacts
    self.administrator = administrator
    self.keySecretHash = keySecretHash
  }
}

/// Only the directory of `main` makes realms; the new realm's own directory is told by message.
package struct CreateRealm: Sendable, Equatable {
  package var name: Text
  package var policy: RealmPolicy
  package init(name: Text, policy: RealmPolicy) {
    self.name = name
    self.policy = policy
  }
}

/// Moves a sandbox's clock forward; the realm's organisations are told by message.
package struct AdvanceClock: Sendable, Equatable {
  package var by: Timestamp.Span
  package init(by: Timestamp.Span) { self.by = by }
}

package struct ReceiveMessage: Sendable, Equatable {
  package var sender: TenantID
  package var sequence: UInt64
  package var message: Message
  package init(sender: TenantID, sequence: UInt64, message: Message) {
    self.sender = sender
    self.sequence = sequence
    self.message = message
  }
}

/// The receiver has marked everything up to a sequence.
package struct MarkOutbox: Sendable, Equatable {
  package var receiver: TenantID
  package var through: UInt64
  package init(receiver: TenantID, through: UInt64) {
    self.receiver = receiver
    self.through = through
  }
}

/// The first command of a directory's life: a realm without organisations, with its operator.
package struct EstablishOrganisation: Sendable, Equatable {
  package var organisation: Organisation
  package var realm: Realm
  package init(organisation: Organisation, realm: Realm) {
    self.organisation = organisation
    self.realm = realm
  }
}
