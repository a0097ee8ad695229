// SPDX-License-Identifier: Apache-2.0
// Partners leave the ecosystem and come back, and vetting is reviewed, as everybody sees it over the wire.

import TandemClient
import Testing

struct EcosystemScenarios {
  private func say(
    _ world: Ecosystem, _ company: Company, _ change: (inout OrganisationChange) -> Void
  ) async throws {
    var said = OrganisationChange()
    change(&said)
    try await world.registrar.updateOrganisation(company.id, said)
  }

  /// Waits until a search of Contoso's finds just these.
  private func found(_ world: Ecosystem, _ names: [String]) async throws {
    _ = try await eventually {
      let rows = try await world.contoso.client.listOrganisations(namePrefix: "Fab")
      return rows.map(\.name) == names ? true : nil
    }
  }

  @Test func `R-204 section 3.1b who left is neither found nor invited, until it joins again`()
    async throws
  {
    try await Ecosystem.run { world in
      let (open, copy) = try await world.invited()
      let deal = try await world.deal()
      for part in [\OrganisationChange.inEcosystem, \OrganisationChange.transacts] {
        try await say(world, world.fabrikam) { $0[keyPath: part] = false }
        try await found(world, [])
        let refusal = try await refused { try await world.invite(world.fabrikam, to: deal) }
        #expect(refusal.violations.map(\.reason) == ["R-204"])
        try await say(world, world.fabrikam) { $0[keyPath: part] = true }
        try await found(world, ["Fabrikam"])
      }
      // The invitation that was open all the time is answered while it is outside.
      try await say(world, world.fabrikam) { change in
        change.inEcosystem = false
        change.transacts = false
      }
      let profile = try await eventually {
        let told = try await world.fabrikam.client.getOrganisation()
        return told.inEcosystem || told.transacts ? nil : told
      }
      #expect(!profile.isAssessmentVetted)
      var acceptance = Acceptance(name: "Ours")
      acceptance.team = [TeamMember(.named("Finn"))]
      _ = try await world.fabrikam.client.acceptDeal(copy, acceptance)
      _ = try await world.contoso.deal(open) { $0.cards.map(\.status) == [.accepted] }
      try await say(world, world.fabrikam) { change in
        change.inEcosystem = true
        change.transacts = true
      }
      try await found(world, ["Fabrikam"])
      try await world.invite(world.fabrikam, to: deal)
      _ = try await world.copy(of: deal, at: world.fabrikam)
    }
  }

  @Test
  func `R-110 section 3.1a who is vetted no longer begins no assessment and ends its own`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let assessment = try await world.vendor.client.publishSolution(
        NewSolution(name: "Readiness", type: .assessment))
      func offered() async throws -> Int {
        try await contoso.client.listSolutions(namePrefix: "Readiness").rows.count
      }
      _ = try await eventually { try await offered() == 1 ? true : nil }
      var new = NewDeal.complete(for: contoso)
      new.solutions[0].solution = assessment
      new.solutions[0].assessmentLocation = contoso.everywhere
      let wanted = new
      let begun = try #require(try await contoso.client.createDeal(wanted).id)
      try await say(world, contoso) { $0.isAssessmentVetted = false }
      _ = try await eventually { try await offered() == 0 ? true : nil }
      #expect(try await !contoso.client.getOrganisation().isAssessmentVetted)
      let refusal = try await refused { try await contoso.client.createDeal(wanted) }
      #expect(refusal.violations.map(\.reason) == ["NOT_VETTED"])
      _ = try await contoso.client.patchDeal(begun, .only { $0.stage = 20 })
      _ = try await contoso.client.loseDeal(begun, reason: 1)
      try await say(world, contoso) { $0.isAssessmentVetted = true }
      _ = try await eventually { try? await contoso.client.createDeal(wanted) }
    }
  }

  @Test
  func `R-108 section 3.1b what a partner sells is offered to others only while it takes part`()
    async throws
  {
    try await Ecosystem.run { world in
      let (contoso, fabrikam) = (world.contoso, world.fabrikam)
      let gateway = try await fabrikam.client.publishSolution(
        NewSolution(name: "Gateway", type: .service, isCoSellReady: true))
      func offered(_ count: Int) async throws {
        _ = try await eventually {
          let rows = try await contoso.client.listSolutions(namePrefix: "Gateway").rows
          return rows.count == count ? true : nil
        }
      }
      func sold(by company: Company) -> NewDeal {
        var deal = NewDeal.complete(for: company)
        deal.solutions[0].solution = gateway
        return deal
      }
      try await offered(1)
      let begun = try #require(try await contoso.client.createDeal(sold(by: contoso)).id)
      try await say(world, fabrikam) { $0.inEcosystem = false }
      try await offered(0)
      let refusal = try await refused { try await contoso.client.createDeal(sold(by: contoso)) }
      #expect(refusal.violations.map(\.reason) == ["SOLUTION_UNKNOWN"])
      // A line that is there stays, and the owner's own deals go on.
      _ = try await contoso.client.patchDeal(begun, .only { $0.notes = "goes on" })
      #expect(try await contoso.client.getDeal(begun).deal.solutions.map(\.name) == ["Gateway"])
      _ = try await fabrikam.client.createDeal(sold(by: fabrikam))
      // What it publishes while it is outside comes with it.
      _ = try await fabrikam.client.publishSolution(
        NewSolution(name: "Gateway 2", type: .service, isCoSellReady: true))
      try await say(world, fabrikam) { $0.inEcosystem = true }
      try await offered(2)
      _ = try await contoso.client.createDeal(sold(by: contoso))
    }
  }

  @Test func `section 11 R-110 only the operator says it, and is told all that is wrong`()
    async throws
  {
    try await Ecosystem.run { world in
      let fabrikam = world.fabrikam
      var leaving = OrganisationChange()
      leaving.inEcosystem = false
      let said = leaving
      for client in [world.contoso.client, fabrikam.client, world.vendor.client] {
        let refusal = try await refused { try await client.updateOrganisation(fabrikam.id, said) }
        #expect(refusal.code == .permissionDenied && refusal.reason == "OPERATOR_NEEDED")
      }
      let nothing = try await refused {
        try await world.registrar.updateOrganisation(fabrikam.id, OrganisationChange())
      }
      #expect(nothing.code == .invalidArgument)
      #expect(
        nothing.violations.map { "\($0.field) \($0.reason)" } == ["in_ecosystem FIELD_REQUIRED"])
      var vetted = said
      vetted.isAssessmentVetted = true
      let wrong = vetted
      for isDry in [true, false] {
        let desk = try await refused {
          try await world.registrar.updateOrganisation(
            world.vendor.id, wrong, validatesOnly: isDry)
        }
        #expect(
          desk.violations.map { "\($0.field) \($0.reason)" } == [
            "assessment_vetted R-110", "in_ecosystem FIELD_NOT_APPLICABLE",
          ])
      }
      let stranger = try #require(ID(.organisation, bytes: [UInt8](repeating: 1, count: 16)))
      let unknown = try await refused {
        try await world.registrar.updateOrganisation(stranger, said)
      }
      #expect(unknown.code == .notFound && unknown.reason == "ORGANISATION_NOT_FOUND")
      let strange = try await refused {
        try await world.registrar.review(fabrikam.id, transacts: 7)
      }
      #expect(strange.violations.map { "\($0.field) \($0.reason)" } == ["transacts FIELD_INVALID"])
      try await world.registrar.updateOrganisation(fabrikam.id, said, validatesOnly: true)
      #expect(try await fabrikam.client.getOrganisation().inEcosystem)
      try await found(world, ["Fabrikam"])
    }
  }
}
