// SPDX-License-Identifier: Apache-2.0
// Section 11 between organisations, over the wire: what each viewer sees of a deal, and what not.

import TandemClient
import Testing

/// Something on a deal that can be found again wherever it is told.
private enum Mark: String, CaseIterable {
  case name = "mark-of-name"
  case notes = "mark-of-notes"
  case crmID = "mark-of-crm"
  case campaign = "mark-of-campaign"
  case customer = "mark-of-customer"
  case duns = "150483782"
  case external = "mark-of-external"
  case contact = "mark-of-contact"
  case team = "mark-of-team"
  case value = "24681"
  case notesToVendor = "mark-of-ask"
  case whyNotes = "mark-of-why"
  case shareValue = "13579"
  case late = "mark-of-late"
}

struct VisibilityTable {
  /// Contoso's deal with every mark on it but those of invitations.
  private func marked(
    _ world: Ecosystem, _ change: (inout NewDeal) -> Void = { _ in }
  ) async throws -> ID {
    try await world.deal { deal in
      deal.name = Mark.name.rawValue
      deal.notes = Mark.notes.rawValue
      deal.crmID = Mark.crmID.rawValue
      deal.campaignID = Mark.campaign.rawValue
      deal.customer.name = Mark.customer.rawValue
      var duns = CustomerIdentifier()
      duns.scheme = .duns
      duns.value = Mark.duns.rawValue
      var external = CustomerIdentifier()
      external.scheme = .external
      external.value = Mark.external.rawValue
      deal.customer.identifiers = [duns, external]
      deal.customer.contacts[0].person.title = Mark.contact.rawValue
      deal.team[0].person.title = Mark.team.rawValue
      deal.value = Money("24681 EUR")
      change(&deal)
    }
  }

  private func invite(_ company: Company, to deal: ID, _ world: Ecosystem) async throws -> ID {
    try await world.invite(company, to: deal) { invitation in
      invitation.notes = Mark.whyNotes.rawValue
      invitation.value = Money("13579 EUR")
    }
    return try await world.copy(of: deal, at: company)
  }

  /// Everything that a company's administrator can read, by every way of reading.
  private func everything(_ company: Company) async throws -> String {
    let client = company.client
    var found = ""
    let deals = try await company.list()
    found += try text(of: deals)
    let ids = deals.compactMap(\.id)
    found += try text(of: try await client.getDeals(ids))
    for id in ids {
      found += try text(of: try await client.history(of: id))
      found += try text(of: try await client.describeDealActions(id))
    }
    found += try text(of: try await client.listNotifications())
    found += try text(of: try await client.listRecentContacts())
    found += try text(of: try await client.aggregateDeals([], groupBy: [.campaign]))
    for try await item in client.watch(beginsWithSnapshot: true) {
      found += try text(of: item)
      if item.snapshot == .ends { break }
    }
    return found
  }

