// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct ResponsivenessTests {
  private static func answers(
    _ accepted: UInt64, _ declined: UInt64, _ expired: UInt64, hours: Int64
  ) -> AnswerStatistics {
    var answers = AnswerStatistics()
    answers.accepted = accepted
    answers.declined = declined
    answers.expired = expired
    answers.answeredMilliseconds =
      Timestamp.Span.hours(hours).milliseconds * Int64(accepted + declined)
    return answers
  }

  @Test(
    arguments: [
      (answers(0, 0, 0, hours: 0), .unproven), (answers(4, 0, 0, hours: 1), .unproven),
      (answers(0, 0, 9, hours: 0), .unproven), (answers(4, 1, 0, hours: 24), .swift),
      (answers(0, 5, 0, hours: 24), .swift), (answers(5, 0, 0, hours: 25), .prompt),
      (answers(9, 0, 1, hours: 1), .swift), (answers(8, 0, 2, hours: 1), .prompt),
      (answers(6, 0, 2, hours: 84), .prompt), (answers(6, 0, 2, hours: 85), .steady),
      (answers(5, 0, 5, hours: 168), .steady), (answers(5, 0, 5, hours: 169), .unproven),
      (answers(4, 0, 5, hours: 1), .unproven),
    ] as [(AnswerStatistics, Responsiveness)])
  func `R-305 the step depends on how many are answered and how soon`(
    answers: AnswerStatistics, step: Responsiveness
  ) {
    #expect(Responsiveness.of(answers, window: .days(14)) == step)
  }

  @Test func `R-305 a sandbox with shorter windows expects sooner answers`() {
    let answers = Self.answers(5, 0, 0, hours: 1)
    #expect(Responsiveness.of(answers, window: .hours(14)) == .swift)
    #expect(Responsiveness.of(answers, window: .hours(2)) == .steady)
    #expect(Responsiveness.of(answers, window: .hours(1)) == .unproven)
  }

  /// Contoso, Fabrikam and their realm's directory, which lists both.
  private func world() throws -> (world: World, contoso: TenantID, fabrikam: TenantID) {
    let contoso = try Given("Contoso", seed: 1)
    let fabrikam = try Given("Fabrikam", seed: 2)
    var directory = Given(unborn: Given.realm.directory)
    let organisation = Organisation(
      id: directory.id, realm: Given.realm.id, kind: .directory, name: "main", country: .de,
      inEcosystem: false, transacts: false, createdAt: directory.now)
    directory.record([
      .organisationEstablished(organisation, Given.realm),
      .organisationListed(try contoso.entry), .organisationListed(try fabrikam.entry),
    ])
    var world = try World([contoso, fabrikam])
    world.members[directory.id] = directory
    return (world, contoso.id, fabrikam.id)
  }

  private func invite(_ world: inout World, _ from: TenantID, _ to: TenantID) throws -> DealID {
    let deal = try world.create(from)
    try world.when(from, .inviteToDeal(world.invite(deal, to)))
    try world.settle()
    let engagement = try world[from].deal(deal).engagement
    return try #require(try world[to].deals.deal(in: engagement))
  }

  private func listed(_ world: World, _ id: TenantID) throws -> Responsiveness? {
    try world[Given.realm.directory].state.entries[id]?.responsiveness
  }

  @Test func `R-305 the realm hears after five answers, and again only when the step changed`()
    throws
  {
    var (world, contoso, fabrikam) = try world()
    let directory = Given.realm.directory
    for number in 1...12 {
      let copy = try invite(&world, contoso, fabrikam)
      try world.when(fabrikam, number % 2 == 0 ? .accept(copy) : .decline(copy))
      try world.settle(times: 2)
      #expect(try listed(world, fabrikam) == (number < 5 ? .unproven : .swift))
    }
    #expect(try world[fabrikam].state.outbox[directory]?.lastSequence == 1)
    #expect(try listed(world, contoso) == .unproven)
    world.expectReplayGivesTheSame()
  }

  @Test func `R-305 invitations that expire lower what is told, many in one turn count as many`()
    throws
  {
    var (world, contoso, fabrikam) = try world()
    for _ in 0..<5 {
      try world.when(fabrikam, .accept(try invite(&world, contoso, fabrikam)))
    }
    try world.settle()
    #expect(try listed(world, fabrikam) == .swift)
    for _ in 0..<6 { _ = try invite(&world, contoso, fabrikam) }
    world.advance(by: .days(15))
    try world.when(fabrikam, .fireDeadlines)
    try world.settle()
    #expect(try listed(world, fabrikam) == .unproven)
    world.expectReplayGivesTheSame()
  }

  @Test func `R-305 a directory listens only to organisations that it lists`() throws {
    var (world, _, _) = try world()
    let directory = Given.realm.directory
    let stranger = TenantID(high: 4, low: 4)
    try world.when(
      directory,
      .receiveMessage(
        ReceiveMessage(sender: stranger, sequence: 1, message: .responsivenessChanged(.swift))))
    #expect(try listed(world, stranger) == nil)
  }
}
