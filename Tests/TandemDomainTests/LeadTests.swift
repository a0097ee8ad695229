// SPDX-License-Identifier: Apache-2.0
// Leads: sent by the vendor, answered by their partner, and gone when their time is over (domain.md 18).

import TandemDomain
import TandemPrimitives
import Testing

struct LeadTests {
  // MARK: Sending

  @Test func `section 18 a lead arrives at its partner as received, once`() throws {
    var given = try LeadWorld()
    guard
      case .leadSent(let id) = try given.world.when(
        given.northwind, .sendLead(given.lead())
      ).answer
    else { throw Unexpected() }
    try given.world.settle(times: 3)
    let lead = try given.received(id)
    #expect(lead.status == .received && lead.version == 1 && lead.sender.name == "Northwind")
    #expect(lead.contact == .named("Cora") && lead.respondBy == lead.sentAt.advanced(by: .days(14)))
    #expect(try given.partner.state.leads.count == 1 && given.partner.deals.count == 0)
    given.world.expectReplayGivesTheSame()
  }

  @Test func `section 18 everything that is missing in a lead is told at once`() throws {
    var given = try LeadWorld()
    let blank = SendLead(
      partner: .zero, leadClass: nil, origin: nil, customerName: " ", country: nil, city: .empty,
      contact: .erased)
    let refusal = try given.world.refused(given.northwind, .sendLead(blank))
    #expect(
      refusal.violations.map(\.field) == [
        "partner_id", "lead_class", "origin", "customer_name", "country", "contact.first_name",
        "contact.last_name", "contact.email",
      ])
  }

  @Test func `section 18 what does not fit together in a lead is refused by name`() throws {
    var given = try LeadWorld()
    let stranger = try Given("Elsewhere", seed: 9)
    let cases: [(String, String, (inout SendLead) -> Void)] = [
      ("partner_id", "PARTNER_UNKNOWN", { $0.partner = stranger.id }),
      ("partner_id", "PARTNER_UNKNOWN", { [vendor = given.northwind] in $0.partner = vendor }),
      ("source", "section 18", { $0.source = nil }),
      ("call_to_action", "section 18", { $0.callToAction = nil }),
      ("solution_id", "SOLUTION_UNKNOWN", { $0.solution = SolutionID(high: 4, low: 4) }),
      ("phone_validity", "FIELD_INVALID", { $0.phoneValidity = .spam }),
      ("text", "G24", { $0.text = Text(String(repeating: "x", count: 2_001)) }),
      (
        "source", "FIELD_NOT_ALLOWED",
        {
          $0.origin = .profile
          $0.callToAction = .contactMe
        }
      ),
      (
        "call_to_action", "section 18",
        {
          $0.origin = .profile
          $0.source = nil
          $0.callToAction = .freeTrial
        }
      ),
    ]
    for (field, rule, change) in cases {
      var lead = given.lead()
      change(&lead)
      let refusal = try given.world.refused(given.northwind, .sendLead(lead))
      #expect(refusal.violations.map(\.field) == [field], "\(rule)")
      #expect(refusal.violations.map(\.rule) == [rule], "\(field)")
    }
  }

  @Test func `section 18 a lead names a solution that its partner offers`() throws {
    var given = try LeadWorld()
    let backup = Solution.named("Backup", of: given.contoso)
    for id in given.world.ids { given.world.members[id]?.directory.put(backup) }
    let id = try given.send { $0.solution = backup.id }
    #expect(try given.received(id).solutionName == "Backup")
    // What it sells to nobody but its own customers stays its own.
    var hidden = backup
    hidden.isCoSellReady = false
    for id in given.world.ids { given.world.members[id]?.directory.put(hidden) }
    var lead = given.lead()
    lead.solution = backup.id
    let refusal = try given.world.refused(given.northwind, .sendLead(lead))
    #expect(refusal.reason == "SOLUTION_UNKNOWN")
  }

  @Test func `section 18 only the vendor sends leads, by who has all of its deals`() throws {
    var given = try LeadWorld()
    #expect(try given.refused(.sendLead(given.lead())).reason == "VENDOR_ONLY")
    var vendor = try given.vendor
    let local = try vendor.add("Loki", .seller, at: [vendor.berlin])
    let reader = try vendor.add("Vera", .viewer)
    for user in [local, reader] {
      #expect(try vendor.refused(.sendLead(given.lead()), by: user).reason == "ROLE_MISSING")
    }
    let seller = try vendor.add("Sam", .seller)
    try vendor.when(.sendLead(given.lead()), by: seller)
  }

  @Test func `section 18 sending is tried without a lead`() throws {
    var given = try LeadWorld()
    let tried = try given.world.when(given.northwind, .rehearse(.sendLead(given.lead()), wrong: []))
    #expect(tried.answer == .done && tried.events.isEmpty)
  }

  // MARK: Life

  @Test func `section 18 accepting needs name, value, timeframe and team`() throws {
    var given = try LeadWorld()
    let id = try given.send()
    let nothing = AcceptLead(
      lead: id, name: .empty, value: nil, closeDate: nil, notes: .empty, team: [])
    #expect(
      try given.refused(.acceptLead(nothing)).violations.map(\.field)
        == ["name", "value", "close_date_ms", "team"])
    try given.when(.acceptLead(given.accepting(id)))
    let lead = try given.received(id)
    #expect(lead.status == .accepted && lead.respondBy == nil && lead.version == 2)
    #expect(lead.acceptance?.team.map(\.line) == [1] && lead.acceptance?.value == .euros(900))
    #expect(lead.contact == .named("Cora"))
  }

  /// Every step from every state: what is not in the table is refused.
  @Test func `section 18 the lifecycle has no other ways`() throws {
    let paths: [(LeadStatus, [String])] = [
      (.received, []), (.accepted, ["accept"]), (.declined, ["decline"]), (.expired, ["expire"]),
      (.won, ["accept", "win"]), (.lost, ["accept", "lose"]),
      (.archived, ["decline", "archive"]),
    ]
    let open: [LeadStatus: [String: LeadStatus]] = [
      .received: ["accept": .accepted, "decline": .declined],
      .accepted: ["win": .won, "lose": .lost],
      .declined: ["archive": .archived], .expired: ["archive": .archived],
      .won: ["archive": .archived], .lost: ["archive": .archived], .archived: [:],
    ]
    for (status, path) in paths {
      for step in ["accept", "decline", "win", "lose", "archive"] {
        var given = try LeadWorld()
        let id = try given.send()
        for step in path { try given.take(step, id) }
        #expect(try given.received(id).status == status)
        if let next = open[status]?[step] {
          try given.take(step, id)
          #expect(try given.received(id).status == next)
        } else {
          let refusal = try given.refused(given.command(step, id))
          #expect(refusal.code == .failedPrecondition, "\(step) of \(status): \(refusal.reason)")
        }
      }
    }
  }

  @Test func `section 18 a lead expires after 14 days, and no answer is late`() throws {
    var given = try LeadWorld()
    let id = try given.send()
    let last = Timestamp.Span(milliseconds: Timestamp.Span.days(14).milliseconds - 1)
    try given.pass(last)
    #expect(try given.received(id).status == .received)
    given.world.advance(by: Timestamp.Span(milliseconds: 1))
    // Before its timer ran.
    #expect(try given.refused(.acceptLead(given.accepting(id))).reason == "LEAD_EXPIRED")
    try given.pass(Timestamp.Span(milliseconds: 0))
    #expect(try given.received(id).status == .expired)
    #expect(try given.heard(id).map(\.status) == [.expired])
    given.world.expectReplayGivesTheSame()
  }

  @Test func `section 18 declining needs a reason, and the vendor hears it`() throws {
    var given = try LeadWorld()
    let id = try given.send()
    let unsaid = EndLead(lead: id, reason: nil, notes: .empty)
    #expect(try given.refused(.declineLead(unsaid)).violations.map(\.field) == ["reason"])
    try given.when(.declineLead(id))
    try given.world.settle()
    let heard = try #require(try given.heard(id).first)
    #expect(heard.status == .declined && heard.closure?.notes == "not our trade")
    #expect(heard.partner.name == "Contoso")
  }

  @Test func `section 18 the vendor hears of each step but the archiving`() throws {
    var given = try LeadWorld()
    let id = try given.send()
    for step in ["accept", "win", "archive"] { try given.take(step, id) }
    try given.world.settle()
    #expect(try given.heard(id).map(\.status) == [.accepted, .won])
    #expect(try given.received(id).outcome == .won)
  }

  @Test(arguments: [CallToAction.getItNow, .freeTrial, .testDrive])
  func `section 18 an informational lead asks for nothing and never expires`(
    _ action: CallToAction
  ) throws {
    var given = try LeadWorld()
    let id = try given.send { $0.callToAction = action }
    for step in ["accept", "decline", "win", "lose"] {
      #expect(try given.refused(given.command(step, id)).reason == "LEAD_INFORMATIONAL")
    }
    try given.pass(.days(30))
    #expect(try given.received(id).status == .received)
    #expect(try given.partner.state.notifications.isEmpty)
    try given.when(.archiveLead(id))
    #expect(try given.received(id).outcome == .received)
    #expect(try given.heard(id).isEmpty)
    // Who was qualified by the vendor is answered, whatever it pressed first.
    let qualified = try given.send {
      $0.callToAction = action
      $0.leadClass = .marketingQualified
    }
    try given.when(.acceptLead(given.accepting(qualified)))
  }

  @Test func `section 18 a wish to be contacted is strong for 72 hours`() throws {
    var given = try LeadWorld()
    let id = try given.send { $0.wantsContact = true }
    let admin = try given.partner.who
    func wantsNow() throws -> Bool {
      try given.partner.state.leadRow(id, for: admin, at: given.partner.now).wantsContactNow
    }
    #expect(try wantsNow())
    given.world.advance(by: .hours(71))
    #expect(try wantsNow())
    given.world.advance(by: .hours(1))
    #expect(try !wantsNow())
    #expect(try given.received(id).wantsContact)
  }

  // MARK: Contact

  @Test(arguments: ["decline", "expire"])
  func `section 18 the contact of a lead that came to nothing is gone`(_ step: String) throws {
    var given = try LeadWorld()
    let id = try given.send { $0.wantsContact = true }
    try given.take(step, id)
    for archives in [false, true] {
      if archives { try given.when(.archiveLead(id)) }
      let row = try #require(try given.list().rows.first)
      #expect(row.lead.contact == .erased && row.lead.text.isEmpty && !row.wantsContactNow)
      #expect(row.lead.customerName == "Adatum")
    }
  }

  @Test func `section 18 marketplace leads are kept six months, qualified ones longer`() throws {
    var given = try LeadWorld()
    let direct = try given.send()
    let trial = try given.send { $0.callToAction = .freeTrial }
    let qualified = try given.send { $0.leadClass = .salesQualified }
    try given.when(.acceptLead(given.accepting(direct)))
    try given.when(
      .setLeadFavourite(SetLeadFavourite(lead: direct, isFavourite: true)))
    try given.pass(.days(182))
    #expect(try given.partner.state.leads.count == 3)
    try given.pass(.days(1))
    #expect(try given.list().rows.map(\.lead.id) == [qualified])
    #expect(try given.partner.state.leads[trial] == nil)
    #expect(try given.partner.state.leadFavourites.isEmpty)
    #expect(try given.refused(.archiveLead(direct)).reason == "LEAD_NOT_FOUND")
    given.world.expectReplayGivesTheSame()
  }

  @Test func `section 18 many leads are ended in portions of a turn`() throws {
    var given = try LeadWorld()
    for number in 0..<300 {
      var lead = given.lead()
      lead.customerName = Text("Customer \(number)")
      try given.world.when(given.northwind, .sendLead(lead))
    }
    try given.world.settle()
    given.world.advance(by: .days(14))
    let first = try given.when(.fireDeadlines)
    let ended = first.events.count { if case .leadChanged = $0 { true } else { false } }
    #expect(ended > 0 && ended < 300)
    try given.pass(Timestamp.Span(milliseconds: 0))
    #expect(try given.list(pageSize: 1_000).rows.allSatisfy { $0.lead.status == .expired })
    try given.pass(.days(170))
    #expect(try given.partner.state.leads.isEmpty)
  }

  // MARK: Notifications

  @Test func `section 18 who works on leads is told of them, and before they expire`() throws {
    var given = try LeadWorld()
    var partner = try given.partner
    let admin = partner.admin
    let local = try partner.add("Loki", .referralsAdmin, at: [partner.berlin])
    let reader = try partner.add("Vera", .viewer)
    given.world.members[given.contoso] = partner
    let id = try given.send()
    try given.pass(.days(11))
    try given.pass(.days(2))
    let told = try #require(try given.partner.state.notifications[admin])
    #expect(told.map(\.kind) == [.leadReceived, .leadDueSoon, .leadDueSoon])
    #expect(told.allSatisfy { $0.lead == id && $0.deal.isZero })
    for user in [local, reader] {
      guard case .user(let id, _, _) = user else { throw Unexpected() }
      #expect(try given.partner.state.notifications[id] == nil)
    }
  }

  @Test func `section 18 of more than ten leads a day one entry tells`() throws {
    var given = try LeadWorld()
    for _ in 0..<14 { _ = try given.send() }
    _ = try given.send { $0.callToAction = .testDrive }
    let admin = try given.partner.admin
    let kinds = try #require(try given.partner.state.notifications[admin]).map(\.kind)
    #expect(kinds == Array(repeating: .leadReceived, count: 10) + [.leadDigest])
    given.world.advance(by: .days(1))
    _ = try given.send()
    #expect(try given.partner.state.notifications[admin]?.last?.kind == .leadReceived)
  }

  // MARK: Room

  @Test func `section 18 a lead for nobody comes back to the vendor`() throws {
    var given = try LeadWorld()
    given.world.members[given.contoso] = Given(unborn: given.contoso)
    let id = try given.send()
    let heard = try #require(try given.heard(id).first)
    #expect(heard.status == .expired && heard.closure?.reason == .undeliverable)
    #expect(heard.partner.id == given.contoso)
  }

  @Test func `section 18 an ended lead makes room for a new one, an open one never`() throws {
    let given = try LeadWorld()
    var state = try given.partner.state
    var sample = try LeadWorld.sample(from: given.northwind)
    for number in 1...UInt64(300) {
      sample.id = LeadID(high: 1, low: number)
      state.leads.put(sample)
    }
    var ended = sample
    ended.status = .lost
    ended.endedAt = .zero
    ended.respondBy = nil
    state.leads.put(ended)
    var events = state.receiving(sample, as: LeadID(high: 2, low: 1), from: given.northwind)
    #expect(events.contains(.leadsDeleted([ended.id])))
    // Without it there is no room, and the vendor hears so.
    sample.id = ended.id
    state.leads.put(sample)
    events = state.receiving(sample, as: LeadID(high: 2, low: 1), from: given.northwind)
    let answers = events.compactMap { event -> LeadAnswer? in
      guard case .messageSent(let entry) = event, case .leadAnswered(let answer) = entry.message
      else { return nil }
      return answer
    }
    #expect(answers.map(\.closure?.reason) == [.undeliverable])
    #expect(!events.contains { if case .leadReceived = $0 { true } else { false } })
  }
}

