// SPDX-License-Identifier: Apache-2.0
// Leads with everything that they can hold.

import TandemDomain
import TandemPrimitives

extension RandomModel {
  mutating func lead() -> Lead {
    var lead = Lead(
      id: id(), sender: reference(), leadClass: any(), origin: any(), customerName: text(),
      country: country(), contact: flag() ? person() : .erased, sentAt: time())
    lead.source = flag() ? any() : nil
    lead.callToAction = flag() ? any() : nil
    lead.quality = any()
    lead.emailValidity = any()
    lead.phoneValidity = any()
    lead.city = text()
    lead.wantsContact = flag()
    lead.solution = flag() ? id() : .zero
    lead.solutionName = text()
    lead.campaignID = text()
    lead.text = text()
    lead.version = number(0...99)
    lead.status = any()
    lead.receivedAt = time()
    lead.updatedAt = time()
    lead.respondBy = maybeTime()
    lead.remindAt = maybeTime()
    lead.deleteAt = maybeTime()
    lead.acceptedAt = maybeTime()
    lead.endedAt = maybeTime()
    if flag() {
      lead.acceptance = LeadAcceptance(
        name: text(), value: money(), closeDate: time(), notes: text(), team: list { $0.member() })
    }
    lead.closure = maybeClosure()
    lead.outcome = flag() ? any() : nil
    lead.deal = flag() ? id() : .zero
    lead.possibleDuplicateOf = flag() ? id() : .zero
    return lead
  }

  mutating func leadAnswer() -> LeadAnswer {
    LeadAnswer(
      lead: id(), partner: reference(), status: any(), at: time(), closure: maybeClosure())
  }
}
