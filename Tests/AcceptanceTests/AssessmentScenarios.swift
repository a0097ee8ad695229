// SPDX-License-Identifier: Apache-2.0
// Scenarios of solution assessments, from their creation to their end.

import TandemClient
import Testing

struct AssessmentScenarios {
  /// What the vendor publishes, once Contoso may choose it.
  private func published(_ world: Ecosystem) async throws -> ID? {
    let id = try await world.vendor.client.publishSolution(
      NewSolution(name: "Readiness", type: .assessment))
    return try await eventually {
      let rows = try await world.contoso.client.listSolutions(namePrefix: "Readiness").rows
      return rows.first { $0.solution.id == id && $0.group == .assessment }?.solution.id
    }
  }

  private func deal(_ assessment: ID?, for company: Company) -> NewDeal {
    var deal = NewDeal.complete(for: company)
    deal.solutions[0].solution = assessment
    deal.solutions[0].assessmentLocation = company.everywhere
    return deal
  }

  @Test func `scenario 6, R-109 R-110 an assessment is for the vetted, alone, and has a location`()
    async throws
  {
    try await Ecosystem.run { world in
      let (contoso, fabrikam) = (world.contoso, world.fabrikam)
      #expect(try await contoso.client.getOrganisation().isAssessmentVetted)
      #expect(try await !fabrikam.client.getOrganisation().isAssessmentVetted)
      let assessment = try await published(world)
      #expect(try await fabrikam.client.listSolutions(namePrefix: "Readi").rows.isEmpty)
      let strange = try await eventually {
        let error = try await refused {
          try await fabrikam.client.createDeal(deal(assessment, for: fabrikam))
        }
        return error.reason == "SOLUTION_UNKNOWN" ? nil : error
      }
      #expect(strange.reason == "NOT_VETTED")
      var two = deal(assessment, for: contoso)
      two.solutions.append(NewDeal.complete(for: contoso).solutions[0])
      let second = try await refused { try await contoso.client.createDeal(two) }
      #expect(second.violations.map { "\($0.field) \($0.reason)" } == ["solutions R-109"])
      var nowhere = deal(assessment, for: contoso)
      nowhere.solutions[0].assessmentLocation = nil
      let placeless = try await refused { try await contoso.client.createDeal(nowhere) }
      #expect(placeless.violations.map(\.field) == ["solutions[0].assessment_location_id"])
      var asking = deal(assessment, for: contoso)
      asking.help = .proofOfConcept
      asking.isVisibleToVendor = true
      let helped = try await refused { try await contoso.client.createDeal(asking) }
      #expect(Set(helped.violations.map(\.reason)) == ["NOT_FOR_ASSESSMENTS"])
      for try await _ in contoso.client.listDeals() { Issue.record("a deal was made") }
    }
  }

  @Test
  func
    `scenario 16, invariant 8 section 6 R-602 R-404 G17 three of four stages do not win an assessment`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso.client
      let assessment = try await published(world)
      let made = try await contoso.createDeal(deal(assessment, for: world.contoso))
      let id = try #require(made.id)
      let copy = try await world.vendor.inbound()
      #expect(copy.isShadow && copy.baseKind == .solutionAssessment)
      #expect(copy.customer.contacts.isEmpty && copy.solutions.map(\.group) == [.assessment])
      for name in ["secure_customer_loe", "collect_data", "prepare_report"] {
        try await world.pass(.seconds(3_600))
        var patch = DealPatch()
        patch.stageName = name
        _ = try await contoso.patchDeal(id, patch)
      }
      for isDry in [true, false] {
        var options = ChangeOptions()
        options.validatesOnly = isDry
        let early = try await refused { try await contoso.winDeal(id, options: options) }
        #expect(early.reason == "STAGES_INCOMPLETE")
        #expect(early.message.contains("present_to_customer (80 %)"))
      }
      let verdicts = try await contoso.describeDealActions(id)
      #expect(verdicts.actions.first { $0.action == .win }?.rule == "STAGES_INCOMPLETE")
      #expect(verdicts.fields.first { $0.path == "solutions" }?.rule == "R-404")
      var patch = DealPatch()
      patch.stage = 80
      _ = try await contoso.patchDeal(id, patch)
      _ = try await contoso.winDeal(id)
      let won = try await contoso.getDeal(id).deal
      let completed = try #require(won.assessment?.completed)
      #expect(won.status == .won && completed.map(\.stage) == [20, 40, 60, 80])
      #expect(
        completed.compactMap(\.at?.milliseconds).sorted()
          == completed.map { $0.at?.milliseconds ?? 0 })
      _ = try await world.vendor.deal(copy.id) {
        $0.status == .won && $0.assessment == won.assessment
      }
      var fields: [[String]] = []
      for try await entry in contoso.dealHistory(id) {
        fields.append(entry.fields.map(Deal.fieldName))
      }
      #expect(fields.dropFirst().dropLast().allSatisfy { $0 == ["stage", "assessment"] })
      let eligibility = try await contoso.describeEligibility(of: id)
      #expect(eligibility.criteria.contains { $0.rule == "G17" && !$0.isMet })
    }
  }

  @Test func `section 7, invariant 7 nobody is invited to an assessment, and lists know the kind`()
    async throws
  {
    try await Ecosystem.run { world in
      let contoso = world.contoso.client
      let assessment = try await published(world)
      let id = try #require(try await contoso.createDeal(deal(assessment, for: world.contoso)).id)
      _ = try await contoso.createDeal(.complete(for: world.contoso))
      for invitee in [world.fabrikam.id, nil] {
        let error = try await refused {
          try await contoso.inviteToDeal(
            id, NewInvitation(invitee, help: .generalOrOther, solutionLines: [3]))
        }
        #expect(error.reason == "NOT_FOR_ASSESSMENTS")
      }
      var patch = DealPatch()
      patch.isVisibleToVendor = true
      let shown = try await refused { try await contoso.patchDeal(id, patch) }
      #expect(shown.violations.map(\.reason) == ["NOT_FOR_ASSESSMENTS"])
      var filter = DealFilter()
      filter.allOf = [[.kind([.solutionAssessment])]]
      var found: [ID?] = []
      for try await row in contoso.listDeals(filter) { found.append(row.deal.id) }
      #expect(found == [id])
    }
  }
}
