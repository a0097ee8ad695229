// SPDX-License-Identifier: Apache-2.0
// One of every event and message, and tenants' states made of them.

import TandemDomain
import TandemPrimitives
import TandemWire

/// Every case of `Message`; the compiler keeps the list complete.
enum MessageCase: CaseIterable {
  case invite
  case invitationAnswered
  case counterpartMoved
  case sharedViewChanged
  case engagementClosed
  case organisationRegistered
  case organisationUpdated
  case policyChanged
  case clockAdvanced
  case realmCreated
  case extensionAsked
  case deadlineExtended
  case dealShown
  case responsivenessChanged
  case solutionPublished
  case leadSent
  case leadAnswered

  init(_ message: Message) {
    self =
      switch message {
      case .invite: .invite
      case .invitationAnswered: .invitationAnswered
      case .counterpartMoved: .counterpartMoved
      case .sharedViewChanged: .sharedViewChanged
      case .engagementClosed: .engagementClosed
      case .organisationRegistered: .organisationRegistered
      case .organisationUpdated: .organisationUpdated
      case .policyChanged: .policyChanged
      case .clockAdvanced: .clockAdvanced
      case .realmCreated: .realmCreated
      case .extensionAsked: .extensionAsked
      case .deadlineExtended: .deadlineExtended
      case .dealShown: .dealShown
      case .responsivenessChanged: .responsivenessChanged
      case .solutionPublished: .solutionPublished
      case .leadSent: .leadSent
      case .leadAnswered: .leadAnswered
      }
  }
}

extension RandomModel {
  mutating func organisation() -> Organisation {
    var organisation = Organisation(
      id: id(), realm: id(), kind: any(), name: text(), country: country(), inEcosystem: flag(),
      transacts: flag(), createdAt: time())
    organisation.stageNames = stageNames()
    organisation.isAssessmentVetted = flag()
    return organisation
  }

  mutating func entry() -> OrganisationEntry {
    var entry = OrganisationEntry(
      id: id(), kind: any(), name: text(), country: country(), inEcosystem: flag(),
      transacts: flag())
    entry.covers = list { $0.country() }
    entry.responsiveness = any()
    entry.isAssessmentVetted = flag() ? flag() : nil
    return entry
  }

  mutating func update() -> OrganisationUpdate {
    var update = OrganisationUpdate()
    update.inEcosystem = flag() ? flag() : nil
    update.transacts = flag() ? flag() : nil
    update.isAssessmentVetted = flag() ? flag() : nil
    return update
  }

  mutating func realm() -> Realm {
    var policy = RealmPolicy(
      answerWindow: span(), minimumAgeBeforeWon: span(), counterpartsMax: UInt32(number(0...99)))
    policy.firstReminder = flag() ? .hours(Int64(number(1...99))) : nil
    policy.lastReminder = flag() ? .hours(Int64(number(1...99))) : nil
    policy.leadRetention = flag() ? .hours(Int64(number(1...99))) : nil
    policy.extensionMax = flag() ? .hours(Int64(number(1...99))) : nil
    policy.contactWish = flag() ? .hours(Int64(number(1...99))) : nil
    policy.vendorRetries = UInt32(number(0...1))
    var realm = Realm(
      id: id(), name: text(), isSandbox: flag(), clockOffset: span(), policy: policy,
      createdAt: time())
    realm.policyVersion = UInt64(number(0...9))
    return realm
  }

  mutating func policyChange() -> PolicyChange {
    let realm = realm()
    return PolicyChange(realm: realm.id, policy: realm.policy, version: UInt64(number(0...9)))
  }

  mutating func grants() -> [RoleGrant] {
    list { RoleGrant(role: $0.any(), locations: $0.list { $0.id() }) }
  }

  mutating func user() -> User {
    User(
      id: id(), isService: flag(), person: person(), grants: grants(), mayActAsUser: flag(),
      isActive: flag())
  }

  mutating func location() -> Location {
    Location(
      id: id(), name: text(), country: country(), isGlobal: flag(), partnerID: text(),
      address: flag() ? address() : nil)
  }

  mutating func key() -> AccessKey {
    AccessKey(
      id: id(), user: id(), label: text(),
      secretHash: (0..<32).map { _ in UInt8(number(0...255)) }, readOnly: flag(),
      createdAt: time(), revokedAt: maybeTime())
  }

