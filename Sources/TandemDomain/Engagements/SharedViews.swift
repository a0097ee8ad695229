// SPDX-License-Identifier: Apache-2.0
// What counterparts see of each other's copies, and the messages that keep it current. Before they
// answer, partners have their invitation and whom to reach at the customer, also when that is said later
// (G11, G23); the vendor that is asked for help reads the deal from then on (domain.md 11, G15).
// A partner's copy that was won still hears who takes part: its eligibility follows them (G12).
// Of one engagement one view at most is under way to a receiver: what changes meanwhile is
// told when that one was marked, however often it changed.

import TandemPrimitives

enum SharedViews {
  /// What an initiator shows to a counterpart.
  ///
  /// Until it accepts, that is the team of its invitation, and nobody else who takes part.
  static func view(of deal: Deal, for card: Card) -> SharedView {
    let isIn = card.takesPart
    let isVendor = card.organisationKind == .vendor
    var view = SharedView(
      team: isIn ? deal.team : card.content.team, customerContacts: deal.customer.contacts,
      participants: isIn ? deal.participants(besides: card.organisation.id) : [],
      initiatorStatus: deal.status, notes: isVendor ? deal.notes : .empty,
      details: isVendor ? deal.details : nil)
    view.baseKind = deal.baseKind
    view.partnerToPartner = deal.partnerToPartner
    return view
  }

  /// What a counterpart is told when it differs; nil where nothing is told any more, or not yet.
  private static func news(of deal: Deal, for card: Card) -> SharedView? {
    switch card.status {
    case .accepted: view(of: deal, for: card)
    case .pending, .received:
      deal.status.ends(card) ? nil : view(of: deal, for: card).beforeAnswer(of: card)
    case .won where card.organisationKind == .partner: view(of: deal, for: card).forEligibility
    case .won, .lost, .declined, .expired, .error: nil
    }
  }

  /// The fields of a deal whose edits some counterpart reads; of what is edited otherwise nobody needs to
  /// be told.
  static func fields(shownOf deal: Deal) -> FieldMask {
    switch deal.direction {
    case .outbound where deal.cards.isEmpty: []
    case .outbound:
      FieldMask([
        .name, .value, .closeDate, .stage, .notes, .team, .customer, .solutions, .baseKind,
      ])
    case .inbound: FieldMask(.team)
    }
  }

  /// A command made `after` of a deal: who reads along is told what differs for it.
  ///
  /// Who is invited by that command has it in its invitation.
  static func tell(
    _ before: Deal, _ after: Deal, _ events: inout [Event], _ state: TenantState, _ now: Timestamp
  ) throws(Rejection) {
    switch after.direction {
    case .outbound:
      for (card, view) in news(before, after, state) {
        try state.requireOutboxRoom(card.organisation.id)
        events.send(view, of: after, to: card, state)
      }
    case .inbound:
      if after.status == before.status, after.team == before.team { return }
      try state.requireOutboxRoom(after.initiator.id)
      events.send(
        .counterpartMoved(
          CounterpartMoved(
            engagement: after.engagement, status: after.status, team: after.team, at: now,
            report: state.organisation?.kind == .partner ? after.closingReport : nil)),
        to: after.initiator.id, state)
    }
  }

  /// An answer made `after` of an initiator's deal: who reads along is told what differs for it, without
  /// asking for room, because messages are never refused.
  static func append(
    _ before: Deal, _ after: Deal, _ events: inout [Event], _ state: TenantState
  ) {
    for (card, view) in news(before, after, state) {
      events.send(view, of: after, to: card, state)
    }
  }

