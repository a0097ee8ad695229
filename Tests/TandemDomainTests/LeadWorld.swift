// SPDX-License-Identifier: Apache-2.0
// A vendor that sends leads, and the partner that they are for.

import TandemDomain
import TandemPrimitives
import Testing

struct LeadWorld {
  var world: World
  let northwind: TenantID
  let contoso: TenantID

  init() throws {
    let northwind = try Given("Northwind", kind: .vendor, seed: 1)
    let contoso = try Given("Contoso", seed: 2)
    world = try World([northwind, contoso])
    self.northwind = northwind.id
    self.contoso = contoso.id
  }

  var partner: Given {
    get throws { try world[contoso] }
  }

  var vendor: Given {
    get throws { try world[northwind] }
  }

  /// A lead in which nothing is missing.
  func lead(_ name: Text = "Adatum") -> SendLead {
    var lead = SendLead(
      partner: contoso, leadClass: .direct, origin: .offer, customerName: name, country: .de,
      city: "Berlin", contact: .named("Cora"))
    lead.source = .cloudMarketplace
    lead.callToAction = .contactMe
    lead.text = "please call"
    return lead
  }

  /// Sends a lead, a moment after what was before, and delivers it.
  mutating func send(_ change: (inout SendLead) -> Void = { _ in }) throws -> LeadID {
    world.advance(by: Timestamp.Span(milliseconds: 1))
    var lead = lead()
    change(&lead)
    guard case .leadSent(let id) = try world.when(northwind, .sendLead(lead)).answer else {
      throw Unexpected()
    }
    try world.settle()
    return id
  }

  func received(_ id: LeadID) throws -> Lead { try #require(try partner.state.leads[id]) }

  @discardableResult
  mutating func when(_ command: Command) throws -> Decision { try world.when(contoso, command) }

  mutating func refused(_ command: Command) throws -> Rejection {
    try world.refused(contoso, command)
  }

  /// Moves time, and lets the partner's timers fire as long as they want.
  mutating func pass(_ span: Timestamp.Span) throws {
    world.advance(by: span)
    let now = try partner.now
    while let due = try partner.state.nextDeadline(try partner.deals), due <= now {
      try when(.fireDeadlines)
    }
    try world.settle()
  }

  /// What the vendor heard of a lead, oldest first.
  func heard(_ id: LeadID) throws -> [LeadAnswer] {
    try vendor.commits.flatMap(\.events).compactMap { event in
      if case .leadAnswered(let answer) = event, answer.lead == id { return answer }
      return nil
    }
  }

  func accepting(_ id: LeadID) -> AcceptLead {
    AcceptLead(
      lead: id, name: "Migration", value: .euros(900),
      closeDate: Timestamp(milliseconds: 1_900_000_000_000), notes: "soon", team: [.named("Ada")])
  }

  func list(
    _ tab: LeadTab? = nil, pageSize: UInt32 = 100, by user: Principal? = nil,
    _ change: (inout ListLeads) -> Void = { _ in }
  ) throws -> LeadPage {
    var list = ListLeads(tab: tab, pageSize: pageSize, after: nil)
    change(&list)
    let partner = try partner
    return try partner.state.leadPage(list, for: user ?? partner.who, at: partner.now)
  }
}

extension Command {
  static func declineLead(_ id: LeadID) -> Command {
    .declineLead(EndLead(lead: id, reason: ReasonCode(4), notes: "not our trade"))
  }
  static func loseLead(_ id: LeadID) -> Command {
    .loseLead(EndLead(lead: id, reason: ReasonCode(3), notes: .empty))
  }
  static func winLead(_ id: LeadID) -> Command { .winLead(MoveLead(lead: id)) }
  static func archiveLead(_ id: LeadID) -> Command { .archiveLead(MoveLead(lead: id)) }
}
