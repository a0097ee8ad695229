// SPDX-License-Identifier: Apache-2.0
// Partner search by name: who may be invited, in an order that everybody sees alike.

package import TandemPrimitives

extension RealmDirectory {
  /// Partners that co-sell and transact, and vendor desks, by name and then id.
  package func find(namePrefix: Text, max: Int) -> [OrganisationEntry] {
    let found = organisations.values.filter {
      $0.isInvitable && $0.name.hasPrefixIgnoringASCIICase(namePrefix)
    }.sorted {
      if $0.name.precedesIgnoringASCIICase($1.name) { return true }
      if $1.name.precedesIgnoringASCIICase($0.name) { return false }
      return $0.id < $1.id
    }
    return Array(found.prefix(max))
  }
}

extension OrganisationEntry {
  /// Whether the organisation may be asked to take part in a deal.
  package var isInvitable: Bool {
    switch kind {
    case .partner: inEcosystem && transacts
    case .vendor: true
    case .directory: false
    }
  }
}
