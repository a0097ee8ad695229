// SPDX-License-Identifier: Apache-2.0
// Partner search (R-204, 13.2): who may be invited, in an order that everybody sees alike.

package import TandemPrimitives

extension RealmDirectory {
  /// Partners that co-sell and transact, and vendor desks, of whose name some word begins with what was
  /// typed: who answers quickly before who does not, then by name.
  package func find(namePrefix: Text, max: Int) -> [OrganisationEntry] {
    let typed = FoldedName(namePrefix)
    // Nothing but punctuation is the beginning of no word.
    guard !typed.isEmpty || namePrefix.isBlank else { return [] }
    var found: [OrganisationEntry] = []
    let marks = typed.marksOfMatches
    for organisation in ranked where typed.isEmpty || organisation.marks & marks != 0 {
      guard found.count < max else { break }
      guard organisation.name.hasWord(beginningWith: typed) else { continue }
      if let entry = organisations[organisation.id] { found.append(entry) }
    }
    return found
  }

  /// The same for the operator of a realm, who also finds those who may not be invited, behind them.
  package func findEverybody(namePrefix: Text, max: Int) -> [OrganisationEntry] {
    var found = find(namePrefix: namePrefix, max: max)
    let typed = FoldedName(namePrefix)
    guard found.count < max, !typed.isEmpty || namePrefix.isBlank else { return found }
    let others = organisations.values.filter { entry in
      entry.kind == .partner && !entry.isInvitable
        && (typed.isEmpty || FoldedName(entry.name).hasWord(beginningWith: typed))
    }
    found += others.sorted { $0.id < $1.id }.prefix(max - found.count)
    return found
  }
}

/// An organisation at its place in a search.
struct RankedOrganisation: Sendable, Comparable {
  let id: TenantID
  let responsiveness: Responsiveness
  let name: FoldedName
  let marks: UInt64

  init(_ entry: OrganisationEntry) {
    id = entry.id
    responsiveness = entry.responsiveness
    name = FoldedName(entry.name)
    marks = name.wordMarks
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.responsiveness != right.responsiveness {
      return left.responsiveness > right.responsiveness
    }
    return left.name != right.name ? left.name < right.name : left.id < right.id
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
