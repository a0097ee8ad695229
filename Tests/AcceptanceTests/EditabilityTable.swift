// SPDX-License-Identifier: Apache-2.0
// Section 9 as a table, over the wire: what can be edited in which state, and what a refusal says.

import TandemClient
import Testing

/// The columns of section 9, the accepted one on both sides.
private enum Column: String, CaseIterable {
  case new, accepted, acceptedInbound, shared, terminal
}

private enum Cell {
  case yes
  /// Refused by this rule; the text says why, and until or from when it was possible.
  case no(String, String)
}

/// A row: a field, an edit of it, and a cell per column besides those that are the same for all.
private struct Row {
  let path: String
  var edit: Edit
  var accepted: Cell = .yes
  var acceptedInbound: Cell = .yes
  var shared: Cell = .yes

  enum Edit {
    case patch((inout DealPatch, Ecosystem) -> Void)
    /// Of a field that the library has no way to set.
    case number(UInt32)
  }

  init(_ path: String, _ patch: @escaping (inout DealPatch, Ecosystem) -> Void) {
    self.path = path
    edit = .patch(patch)
  }

  /// Of a field that a patch never sets.
  init(_ path: String, number: UInt32, rule: String, _ text: String) {
    self.path = path
    edit = .number(number)
    accepted = .no(rule, text)
    acceptedInbound = accepted
    shared = accepted
  }

  /// What the field's own rule says where another one is told by a refusal.
  func lock(_ column: Column) -> (String, String)? {
    let isInbound = column == .new || column == .acceptedInbound
    let cell = isInbound ? acceptedInbound : accepted
    if case .no(let rule, let why) = cell { return (rule, why) }
    return nil
  }

  func cell(_ column: Column) -> Cell {
    switch column {
    case .new: .no("DEAL_NOT_ACCEPTED", "accept it before")
    case .accepted: accepted
    case .acceptedInbound: acceptedInbound
    case .shared: shared
    case .terminal: .no("DEAL_CLOSED", "was possible until")
    }
  }
}

private func rows() -> [Row] {
  var rows = [
    Row("name") { patch, _ in patch.name = "Renamed" },
    Row("value") { patch, _ in patch.value = Money("77 EUR") },
    Row("close_date_ms") { patch, _ in patch.closeDate = Moment(day: "2098-01-01") },
    Row("notes") { patch, _ in patch.notes = "called" },
    Row("crm_id") { patch, _ in patch.crmID = "C-9" },
    Row("campaign_id") { patch, _ in patch.campaignID = "autumn" },
    Row("team") { patch, _ in patch.addedTeam = [TeamMember(.named("Bo"))] },
    Row("solutions") { patch, world in
      var line = SolutionLine()
      line.solution = world.contoso.solution
      patch.addedSolutions = [line]
    },
    Row("stage") { patch, _ in patch.stage = 60 },
    Row("location_id", number: 9, rule: "R-402", "since the deal was created"),
    Row("customer", number: 10, rule: "R-403", "since the deal was created"),
    Row("consent", number: 18, rule: "R-403", "since the deal was created"),
    Row("invitation", number: 28, rule: "R-205", "since the invitation was sent"),
    Row("cards", number: 29, rule: "section 5.3", "follows from who is invited"),
    Row("shared_view", number: 30, rule: "ruling 2", "what the other side shares"),
    Row("status", number: 5, rule: "R-406", "only by accepting"),
    Row("accepted_ms", number: 22, rule: "T4", "its invitation accepted"),
    Row("acknowledged_ms", number: 23, rule: "T3", "was acknowledged"),
    Row("closed_ms", number: 24, rule: "R-406", "only by accepting"),
    Row("respond_by_ms", number: 25, rule: "G09", "only the inviter gives more time"),
    Row("closure", number: 26, rule: "R-406", "only by accepting"),
    Row("remind_ms", number: 38, rule: "section 10a", "when the answer is due"),
    Row("assessment", number: 39, rule: "R-602", "that the assessment completes"),
    Row("base_kind", number: 6, rule: "section 2.1", "never chosen"),
    Row("partner_to_partner", number: 7, rule: "G03", "never chosen"),
  ]
  var contacts = Row("customer.contacts") { patch, _ in
    patch.customerContacts = [TeamMember(.named("Dora"))]
  }
  contacts.shared = .no("R-403", "since it was first shared")
  contacts.acceptedInbound = contacts.shared
  rows.append(contacts)
  // Comes last: it is a way to share.
  var visibility = Row("visible_to_vendor") { patch, _ in patch.isVisibleToVendor = true }
  visibility.acceptedInbound = .no("R-207", "is decided by Contoso")
  rows.append(visibility)
  return rows
}

struct EditabilityTable {
  private func make(_ column: Column, _ world: Ecosystem) async throws -> (Client, ID) {
    let fabrikam = world.fabrikam.client
    switch column {
    case .new: return (fabrikam, try await world.invited().copy)
    case .accepted: return (world.contoso.client, try await world.deal())
    case .acceptedInbound:
      let copy = try await world.invited().copy
      _ = try await fabrikam.acceptDeal(copy, Acceptance(name: "Ours"))
      return (fabrikam, copy)
    case .shared: return (world.contoso.client, try await world.asked().deal)
    case .terminal:
      let deal = try await world.deal()
      _ = try await world.contoso.client.winDeal(deal)
      return (world.contoso.client, deal)
    }
  }

