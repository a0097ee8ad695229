// SPDX-License-Identifier: Apache-2.0
// Seeded values of the domain, so that a failing round trip can be repeated.

package import TandemDomain
package import TandemPrimitives

package struct RandomValues {
  package var random: SeededRandom
  package init(seed: UInt64) { random = SeededRandom(seed: seed) }

  package mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  package mutating func pick<T>(_ all: [T]) -> T { all[number(0...all.count - 1)] }
  package mutating func flag() -> Bool { random.next() & 1 == 0 }
  package mutating func one<T: CaseIterable>(_: T.Type = T.self) -> T {
    pick(Array(T.allCases))
  }
  package mutating func id<K>() -> Identifier<K> {
    Identifier(high: random.next(), low: random.next())
  }
  package mutating func time() -> Timestamp {
    Timestamp(milliseconds: Int64(number(1...4_000_000_000_000)))
  }
  package mutating func span() -> Timestamp.Span {
    Timestamp.Span(milliseconds: Int64(number(-5_000_000...5_000_000_000)))
  }
  package mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { flag() ? make(&self) : nil }
  package mutating func list<T>(_ most: Int, _ make: (inout Self) -> T) -> [T] {
    (0..<number(0...most)).map { _ in make(&self) }
  }
  package mutating func text(_ most: Int = 24) -> Text {
    let alphabet = Array("abcXYZ 019äß€語🙂")
    return Text(String((0..<number(0...most)).map { _ in pick(alphabet) }))
  }
  package mutating func country() -> CountryCode {
    CountryCode(packed: UInt16(number(65...90)) << 8 | UInt16(number(65...90)))
  }
  package mutating func money() -> Money {
    Money(
      units: Int64(number(-9_000_000...9_000_000_000)),
      nanos: Int32(number(-999_999_999...999_999_999)),
      currency: CurrencyCode(
        packed: UInt32(number(65...90)) << 16 | UInt32(number(65...90)) << 8
          | UInt32(number(65...90))))
  }
  package mutating func person() -> Person {
    Person(firstName: text(), lastName: text(), email: text(), phone: text(), title: text())
  }
  package mutating func member() -> TeamMember {
    TeamMember(line: UInt32(number(0...300)), person: person())
  }
  package mutating func line() -> SolutionLine {
    SolutionLine(
      line: UInt32(number(0...300)), solution: id(), name: text(), group: one(),
      quantityMilli: Int64(number(0...99_000)), price: maybe { $0.money() })
  }
  package mutating func customer() -> Customer {
    Customer(
      name: text(),
      address: Address(
        line1: text(), line2: text(), city: text(), state: text(), postalCode: text(),
        country: country()),
      size: UInt32(number(0...90_000)),
      identifiers: list(3) { CustomerIdentifier(scheme: $0.one(), value: $0.text()) },
      contacts: list(3) { $0.member() })
  }
  package mutating func organisationReference() -> OrganisationReference {
    OrganisationReference(id: id(), name: text())
  }
  package mutating func closure() -> Closure {
    Closure(reason: ReasonCode(UInt8(number(0...101))), notes: text(60))
  }
  package mutating func content() -> InvitationContent {
    InvitationContent(
      closeDate: time(), value: money(), notes: text(80), help: one(),
      team: list(3) { $0.member() },
      solutions: list(3) { $0.line() }, sentAt: time(), respondBy: time())
  }
  package mutating func card() -> Card {
    Card(
      organisation: organisationReference(), organisationKind: one(), status: one(),
      content: content(),
      respondedAt: maybe { $0.time() }, closure: maybe { $0.closure() },
      team: list(2) { $0.member() })
  }
  package mutating func sharedView() -> SharedView {
    SharedView(
      team: list(3) { $0.member() }, customerContacts: list(2) { $0.member() },
      participants: list(2) { $0.organisationReference() }, initiatorStatus: one())
  }
  package mutating func consent() -> Consent {
    Consent(customerContact: flag(), shareWithOthers: flag())
  }
  package mutating func deal() -> Deal {
    Deal(
      id: id(), engagement: id(), version: UInt64(number(1...1_000_000)), direction: one(),
      status: one(),
      baseKind: one(), partnerToPartner: flag(), name: text(), location: id(),
      customer: Lazily(customer()),
      value: Lazily(money()), closeDate: time(), crmID: text(), campaignID: text(),
      notes: text(200),
      team: Lazily(list(4) { $0.member() }), solutions: Lazily(list(4) { $0.line() }),
      consent: Lazily(consent()),
      stage: one(),
      createdAt: time(), updatedAt: time(), acceptedAt: maybe { $0.time() },
      acknowledgedAt: maybe { $0.time() }, closedAt: maybe { $0.time() },
      respondBy: maybe { $0.time() },
      closure: Rare(maybe { $0.closure() }), initiator: Lazily(organisationReference()),
      invitation: Rare(maybe { $0.content() }), cards: Lazily(list(2) { $0.card() }),
      sharedView: Rare(maybe { $0.sharedView() }),
      createdBy: id(), nextLine: UInt32(number(0...500)),
      fieldVersions: Lazily(
        list(5) {
          FieldVersion(field: $0.pick(Self.fields), version: UInt64($0.number(1...9)))
        }))
  }
  /// A deal with what came after the golden bytes were written.
  package mutating func laterDeal() -> Deal {
    var deal = deal()
    deal.shownTo = maybe { $0.organisationReference() }
    deal.remindAt = maybe { $0.time() }
    deal.cards = [laterCard()]
    deal.customer.catalogueID = maybe { $0.id() } ?? .zero
    deal.customer.category = maybe { $0.one() }
    deal.assessment = maybe { $0.assessment() }
    deal.tags = list(3) { $0.text(20) }
    if flag() { deal.lead = id() }
    deal.owner = UInt32(number(0...300))
    if flag() {
      deal.solutions = deal.solutions.map { line in
        var line = line
        line.assessmentLocation = id()
        return line
      }
    }
    return deal
  }
  package mutating func assessment() -> Assessment {
    Assessment(completed: list(3) { CompletedStage(stage: $0.one(), at: $0.time()) })
  }
  /// A card with what came after the golden bytes were written.
  private mutating func laterCard() -> Card {
    var card = card()
    card.extendedTo = maybe { $0.time() }
    card.askedRespondBy = maybe { $0.time() }
    card.extensions = UInt8(truncatingIfNeeded: random.next() % 11)
    card.report = maybe { $0.closingReport() }
    return card
  }
  private mutating func closingReport() -> ClosingReport {
    ClosingReport(
      value: money(), closeDate: time(), closedAt: time(),
      reason: maybe { ReasonCode(UInt8($0.number(1...9))) })
  }
  /// Those that golden bytes know.
  private static let fields = DealField.allCases.filter { $0 <= .sharedView }
  private static let causes = ChangeCause.allCases.filter { $0.rawValue <= 15 }
  private static let topics = NotificationTopic.allCases.filter { $0.rawValue <= 5 }
  package mutating func grant() -> RoleGrant {
    RoleGrant(role: one(), locations: list(3) { $0.id() })
  }
  package mutating func user() -> User {
    User(
      id: id(), isService: flag(), person: person(), grants: list(2) { $0.grant() },
      mayActAsUser: flag(),
      isActive: flag())
  }
  package mutating func location() -> Location {
    Location(id: id(), name: text(), country: country(), isGlobal: flag())
  }
  package mutating func key() -> AccessKey {
    AccessKey(
      id: id(), user: id(), label: text(), secretHash: (0..<32).map { _ in UInt8(number(0...255)) },
      readOnly: flag(), createdAt: time(), revokedAt: maybe { $0.time() })
  }
  package mutating func organisation() -> Organisation {
    Organisation(
      id: id(), realm: id(), kind: one(), name: text(), country: country(), inEcosystem: flag(),
      transacts: flag(), createdAt: time())
  }
  package mutating func entry() -> OrganisationEntry {
    OrganisationEntry(
      id: id(), kind: one(), name: text(), country: country(), inEcosystem: flag(),
      transacts: flag())
  }
  package mutating func realm() -> Realm {
    Realm(
      id: id(), name: text(), isSandbox: flag(), clockOffset: span(),
      policy: RealmPolicy(
        answerWindow: span(), minimumAgeBeforeWon: span(), counterpartsMax: UInt32(number(1...200))),
      createdAt: time())
  }
  package mutating func notification() -> Notification {
    Notification(
      id: id(), kind: pick(Self.topics), deal: id(), counterpart: organisationReference(),
      at: time(),
      respondBy: maybe { $0.time() }, isRead: flag())
  }
  package mutating func ledgerEntry() -> LedgerEntry {
    LedgerEntry(
      key: RequestKey(
        scopeHigh: random.next(), scopeLow: random.next(), digestHigh: random.next(),
        digestLow: random.next(), madeAt: maybe { $0.time() }),
      answer: (0..<number(1...60)).map { _ in UInt8(number(0...255)) })
  }
  package mutating func messages() -> [Message] {
    [
      .invite(
        Invite(
          engagement: id(), initiator: organisationReference(), initiatorKind: one(),
          customer: customer(),
          consent: consent(), content: content(), baseKind: one(), sharedView: sharedView())),
      .invitationAnswered(
        InvitationAnswered(
          engagement: id(), outcome: one(), at: time(), closure: maybe { $0.closure() },
          team: list(2) { $0.member() })),
      .counterpartMoved(
        CounterpartMoved(engagement: id(), status: one(), team: list(2) { $0.member() }, at: time())
      ),
      .sharedViewChanged(SharedViewChanged(engagement: id(), view: sharedView())),
      .engagementClosed(EngagementClosed(engagement: id(), initiatorStatus: one())),
      .organisationRegistered(
        OrganisationRegistered(
          organisation: organisation(), realm: realm(), globalLocation: location(),
          administrator: user(),
          key: key())),
      .clockAdvanced(offset: span()), .realmCreated(realm()),
    ]
  }
  package mutating func change() -> DealChanged {
    let before = deal()
    let after = deal()
    let changes: [FieldChange] = [
      .init(before: .status(before.status), after: .status(after.status)),
      .init(before: .baseKind(before.baseKind), after: .baseKind(after.baseKind)),
      .init(before: .partnerToPartner(false), after: .partnerToPartner(true)),
      .init(before: .name(before.name), after: .name(after.name)),
      .init(before: .customer(before.customer), after: .customer(after.customer)),
      .init(before: .value(before.value), after: .value(after.value)),
      .init(before: .closeDate(before.closeDate), after: .closeDate(after.closeDate)),
      .init(before: .crmID(before.crmID), after: .crmID(after.crmID)),
      .init(before: .campaignID(before.campaignID), after: .campaignID(after.campaignID)),
      .init(before: .notes(before.notes), after: .notes(after.notes)),
      .init(before: .team(before.team), after: .team(after.team)),
      .init(before: .solutions(before.solutions), after: .solutions(after.solutions)),
      .init(before: .consent(before.consent), after: .consent(after.consent)),
      .init(before: .stage(before.stage), after: .stage(after.stage)),
      .init(before: .acceptedAt(before.acceptedAt), after: .acceptedAt(after.acceptedAt)),
      .init(
        before: .acknowledgedAt(before.acknowledgedAt), after: .acknowledgedAt(after.acknowledgedAt)
      ),
      .init(before: .closedAt(before.closedAt), after: .closedAt(after.closedAt)),
      .init(before: .respondBy(before.respondBy), after: .respondBy(after.respondBy)),
      .init(before: .closure(before.closure), after: .closure(after.closure)),
      .init(before: .invitation(before.invitation), after: .invitation(after.invitation)),
      .init(before: .cards(before.cards), after: .cards(after.cards)),
      .init(before: .sharedView(before.sharedView), after: .sharedView(after.sharedView)),
    ]
    return DealChanged(
      deal: before.id, version: UInt64(number(2...99)), at: time(), cause: pick(Self.causes),
      changes: changes.filter { _ in flag() }, nextLine: UInt32(number(1...99)))
  }
  /// A change of what came after the golden bytes were written, too.
  package mutating func laterChange() -> DealChanged {
    var changed = change()
    if flag() {
      changed.changes.append(
        FieldChange(
          before: .shownTo(maybe { $0.organisationReference() }),
          after: .shownTo(maybe { $0.organisationReference() })))
    }
    changed.changes.append(
      FieldChange(before: .tags([]), after: .tags(list(2) { $0.text(20) })))
    changed.changes.append(FieldChange(before: .owner(0), after: .owner(UInt32(number(1...9)))))
    changed.changes.append(
      FieldChange(before: .remindAt(maybe { $0.time() }), after: .remindAt(maybe { $0.time() })))
    if flag() {
      changed.changes.append(
        FieldChange(before: .assessment(nil), after: .assessment(assessment())))
    }
    return changed
  }
  package mutating func stageNames() -> [StageName] {
    list(3) { StageName(name: $0.text(20), stage: $0.one()) }
  }
  /// One event of every kind that came after the golden bytes were written.
  package mutating func laterEvents() -> [Event] {
    [
      .topicsMuted(user: id(), [.dealReceived, .answerDueSoon]),
      .notificationSettingsSet(NotificationSettings(tellsInvitationSent: true)),
      .stageNamesSet(stageNames()), .dealShown(laterDeal()), .dealChanged(laterChange()),
      .organisationListed(laterEntry()), .customersListed(catalogueCustomers()),
      .routingSet(routing()),
      .solutionPublished(solution()), .solutionListed(solution()),
      .leadReceived(lead()), .leadChanged(lead(), .leadArchived),
      .leadFavouriteSet(user: id(), lead: id(), isFavourite: true), .leadsDeleted([id(), id()]),
      .leadAnswered(leadAnswer()), .organisationUpdated(update()), .policyChanged(policyChange()),
    ]
      + laterMessages().map {
        .messageSent(OutboxEntry(receiver: id(), sequence: random.next(), message: $0))
      }
  }
  package mutating func laterMessages() -> [Message] {
    [
      .dealShown(laterDeal()), .solutionPublished(solution()), .responsivenessChanged(one()),
      .extensionAsked(Extension(engagement: id(), respondBy: time())),
      .deadlineExtended(Extension(engagement: id(), respondBy: time())),
      .leadSent(lead()), .leadAnswered(leadAnswer()), .organisationUpdated(update()),
      .policyChanged(policyChange()),
      .counterpartMoved(
        CounterpartMoved(
          engagement: id(), status: one(), team: list(2) { $0.member() }, at: time(),
          report: closingReport())),
    ]
  }
  package mutating func catalogueCustomers() -> [CatalogueCustomer] {
    list(3) { values in
      CatalogueCustomer(
        account: values.text(20), name: values.text(), address: values.customer().address,
        size: UInt32(values.number(0...99)), duns: values.text(9), category: values.one(),
        mainAccount: values.text(20))
    }
  }
  package mutating func routing() -> Routing {
    var routing = Routing()
    routing.defaultLocation = maybe { $0.id() }
    routing.rules = list(3) { values in
      RoutingRule(
        name: values.text(20), markets: values.list(2) { $0.country() },
        solutions: values.list(2) { RoutedSolution(id: $0.id(), name: $0.text(9)) },
        location: values.id())
    }
    return routing
  }
  package mutating func laterEntry() -> OrganisationEntry {
    var entry = entry()
    entry.responsiveness = .swift
    entry.isAssessmentVetted = flag()
    return entry
  }
  package mutating func policyChange() -> PolicyChange {
    var policy = realm().policy
    policy.firstReminder = maybe { $0.span() }
    policy.contactWish = maybe { $0.span() }
    policy.vendorRetries = UInt32(number(0...1))
    return PolicyChange(realm: id(), policy: policy, version: random.next())
  }
  package mutating func update() -> OrganisationUpdate {
    var update = OrganisationUpdate()
    update.inEcosystem = maybe { $0.flag() }
    update.transacts = maybe { $0.flag() }
    update.isAssessmentVetted = flag()
    return update
  }
  package mutating func solution() -> Solution {
    Solution(
      id: id(), owner: id(), name: text(), type: one(), isCoSellReady: flag(),
      incentives: Incentive.allCases.filter { _ in flag() }, isActive: flag())
  }
  /// One event of every other kind; golden bytes are made of them.
  package mutating func events() -> [Event] {
    var events: [Event] = [
      .organisationEstablished(organisation(), realm()), .userAdded(user()),
      .userGrantsSet(user: id(), grants: list(2) { $0.grant() }, isActive: flag()),
      .locationAdded(location()), .keyIssued(key()), .keyRevoked(id(), at: time()),
      .clockAdvanced(offset: span()), .organisationListed(entry()), .realmCreated(realm()),
      .dealCreated(deal()), .dealChanged(change()),
      .favouriteSet(user: id(), deal: id(), isFavourite: flag()),
      .invitationReceived(deal(), inviterKind: one()),
      .answerRecorded(AnswerTime(deal: id(), outcome: one(), took: span())),
      .outboxMarked(receiver: id(), through: random.next()),
      .inboxAdvanced(sender: id(), through: random.next()),
      .notificationAdded(notification(), recipients: list(3) { $0.id() }),
      .notificationsRead(user: id(), list(3) { $0.id() }),
    ]
    for message in messages() {
      events.append(
        .messageSent(OutboxEntry(receiver: id(), sequence: random.next(), message: message)))
    }
    return events
  }
  package mutating func commit() -> Commit {
    Commit(
      sequence: random.next(), at: time(), actor: maybe { $0.id() }, via: maybe { $0.id() },
      events: events(), ledger: maybe { $0.ledgerEntry() })
  }
  package mutating func state() -> TenantState {
    var state = TenantState()
    state.organisation = maybe { $0.organisation() }
    state.realm = maybe { $0.realm() }
    for user in list(4, { $0.user() }) { state.users[user.id] = user }
    for location in list(4, { $0.location() }) { state.locations[location.id] = location }
    for key in list(4, { $0.key() }) { state.keys[key.id] = key }
    for _ in 0..<3 {
      let user: UserID = id()
      state.favourites[user] = Set(list(4) { $0.id() } as [DealID])
      state.notifications[user] = list(3) { $0.notification() }
      let receiver: TenantID = id()
      state.outbox[receiver] = OutboxQueue(
        lastSequence: random.next(),
        entries: messages().map {
          OutboxEntry(receiver: receiver, sequence: random.next(), message: $0)
        })
      state.inboxMarks[id()] = random.next()
    }
    let slots = list(5) { RequestLedger.Slot(entry: $0.ledgerEntry(), at: $0.time()) }
    state.ledger = RequestLedger(restoring: slots, horizon: time())
    state.answerTimes.accepted = random.next()
    state.answerTimes.answeredMilliseconds = Int64(number(1...9_999))
    for entry in list(3, { $0.entry() }) { state.entries[entry.id] = entry }
    for realm in list(3, { $0.realm() }) { state.realms[realm.id] = realm }
    state.commitSequence = random.next()
    state.lastTime = time()
    return state
  }
}
