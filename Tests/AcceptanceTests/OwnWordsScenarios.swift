// SPDX-License-Identifier: Apache-2.0
// Tags of a deal and who is responsible for it, as their organisation and others see them.

import TandemClient
import Testing

struct OwnWordsScenarios {
  @Test func `section 11, section 20 tags and owner are one's own, and lists find deals by them`()
    async throws
  {
    try await Ecosystem.run { world in
      let (contoso, fabrikam) = (world.contoso.client, world.fabrikam.client)
      var new = NewDeal.complete(for: world.contoso)
      new.tags = ["renewal", "fleet"]
      new.ownerEmail = "ADA@example.com"
      new.isVisibleToVendor = true
      let id = try #require(try await contoso.createDeal(new).id)
      var other = NewDeal.complete(for: world.contoso)
      other.customer.name = "Litware"
      let plain = try await contoso.createDeal(other).id
      let made = try await contoso.getDeal(id).deal
      #expect(made.tags == ["renewal", "fleet"] && made.owner?.person.firstName == "Ada")
      let line = try #require(made.solutions.first?.line)
      _ = try await contoso.inviteToDeal(
        id,
        NewInvitation(
          world.fabrikam.id, help: .generalOrOther, value: Money("500 EUR"), solutionLines: [line]))
      let copy = try await world.fabrikam.inbound()
      let shadow = try await world.vendor.inbound()
      #expect(copy.tags.isEmpty && copy.ownerLine == 0)
      #expect(shadow.tags.isEmpty && shadow.ownerLine == 0)
      func found(_ client: Client, _ term: FilterTerm) async throws -> [ID?] {
        var filter = DealFilter()
        filter.allOf = [[term]]
        var ids: [ID?] = []
        for try await row in client.listDeals(filter) { ids.append(row.deal.id) }
        return ids
      }
      #expect(try await found(contoso, .text(.tag, .equal, ["fleet"])) == [id])
      #expect(try await found(contoso, .text(.ownerEmail, .equal, ["ada@EXAMPLE.com"])) == [id])
      #expect(try await found(contoso, !FilterTerm(.ownerEmail, .present)) == [plain])
      #expect(try await found(fabrikam, FilterTerm(.tag, .present)) == [])
      #expect(try await found(world.vendor.client, .text(.tag, .equal, ["fleet"])) == [])
      let count = try await contoso.aggregateDeals([[FilterTerm(.tag, .present)]])
      #expect(count.groups.map(\.count) == [1])
    }
  }

  @Test func `section 9 tags and owner change until the end, and history tells before and after`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var new = NewDeal.complete(for: world.contoso)
      new.tags = ["first"]
      new.ownerEmail = "ada@example.com"
      let id = try #require(try await client.createDeal(new).id)
      var removal = DealPatch()
      removal.removedTeamLines = [1]
      let leaves = try await refused { try await client.patchDeal(id, removal) }
      // Nobody would be left on the team either.
      #expect(leaves.violations.map(\.reason) == ["OWNER_LEAVES", "R-106"])
      var patch = removal
      patch.addedTeam = [TeamMember(.named("Cleo"))]
      patch.ownerEmail = "cleo@example.com"
      patch.tags = ["second", "third"]
      _ = try await client.patchDeal(id, patch)
      let deal = try await client.getDeal(id).deal
      #expect(deal.owner?.person.firstName == "Cleo" && deal.tags == ["second", "third"])
      var last: DealHistoryEntry?
      for try await entry in client.dealHistory(id) { last = entry }
      #expect(last?.fields.map(Deal.fieldName) == ["team", "tags", "owner_email"])
      #expect(last?.before?.tags == ["first"] && last?.after?.tags == ["second", "third"])
      #expect(last?.before?.ownerLine == 1 && last?.after?.ownerLine == deal.ownerLine)
      #expect(try await client.getDeal(id, version: 1).deal.tags == ["first"])
      var wrong = DealPatch()
      wrong.tags = ["x", "x", ""]
      wrong.ownerEmail = "eve@example.com"
      let all = try await refused { try await client.patchDeal(id, wrong) }
      #expect(
        all.violations.map { "\($0.field) \($0.reason)" } == [
          "tags[1] TAG_TWICE", "tags[2] TAG_BLANK", "owner_email OWNER_NOT_ON_TEAM",
        ])
      _ = try await client.winDeal(id)
      let late = try await refused { try await client.patchDeal(id, patch) }
      #expect(late.reason == "DEAL_CLOSED")
    }
  }
}
