// SPDX-License-Identifier: Apache-2.0
// Leads from the vendor to the end of their time, over the wire.

import TandemClient
import Testing

struct LeadScenarios {
  @Test func `section 18 a lead is sent, taken and won, and both sides follow it`() async throws {
    try await Ecosystem.run { world in
      let partner = world.contoso.client
      var own = partner.watch(includesProgress: true).makeAsyncIterator()
      var vendors = world.vendor.client.watch(includesProgress: true).makeAsyncIterator()
      for item in [try await own.next(), try await vendors.next()] {
        #expect(item?.isProgress == true)
      }
      let id = try await world.send { $0.wantsContact = true }
      let view = try await partner.getLead(id)
      #expect(view.lead.contact.email == "cora@example.com" && view.wantsContactNow)
      #expect(view.lead.sender.name == "Northwind" && view.lead.respondBy != nil)

      _ = try await partner.acceptLead(id, .complete)
      let won = try await partner.winLead(id)
      #expect(won.version == 3 && won.commit > 0)
      let archived = try await partner.archiveLead(id)
      #expect(archived.version == 4)

      var told: [LeadEvent] = []
      while told.count < 4, let item = try await own.next() { told += item.leadEvents }
      #expect(told.map(\.cause) == [.leadReceived, .accepted, .won, .leadArchived])
      #expect(told.map(\.id) == [id, id, id, id] && told.map(\.version) == [1, 2, 3, 4])
      #expect(told.last?.lead?.outcome == .won)
      var heard: [LeadAnswer] = []
      while heard.count < 2, let item = try await vendors.next() { heard += item.leadAnswers }
      #expect(heard.map(\.status) == [.accepted, .won])
      #expect(heard.allSatisfy { $0.lead == id && $0.partner.name == "Contoso" })
    }
  }

  @Test func `section 18 a blank lead is refused with everything that is missing`() async throws {
    try await Ecosystem.run { world in
      let blank = NewLead(for: world.contoso.id, .unspecified, origin: .unspecified)
      let error = try await refused { try await world.vendor.client.sendLead(blank) }
      #expect(error.code == .invalidArgument)
      let missing = [
        "lead_class", "origin", "customer_name", "country", "contact.first_name",
        "contact.last_name", "contact.email",
      ]
      #expect(error.violations.map(\.field) == missing)
      let foreign = try await refused {
        try await world.contoso.client.sendLead(.complete(for: world.fabrikam))
      }
      #expect(foreign.reason == "VENDOR_ONLY")
    }
  }

  @Test func `section 18 a lead expires by the realm's clock and its contact is gone`() async throws
  {
    try await Ecosystem.run { world in
      let partner = world.contoso.client
      let id = try await world.send()
      var feed = partner.watch(includesProgress: true).makeAsyncIterator()
      let token = try #require(try await feed.next()).token
      let second = try await world.send()
      var vendors = world.vendor.client.watch(includesProgress: true).makeAsyncIterator()
      #expect(try await vendors.next()?.isProgress == true)
      try await world.pass(.seconds(14 * 86_400))
      for lead in [id, second] {
        let ended = try await eventually { () -> Lead? in
          let now = try await partner.getLead(lead).lead
          return now.status == .expired ? now : nil
        }
        #expect(ended.contact == Person() && ended.text.isEmpty && ended.customerName == "Adatum")
      }
      var heard: [LeadAnswer] = []
      while heard.count < 2, let item = try await vendors.next() { heard += item.leadAnswers }
      #expect(Set(heard.map(\.lead)) == [id, second] && heard.allSatisfy { $0.status == .expired })
      // Also the past tells nothing of the contact any more.
      var told: [LeadEvent] = []
      for try await item in partner.watch(from: token) {
        told += item.leadEvents
        if told.contains(where: { $0.id == second && $0.cause == .expired }) { break }
      }
      let arrival = try #require(told.first { $0.id == second && $0.cause == .leadReceived })
      #expect(arrival.lead?.contact == Person() && arrival.lead?.text.isEmpty == true)
      let notes = try await partner.listNotifications()
      #expect(notes.contains { $0.topic == .leadReceived && $0.lead == second && $0.deal == nil })
      try await world.pass(.seconds(170 * 86_400))
      _ = try await eventually { () -> TandemError? in
        do {
          _ = try await partner.getLead(id)
          return nil
        } catch let error as TandemError {
          return error.reason == "LEAD_NOT_FOUND" ? error : nil
        }
      }
    }
  }