  mutating func notification() -> Notification {
    var notification = Notification(
      id: id(), kind: any(), deal: id(), counterpart: reference(), at: time(),
      respondBy: maybeTime(), isRead: flag())
    if flag() { notification.lead = id() }
    return notification
  }

  mutating func ledger() -> LedgerEntry {
    LedgerEntry(
      key: RequestKey(
        scopeHigh: number(0...UInt64.max), scopeLow: number(0...UInt64.max),
        digestHigh: number(0...UInt64.max), digestLow: number(0...UInt64.max),
        madeAt: any([nil, Timestamp.zero, time()])),
      answer: list(40) { UInt8($0.number(0...255)) })
  }

  mutating func message(_ number: MessageCase) -> Message {
    switch number {
    case .invite:
      .invite(
        Invite(
          engagement: id(), initiator: reference(), initiatorKind: any(), customer: customer(),
          consent: consent(), content: content(), baseKind: any(), sharedView: sharedView()))
    case .invitationAnswered:
      .invitationAnswered(
        InvitationAnswered(
          engagement: id(), outcome: any(), at: time(), closure: maybeClosure(),
          team: list { $0.member() }))
    case .counterpartMoved:
      .counterpartMoved(
        CounterpartMoved(
          engagement: id(), status: any(), team: list { $0.member() }, at: time(),
          report: flag() ? closingReport() : nil))
    case .sharedViewChanged:
      .sharedViewChanged(SharedViewChanged(engagement: id(), view: sharedView()))
    case .engagementClosed:
      .engagementClosed(EngagementClosed(engagement: id(), initiatorStatus: any()))
    case .organisationRegistered:
      .organisationRegistered(
        OrganisationRegistered(
          organisation: organisation(), realm: realm(), globalLocation: location(),
          administrator: user(), key: key()))
    case .organisationUpdated: .organisationUpdated(update())
    case .policyChanged: .policyChanged(policyChange())
    case .clockAdvanced: .clockAdvanced(offset: span())
    case .realmCreated: .realmCreated(realm())
    case .extensionAsked: .extensionAsked(Extension(engagement: id(), respondBy: time()))
    case .deadlineExtended: .deadlineExtended(Extension(engagement: id(), respondBy: time()))
    case .dealShown: .dealShown(deal())
    case .responsivenessChanged: .responsivenessChanged(any())
    case .solutionPublished: .solutionPublished(soldSolution())
    case .leadSent: .leadSent(lead())
    case .leadAnswered: .leadAnswered(leadAnswer())
    }
  }

  mutating func soldSolution() -> Solution {
    Solution(
      id: id(), owner: id(), name: text(), type: any(), isCoSellReady: flag(),
      incentives: Incentive.allCases.filter { _ in flag() }, isActive: flag())
  }

  mutating func outboxEntry() -> OutboxEntry {
    OutboxEntry(receiver: id(), sequence: number(1...1 << 60), message: message(any()))
  }

  mutating func catalogueCustomers() -> [CatalogueCustomer] {
    list(5) { model in
      CatalogueCustomer(
        account: Text("\(model.number(0...UInt64.max))"), name: model.text(),
        address: model.address(), size: UInt32(model.number(0...99)),
        duns: model.text(), category: model.any(), mainAccount: model.text())
    }
  }

  mutating func routing() -> Routing {
    var routing = Routing()
    if flag() { routing.defaultLocation = id() }
    routing.rules = list { model in
      RoutingRule(
        name: model.text(), markets: model.list { $0.country() },
        solutions: model.list { RoutedSolution(id: $0.id(), name: $0.text()) },
        location: model.id())
    }
    return routing
  }

  mutating func stageNames() -> [StageName] {
    list { StageName(name: $0.text(), stage: $0.any()) }
  }

