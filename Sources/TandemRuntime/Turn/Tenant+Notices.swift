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
      encodeNotifications(list, of: user, &burst.scratch)
    } else {
      ReplyCodec.encodePreferences(of: user, core.state, into: &burst.scratch)
    }
    tellOK(call, &burst)
  }

  private func encodeNotifications(
    _ list: ListNotifications, of user: UserID, _ scratch: inout [UInt8]
  ) {
    let all = core.state.notifications[user] ?? []
    let newest = all.reversed().filter { !list.unreadOnly || !$0.isRead }
    ReplyCodec.encodeNotifications(newest.prefix(Int(max(list.pageSize, 1))), into: &scratch)
  }
}