  private func expect(
    _ company: Company, sees marks: Set<Mark>, _ row: String,
    _ place: SourceLocation = #_sourceLocation
  ) async throws {
    let found = try await everything(company)
    for mark in Mark.allCases {
      #expect(
        found.contains(mark.rawValue) == marks.contains(mark), "\(row): \(mark)",
        sourceLocation: place)
    }
  }

  private let own: Set<Mark> = [
    .name, .notes, .crmID, .campaign, .customer, .duns, .external, .contact, .team, .value,
  ]

  @Test
  func `section 11 G02 R-203 invariant 5 invariant 12 of a private deal the vendor sees nothing`()
    async throws
  {
    try await Ecosystem.run { world in
      let deal = try await marked(world)
      _ = try await world.contoso.client.patchDeal(deal, .only { $0.stage = 40 })
      let won = try await marked(world)
      _ = try await world.contoso.client.winDeal(won)
      try await expect(world.contoso, sees: own, "owner, private")
      // Messages arrive in order: what comes of this deal comes after all that could have come.
      let shown = try await world.shown().copy
      for company in [world.vendor, world.fabrikam] {
        try await expect(company, sees: [], "\(company.name), private")
      }
      let vendor = world.vendor.client
      let listed = try await world.vendor.list()
      #expect(listed.map(\.id) == [shown])
      #expect(try await vendor.aggregateDeals().total.count == 1)
      // Its id is as unknown as one that never was.
      let stranger = try #require(ID("deal_00000000000000000000000000"))
      for id in [deal, won, stranger] {
        let refusal = try await refused { try await vendor.getDeal(id) }
        #expect(refusal.code == .notFound && refusal.reason == "DEAL_NOT_FOUND")
        #expect(refusal.message == "there is no deal \(id) that you may see")
        let actions = try await refused { try await vendor.describeDealActions(id) }
        #expect(actions.message == refusal.message)
        let patch = try await refused { try await vendor.patchDeal(id, .only { $0.notes = "x" }) }
        #expect(patch.message == refusal.message)
        let mark = try await refused { try await vendor.setFavourite(id, true) }
        #expect(mark.message == refusal.message)
      }
    }
  }

  @Test func `scenario 2, section 11 G15 R-203 of a partner-led deal the vendor reads the details`()
    async throws
  {
    try await Ecosystem.run { world in
      let deal = try await marked(world) { $0.isVisibleToVendor = true }
      let mine = try await world.contoso.client.getDeal(deal).deal
      #expect(mine.baseKind == .partnerLed && mine.status == .accepted && mine.cards.isEmpty)
      let copy = try await world.copy(of: deal, at: world.vendor)
      let read = try await world.vendor.client.getDeal(copy).deal
      #expect(read.isShadow && read.baseKind == .partnerLed && read.respondBy == nil)
      let details: Set<Mark> = [.name, .notes, .customer, .duns, .team, .value]
      try await expect(world.vendor, sees: details, "vendor, partner-led")
      try await expect(world.fabrikam, sees: [], "partner, partner-led")
      _ = try await world.contoso.client.patchDeal(
        deal, .only { $0.addedTeam = [TeamMember(.titled(Mark.late.rawValue))] })
      _ = try await world.vendor.deal(copy) { ($0.sharedView?.team.count ?? 0) == 2 }
      try await expect(world.vendor, sees: details.union([.late]), "vendor, partner-led, later")
    }
  }

  @Test
  func
    `section 11 G15 R-208 of a co-sell deal the vendor sees what it was asked, contact and notes`()
    async throws
  {
    try await Ecosystem.run { world in
      let deal = try await marked(world) { deal in
        deal.isVisibleToVendor = true
        deal.help = .proofOfConcept
        deal.notesToVendor = Mark.notesToVendor.rawValue
      }
      let copy = try await world.copy(of: deal, at: world.vendor)
      let asked: Set<Mark> = [
        .name, .customer, .duns, .contact, .team, .value, .notesToVendor, .notes,
      ]
      try await expect(world.vendor, sees: asked, "vendor, co-sell")
      try await expect(world.fabrikam, sees: [], "partner, co-sell")
      let before = try await world.contoso.client.getDeal(deal).deal.cards
      #expect(before.map(\.status) == [.pending] && before[0].team.isEmpty)
      var acceptance = Acceptance(name: "secret name")
      acceptance.notes = "secret notes"
      acceptance.crmID = "secret-1"
      acceptance.value = Money("99999 EUR")
      acceptance.team = [TeamMember(.named("Sela"))]
      _ = try await world.vendor.client.acceptDeal(copy, acceptance)
      let told = try await world.contoso.deal(deal) { $0.cards.first?.status == .accepted }
      #expect(told.cards[0].team.map(\.person.firstName) == ["Sela"])
      let owners = try await everything(world.contoso)
      for secret in ["secret name", "secret notes", "secret-1", "99999"] {
        #expect(!owners.contains(secret), "owner, co-sell: \(secret)")
      }
      _ = try await world.contoso.client.patchDeal(
        deal, .only { $0.addedTeam = [TeamMember(.titled(Mark.late.rawValue))] })
      _ = try await world.vendor.deal(copy) { ($0.sharedView?.team.count ?? 0) == 2 }
      try await expect(world.vendor, sees: asked.union([.late]), "vendor, co-sell, accepted")
      // The notes follow; the vendor's own are another matter.
      _ = try await world.contoso.client.patchDeal(deal, .only { $0.notes = "offer sent" })
      let following = try await world.vendor.deal(copy) { $0.sharedView?.notes == "offer sent" }
      #expect(following.notes == "secret notes")
      // A partner on the same deal reads neither.
      let partners = try await invite(world.fabrikam, to: deal, world)
      _ = try await world.fabrikam.client.acceptDeal(partners, Acceptance(name: "Ours"))
      _ = try await world.fabrikam.deal(partners) { ($0.sharedView?.team.count ?? 0) == 2 }
      let seen = try await everything(world.fabrikam)
      for secret in ["offer sent", "secret notes", Mark.name.rawValue, Mark.value.rawValue] {
        #expect(!seen.contains(secret), "partner, co-sell: \(secret)")
      }
    }
  }

  @Test
  func `section 11 R-205 R-306 an invited partner sees its share, after accepting both teams`()
    async throws
  {
    try await Ecosystem.run { world in
      let deal = try await marked(world)
      let copy = try await invite(world.fabrikam, to: deal, world)
      let offered: Set<Mark> = [.customer, .duns, .contact, .team, .whyNotes, .shareValue]
      try await expect(world.fabrikam, sees: offered, "partner before accepting")
      let pending = try await world.fabrikam.client.getDeal(copy).deal
      #expect(pending.invitation?.help == .technicalArchitecture)
      #expect(pending.invitation?.solutions.map(\.name) == ["Backup"])
      #expect(pending.invitation?.closeDate == Moment(day: "2099-05-31"))
      _ = try await world.contoso.client.patchDeal(
        deal, .only { $0.addedTeam = [TeamMember(.titled(Mark.late.rawValue))] })
      try await expect(world.fabrikam, sees: offered, "partner before accepting, later")
      var acceptance = Acceptance(name: "Ours")
      acceptance.team = [TeamMember(.named("Fay"))]
      _ = try await world.fabrikam.client.acceptDeal(copy, acceptance)
      _ = try await world.fabrikam.deal(copy) { ($0.sharedView?.team.count ?? 0) == 2 }
      try await expect(
        world.fabrikam, sees: offered.union([.late]), "partner after accepting")
      let cards = try await world.contoso.client.getDeal(deal).deal.cards
      #expect(cards[0].team.map(\.person.firstName) == ["Fay"])
      // The vendor hears nothing of partners on a private deal.
      try await expect(world.vendor, sees: [], "vendor, private with partners")
    }
  }

  @Test func `section 11 G10 ruling 18 invited partners see nothing of each other but a name`()
    async throws
  {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      let deal = try await marked(world)
      let first = try await invite(world.fabrikam, to: deal, world)
      try await world.invite(tailspin, to: deal) { invitation in
        invitation.notes = "another reason"
        invitation.value = Money("86420 EUR")
      }
      let second = try await world.copy(of: deal, at: tailspin)
      #expect(try await !everything(world.fabrikam).contains("Tailspin"))
      #expect(try await !everything(tailspin).contains("Fabrikam"))
      _ = try await world.fabrikam.client.acceptDeal(first, Acceptance(name: "first name"))
      _ = try await tailspin.client.acceptDeal(second, Acceptance(name: "second name"))
      _ = try await world.fabrikam.deal(first) { $0.sharedView?.participants.isEmpty == false }
      _ = try await tailspin.deal(second) { $0.sharedView?.participants.isEmpty == false }
      let fabrikam = try await everything(world.fabrikam)
      #expect(fabrikam.contains("Tailspin"))
      for secret in ["another reason", "86420", "second name"] {
        #expect(!fabrikam.contains(secret), "\(secret)")
      }
      let other = try await everything(tailspin)
      #expect(other.contains("Fabrikam"))
      for secret in [Mark.whyNotes.rawValue, Mark.shareValue.rawValue, "first name"] {
        #expect(!other.contains(secret), "\(secret)")
      }
    }
  }
}

extension Person {
  fileprivate static func titled(_ title: String) -> Person {
    var person = Person.named("Late")
    person.title = title
    return person
  }
}
