// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

/// What many counterparts are told goes into several commits, and comes right in the end.
struct ManyCounterpartsTests {
  private var world: World
  private let contoso: TenantID
  private let partners: [TenantID]
  private let deal: DealID

  /// Twenty that are told much: a team of forty people with long names.
  init() throws {
    let contoso = try Given("Contoso", seed: 1)
    let partners = try (0..<20).map { try Given(Text("Partner \($0)"), seed: UInt64($0) + 2) }
    (self.contoso, self.partners) = (contoso.id, partners.map(\.id))
    world = try World([contoso] + partners)
    let team = (0..<40).map { TeamMember(line: 0, person: Self.person($0)) }
    deal = try world.create(contoso.id) { $0.team = team }
    let line = try #require(try world[contoso.id].deal(deal).solutions.first?.line)
    let first = try #require(try world[contoso.id].deal(deal).team.first?.line)
    for partner in self.partners {
      var invitation = world.invite(deal, partner, lines: [line])
      invitation.teamLines = [first]
      try world.when(contoso.id, .inviteToDeal(invitation))
    }
    try world.settle()
    for partner in self.partners {
      try world.when(partner, .accept(try world[partner].onlyDeal.id))
    }
    try world.settle()
  }

  private static func person(_ number: Int) -> Person {
    Person(
      firstName: Text(String(repeating: "a", count: 200)),
      lastName: Text(String(repeating: "b", count: 200)), email: Text("\(number)@example.com"),
      phone: "+49 30 1", title: "")
  }

  private func views(of commit: Commit) -> Int {
    commit.events.count { event in
      guard case .messageSent(let entry) = event, case .sharedViewChanged = entry.message
      else { return false }
      return true
    }
  }

  private func seen() throws -> [SharedView?] {
    try partners.map { try world[$0].onlyDeal.sharedView }
  }

  @Test mutating func `a change tells some, and the rest once they have marked it`() throws {
    let before = try world[contoso].commits.count
    try world.when(
      contoso, PatchDeal.edits(deal, [.putTeamMember(.named("Newcomer"))]))
    let first = try #require(try world[contoso].commits.last)
    // Of a view with about 20 KB of people, no more than eight.
    #expect((2...8).contains(views(of: first)))
    let told = first.events.compactMap { event -> UInt32? in
      if case .messageSent(let entry) = event { entry.cardsLeftFrom } else { nil }
    }
    #expect(told.dropLast().allSatisfy { $0 == 0 } && told.last == UInt32(told.count))
    try world.settle(times: 2)
    let team = try world[contoso].deal(deal).team
    #expect(try seen().allSatisfy { $0?.team == team })
    let after = try world[contoso].commits.dropFirst(before)
    #expect(after.allSatisfy { views(of: $0) <= 8 })
    // Nobody was told twice of one change.
    #expect(after.reduce(0) { $0 + views(of: $1) } == partners.count)
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `what changes while some wait is told to all, whoever marks first`() throws {
    for number in 0..<3 {
      try world.when(
        contoso, PatchDeal.edits(deal, [.putTeamMember(.named(Text("Newcomer\(number)")))]))
      let waiting = try world[contoso].state.pendingReceivers.sorted()
      // The others have to wait for one of these.
      if let last = waiting.last { try world.deliverAll(from: contoso, to: last) }
    }
    try world.when(contoso, .win(deal))
    try world.settle()
    let own = try world[contoso].deal(deal)
    #expect(try seen().allSatisfy { $0?.team == own.team && $0?.initiatorStatus == .won })
    world.expectReplayGivesTheSame()
  }
}