  /// Whom a change of an initiator's deal concerns, and what they see then; who has not marked the view
  /// before is told when it does.
  private static func news(
    _ before: Deal, _ after: Deal, _ state: TenantState
  ) -> [(card: Card, view: SharedView)] {
    if before.cards.isEmpty { return [] }
    let (before, after) = (before.readOnce, after.readOnce)
    return zip(before.cards, after.cards).compactMap { old, card in
      guard !state.isViewUnderWay(of: after.engagement, to: card.organisation.id),
        let view = news(of: after, for: card), view != news(of: before, for: old)
      else { return nil }
      return (card, view)
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
      // Who was asked again reads by its last card.
      guard let reader = deal.cards.last(where: { $0.organisation.id == entry.receiver }),
        let view = news(of: deal, for: reader),
        view != (reader.status == .won ? seen.view.forEligibility : seen.view)
      else { return nil }
      return (
        .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)),
        view.byteCount
      )
    case .dealShown(let seen):
      let view = ShadowCopies.view(of: deal)
      guard deal.shownTo?.id == entry.receiver, view != seen else { return nil }
      return (.dealShown(view), view.byteCount)
    case .invite, .invitationAnswered, .counterpartMoved, .engagementClosed,
      .organisationRegistered, .organisationUpdated, .policyChanged, .clockAdvanced, .realmCreated,
      .responsivenessChanged,
      .extensionAsked, .deadlineExtended, .solutionPublished, .leadSent, .leadAnswered:
      return nil
    }
  }

  /// The initiator moved on.
  ///
  /// Only an open copy follows, and of one that a partner won the eligibility; to others the message
  /// comes too late.
  static func receive(
    _ message: SharedViewChanged, from sender: TenantID, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: CommandContext,
    _ events: inout [Event]
  ) {
    guard let id = deals.deal(in: message.engagement), let deal = deals.deal(id),
      deal.direction == .inbound, deal.initiator.id == sender, !deal.isShadow,
      let reader = SolutionReader(state, of: sender, context.directory),
      let view = deal.sharedView(
        after: message.view.seen(by: reader), of: state.organisation?.kind)
    else { return }
    var after = deal
    after.sharedView = view
    if !deal.status.isTerminal, message.view.baseKind != nil, let kind = view.baseKind {
      after.baseKind = kind
      after.partnerToPartner = view.partnerToPartner
    }
    let changed = deal.change(
      to: after, in: FieldMask([.baseKind, .partnerToPartner, .sharedView]), .sharedViewChanged,
      at: context.now)
    if let changed { events.append(changed) }
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
      .organisationRegistered, .organisationUpdated, .policyChanged, .clockAdvanced, .realmCreated,
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
    return 512 + notes.byteCount + people + (details?.solutions.count ?? 0) * 512
      + participants.reduce(0) { $0 + 64 + $1.name.byteCount }
  }
}

extension [Event] {
  fileprivate mutating func send(
    _ view: SharedView, of deal: Deal, to card: Card, _ state: TenantState
  ) {
    send(
      .sharedViewChanged(SharedViewChanged(engagement: deal.engagement, view: view)),
      to: card.organisation.id, state)
  }
}

extension Deal {
  /// partners report value, close date and outcome; of a seller only the status is told
  /// (domain.md 11).
  fileprivate var closingReport: ClosingReport? {
    guard let closedAt else { return nil }
    return ClosingReport(
      value: value, closeDate: closeDate, closedAt: closedAt, reason: closure?.reason)
  }

  /// The same with what views are made of at hand: else each counterpart's view reads it again from the
  /// deal's bytes, the cards once for each card.
  fileprivate var readOnce: Deal {
    var deal = self
    deal.cards = cards
    deal.team = team
    deal.customer = customer
    deal.solutions = solutions
    return deal
  }

  /// What a copy is shown after a message; nil where that comes too late.
  ///
  /// An end is final (T10), but for what the eligibility of a won copy follows (G12).
  fileprivate func sharedView(after told: SharedView, of reader: OrganisationKind?) -> SharedView? {
    var told = told
    if told.baseKind == nil {
      told.baseKind = sharedView?.baseKind
      told.partnerToPartner = sharedView?.partnerToPartner ?? false
    }
    switch status {
    case .pending, .received, .accepted: return told
    case .won:
      // The vendor registers nothing.
      guard reader == .partner, var view = sharedView else { return nil }
      view.participants = told.participants
      return view
    case .lost, .declined, .expired, .error: return nil
    }
  }

  /// Who accepted, in the order in which they were invited.
  func participants(besides reader: TenantID? = nil) -> [OrganisationReference] {
    cards.filter { $0.takesPart && $0.organisation.id != reader }.map(\.organisation)
  }

  fileprivate var details: DealDetails {
    DealDetails(
      name: name, value: value, closeDate: closeDate, stage: stage, solutions: solutions)
  }
}

extension SharedView {
  /// A partner hears of what kind the deal has become with its yes; the vendor reads all of it.
  ///
  /// Until then the copy stays of the kind that its invitation said (domain.md 11).
  fileprivate func beforeAnswer(of card: Card) -> SharedView {
    if card.organisationKind == .vendor { return self }
    var view = self
    view.baseKind = nil
    view.partnerToPartner = false
    return view
  }

  /// What of it reaches a copy that was won; all else, where the initiator stands too, is not told.
  fileprivate var forEligibility: SharedView {
    SharedView(
      team: [], customerContacts: [], participants: participants, initiatorStatus: .accepted)
  }

  /// With groups of solutions as the reader sees them.
  func seen(by reader: SolutionReader) -> SharedView {
    var view = self
    view.details?.solutions = details?.solutions.map(reader.read) ?? []
    return view
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
