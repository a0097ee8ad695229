// SPDX-License-Identifier: Apache-2.0
// What a request body says, in the words of the domain.

package import TandemDomain

package enum DecodedRequest: Sendable, Equatable {
  /// Key hashes of IssueKey and RegisterOrganisation are empty until a secret is made.
  case command(Command, returnDeal: Bool)
  case query(Query)
  case watch(WatchRequest)
  case describe(withDescriptors: Bool)
  case health
}

/// Bounds and defaults of pages that requests leave open.
package enum PageDefaults {
  package static let rows: UInt32 = 100
  package static let organisations: UInt32 = 20
}
