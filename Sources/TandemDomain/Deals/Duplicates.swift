// SPDX-License-Identifier: Apache-2.0
// Deals that look like one that is open already: the same customer, and something sold that is sold
// there too. Sought only among what the caller may see, so nothing else is told by it.

import TandemPrimitives

enum Duplicates {
  /// As many are named.
  private static let named = 3

  /// What is said about a deal that looks like others; refused where the realm's policy has it so, but
  /// for the answer to an invitation, which is the inviter's deal as much.
  static func warnings(
    selling solutions: [SolutionLine], to customer: Customer, besides own: DealID? = nil,
    _ caller: Caller, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable,
    isAnswer: Bool = false
  ) throws(Rejection) -> [Warning] {
    let found = find(selling: solutions, to: customer, besides: own, caller, state, deals)
    guard !found.isEmpty else { return [] }
    let list = found.map(\.description).joined(separator: ", ")
    let text =
      found.count == 1
      ? "\(list) is open, has the same customer and sells some of the same"
      : "\(list) are open, have the same customer and sell some of the same"
    guard !isAnswer, state.realm?.policy.duplicates == .refuse else {
      return [Warning("POSSIBLE_DUPLICATE", text)]
    }
    throw Rejection(
      .alreadyExists, "POSSIBLE_DUPLICATE", text + "; work on that deal, or sell something else",
      rules: ["ruling 24"],
      violations: [Violation("solutions", "POSSIBLE_DUPLICATE", "are sold by \(list) already")])
  }

  private static func find(
    selling solutions: [SolutionLine], to customer: Customer, besides own: DealID?,
    _ caller: Caller, _ state: TenantState, _ deals: borrowing some DealStore & ~Copyable
  ) -> [DealID] {
    var found: [DealID] = []
    for id in deals.openDeals(of: customer, max: Limits.duplicateCandidates) where id != own {
      guard let deal = deals.deal(id), deal.customer.isSame(as: customer),
        deal.solutions.contains(where: { sold in solutions.contains { $0.isSame(as: sold) } }),
        caller.may(.read, state.facts(of: deal, for: caller))
      else { continue }
      found.append(id)
      if found.count == named { break }
    }
    return found
  }
}

extension SolutionLine {
  /// By its id, or by its name where one of them has none.
  func isSame(as other: SolutionLine) -> Bool {
    if !solution.isZero, !other.solution.isZero { return solution == other.solution }
    return name.equalsIgnoringCase(other.name)
  }
}