  @Test func `section 18 section 11 whoever has not the entire organisation sees no leads`()
    async throws
  {
    try await Ecosystem.run { world in
      let id = try await world.send()
      let everybody = world.contoso
      let place = try await everybody.client.addLocation(name: "Kyiv", country: "UA")
      for (name, role, locations) in [
        ("Ulla", Role.referralsUser, []), ("Rita", .referralsAdmin, [place]),
        ("Viktor", .viewer, [place]),
      ] {
        let user = try await everybody.user(name, role, at: locations)
        #expect(try await user.leads() == [])
        #expect(try await refused { try await user.getLead(id) }.code == .notFound)
        let error = try await refused { try await user.declineLead(id, reason: 1) }
        #expect(error.code == .notFound)
      }
      let viewer = try await everybody.user("Vera", .viewer)
      #expect(try await viewer.leads() == [id])
      let error = try await refused { try await viewer.declineLead(id, reason: 1) }
      #expect(error.reason == "ROLE_MISSING")
      // Another organisation has none of it.
      #expect(try await refused { try await world.fabrikam.client.getLead(id) }.code == .notFound)
    }
  }

  @Test func `G34 section 18 tabs and filters find leads, page by page`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      var direct: [ID] = []
      for _ in 0..<5 { direct.append(try await world.send()) }
      let sales = try await world.send {
        $0.leadClass = .salesQualified
        $0.country = "FR"
        $0.quality = .high
      }
      let all = Set(direct + [sales])
      var filter = LeadFilter()
      filter.pageSize = 2
      #expect(Set(try await client.leads(filter)) == all)
      filter.tab = .marketplace
      #expect(Set(try await client.leads(filter)) == Set(direct))
      filter.tab = .qualified
      #expect(try await client.leads(filter) == [sales])
      filter = LeadFilter()
      filter.countries = ["FR"]
      filter.qualities = [.high]
      #expect(try await client.leads(filter) == [sales])
      _ = try await client.setLeadFavourite(direct[1], true)
      filter = LeadFilter()
      filter.tab = .favourites
      #expect(try await client.leads(filter) == [direct[1]])
      #expect(try await client.getLead(direct[1]).isFavourite)
      let same = try await client.getLead(direct[4]).lead.possibleDuplicateOf
      #expect(same.map { direct.contains($0) } == true)
    }
  }

  @Test func `G16 row 20 a lead becomes a deal in one commit and is kept`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let id = try await world.send()
      let early = try await refused {
        try await client.convertLead(id, .forLead(at: world.contoso))
      }
      #expect(early.reason == "LEAD_NOT_ACCEPTED")
      _ = try await client.acceptLead(id, .complete)
      let missing = try await refused { try await client.convertLead(id) }
      #expect(
        missing.violations.map(\.field) == [
          "deal.location_id", "deal.customer.address.line1", "deal.consent.share_with_others",
        ])
      var tried = ChangeOptions()
      tried.validatesOnly = true
      let dry = try await client.convertLead(id, .forLead(at: world.contoso), options: tried)
      #expect(dry.id == nil && dry.commit == 0)

      var options = ChangeOptions()
      options.returnsDeal = true
      options.call = CallOptions(idempotencyKey: Array("convert-0001".utf8))
      let made = try await client.convertLead(id, .forLead(at: world.contoso), options: options)
      let again = try await client.convertLead(id, .forLead(at: world.contoso), options: options)
      #expect(made.id == again.id && again.isReplayed && made.deal?.lead == id)
      let deal = try await client.getDeal(try #require(made.id)).deal
      #expect(deal.lead == id && deal.name == "Migration" && deal.customer.name == "Adatum")
      #expect(deal.customer.contacts.map(\.person.email) == ["cora@example.com"])
      let lead = try await client.getLead(id).lead
      #expect(lead.deal == made.id && lead.status == .accepted)
      let twice = try await refused {
        try await client.convertLead(id, .forLead(at: world.contoso))
      }
      #expect(twice.reason == "LEAD_CONVERTED")
      // The deal lives on as any other, and keeps the lead's id.
      var patch = DealPatch()
      patch.notes = "visited"
      _ = try await client.patchDeal(try #require(made.id), patch)
      #expect(try await client.getDeal(try #require(made.id)).deal.lead == id)
    }
  }

  @Test func `row 31 every change of a lead can be tried first`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let id = try await world.send()
      let before = try await client.getLead(id)
      #expect(
        try await world.vendor.client.sendLead(
          .complete(for: world.contoso), validatesOnly: true) == nil)
      #expect(
        try await client.acceptLead(id, .complete, validatesOnly: true).commit == 0)
      #expect(try await client.declineLead(id, reason: 2, validatesOnly: true).commit == 0)
      #expect(try await client.setLeadFavourite(id, true, validatesOnly: true).commit == 0)
      let error = try await refused { try await client.winLead(id, validatesOnly: true) }
      #expect(error.reason == "LEAD_NOT_ACCEPTED")
      #expect(try await client.getLead(id) == before)
    }
  }

  @Test func `section 18 a repeated request sends no second lead`() async throws {
    try await Ecosystem.run { world in
      let options = CallOptions(idempotencyKey: Array("lead-0000001".utf8))
      let lead = NewLead.complete(for: world.contoso)
      let first = try await world.vendor.client.sendLead(lead, options: options)
      let second = try await world.vendor.client.sendLead(lead, options: options)
      #expect(first == second && first != nil)
      _ = try await world.send()
      #expect(try await world.contoso.client.leads().count == 2)
    }
  }
}

