// SPDX-License-Identifier: Apache-2.0
// Which deals can be registered for an incentive, and what solutions have to do with it, over the wire.

import TandemClient
import Testing

struct EligibilityScenarios {
  /// A solution of Contoso with incentives.
  private func publish(
    _ name: String, _ incentives: [Incentive], _ world: Ecosystem
  ) async throws -> ID? {
    var solution = NewSolution(name: name, type: .intellectualProperty, isCoSellReady: true)
    solution.incentives = incentives
    return try await world.contoso.client.publishSolution(solution)
  }

  private func missing(
    _ deal: ID, _ world: Ecosystem, at company: Company? = nil
  ) async throws -> [EligibilityCriterion] {
    let found = try await (company ?? world.contoso).client.describeEligibility(of: deal)
    #expect(found.criteria.count == 4)
    #expect(found.isEligible == found.criteria.allSatisfy(\.isMet))
    return found.criteria.filter { !$0.isMet }.map(\.criterion)
  }

  @Test
  func
    `scenario 18, section 12 R-807 a private deal is not eligible, won with an incentive or not`()
    async throws
  {
    try await Ecosystem.run { world in
      let hub = try await publish("Hub", [.intellectualProperty], world)
      let deal = try await world.deal { $0.solutions[0].solution = hub }
      #expect(try await missing(deal, world) == [.kind, .won])
      _ = try await world.contoso.client.winDeal(deal)
      #expect(try await missing(deal, world) == [.kind])
    }
  }

  @Test func `scenario 19, section 12 R-801 a partner-led deal is eligible with an incentive only`()
    async throws
  {
    try await Ecosystem.run { world in
      let hub = try await publish("Hub", [.businessAppsPremium], world)
      let rewarded = try await world.shown { $0.solutions[0].solution = hub }.deal
      let plain = try await world.shown().deal
      #expect(try await missing(rewarded, world) == [.won])
      #expect(try await missing(plain, world) == [.solution, .won])
      _ = try await world.contoso.client.winDeal(rewarded)
      _ = try await world.contoso.client.winDeal(plain)
      #expect(try await missing(rewarded, world).isEmpty)
      #expect(try await missing(plain, world) == [.solution])
      let found = try await world.contoso.client.describeEligibility(of: plain)
      #expect(found.criteria.first { $0.criterion == .solution }?.rule == "R-801")
    }
  }

  @Test func `scenario 20, section 12 G12 a co-sell deal is eligible once the vendor accepted`()
    async throws
  {
    try await Ecosystem.run { world in
      let hub = try await publish("Hub", [.intellectualProperty], world)
      let (deal, copy) = try await world.asked { $0.solutions[0].solution = hub }
      _ = try await world.contoso.client.winDeal(deal)
      #expect(try await missing(deal, world) == [.vendorAccepted])
      let won = try await world.contoso.client.getDeal(deal).deal
      // Judged again although the deal has ended.
      _ = try await world.vendor.client.acceptDeal(copy, Acceptance(name: "Theirs"))
      _ = try await world.contoso.deal(deal) { $0.cards.first?.status == .accepted }
      #expect(try await missing(deal, world).isEmpty)
      #expect(try await world.contoso.client.getDeal(deal).deal.status == won.status)
    }
  }

  @Test
  func `scenario 20, section 12 G12 T10 a won invited copy is eligible once the vendor accepted`()
    async throws
  {
    try await Ecosystem.run { world in
      let hub = try await publish("Hub", [.intellectualProperty], world)
      let (deal, desks) = try await world.asked { $0.solutions[0].solution = hub }
      try await world.invite(world.fabrikam, to: deal)
      let copy = try await world.copy(of: deal, at: world.fabrikam)
      let fabrikam = world.fabrikam.client
      _ = try await fabrikam.acceptDeal(copy, Acceptance(name: "Ours"))
      _ = try await world.fabrikam.deal(copy) { $0.sharedView?.baseKind == .coSell }
      _ = try await fabrikam.winDeal(copy)
      _ = try await world.contoso.deal(deal) { $0.cards.contains { $0.status == .won } }
      // The catalogue tells Fabrikam of the incentive in its own time.
      _ = try await eventually {
        try await missing(copy, world, at: world.fabrikam) == [.vendorAccepted] ? true : nil
      }
      let won = try await fabrikam.getDeal(copy).deal
      _ = try await world.vendor.client.acceptDeal(desks, Acceptance(name: "Theirs"))
      let told = try await world.fabrikam.deal(copy) {
        $0.sharedView?.participants.isEmpty == false
      }
      #expect(try await missing(copy, world, at: world.fabrikam).isEmpty)
      #expect(told.status == .won && told.name == won.name && told.closedAt == won.closedAt)
      #expect(told.sharedView?.team == won.sharedView?.team)
      let edit = try await refused { try await fabrikam.patchDeal(copy, .only { $0.name = "x" }) }
      #expect(edit.rules == ["T10"], "\(edit)")
    }
  }

