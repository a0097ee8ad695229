// SPDX-License-Identifier: Apache-2.0
// Copies that end without an answer: by time (T6, R-304) or because the initiator closed (T11,
// G06).

import TandemPrimitives

enum Expiring {
  /// T6: nobody answered in time.
  static func expire(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState, _ now: Timestamp
  ) {
    var after = deal.ended(.expired, nil, at: now)
    // Until when it could be answered, more time included: the timer may run later.
    if let respondBy = deal.respondBy { after.invitation?.respondBy = respondBy }
    guard let changed = deal.change(to: after, in: .all, .expired, at: now) else {
      return invariant(false, "an end is a change")
    }
    events.append(changed)
    events.recordAnswer(deal, .expired, at: now)
    events.sendAnswer(of: after, at: now, state)
  }

  /// The initiator closed.
  ///
  /// An answered copy stays as it is: its own answer is on the way back.
  static func receive(
    _ message: EngagementClosed, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: inout CommandContext,
    _ events: inout [Event]
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
      .invitationExpired, of: after, about: deal.initiator, state.answerers(at: deal.location),
      state,
      &context)
  }
}

extension Deal {
  /// About how many bytes the event takes that ends this copy, rather more than fewer.
  var bytesOfEnding: Int {
    let people =
      customer.contacts + (invitation?.team ?? []) + (sharedView?.team ?? [])
      + (sharedView?.customerContacts ?? [])
    let texts = people.reduce(0) { $0 + $1.person.byteCount }
    let content = (invitation?.notes.byteCount ?? 0) + (invitation?.solutions.count ?? 0) * 512
    return 8_192 + texts + 2 * content
  }
}

extension Person {
  /// About how many bytes it takes in a message.
  var byteCount: Int {
    32 + firstName.byteCount + lastName.byteCount + email.byteCount + phone.byteCount
      + title.byteCount
  }
}
