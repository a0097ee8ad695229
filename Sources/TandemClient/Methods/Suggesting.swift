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

  /// Customers of a country, and of a city when one is named, whose name begins with a text of at least
  /// two letters.
  public func suggestCustomers(
    _ namePrefix: String, country: String, city: String = "", maximum: UInt32 = 0,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> CustomerSuggestions {
    try await call(.suggestCustomers, options) {
      $0.string(1, country)
      $0.string(2, city)
      $0.string(3, namePrefix)
      $0.unsigned(4, maximum)
    }
  }

  /// Lists up to 250 customers, or lists those of the same account anew; for the operator of a realm.
  public func importCustomers(
    _ customers: [CatalogueCustomer], validatesOnly: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(TandemError) -> CustomerImport {
    try await call(.importCustomers, options) {
      $0.nested(1, all: customers)
      $0.flag(2, validatesOnly)
    }
  }
}
