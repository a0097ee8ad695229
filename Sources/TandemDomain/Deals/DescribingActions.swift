// SPDX-License-Identifier: Apache-2.0
// What a caller may do with a deal now, and which rules forbid the rest. Asks the rules themselves, so
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

/// A rule that forbids something.
package struct Obstacle: Sendable, Equatable {
  /// The reason that the refusal would have, or its violation where one field is wrong.
  package var reason: String
  /// Ids of the rules.
  package var rules: [String]
  /// What the deal lacks or must not have; empty when this is about the whole deal.
  package var field: String
  package var text: String
  /// Until when it was possible; nil when it never was, or when it can be possible again.
  package var until: Milestone?
  /// When that was; nil when it is not known.
  package var untilTime: Timestamp?

  init(_ violation: Violation, of deal: Deal) {
    reason = violation.rule
    rules = violation.rules
    field = violation.field
    text = violation.text
    until = violation.possibleUntil
    untilTime = violation.possibleUntil.flatMap(deal.time)
  }

  private init(_ rejection: Rejection, of deal: Deal) {
    reason = rejection.reason
    rules = rejection.rules
    field = ""
    text = rejection.message
    until = rejection.possibleUntil
    untilTime = rejection.possibleUntil.flatMap(deal.time)
  }

  /// All that a refusal names: itself, or each field that is wrong.
  package static func all(of rejection: Rejection, on deal: Deal) -> [Obstacle] {
    guard rejection.code == .invalidArgument, !rejection.violations.isEmpty else {
      return [Obstacle(rejection, of: deal)]
    }
    return rejection.violations.map { Obstacle($0, of: deal) }
  }
}

package struct ActionVerdict: Sendable, Equatable {
  package var action: DealAction
  /// Why not, what would be told first at first; empty when the action is allowed.
  package var obstacles: [Obstacle]
}

package struct FieldVerdict: Sendable, Equatable {
  /// In `tandem.v1.Deal`.
  package var number: UInt8
  /// The field as requests name it; a part of it where only that can be edited.
  package var path: String
  /// Why not: what keeps the field from patches at any time, then what keeps patches from the deal;
  /// empty when a patch may set it.
  package var obstacles: [Obstacle]
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
      let refusals = refusals(action, deal, caller, state, directory, now)
      return ActionVerdict(
        action: action, obstacles: refusals.flatMap { Obstacle.all(of: $0, on: deal) })
    }
    let patch = actions.first { $0.action == .patch }?.obstacles ?? []
    return DealVerdicts(
      version: deal.version, actions: actions, fields: fields(deal, state, directory, patch))
  }

  /// Everything that stands against an action: the caller's rights, then the rules in the order in
  /// which the command asks them.
  ///
  /// All of it follows from what the caller may read: this deal, the realm's directory, the realm's
  /// policy and the caller's own marks. What passes by itself is not told: that a counterpart is behind.
  private static func refusals(
    _ action: DealAction, _ deal: Deal, _ caller: Caller, _ state: TenantState,
    _ directory: RealmDirectory, _ now: Timestamp
  ) -> [Rejection] {
    var refusals = Refusals()
    refusals.ask { () throws(Rejection) in try state.require(action.right, on: deal, caller) }
    switch action {
    case .patch, .lose, .closeAsError:
      refusals.ask { () throws(Rejection) in try deal.requireAccepted(to: action) }
    case .win:
      refusals.ask { () throws(Rejection) in try deal.requireAccepted(to: action) }
      refusals.ask { () throws(Rejection) in try deal.requireStagesComplete() }
    case .invite: refusals.add(Inviting.refusals(of: deal, state).found)
    case .inviteVendor: refusals.add(Inviting.refusalsOfAsking(deal, state, directory).found)
    case .extendInvitation: refusals.add(Extending.refusals(of: deal, state, now).found)
    case .acknowledge, .accept, .decline:
      refusals.ask { () throws(Rejection) in try deal.requireAnswerable(at: now) }
    case .setFavourite:
      refusals.ask { () throws(Rejection) in
        try MarkingFavourites.requireRoom(for: deal.id, caller, state)
      }
    }
    return refusals.found
  }

  private static func fields(
    _ deal: Deal, _ state: TenantState, _ directory: RealmDirectory, _ patch: [Obstacle]
  ) -> [FieldVerdict] {
    func verdict(_ number: UInt8, _ path: String, _ locks: [Violation]) -> FieldVerdict {
      FieldVerdict(
        number: number, path: path, obstacles: locks.map { Obstacle($0, of: deal) } + patch)
    }
    var verdicts = KeptField.allCases.map { verdict($0.rawValue, $0.path, [$0.lock]) }
    for field in DealField.allCases {
      if field == .shownTo {
        let locks = visibilityLocks(of: deal, state, directory)
        verdicts.append(verdict(field.rawValue, "visible_to_vendor", locks))
        continue
      }
      verdicts.append(verdict(field.rawValue, field.path, locks(of: field, in: deal)))
      if field == .customer {
        let locks = [deal.contactsLock].compactMap(\.self)
        verdicts.append(verdict(field.rawValue, "customer.contacts", locks))
      }
    }
    return verdicts.sorted { ($0.number, $0.path) < ($1.number, $1.path) }
  }

  private static func locks(of field: DealField, in deal: Deal) -> [Violation] {
    guard field.isEditable else { return [field.lock] }
    switch field {
    case .stage: return [deal.stageLock].compactMap(\.self)
    case .solutions: return [deal.solutionsLock].compactMap(\.self)
    case .status, .baseKind, .partnerToPartner, .name, .location, .customer, .value, .closeDate,
      .crmID, .campaignID, .notes, .team, .consent, .acceptedAt, .acknowledgedAt, .closedAt,
      .respondBy, .remindAt, .closure, .invitation, .cards, .sharedView, .shownTo, .tags, .owner,
      .assessment:
      return []
    }
  }

  /// one way, so a deal that the vendor sees has nothing left to decide.
  private static func visibilityLocks(
    of deal: Deal, _ state: TenantState, _ directory: RealmDirectory
  ) -> [Violation] {
    guard let organisation = state.organisation else { return [] }
    if let lock = deal.visibilityLock(organisation) { return [lock] }
    guard deal.baseKind == .privateDeal else { return [.shownForEver] }
    do throws(Rejection) {
      _ = try Inviting.vendorDesk(for: deal.customer, organisation, directory)
      return []
    } catch {
      return [Violation("visible_to_vendor", error.reason, error.message, rules: error.rules)]
    }
  }
}

extension DealAction {
  /// As in "before you …".
  package var words: String {
    switch self {
    case .patch: "change the deal"
    case .win: "win the deal"
    case .lose: "lose the deal"
    case .closeAsError: "close it as an error"
    case .invite, .inviteVendor: "invite somebody to it"
    case .acknowledge, .accept, .decline: "answer the invitation"
    case .setFavourite: "mark the deal"
    case .extendInvitation: "give an invitee more time"
    }
  }

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

extension Deal {
  /// When something happened to this copy, as far as it says so.
  func time(of milestone: Milestone) -> Timestamp? {
    switch milestone {
    case .created: createdAt
    case .shared: shownTo == nil ? cards.first?.content.sentAt ?? invitation?.sentAt : nil
    case .invited:
      invitation?.sentAt ?? cards.last { $0.organisationKind == .vendor }?.content.sentAt
    case .answered: acceptedAt
    case .due: respondBy ?? invitation?.respondBy
    case .completed: assessment?.completed.last?.at
    case .closed: closedAt
    }
  }
}
