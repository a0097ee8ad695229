// SPDX-License-Identifier: Apache-2.0
// What a caller may do with a deal now, and which rule forbids the rest. Asks the rules themselves, so
// that it cannot say anything else than they do.

package import TandemPrimitives

/// Something that can be done with one deal.
///
/// Numbers are for ever.
package enum DealAction: UInt8, Sendable, CaseIterable {
  case patch = 1
  case win = 2
  case lose = 3
  case closeAsError = 4
  case invite = 5
  case acknowledge = 6
  case accept = 7
  case decline = 8
  case setFavourite = 9
  case inviteVendor = 10
  case extendInvitation = 11
}

package struct ActionVerdict: Sendable, Equatable {
  package var action: DealAction
  /// Why not; nil when the action is allowed.
  package var obstacle: Rejection?
}

package struct FieldVerdict: Sendable, Equatable {
  package var field: DealField
  /// The field as requests name it; a part of it where only that can be edited.
  package var path: String
  /// Why not; nil when a patch may set the field.
  package var obstacle: Violation?
}

package struct DealVerdicts: Sendable, Equatable {
  package var version: UInt64
  package var actions: [ActionVerdict]
  package var fields: [FieldVerdict]
}

package enum DescribingActions {
  package static func answer(
    _ id: DealID, to principal: Principal, _ state: TenantState,
    _ deals: borrowing some DealStore & ~Copyable, _ directory: RealmDirectory, at now: Timestamp
  ) throws(Rejection) -> DealVerdicts {
    let caller = try state.caller(principal)
    guard let deal = deals.deal(id) else { throw .dealNotFound(id) }
    try state.require(.read, on: deal, caller)
    let actions = DealAction.allCases.map { action in
      ActionVerdict(action: action, obstacle: obstacle(action, deal, caller, state, directory, now))
    }
    let patch = actions.first { $0.action == .patch }?.obstacle
    return DealVerdicts(
      version: deal.version, actions: actions, fields: fields(deal, state, patch))
  }

  private static func obstacle(
    _ action: DealAction, _ deal: Deal, _ caller: Caller, _ state: TenantState,
    _ directory: RealmDirectory, _ now: Timestamp
  ) -> Rejection? {
    do throws(Rejection) {
      try state.require(action.right, on: deal, caller)
      switch action {
      case .patch: try deal.requireAccepted(to: "change the deal")
      case .win:
        try deal.requireAccepted(to: "win the deal")
        try deal.requireStagesComplete()
      case .lose: try deal.requireAccepted(to: "lose the deal")
      case .closeAsError: try deal.requireAccepted(to: "close it as an error")
      case .invite: try Inviting.requireInvitable(deal, state)
      case .inviteVendor: try Inviting.requireAskable(deal, state, directory)
      case .extendInvitation: try Extending.requireExtendable(deal, now)
      case .acknowledge, .accept, .decline: try deal.requireAnswerable(at: now)
      case .setFavourite: break
      }
      return nil
    } catch {
      return error
    }
  }

  private static func fields(
    _ deal: Deal, _ state: TenantState, _ patch: Rejection?
  ) -> [FieldVerdict] {
    var verdicts: [FieldVerdict] = []
    for field in DealField.allCases {
      if field == .shownTo {
        verdicts.append(visibility(of: deal, state, patch))
        continue
      }
      var obstacle: Violation?
      // What is judged first when a patch is asked for, is told first.
      if let patch {
        obstacle = Violation(field.path, patch.reason, patch.message)
      } else if !field.isEditable {
        obstacle = Violation(field.path, field.lockRule, field.lockText)
      } else if field == .stage {
        obstacle = deal.stageLock
      } else if field == .solutions {
        obstacle = deal.solutionsLock
      }
      verdicts.append(FieldVerdict(field: field, path: field.path, obstacle: obstacle))
      if field == .customer { verdicts.append(contacts(of: deal, patch)) }
    }
    return verdicts
  }

  /// one way, so a deal that the vendor sees has nothing left to decide.
  private static func visibility(
    of deal: Deal, _ state: TenantState, _ patch: Rejection?
  ) -> FieldVerdict {
    let path = "visible_to_vendor"
    var obstacle = patch.map { Violation(path, $0.reason, $0.message) }
    if obstacle == nil { obstacle = state.organisation.flatMap(deal.visibilityLock) }
    if obstacle == nil, deal.baseKind != .privateDeal {
      obstacle = Violation(path, "R-405", "is true for ever once the vendor was shown the deal")
    }
    return FieldVerdict(field: .shownTo, path: path, obstacle: obstacle)
  }

  private static func contacts(of deal: Deal, _ patch: Rejection?) -> FieldVerdict {
    let path = "customer.contacts"
    let obstacle =
      patch.map { Violation(path, $0.reason, $0.message) } ?? deal.contactsLock
    return FieldVerdict(field: .customer, path: path, obstacle: obstacle)
  }
}

extension DealAction {
  fileprivate var right: AccessPolicy.Action {
    switch self {
    case .patch: .edit
    case .win, .lose, .closeAsError: .close
    case .invite, .inviteVendor, .extendInvitation: .invite
    case .acknowledge, .accept, .decline: .answer
    case .setFavourite: .favourite
    }
  }
}
