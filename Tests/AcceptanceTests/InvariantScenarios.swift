// SPDX-License-Identifier: Apache-2.0
// The invariants of section 22, over the wire: a seeded crowd of clients does whatever comes into its
// mind; what all of them read afterwards, and all the way from the beginning, must agree.

import TandemClient
import Testing

/// Numbers that look random and are the same for the same seed.
private struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The pairs of 5.1 as the wire has them: a status stands for its pair.
private let standing: Set<DealStatus> = [
  .pending, .received, .accepted, .won, .lost, .declined, .expired, .error,
]

extension DealStatus {
  fileprivate var isNew: Bool { self == .pending || self == .received }
  fileprivate var isEnd: Bool { [.won, .lost, .declined, .expired, .error].contains(self) }
}

/// What somebody does next.
private enum Move: CaseIterable {
  case create, show, inviteVendor, inviteFabrikam, inviteTailspin, acknowledge, accept, decline
  case patch, stage, team, win, lose, closeAsError, extend, wait
}

/// What comes of it is for the server to say: most moves fit only some deals, the others are refused.
private struct Crowd {
  let world: Ecosystem
  let companies: [Company]
  var dice: Dice
  var done = 0
  var refusals = 0

  mutating func play(_ count: Int) async throws {
    for _ in 0..<count {
      let move = Move.allCases.randomElement(using: &dice) ?? .create
      do {
        try await make(move)
        done += 1
      } catch let error as TandemError {
        // Never a fault: a rule said no.
        let codes: [TandemError.Code] = [.failedPrecondition, .invalidArgument, .notFound]
        #expect(codes.contains(error.code), "\(move): \(error)")
        refusals += 1
      }
    }
  }

  private mutating func someone() -> Company { companies[Int(dice.next() % 4)] }

  private mutating func deal(of company: Company) async throws -> Deal? {
    try await company.list().randomElement(using: &dice)
  }

  private mutating func make(_ move: Move) async throws {
    let company = someone()
    if move == .create {
      var deal = NewDeal.complete(for: company)
      deal.customer.name = "Customer \(dice.next() % 10_000)"
      deal.isVisibleToVendor = company.id != world.vendor.id && dice.next() % 3 == 0
      _ = try await company.client.createDeal(deal)
      return
    }
    if move == .wait { return try await world.pass(.seconds(86_400)) }
    guard let deal = try await deal(of: company), let id = deal.id else { return }
    let client = company.client
    switch move {
    case .create, .wait: break
    case .show: _ = try await client.patchDeal(id, .only { $0.isVisibleToVendor = true })
    case .inviteVendor: try await invite(world.vendor, deal, client)
    case .inviteFabrikam: try await invite(world.fabrikam, deal, client)
    case .inviteTailspin: try await invite(companies[3], deal, client)
    case .acknowledge: _ = try await client.acknowledgeDeal(id)
    case .accept: _ = try await client.acceptDeal(id, Acceptance(name: "Accepted"))
    case .decline: _ = try await client.declineDeal(id, reason: 1)
    case .patch:
      let name = "Name \(dice.next() % 100)"
      _ = try await client.patchDeal(id, .only { $0.name = name })
    case .stage: _ = try await client.patchDeal(id, .only { $0.stage = 60 })
    case .team:
      _ = try await client.patchDeal(id, .only { $0.addedTeam = [TeamMember(.named("Bo"))] })
    case .win: _ = try await client.winDeal(id)
    case .lose: _ = try await client.loseDeal(id, reason: 2)
    case .closeAsError: _ = try await client.closeDealAsError(id, reason: 1)
    case .extend:
      _ = try await client.extendInvitation(
        id, of: deal.cards.first?.organisation.id, until: .daysLater(1))
    }
  }

  private func invite(_ company: Company, _ deal: Deal, _ client: Client) async throws {
    guard let id = deal.id else { return }
    var invitation = NewInvitation(
      company.id, help: .generalOrOther, value: Money("500 EUR"),
      solutionLines: deal.solutions.map(\.line))
    invitation.customerConsent = true
    _ = try await client.inviteToDeal(id, invitation)
  }
}

