// SPDX-License-Identifier: Apache-2.0
// Inviting partners and the vendor, giving them more time, and answering.

import TandemDomain
import TandemPrimitives

extension Simulation {
  func invitation(
    _ deal: DealID, team: [UInt32], solutions: [UInt32], _ own: SimulatedOrganisation
  ) -> InviteToDeal {
    var lines = solutions
    if chance(20), lines.count > 1 { lines.removeLast() }
    if chance(4) { lines = chance(50) ? [] : [88] }
    var invitation = InviteToDeal(
      deal: deal, invitee: invitee(own), help: chance(96) ? pick(HelpCode.allCases) : nil,
      value: chance(92) ? Requests.money(Int64(number(1...9_000))) : nil,
      closeDate: chance(30) ? Requests.closeDate : nil,
      notes: chance(70) ? HelpNotes.notes(operations.count) : "",
      teamLines: chance(45) ? Array(team.prefix(1)) : [], solutionLines: lines,
      validateOnly: false)
    invitation.customerConsent = chance(50)
    return invitation
  }

  private func invitee(_ own: SimulatedOrganisation) -> Invitee {
    if own.kind == .partner, chance(22) { return .vendorDesk }
    let others = organisations.dropLast().filter { $0 !== own }
    // Rarely itself, or somebody of another realm.
    if chance(6) { return .organisation((pick(organisations) ?? own).tenant) }
    return .organisation((pick(Array(others)) ?? own).tenant)
  }

  /// More time for the last invitee, mostly within what the sandbox allows.
  func moreTime(_ deal: Deal) -> ExtendInvitation {
    let card = deal.cards.last
    let invitee = card?.organisation.id ?? pick(organisations)?.tenant ?? .zero
    let due = max(card?.respondBy ?? .zero, card?.askedRespondBy ?? .zero)
    let spans: [Int64] = [400, 400, 400, 900, 10, -50, 90_000]
    let span = pick(spans) ?? 400
    let end: ExtendInvitation.End =
      chance(10)
      ? .daysLater(1) : .at(due.advanced(by: Timestamp.Span(milliseconds: span)))
    return ExtendInvitation(
      deal: deal.id, invitee: chance(90) ? .organisation(invitee) : .vendorDesk, end: end,
      validateOnly: false)
  }

  func answer(_ deal: Deal, _ own: SimulatedOrganisation) -> Wish {
    switch number(0...9) {
    case 0..<3:
      return Wish(.acknowledgeDeal(AcknowledgeDeal(deal: deal.id)), changes: false)
    case 3..<8: return Wish(.acceptDeal(acceptance(deal, own)), changes: true)
    default:
      let decline = DeclineDeal(
        deal: deal.id, reason: chance(90) ? ReasonCode(UInt8(number(1...8))) : nil, notes: "",
        validateOnly: false)
      return Wish(.declineDeal(decline), changes: true)
    }
  }

  private func acceptance(_ deal: Deal, _ own: SimulatedOrganisation) -> AcceptDeal {
    AcceptDeal(
      deal: deal.id, name: chance(93) ? Text("accepted \(operations.count)") : "",
      value: chance(40) ? Requests.money(Int64(number(1...9_000))) : nil,
      closeDate: chance(40) ? Requests.closeDate : nil, notes: Text(own.notes + "accepted"),
      crmID: Text(own.secret + "crm"), campaignID: "",
      team: chance(50) ? [member("cid\(own.index)")] : [], validateOnly: false)
  }
}
