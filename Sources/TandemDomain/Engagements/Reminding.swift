// SPDX-License-Identifier: Apache-2.0
// Reminders before an unanswered invitation runs out (domain.md 10: days 11 and 13 of 14).

package import TandemPrimitives

package enum Reminding {
  /// When a New copy's people are reminded next, after an instant; nil when there is none to come.
  package static func next(
    after now: Timestamp, before respondBy: Timestamp?, _ state: TenantState
  ) -> Timestamp? {
    guard let respondBy else { return nil }
    let policy = state.realm?.policy ?? .standard
    return policy.reminders.map {
      Timestamp(milliseconds: respondBy.milliseconds - $0.milliseconds)
    }.first { now < $0 && $0 < respondBy }
  }

  /// One reminder, however late its timer fired, which stands for all that were due by then; the next
  /// one is as far from the deadline as ever.
  static func remind(
    _ deal: Deal, of dueAt: Timestamp, _ recipients: [UserID], _ events: inout [Event],
    _ state: TenantState, _ context: inout CommandContext
  ) {
    var after = deal
    after.remindAt = next(after: max(dueAt, context.now), before: deal.respondBy, state)
    guard
      let changed = deal.change(to: after, in: FieldMask(.remindAt), .reminded, at: context.now)
    else { return invariant(false, "a later reminder is a change") }
    events.append(changed)
    events.notify(.answerDueSoon, of: after, about: deal.initiator, recipients, state, &context)
  }

  /// About how many bytes a reminder takes, rather more than fewer.
  static func byteCount(_ recipients: [UserID]) -> Int { 1_024 + 18 * recipients.count }
}

extension RealmPolicy {
  /// How long before the end of an answer's time its recipients are reminded, longest first.
  ///
  /// What the realm does not say keeps the proportions of 3 days and 1 day to 14.
  package var reminders: [Timestamp.Span] {
    let window = answerWindow.milliseconds
    return [
      firstReminder ?? Timestamp.Span(milliseconds: window / 14 * 3 + window % 14 * 3 / 14),
      lastReminder ?? Timestamp.Span(milliseconds: window / 14),
    ]
  }

  /// The same policy, with what follows from the rest said too.
  package var spelledOut: RealmPolicy {
    var policy = self
    policy.firstReminder = reminders.first
    policy.lastReminder = reminders.last
    policy.extensionMax = longestExtension
    policy.leadRetention = leadRetentionInForce
    policy.contactWish = contactWishInForce
    return policy
  }
}

extension Deal {
  /// When a New copy wants its timer: for a reminder, then for its end.
  package var dueAt: Timestamp? {
    guard status.isNew, let respondBy else { return nil }
    return remindAt.map { min($0, respondBy) } ?? respondBy
  }
}
