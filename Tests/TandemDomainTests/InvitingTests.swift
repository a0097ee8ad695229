// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct InvitingTests {
  let contoso: TenantID
  let fabrikam: TenantID
  let vendor: TenantID
  var world: World
  let deal: DealID

  init() throws {
    let first = try Given("Contoso", seed: 1)
    let second = try Given("Fabrikam", seed: 2)
    let third = try Given("Vendor", kind: .vendor, seed: 3)
    contoso = first.id
    fabrikam = second.id
    vendor = third.id
    world = try World([first, second, third])
    deal = try world.create(contoso)
  }

  mutating func invited(_ invitee: TenantID) throws -> DealID {
    try world.when(contoso, .inviteToDeal(world.invite(deal, invitee)))
    try world.settle()
    return try world[invitee].onlyDeal.id
  }

  @Test mutating func `T2 G01 an invitation becomes a New inbound copy with a share`() throws {
    let copyID = try invited(fabrikam)
    let copy = try world[fabrikam].deal(copyID)
    #expect(copy.status == .pending && copy.direction == .inbound)
    #expect(copy.location == (try world[fabrikam].globalLocation))
    #expect(copy.value == .euros(300) && copy.closeDate == copy.invitation?.closeDate)
    #expect(copy.partnerToPartner && copy.baseKind == .privateDeal)
    #expect(copy.name.isEmpty && copy.team.isEmpty && copy.notes.isEmpty && copy.crmID.isEmpty)
    #expect(copy.solutions.map(\.name) == ["Backup"])
    #expect(copy.solutions.map(\.group) == [.otherThirdParty])
    #expect(copy.customer.identifiers.map(\.scheme) == [.duns])
    #expect(copy.sharedView?.customerContacts.count == 1)
    #expect(copy.respondBy == copy.createdAt.advanced(by: .days(14)))
    let card = try #require(try world[contoso].deal(deal).cards.first)
    #expect(card.status == .pending && card.organisation.id == fabrikam)
    let inbox = try #require(try world[fabrikam].state.notifications[try world[fabrikam].admin])
    #expect(inbox.map(\.kind) == [.dealReceived] && inbox[0].respondBy == copy.respondBy)
    #expect(try world[contoso].state.pendingReceivers.isEmpty)
  }

  @Test mutating func `R-201 G03 the vendor makes a co-sell deal by the same code`() throws {
    let copyID = try invited(vendor)
    let copy = try world[vendor].deal(copyID)
    #expect(copy.baseKind == .coSell && !copy.partnerToPartner)
    #expect(try world[contoso].deal(deal).baseKind == .coSell)
    #expect(try world[contoso].deal(deal).partnerToPartner == false)
  }

  @Test mutating func `section 7 G03 an accepted copy becomes what its deal becomes`() throws {
    let id = try invited(fabrikam)
    try world.when(fabrikam, .accept(id))
    try world.settle(times: 2)
    let alone = try world[fabrikam].deal(id)
    #expect(alone.baseKind == .privateDeal && alone.partnerToPartner)
    try world.when(contoso, PatchDeal.edits(deal, [.visibleToVendor(true)]))
    try world.settle(times: 2)
    let shown = try world[fabrikam].deal(id)
    #expect(shown.baseKind == .partnerLed && shown.version == alone.version + 1)
    #expect(shown.fieldVersions.contains { $0.field == .baseKind && $0.version == shown.version })
    try world.when(contoso, .inviteToDeal(world.invite(deal, vendor)))
    try world.settle(times: 2)
    let helped = try world[fabrikam].deal(id)
    #expect(helped.baseKind == .coSell && helped.version == shown.version + 1)
    #expect(helped.partnerToPartner && helped.sharedView?.participants == [])
    #expect(helped.name == alone.name && helped.value == alone.value)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `section 11 a pending partner has its invitation, the kind with its yes`()
    throws
  {
    let id = try invited(fabrikam)
    let before = try world[fabrikam].deal(id)
    try world.when(contoso, .inviteToDeal(world.invite(deal, vendor)))
    try world.settle(times: 2)
    #expect(try world[fabrikam].deal(id) == before)
    try world.when(fabrikam, .accept(id))
    try world.settle(times: 2)
    #expect(try world[fabrikam].deal(id).baseKind == .coSell)
  }

  @Test mutating func `G03 the vendor is told that partners sell together, before its answer too`()
    throws
  {
    let id = try invited(vendor)
    #expect(try !world[vendor].deal(id).partnerToPartner)
    try world.when(contoso, .inviteToDeal(world.invite(deal, fabrikam)))
    try world.settle(times: 2)
    let copy = try world[vendor].deal(id)
    #expect(copy.partnerToPartner && copy.status == .pending && copy.baseKind == .coSell)
  }

  @Test mutating func `R-103 R-104 G22 the vendor needs a contact and a consent`() throws {
    let bare = try world.create(contoso) {
      $0.customer.contacts = []
      $0.consent.customerContact = false
    }
    var command = world.invite(bare, vendor)
    command.solutionLines = [3]
    let rejection = try world.refused(contoso, .inviteToDeal(command))
    #expect(rejection.violations.map(\.rule) == ["R-103", "R-104"])
    command.invitee = .organisation(fabrikam)
    try world.when(contoso, .inviteToDeal(command))
  }

  @Test mutating func `R-103 R-403 one whole contact is enough, and is not exchanged for another`()
    throws
  {
    var half = TeamMember.named("Bea")
    half.person.phone = ""
    let deal = try world.create(contoso) { $0.customer.contacts = [.named("Ann"), half] }
    let lines = try world[contoso].deal(deal).solutions.map(\.line)
    try world.when(contoso, .inviteToDeal(world.invite(deal, fabrikam, lines: lines)))
    let other = try world.refused(
      contoso, PatchDeal.edits(deal, [.customerContacts([.named("Cid")])]))
    #expect(other.violations.map(\.rule) == ["R-403"])
    try world.when(contoso, .inviteToDeal(world.invite(deal, vendor, lines: lines)))
    #expect(try world[contoso].deal(deal).baseKind == .coSell)
  }

  @Test mutating func `R-103 R-403 G22 half a contact is completed before the vendor is asked`()
    throws
  {
    let half = try world.create(contoso) {
      $0.customer.contacts[0].person.phone = .empty
      $0.customer.contacts[0].person.email = .empty
    }
    try world.when(contoso, .inviteToDeal(world.invite(half, fabrikam)))
    let rejection = try world.refused(contoso, .inviteToDeal(world.invite(half, vendor)))
    #expect(
      rejection.violations.map { "\($0.field) \($0.rule)" } == [
        "customer.contacts[0].person.phone R-103", "customer.contacts[0].person.email R-103",
      ])
    func contact(_ name: Text) -> Command {
      .patchDeal(
        PatchDeal(
          deal: half, baseVersion: 0, edits: [.customerContacts([.named(name)])],
          validateOnly: false))
    }
    // A partner saw half of it, which is no reason to keep the vendor out for ever.
    try world.when(contoso, contact("Cora"))
    #expect(try world.refused(contoso, contact("Dora")).violations.map(\.rule) == ["R-403"])
    try world.when(contoso, .inviteToDeal(world.invite(half, vendor)))
    #expect(try world[contoso].deal(half).baseKind == .coSell)
  }

  @Test mutating func `R-205 help and solutions are asked for, unknown lines are refused`() throws {
    var command = world.invite(deal, fabrikam)
    command.help = nil
    command.value = nil
    command.solutionLines = []
    command.teamLines = [77]
    let rejection = try world.refused(contoso, .inviteToDeal(command))
    #expect(
      rejection.violations.map(\.field) == ["help", "value", "solution_lines", "team_lines[0]"])
  }

  @Test mutating func `what was pre-filled and left unexplained is said`() throws {
    var command = world.invite(deal, fabrikam)
    command.notes = " "
    guard
      case .deal(_, 2, let warnings) = try world.when(contoso, .inviteToDeal(command)).answer
    else { throw Unexpected() }
    #expect(warnings.map(\.code) == ["PREFILLED", "HELP_NOT_EXPLAINED"])
    #expect(warnings[0].text.hasSuffix("close_date_ms, team_lines"))
  }

  @Test mutating func `R-204 oneself, strangers and those who do not co-sell are refused`() throws {
    #expect(
      try world.refused(contoso, .inviteToDeal(world.invite(deal, contoso))).reason
        == "INVITEE_SELF")
    let stranger = TenantID(high: 8, low: 8)
    #expect(
      try world.refused(contoso, .inviteToDeal(world.invite(deal, stranger))).reason
        == "INVITEE_UNKNOWN")
    var entry = try world[fabrikam].entry
    entry.transacts = false
    world.members[contoso]?.directory.put(entry)
    #expect(
      try world.refused(contoso, .inviteToDeal(world.invite(deal, fabrikam))).violations[0].rule
        == "R-204")
  }

  @Test mutating func `G08 nobody is invited twice, whatever the answer was`() throws {
    let copy = try invited(fabrikam)
    let again = Command.inviteToDeal(world.invite(deal, fabrikam))
    #expect(try world.refused(contoso, again).reason == "ALREADY_INVITED")
    try world.when(fabrikam, .decline(copy))
    try world.settle()
    #expect(try world.refused(contoso, again).reason == "ALREADY_INVITED")
  }

  @Test mutating func `R-207 G21 only the initiator invites`() throws {
    let copy = try invited(fabrikam)
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    #expect(
      try world.refused(fabrikam, .inviteToDeal(world.invite(copy, vendor))).reason
        == "NOT_INITIATOR")
  }

  @Test mutating func `ruling 7 who cannot be invited is told with all else that is wrong`() throws
  {
    var command = world.invite(deal, contoso)
    command.help = nil
    command.solutionLines = [77]
    let found = try world.refused(contoso, .inviteToDeal(command)).violations
    #expect(found.map(\.rule) == ["INVITEE_SELF", "R-205", "LINE_UNKNOWN"])
    let alone = try world.refused(contoso, .inviteToDeal(world.invite(deal, contoso)))
    #expect(alone.code == .invalidArgument && alone.reason == "INVITEE_SELF")
  }

  @Test mutating func `R-403 contacts are fixed once shared, until then they change`() throws {
    try world.when(contoso, PatchDeal.edits(deal, [.customerContacts([.named("Neo")])]))
    _ = try invited(fabrikam)
    let rejection = try world.refused(
      contoso, PatchDeal.edits(deal, [.customerContacts([.named("Zoe")])]))
    #expect(rejection.violations.map(\.rule) == ["R-403"])
  }

  /// A deal without contacts to which an organisation is invited, and its copy.
  private mutating func invitedWithoutContacts(
    _ invitee: TenantID
  ) throws -> (deal: DealID, copy: DealID) {
    let bare = try world.create(contoso) { $0.customer.contacts = [] }
    try world.when(contoso, .inviteToDeal(world.invite(bare, invitee, lines: [3])))
    try world.settle()
    let engagement = try world[contoso].deal(bare).engagement
    return (bare, try #require(try world[invitee].deals.deal(in: engagement)))
  }

  @Test mutating func `G11 G23 R-403 a contact that comes later reaches who has not answered yet`()
    throws
  {
    let (bare, copy) = try invitedWithoutContacts(fabrikam)
    let before = try world[fabrikam].deal(copy)
    #expect(before.sharedView?.customerContacts == [])
    try world.when(contoso, PatchDeal.edits(bare, [.visibleToVendor(true), .name("later")]))
    try world.settle(times: 2)
    #expect(try world[fabrikam].deal(copy) == before)
    try world.when(contoso, PatchDeal.edits(bare, [.customerContacts([.named("Neo")])]))
    try world.settle(times: 2)
    let told = try world[fabrikam].deal(copy)
    #expect(told.sharedView?.customerContacts.map(\.person.firstName) == ["Neo"])
    #expect(told.version == before.version + 1 && told.status == .pending)
    var view = told.sharedView
    view?.customerContacts = []
    #expect(view == before.sharedView && told.baseKind == before.baseKind)
    let late = try world.refused(
      contoso, PatchDeal.edits(bare, [.customerContacts([.named("Zoe")])]))
    #expect(late.violations.map(\.rule) == ["R-403"])
    try world.when(fabrikam, .accept(copy))
    try world.settle(times: 2)
    #expect(try world[fabrikam].deal(copy).baseKind == .partnerLed)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `R-403 a contact that nobody was shown changes, after a no too`() throws {
    let (bare, copy) = try invitedWithoutContacts(fabrikam)
    try world.when(fabrikam, .decline(copy))
    try world.settle()
    for name: Text in ["Neo", "Zoe"] {
      try world.when(contoso, PatchDeal.edits(bare, [.customerContacts([.named(name)])]))
    }
    try world.settle()
    #expect(try world[fabrikam].deal(copy).sharedView == nil)
    try world.when(contoso, .inviteToDeal(world.invite(bare, vendor, lines: [3])))
    try world.settle()
    let late = try world.refused(
      contoso, PatchDeal.edits(bare, [.customerContacts([.named("Ann")])]))
    #expect(late.violations.map(\.rule) == ["R-403"])
    // Who was shown it and said no was shown it.
    try world.when(vendor, .decline(try world[vendor].onlyDeal.id))
    try world.settle()
    let ever = try world.refused(
      contoso, PatchDeal.edits(bare, [.customerContacts([.named("Ann")])]))
    #expect(ever.violations.map(\.rule) == ["R-403"])
  }

  @Test mutating func `section 11 R-503 of a seller's copy its status is told and no figures`()
    throws
  {
    let copy = try invited(vendor)
    try world.when(vendor, .accept(copy))
    try world.when(vendor, .win(copy))
    try world.settle()
    let card = try #require(try world[contoso].deal(deal).cards.first)
    #expect(card.status == .won && card.report == nil)
  }

  @Test mutating func `G10 who sees nothing new of an answer is told nothing`() throws {
    let first = try invited(fabrikam)
    _ = try invited(vendor)
    let sent = try world[contoso].state.outbox[vendor]?.lastSequence
    try world.when(fabrikam, .accept(first))
    try world.settle()
    #expect(try world[contoso].state.outbox[vendor]?.lastSequence == sent)
  }

  @Test mutating func `T4 R-302 accepting names the deal and tells the sender`() throws {
    let copy = try invited(fabrikam)
    world.advance(by: .hours(2))
    let nameless = Command.acceptDeal(
      AcceptDeal(
        deal: copy, name: .empty, value: nil, closeDate: nil, notes: .empty, crmID: .empty,
        campaignID: .empty, team: [], validateOnly: false))
    #expect(try world.refused(fabrikam, nameless).violations.map(\.rule) == ["R-302"])
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    let accepted = try world[fabrikam].deal(copy)
    #expect(accepted.status == .accepted && accepted.respondBy == nil)
    #expect(accepted.sharedView?.team.count == 2)
    let card = try #require(try world[contoso].deal(deal).cards.first)
    #expect(card.status == .accepted && card.team.map(\.person.firstName) == ["Finn"])
    #expect(card.respondedAt == accepted.acceptedAt)
    let statistics = try world[fabrikam].state.answerTimes
    #expect(statistics.accepted == 1 && statistics.answeredMilliseconds == 7_200_000)
    let inbox = try world[contoso].state.notifications[try world[contoso].admin] ?? []
    #expect(inbox.map(\.kind) == [.invitationAccepted])
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `later edits of the team reach those who accepted, no others`() throws {
    var command = world.invite(deal, fabrikam)
    command.teamLines = [1]
    try world.when(contoso, .inviteToDeal(command))
    try world.settle()
    let copy = try world[fabrikam].onlyDeal.id
    try world.when(contoso, PatchDeal.edits(deal, [.putTeamMember(.named("Cid"))]))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).sharedView?.team.map(\.line) == [1])
    try world.when(fabrikam, .accept(copy))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).sharedView?.team.count == 3)
    try world.when(contoso, PatchDeal.edits(deal, [.removeTeamMember(line: 2)]))
    try world.settle()
    #expect(try world[fabrikam].deal(copy).sharedView?.team.count == 2)
    try world.when(fabrikam, PatchDeal.edits(copy, [.putTeamMember(.named("Gus"))]))
    try world.settle()
    #expect(try world[contoso].deal(deal).cards[0].team.count == 2)
  }

  @Test mutating func `G10 participants are told by name once both accepted`() throws {
    let first = try invited(fabrikam)
    let second = try invited(vendor)
    try world.when(fabrikam, .accept(first))
    try world.settle()
    #expect(try world[vendor].deal(second).sharedView?.participants.isEmpty == true)
    try world.when(vendor, .accept(second))
    try world.settle()
    #expect(
      try world[fabrikam].deal(first).sharedView?.participants.map(\.name) == ["Vendor"])
    #expect(
      try world[vendor].deal(second).sharedView?.participants.map(\.name) == ["Fabrikam"])
  }

  @Test mutating func `G10 T9 a participant whose copy was an error is still told by name`() throws
  {
    let first = try invited(fabrikam)
    let second = try invited(vendor)
    try world.when(fabrikam, .accept(first))
    try world.when(vendor, .accept(second))
    try world.settle()
    try world.when(fabrikam, .closeAsError(first))
    try world.settle()
    // Any later change of what is shared tells the same participants.
    try world.when(contoso, PatchDeal.edits(deal, [.putTeamMember(.named("Cid"))]))
    try world.settle()
    #expect(
      try world[vendor].deal(second).sharedView?.participants.map(\.name) == ["Fabrikam"])
  }

  @Test mutating func `an unknown organisation answers as undeliverable`() throws {
    let nobody = TenantID(high: 4, low: 4)
    world.members[contoso]?.directory.put(
      OrganisationEntry(
        id: nobody, kind: .partner, name: "Gone", country: .de, inEcosystem: true, transacts: true))
    try world.when(contoso, .inviteToDeal(world.invite(deal, nobody)))
    try world.settle()
    let card = try #require(try world[contoso].deal(deal).cards.first)
    #expect(card.status == .expired && card.closure?.reason == .undeliverable)
    let inbox = try world[contoso].state.notifications[try world[contoso].admin] ?? []
    #expect(inbox.map(\.kind) == [.invitationUndeliverable])
  }

  @Test mutating func `a full outbox refuses the commands that need it`() throws {
    let message = Message.clockAdvanced(offset: .days(1))
    let filler = (1...UInt64(Limits.outboxEntries)).map {
      Event.messageSent(OutboxEntry(receiver: fabrikam, sequence: $0, message: message))
    }
    world.members[contoso]?.record(filler)
    let rejection = try world.refused(contoso, .inviteToDeal(world.invite(deal, fabrikam)))
    #expect(rejection.code == .resourceExhausted && rejection.reason == "COUNTERPART_BEHIND")
    #expect(rejection.retryable)
  }
}
