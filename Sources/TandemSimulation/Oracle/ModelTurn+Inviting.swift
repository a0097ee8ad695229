// SPDX-License-Identifier: Apache-2.0
// Inviting and giving more time in the model (3.6, 7, 8.2, product.md row 37).

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func invite(_ asked: InviteToDeal) {
    guard var deal = deal(asked.deal) else { return }
    requireInvitable(deal)
    if asked.customerConsent { deal.consent.customerContact = true }
    guard let invitee = invitee(asked.invitee, deal) else {
      // Told with all else that is wrong, as far as it is known whom the request means.
      return checkContent(asked, deal, for: kind(of: asked.invitee))
    }
    let asks = deal.cards.filter {
      $0.organisation.id == invitee.id
        || ($0.organisationKind == .vendor && invitee.kind == .vendor)
    }
    let isRefusal = asks.last?.status == .declined || asks.last?.status == .expired
    let isRetry =
      invitee.kind == .vendor && isRefusal && asks.count <= Int(own.policy.vendorRetries)
    refuse("ALREADY_INVITED", if: !asks.isEmpty && !isRetry)
    // G24: who is asked again is no one more.
    let vendors = deal.cards.filter { $0.organisationKind == .vendor }.count
    let count = deal.cards.count - max(0, vendors - 1)
    refuse(
      "COUNTERPARTS_FULL",
      if: count >= min(Int(own.policy.counterpartsMax), 20)
        && !(invitee.kind == .vendor && isRefusal))
    checkContent(asked, deal, for: invitee.kind)
    guard let help = asked.help else { return }
    let everybody = asked.teamLines.isEmpty
    let content = InvitationContent(
      closeDate: asked.closeDate ?? deal.closeDate, value: asked.value ?? deal.value,
      notes: asked.notes, help: help,
      team: deal.team.filter { everybody || asked.teamLines.contains($0.line) },
      solutions: deal.solutions.filter { asked.solutionLines.contains($0.line) }, sentAt: now,
      respondBy: now.advanced(by: own.policy.answerWindow))
    invite(invitee, to: &deal, content)
    put(deal)
    noticeInvitation(deal)
  }

  /// What an invitee is; nothing is said of what oneself would need.
  private func kind(of invitee: Invitee) -> OrganisationKind? {
    switch invitee {
    case .vendorDesk: own.kind == .vendor ? nil : .vendor
    case .organisation(own.id): nil
    case .organisation(let id): world.organisations[id]?.kind
    }
  }

  private mutating func checkContent(
    _ asked: InviteToDeal, _ deal: ModelDeal, for invitee: OrganisationKind?
  ) {
    complain("R-205", if: asked.help == nil)
    complain("R-205", if: asked.solutionLines.isEmpty)
    checkLines(asked.solutionLines, known: deal.solutions.map(\.line))
    checkLines(asked.teamLines, known: deal.team.map(\.line))
    complain("R-104", if: !deal.consent.shareWithOthers)
    complain("R-205", if: invitee == .partner && asked.value == nil)
    if invitee == .vendor {
      complain("R-103", if: !Self.areReachable(deal.customer.contacts))
      complain("R-104", if: !deal.consent.customerContact)
    }
  }

  /// R-207, G18, G21: what must hold whoever is invited.
  private mutating func requireInvitable(_ deal: ModelDeal) {
    refuse("NOT_INITIATOR", if: deal.isInbound)
    requireAccepted(deal)
    refuse("NOT_FOR_ASSESSMENTS", if: deal.kind == .solutionAssessment)
  }

  private mutating func checkLines(_ lines: [UInt32], known: [UInt32]) {
    complain("LINE_UNKNOWN", if: lines.contains { !known.contains($0) })
    complain("LINE_TWICE", if: Set(lines).count < lines.count)
  }

  private mutating func invitee(_ invitee: Invitee, _ deal: ModelDeal) -> ModelOrganisation? {
    switch invitee {
    case .vendorDesk:
      guard own.kind != .vendor else {
        complain("INVITEE_SELF")
        return nil
      }
      let desk = desk(of: deal)
      refuse("NO_VENDOR_DESK", if: desk == nil)
      return desk
    case .organisation(let id):
      guard id != own.id else {
        complain("INVITEE_SELF")
        return nil
      }
      guard let found = world.organisations[id], found.realm == own.realm else {
        complain("INVITEE_UNKNOWN")
        return nil
      }
      if found.kind == .vendor, own.kind != .vendor {
        complain("DESK_OF_OTHERS", if: desk(of: deal)?.id != id)
      }
      if world.reviewed.contains(id) {
        doubt("R-204")
      } else {
        complain("R-204", if: !found.isInvitable)
      }
      return found
    }
  }

  /// The desk that reads along already, else the one for the customer's country.
  func desk(of deal: ModelDeal) -> ModelOrganisation? {
    if let shown = deal.shownTo { return world.organisations[shown.id] }
    return world.desk(for: deal.customer.address.country, seenFrom: own.realm)
  }

  /// Section 7: the vendor on either side makes a co-sell deal, else it is partner to partner.
  mutating func invite(
    _ invitee: ModelOrganisation, to deal: inout ModelDeal, _ content: InvitationContent
  ) {
    if invitee.kind == .vendor || own.kind == .vendor {
      deal.kind = .coSell
      deal.shownTo = nil
    } else {
      deal.partnerToPartner = true
    }
    deal.cards.append(
      Card(
        organisation: invitee.reference, organisationKind: invitee.kind, status: .pending,
        content: content, respondedAt: nil, closure: nil, team: []))
    send(
      .invite(ModelInvitation(deal: deal, content: content, inviterKind: own.kind)),
      to: invitee.id)
  }

  /// G13.
  mutating func noticeInvitation(_ deal: ModelDeal) {
    guard own.tellsInvitationSent else { return }
    notify(.invitationSent, deal.id, own.followers(of: deal))
  }

  // MARK: More time

  mutating func extend(_ asked: ExtendInvitation) {
    guard var deal = deal(asked.deal) else { return }
    refuse("NOT_INITIATOR", if: deal.isInbound)
    requireAccepted(deal)
    let waiting = deal.cards.filter(\.status.isNew)
    refuse("NOT_NEW", if: waiting.isEmpty)
    // Nobody who waits can be given more.
    let areLate = waiting.allSatisfy { now >= $0.extendedTo ?? $0.content.respondBy }
    let areFull = waiting.allSatisfy { $0.extensions >= Limits.extensionsPerInvitation }
    refuse("INVITATION_EXPIRED", if: areLate && !waiting.isEmpty)
    refuse("EXTENSIONS_USED_UP", if: areFull && !waiting.isEmpty)
    let place = deal.cards.lastIndex { card in
      switch asked.invitee {
      case .organisation(let id): card.organisation.id == id
      case .vendorDesk: card.organisationKind == .vendor
      }
    }
    guard let place else { return complain("NOT_INVITED") }
    let card = deal.cards[place]
    let due = card.extendedTo ?? card.content.respondBy
    refuse("NOT_NEW", if: !card.status.isNew)
    refuse("INVITATION_EXPIRED", if: now >= due)
    refuse("EXTENSIONS_USED_UP", if: card.extensions >= Limits.extensionsPerInvitation)
    let end = end(asked.end, after: max(due, card.askedRespondBy ?? .zero), card)
    deal.cards[place].askedRespondBy = end
    deal.cards[place].extensions += 1
    put(deal)
    send(.moreTimeAsked(deal.engagement, end), to: card.organisation.id)
  }

  private mutating func end(
    _ asked: ExtendInvitation.End, after before: Timestamp, _ card: Card
  ) -> Timestamp {
    let window = own.policy.answerWindow
    let latest = card.content.respondBy.advanced(by: own.policy.extensionMax ?? window)
    let least = min(
      Limits.extensionLeastMilliseconds, window.milliseconds / Limits.extensionLeastParts)
    let end =
      switch asked {
      case .at(let time): time
      case .daysLater(let days): before.advanced(by: .days(Int64(days)))
      }
    complain("EXTENSION_NOT_LATER", if: end <= before)
    let soonest = min(before.milliseconds + least, latest.milliseconds)
    complain("EXTENSION_TOO_SHORT", if: end > before && end.milliseconds < soonest)
    complain("EXTENSION_TOO_LONG", if: end > latest)
    return end
  }
}
