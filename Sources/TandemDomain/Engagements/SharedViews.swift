// SPDX-License-Identifier: Apache-2.0
// What accepted counterparts see of each other's copies, and the messages that keep it current.
// Invitees that have not answered keep the team of their invitation (domain.md 11), so they are
// not told. Of one engagement one view at most is under way to a receiver: what changes meanwhile is
// told when that one was marked, however often it changed.

import TandemPrimitives

enum SharedViews {
  /// What an initiator shows to an organisation that accepted.
  static func view(of deal: Deal, for receiver: TenantID) -> SharedView {
    SharedView(
      team: deal.team, customerContacts: deal.customer.contacts,
      participants: deal.cards.filter { $0.takesPart && $0.organisation.id != receiver }
        .map(\.organisation),
      initiatorStatus: deal.status)
  }

  /// A command changed what the other side sees: the team, or where the copy stands.
  static func tell(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState, _ now: Timestamp
  ) throws(Rejection) {
    switch deal.direction {
    case .outbound:
      for card in deal.cards where card.status == .accepted {
        if state.isViewUnderWay(of: deal.engagement, to: card.organisation.id) { continue }
        try state.requireOutboxRoom(card.organisation.id)
      }
    case .inbound: try state.requireOutboxRoom(deal.initiator.id)
    }
    append(deal, &events, state, now)
  }

  /// The same without asking for room: messages and timers are never refused.
  static func append(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState, _ now: Timestamp
  ) {
    switch deal.direction {
    case .outbound:
      for card in deal.cards where card.status == .accepted {
        if state.isViewUnderWay(of: deal.engagement, to: card.organisation.id) { continue }
        send(view(of: deal, for: card.organisation.id), of: deal, to: card, &events, state)
      }
    case .inbound:
      events.send(
        .counterpartMoved(
          CounterpartMoved(
            engagement: deal.engagement, status: deal.status, team: deal.team, at: now)),
        to: deal.initiator.id, state)
    }
  }

  private static func send(
    _ view: SharedView, of deal: Deal, to card: Card, _ events: inout [Event],
    _ state: TenantState
  ) {
    events.send(
      .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)),
      to: card.organisation.id, state)
  }

  /// Tells what changed while messages were under way that their receiver has marked now; gives how
  /// many of them were looked at, which are fewer when the new views are large.
  static func follow(
    _ marked: ArraySlice<OutboxEntry>, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ events: inout [Event]
  ) -> Int {
    guard let receiver = marked.first?.receiver else { return 0 }
    let newest = state.viewsUnderWay(to: receiver)
    var bytes = 0
    for (index, entry) in marked.enumerated() {
      guard let seen = entry.view,
        // A later one that is under way is followed in its turn.
        newest[seen.engagement] == entry.sequence,
        let id = deals.deal(in: seen.engagement), let deal = deals.deal(id),
        deal.direction == .outbound,
        let card = deal.cards.first(where: { $0.organisation.id == receiver }),
        card.status == .accepted
      else { continue }
      let view = view(of: deal, for: receiver)
      guard view != seen.view else { continue }
      bytes += view.byteCount
      if !events.isEmpty, bytes > Limits.commitBytes { return index }
      send(view, of: deal, to: card, &events, state)
    }
    return marked.count
  }

  /// The initiator moved on.
  ///
  /// Only an accepted copy follows; others are late messages.
  static func receive(
    _ message: SharedViewChanged, from sender: TenantID,
    _ deals: borrowing some DealStore & ~Copyable, _ now: Timestamp,
    _ events: inout [Event]
  ) {
    guard let id = deals.deal(in: message.engagement), let deal = deals.deal(id),
      deal.direction == .inbound, deal.initiator.id == sender, deal.status == .accepted
    else { return }
    var after = deal
    after.sharedView = message.view
    if let event = deal.change(to: after, in: FieldMask(.sharedView), .sharedViewChanged, at: now) {
      events.append(event)
    }
  }
}

extension TenantState {
  /// Whether a receiver has not marked the last view of an engagement yet.
  fileprivate func isViewUnderWay(of engagement: EngagementID, to receiver: TenantID) -> Bool {
    outbox[receiver]?.entries.contains { $0.view?.engagement == engagement } ?? false
  }

  /// By engagement the newest message with a view that a receiver has not marked.
  fileprivate func viewsUnderWay(to receiver: TenantID) -> [EngagementID: UInt64] {
    var newest: [EngagementID: UInt64] = [:]
    for entry in outbox[receiver]?.entries ?? [] {
      if let view = entry.view { newest[view.engagement] = entry.sequence }
    }
    return newest
  }
}

extension OutboxEntry {
  fileprivate var view: SharedViewChanged? {
    if case .sharedViewChanged(let view) = message { view } else { nil }
  }
}

extension SharedView {
  /// About how many bytes a message takes that tells it, rather more than fewer.
  fileprivate var byteCount: Int {
    let people = (team + customerContacts).reduce(0) { $0 + 64 + $1.person.byteCount }
    return 256 + people + participants.reduce(0) { $0 + 64 + $1.name.byteCount }
  }
}

extension Card {
  /// The organisation accepted, whatever became of its copy since.
  var takesPart: Bool {
    switch status {
    // Only an accepted copy is closed as an error (T9).
    case .accepted, .won, .lost, .error: true
    case .pending, .received, .declined, .expired: false
    }
  }
}