  private func run(_ row: Row, _ deal: ID, _ client: Client, _ world: Ecosystem) async throws {
    switch row.edit {
    case .patch(let change):
      _ = try await client.patchDeal(deal, .only { change(&$0, world) })
    case .number(let number): try await client.patch(deal, path: [number])
    }
  }

  @Test
  func
    `section 9 section 9a section 3.4 R-401 R-402 R-403 R-407 each field in each state is edited or says why not`()
    async throws
  {
    try await Ecosystem.run { world in
      for column in Column.allCases {
        let (client, deal) = try await make(column, world)
        for row in rows() {
          let place = "\(row.path), \(column)"
          let before = try await client.getDeal(deal).deal
          let verdict = try #require(
            try await client.describeDealActions(deal).fields.first { $0.path == row.path },
            "\(place)")
          switch row.cell(column) {
          case .yes:
            // What holds for ever once it is said may be said again, and is nothing to decide.
            let isFixed = row.path == "visible_to_vendor" && column == .shared
            #expect(verdict.isEditable != isFixed, "\(place)")
            try await run(row, deal, client, world)
            let after = try await client.getDeal(deal).deal
            #expect((after.version == before.version + 1) != isFixed, "\(place)")
          case .no(let rule, let why):
            #expect(!verdict.isEditable, "\(place)")
            let told = verdict.obstacles.first { $0.reason == rule }
            #expect(told?.text.contains(why) == true, "\(place): \(verdict)")
            // What locks the field at any time is told first, also when nothing else can be changed.
            let own = row.lock(column) ?? (rule, why)
            #expect(verdict.rule == own.0 && verdict.text.contains(own.1), "\(place): \(verdict)")
            let refusal = try await refused { try await run(row, deal, client, world) }
            if let violation = refusal.violations.first {
              #expect(violation.field == row.path && violation.reason == rule, "\(place)")
              #expect(violation.description.contains(why), "\(place): \(refusal)")
            } else {
              #expect(refusal.reason == rule && refusal.message.contains(why), "\(place)")
            }
            #expect(try await client.getDeal(deal).deal == before, "\(place)")
          }
        }
      }
    }
  }

  @Test func `section 9 R-302 on accept the invitee's fields are the invitee's to give`()
    async throws
  {
    try await Ecosystem.run { world in
      let copy = try await world.invited().copy
      let fabrikam = world.fabrikam.client
      let offered = try await fabrikam.getDeal(copy).deal
      var acceptance = Acceptance(name: "Ours")
      acceptance.value = Money("9 EUR")
      acceptance.closeDate = Moment(day: "2097-07-07")
      acceptance.notes = "the customer needs it soon"
      acceptance.crmID = "F-1"
      acceptance.campaignID = "winter"
      acceptance.team = [TeamMember(.named("Fay"))]
      _ = try await fabrikam.acceptDeal(copy, acceptance)
      let deal = try await fabrikam.getDeal(copy).deal
      #expect(deal.name == "Ours" && deal.value == Money("9 EUR"))
      #expect(deal.closeDate == Moment(day: "2097-07-07"))
      #expect(deal.notes == "the customer needs it soon")
      #expect(deal.crmID == "F-1" && deal.campaignID == "winter")
      #expect(deal.team.map(\.person.firstName) == ["Fay"])
      // What the inviter wrote stays beside it.
      #expect(deal.invitation?.value == offered.invitation?.value)
      #expect(deal.invitation?.closeDate == Moment(day: "2099-05-31"))
      #expect(deal.customer == offered.customer && deal.location == world.fabrikam.everywhere)
    }
  }

  @Test func `section 9 R-205 G08 help is asked once, and what was asked stays as it was`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let (deal, copy) = try await world.asked()
      let asked = try await world.vendor.client.getDeal(copy).deal
      let again = try await refused {
        try await world.invite(world.vendor, to: deal) { $0.notes = "something else" }
      }
      #expect(again.reason == "ALREADY_INVITED" && again.message.contains("G08"))
      _ = try await client.patchDeal(
        deal,
        .only { patch in
          patch.value = Money("5 EUR")
          patch.closeDate = Moment(day: "2090-01-01")
          patch.notes = "changed"
        })
      let card = try await client.getDeal(deal).deal.cards.first
      #expect(card?.content?.value == Money("25000 EUR"))
      #expect(card?.content?.notes == "a proof of concept is wanted")
      let seen = try await world.vendor.client.getDeal(copy).deal
      #expect(seen.invitation == asked.invitation && seen.value == asked.value)
    }
  }

  @Test func `scenario 26, section 9 R-405 what the vendor was shown is never hidden again`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let (shown, copy) = try await world.shown()
      let asked = try await world.asked().deal
      for deal in [shown, asked] {
        let before = try await client.getDeal(deal).deal
        let refusal = try await refused {
          try await client.patchDeal(deal, .only { $0.isVisibleToVendor = false })
        }
        #expect(refusal.violations.map(\.field) == ["visible_to_vendor"], "\(refusal)")
        #expect(refusal.violations.map(\.reason) == ["R-405"], "\(refusal)")
        #expect(try await client.getDeal(deal).deal == before)
      }
      #expect(try await world.vendor.client.getDeal(copy).deal.baseKind == .partnerLed)
    }
  }
}