struct InvariantScenarios {
  /// Every copy of every engagement, with whose it is.
  private func copies(_ companies: [Company]) async throws -> [ID: [(owner: ID, deal: Deal)]] {
    var found: [ID: [(owner: ID, deal: Deal)]] = [:]
    for company in companies {
      for deal in try await company.list() {
        found[try #require(deal.engagement), default: []].append((company.id, deal))
      }
    }
    return found
  }

  private func check(_ deal: Deal, of owner: ID, vendor: ID) {
    let place = "\(deal.direction) \(deal.status) \(deal.id.map { "\($0)" } ?? "")"
    #expect(standing.contains(deal.status), "invariant 2: \(place)")
    #expect(
      (deal.respondBy != nil) == deal.status.isNew, "invariant 10: deadline iff new, \(place)")
    #expect((deal.closedAt != nil) == deal.status.isEnd, "invariant 2: \(place)")
    #expect(
      (deal.stage == 100) == (deal.status == .won), "invariant 2: \(deal.stage) %, \(place)")
    #expect(
      (deal.initiator.id == owner) == (deal.direction == .outbound), "invariant 1: \(place)")
    if deal.direction == .inbound {
      #expect(deal.cards.isEmpty, "invariant 6: an invitee invited, \(place)")
    }
    if owner == vendor, deal.direction == .inbound {
      #expect(deal.baseKind != .privateDeal, "invariant 5: \(place)")
    }
  }

  /// Holds the copies of one engagement against each other.
  private func check(_ copies: [(owner: ID, deal: Deal)], vendor: ID) throws {
    let initiators = copies.filter { $0.deal.direction == .outbound }
    #expect(initiators.count == 1, "invariant 1")
    #expect(Set(copies.map(\.owner)).count == copies.count, "invariant 1: two copies of one owner")
    let initiator = try #require(initiators.first)
    let customer = initiator.deal.customer
    for (owner, deal) in copies {
      check(deal, of: owner, vendor: vendor)
      #expect(deal.customer.name == customer.name, "invariant 11")
      #expect(deal.customer.address == customer.address, "invariant 11")
      guard deal.direction == .inbound else { continue }
      #expect(deal.initiator.id == initiator.owner, "invariant 6")
      let isInvited = initiator.deal.cards.contains { $0.organisation.id == owner }
      #expect(
        isInvited || deal.isShadow && initiator.deal.shownTo?.id == owner,
        "invariant 6: nobody invited \(owner)")
    }
    let atVendor = copies.contains { $0.owner == vendor }
    let isPartners = initiator.owner != vendor
    #expect(
      !isPartners || atVendor == (initiator.deal.baseKind != .privateDeal), "invariant 5")
    for card in initiator.deal.cards {
      let copy = copies.first { $0.owner == card.organisation.id }
      #expect(copy != nil, "invariant 6: a card without a copy")
    }
  }

  /// Reads a deal's life from its history: what never goes back, never changes, never moves again.
  private func checkHistory(_ deal: Deal, _ client: Client) async throws {
    let id = try #require(deal.id)
    let entries = try await client.history(of: id)
    let order: [BaseKind] = [.privateDeal, .partnerLed, .coSell]
    var ended: Deal?
    var version: UInt64 = 0
    var kind = 0
    for entry in entries {
      version += 1
      #expect(entry.version == version, "\(id): versions count every change")
      let then = try await client.getDeal(id, version: version).deal
      let now = try #require(order.firstIndex(of: then.baseKind))
      #expect(now >= kind, "invariant 4: \(id) became \(then.baseKind)")
      kind = now
      #expect(then.location == deal.location, "invariant 11: \(id)")
      #expect(then.customer.name == deal.customer.name, "invariant 11: \(id)")
      #expect(then.initiator == deal.initiator, "invariant 1: \(id)")
      if let ended {
        // An ended copy: cards of counterparts may move, nothing else.
        var same = then
        same.version = ended.version
        same.updatedAt = ended.updatedAt
        same.cards = ended.cards
        #expect(same == ended, "invariant 3: \(id) changed by \(entry.cause)")
      } else if then.status.isEnd {
        ended = then
      }
    }
    #expect(version == deal.version, "\(id): the history is whole")
  }

  @Test(arguments: [3, 17, 2026] as [UInt64])
  func
    `invariant 1, invariant 2, invariant 3, invariant 4, invariant 5, invariant 6, invariant 10, invariant 11 whatever a crowd does`(
      seed: UInt64
    ) async throws
  {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      _ = try await tailspin.client.publishSolution(
        NewSolution(name: "Tail", type: .service, isCoSellReady: true))
      let companies = [world.contoso, world.fabrikam, world.vendor, tailspin]
      var crowd = Crowd(world: world, companies: companies, dice: Dice(seed: seed))
      try await crowd.play(250)
      #expect(crowd.done > 60 && crowd.refusals > 20, "\(crowd.done) done")
      // Messages that are under way arrive: the cards say what the copies do.
      try await settle(companies)
      var ends: Set<DealStatus> = []
      for (_, engagement) in try await copies(companies) {
        try check(engagement, vendor: world.vendor.id)
        ends.formUnion(engagement.map(\.deal.status))
      }
      #expect(ends.count > 4, "only \(ends)")
      for company in companies {
        for deal in try await company.list() { try await checkHistory(deal, company.client) }
        try await checkFeed(company)
      }
    }
  }

  /// Waits until every card shows what its copy shows.
  private func settle(_ companies: [Company]) async throws {
    _ = try await eventually { () -> Bool? in
      for (_, engagement) in try await copies(companies) {
        guard let initiator = engagement.first(where: { $0.deal.direction == .outbound }) else {
          return nil
        }
        for (owner, deal) in engagement where deal.direction == .inbound {
          if deal.isShadow {
            if deal.status != initiator.deal.status || deal.name != initiator.deal.name {
              return nil
            }
            continue
          }
          let card = initiator.deal.cards.first { $0.organisation.id == owner }
          if card?.status != deal.status { return nil }
        }
        let holders = Set(engagement.map(\.owner))
        if !initiator.deal.cards.allSatisfy({ $0.organisation.id.map(holders.contains) ?? false }) {
          return nil
        }
        if let desk = initiator.deal.shownTo?.id, !holders.contains(desk) { return nil }
      }
      return true
    }
  }

  /// invariant 12 and the feed: a snapshot tells exactly the deals that a list gives, as they are.
  private func checkFeed(_ company: Company) async throws {
    let listed = try await company.list()
    var told: [ID: Deal] = [:]
    for try await item in company.client.watch(beginsWithSnapshot: true) {
      for event in item.events { told[try #require(event.deal)] = event.whole }
      if item.snapshot == .ends { break }
    }
    #expect(told.count == listed.count, "\(company.name)")
    for deal in listed {
      let id = try #require(deal.id)
      #expect(told[id] == deal, "\(company.name) \(id)")
    }
    let total = try await company.client.aggregateDeals().total.count
    // T9: what was a mistake is no business.
    let counted = listed.filter { $0.status != .error }
    #expect(total == UInt64(counted.count), "\(company.name)")
  }
}
