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
      initiatorStatus: deal.status, notes: deal.isHelped(by: receiver) ? deal.notes : .empty)
  }

  /// G15: the vendor that helps reads the notes as they change; partners do not.
  static func tellNotes(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState
  ) throws(Rejection) {
    guard deal.direction == .outbound,
      let vendor = deal.cards.first(where: {
        $0.organisationKind == .vendor && $0.status == .accepted
      })?.organisation.id, !state.isViewUnderWay(of: deal.engagement, to: vendor)
    else { return }
    try state.requireOutboxRoom(vendor)
    let view = view(of: deal, for: vendor)
    events.send(
      .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)), to: vendor,
      state)
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
        let view = view(of: deal, for: card.organisation.id)
        events.send(
          .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)),
          to: card.organisation.id, state)
      }
    case .inbound:
      events.send(
        .counterpartMoved(
          CounterpartMoved(
            engagement: deal.engagement, status: deal.status, team: deal.team, at: now)),
        to: deal.initiator.id, state)
    }
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
      guard let told = entry.told,
        // A later one that is under way is followed in its turn.
        newest[told] == entry.sequence,
        let id = deals.deal(in: told.engagement), let deal = deals.deal(id),
        deal.direction == .outbound, let news = news(of: deal, since: entry)
      else { continue }
      bytes += news.byteCount
      if !events.isEmpty, bytes > Limits.commitBytes { return index }
      events.send(news.message, to: receiver, state)
    }
    return marked.count
  }

  /// What a receiver sees of a deal now, if that is not what it was told.
  private static func news(
    of deal: Deal, since entry: OutboxEntry
  ) -> (message: Message, byteCount: Int)? {
    switch entry.message {
    case .sharedViewChanged(let seen):
      let isIn = deal.cards.contains {
        $0.organisation.id == entry.receiver && $0.status == .accepted
      }
      let view = view(of: deal, for: entry.receiver)
      guard isIn, view != seen.view else { return nil }
      return (
        .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)),
        view.byteCount
      )
    case .dealShown(let seen):
      let view = ShadowCopies.view(of: deal)
      guard deal.shownTo?.id == entry.receiver, view != seen else { return nil }
      return (.dealShown(view), view.byteCount)
    case .invite, .invitationAnswered, .counterpartMoved, .engagementClosed,
      .organisationRegistered, .organisationUpdated, .clockAdvanced, .realmCreated,
      .responsivenessChanged,
      .extensionAsked, .deadlineExtended, .solutionPublished, .leadSent, .leadAnswered:
      return nil
    }
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
    isUnderWay(ToldView(engagement: engagement, isShadow: false), to: receiver)
  }

  /// The same of what a desk's shadow copy shows.
  func isShadowUnderWay(of engagement: EngagementID, to receiver: TenantID) -> Bool {
    isUnderWay(ToldView(engagement: engagement, isShadow: true), to: receiver)
  }

  private func isUnderWay(_ view: ToldView, to receiver: TenantID) -> Bool {
    outbox[receiver]?.entries.contains { $0.told == view } ?? false
  }

  /// By what it tells the newest message with a view that a receiver has not marked.
  fileprivate func viewsUnderWay(to receiver: TenantID) -> [ToldView: UInt64] {
    var newest: [ToldView: UInt64] = [:]
    for entry in outbox[receiver]?.entries ?? [] {
      if let told = entry.told { newest[told] = entry.sequence }
    }
    return newest
  }
}

/// Of what a message tells the state; the last one counts.
private struct ToldView: Hashable {
  var engagement: EngagementID
  var isShadow: Bool
}

extension OutboxEntry {
  fileprivate var told: ToldView? {
    switch message {
    case .sharedViewChanged(let view): ToldView(engagement: view.engagement, isShadow: false)
    case .dealShown(let view): ToldView(engagement: view.engagement, isShadow: true)
    case .invite, .invitationAnswered, .counterpartMoved, .engagementClosed,
      .organisationRegistered, .organisationUpdated, .clockAdvanced, .realmCreated,
      .responsivenessChanged,
      .extensionAsked, .deadlineExtended, .solutionPublished, .leadSent, .leadAnswered:
      nil
    }
  }
}

extension Deal {
  /// About how many bytes a message takes that shows it, rather more than fewer.
  fileprivate var byteCount: Int {
    4_096 + notes.byteCount + solutions.count * 512 + (sharedView?.byteCount ?? 0)
  }
}

extension SharedView {
  /// About how many bytes a message takes that tells it, rather more than fewer.
  fileprivate var byteCount: Int {
    let people = (team + customerContacts).reduce(0) { $0 + 64 + $1.person.byteCount }
    return 256 + notes.byteCount + people
      + participants.reduce(0) { $0 + 64 + $1.name.byteCount }
  }
}

extension Deal {
  /// Whether an organisation is the vendor that was asked for help.
  func isHelped(by organisation: TenantID) -> Bool {
    cards.contains { $0.organisationKind == .vendor && $0.organisation.id == organisation }
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