  @Test func `scenario 10, section 12 a co-sell deal that the vendor declines is never eligible`()
    async throws
  {
    try await Ecosystem.run { world in
      let hub = try await publish("Hub", [.intellectualProperty], world)
      let (deal, copy) = try await world.asked { $0.solutions[0].solution = hub }
      _ = try await world.vendor.client.declineDeal(copy, reason: 5)
      _ = try await world.contoso.deal(deal) { $0.cards.first?.status == .declined }
      _ = try await world.contoso.client.winDeal(deal)
      #expect(try await missing(deal, world) == [.vendorAccepted])
    }
  }

  @Test func `R-805 G14 intellectual property is reviewed, an early win is looked at`() async throws
  {
    let rows: [(incentives: [Incentive], isReviewed: Bool)] = [
      ([.intellectualProperty], true), ([.businessAppsStandard], false),
      ([.businessAppsPremium], false), ([.businessAppsPremium, .intellectualProperty], true),
    ]
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var deals: [ID] = []
      for (number, row) in rows.enumerated() {
        let solution = try await publish("Solution \(number)", row.incentives, world)
        let deal = try await world.shown { $0.solutions[0].solution = solution }.deal
        deals.append(deal)
        let found = try await client.describeEligibility(of: deal)
        #expect(found.isReviewed == row.isReviewed, "\(row)")
        #expect(Set(found.incentives) == Set(row.incentives), "\(row)")
      }
      _ = try await client.winDeal(deals[0])
      try await world.pass(.seconds(72 * 3_600))
      _ = try await client.winDeal(deals[1])
      #expect(try await client.describeEligibility(of: deals[0]).isWonEarly)
      #expect(try await !client.describeEligibility(of: deals[1]).isWonEarly)
    }
  }

  @Test func `R-901 section 17 incentives are for solutions that are co-sell ready`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      for incentive in [
        Incentive.intellectualProperty, .businessAppsStandard, .businessAppsPremium,
      ] {
        var solution = NewSolution(name: "\(incentive)", type: .intellectualProperty)
        solution.incentives = [incentive]
        let refusal = try await refused { try await client.publishSolution(solution) }
        #expect(refusal.violations.map(\.field) == ["incentives"], "\(incentive): \(refusal)")
        #expect(refusal.violations.map(\.reason) == ["R-901"], "\(incentive): \(refusal)")
        solution.isCoSellReady = true
        solution.solution = try await client.publishSolution(solution)
        // Nor is the status taken away below them.
        solution.isCoSellReady = false
        let below = try await refused { try await client.publishSolution(solution) }
        #expect(below.violations.map(\.reason) == ["R-901"])
      }
      let listed = try await client.listSolutions(ownOnly: true).rows
      #expect(listed.count == 4 && listed.allSatisfy(\.solution.isCoSellReady))
    }
  }

  @Test func `section 17, R-108 who sees a solution follows from its co-sell status`() async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let fabrikam = world.fabrikam
      let ready = try #require(try await publish("Ready", [.intellectualProperty], world))
      let draft = try #require(
        try await contoso.client.publishSolution(NewSolution(name: "Draft", type: .service)))
      _ = try await eventually {
        let rows = try await fabrikam.client.listSolutions(namePrefix: "Ready").rows
        return rows.isEmpty ? nil : rows
      }
      let seen = try await fabrikam.client.listSolutions().rows.map(\.solution.id)
      #expect(seen.contains(ready) && !seen.contains(draft))
      var deal = NewDeal.complete(for: fabrikam)
      deal.solutions[0].solution = draft
      let hidden = try await refused { try await fabrikam.client.createDeal(deal) }
      #expect(hidden.violations.map(\.reason) == ["SOLUTION_UNKNOWN"])
      let own = try await refused { try await world.deal { $0.solutions[0].solution = draft } }
      #expect(own.violations.map(\.reason) == ["R-108"])
      deal.solutions[0].solution = ready
      let made = try #require(try await fabrikam.client.createDeal(deal).id)
      let line = try await fabrikam.client.getDeal(made).deal.solutions[0]
      #expect(line.group == .otherThirdParty && line.name == "Ready")
    }
  }
}
