// SPDX-License-Identifier: Apache-2.0
// What a request body says, in the words of the domain.

package import TandemDomain

package enum DecodedRequest: Sendable, Equatable {
  case tenant(TenantRequest)
  // What the server answers itself.
  case describe(withDescriptors: Bool)
  case health
}

/// What a tenant can be asked.
package enum TenantRequest: Sendable, Equatable {
  case query(Query)
  /// Key hashes of IssueKey and RegisterOrganisation are empty until a secret is made.
  case command(Command, returnDeal: Bool)
  /// Opens a stream; `credit` bytes may be sent before more is granted.
  case watch(WatchRequest, credit: Int64)
}

/// Bounds and defaults of pages that requests leave open.
package enum PageDefaults {
  package static let rows: UInt32 = 100
  package static let organisations: UInt32 = 20
  package static let contacts: UInt32 = 20
  package static let customers: UInt32 = 10
}
