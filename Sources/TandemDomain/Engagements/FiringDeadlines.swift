// SPDX-License-Identifier: Apache-2.0
// What is due: copies whose time to answer is over end, others are reminded of (domain.md 10).

import TandemPrimitives

package enum FiringDeadlines {
  /// How many copies one turn looks at; the rest follow in the next.
  package static let copiesPerTurn = 256

  package static func decide(
    _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) -> Decision {
    var events: [Event] = []
    var bytes = 0
    var answerers: [LocationID: [UserID]] = [:]
    for id in deals.due(at: context.now, max: copiesPerTurn) {
      guard let deal = deals.deal(id), deal.status.isNew, let respondBy = deal.respondBy
      else { continue }
      // Who is late is not reminded any more: the end says it.
      let reminder = context.now < respondBy ? deal.remindAt : nil
      let recipients = answerers[deal.location] ?? state.answerers(at: deal.location)
      answerers[deal.location] = recipients
      // The commit records what each copy drops or who is told; all of a turn's go into one.
      bytes += reminder == nil ? deal.bytesOfEnding : Reminding.byteCount(recipients)
      if !events.isEmpty, bytes > Limits.commitBytes { break }
      if let reminder {
        Reminding.remind(deal, of: reminder, recipients, &events, state, &context)
      } else {
        Expiring.expire(deal, &events, state, context.now)
      }
    }
    FiringLeads.fire(state, bytes: bytes, &context, &events)
    events.tellResponsiveness(state)
    return Decision(events: events, answer: .done)
  }
}
