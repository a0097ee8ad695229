// SPDX-License-Identifier: Apache-2.0
// A day of a partner ecosystem, and the fortnight until its last invitations expire: fifty
// organisations and twenty thousand deals of every kind, with every outcome. What became of each deal
// is held against the plan that was made for it, every invariant is checked, and a restart ends in the
// same state.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

/// What shall become of one deal; made before anything is done, and independent of the rules.
private struct Plan {
  enum Answer: CaseIterable { case accept, decline, none }
  enum End: CaseIterable { case open, won, lost, error }

  let number: Int
  let owner: Int
  var showsVendor = false
  var asksVendor = false
  /// Sells an assessment of the vendor, and is done in four stages.
  var isAssessment = false
  /// Index of the partner that is invited.
  var partner: Int?
  var vendorAnswers = Answer.none
  var partnerAnswers = Answer.none
  var end = End.open

  init(_ number: Int, partners: Int, _ random: inout SeededRandom) {
    self.number = number
    owner = number % partners
    switch random.next() % 10 {
    case 0...3: isAssessment = Self.isVetted(owner)
    case 4...5: showsVendor = true
    case 6...7: asksVendor = true
    case 8: partner = Self.other(than: owner, partners, &random)
    default:
      asksVendor = true
      partner = Self.other(than: owner, partners, &random)
    }
    vendorAnswers = Self.answer(&random)
    partnerAnswers = Self.answer(&random)
    end = End.allCases[Int(random.next() % 4)]
  }

  /// Every fifth partner.
  static func isVetted(_ partner: Int) -> Bool { partner % 5 == 0 }

  private static func other(
    than owner: Int, _ partners: Int, _ random: inout SeededRandom
  ) -> Int {
    (owner + 1 + Int(random.next() % UInt64(partners - 1))) % partners
  }

  private static func answer(_ random: inout SeededRandom) -> Answer {
    [.accept, .accept, .accept, .decline, .none][Int(random.next() % 5)]
  }

  var name: String { "Deal \(number)" }
  var kind: BaseKind {
    if isAssessment { return .solutionAssessment }
    return asksVendor ? .coSell : showsVendor ? .partnerLed : .privateDeal
  }

  var status: DealStatus {
    switch end {
    case .open: .accepted
    case .won: .won
    case .lost: .lost
    case .error: .error
    }
  }

  /// Every third deal is won by those who joined, too.
  var isWonByInvitees: Bool { number % 3 == 0 }

  /// How the copy of an invitee ends; who does not answer hears that the deal is over, or is too late.
  func status(after answer: Answer) -> DealStatus {
    switch answer {
    case .accept: isWonByInvitees ? .won : .accepted
    case .decline: .declined
    case .none: .expired
    }
  }

  /// What the cards of the deal say in the end: the vendor is asked first.
  var cards: [DealStatus] {
    (asksVendor ? [status(after: vendorAnswers)] : [])
      + (partner == nil ? [] : [status(after: partnerAnswers)])
  }
}

/// Keeps of each answer what a script needs.
private final class Script: AnswerSink {
  private(set) var deals: [UInt32: DealID] = [:]
  private(set) var refusals: [String] = []
  private(set) var count = 0

  func answer(_ ticket: Ticket, _ head: AnswerHead, body: Span<UInt8>) {
    count += 1
    var bytes: [UInt8] = []
    for index in body.indices { bytes.append(body[index]) }
    if head.status == .ok {
      if bytes.count >= 18 { deals[ticket.call] = DealID(bytes: bytes[2..<18]) }
    } else {
      refusals.append((try? ErrorStatus(decoding: bytes[...]))?.reason ?? "\(head.status)")
    }
  }

  func item(_ ticket: Ticket, number: UInt32, body: Span<UInt8>) {}
}

private struct EcosystemDay {
  static let partners = 49
  let world: RuntimeWorld
  let parties: [Party]
  let desk: Party
  let plans: [Plan]
  let assessment: SolutionID
  var deals: [DealID] = []

  init(seed: UInt64, deals count: Int) throws {
    let world = RuntimeWorld(seed: seed, shards: 4)
    self.world = world
    parties = try (0..<Self.partners).map {
      try world.register("Partner \($0)", .partner, isVetted: Plan.isVetted($0))
    }
    desk = try world.register("Vendor", .vendor)
    assessment = try world.publish("Readiness", .assessment, of: desk.tenant)
    var random = SeededRandom(seed: seed)
    plans = (0..<count).map { Plan($0, partners: Self.partners, &random) }
  }

