// SPDX-License-Identifier: Apache-2.0
// Takes what the journals hold, organisation by organisation in the order of commits, lets the model do
// what was asked or delivered, and compares (decision 0016).

import TandemDomain
import TandemPrimitives
import TandemRuntime

struct ModelReplay {
  struct Way: Hashable {
    let sender: TenantID
    let receiver: TenantID
  }

  var model = Model()
  private let logs: [TenantLog]
  let operations: [Operation]
  /// What was sent, by the sequence of its messages less one.
  private var mail: [Way: [ModelMail]] = [:]
  /// What the operator said of an organisation, by the sequence of the message that tells it.
  var reviews: [Way: [Int: OrganisationUpdate]] = [:]
  /// The same in the order in which it was said.
  var said: [TenantID: [OrganisationUpdate]] = [:]
  /// The policies of each realm, by their version.
  var policies: [RealmID: [RealmPolicy]] = [:]
  /// What directories said of their realm's policy.
  var policiesShown: [RealmID: [PolicyChange]] = [:]
  /// What was wrong with a change of a policy, if anything.
  var wrongPolicy: String?
  private var store: [TenantID: Mirror] = [:]
  private var done: [TenantID: Int] = [:]
  private let answers: [TenantID: [UInt64: [GivenAnswer]]]

  /// The server's own state, rebuilt from its events alone.
  struct Mirror {
    var state = TenantState()
    var deals = DealTable()
  }

  init(_ evidence: Evidence, _ operations: [Operation]) {
    logs = evidence.logs
    self.operations = operations
    var answers: [TenantID: [UInt64: [GivenAnswer]]] = [:]
    for operation in operations {
      for answer in operation.answers where !answer.isReplay {
        answers[operation.tenant, default: [:]][answer.commitSeq, default: []].append(
          GivenAnswer(operation: operation, answer: answer))
      }
    }
    self.answers = answers
    for log in logs { introduce(log) }
  }

