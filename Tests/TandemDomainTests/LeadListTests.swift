// SPDX-License-Identifier: Apache-2.0
// Who sees leads, and how they are found (domain.md 18, 11, G34).

import TandemDomain
import TandemPrimitives
import Testing

struct LeadListTests {
  /// Section 18: a referrals admin with global scope; G32: and the partner administrator; others read
  /// only as viewers of everything.
  @Test func `section 18 section 11 leads are there for the entire organisation alone`() throws {
    enum Right { case works, reads, nothing }
    let table: [(role: Role, isLocal: Bool, right: Right)] = [
      (.partnerAdmin, false, .works), (.partnerAdmin, true, .works),
      (.referralsAdmin, false, .works), (.referralsAdmin, true, .nothing),
      (.viewer, false, .reads), (.viewer, true, .nothing),
      (.referralsUser, false, .nothing), (.referralsUser, true, .nothing),
      (.seller, false, .nothing), (.accountAdmin, false, .nothing),
      (.operatorRole, false, .nothing),
    ]
    for (role, isLocal, right) in table {
      var given = try LeadWorld()
      let id = try given.send()
      var partner = try given.partner
      let user = UserID(high: 3, low: 3)
      let places = isLocal ? [partner.berlin] : []
      partner.record([
        .userAdded(
          User(
            id: user, isService: false, person: .named("Tess"),
            grants: [RoleGrant(role: role, locations: places)], mayActAsUser: false,
            isActive: true))
      ])
      for readOnly in [false, true] {
        let tess = Principal.user(user, via: nil, readOnly: readOnly)
        let state = partner.state
        let page = try state.leadPage(
          ListLeads(tab: nil, pageSize: 9, after: nil), for: tess, at: partner.now)
        let one = try? state.leadRow(id, for: tess, at: partner.now)
        let sees = right != .nothing
        #expect(page.rows.map(\.lead.id) == (sees ? [id] : []), "\(role)")
        #expect((one != nil) == sees, "\(role)")
        var trial = partner
        if right == .works, !readOnly {
          try trial.when(.declineLead(id), by: tess)
        } else {
          let refusal = try trial.refused(.declineLead(id), by: tess)
          let reason = !sees ? "LEAD_NOT_FOUND" : readOnly ? "KEY_READ_ONLY" : "ROLE_MISSING"
          #expect(refusal.reason == reason, "\(role)")
        }
      }
    }
  }

