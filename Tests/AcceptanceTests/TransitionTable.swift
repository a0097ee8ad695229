// SPDX-License-Identifier: Apache-2.0
// Section 5.1 as a table, over the wire: every state that a copy can be in, and every action.

import TandemClient
import Testing

/// A state with the side that the copy is on.
private enum Stand: String, CaseIterable {
  // Expired comes first: its time runs out for everything that is pending then.
  case expired, pending, received, accepted, outbound, won, lost, error, declined, shadow, shadowWon

  var status: DealStatus {
    switch self {
    case .pending: .pending
    case .received: .received
    case .accepted, .outbound, .shadow: .accepted
    case .won, .shadowWon: .won
    case .lost: .lost
    case .error: .error
    case .declined: .declined
    case .expired: .expired
    }
  }
}

private enum Act: String, CaseIterable {
  case acknowledge, accept, decline, win, lose, closeAsError, patch, invite
}

private enum Cell: Equatable {
  /// Allowed, and this is where the copy stands then.
  case to(DealStatus)
  /// Refused for this reason; nothing has changed.
  case no(String)
}

/// The table: what section 5.1 and G04 say of every pair.
private func expected(_ stand: Stand, _ act: Act) -> Cell {
  if act == .invite, stand != .outbound {
    return [.won, .lost, .error].contains(stand) ? .no("DEAL_CLOSED") : .no("NOT_INITIATOR")
  }
  switch stand {
  case .pending, .received:
    switch act {
    case .acknowledge: return .to(.received)
    case .accept: return .to(.accepted)
    case .decline: return .to(.declined)
    case .win, .lose, .closeAsError, .patch, .invite: return .no("DEAL_NOT_ACCEPTED")
    }
  case .accepted, .outbound:
    switch act {
    case .acknowledge, .accept, .decline: return .no("NOT_NEW")
    case .win: return .to(.won)
    case .lose: return .to(.lost)
    case .closeAsError: return .to(.error)
    case .patch, .invite: return .to(.accepted)
    }
  case .won, .lost, .error, .declined, .expired, .shadowWon: return .no("DEAL_CLOSED")
  case .shadow: return .no("SHADOW_COPY")
  }
}

struct TransitionTable {
  /// A fresh copy in a state, and whose it is.
  private func make(_ stand: Stand, _ world: Ecosystem) async throws -> (Client, ID) {
    let contoso = world.contoso.client
    let fabrikam = world.fabrikam.client
    switch stand {
    case .outbound: return (contoso, try await world.deal())
    case .won, .lost, .error:
      let deal = try await world.deal()
      switch stand {
      case .won: _ = try await contoso.winDeal(deal)
      case .lost: _ = try await contoso.loseDeal(deal, reason: 1)
      default: _ = try await contoso.closeDealAsError(deal, reason: 1)
      }
      return (contoso, deal)
    case .shadow: return (world.vendor.client, try await world.shown().copy)
    case .shadowWon:
      let (deal, copy) = try await world.shown()
      _ = try await contoso.winDeal(deal)
      _ = try await world.vendor.deal(copy) { $0.status == .won }
      return (world.vendor.client, copy)
    case .pending, .received, .accepted, .declined, .expired:
      let copy = try await world.invited().copy
      switch stand {
      case .received: _ = try await fabrikam.acknowledgeDeal(copy)
      case .accepted: _ = try await fabrikam.acceptDeal(copy, Acceptance(name: "Ours"))
      case .declined: _ = try await fabrikam.declineDeal(copy, reason: 1)
      case .expired:
        try await world.pass(.seconds(14 * 86_400))
        _ = try await world.fabrikam.deal(copy) { $0.status == .expired }
      default: break
      }
      return (fabrikam, copy)
    }
  }

