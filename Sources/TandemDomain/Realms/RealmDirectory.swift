// SPDX-License-Identifier: Apache-2.0
// What a realm's directory tells every organisation, as each turn may look at it.

package import TandemPrimitives

/// A read-only copy of what a realm's directory tells everybody.
package struct RealmDirectory: Sendable {
  package private(set) var organisations: [TenantID: OrganisationEntry]
  /// Desks of the vendor, the first registered first.
  private var desks: [TenantID] = []

  package init() { organisations = [:] }

  package mutating func put(_ entry: OrganisationEntry) {
    organisations[entry.id] = entry
    guard entry.kind == .vendor, !desks.contains(entry.id) else { return }
    // Identifiers begin with the time at which they were made.
    desks.append(entry.id)
    desks.sort()
  }

  /// The vendor's desk for customers of a country: the one that covers it, else the default desk,
  /// which covers no country by name.
  package func desk(for country: CountryCode) -> OrganisationEntry? {
    let entries = desks.compactMap { organisations[$0] }
    return entries.first { $0.covers.contains(country) } ?? entries.first(where: \.covers.isEmpty)
  }
}