extension Client {
  fileprivate func leads(_ filter: LeadFilter = LeadFilter()) async throws -> [ID] {
    var ids: [ID] = []
    for try await row in listLeads(filter) {
      if let id = row.lead.id { ids.append(id) }
    }
    return ids
  }
}

extension Ecosystem {
  /// Sends Contoso a lead and waits until it is there.
  func send(_ change: (inout NewLead) -> Void = { _ in }) async throws -> ID {
    var lead = NewLead.complete(for: contoso)
    change(&lead)
    let id = try #require(try await vendor.client.sendLead(lead))
    _ = try await eventually { try? await contoso.client.getLead(id) }
    return id
  }
}

extension NewLead {
  /// A lead in which nothing is missing.
  static func complete(for company: Company) -> NewLead {
    var lead = NewLead(for: company.id, .direct, origin: .offer)
    lead.source = .cloudMarketplace
    lead.callToAction = .contactMe
    lead.customerName = "Adatum"
    lead.country = "DE"
    lead.city = "Berlin"
    lead.contact = .named("Cora")
    lead.solution = company.solution
    lead.text = "please call"
    return lead
  }
}

extension NewDeal {
  /// What no lead can say.
  fileprivate static func forLead(at company: Company) -> NewDeal {
    var deal = NewDeal()
    deal.location = company.everywhere
    deal.customer.address.line1 = "Weg 1"
    deal.consent.shareWithOthers = true
    return deal
  }
}

extension LeadAcceptance {
  static var complete: LeadAcceptance {
    var acceptance = LeadAcceptance()
    acceptance.name = "Migration"
    acceptance.value = Money("25000 EUR")
    acceptance.closeDate = Moment(day: "2099-06-30")
    acceptance.team = [TeamMember(.named("Ada"))]
    return acceptance
  }
}
