// SPDX-License-Identifier: Apache-2.0
// Until when something was possible, as the description of a deal tells it over the wire.

import TandemClient
import Testing

struct MilestoneScenarios {
  private func action(
    _ action: DealAction, _ deal: ID, by company: Company
  ) async throws -> Obstacle {
    let verdicts = try await company.client.describeDealActions(deal).actions
    return try #require(verdicts.first { $0.action == action }?.obstacles.first)
  }

  private func field(_ path: String, _ deal: ID, by company: Company) async throws -> Obstacle {
    let verdicts = try await company.client.describeDealActions(deal).fields
    return try #require(verdicts.first { $0.path == path }?.obstacles.first)
  }

  @Test
  func
    `G08 R-301 R-402 R-403 section 9 what a deal forbids is told with the time until which it was possible`()
    async throws
  {
    try await Ecosystem.run { world in
      let (contoso, fabrikam) = (world.contoso, world.fabrikam)
      let (id, copy) = try await world.invited()
      try await world.pass(.seconds(3_600))
      let lines = try await contoso.client.getDeal(id).deal.solutions.map(\.line)
      let help = NewInvitation(help: .proofOfConcept, solutionLines: lines)
      _ = try await contoso.client.inviteToDeal(id, help)
      try await world.pass(.seconds(3_600))
      _ = try await fabrikam.client.acceptDeal(copy, Acceptance(name: "With Contoso"))
      try await world.pass(.seconds(3_600))

      let deal = try await contoso.client.getDeal(id).deal
      let partner = try #require(deal.cards.first?.content?.sentAt)
      let vendor = try #require(deal.cards.last?.content?.sentAt)
      #expect(deal.cards.count == 2 && partner < vendor)
      let location = try await field("location_id", id, by: contoso)
      #expect(location.possibleUntil == .created && location.until == deal.createdAt)
      let contacts = try await field("customer.contacts", id, by: contoso)
      #expect(contacts.possibleUntil == .shared && contacts.until == partner)
      let asking = try await action(.inviteVendor, id, by: contoso)
      #expect(asking.reason == "ALREADY_INVITED" && asking.rules == ["G08"])
      #expect(asking.possibleUntil == .invited && asking.until == vendor)
      let again = try await refused { try await contoso.client.inviteToDeal(id, help) }
      #expect(again.reason == "ALREADY_INVITED" && again.rules == ["G08"])

      let theirs = try await fabrikam.client.getDeal(copy).deal
      let invitation = try await field("invitation", copy, by: fabrikam)
      #expect(invitation.possibleUntil == .invited && invitation.until == partner)
      let answering = try await action(.decline, copy, by: fabrikam)
      #expect(answering.reason == "NOT_NEW" && answering.possibleUntil == .answered)
      #expect(answering.until == theirs.acceptedAt && theirs.acceptedAt != nil)
    }
  }

  @Test func `R-404 R-602 an assessment tells since when its stages are complete`() async throws {
    try await Ecosystem.run { world in
      let contoso = world.contoso
      let published = try await world.vendor.client.publishSolution(
        NewSolution(name: "Readiness", type: .assessment))
      let assessment = try await eventually {
        let rows = try await contoso.client.listSolutions(namePrefix: "READI").rows
        return rows.first { $0.solution.id == published && $0.group == .assessment }?.solution.id
      }
      let id = try await world.deal { deal in
        deal.solutions[0].solution = assessment
        deal.solutions[0].assessmentLocation = contoso.everywhere
      }
      for stage: UInt32 in [20, 40, 60, 80] {
        try await world.pass(.seconds(3_600))
        _ = try await contoso.client.patchDeal(id, .only { $0.stage = stage })
      }
      try await world.pass(.seconds(3_600))
      let deal = try await contoso.client.getDeal(id).deal
      let stage = try await field("stage", id, by: contoso)
      #expect(stage.rules == ["R-602"] && stage.possibleUntil == .completed)
      #expect(stage.until == deal.assessment?.completed.last?.at && stage.until != nil)
      let solutions = try await field("solutions", id, by: contoso)
      #expect(solutions.rules == ["R-404"] && solutions.possibleUntil == .created)
      #expect(solutions.until == deal.createdAt)
    }
  }
}
