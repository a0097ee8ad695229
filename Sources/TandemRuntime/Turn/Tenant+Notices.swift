// SPDX-License-Identifier: Apache-2.0
// What a user is told: the inbox, and of which topics it hears.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Tenant {
  /// Both are the caller's own.
  func tellNotices(_ query: Query, _ call: Call, _ burst: inout Burst) {
    guard case .user(let user, _, _) = call.principal else {
      return refuse(call, TurnRefusals.userNeeded, &burst)
    }
    if case .listNotifications(let list) = query {
      encodeNotifications(list, of: user, call.principal, &burst.scratch)
    } else {
      ReplyCodec.encodePreferences(of: user, core.state, into: &burst.scratch)
    }
    tellOK(call, &burst)
  }

  private func encodeNotifications(
    _ list: ListNotifications, of user: UserID, _ principal: Principal, _ scratch: inout [UInt8]
  ) {
    var rows: [TandemDomain.Notification] = []
    for entry in (core.state.notifications[user] ?? []).reversed() {
      guard rows.count < max(1, Int(list.pageSize)) else { break }
      if list.unreadOnly, entry.isRead { continue }
      if core.mayHear(entry, principal) { rows.append(entry) }
    }
    ReplyCodec.encodeNotifications(rows, into: &scratch)
  }
}
