// SPDX-License-Identifier: Apache-2.0
// The oracle's naive model of the domain: organisations in dictionaries, every rule as domain.md says it,
// nothing shared with the rules of the server, nothing made fast.

import TandemDomain
import TandemPrimitives

struct ModelUser {
  var id: UserID
  var email: Text
  var grants: [RoleGrant]
  var isActive: Bool
  var mayStandIn: Bool
  var muted: [NotificationTopic] = []
}

struct ModelOrganisation {
  let id: TenantID
  let kind: OrganisationKind
  let name: Text
  let realm: RealmID
  var policy: RealmPolicy
  /// How many changes of it were heard of.
  var policyVersion: UInt64 = 0
  ///
  var isVetted = false
  ///
  var inEcosystem = true
  var transacts = true
  var users: [UserID: ModelUser] = [:]
  var locations: [LocationID: Location] = [:]
  var keys: [KeyID: Bool] = [:]
  var stageNames: [StageName] = []
  var rules: [RoutingRule] = []
  var defaultLocation: LocationID?
  var solutions: [SolutionID: Solution] = [:]
  var deals: [DealID: ModelDeal] = [:]
  /// The copy that began last (G08).
  var newest: [EngagementID: DealID] = [:]
  /// By version, what each deal was.
  var past: [DealID: [UInt64: ModelDeal]] = [:]
  var marks: [UserID: Set<DealID>] = [:]
  var inboxes: [UserID: [ModelEntry]] = [:]
  var tellsInvitationSent = false
  var leads: [LeadID: Lead] = [:]
  var leadMarks: [UserID: Set<LeadID>] = [:]

  var reference: OrganisationReference { OrganisationReference(id: id, name: name) }

  var globalLocation: LocationID { locations.values.first { $0.isGlobal }?.id ?? .zero }

  func copy(in engagement: EngagementID) -> ModelDeal? {
    newest[engagement].flatMap { deals[$0] }
  }
}

/// What one organisation has to tell another.
///
/// What copies are shown is computed by the model whenever the server tells it: how often that is, is the
/// server's affair, as long as it comes right in the end.
enum ModelMail {
  case invite(ModelInvitation)
  case answered(EngagementID, DealStatus, Closure?, [TeamMember], at: Timestamp)
  case moved(EngagementID, DealStatus, [TeamMember], ClosingReport? = nil)
  case closed(EngagementID)
  case moreTimeAsked(EngagementID, Timestamp)
  case moreTimeGiven(EngagementID, Timestamp)
  case view(EngagementID, SharedView)
  case shadow(ModelDeal)
  case lead(Lead)
  case leadAnswered(LeadID, LeadStatus)
  /// Something that the model has no part in.
  case other
}

struct ModelInvitation {
  var deal: ModelDeal
  var content: InvitationContent
  var inviterKind: OrganisationKind
}

/// Who must be told of what.
struct ModelNotice: Hashable {
  var topic: NotificationTopic
  var deal: DealID
  var lead = LeadID.zero
  var recipients: [UserID]
}

/// What stands in an inbox.
struct ModelEntry {
  var id: NotificationID
  /// Zero where it is about a lead.
  var deal: DealID
  var isRead = false
}

struct Model {
  var organisations: [TenantID: ModelOrganisation] = [:]
  /// Desks of the vendor with the countries that they are for.
  var covers: [TenantID: [CountryCode]] = [:]
  /// By realm.
  var customers: [RealmID: [CustomerID: CatalogueCustomer]] = [:]
  var realms: [TenantID: RealmID] = [:]
  /// What is sold in all realms.
  var catalogue: [SolutionID: Solution] = [:]
  /// Solutions that changed while the world was running: who has heard of it is not known.
  var unsettled: Set<SolutionID> = []
  /// Organisations that entered or left the ecosystem meanwhile: the same.
  var reviewed: Set<TenantID> = []

  /// product.md 3.1: the desk for a country, else the default one.
  func desk(for country: CountryCode, seenFrom realm: RealmID) -> ModelOrganisation? {
    let desks = covers.filter { organisations[$0.key]?.realm == realm }
    let found =
      desks.first { $0.value.contains(country) } ?? desks.first { $0.value.isEmpty }
    return found.flatMap { organisations[$0.key] }
  }
}

/// One turn of one organisation in the model: what is asked, what is wrong with it, and what follows.
struct ModelTurn {
  let world: Model
  let now: Timestamp
  var own: ModelOrganisation
  /// Who asks; nil for messages and timers.
  var caller: ModelUser?
  /// The caller's key may not change anything.
  var isReadOnly = false
  /// Identifiers of deals that begin, as the server chose them.
  var begun: [(DealID, EngagementID)] = []
  /// The same of a lead.
  var begunLead = LeadID.zero
  /// Why it must be refused: words of refusals.
  private(set) var reasons: Set<String> = []
  /// And rules that fields break.
  private(set) var problems: Set<String> = []
  /// For what it may be refused besides.
  private(set) var doubts: Set<String> = []
  private(set) var mail: [(TenantID, ModelMail)] = []
  private(set) var notices: [ModelNotice] = []
  /// The deal that began last.
  private(set) var last = DealID.zero
  /// What each deal became in this turn, one change after the other.
  private(set) var steps: [EngagementID: [ModelDeal]] = [:]
  private var tried: UInt64 = 0

  init(_ world: Model, _ own: ModelOrganisation, at now: Timestamp) {
    self.world = world
    self.own = own
    self.now = now
  }

  var isRefused: Bool { !(reasons.isEmpty && problems.isEmpty) }

  mutating func refuse(_ reason: String) { reasons.insert(reason) }
  mutating func refuse(_ reason: String, if holds: Bool) { if holds { refuse(reason) } }
  mutating func complain(_ rule: String, if holds: Bool = true) {
    if holds { problems.insert(rule) }
  }
  mutating func doubt(_ reason: String) { doubts.insert(reason) }

  mutating func send(_ mail: ModelMail, to receiver: TenantID) {
    self.mail.append((receiver, mail))
  }

  mutating func put(_ deal: ModelDeal) {
    guard let old = own.deals[deal.id] else {
      return note(deal)
    }
    let changed = old.changed(into: deal, at: now)
    if changed.version != old.version { note(changed) }
  }

  private mutating func note(_ noted: ModelDeal) {
    var deal = noted
    deal.showContacts()
    if own.deals[deal.id] == nil { own.newest[deal.engagement] = deal.id }
    own.deals[deal.id] = deal
    own.past[deal.id, default: [:]][deal.version] = deal
    steps[deal.engagement, default: []].append(deal)
  }

  /// Cannot be muted.
  static let mandatory: Set<NotificationTopic> = [
    .invitationUndeliverable, .leadReceived, .leadDigest,
  ]

  /// Section 14: nobody who muted the topic; an empty list is no notice.
  mutating func notify(
    _ topic: NotificationTopic, _ deal: DealID, _ recipients: [UserID], lead: LeadID = .zero
  ) {
    let hearers = recipients.filter { user in
      Self.mandatory.contains(topic) || own.users[user]?.muted.contains(topic) == false
    }
    guard !hearers.isEmpty else { return }
    notices.append(
      ModelNotice(topic: topic, deal: deal, lead: lead, recipients: hearers.sorted()))
  }

  /// The next deal that begins; one that is only tried has an identifier of the model's own.
  mutating func beginDeal() -> (DealID, EngagementID) {
    tried += 1
    let next = (DealID(high: 0, low: tried), EngagementID(high: 0, low: tried))
    last = begun.isEmpty ? next.0 : begun[0].0
    return begun.isEmpty ? next : begun.removeFirst()
  }
}
