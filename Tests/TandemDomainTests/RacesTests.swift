// SPDX-License-Identifier: Apache-2.0
// Initiator and invitee act before either has heard of the other: whichever message comes first, and
// however often, the invitee's copy decides and the card shows what became of it.

import TandemDomain
import TandemPrimitives
import Testing

struct RacesTests {
  enum Initiator: CaseIterable, CustomTestStringConvertible {
    case nothing, edits, extends, wins, loses, errs

    var testDescription: String { "initiator: \(self)" }

    /// Where its own copy stands afterwards.
    var status: DealStatus {
      switch self {
      case .nothing, .edits, .extends: .accepted
      case .wins: .won
      case .loses: .lost
      case .errs: .error
      }
    }
  }

  enum Invitee: CaseIterable, CustomTestStringConvertible {
    case nothing, acknowledges, accepts, declines, expires, wins, loses, errs

    var testDescription: String { "invitee: \(self)" }

    /// Where its copy stands afterwards when nobody ends the engagement; nil while it may be ended.
    var decided: DealStatus? {
      switch self {
      case .nothing, .acknowledges: nil
      case .accepts: .accepted
      case .declines: .declined
      case .expires: .expired
      case .wins: .won
      case .loses: .lost
      case .errs: .error
      }
    }
  }

  enum First: CaseIterable { case initiator, invitee }

  private let contoso: TenantID
  private let fabrikam: TenantID
  private var world: World
  private let deal: DealID
  private let copy: DealID

  init() throws { (world, contoso, fabrikam, deal, copy) = try World.withInvitation() }

  private mutating func act(_ initiator: Initiator) throws {
    switch initiator {
    case .nothing: break
    case .edits: try world.when(contoso, PatchDeal.edits(deal, [.name("Renamed")]))
    case .extends:
      try world.when(
        contoso,
        .extendInvitation(
          ExtendInvitation(
            deal: deal, invitee: .organisation(fabrikam), end: .daysLater(3), validateOnly: false)))
    case .wins: try world.when(contoso, .win(deal))
    case .loses: try world.when(contoso, .lose(deal))
    case .errs: try world.when(contoso, .closeAsError(deal))
    }
  }

  private mutating func act(_ invitee: Invitee) throws {
    switch invitee {
    case .nothing: break
    case .acknowledges:
      try world.when(fabrikam, .acknowledgeDeal(AcknowledgeDeal(deal: copy)))
    case .accepts: try world.when(fabrikam, .accept(copy))
    case .declines: try world.when(fabrikam, .decline(copy))
    case .expires:
      world.advance(by: .days(14))
      try world.when(fabrikam, .fireDeadlines)
    case .wins, .loses, .errs:
      try world.when(fabrikam, .accept(copy))
      let end: Command =
        switch invitee {
        case .wins: .win(copy)
        case .loses: .lose(copy)
        case .errs, .nothing, .acknowledges, .accepts, .declines, .expires: .closeAsError(copy)
        }
      try world.when(fabrikam, end)
    }
  }

  @Test(arguments: Initiator.allCases, Invitee.allCases)
  func `T11 G06 the invitee's copy decides, whichever message comes first`(
    initiator: Initiator, invitee: Invitee
  ) throws {
    for first in First.allCases {
      for times in 1...2 {
        var race = self
        try race.run(initiator, invitee, first, times)
      }
    }
  }

  private mutating func run(
    _ initiator: Initiator, _ invitee: Invitee, _ first: First, _ times: Int
  ) throws {
    try act(initiator)
    try act(invitee)
    switch first {
    case .initiator: try world.deliverAll(from: contoso, to: fabrikam, times: times)
    case .invitee: try world.deliverAll(from: fabrikam, to: contoso, times: times)
    }
    try world.settle(times: times)

    let (own, other) = (try world[contoso].deal(deal), try world[fabrikam].deal(copy))
    let card = try #require(own.cards.first)
    #expect(own.status == initiator.status)
    if let decided = invitee.decided {
      #expect(other.status == decided)
      #expect(card.status == decided)
      #expect(other.closure?.reason != .engagementClosed)
    } else if initiator.status == .accepted {
      #expect(other.status == (invitee == .nothing ? .pending : .received))
      #expect(card.status.isNew)
    } else {
      #expect(other.status == .expired && other.closure?.reason == .engagementClosed)
      #expect(card.status == .expired && card.closure?.reason == .engagementClosed)
    }
    expectView(of: own, at: other, initiator)
    world.expectReplayGivesTheSame()
  }

  /// What the invitee is shown goes with a no and with the time, and is as new as the initiator's copy.
  private func expectView(of own: Deal, at other: Deal, _ initiator: Initiator) {
    switch other.status {
    case .declined, .expired:
      #expect(other.sharedView == nil && other.customer.contacts.isEmpty)
    case .accepted:
      #expect(other.sharedView?.initiatorStatus == initiator.status)
    case .pending, .received, .won, .lost, .error: break
    }
    #expect((other.respondBy != nil) == other.status.isNew)
    if initiator == .extends, other.status.isNew {
      #expect(other.respondBy == own.cards.first?.extendedTo)
    }
  }
}
