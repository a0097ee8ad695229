// SPDX-License-Identifier: Apache-2.0
// Deals that the vendor only reads: the shadow copy at its desk, what it shows, and what becomes of it.

import TandemDomain
import TandemPrimitives
import Testing

struct PartnerLedTests {
  private var world: World
  private let contoso: TenantID
  private let fabrikam: TenantID
  private let desk: TenantID

  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    world = try World([contoso, fabrikam, desk])
    (self.contoso, self.fabrikam, self.desk) = (contoso.id, fabrikam.id, desk.id)
  }

  private mutating func shown(_ change: (inout CreateDeal) -> Void = { _ in }) throws -> DealID {
    let deal = try world.create(contoso) { command in
      command.visibleToVendor = true
      change(&command)
    }
    try world.settle()
    return deal
  }

  private func askVendor(_ deal: DealID) -> InviteToDeal {
    var command = world.invite(deal, contoso)
    command.invitee = .vendorDesk
    return command
  }

  @discardableResult
  private mutating func patch(_ deal: DealID, _ edits: ShortList<FieldEdit>) throws -> Decision {
    try world.when(contoso, PatchDeal.edits(deal, edits))
  }

  private var shadow: Deal { get throws { try world[desk].onlyDeal } }

  /// How many messages Contoso has ever sent to the desk.
  private var sent: UInt64 {
    get throws { try world[contoso].state.outbox[desk]?.lastSequence ?? 0 }
  }

  // MARK: Creating

  @Test mutating func `scenario 2 visible without help is partner-led, and the desk reads it`()
    throws
  {
    let id = try shown()
    let mine = try world[contoso].deal(id)
    #expect(mine.baseKind == .partnerLed && mine.status == .accepted && mine.cards.isEmpty)
    #expect(mine.shownTo?.id == desk && mine.version == 1)
    let copy = try shadow
    #expect(copy.isShadow && copy.direction == .inbound && copy.status == .accepted)
    #expect(copy.baseKind == .partnerLed && copy.initiator.name == "Contoso")
    #expect(copy.respondBy == nil && copy.acceptedAt == nil && copy.engagement == mine.engagement)
    #expect(copy.name == mine.name && copy.value == mine.value && copy.closeDate == mine.closeDate)
    #expect(copy.sharedView?.team == mine.team && copy.team.isEmpty)
    #expect(copy.solutions.map(\.group) == [.otherThirdParty, .otherThirdParty])
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `G15 section 11 notes are shown, contacts and own numbers are not`() throws {
    _ = try shown()
    let copy = try shadow
    #expect(copy.notes == "internal")
    #expect(copy.customer.contacts.isEmpty && copy.sharedView?.customerContacts == [])
    #expect(copy.customer.identifiers.map(\.scheme) == [.duns])
    #expect(copy.crmID.isEmpty && copy.campaignID.isEmpty)
  }

  @Test mutating func `R-203 a private deal leaves no trace at the desk`() throws {
    let id = try world.create(contoso)
    try patch(id, [.notes("secret")])
    try world.when(contoso, .win(id))
    try world.settle()
    #expect(try world[desk].deals.count == 0 && sent == 0)
  }

  @Test mutating func `the vendor shows nothing to itself, and a realm without a desk says so`()
    throws
  {
    var command = CreateDeal.sample(at: try world[desk].berlin)
    command.visibleToVendor = true
    let own = try world.refused(desk, .createDeal(command)).violations
    #expect(own.map(\.field) == ["visible_to_vendor"] && own.map(\.rule) == ["INVITEE_SELF"])
    var directory = RealmDirectory()
    directory.put(try world[contoso].entry)
    world.members[contoso]?.directory = directory
    command.location = try world[contoso].berlin
    #expect(try world.refused(contoso, .createDeal(command)).reason == "NO_VENDOR_DESK")
    let deal = try world.create(contoso)
    let late = try world.refused(contoso, PatchDeal.edits(deal, [.visibleToVendor(true)]))
    #expect(late.reason == "NO_VENDOR_DESK")
  }

  @Test mutating func `a dry run shows nothing`() throws {
    var command = CreateDeal.sample(at: try world[contoso].berlin)
    command.visibleToVendor = true
    command.validateOnly = true
    #expect(try world.when(contoso, .createDeal(command)).events.isEmpty)
    let deal = try world.create(contoso)
    var patch = PatchDeal(
      deal: deal, baseVersion: 0, edits: [.visibleToVendor(true)], validateOnly: true)
    #expect(try world.when(contoso, .patchDeal(patch)).events.isEmpty)
    patch.edits = [.visibleToVendor(false), .name("")]
    #expect(try world.refused(contoso, .patchDeal(patch)).violations.map(\.field) == ["name"])
  }

  // MARK: Following

  @Test mutating func `the shadow copy follows every change that it shows, and only those`() throws
  {
    let id = try shown()
    let before = try sent
    try patch(id, [.crmID("crm-2"), .campaignID("spring")])
    #expect(try sent == before)
    try patch(id, [.name("Move"), .value(.euros(7)), .stage(.percent(40))])
    try world.settle()
    try patch(id, [.putTeamMember(.named("Cid")), .removeSolution(line: 4), .notes("more")])
    try world.settle(times: 2)
    let mine = try world[contoso].deal(id)
    let copy = try shadow
    #expect(copy.name == "Move" && copy.value == .euros(7) && copy.stage == .developed)
    #expect(copy.notes == "more" && copy.solutions.map(\.line) == [5])
    #expect(copy.sharedView?.team == mine.team && copy.version == 3)
    #expect(try sent == before + 2)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `architecture 5 changes that are under way are told once, as they are then`()
    throws
  {
    let id = try shown()
    let before = try sent
    for name: Text in ["A", "B", "C"] { try patch(id, [.name(name)]) }
    try patch(id, [.notes("z")])
    #expect(try sent == before + 1)
    try world.settle()
    #expect(try sent == before + 2)
    #expect(try shadow.name == "C" && shadow.notes == "z")
  }

  @Test(arguments: [DealStatus.won, .lost, .error])
  mutating func `R-406 the shadow copy ends with the partner's`(outcome: DealStatus) throws {
    let id = try shown()
    let command: Command =
      switch outcome {
      case .won: .win(id)
      case .lost: .lose(id)
      default: .closeAsError(id)
      }
    try world.when(contoso, command)
    try world.settle()
    #expect(try shadow.status == outcome && shadow.closedAt != nil)
    #expect(try shadow.sharedView?.initiatorStatus == outcome)
    #expect(try shadow.stage == (outcome == .won ? .won : .created))
    let late = try world.refused(desk, PatchDeal.edits(try shadow.id, [.notes("x")]))
    #expect(late.reason == "DEAL_CLOSED")
  }

  @Test mutating func `a partner who joins is named in the shadow copy`() throws {
    let id = try shown()
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    #expect(try shadow.partnerToPartner && shadow.sharedView?.participants == [])
    let copy = try world[fabrikam].onlyDeal
    #expect(copy.baseKind == .partnerLed && !copy.isShadow)
    try world.when(fabrikam, .accept(copy.id))
    try world.settle()
    #expect(try shadow.sharedView?.participants.map(\.name) == ["Fabrikam"])
    #expect(try world[contoso].deal(id).baseKind == .partnerLed)
  }

  @Test mutating func `a shadow copy has no deadline`() throws {
    _ = try shown()
    world.advance(by: .days(400))
    #expect(try world.when(desk, .fireDeadlines).events.isEmpty)
    #expect(try shadow.status == .accepted)
  }

  // MARK: Only reading

  @Test mutating func `section 11 a shadow copy is read and marked, nothing else`() throws {
    _ = try shown()
    let id = try shadow.id
    let commands: [Command] = [
      PatchDeal.edits(id, [.notes("x")]), .win(id), .lose(id), .closeAsError(id), .accept(id),
      .decline(id), .acknowledgeDeal(AcknowledgeDeal(deal: id)),
      PatchDeal.edits(id, [.visibleToVendor(true)]),
    ]
    for command in commands {
      let refused = try world.refused(desk, command)
      #expect(refused.reason == "SHADOW_COPY" && refused.message.contains("Contoso"))
    }
    let invite = try world.refused(desk, .inviteToDeal(world.invite(id, fabrikam, lines: [3])))
    #expect(invite.reason == "NOT_INITIATOR")
    try world.when(desk, .setFavourite(SetFavourite(deal: id, isFavourite: true)))
    let given = try world[desk]
    let verdicts = try DescribingActions.answer(
      id, to: given.who, given.state, given.deals, given.directory, at: given.now)
    let allowed = verdicts.actions.filter { $0.obstacles.isEmpty }.map(\.action)
    #expect(allowed == [.setFavourite])
    #expect(verdicts.fields.allSatisfy { $0.obstacles.last?.reason == "SHADOW_COPY" })
  }

  @Test mutating func `invariant 12 no other organisation moves or makes a shadow copy`() throws {
    let id = try shown()
    var forged = try world[desk].onlyDeal
    forged.name = "forged"
    try world.hand(
      OutboxEntry(receiver: desk, sequence: 1, message: .dealShown(forged)), from: fabrikam)
    #expect(try shadow.name == "Migration")
    var other = forged
    other.engagement = EngagementID(high: 7, low: 7)
    try world.hand(
      OutboxEntry(receiver: desk, sequence: 2, message: .dealShown(other)), from: fabrikam)
    #expect(try world[desk].deals.count == 1)
    #expect(try world[contoso].deal(id).name == "Migration")
  }

  // MARK: Section 7 and 5.2: one-way upgrades

  @Test mutating func `R-405 section 7 private, vendor to view: becomes partner-led`() throws {
    let id = try world.create(contoso)
    try patch(id, [.visibleToVendor(true), .name("Shown")])
    try world.settle()
    let mine = try world[contoso].deal(id)
    #expect(mine.baseKind == .partnerLed && mine.shownTo?.id == desk && mine.version == 2)
    #expect(try shadow.name == "Shown" && shadow.isShadow)
    #expect(try patch(id, [.visibleToVendor(true)]).events.isEmpty)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `scenario 26 visible true to false is refused`() throws {
    let id = try shown()
    let back = try world.refused(contoso, PatchDeal.edits(id, [.visibleToVendor(false)]))
    #expect(back.violations.map(\.rule) == ["R-405"])
    let coSell = try world.create(contoso)
    try world.when(contoso, .inviteToDeal(askVendor(coSell)))
    let later = try world.refused(contoso, PatchDeal.edits(coSell, [.visibleToVendor(false)]))
    #expect(later.violations.map(\.rule) == ["R-405"])
    #expect(try patch(coSell, [.visibleToVendor(true)]).events.isEmpty)
    let hidden = try world.create(contoso)
    #expect(try patch(hidden, [.visibleToVendor(false)]).events.isEmpty)
  }

  @Test mutating func `section 5_2 nothing is shown once the deal has ended`() throws {
    let id = try world.create(contoso)
    try world.when(contoso, .win(id))
    let late = try world.refused(contoso, PatchDeal.edits(id, [.visibleToVendor(true)]))
    #expect(late.reason == "DEAL_CLOSED")
  }

  @Test mutating func `R-207 only who started the deal shows it`() throws {
    let id = try world.create(contoso)
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    try world.when(fabrikam, .accept(copy))
    let refused = try world.refused(fabrikam, PatchDeal.edits(copy, [.visibleToVendor(true)]))
    #expect(refused.violations.map(\.rule) == ["R-207"])
  }

  @Test mutating func `a base version before the deal was shown conflicts`() throws {
    let id = try world.create(contoso)
    try patch(id, [.visibleToVendor(true)])
    let late = try world.refused(contoso, PatchDeal.edits(id, base: 1, [.visibleToVendor(true)]))
    #expect(late.reason == "CONFLICT" && late.violations.map(\.field) == ["shown_to"])
  }

  @Test
  mutating func `section 7 partner-led, vendor: becomes co-sell, the shadow the invited copy`()
    throws
  {
    let id = try shown()
    let before = try shadow
    try world.when(desk, .setFavourite(SetFavourite(deal: before.id, isFavourite: true)))
    try world.when(contoso, .inviteToDeal(askVendor(id)))
    try world.settle(times: 2)
    let mine = try world[contoso].deal(id)
    #expect(mine.baseKind == .coSell && mine.shownTo == nil)
    #expect(mine.cards.map(\.organisation.id) == [desk])
    let copy = try shadow
    #expect(copy.id == before.id && copy.version == before.version + 1 && !copy.isShadow)
    #expect(copy.status == .pending && copy.baseKind == .coSell && copy.respondBy != nil)
    #expect(copy.name.isEmpty && copy.notes.isEmpty && copy.value == .euros(300))
    #expect(copy.sharedView?.customerContacts.count == 1)
    try patch(id, [.name("Ours alone")])
    try world.settle()
    #expect(try shadow.name.isEmpty)
    try world.when(desk, .accept(copy.id))
    try world.settle()
    #expect(try world[contoso].deal(id).cards.map(\.status) == [.accepted])
    try patch(id, [.putTeamMember(.named("Cid"))])
    try world.settle()
    #expect(try shadow.sharedView?.team.count == 3)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `G03 a partner-to-partner deal stays one when the desk is asked`() throws {
    let id = try shown()
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    try world.settle()
    #expect(try shadow.partnerToPartner && shadow.isShadow)
    try world.when(contoso, .inviteToDeal(world.invite(id, desk)))
    try world.settle()
    let asked = try shadow
    #expect(asked.partnerToPartner && asked.status == .pending && !asked.isShadow)
    #expect(asked.baseKind == .coSell)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `section 7 partner-led, other partners: stays partner-led and is P2P`() throws
  {
    let id = try shown()
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    let mine = try world[contoso].deal(id)
    #expect(mine.baseKind == .partnerLed && mine.partnerToPartner && mine.shownTo != nil)
  }

  @Test mutating func `section 7 private, other partners: stays private and is P2P, then is shown`()
    throws
  {
    let id = try world.create(contoso)
    try world.when(contoso, .inviteToDeal(world.invite(id, fabrikam)))
    #expect(try world[contoso].deal(id).baseKind == .privateDeal)
    try patch(id, [.visibleToVendor(true)])
    try world.settle()
    let mine = try world[contoso].deal(id)
    #expect(mine.baseKind == .partnerLed && mine.partnerToPartner)
    #expect(try shadow.partnerToPartner)
  }

  @Test mutating func `product 3 ruling 1 the desk that reads along is asked, whoever covers now`()
    throws
  {
    let id = try shown()
    let newcomer = try Given("Vendor Central", kind: .vendor, seed: 4)
    var entry = try newcomer.entry
    entry.covers = [.de]
    world.members[newcomer.id] = newcomer
    for member in world.ids { world.members[member]?.directory.put(entry) }
    let elsewhere = try world.refused(contoso, .inviteToDeal(world.invite(id, newcomer.id)))
    #expect(elsewhere.violations.map(\.rule) == ["DESK_OF_OTHERS"])
    try world.when(contoso, .inviteToDeal(askVendor(id)))
    #expect(try world[contoso].deal(id).cards.map(\.organisation.id) == [desk])
  }

  @Test mutating func `a desk that is behind is named, and nothing changes meanwhile`() throws {
    let id = try shown()
    let other = try world.create(contoso) { $0.visibleToVendor = true }
    let next = try sent + 1
    let filler = (next..<next + UInt64(Limits.outboxEntries) - 1).map {
      Event.messageSent(
        OutboxEntry(receiver: desk, sequence: $0, message: .clockAdvanced(offset: .days(1))))
    }
    world.members[contoso]?.record(filler)
    let full = try world.refused(contoso, PatchDeal.edits(id, [.name("Late")]))
    #expect(full.reason == "COUNTERPART_BEHIND" && full.retryable)
    try patch(other, [.name("Coalesced")])
  }
}
