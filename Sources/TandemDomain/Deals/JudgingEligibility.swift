// SPDX-License-Identifier: Apache-2.0
// Whether a deal can be registered for an incentive, criterion by criterion (domain.md 12.1, R-801). Judged
// whenever somebody asks, from the deal, its cards and the catalogue as they are then (G12).

package import TandemPrimitives

/// What must hold.
///
/// Numbers are for ever.
package enum EligibilityCriterion: UInt8, Sendable, CaseIterable {
  case kind = 1
  case solution = 2
  case won = 3
  case vendorAccepted = 4
}

package struct CriterionVerdict: Sendable, Equatable {
  package var criterion: EligibilityCriterion
  package var isMet: Bool
  package var rule: String
  /// What was found, and what is missing.
  package var text: String
}

package struct Eligibility: Sendable, Equatable {
  /// Of the deal.
  package var version: UInt64
  package var criteria: [CriterionVerdict]
  /// Of the solutions on the deal, ascending.
  package var incentives: [Incentive]
  /// Won so early that people look at the registration (G14).
  package var isWonEarly: Bool

  package var isEligible: Bool { criteria.allSatisfy(\.isMet) }
  /// Only deals with intellectual property of the partner are reviewed.
  package var isReviewed: Bool { incentives.contains(.intellectualProperty) }
}

package enum JudgingEligibility {
  package static func answer(
    _ id: DealID, to principal: Principal, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ directory: RealmDirectory
  ) throws(Rejection) -> Eligibility {
    let caller = try state.caller(principal)
    guard let deal = deals.deal(id) else { throw .dealNotFound(id) }
    try state.require(.read, on: deal, caller)
    guard let organisation = state.organisation else { throw .organisationMissing }
    guard organisation.kind == .partner else {
      throw Rejection(
        .failedPrecondition, "PARTNERS_ONLY",
        "the vendor registers no deals; ask as the partner who sells (R-803)",
        rules: ["R-803"])
    }
    return judge(deal, state, directory)
  }

  static func judge(
    _ deal: Deal, _ state: TenantState, _ directory: RealmDirectory
  ) -> Eligibility {
    let known = deal.solutions.compactMap {
      state.solutions[$0.solution] ?? directory.catalogue?.solution($0.solution)
    }
    let rewarded = known.filter { !$0.incentives.isEmpty }
    let incentives = Set(rewarded.flatMap(\.incentives)).sorted { $0.rawValue < $1.rawValue }
    let early = (state.realm?.policy ?? .standard).minimumAgeBeforeWon
    let wonAt = deal.status == .won ? deal.closedAt : nil
    return Eligibility(
      version: deal.version,
      criteria: [kind(deal), solution(rewarded), won(deal), vendor(deal, directory)],
      incentives: incentives,
      isWonEarly: wonAt.map { $0 < deal.createdAt.advanced(by: early) } ?? false)
  }

  private static func kind(_ deal: Deal) -> CriterionVerdict {
    let (isMet, text) =
      switch deal.baseKind {
      case .privateDeal where deal.direction == .inbound:
        // nobody else may ask the vendor.
        (
          false,
          "the deal is private; only \(deal.initiator.name.string), who started it, may show it to "
            + "the vendor or ask for help"
        )
      case .privateDeal:
        (false, "the deal is private; show it to the vendor or ask for help before it ends")
      case .partnerLed: (true, "the deal is partner-led")
      case .coSell: (true, "the deal is co-sell")
      case .solutionAssessment: (false, "the deal is an assessment, which is never registered")
      }
    return CriterionVerdict(
      criterion: .kind, isMet: isMet,
      rule: deal.baseKind == .solutionAssessment ? "G17" : "section 12", text: text)
  }

  private static func solution(_ rewarded: [Solution]) -> CriterionVerdict {
    let names = rewarded.map(\.name.string).joined(separator: ", ")
    return CriterionVerdict(
      criterion: .solution, isMet: !rewarded.isEmpty, rule: "R-801",
      text: rewarded.isEmpty
        ? "no solution on the deal has an incentive" : "there is an incentive for \(names)")
  }

  private static func won(_ deal: Deal) -> CriterionVerdict {
    CriterionVerdict(
      criterion: .won, isMet: deal.status == .won, rule: "section 12",
      text: deal.status == .won ? "the deal is won" : "the deal is \(deal.status), not won")
  }

  /// Asked of co-sell deals only; who was not invited has nothing to accept.
  private static func vendor(
    _ deal: Deal, _ directory: RealmDirectory
  ) -> CriterionVerdict {
    let (isMet, text): (Bool, String)
    if deal.baseKind != .coSell {
      (isMet, text) = (true, "the vendor was not asked for help")
    } else if deal.direction == .inbound {
      (isMet, text) = vendorOfInvited(deal, directory)
    } else {
      let card = deal.cards.last { $0.organisationKind == .vendor }
      isMet = card?.takesPart ?? false
      text =
        isMet
        ? "the vendor accepted" : "the vendor's copy is \(card?.status ?? .pending), not accepted"
    }
    let isJoint = deal.direction == .inbound && deal.partnerToPartner
    return CriterionVerdict(
      criterion: .vendorAccepted, isMet: isMet, rule: "section 12",
      text: isJoint ? text + "; \(whoRegisters)" : text)
  }

  ///
  private static let whoRegisters =
    "of the partners who sell together, the one whose contract with the customer names the "
    + "solution registers (R-209)"

  /// An invited partner knows of the vendor what it knows of others: the name, once it takes part.
  private static func vendorOfInvited(
    _ deal: Deal, _ directory: RealmDirectory
  ) -> (isMet: Bool, text: String) {
    if directory.organisations[deal.initiator.id]?.kind == .vendor {
      return (true, "the vendor started the deal")
    }
    let takesPart =
      deal.sharedView?.participants.contains { directory.organisations[$0.id]?.kind == .vendor }
      ?? false
    return takesPart
      ? (true, "the vendor accepted")
      : (
        false,
        "the vendor was asked by \(deal.initiator.name.string), who started the deal, and is not "
          + "among those who take part"
      )
  }
}
