// SPDX-License-Identifier: Apache-2.0
// Winning, losing and taking back an accepted deal (T7, T8, T9, G14), and what the other copies are
// told (T11).

import TandemPrimitives

package enum ClosingDeals {
  package static func win(
    _ command: WinDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .close, context, deals)
    #if TANDEM_PLANTED_BUGS
      let isLenient = PlantedBug.wonBeforeAccepted.isActive && deal.status.isNew
    #else
      let isLenient = false
    #endif
    if !isLenient { try deal.requireAccepted(to: .win) }
    try deal.requireStagesComplete()
    try deal.requireUntouched(closingFields, since: command.baseVersion)
    var after = deal
    after.status = .won
    after.stage = .won
    after.closedAt = context.now
    return try close(
      deal, after, .won, warnings(deal, state, context.now), command.validateOnly, state, context)
  }

  package static func lose(
    _ command: EndDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try end(command, .lost, state, deals, context)
  }

  /// T9: the deal should not be there, for example it is a duplicate; no figure counts it.
  package static func closeAsError(
    _ command: EndDeal, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try end(command, .error, state, deals, context)
  }

  /// What tells one way to end a deal from the other.
  private struct Ending {
    let status: DealStatus
    let cause: ChangeCause
    let action: DealAction
    let rule: String
    let reasons: ClosedRange<UInt8>
    /// Reasons that notes must explain.
    let explained: [ReasonCode]

    static let lost = Ending(
      status: .lost, cause: .lost, action: .lose, rule: "T8",
      reasons: ReasonCode.declinedOrLost, explained: [])
    static let error = Ending(
      status: .error, cause: .closedAsError, action: .closeAsError, rule: "T9",
      reasons: ReasonCode.error, explained: ReasonCode.explainedErrors)
  }

  private static func end(
    _ command: EndDeal, _ ending: Ending, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let deal = try state.deal(command.deal, for: .close, context, deals)
    try deal.requireAccepted(to: ending.action)
    var violations = Violations()
    let closure = violations.requireClosure(
      command.reason, command.notes, ending.rule, of: ending.reasons, explained: ending.explained)
    try violations.throwIfAny()
    try deal.requireUntouched(closingFields, since: command.baseVersion)
    var after = deal
    after.status = ending.status
    after.closedAt = context.now
    after.closure = closure
    return try close(deal, after, ending.cause, [], command.validateOnly, state, context)
  }

  private static let closingFields = FieldMask([.status, .stage])

  private static func close(
    _ deal: Deal, _ after: Deal, _ cause: ChangeCause, _ warnings: [Warning],
    _ validateOnly: Bool, _ state: TenantState, _ context: CommandContext
  ) throws(Rejection) -> Decision {
    let changed = deal.change(
      to: after, in: FieldMask([.status, .stage, .closedAt, .closure]), cause, at: context.now)
    guard let changed, !validateOnly else {
      return Decision(
        events: [],
        answer: .deal(
          id: deal.id, version: deal.version, warnings: warnings + [.final(after.status, deal)]))
    }
    var events = [changed]
    try SharedViews.tell(deal, after, &events, state, context.now)
    try ShadowCopies.tell(deal, after, &events, state)
    try tellPending(after, &events, state)
    return Decision(
      events: events, answer: .deal(id: deal.id, version: deal.version + 1, warnings: warnings))
  }

  /// T11: copies that are still New end with the initiator's; accepted ones are finished by their
  /// owners.
  ///
  /// The vendor may still accept a won deal, which makes it eligible (G12, scenario 20).
  private static func tellPending(
    _ deal: Deal, _ events: inout [Event], _ state: TenantState
  ) throws(Rejection) {
    for card in deal.cards where deal.status.ends(card) {
      try state.requireOutboxRoom(card.organisation.id)
      events.send(
        .engagementClosed(
          EngagementClosed(engagement: deal.engagement, initiatorStatus: deal.status)),
        to: card.organisation.id, state)
    }
  }

  /// G14: never blocks; registration later looks at it.
  private static func warnings(
    _ deal: Deal, _ state: TenantState, _ now: Timestamp
  ) -> [Warning] {
    let minimum = (state.realm?.policy ?? .standard).minimumAgeBeforeWon
    guard now < deal.createdAt.advanced(by: minimum) else { return [] }
    let age = Timestamp.Span(milliseconds: now.milliseconds - deal.createdAt.milliseconds)
    return [
      Warning(
        "CLOSED_WITHIN_72H",
        "won \(words(age)) after creation; before \(words(minimum)) a registration goes to manual "
          + "review")
    ]
  }

  private static func words(_ span: Timestamp.Span) -> String {
    let minutes = span.milliseconds / 60_000
    return minutes < 60 ? "\(minutes) minutes" : "\(minutes / 60) hours"
  }
}

extension DealStatus {
  /// Whether the invitation of a card ends with the inviter's copy.
  func ends(_ card: Card) -> Bool {
    isTerminal && card.status.isNew && !(self == .won && card.organisationKind == .vendor)
  }
}

extension Warning {
  /// whoever asks what a change would do is told that nothing follows it.
  static func final(_ status: DealStatus, _ deal: Deal) -> Warning {
    let pending = deal.cards.filter { status.ends($0) }.count
    let others =
      switch pending {
      case 0: ""
      case 1: "; an unanswered invitation ends with it"
      default: "; \(pending) unanswered invitations end with it"
      }
    return Warning("BECOMES_FINAL", "the deal would be \(status) for ever\(others) (T10)")
  }
}

extension Violations {
  /// R-303, T8 and T9: why a deal ended; notes are optional but for reasons that say too little.
  mutating func requireClosure(
    _ reason: ReasonCode?, _ notes: Text, _ rule: String,
    of allowed: ClosedRange<UInt8> = ReasonCode.declinedOrLost, explained: [ReasonCode] = []
  ) -> Closure {
    let range = "\(allowed.lowerBound) to \(allowed.upperBound)"
    if let reason, reason.value != 0 {
      if !allowed.contains(reason.value) {
        add("reason", rule, "\(reason.value) is no reason; \(range) are")
      } else if explained.contains(reason), notes.isBlank {
        add("notes", rule, "is required with reason \(reason.value); say what is wrong")
      }
    } else {
      add("reason", rule, "is required; give a code from \(range)")
    }
    limit(notes, "notes", max: Limits.reasonNotesBytes)
    return Closure(reason: reason ?? ReasonCode(0), notes: notes)
  }
}