  /// Goes through all logs; says where the server and the model part.
  mutating func run() -> String? {
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      for log in logs where model.organisations[log.tenant] != nil {
        while let commit = next(of: log), isReady(commit, of: log.tenant) {
          hasMoved = true
          done[log.tenant, default: 0] += 1
          if let problem = take(commit, log.tenant) {
            return "\(name(log.tenant)), commit \(commit.sequence): \(problem)"
          }
        }
      }
    }
    for log in logs where model.organisations[log.tenant] != nil && next(of: log) != nil {
      return "\(name(log.tenant)) applied a message that nobody had reason to send"
    }
    return nil
  }

  private func name(_ tenant: TenantID) -> String {
    model.organisations[tenant]?.name.string ?? "\(tenant)"
  }

  private func next(of log: TenantLog) -> Commit? {
    let place = done[log.tenant] ?? 0
    return place < log.commits.count ? log.commits[place] : nil
  }

  /// What is delivered was sent before.
  private func isReady(_ commit: Commit, of tenant: TenantID) -> Bool {
    commit.deliveries.allSatisfy { sender, through in
      model.organisations[sender] == nil
        || mail[Way(sender: sender, receiver: tenant)]?.count ?? 0 >= through
    }
  }

  // MARK: Who there is

  /// Takes from the directories and the first commits who takes part: that is given, not judged.
  private mutating func introduce(_ log: TenantLog) {
    var published: [SolutionID: Int] = [:]
    for commit in log.commits {
      if let entry = commit.ledger { introduce(commit, of: operation(of: entry), in: log.tenant) }
      let isSetup = commit.ledger.map { operation(of: $0).label == "setup" } ?? true
      for event in commit.events {
        introduce(event, log.tenant)
        guard case .solutionPublished(let solution) = event else { continue }
        published[solution.id, default: 0] += 1
        model.catalogue[solution.id] = solution
        if !isSetup || published[solution.id] != 1 { model.unsettled.insert(solution.id) }
      }
    }
  }

  private mutating func introduce(_ event: Event, _ tenant: TenantID) {
    if case .organisationEstablished(let organisation, let realm) = event {
      model.realms[tenant] = realm.id
      guard organisation.kind != .directory else {
        return policies[realm.id] = policies[realm.id] ?? [realm.policy]
      }
      model.organisations[tenant] = ModelOrganisation(
        id: organisation.id, kind: organisation.kind, name: organisation.name, realm: realm.id,
        policy: realm.policy, policyVersion: realm.policyVersion,
        isVetted: organisation.isAssessmentVetted,
        inEcosystem: organisation.inEcosystem, transacts: organisation.transacts)
    }
    if case .realmCreated(let realm) = event { policies[realm.id] = [realm.policy] }
    if case .policyChanged(let change) = event, model.organisations[tenant] == nil,
      model.realms[tenant] == change.realm
    {
      policiesShown[change.realm, default: []].append(change)
    }
    if case .organisationListed(let entry) = event, entry.kind == .vendor {
      model.covers[entry.id] = entry.covers
    }
    if case .customersListed(let customers) = event, let realm = model.realms[tenant] {
      for customer in customers { model.customers[realm, default: [:]][customer.id] = customer }
    }
  }

  private func operation(of entry: LedgerEntry) -> Operation {
    operations[Int(entry.key.scopeLow) - 1]
  }

  // MARK: One commit

  private mutating func take(_ commit: Commit, _ tenant: TenantID) -> String? {
    guard let own = model.organisations[tenant] else { return nil }
    var turn = ModelTurn(model, own, at: commit.at)
    turn.begun = commit.events.compactMap { $0.begunDeal.map { ($0.id, $0.engagement) } }
    turn.begunLead = commit.begunLead
    if let problem = turn.own.hear(commit, of: policies) { return problem }
    var command: Command?
    if let entry = commit.ledger {
      let cause = operation(of: entry)
      command = cause.command
      if let command { turn.ask(command, cause.principal) }
      if turn.isRefused { return "\(cause.label) was done, \(turn.refusal)" }
    } else if commit.deliveries.isEmpty {
      turn.letTimePass(for: commit.timedDeals)
      turn.letTimePass(forLeads: commit.touchedLeads)
    }
    for (sender, through) in commit.deliveries where model.organisations[sender] != nil {
      let way = Way(sender: sender, receiver: tenant)
      turn.receive(mail[way]?[through - 1] ?? .other, from: sender)
    }
    for (sender, through) in commit.deliveries {
      guard let update = reviews[Way(sender: sender, receiver: tenant)]?[through] else { continue }
      turn.own.take(update)
    }
    if let problem = compareMail(turn, commit, tenant) { return problem }
    turn.learn(from: commit, asked: command)
    if let problem = follow(commit, turn, tenant) { return problem }
    model.organisations[tenant] = turn.own
    return judgeAnswers(after: commit, tenant)
  }

  /// Each message that the model expects was sent, and none that it does not.
  private mutating func compareMail(
    _ turn: ModelTurn, _ commit: Commit, _ tenant: TenantID
  ) -> String? {
    var expected = turn.mail.filter { !$0.1.isPicture }
    for (index, event) in commit.events.enumerated() {
      guard case .messageSent(let entry) = event, model.organisations[entry.receiver] != nil
      else { continue }
      let way = Way(sender: tenant, receiver: entry.receiver)
      if let picture = turn.picture(for: entry, after: commit.events.prefix(index)) {
        mail[way, default: []].append(picture)
        continue
      }
      let place = expected.firstIndex { $0.0 == entry.receiver && $0.1.word == entry.message.word }
      guard let place else {
        return "told \(name(entry.receiver)) of \(entry.message.word) without a reason"
      }
      mail[way, default: []].append(expected.remove(at: place).1)
    }
    guard let missing = expected.first else { return nil }
    return "did not tell \(name(missing.0)) of \(missing.1.word)"
  }

  /// Carries the commit out on the mirror and compares every deal that either side touched.
  private mutating func follow(
    _ commit: Commit, _ turn: ModelTurn, _ tenant: TenantID
  ) -> String? {
    var mirror = store.removeValue(forKey: tenant) ?? Mirror()
    let before = mirror.deals
    Decider.evolve(&mirror.state, &mirror.deals, commit)
    defer { store[tenant] = mirror }
    let touched = commit.touchedDeals
    if let broken = mirror.state.checkInvariants(of: touched, mirror.deals).first { return broken }
    if let broken = InvariantsOverTime.check(commit, before, mirror.deals) { return broken }
    let old = model.organisations[tenant]?.deals ?? [:]
    let moved = turn.own.deals.values.filter { old[$0.id]?.version != $0.version }.map(\.id)
    for id in Set(touched).union(moved).sorted() {
      if let problem = compare(turn.own.deals[id], mirror.deals.deal(id), id) { return problem }
    }
    let told = commit.notices
    if Set(told) != Set(turn.notices) {
      return "people were told \(told.words), expected \(turn.notices.words)"
    }
    return mirror.differs(from: turn.own)
  }

  private func compare(_ mine: ModelDeal?, _ theirs: Deal?, _ id: DealID) -> String? {
    guard let mine else { return "\(id) should not be there" }
    guard let theirs else { return "\(id) should be there" }
    let differences = mine.differences(from: ModelDeal(told: theirs))
    return differences.isEmpty ? nil : "\(id): " + differences.joined(separator: "; ")
  }

  /// Every answer that saw the organisation as it is after this commit.
  private func judgeAnswers(after commit: Commit, _ tenant: TenantID) -> String? {
    guard let given = answers[tenant]?[commit.sequence], let own = model.organisations[tenant]
    else { return nil }
    let place = done[tenant] ?? 0
    let log = logs.first { $0.tenant == tenant }?.commits ?? []
    let end = place < log.count ? log[place].at : Timestamp(milliseconds: .max / 2)
    for answer in given {
      // The answer to a command that changed something was judged with its commit.
      if answer.operation.changed(commit) { continue }
      if let problem = answer.judge(model, own, between: commit.at, and: end) {
        return "\(answer.operation.label) \(answer.operation.number): \(problem)"
      }
    }
    return nil
  }

  // MARK: At rest

  /// When nothing is under way: copies and cards agree, and each sees what it should.
  func checkRest() -> String? {
    for own in model.organisations.values.sorted(by: { $0.id < $1.id }) {
      if let problem = checkStanding(own) { return "\(own.name) at rest: \(problem)" }
      for deal in own.deals.values.sorted(by: { $0.id < $1.id }) {
        if let problem = checkRest(deal, own) {
          return "\(own.name) at rest, \(deal.id): \(problem)"
        }
      }
    }
    return nil
  }

  private func checkRest(_ deal: ModelDeal, _ own: ModelOrganisation) -> String? {
    guard deal.isInbound else {
      for card in deal.cards where deal.isLast(card) {
        guard let copy = model.organisations[card.organisation.id]?.copy(in: deal.engagement),
          !copy.isShadow
        else { return "\(card.organisation.name) has no copy" }
        if copy.status != card.status {
          return "\(card.organisation.name) is \(copy.status), its card says \(card.status)"
        }
        let team = copy.acceptedAt == nil ? [] : copy.team
        let isReported = copy.closedAt != nil && copy.acceptedAt != nil
        if isReported, card.organisationKind == .partner, card.report?.value != copy.value {
          return "\(card.organisation.name) ended with \(copy.value), its card does not say so"
        }
        if card.team != team { return "the card of \(card.organisation.name) has another team" }
      }
      guard let desk = deal.shownTo else { return nil }
      let copy = model.organisations[desk.id]?.copy(in: deal.engagement)
      return copy?.isShadow == true ? nil : "\(desk.name) does not see it"
    }
    guard let source = model.organisations[deal.initiator.id]?.copy(in: deal.engagement) else {
      return "nobody started it"
    }
    if deal.isShadow, !deal.status.isTerminal {
      var expected = deal
      expected.follow(source, seen: deal.solutions)
      if let news = expected.differences(from: deal).first { return news }
    } else if deal.status == .accepted || (deal.status.isNew && own.kind == .vendor) {
      let sender = model.organisations[source.initiator.id]?.kind
      if deal.sharedView != own.seen(source.view(for: own.id), from: sender) {
        return "what it is shown is not what \(deal.initiator.name) has"
      }
      if deal.kind != source.kind || deal.partnerToPartner != source.partnerToPartner {
        return "is \(deal.kind), \(deal.initiator.name) has \(source.kind)"
      }
    } else if deal.status.isNew {
      // G11: whom it can reach, also when that was said later.
      if deal.sharedView?.customerContacts != source.customer.contacts {
        return "cannot reach the customer as \(deal.initiator.name) can"
      }
    } else if deal.status == .won, own.kind == .partner, !deal.isShadow {
      // G12: what its eligibility follows.
      let shown = source.view(for: own.id)
      if deal.sharedView?.participants != shown.participants {
        return "was won and does not know who takes part"
      }
    }
    return nil
  }
}
