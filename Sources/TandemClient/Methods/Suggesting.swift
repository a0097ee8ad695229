// SPDX-License-Identifier: Apache-2.0
// Methods that offer what a deal may be filled with.

import TandemWire

extension Client {
  /// People of the deals that changed last and that the caller may see, the newest first, each address
  /// once; unspecified means team members and customer contacts.
  public func listRecentContacts(
    _ kind: ContactKind = .unspecified, maximum: UInt32 = 0, options: CallOptions = CallOptions()
  ) async throws(TandemError) -> [RecentContact] {
    let reply: ListReply<RecentContact> = try await call(.listRecentContacts, options) {
      $0.word(1, kind)
      $0.unsigned(2, maximum)
    }
    return reply.elements
  }
}
