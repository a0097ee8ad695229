// SPDX-License-Identifier: Apache-2.0
// Answering an invitation in the model: T3 to T6, and what is lost with an end (G11).

import TandemDomain
import TandemPrimitives

extension ModelTurn {
  mutating func acknowledge(_ asked: AcknowledgeDeal) {
    guard var deal = deal(asked.deal) else { return }
    requireAnswerable(deal)
    guard deal.status == .pending else { return }
    deal.status = .received
    deal.acknowledgedAt = now
    put(deal)
    send(.moved(deal.engagement, .received, []), to: deal.initiator.id)
  }

  mutating func accept(_ asked: AcceptDeal) {
    guard var deal = deal(asked.deal) else { return }
    requireAnswerable(deal)
    complain("R-302", if: asked.name.isEmpty)
    checkPeople(asked.team, "R-106")
    complain("LINE_GIVEN", if: asked.team.contains { $0.line != 0 })
    deal.status = .accepted
    deal.name = asked.name
    deal.value = asked.value ?? deal.value
    deal.closeDate = asked.closeDate ?? deal.closeDate
    deal.notes = asked.notes
    deal.crmID = asked.crmID
    deal.campaignID = asked.campaignID
    deal.team = deal.numbered(asked.team)
    deal.acceptedAt = now
    deal.respondBy = nil
    deal.remindAt = nil
    put(deal)
    answer(deal)
  }

  mutating func decline(_ asked: DeclineDeal) {
    guard let deal = deal(asked.deal) else { return }
    requireAnswerable(deal)
    requireReason(asked.reason, 1...8, "R-303")
    let closure = Closure(reason: asked.reason ?? ReasonCode(0), notes: asked.notes)
    let ended = ended(deal, .declined, closure)
    put(ended)
    answer(ended)
  }

  mutating func requireReason(
    _ reason: ReasonCode?, _ allowed: ClosedRange<UInt8>, _ rule: String
  ) {
    complain(rule, if: !allowed.contains(reason?.value ?? 0))
  }

  /// A New copy that comes to nothing shows nobody any more.
  func ended(_ deal: ModelDeal, _ status: DealStatus, _ closure: Closure?) -> ModelDeal {
    var ended = deal
    ended.status = status
    ended.closure = closure
    ended.closedAt = now
    ended.respondBy = nil
    ended.remindAt = nil
    ended.sharedView = nil
    ended.customer.contacts = []
    ended.invitation?.team = []
    return ended
  }

  /// The inviter is told, whatever the answer.
  mutating func answer(_ deal: ModelDeal) {
    send(
      .answered(deal.engagement, deal.status, deal.closure, deal.team, at: now),
      to: deal.initiator.id)
  }

  // MARK: Time

  /// T6 and the reminders of section 10, for the deals that the server's timer looked at.
  mutating func letTimePass(for deals: [DealID]) {
    for id in deals {
      guard let deal = own.deals[id], deal.status.isNew, let end = deal.respondBy else { continue }
      if now >= end {
        var ended = ended(deal, .expired, nil)
        ended.invitation?.respondBy = end
        put(ended)
        answer(ended)
      } else if let time = deal.remindAt, now >= time {
        var next = deal
        next.remindAt = reminder(after: now, before: end)
        put(next)
        notify(.answerDueSoon, id, own.answerers(of: deal))
      }
    }
  }

  /// Days 11 and 13 of 14, in proportion to the realm's window.
  func reminder(after time: Timestamp, before end: Timestamp) -> Timestamp? {
    let window = own.policy.answerWindow.milliseconds
    let leads = [
      own.policy.firstReminder?.milliseconds ?? window * 3 / 14,
      own.policy.lastReminder?.milliseconds ?? window / 14,
    ]
    return leads.map { Timestamp(milliseconds: end.milliseconds - $0) }.first {
      time < $0 && $0 < end
    }
  }
}
