// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct RecentContactsTests {
  private func offered(
    _ deals: [Deal], _ kind: ContactKind? = nil, max: UInt32 = 20
  ) -> [RecentContact] {
    var contacts = RecentContacts(ListRecentContacts(kind: kind, max: max))
    for deal in deals where !contacts.isFull { contacts.take(deal) }
    return contacts.found
  }

  private func created(
    by given: inout Given, _ change: (inout CreateDeal) -> Void = { _ in }
  ) throws -> Deal {
    let id = try given.create(change)
    return try given.deal(id)
  }

  @Test func `3.8 each address is offered once, as the newest deal has it`() throws {
    var given = try Given()
    let older = try created(by: &given) { $0.team = [.named("Ada"), .named("Bob")] }
    var renamed = TeamMember.named("BOB")
    renamed.person.phone = "+49 30 2"
    let newer = try created(by: &given) { $0.team = [renamed] }
    let found = offered([newer, older], .teamMember)
    #expect(found.map(\.person.email) == ["bob@example.com", "ada@example.com"])
    #expect(found[0].person.phone == "+49 30 2" && found[0].deal == newer.id)
    #expect(found[1].deal == older.id && found[1].lastUsed == older.updatedAt)
  }

  @Test func `3.8 an address in capitals is the same address`() throws {
    var given = try Given()
    var loud = TeamMember.named("Ada")
    loud.person.email = "ADA@EXAMPLE.COM"
    let deal = try created(by: &given) { $0.team = [.named("Ada"), loud] }
    #expect(offered([deal], .teamMember).count == 1)
  }

  @Test func `3.8 the team comes before the customer's contacts, and a kind leaves the other out`()
    throws
  {
    var given = try Given()
    let deal = try created(by: &given)
    #expect(
      offered([deal]).map(\.kind) == [.teamMember, .teamMember, .customerContact])
    let contacts = offered([deal], .customerContact)
    #expect(contacts.map(\.person.firstName) == ["Cora"])
    #expect(contacts.map(\.customerName) == ["Adatum"])
    #expect(offered([deal], .teamMember).map(\.person.firstName) == ["Ada", "Bob"])
  }

  @Test func `3.8 no more are offered than were asked for`() throws {
    var given = try Given()
    let deal = try created(by: &given)
    #expect(offered([deal], max: 2).map(\.person.firstName) == ["Ada", "Bob"])
  }

  @Test func `3.8 whoever was erased is no longer offered`() throws {
    var given = try Given()
    var deal = try created(by: &given)
    deal.team[0].person = .erased
    #expect(offered([deal], .teamMember).map(\.person.firstName) == ["Bob"])
  }

  @Test(
    arguments: [
      (.partnerAdmin, true), (.referralsAdmin, true), (.referralsUser, true),
      (.viewer, false), (.accountAdmin, false),
    ] as [(Role, Bool)])
  func `section 11 only who creates or edits deals is offered people`(role: Role, may: Bool) throws
  {
    var given = try Given()
    let user = try given.add("Uma", role)
    if may {
      try RecentContacts.requireRight(user, given.state)
    } else {
      #expect(throws: Rejection.self) { try RecentContacts.requireRight(user, given.state) }
    }
  }
}
