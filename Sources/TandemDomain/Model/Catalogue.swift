// SPDX-License-Identifier: Apache-2.0
// What a realm sells: every organisation's published solutions, found by id and by name.

package import TandemPrimitives

/// What sort of thing is sold (domain.md 17, R-907).
package enum SolutionType: UInt8, Sendable, CaseIterable {
  case device = 1
  case intellectualProperty = 2
  case managedService = 3
  case service = 4
  /// The vendor's: sold as the only solution of a deal, by organisations that are vetted.
  case assessment = 5
}

/// An incentive for which a won deal with the solution can be registered.
package enum Incentive: UInt8, Sendable, CaseIterable {
  case intellectualProperty = 1
  case businessAppsStandard = 2
  case businessAppsPremium = 3
}

/// One item of the catalogue.
package struct Solution: Hashable, Sendable {
  package var id: SolutionID
  package var owner: TenantID
  package var name: Text
  package var type: SolutionType
  /// Others may choose it, and the owner may sell it with others.
  package var isCoSellReady: Bool
  /// Ascending; only co-sell-ready solutions have any.
  package var incentives: [Incentive]
  /// No new line takes one that is not; lines that have it keep it.
  package var isActive: Bool

  package init(
    id: SolutionID, owner: TenantID, name: Text, type: SolutionType, isCoSellReady: Bool,
    incentives: [Incentive], isActive: Bool
  ) {
    self.id = id
    self.owner = owner
    self.name = name
    self.type = type
    self.isCoSellReady = isCoSellReady
    self.incentives = incentives
    self.isActive = isActive
  }
}

/// Read-only copy of all solutions of a realm, as its directory tells them.
package struct Catalogue: Hashable, Sendable {
  private var solutions: [SolutionID: Solution] = [:]
  /// Those that everybody may choose, by name and then id.
  private var offered: [Offer] = []
  /// What each organisation sells.
  private var byOwner: [TenantID: Set<SolutionID>] = [:]

  init() {}

  package var count: Int { solutions.count }

  package func solution(_ id: SolutionID) -> Solution? { solutions[id] }

  /// Whether everybody may choose it.
  func offers(_ solution: Solution) -> Bool { place(of: Offer(solution)) != nil }

  mutating func put(_ solution: Solution, isOffered: Bool) {
    if let old = solutions[solution.id], let place = place(of: Offer(old)) {
      offered.remove(at: place)
    }
    solutions[solution.id] = solution
    byOwner[solution.owner, default: []].insert(solution.id)
    guard isOffered else { return }
    let offer = Offer(solution)
    offered.insert(offer, at: place { $0 < offer })
  }

  func hasSolutions(of owner: TenantID) -> Bool { byOwner[owner] != nil }

  /// Its owner changed: what it sells moves into what everybody may choose, or out of it; a few hundred
  /// at most (`Limits.solutionsPerOrganisation`).
  mutating func offer(_ owner: TenantID, where isOffered: (Solution) -> Bool) {
    for id in byOwner[owner] ?? [] {
      guard let solution = solutions[id] else { continue }
      let isWanted = isOffered(solution)
      if isWanted != offers(solution) { put(solution, isOffered: isWanted) }
    }
  }

  /// Offered solutions of other organisations whose name begins with a text, behind a given one.
  func find(
    _ prefix: Text, after: Solution?, except owner: TenantID, assessments: Bool, max: Int
  ) -> [Solution] {
    let sought = prefix.folded
    let start = place { $0.name.utf8.lexicographicallyPrecedes(sought.utf8) }
    let behind = after.map(Offer.init).map { after in place { $0 <= after } } ?? start
    var found: [Solution] = []
    for offer in offered[Swift.max(start, behind)...] {
      guard found.count < max, offer.name.utf8.starts(with: sought.utf8),
        let solution = solutions[offer.id]
      else { break }
      guard solution.owner != owner, assessments || solution.type != .assessment else { continue }
      found.append(solution)
    }
    return found
  }

  private func place(of offer: Offer) -> Int? {
    let place = place { $0 < offer }
    return place < offered.count && offered[place] == offer ? place : nil
  }

  /// Behind all that stand before, by halving.
  private func place(_ isBefore: (Offer) -> Bool) -> Int {
    var low = 0
    var high = offered.count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(offered[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where a solution stands in lists: by name, whatever its case, then id.
  ///
  /// It follows from the solution and is stored nowhere.
  fileprivate struct Offer: Hashable, Comparable, Sendable {
    let name: Text
    let id: SolutionID

    init(_ solution: Solution) {
      name = solution.name.folded
      id = solution.id
    }

    static func < (left: Offer, right: Offer) -> Bool {
      if left.name == right.name { return left.id < right.id }
      return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
  }
}

extension Solution {
  /// The order of lists.
  func precedes(_ other: Solution) -> Bool { Catalogue.Offer(self) < Catalogue.Offer(other) }
}
