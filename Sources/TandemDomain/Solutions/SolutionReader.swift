// SPDX-License-Identifier: Apache-2.0
// Whose the solutions on a copy are, seen from the organisation that received it (domain.md 3.5, R-107).

import TandemPrimitives

/// Turns lines of another organisation's deal into lines as their receiver sees them.
///
/// The sender's groups come from the catalogue and say whose a solution is for the sender. What more
/// the receiver has to know is which ones are its own.
struct SolutionReader {
  private let kind: OrganisationKind
  private let own: [SolutionID: Solution]
  private let senderKind: OrganisationKind

  init(_ organisation: Organisation, _ state: TenantState, senderKind: OrganisationKind) {
    kind = organisation.kind
    own = state.solutions
    self.senderKind = senderKind
  }

  /// Of a sender that the directory tells; all others are partners.
  init?(_ state: TenantState, of sender: TenantID, _ directory: RealmDirectory) {
    guard let organisation = state.organisation else { return nil }
    self.init(
      organisation, state, senderKind: directory.organisations[sender]?.kind ?? .partner)
  }

  func read(_ line: SolutionLine) -> SolutionLine {
    var line = line
    line.group = group(of: line)
    return line
  }

  private func group(of line: SolutionLine) -> SolutionGroup? {
    switch line.group {
    case nil, .assessment: line.group
    case .ownCompany: senderKind == .vendor ? vendors : .otherThirdParty
    case .vendor: vendors
    case .otherThirdParty: own[line.solution] == nil ? .otherThirdParty : .ownCompany
    }
  }

  /// The vendor is one party, however many desks it has.
  private var vendors: SolutionGroup { kind == .vendor ? .ownCompany : .vendor }
}