  mutating func event(_ number: EventNumber) -> Event {
    switch number {
    case .organisationEstablished: .organisationEstablished(organisation(), realm())
    case .userAdded: .userAdded(user())
    case .userGrantsSet: .userGrantsSet(user: id(), grants: grants(), isActive: flag())
    case .locationAdded: .locationAdded(location())
    case .keyIssued: .keyIssued(key())
    case .keyRevoked: .keyRevoked(id(), at: time())
    case .clockAdvanced: .clockAdvanced(offset: span())
    case .organisationListed: .organisationListed(entry())
    case .realmCreated: .realmCreated(realm())
    case .stageNamesSet: .stageNamesSet(stageNames())
    case .organisationUpdated: .organisationUpdated(update())
    case .policyChanged: .policyChanged(policyChange())
    case .routingSet: .routingSet(routing())
    case .solutionPublished: .solutionPublished(soldSolution())
    case .solutionListed: .solutionListed(soldSolution())
    case .customersListed: .customersListed(catalogueCustomers())
    case .dealCreated: .dealCreated(deal())
    case .dealShown: .dealShown(deal())
    case .dealChanged:
      .dealChanged(dealChanged(DealField.allCases.filter { _ in flag() }))
    case .favouriteSet: .favouriteSet(user: id(), deal: id(), isFavourite: flag())
    case .invitationReceived: .invitationReceived(deal(), inviterKind: any())
    case .answerRecorded:
      .answerRecorded(AnswerTime(deal: id(), outcome: any(), took: span()))
    case .leadReceived: .leadReceived(lead())
    case .leadChanged: .leadChanged(lead(), any())
    case .leadFavouriteSet: .leadFavouriteSet(user: id(), lead: id(), isFavourite: flag())
    case .leadsDeleted: .leadsDeleted(list { $0.id() })
    case .leadAnswered: .leadAnswered(leadAnswer())
    case .messageSent: .messageSent(outboxEntry())
    case .outboxMarked: .outboxMarked(receiver: id(), through: self.number(0...UInt64.max))
    case .inboxAdvanced: .inboxAdvanced(sender: id(), through: self.number(0...UInt64.max))
    case .notificationAdded: .notificationAdded(notification(), recipients: list { $0.id() })
    case .notificationsRead: .notificationsRead(user: id(), list { $0.id() })
    case .topicsMuted: .topicsMuted(user: id(), list { $0.any() })
    case .notificationSettingsSet:
      .notificationSettingsSet(NotificationSettings(tellsInvitationSent: flag()))
    }
  }

  mutating func commit(_ events: [Event]) -> Commit {
    Commit(
      sequence: number(1...UInt64.max), at: time(), actor: flag() ? id() : nil,
      via: flag() ? id() : nil, events: events, ledger: flag() ? ledger() : nil)
  }

  mutating func state() -> TenantState {
    var state = TenantState()
    if flag() {
      state.organisation = organisation()
      state.realm = realm()
    }
    for _ in 0..<4 {
      let user = user()
      state.users[user.id] = user
      state.favourites[user.id] = Set(list(5) { $0.id() })
      state.notifications[user.id] = list { $0.notification() }
      if flag() { state.mutedTopics[user.id] = list(4) { $0.any() } }
      let location = location()
      state.locations[location.id] = location
      let key = key()
      state.keys[key.id] = key
      let entry = entry()
      state.entries[entry.id] = entry
      let solution = soldSolution()
      state.solutions[solution.id] = solution
      let realm = realm()
      state.realms[realm.id] = realm
      let receiver: TenantID = id()
      state.outbox[receiver] = OutboxQueue(
        lastSequence: number(0...99), entries: list { $0.outboxEntry() })
      state.inboxMarks[id()] = number(0...UInt64.max)
    }
    state.ledger = RequestLedger(
      restoring: list(5) { RequestLedger.Slot(entry: $0.ledger(), at: $0.time()) },
      horizon: time())
    state.notificationSettings.tellsInvitationSent = flag()
    state.answerTimes.accepted = number(0...99)
    state.answerTimes.declined = number(0...99)
    state.answerTimes.expired = number(0...99)
    state.answerTimes.answeredMilliseconds = Int64(number(0...1 << 40))
    state.answerTimes.told = any()
    state.routing = routing()
    for _ in 0..<3 { state.leads.put(lead()) }
    state.leads.note(LeadArrivals(day: Int64(number(0...99)), count: UInt32(number(0...99))))
    state.leadFavourites[id()] = Set(list(5) { $0.id() })
    for _ in 0..<3 { state.customers.put(catalogueCustomers()) }
    state.commitSequence = number(0...UInt64.max)
    state.lastTime = time()
    return state
  }
}
