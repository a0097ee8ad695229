// SPDX-License-Identifier: Apache-2.0
// Copies that end without an answer: by time (T6, R-304) or because the initiator closed (T11,
// G06).

import TandemPrimitives

package enum Expiring {
  /// How many copies end in one turn; the rest follow in the next.
  package static let copiesPerTurn = 256

  package static func fire(
    _ state: TenantState, _ deals: some DealStore, _ context: inout CommandContext
  ) -> Decision {
    var events: [Event] = []
    for id in deals.due(at: context.now, max: copiesPerTurn) {
      guard let deal = deals.deal(id), deal.status.isNew else { continue }
      let after = deal.ended(.expired, nil, at: context.now)
      guard let changed = deal.change(to: after, in: .all, .expired, at: context.now) else {
        continue
      }
      events.append(changed)
      events.recordAnswer(deal, .expired, at: context.now)
      events.sendAnswer(of: after, at: context.now, state)
    }
    return Decision(events: events, answer: .done)
  }

  /// The initiator closed.
  ///
  /// An answered copy stays as it is: its own answer is on the way back.
  static func receive(
    _ message: EngagementClosed, from sender: TenantID, _ state: TenantState,
    _ deals: some DealStore, _ context: inout CommandContext, _ events: inout [Event]
  ) {
    guard let id = deals.deal(in: message.engagement), let deal = deals.deal(id),
      deal.direction == .inbound, deal.initiator.id == sender, deal.status.isNew
    else { return }
    let after = deal.ended(
      .expired, Closure(reason: .engagementClosed, notes: .empty), at: context.now)
    guard let changed = deal.change(to: after, in: .all, .engagementClosed, at: context.now)
    else { return }
    events.append(changed)
    events.sendAnswer(of: after, at: context.now, state)
    events.notify(
      .invitationExpired, of: after, about: deal.initiator, state.invitationRecipients, &context)
  }
}