  @Test func `section 18 a lead that is not there and one that is not seen look the same`() throws {
    var given = try LeadWorld()
    let id = try given.send()
    var partner = try given.partner
    let user = try partner.add("Ulla", .referralsUser)
    let nowhere = LeadID(high: 8, low: 8)
    let hidden = try partner.refused(.winLead(id), by: user)
    let missing = try partner.refused(.winLead(nowhere), by: user)
    #expect(hidden.reason == missing.reason && hidden.code == missing.code)
    #expect(
      hidden.message.replacing(id.description, with: "")
        == missing.message.replacing(nowhere.description, with: ""))
  }

  @Test func `G34 every lead is listed, with its class`() throws {
    var given = try LeadWorld()
    let direct = try given.send()
    let marketing = try given.send { $0.leadClass = .marketingQualified }
    let sales = try given.send { $0.leadClass = .salesQualified }
    #expect(try given.list().rows.map(\.lead.id) == [sales, marketing, direct])
    #expect(try given.list(.marketplace).rows.map(\.lead.id) == [direct])
    #expect(try given.list(.qualified).rows.map(\.lead.id) == [sales, marketing])
    #expect(try given.list(.favourites).rows.isEmpty)
  }

  @Test func `section 18 each filter lets through what it names`() throws {
    var given = try LeadWorld()
    let plain = try given.send()
    let other = try given.send {
      $0.customerName = "Zentrum"
      $0.country = .fr
      $0.callToAction = .requestPrivateOffer
      $0.source = .businessStore
      $0.leadClass = .salesQualified
      $0.quality = .high
      $0.emailValidity = .valid
      $0.phoneValidity = .invalid
    }
    try given.when(.declineLead(other))
    let filters: [(inout ListLeads) -> Void] = [
      { $0.callsToAction = [.requestPrivateOffer] }, { $0.countries = [.fr] },
      { $0.customerNamePrefix = "zen" }, { $0.sources = [.businessStore] },
      { $0.classes = [.salesQualified, .marketingQualified] }, { $0.qualities = [.high] },
      { $0.statuses = [.declined] }, { $0.emailValidities = [.valid, .spam] },
      { $0.phoneValidities = [.invalid] },
    ]
    for (number, filter) in filters.enumerated() {
      #expect(try given.list(nil, filter).rows.map(\.lead.id) == [other], "filter \(number)")
    }
    let both = try given.list {
      $0.countries = [.de, .fr]
      $0.statuses = [.received]
    }
    #expect(both.rows.map(\.lead.id) == [plain])
  }

  @Test func `section 18 pages neither repeat nor hide while leads change`() throws {
    var given = try LeadWorld()
    var ids: [LeadID] = []
    for _ in 0..<7 { ids.append(try given.send()) }
    let first = try given.list(pageSize: 3)
    #expect(first.rows.map(\.lead.id) == [ids[6], ids[5], ids[4]] && first.next == ids[4])
    // One that was told changes, one that comes is newer.
    try given.when(.declineLead(ids[6]))
    _ = try given.send()
    let second = try given.list(pageSize: 3) { $0.after = first.next }
    #expect(second.rows.map(\.lead.id) == [ids[3], ids[2], ids[1]])
    let third = try given.list(pageSize: 3) { $0.after = second.next }
    #expect(third.rows.map(\.lead.id) == [ids[0]] && third.next == nil)
  }

  @Test func `section 18 a page looks at so many leads and no more`() throws {
    var given = try LeadWorld()
    _ = try given.send { $0.customerName = "Rare" }
    var state = try given.partner.state
    let sample = try #require(try given.list().rows.first?.lead)
    for number in 0..<UInt64(Limits.leadsLookedAt) {
      var lead = sample
      lead.id = LeadID(high: UInt64.max, low: number)
      lead.customerName = "Common"
      state.leads.put(lead)
    }
    var list = ListLeads(tab: nil, pageSize: 5, after: nil)
    list.customerNamePrefix = "Rare"
    let who = try given.partner.who
    let now = try given.partner.now
    let first = try state.leadPage(list, for: who, at: now)
    #expect(first.rows.isEmpty && first.looks == Limits.leadsLookedAt)
    list.after = first.next
    #expect(list.after != nil)
    #expect(try state.leadPage(list, for: who, at: now).rows.map(\.lead.id) == [sample.id])
  }

  @Test func `section 18 G19 a mark is the user's own and changes no version`() throws {
    var given = try LeadWorld()
    let id = try given.send()
    var partner = try given.partner
    let vera = try partner.add("Vera", .viewer)
    given.world.members[given.contoso] = partner
    let mark = Command.setLeadFavourite(SetLeadFavourite(lead: id, isFavourite: true))
    try given.world.members[given.contoso]?.when(mark, by: vera)
    #expect(try given.list(.favourites, by: vera).rows.map(\.isFavourite) == [true])
    #expect(try given.list(.favourites).rows.isEmpty)
    #expect(try given.received(id).version == 1)
    // A second time changes nothing.
    let again = try given.world.members[given.contoso]?.when(mark, by: vera)
    #expect(again?.events.isEmpty == true)
    let off = Command.setLeadFavourite(SetLeadFavourite(lead: id, isFavourite: false))
    try given.world.members[given.contoso]?.when(off, by: vera)
    #expect(try given.list(.favourites, by: vera).rows.isEmpty)
    given.world.expectReplayGivesTheSame()
  }

  @Test func `section 18 a lead tells of an open one that may be the same`() throws {
    var given = try LeadWorld()
    let first = try given.send { $0.customerName = "Adatum Ltd." }
    let same = try given.send { $0.customerName = "ADATUM LTD" }
    #expect(try given.received(same).possibleDuplicateOf == first)
    let others: [(inout SendLead) -> Void] = [
      { $0.country = .fr }, { $0.contact = .named("Otto") }, { $0.customerName = "Adatum" },
    ]
    for change in others {
      let id = try given.send {
        $0.customerName = "Adatum Ltd."
        change(&$0)
      }
      #expect(try given.received(id).possibleDuplicateOf.isZero)
    }
    // One that ended is none any more.
    try given.when(.declineLead(first))
    try given.when(.declineLead(same))
    let later = try given.send { $0.customerName = "Adatum Ltd." }
    #expect(try given.received(later).possibleDuplicateOf.isZero)
  }
}
