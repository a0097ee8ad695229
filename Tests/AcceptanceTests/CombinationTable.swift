// SPDX-License-Identifier: Apache-2.0
// Section 7 as a table, over the wire: who can be invited to which kind of deal, and what becomes of it.

import TandemClient
import Testing

/// The original kind, the left column of section 7.
private enum Original: String, CaseIterable {
  case privateDeal, partnerLed, coSell, partnerToPartner, partnerToPartnerShown
}

/// Who is asked.
private enum Asked: String, CaseIterable {
  case vendor, vendorToView, partner
}

private struct Outcome: Equatable {
  var baseKind: BaseKind
  var partnerToPartner: Bool
}

/// The right column; nil where the vendor was asked before and is not asked again (G08).
private func outcome(_ original: Original, _ asked: Asked) -> Outcome? {
  switch (original, asked) {
  case (.privateDeal, .vendor): Outcome(baseKind: .coSell, partnerToPartner: false)
  case (.privateDeal, .vendorToView): Outcome(baseKind: .partnerLed, partnerToPartner: false)
  case (.privateDeal, .partner): Outcome(baseKind: .privateDeal, partnerToPartner: true)
  case (.partnerLed, .vendor): Outcome(baseKind: .coSell, partnerToPartner: false)
  case (.partnerLed, .vendorToView): Outcome(baseKind: .partnerLed, partnerToPartner: false)
  case (.partnerLed, .partner): Outcome(baseKind: .partnerLed, partnerToPartner: true)
  case (.coSell, .vendor): nil
  case (.coSell, .vendorToView): Outcome(baseKind: .coSell, partnerToPartner: false)
  case (.coSell, .partner): Outcome(baseKind: .coSell, partnerToPartner: true)
  case (.partnerToPartner, .vendor): Outcome(baseKind: .coSell, partnerToPartner: true)
  case (.partnerToPartner, .vendorToView): Outcome(baseKind: .partnerLed, partnerToPartner: true)
  case (.partnerToPartner, .partner): Outcome(baseKind: .privateDeal, partnerToPartner: true)
  case (.partnerToPartnerShown, .vendor): Outcome(baseKind: .coSell, partnerToPartner: true)
  case (.partnerToPartnerShown, .vendorToView):
    Outcome(baseKind: .partnerLed, partnerToPartner: true)
  case (.partnerToPartnerShown, .partner): Outcome(baseKind: .partnerLed, partnerToPartner: true)
  }
}

struct CombinationTable {
  private func make(_ original: Original, _ world: Ecosystem) async throws -> ID {
    switch original {
    case .privateDeal: return try await world.deal()
    case .partnerLed: return try await world.shown().deal
    case .coSell: return try await world.asked().deal
    case .partnerToPartner: return try await world.invited().deal
    case .partnerToPartnerShown: return try await world.invited { $0.isVisibleToVendor = true }.deal
    }
  }

  private func ask(
    _ asked: Asked, about deal: ID, _ partner: Company, _ world: Ecosystem
  ) async throws {
    switch asked {
    case .vendor: try await world.invite(world.vendor, to: deal) { $0.customerConsent = true }
    case .vendorToView:
      _ = try await world.contoso.client.patchDeal(deal, .only { $0.isVisibleToVendor = true })
    case .partner: try await world.invite(partner, to: deal)
    }
  }