extension LeadWorld {
  fileprivate func command(_ step: String, _ id: LeadID) -> Command {
    switch step {
    case "accept": .acceptLead(accepting(id))
    case "decline": .declineLead(id)
    case "win": .winLead(id)
    case "lose": .loseLead(id)
    default: .archiveLead(id)
    }
  }

  fileprivate mutating func take(_ step: String, _ id: LeadID) throws {
    guard step == "expire" else {
      try when(command(step, id))
      return
    }
    try pass(.days(14))
  }

  /// One that waits for its answer.
  fileprivate static func sample(from vendor: TenantID) throws -> Lead {
    var lead = Lead(
      id: .zero, sender: OrganisationReference(id: vendor, name: "Northwind"),
      leadClass: .salesQualified, origin: .offer, customerName: "Adatum", country: .de,
      contact: .named("Cora"), sentAt: .zero)
    lead.version = 1
    lead.respondBy = .zero
    return lead
  }
}

extension TenantState {
  /// What an organisation that may have 300 leads makes of one more.
  fileprivate func receiving(
    _ lead: Lead, as id: LeadID, from sender: TenantID
  ) -> [Event] {
    var lead = lead
    lead.id = id
    var context = CommandContext(
      now: lastTime, principal: .system, fresh: FreshIdentifiers(seed: 5),
      directory: RealmDirectory())
    var events: [Event] = []
    ReceivingLeads.receive(lead, from: sender, max: 300, self, &context, &events)
    return events
  }
}
