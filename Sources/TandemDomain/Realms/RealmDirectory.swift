// SPDX-License-Identifier: Apache-2.0
// What a realm's directory tells every organisation, as each turn may look at it.

package import TandemPrimitives

/// A read-only copy of what a realm's directory tells everybody.
package struct RealmDirectory: Sendable {
  package private(set) var organisations: [TenantID: OrganisationEntry]
  /// Customers to pick from.
  package var customers = CustomerCatalogue()
  /// Whom a search finds, the first first.
  private(set) var ranked: [RankedOrganisation] = []
  /// Nil until somebody sells something.
  @Rare package private(set) var catalogue: Catalogue?
  /// What the operator changed of the realm's policy; nil while it is what it was made with.
  @Rare package private(set) var policy: PolicyChange?
  /// Beside the policy, so that every turn can ask without a look at it.
  package private(set) var policyVersion: UInt64 = 0
  /// Desks of the vendor, the first registered first.
  private var desks: [TenantID] = []

  package init() {
    organisations = [:]
    _catalogue = .absent
    _policy = .absent
  }

  /// News may come in another order than they were said in.
  package mutating func put(_ change: PolicyChange) {
    guard policyVersion < change.version else { return }
    policy = change
    policyVersion = change.version
  }

  /// of partners what is co-sell ready, of the vendor all; nothing that is not sold any more.
  package mutating func put(_ solution: Solution) {
    let isOffered = organisations[solution.owner]?.offers(solution) ?? false
    // Out of its box while it changes, so that it is not copied.
    var all = catalogue ?? Catalogue()
    catalogue = nil
    all.put(solution, isOffered: isOffered)
    catalogue = all
  }

  /// What an organisation sells is offered as it stands now, whichever came first.
  private mutating func offer(for owner: OrganisationEntry, insteadOf old: OrganisationEntry?) {
    guard old?.kind != owner.kind || old?.inEcosystem != owner.inEcosystem,
      var all = catalogue, all.hasSolutions(of: owner.id)
    else { return }
    catalogue = nil
    all.offer(owner.id, where: owner.offers)
    catalogue = all
  }

  package mutating func put(_ entry: OrganisationEntry) { put([entry]) }

  package mutating func put(_ entries: [OrganisationEntry]) {
    // Moving places one by one pays for few; many are put in order at once.
    let areFew = entries.count <= 1 + ranked.count / 64
    for entry in entries {
      let old = organisations.updateValue(entry, forKey: entry.id)
      if areFew { rank(entry, insteadOf: old) }
      offer(for: entry, insteadOf: old)
      guard entry.kind == .vendor, old == nil else { continue }
      desks.append(entry.id)
    }
    if !areFew {
      ranked = organisations.values.filter(\.isInvitable).map(RankedOrganisation.init).sorted()
    }
    // Identifiers begin with the time at which they were made.
    desks.sort()
  }

  private mutating func rank(_ entry: OrganisationEntry, insteadOf old: OrganisationEntry?) {
    if let old, old.isInvitable {
      let place = place(of: RankedOrganisation(old))
      if place < ranked.count, ranked[place].id == old.id { ranked.remove(at: place) }
    }
    guard entry.isInvitable else { return }
    let new = RankedOrganisation(entry)
    ranked.insert(new, at: place(of: new))
  }

  /// Where an organisation stands or would stand, by halving.
  private func place(of organisation: RankedOrganisation) -> Int {
    var low = 0
    var high = ranked.count
    while low < high {
      let middle = (low + high) / 2
      if ranked[middle] < organisation { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The vendor's desk for customers of a country: the one that covers it, else the default desk,
  /// which covers no country by name.
  package func desk(for country: CountryCode) -> OrganisationEntry? {
    let entries = desks.compactMap { organisations[$0] }
    return entries.first { $0.covers.contains(country) } ?? entries.first(where: \.covers.isEmpty)
  }
}

extension OrganisationEntry {
  /// whether others may choose a solution of this organisation.
  fileprivate func offers(_ solution: Solution) -> Bool {
    switch kind {
    case .partner: solution.isActive && solution.isCoSellReady && inEcosystem
    case .vendor: solution.isActive
    case .directory: false
    }
  }
}