  /// What the vendor's desk has of a deal: nothing, a copy to read, or one to answer.
  private func atVendor(_ kind: BaseKind, _ deal: ID, _ world: Ecosystem) async throws {
    let engagement = try #require(
      try await world.contoso.client.getDeal(deal).deal.engagement)
    switch kind {
    case .privateDeal:
      let found = try await world.vendor.list { $0.allOf = [[.ids(.engagement, [engagement])]] }
      #expect(found.isEmpty)
    case .partnerLed:
      let copy = try await world.copy(of: deal, at: world.vendor)
      #expect(try await world.vendor.client.getDeal(copy).deal.isShadow)
    case .coSell:
      let copy = try await world.copy(of: deal, at: world.vendor)
      let invited = try await world.vendor.deal(copy) { !$0.isShadow }
      #expect(invited.status == .pending && invited.respondBy != nil)
    case .solutionAssessment, .unspecified: Issue.record("\(kind)")
    }
  }

  @Test
  func `section 7 R-111 R-201 R-909 R-206 R-405 each kind and invitee becomes what the table says`()
    async throws
  {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      for original in Original.allCases {
        for asked in Asked.allCases {
          let row = "\(original), \(asked)"
          let deal = try await make(original, world)
          let before = try await world.contoso.client.getDeal(deal).deal
          guard let outcome = outcome(original, asked) else {
            let again = try await refused {
              try await ask(asked, about: deal, tailspin, world)
            }
            #expect(again.reason == "ALREADY_INVITED", "\(row): \(again)")
            #expect(try await world.contoso.client.getDeal(deal).deal == before, "\(row)")
            continue
          }
          try await ask(asked, about: deal, tailspin, world)
          let after = try await world.contoso.client.getDeal(deal).deal
          #expect(after.baseKind == outcome.baseKind, "\(row)")
          #expect(after.partnerToPartner == outcome.partnerToPartner, "\(row)")
          #expect(after.status == .accepted && after.direction == .outbound, "\(row)")
          let added = after.cards.map(\.organisation.name).filter { name in
            !before.cards.contains { $0.organisation.name == name }
          }
          switch asked {
          case .vendor: #expect(added == ["Northwind"], "\(row)")
          case .partner: #expect(added == ["Tailspin"], "\(row)")
          case .vendorToView: #expect(added.isEmpty, "\(row)")
          }
          try await atVendor(outcome.baseKind, deal, world)
        }
      }
    }
  }

  @Test func `section 7 G03 one deal goes every step upwards, and partners stay beside its kind`()
    async throws
  {
    try await Ecosystem.run { world in
      let deal = try await world.invited().deal
      let client = world.contoso.client
      var seen: [BaseKind] = [try await client.getDeal(deal).deal.baseKind]
      _ = try await client.patchDeal(deal, .only { $0.isVisibleToVendor = true })
      seen.append(try await client.getDeal(deal).deal.baseKind)
      try await ask(.vendor, about: deal, world.fabrikam, world)
      seen.append(try await client.getDeal(deal).deal.baseKind)
      #expect(seen == [.privateDeal, .partnerLed, .coSell])
      #expect(try await client.getDeal(deal).deal.partnerToPartner)
      // The copy of the partner says so as well, whoever else is asked later.
      let copy = try await world.copy(of: deal, at: world.fabrikam)
      #expect(try await world.fabrikam.client.getDeal(copy).deal.partnerToPartner)
    }
  }

  @Test func `section 7 R-207 nobody is invited to a deal of the inbound list, whatever its kind`()
    async throws
  {
    try await Ecosystem.run { world in
      let tailspin = try await world.join("Tailspin")
      for (kind, change) in [
        (BaseKind.privateDeal, { (_: inout NewDeal) in }),
        (.partnerLed, { $0.isVisibleToVendor = true }),
        (
          .coSell,
          { deal in
            deal.isVisibleToVendor = true
            deal.help = .quotesOrLicensing
          }
        ),
      ] {
        let copy = try await world.invited(change).copy
        let fabrikam = world.fabrikam.client
        _ = try await fabrikam.acceptDeal(copy, Acceptance(name: "Ours"))
        let deal = try await fabrikam.getDeal(copy).deal
        #expect(deal.baseKind == kind)
        for invitee in [tailspin.id, nil] {
          let invitation = NewInvitation(
            invitee, help: .generalOrOther, solutionLines: deal.solutions.map(\.line))
          let refusal = try await refused { try await fabrikam.inviteToDeal(copy, invitation) }
          #expect(refusal.reason == "NOT_INITIATOR", "\(kind): \(refusal)")
        }
        let actions = try await fabrikam.describeDealActions(copy).actions
        for action in [DealAction.invite, .inviteVendor] {
          let verdict = try #require(actions.first { $0.action == action })
          #expect(!verdict.isAllowed && verdict.text.contains("R-207"), "\(kind) \(action)")
        }
      }
    }
  }

  @Test func `section 7 T10 nobody is invited to a deal that has ended`() async throws {
    try await Ecosystem.run { world in
      let client = world.contoso.client
      let ends: [(String, (ID) async throws -> Void)] = [
        ("won", { _ = try await client.winDeal($0) }),
        ("lost", { _ = try await client.loseDeal($0, reason: 1) }),
        ("error", { _ = try await client.closeDealAsError($0, reason: 1) }),
      ]
      for (name, end) in ends {
        let deal = try await world.deal()
        try await end(deal)
        for asked in Asked.allCases {
          let refusal = try await refused {
            try await ask(asked, about: deal, world.fabrikam, world)
          }
          #expect(refusal.reason == "DEAL_CLOSED", "\(name), \(asked): \(refusal)")
        }
      }
    }
  }
}
