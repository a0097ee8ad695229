// SPDX-License-Identifier: Apache-2.0
// Creating deals, alone or with all that belongs to it, and working them. Some requests are wrong on
// purpose: the model says what they are refused for.

import TandemDomain
import TandemPrimitives

extension Simulation {
  func wishForDeal(_ own: SimulatedOrganisation) -> Wish? {
    // The vendor starts few deals.
    if own.kind == .vendor, chance(70) { return wishToRead(own) }
    let name = Text("deal-\(operations.count + 1)")
    var create = newDeal(name, own)
    guard chance(30) else {
      create.validateOnly = chance(5)
      return Wish(.createDeal(create), changes: !create.validateOnly, name: create.name)
    }
    var steps = [Transact.Operation(.createDeal(create))]
    for _ in 0..<number(0...2) {
      // Numbers are given in this order: team, contacts, solutions.
      let first = UInt32(create.team.count + create.customer.contacts.count + 1)
      let invitation = invitation(.zero, team: [1], solutions: [first], own)
      steps.append(.init(.inviteToDeal(invitation), createdBy: 0))
    }
    if chance(60) {
      steps.append(
        .init(.setFavourite(SetFavourite(deal: .zero, isFavourite: true)), createdBy: 0))
    }
    if chance(40) {
      steps.append(
        .init(
          .patchDeal(
            PatchDeal(
              deal: .zero, baseVersion: 0, edits: [.stage(.percent(45))], validateOnly: false)),
          createdBy: 0))
    }
    let isTried = chance(8)
    return Wish(
      .transact(Transact(operations: steps, validateOnly: isTried)), changes: !isTried,
      name: create.name)
  }

  /// Deals of even numbers hold secrets in their notes, so the vendor never reads along.
  static func isQuiet(_ name: Text) -> Bool { (name.utf8.last ?? 0) % 2 == 0 }

  private func newDeal(_ name: Text, _ own: SimulatedOrganisation) -> CreateDeal {
    var deal = Requests.create(name, own)
    deal.customer = customer()
    deal.location = pick(own.places) ?? own.location
    deal.value = Requests.money(Int64(number(1...90)) * 1_000)
    deal.closeDate = Requests.closeDate.advanced(by: .days(Int64(number(0...60))))
    if chance(40) { deal.team.append(member("cid\(own.index)")) }
    if chance(30) { deal.ownerEmail = Requests.person("cid\(own.index)").email }
    if chance(30) { deal.ownerEmail = deal.team[0].person.email }
    if chance(20) { deal.tags = tags(own) }
    if chance(25), let other = pick(organisations), other.solution != own.solution {
      deal.solutions.append(Requests.line(other.solution))
    }
    if chance(20), let more = pick(own.products) { deal.solutions = [Requests.line(more)] }
    let choice = number(0...9)
    if choice < 3 {
      deal.help = pick(HelpCode.allCases)
      deal.visibleToVendor = true
      deal.notesToVendor = chance(50) ? "" : HelpNotes.notes(operations.count)
    } else if choice < 6, !Self.isQuiet(name) {
      deal.visibleToVendor = true
    }
    if !Self.isQuiet(name) { deal.notes = "open to the vendor" }
    if !Self.isQuiet(name), chance(own.index == 0 ? 30 : 2) { assess(&deal, own) }
    return chance(15) ? spoilt(deal) : deal
  }

  /// The same as an assessment, mostly as one should be.
  private func assess(_ deal: inout CreateDeal, _ own: SimulatedOrganisation) {
    var line = Requests.line(assessment)
    if chance(95) { line.assessmentLocation = pick(own.places) ?? own.location }
    deal.solutions = chance(95) ? [line] : deal.solutions + [line]
    guard chance(90) else { return }
    deal.help = nil
    deal.visibleToVendor = false
    deal.notesToVendor = ""
  }

  /// With one thing wrong.
  private func spoilt(_ deal: CreateDeal) -> CreateDeal {
    var deal = deal
    switch number(0...9) {
    case 0: deal.team = []
    case 1: deal.solutions = []
    case 2: deal.location = .zero
    case 3: deal.location = LocationID(high: 1, low: 1)
    case 4: deal.value = nil
    case 5: deal.closeDate = nil
    case 6: deal.consent.shareWithOthers = false
    case 7: deal.consent.customerContact = false
    case 8 where chance(50): deal.customer.contacts = []
    case 8: deal.customer.contacts = deal.customer.contacts.map(\.withoutPhone)
    default: deal.notesToVendor = "without help"
    }
    return deal
  }

  /// Few enough that some come again.
  private func customer() -> Customer {
    if chance(25), let listed = pick(Requests.listed) { return Requests.picked(listed) }
    return Requests.customer("Customer \(number(1...30))", country: chance(75) ? "US" : "DE")
  }

  func member(_ name: String) -> TeamMember {
    TeamMember(line: 0, person: Requests.person(name))
  }

  // MARK: Work

