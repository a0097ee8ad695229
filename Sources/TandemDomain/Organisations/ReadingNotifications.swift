// SPDX-License-Identifier: Apache-2.0
// A user's inbox (domain.md 14): marking entries as read.

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