  private func run(_ act: Act, on deal: ID, _ client: Client, _ world: Ecosystem) async throws {
    switch act {
    case .acknowledge: _ = try await client.acknowledgeDeal(deal)
    case .accept: _ = try await client.acceptDeal(deal, Acceptance(name: "Ours"))
    case .decline: _ = try await client.declineDeal(deal, reason: 1)
    case .win: _ = try await client.winDeal(deal)
    case .lose: _ = try await client.loseDeal(deal, reason: 1)
    case .closeAsError: _ = try await client.closeDealAsError(deal, reason: 1)
    case .patch: _ = try await client.patchDeal(deal, .only { $0.notes = "called" })
    case .invite:
      let lines = try await client.getDeal(deal).deal.solutions.map(\.line)
      _ = try await client.inviteToDeal(
        deal,
        NewInvitation(
          world.fabrikam.id, help: .generalOrOther, value: Money("500 EUR"), solutionLines: lines))
    }
  }

  @Test
  func
    `section 5 G04 R-301 R-505 T9 T10 ruling 15 every action in every state does what the table says`()
    async throws
  {
    try await Ecosystem.run { world in
      for stand in Stand.allCases {
        let (client, deal) = try await make(stand, world)
        let before = try await client.getDeal(deal).deal
        #expect(before.status == stand.status, "\(stand)")
        for act in Act.allCases {
          guard case .no(let reason) = expected(stand, act) else { continue }
          let refusal = try await refused { try await run(act, on: deal, client, world) }
          #expect(refusal.reason == reason, "\(stand), \(act): \(refusal)")
          #expect(refusal.code == .failedPrecondition, "\(stand), \(act)")
          #expect(try await client.getDeal(deal).deal == before, "\(stand), \(act)")
        }
        for act in Act.allCases {
          guard case .to(let status) = expected(stand, act) else { continue }
          let (client, deal) = try await make(stand, world)
          try await run(act, on: deal, client, world)
          let after = try await client.getDeal(deal).deal
          #expect(after.status == status, "\(stand), \(act)")
        }
      }
    }
  }

  @Test func `T10 R-501 R-505 refusals of an ended deal say until when, in transactions too`()
    async throws
  {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let deal = try await world.deal()
      _ = try await client.loseDeal(deal, reason: 2)
      let ended = try await client.getDeal(deal).deal
      let closedAt = try #require(ended.closedAt)
      var transaction = Transaction()
      transaction.patch(.existing(deal), .only { $0.name = "Reopened" })
      let doors: [(String, () async throws -> Void)] = [
        ("patch", { _ = try await client.patchDeal(deal, .only { $0.name = "Reopened" }) }),
        ("win", { _ = try await client.winDeal(deal) }),
        ("transaction", { _ = try await client.transact(transaction) }),
      ]
      for (door, open) in doors {
        let refusal = try await refused { try await open() }
        #expect(refusal.message.contains("\(closedAt)"), "\(door): \(refusal)")
        #expect(refusal.message.contains("T10"), "\(door): \(refusal)")
      }
      #expect(try await client.getDeal(deal).deal == ended)
      // A mark of one's own is none of the deal's fields.
      try await client.setFavourite(deal, true)
      #expect(try await client.getDeal(deal).deal == ended)
    }
  }

  @Test
  func
    `T3 G05 section 5.3 ruling 14 reading a new copy leaves it pending, acknowledged it is received`()
    async throws
  {
    try await Ecosystem.run { world in
      let (deal, copy) = try await world.invited()
      let fabrikam = world.fabrikam.client
      let pending = try await fabrikam.getDeal(copy).deal
      _ = try await world.fabrikam.list()
      _ = try await fabrikam.getDeals([copy])
      _ = try await fabrikam.history(of: copy)
      _ = try await fabrikam.describeDealActions(copy)
      #expect(try await fabrikam.getDeal(copy).deal == pending)
      #expect(pending.status == .pending && pending.acknowledgedAt == nil)
      try await world.pass(.seconds(3_600))
      _ = try await fabrikam.acknowledgeDeal(copy)
      let received = try await fabrikam.getDeal(copy).deal
      #expect(received.status == .received && received.acknowledgedAt != nil)
      // The clock is not set back by it.
      #expect(received.respondBy == pending.respondBy)
      let again = try await fabrikam.acknowledgeDeal(copy)
      #expect(again.version == received.version)
      // The inviter sees it, and finds the deal by it.
      let told = try await world.contoso.deal(deal) { $0.cards.first?.status == .received }
      #expect(told.status == .accepted && told.cards.first?.respondedAt == nil)
    }
  }
}
