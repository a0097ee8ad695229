// SPDX-License-Identifier: Apache-2.0
// Random commands, crossing messages and repeats: invariants hold, replay gives the same, and copies
// agree in the end.

import TandemDomain
import TandemPrimitives
import Testing

struct RandomCommandsTests {
  @Test(arguments: 1...12)
  func
    `invariant 1 invariant 2 invariant 3 invariant 4 invariant 5 invariant 6 invariant 7 invariant 8 invariant 11 whatever happens`(
      seed: UInt64
    ) throws
  {
    var random = SeededRandom(seed: seed)
    var world = try World([
      Given("Contoso", seed: seed * 10 + 1, isVetted: true),
      Given("Fabrikam", seed: seed * 10 + 2),
      Given("Vendor", kind: .vendor, seed: seed * 10 + 3),
    ])
    let ids = world.ids
    try world.publish(.assessment("Readiness", of: #require(world.vendor)))
    var accepted = 0
    for _ in 0..<300 {
      let actor = ids[Int.random(in: 0..<ids.count, using: &random)]
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        let other = ids[Int.random(in: 0..<ids.count, using: &random)]
        if other != actor {
          try world.deliverAll(
            from: actor, to: other, times: Int.random(in: 1...3, using: &random))
        }
      case 1: world.advance(by: .hours(Int64.random(in: 1...30, using: &random)))
      default:
        let command = try Self.command(for: world[actor], ids, &random)
        do {
          try world.when(actor, command)
          accepted += 1
        } catch is Rejection {}
      }
    }
    try world.settle(times: 2)
    #expect(accepted > 60)
    let kinds = world.members.values.flatMap { given in
      given.deals.allIDs.compactMap { given.deals.deal($0)?.baseKind }
    }
    #expect(kinds.contains(.solutionAssessment))
    world.expectReplayGivesTheSame()
    try expectCardsMatchCopies(world)
  }

  /// After everything was delivered each card says what the invitee's copy says.
  private func expectCardsMatchCopies(_ world: World) throws {
    var seen = 0
    for member in world.members.values {
      for id in member.deals.allIDs {
        let deal = try member.deal(id)
        for card in deal.cards {
          let other = try world[card.organisation.id]
          let copy = try other.deal(try #require(other.deals.deal(in: deal.engagement)))
          let answered = copy.status.isNew ? DealStatus.pending : copy.status
          #expect(card.status == answered)
          #expect(card.team == (copy.acceptedAt == nil ? [] : copy.team))
          if let respondBy = copy.respondBy {
            #expect(card.respondBy == respondBy)
            // What came too late is settled by the end that is still to fire.
            #expect(card.askedRespondBy == nil || respondBy <= other.now)
          } else {
            #expect(card.askedRespondBy == nil)
          }
          if copy.status == .accepted {
            #expect(copy.sharedView?.team == deal.team)
            #expect(copy.sharedView?.initiatorStatus == deal.status)
          }
          seen += 1
        }
        if let desk = deal.shownTo { try expectShadow(of: deal, world[desk.id]) }
      }
    }
    #expect(seen > 0)
  }

  private func expectShadow(of deal: Deal, _ desk: Given) throws {
    let copy = try desk.deal(try #require(desk.deals.deal(in: deal.engagement)))
    #expect(copy.isShadow && copy.status == deal.status && copy.name == deal.name)
    #expect(copy.notes == deal.notes && copy.sharedView?.team == deal.team)
    #expect(copy.baseKind == deal.baseKind && copy.assessment == deal.assessment)
  }

  static func command(
    for given: Given, _ ids: [TenantID], _ random: inout SeededRandom
  ) -> Command {
    let deals = given.deals.allIDs
    guard let deal = deals.randomElement(using: &random) else {
      return .createDeal(.sample(at: given.berlin))
    }
    let lines = given.deals.deal(deal)?.solutions.map(\.line) ?? []
    switch Int.random(in: 0..<19, using: &random) {
    case 0, 1:
      var command = CreateDeal.sample(at: given.berlin)
      command.visibleToVendor = random.next() % 2 == 0
      return .createDeal(command)
    case 16: return .createDeal(.assessment(at: given.berlin))
    case 17, 18:
      let next = SalesStage.allCases.randomElement(using: &random) ?? .qualified
      return PatchDeal.edits(deal, [.stage(.percent(UInt32(next.rawValue)))])
    case 2 where random.next() % 2 == 0:
      let owner: Text = random.next() % 2 == 0 ? "ada@example.com" : .empty
      return PatchDeal.edits(deal, [.tags([Text("tag \(random.next() % 3)")]), .owner(owner)])
    case 2: return PatchDeal.edits(deal, [.notes(Text("note \(random.next())"))])
    case 3: return PatchDeal.edits(deal, [.putTeamMember(.named("Cid"))])
    case 4: return PatchDeal.edits(deal, [.removeTeamMember(line: 1), .stage(.percent(40))])
    case 5 where random.next() % 2 == 0: return PatchDeal.edits(deal, [.visibleToVendor(true)])
    case 5: return .setFavourite(SetFavourite(deal: deal, isFavourite: random.next() % 2 == 0))
    case 6: return random.next() % 3 == 0 ? .win(deal) : .fireDeadlines
    case 7: return random.next() % 3 == 0 ? .lose(deal) : .fireDeadlines
    case 8: return .acknowledgeDeal(AcknowledgeDeal(deal: deal))
    case 9: return .accept(deal)
    case 10: return random.next() % 2 == 0 ? .decline(deal) : .accept(deal)
    case 11, 12:
      return .extendInvitation(
        ExtendInvitation(
          deal: deal, invitee: .organisation(ids[Int.random(in: 0..<ids.count, using: &random)]),
          end: .daysLater(UInt32.random(in: 1...4, using: &random)), validateOnly: false))
    default:
      return .inviteToDeal(
        InviteToDeal(
          deal: deal, invitee: .organisation(ids[Int.random(in: 0..<ids.count, using: &random)]),
          help: .proofOfConcept, value: .euros(300), closeDate: nil, notes: "please", teamLines: [],
          solutionLines: Array(lines.prefix(1)), validateOnly: false))
    }
  }
}
