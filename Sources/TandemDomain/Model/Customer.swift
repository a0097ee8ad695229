// SPDX-License-Identifier: Apache-2.0
// The customer of a deal. Identity never changes after creation; contacts until they were first shared.

package import TandemPrimitives

package struct Customer: Hashable, Sendable {
  package var name: Text
  package var address: Address
  package var size: UInt32
  package var identifiers: [CustomerIdentifier]
  package var contacts: [TeamMember]
  /// Set when it was picked from the realm's catalogue.
  package var catalogueID = CustomerID.zero
  /// As the catalogue had it then.
  package var category: MatchCategory?

  package init(
    name: Text, address: Address, size: UInt32, identifiers: [CustomerIdentifier],
    contacts: [TeamMember]
  ) {
    self.name = name
    self.address = address
    self.size = size
    self.identifiers = identifiers
    self.contacts = contacts
  }
}

extension Customer {
  /// Of a request that names none.
  static let nobody = Customer(
    name: .empty,
    address: Address(
      line1: .empty, line2: .empty, city: .empty, state: .empty, postalCode: .empty,
      country: CountryCode(packed: 0)), size: 0, identifiers: [], contacts: [])
}

package struct Address: Hashable, Sendable {
  package var line1: Text
  package var line2: Text
  package var city: Text
  package var state: Text
  package var postalCode: Text
  package var country: CountryCode

  package init(
    line1: Text, line2: Text, city: Text, state: Text, postalCode: Text, country: CountryCode
  ) {
    self.line1 = line1
    self.line2 = line2
    self.city = city
    self.state = state
    self.postalCode = postalCode
    self.country = country
  }
}

/// A number of the customer in somebody's books.
package struct CustomerIdentifier: Hashable, Sendable {
  package enum Scheme: UInt8, Sendable, CaseIterable {
    case duns = 1
    case external = 2
  }
  package var scheme: Scheme
  package var value: Text

  package init(scheme: Scheme, value: Text) {
    self.scheme = scheme
    self.value = value
  }
}