  /// Has parties make their requests, some hundred of each at a time; all must be taken.
  func carryOut(
    _ requests: [(party: Party, command: Command)], _ place: SourceLocation = #_sourceLocation
  ) -> [DealID?] {
    let script = Script()
    var tickets: [Ticket] = []
    for (number, request) in requests.enumerated() {
      tickets.append(
        world.send(
          .command(request.command, returnDeal: false), of: request.party.tenant,
          as: request.party.principal, sink: script))
      if number % 4_000 == 3_999 { world.pass(milliseconds: 20) }
    }
    for _ in 0..<1_000 where script.count < requests.count { world.pass(milliseconds: 20) }
    #expect(script.count == requests.count, sourceLocation: place)
    #expect(Set(script.refusals) == [], sourceLocation: place)
    return tickets.map { script.deals[$0.call] }
  }

  mutating func createDeals() {
    let made = carryOut(
      plans.map { plan in
        let party = parties[plan.owner]
        var deal = party.deal(plan.name)
        // Everybody has customers of its own: nothing here is a duplicate.
        deal.customer.name = Text("Customer \(plan.number)")
        let contact = Person(
          firstName: "Cora", lastName: "Customer", email: "cora@customer.example",
          phone: "+1 555 0103", title: "")
        deal.customer.contacts = [TeamMember(line: 0, person: contact)]
        if plan.isAssessment {
          var line = SolutionLine(
            line: 0, solution: assessment, name: "", group: nil, quantityMilli: 0, price: nil)
          line.assessmentLocation = party.location
          deal.solutions = [line]
        }
        deal.visibleToVendor = plan.showsVendor || plan.asksVendor
        deal.help = plan.asksVendor ? .proofOfConcept : nil
        deal.notesToVendor = plan.asksVendor ? "a proof of concept" : ""
        return (party, .createDeal(deal))
      })
    deals = made.compactMap { $0 }
  }

  func invitePartners() {
    _ = carryOut(
      plans.compactMap { plan in
        guard let partner = plan.partner else { return nil }
        // Lines are numbered through team, contacts and solutions.
        let invitation = world.invitation(of: parties[partner], to: deals[plan.number], 3)
        guard case .command(let command, _) = invitation else { return nil }
        return (parties[plan.owner], command)
      })
    world.pass(milliseconds: 1_000)
  }

  /// Both sides of every invitation answer, or do not.
  func answer() throws {
    var requests: [(party: Party, command: Command)] = []
    for (party, id, answer, plan) in try inbound() {
      switch answer {
      case .accept:
        let acceptance = AcceptDeal(
          deal: id, name: Text("\(plan.name), joined"), value: nil, closeDate: nil, notes: "",
          crmID: "", campaignID: "", team: party.deal("x").team, validateOnly: false)
        requests.append((party, .acceptDeal(acceptance)))
      case .decline:
        let refusal = DeclineDeal(
          deal: id, reason: ReasonCode(4), notes: "no capacity", validateOnly: false)
        requests.append((party, .declineDeal(refusal)))
      case .none: requests.append((party, .acknowledgeDeal(AcknowledgeDeal(deal: id))))
      }
    }
    _ = carryOut(requests)
    world.pass(milliseconds: 1_000)
  }

  /// Every deal is worked on, then ended as planned, by its owner and by who joined.
  func workAndEnd() throws {
    _ = carryOut(
      plans.map { plan in
        let edit = PatchDeal(
          deal: deals[plan.number], baseVersion: 0,
          edits: [
            .notes("second meeting held"), .stage(.percent(plan.isAssessment ? 20 : 40)),
          ],
          validateOnly: false)
        return (parties[plan.owner], .patchDeal(edit))
      })
    completeAssessments()
    let joined = try inbound().filter { $0.2 == .accept && $0.3.isWonByInvitees }
    _ = carryOut(joined.map { ($0.0, Self.win($0.1)) })
    _ = carryOut(
      plans.compactMap { plan in
        let id = deals[plan.number]
        let end = EndDeal(
          deal: id, baseVersion: 0, reason: ReasonCode(1), notes: "why", validateOnly: false)
        return switch plan.end {
        case .open: nil
        case .won: (parties[plan.owner], Self.win(id))
        case .lost: (parties[plan.owner], .loseDeal(end))
        case .error: (parties[plan.owner], .closeDealAsError(end))
        }
      })
    world.pass(milliseconds: 1_000)
  }

