// SPDX-License-Identifier: Apache-2.0
// A user's inbox (domain.md 14): marking entries as read, and which of them may still be told.

import TandemPrimitives

package enum ReadingNotifications {
  package static func markRead(
    _ command: MarkNotificationsRead, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    let caller = try state.caller(context.principal)
    if caller.readOnly { throw state.denied(caller, "section 11") }
    let inbox = state.notifications[caller.id] ?? []
    var violations = Violations()
    let max = Limits.notificationsPerUser
    violations.limit(count: command.notifications.count, "notifications", max: max)
    let known = Set(inbox.map(\.id))
    for (index, id) in command.notifications.prefix(max).enumerated() where !known.contains(id) {
      violations.add("notifications[\(index)]", "NOTIFICATION_UNKNOWN", "\(id) is not yours")
    }
    try violations.throwIfAny()
    let wanted = Set(command.notifications)
    let unread = inbox.filter { wanted.contains($0.id) && !$0.isRead }.map(\.id)
    guard !unread.isEmpty else { return Decision(events: [], answer: .done) }
    return Decision(
      events: [.notificationsRead(user: caller.id, unread)], answer: .done)
  }
}

extension TenantState {
  /// A user's inbox, newest first, without entries of deals that the user may not see any more.
  package func notifications(
    for user: User, unreadOnly: Bool, max: Int, _ deals: borrowing some DealStore & ~Copyable
  ) -> [Notification] {
    var rows: [Notification] = []
    let reader = Caller(user, readOnly: true)
    for entry in (notifications[user.id] ?? []).reversed() where rows.count < max {
      if unreadOnly, entry.isRead { continue }
      guard let deal = deals.deal(entry.deal),
        AccessPolicy.may(.read, facts(of: deal, for: reader), user, readOnly: true)
      else { continue }
      rows.append(entry)
    }
    return rows
  }
}
