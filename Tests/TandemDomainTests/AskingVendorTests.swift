// SPDX-License-Identifier: Apache-2.0
// Asking the vendor for help: the kind that follows, the desk that is asked, what it needs.

import TandemDomain
import TandemPrimitives
import Testing

struct AskingVendorTests {
  private var world: World
  private let contoso: TenantID
  /// Covers Germany.
  private let central: TenantID
  /// Covers what no other desk does.
  private let other: TenantID

  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let other = try Given("Vendor", kind: .vendor, seed: 2)
    let central = try Given("Vendor Central", kind: .vendor, seed: 3)
    world = try World([contoso, other, central])
    (self.contoso, self.other, self.central) = (contoso.id, other.id, central.id)
    var directory = RealmDirectory()
    for member in [contoso, other, central] {
      var entry = try member.entry
      if member.id == central.id { entry.covers = [.de] }
      directory.put(entry)
    }
    for id in world.ids { world.members[id]?.directory = directory }
  }

  /// Help with a proof of concept, all that is needed for it.
  private static func ask(_ command: inout CreateDeal) {
    command.help = .proofOfConcept
    command.visibleToVendor = true
    command.notesToVendor = "a proof of concept for 200 branches"
  }

  @Test mutating func `G15 the vendor reads notes that were edited together with the team`() throws
  {
    let deal = try world.create(contoso, Self.ask)
    try world.settle()
    try world.when(central, .accept(try world[central].onlyDeal.id))
    try world.settle()
    let edits: ShortList<FieldEdit> = [.notes("the latest"), .putTeamMember(.named("Cid"))]
    try world.when(contoso, PatchDeal.edits(deal, edits))
    try world.settle()
    let shown = try world[central].onlyDeal.sharedView
    let team = try world[contoso].deal(deal).team
    #expect(shown?.notes == "the latest" && shown?.team == team)
  }

  @Test mutating func `G23 the desk that has not answered follows the deal, one view at a time`()
    throws
  {
    let deal = try world.create(contoso, Self.ask)
    try world.settle()
    for name: Text in ["first", "second", "third"] {
      try world.when(contoso, PatchDeal.edits(deal, [.name(name)]))
    }
    #expect(try world[contoso].state.pendingMessages(for: central).count == 1)
    try world.settle(times: 2)
    let copy = try world[central].onlyDeal
    #expect(copy.status == .pending && copy.sharedView?.details?.name == "third")
    // What the vendor does not read is no message.
    try world.when(contoso, PatchDeal.edits(deal, [.crmID("7")]))
    #expect(try world[contoso].state.pendingMessages(for: central).isEmpty)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `R-201 scenario 4 help makes a co-sell deal and invites the desk`() throws {
    let deal = try world.create(contoso, Self.ask)
    let mine = try world[contoso].deal(deal)
    #expect(mine.baseKind == .coSell && mine.status == .accepted && mine.version == 1)
    #expect(mine.cards.map(\.organisation.id) == [central])
    #expect(mine.cards.map(\.status) == [.pending])
    try world.settle()
    let copy = try world[central].onlyDeal
    #expect(copy.status == .pending && copy.direction == .inbound && copy.baseKind == .coSell)
    #expect(copy.respondBy == mine.createdAt.advanced(by: .days(14)))
    let content = try #require(copy.invitation)
    #expect(content.help == .proofOfConcept && content.value == mine.value)
    #expect(content.notes == "a proof of concept for 200 branches")
    #expect(content.solutions.count == mine.solutions.count)
    #expect(try world[other].deals.count == 0)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `product 3 ruling 1 a country without a desk is the default desk's`() throws {
    let deal = try world.create(contoso) { command in
      Self.ask(&command)
      command.customer.address.country = .fr
    }
    #expect(try world[contoso].deal(deal).cards.map(\.organisation.id) == [other])
  }

  @Test mutating func `a realm without a desk for the customer says so`() throws {
    var directory = RealmDirectory()
    directory.put(try world[contoso].entry)
    world.members[contoso]?.directory = directory
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    Self.ask(&command)
    let rejection = try world.refused(contoso, .createDeal(command))
    #expect(rejection.code == .failedPrecondition && rejection.reason == "NO_VENDOR_DESK")
  }

  @Test mutating func `R-103 R-104 scenario 3 everything that help needs is told at once`() throws {
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    command.help = .proofOfConcept
    command.customer.contacts = []
    command.consent.customerContact = false
    let violations = try world.refused(contoso, .createDeal(command)).violations
    #expect(
      violations.map(\.field) == [
        "visible_to_vendor", "customer.contacts", "consent.customer_contact",
      ])
    #expect(violations.map(\.rule) == ["R-201", "R-103", "R-104"])
  }

  @Test mutating func `R-103 a contact may lack anything but all, until help is asked`() throws {
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    Self.ask(&command)
    command.customer.contacts[0].person = .erased
    command.customer.contacts[0].person.firstName = "Kim"
    func problems() throws -> [String] {
      try world.refused(contoso, .createDeal(command)).violations.map { "\($0.field) \($0.rule)" }
    }
    let contact = "customer.contacts[0].person"
    #expect(
      try problems() == [
        "\(contact).last_name R-103", "\(contact).phone R-103", "\(contact).email R-103",
      ])
    // Who only reads is shown no contact.
    command.help = nil
    command.notesToVendor = .empty
    try world.when(contoso, .createDeal(command))
    command.visibleToVendor = false
    try world.when(contoso, .createDeal(command))
    command.customer.contacts[0].person.email = "kim"
    #expect(try problems() == ["\(contact).email R-103"])
    command.customer.contacts[0].person = .erased
    #expect(try problems() == ["\(contact) R-103"])
  }

  @Test mutating func `notes to the vendor without help are refused, not ignored`() throws {
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    command.notesToVendor = "please look"
    let violations = try world.refused(contoso, .createDeal(command)).violations
    #expect(violations.map(\.field) == ["notes_to_vendor"])
  }

  @Test mutating func `help that is not explained is warned of, in a dry run too`() throws {
    for isDry in [true, false] {
      var command = CreateDeal.sample(at: try world[contoso].berlin)
      Self.ask(&command)
      command.notesToVendor = isDry ? .empty : "please look at it"
      command.validateOnly = isDry
      let decision = try world.when(contoso, .createDeal(command))
      guard case .deal(_, _, let warnings) = decision.answer else { throw Unexpected() }
      #expect(warnings.map(\.code) == ["PREFILLED", "HELP_NOT_EXPLAINED"])
      #expect(decision.events.isEmpty == isDry)
    }
  }

  @Test mutating func `scenario 10 a decline leaves the deal accepted and co-sell`() throws {
    let deal = try world.create(contoso, Self.ask)
    try world.settle()
    try world.when(central, .decline(try world[central].onlyDeal.id))
    try world.settle()
    let mine = try world[contoso].deal(deal)
    #expect(mine.status == .accepted && mine.baseKind == .coSell)
    #expect(mine.cards.map(\.status) == [.declined])
  }

  @Test mutating func `section 7 a private deal becomes co-sell when the vendor is invited`() throws
  {
    let deal = try world.create(contoso)
    #expect(try world[contoso].deal(deal).baseKind == .privateDeal)
    var invite = world.invite(deal, contoso)
    invite.invitee = .vendorDesk
    try world.when(contoso, .inviteToDeal(invite))
    let mine = try world[contoso].deal(deal)
    #expect(mine.baseKind == .coSell && mine.cards.map(\.organisation.id) == [central])
    #expect(try world.refused(contoso, .inviteToDeal(invite)).reason == "ALREADY_INVITED")
  }

  @Test mutating func `the vendor asks nobody for its own help`() throws {
    var command = CreateDeal.sample(at: try world[central].berlin)
    Self.ask(&command)
    let violations = try world.refused(central, .createDeal(command)).violations
    #expect(violations.map(\.field) == ["help"] && violations.map(\.rule) == ["INVITEE_SELF"])
  }

  @Test mutating func `R-405 G22 a deal without contact and consent becomes co-sell later`() throws
  {
    let partner = try Given("Fabrikam", seed: 4)
    for id in world.ids { world.members[id]?.directory.put(try partner.entry) }
    world.members[partner.id] = partner
    let deal = try world.create(contoso) { command in
      command.customer.contacts = []
      command.consent.customerContact = false
    }
    try world.when(contoso, .inviteToDeal(world.invite(deal, partner.id, lines: [3])))
    try world.settle()
    let copy = try world[partner.id].onlyDeal.id
    try world.when(partner.id, .accept(copy))
    try world.settle()
    var ask = world.invite(deal, contoso, lines: [3])
    ask.invitee = .vendorDesk
    let missing = try world.refused(contoso, .inviteToDeal(ask)).violations
    #expect(missing.map(\.rule) == ["R-103", "R-104"])
    try world.when(contoso, PatchDeal.edits(deal, [.customerContacts([.named("Bea")])]))
    try world.settle()
    #expect(try world[partner.id].deal(copy).sharedView?.customerContacts.count == 1)
    ask.customerConsent = true
    try world.when(contoso, .inviteToDeal(ask))
    let mine = try world[contoso].deal(deal)
    #expect(mine.baseKind == .coSell && mine.partnerToPartner && mine.consent.customerContact)
    let late = try world.refused(
      contoso, PatchDeal.edits(deal, [.customerContacts([.named("Cid")])]))
    #expect(late.violations.map(\.rule) == ["R-403"])
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `G08 the vendor is asked once, whichever desk answers`() throws {
    let deal = try world.create(contoso, Self.ask)
    try world.settle()
    try world.when(central, .decline(try world[central].onlyDeal.id))
    try world.settle()
    let again = try world.refused(contoso, .inviteToDeal(world.invite(deal, central)))
    #expect(again.reason == "ALREADY_INVITED")
    let fresh = try world.create(contoso)
    let elsewhere = try world.refused(contoso, .inviteToDeal(world.invite(fresh, other)))
    #expect(elsewhere.violations.map(\.rule) == ["DESK_OF_OTHERS"])
  }

  private mutating func decline(_ deal: DealID) throws {
    let copy = try #require(
      try world[central].deals.allIDs.last { try world[central].deal($0).status == .pending })
    try world.when(central, .decline(copy))
    try world.settle()
  }

  @Test
  mutating func `section 25a G08 after a no the vendor is asked again as often as the realm says`()
    throws
  {
    let deal = try world.create(contoso, Self.ask)
    try world.settle()
    let ask = Command.inviteToDeal(world.invite(deal, central))
    world.members[contoso]?.state.realm?.policy.vendorRetries = 1
    #expect(try world.refused(contoso, ask).reason == "ALREADY_INVITED")
    try decline(deal)
    world.members[contoso]?.state.realm?.policy.vendorRetries = 0
    #expect(try world.refused(contoso, ask).reason == "ALREADY_INVITED")
    world.members[contoso]?.state.realm?.policy.vendorRetries = 1
    // A realm that lets fewer be invited meanwhile lets the vendor be asked all the same.
    world.members[contoso]?.state.realm?.policy.counterpartsMax = 1
    try world.when(contoso, ask)
    try world.settle(times: 2)
    #expect(try world[contoso].deal(deal).cards.map(\.status) == [.declined, .pending])
    #expect(try world[contoso].deal(deal).counterpartCount == 1)
    let copies = try world[central].deals.allIDs.map { try world[central].deal($0).status }
    #expect(Set(copies) == [.declined, .pending] && copies.count == 2)
    try decline(deal)
    #expect(try world[contoso].deal(deal).cards.map(\.status) == [.declined, .declined])
    let last = try world.refused(contoso, ask)
    #expect(last.reason == "ALREADY_INVITED" && last.message.contains("asked 2 times"))
    for id in [contoso, central] {
      let member = try world[id]
      #expect(member.state.checkInvariants(member.deals) == [])
    }
    try world[central].expectReplayGivesTheSame()
  }

  @Test mutating func `section 25a G08 another desk may be the one that is asked again`() throws {
    let deal = try world.create(contoso, Self.ask)
    try world.settle()
    try decline(deal)
    world.members[contoso]?.state.realm?.policy.vendorRetries = 1
    var directory = RealmDirectory()
    for id in [contoso, other] { directory.put(try world[id].entry) }
    world.members[contoso]?.directory = directory
    try world.when(contoso, .inviteToDeal(world.invite(deal, other)))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards.map(\.organisation.id) == [central, other])
    try world.when(other, .accept(try world[other].onlyDeal.id))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards.map(\.status) == [.declined, .accepted])
  }
}