  func wish(about deal: Deal, _ own: SimulatedOrganisation) -> Wish? {
    let id = deal.id
    let choice = number(0...99)
    if choice < 8 {
      return Wish(
        .setFavourite(SetFavourite(deal: id, isFavourite: chance(60))), changes: false)
    }
    if deal.direction == .inbound, deal.status.isNew, choice < 70 { return answer(deal, own) }
    switch choice {
    case 8..<46:
      let patch = patch(deal, own)
      return Wish(.patchDeal(patch), changes: !patch.validateOnly)
    case 46..<72:
      let invitation = invitation(
        id, team: deal.team.map(\.line), solutions: deal.solutions.map(\.line), own)
      return Wish(.inviteToDeal(invitation), changes: true)
    case 72..<78: return Wish(.extendInvitation(moreTime(deal)), changes: true)
    case 78..<81: return answer(deal, own)
    case 81..<91: return Wish(.winDeal(win(deal)), changes: true)
    case 91..<96:
      let end = EndDeal(
        deal: id, baseVersion: 0, reason: ReasonCode(UInt8(number(0...9))), notes: "",
        validateOnly: false)
      return Wish(.loseDeal(end), changes: true)
    default:
      let end = EndDeal(
        deal: id, baseVersion: 0, reason: ReasonCode(UInt8(number(0...10))),
        notes: chance(50) ? "" : "twice", validateOnly: false)
      return Wish(.closeDealAsError(end), changes: true)
    }
  }

  func win(_ deal: Deal) -> WinDeal {
    WinDeal(deal: deal.id, baseVersion: chance(20) ? deal.version : 0, validateOnly: false)
  }

  private func patch(_ deal: Deal, _ own: SimulatedOrganisation) -> PatchDeal {
    let isOpen = deal.direction == .outbound && !Self.isQuiet(deal.name)
    let word = "\(operations.count + 1)"
    // Always something new, so that an OK answer means a change.
    var edits: [FieldEdit] = [
      .notes(isOpen ? Text("open \(word)") : Text(own.notes + word))
    ]
    for _ in 0..<number(0...2) { edits.append(edit(deal, word)) }
    if chance(30) { edits.append(lineEdit(deal, own)) }
    if chance(15) { edits.append(.tags(tags(own))) }
    if chance(15) {
      let email = Requests.person("cid\(own.index)").email
      edits.append(.owner(chance(30) ? "" : deal.team.first?.person.email ?? email))
    }
    if chance(6) { edits.append(.forbidden(pick([.location, .customer, .status]) ?? .consent)) }
    if deal.baseKind == .solutionAssessment, chance(70) {
      let stages: [UInt32] = [20, 40, 60, 80]
      let next = stages.first { $0 > UInt32(deal.stage.rawValue) } ?? 80
      edits.append(.stage(.percent(chance(85) ? next : 60)))
    }
    if isOpen, chance(20) { edits.append(.visibleToVendor(chance(85))) }
    // A request on the wire has each field once.
    var kinds: Set<String> = []
    let once = edits.filter { kinds.insert($0.kind).inserted }
    var patch = PatchDeal(
      deal: deal.id, baseVersion: 0, edits: ShortList(once), validateOnly: chance(4))
    if chance(35) {
      patch.baseVersion = chance(80) ? deal.version : max(1, deal.version - 1)
      patch.guardsWholeDeal = chance(40)
    }
    return patch
  }

  private func edit(_ deal: Deal, _ word: String) -> FieldEdit {
    switch number(0...9) {
    case 0, 1: .value(Requests.money(Int64(number(1...100_000))))
    case 2:
      .closeDate(Requests.closeDate.advanced(by: .days(Int64(number(0...90)))))
    case 3: .campaignID(Text("campaign \(number(1...4))"))
    case 4: .stage(.percent(UInt32(number(0...105))))
    case 5:
      .stage(
        .named(Text(pick(["Qualified", "propose", "in talks", "collect data", "won"]) ?? "")))
    case 6:
      .customerContacts(
        chance(30) ? [] : [TeamMember(line: 0, person: Requests.person("dora\(word)"))])
    case 7 where !deal.name.isEmpty:
      // The last letter says whether the deal is quiet.
      .name(Text("again \(word)-" + deal.name.string.suffix(1)))
    default: .value(Requests.money(Int64(number(1...100_000))))
    }
  }

  /// Words that stay at home, sometimes one twice.
  private func tags(_ own: SimulatedOrganisation) -> [Text] {
    let tags = [Text("\(own.secret)\(number(0...3))"), Text(own.secret + "word")]
    return chance(8) ? tags + tags : Array(tags.prefix(number(0...2)))
  }

  private func lineEdit(_ deal: Deal, _ own: SimulatedOrganisation) -> FieldEdit {
    let line = pick(deal.team.map(\.line)) ?? 99
    switch number(0...8) {
    case 0, 1: return .putTeamMember(member("eve\(operations.count)"))
    case 2:
      return .putTeamMember(TeamMember(line: line, person: Requests.person("fay\(line)")))
    case 3: return .removeTeamMember(line: line)
    case 4: return .replaceTeam([member("cid\(own.index)"), member("gil")])
    case 5:
      return .putSolution(Requests.line(pick(organisations)?.solution ?? own.solution))
    case 6: return .removeSolution(line: pick(deal.solutions.map(\.line)) ?? 77)
    case 7: return .replaceSolutions([Requests.line(pick(own.products) ?? own.solution)])
    default: return .replaceTeam(deal.team + [member("hal")])
    }
  }
}

extension FieldEdit {
  /// The field of a request that says it.
  fileprivate var kind: String {
    switch self {
    case .name: "name"
    case .value: "value"
    case .closeDate: "close date"
    case .crmID: "crm id"
    case .campaignID: "campaign id"
    case .notes: "notes"
    case .tags: "tags"
    case .owner: "owner"
    case .stage: "stage"
    case .customerContacts: "contacts"
    case .replaceTeam, .putTeamMember, .removeTeamMember: "team"
    case .replaceSolutions, .putSolution, .removeSolution: "solutions"
    case .visibleToVendor: "visible"
    case .forbidden: "forbidden"
    }
  }
}

extension TeamMember {
  fileprivate var withoutPhone: TeamMember {
    var member = self
    member.person.phone = ""
    return member
  }
}