  /// Those that are won go through the stages that are left.
  private func completeAssessments() {
    let won = plans.filter { $0.isAssessment && $0.end == .won }
    for stage: UInt32 in [40, 60, 80] {
      _ = carryOut(
        won.map { plan in
          let edit = PatchDeal(
            deal: deals[plan.number], baseVersion: 0, edits: [.stage(.percent(stage))],
            validateOnly: false)
          return (parties[plan.owner], .patchDeal(edit))
        })
    }
  }

  private static func win(_ id: DealID) -> Command {
    .winDeal(WinDeal(deal: id, baseVersion: 0, validateOnly: false))
  }

  // MARK: What became of it

  /// Copies that somebody was invited to, with the answer that is planned for them.
  private func inbound() throws -> [(Party, DealID, Plan.Answer, Plan)] {
    let copies = try (parties + [desk]).map { try self.copies(of: $0) }
    var engagements: [DealID: EngagementID] = [:]
    for own in copies { for (engagement, deal) in own { engagements[deal.id] = engagement } }
    var found: [(Party, DealID, Plan.Answer, Plan)] = []
    for plan in plans {
      guard let engagement = engagements[deals[plan.number]] else { continue }
      if plan.asksVendor, let copy = copies[Self.partners][engagement] {
        found.append((desk, copy.id, plan.vendorAnswers, plan))
      }
      if let partner = plan.partner, let copy = copies[partner][engagement] {
        found.append((parties[partner], copy.id, plan.partnerAnswers, plan))
      }
    }
    return found
  }

  /// Every copy of an organisation by its engagement.
  func copies(of party: Party) throws -> [EngagementID: Deal] {
    var copies: [EngagementID: Deal] = [:]
    for stored in try picture(of: party).deals {
      let deal = try DealCodec.decode(stored.bytes[...])
      copies[deal.engagement] = deal
    }
    return copies
  }

  func picture(of party: Party) throws -> TenantPicture {
    let box = Box()
    _ = world.carryOut { box.picture = await $0.picture(of: party.tenant) }
    return try #require(box.picture)
  }

  /// Filled on the world's one thread.
  private final class Box: @unchecked Sendable { var picture: TenantPicture? }

  func expectPlans() throws {
    let copies = try (parties + [desk]).map { try self.copies(of: $0) }
    let own = copies.map { Dictionary(uniqueKeysWithValues: $0.values.map { ($0.id, $0) }) }
    var wrong: [String] = []
    for plan in plans {
      let deal = try #require(own[plan.owner][deals[plan.number]])
      var seen: [DealStatus] = []
      if plan.asksVendor || plan.showsVendor || plan.isAssessment {
        seen.append(try #require(copies[Self.partners][deal.engagement]?.status))
      }
      if let partner = plan.partner {
        seen.append(try #require(copies[partner][deal.engagement]?.status))
      }
      let isAsPlanned =
        deal.status == plan.status && deal.baseKind == plan.kind
        && deal.partnerToPartner == (plan.partner != nil)
        && deal.cards.map(\.status) == plan.cards
        && seen == (plan.showsVendor || plan.isAssessment ? [plan.status] : plan.cards)
      if !isAsPlanned {
        wrong.append("\(plan): \(deal.status) \(deal.cards.map(\.status)) \(seen)")
      }
    }
    #expect(wrong.count == 0, "\(wrong.prefix(3))")
  }

  /// State and deals of everybody, with every invariant checked.
  func everything() throws -> [[UInt8]] {
    try (parties + [desk]).map { party in
      let picture = try picture(of: party)
      var store = EncodedDealStore()
      var isRestored = true
      for deal in picture.deals where !store.restore(deal.bytes) { isRestored = false }
      let broken = picture.state.checkInvariants(store)
      #expect(isRestored && broken == [])
      return SnapshotCodec.encodeState(picture.state) + picture.deals.flatMap(\.bytes)
    }
  }
}

@Suite(.on(.worlds)) struct EcosystemDayTests {
  @Test
  func
    `section 5 section 7 invariant 7 invariant 8 fifty organisations and twenty thousand deals end as planned`()
    throws
  {
    var day = try EcosystemDay(seed: 2_026, deals: 20_000)
    day.createDeals()
    try #require(day.deals.count == day.plans.count)
    #expect(Set(day.plans.map(\.kind)) == Set(BaseKind.allCases))
    day.invitePartners()
    try day.answer()
    try day.workAndEnd()
    day.world.pass(milliseconds: 14 * 86_400_000 + 60_000)
    try day.expectPlans()
    let before = try day.everything()
    day.world.restart()
    let after = try day.everything()
    #expect(before == after)
  }
}
