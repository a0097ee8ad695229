// SPDX-License-Identifier: Apache-2.0
// What must hold before anybody acts on a deal: its state, and that nobody changed it meanwhile.

import TandemPrimitives

extension Deal {
  /// T10: nothing about a closed deal changes.
  package func requireOpen(to action: DealAction) throws(Rejection) {
    guard status.isTerminal else { return }
    let milestone = lastChance(to: action)
    let chance =
      milestone.flatMap(time).map { "to \(action.words) was possible until \($0)" }
      ?? "nothing about it changes any more"
    throw Rejection(
      .failedPrecondition, "DEAL_CLOSED", "the deal is closed as \(status); \(chance) (T10)",
      rules: ["T10"], until: milestone)
  }

  /// Until when an action was possible on a copy that is closed; nil when it never was.
  private func lastChance(to action: DealAction) -> Milestone? {
    switch action {
    case .acknowledge, .accept, .decline:
      guard invitation != nil else { return nil }
      if acceptedAt != nil { return .answered }
      return status == .expired && closure == nil ? .due : .closed
    case .invite, .inviteVendor, .extendInvitation: return direction == .outbound ? .closed : nil
    case .patch, .win, .lose, .closeAsError:
      return direction == .outbound || acceptedAt != nil ? .closed : nil
    case .setFavourite: return nil
    }
  }

  /// Work needs an accepted deal; an invitation must be accepted first (G04).
  @inline(__always)
  package func requireAccepted(to action: DealAction) throws(Rejection) {
    guard status == .accepted, direction == .outbound || !isShadow else {
      throw notAccepted(action)
    }
  }

  /// A shadow copy is there to be read; T10 says why an ended one is not changed.
  package func requireOwn() throws(Rejection) {
    guard isShadow, !status.isTerminal else { return }
    throw Rejection(
      .failedPrecondition, "SHADOW_COPY",
      "this copy only shows you a deal of \(initiator.name.string); nothing can be done with it "
        + "until they ask for your help (R-203)", rules: ["R-203"])
  }

  private func notAccepted(_ action: DealAction) -> Rejection {
    do throws(Rejection) {
      try requireOpen(to: action)
      try requireOwn()
    } catch { return error }
    return Rejection(
      .failedPrecondition, "DEAL_NOT_ACCEPTED",
      "the invitation is not answered; accept it before you \(action.words) (G04)",
      rules: ["G04"])
  }

  /// Fails when one of the fields changed after the version that the caller knows.
  package func requireUntouched(
    _ fields: FieldMask, since baseVersion: UInt64
  ) throws(Rejection) {
    guard baseVersion != 0 else { return }
    #if TANDEM_PLANTED_BUGS
      if PlantedBug.conflictIgnored.isActive { return }
    #endif
    guard baseVersion <= version else {
      throw Rejection(
        .aborted, "CONFLICT",
        "BASE_VERSION_AHEAD: base_version \(baseVersion) is ahead of the deal's version \(version)",
        rules: ["section 3.2h"],
        violations: [Violation("base_version", "CONFLICT", "the deal has version \(version)")])
    }
    guard
      fieldVersions.contains(where: {
        $0.version > baseVersion && fields.contains(FieldMask($0.field))
      })
    else { return }
    throw conflict(fields, since: baseVersion)
  }

  private func conflict(_ fields: FieldMask, since baseVersion: UInt64) -> Rejection {
    let moved = fieldVersions.filter {
      $0.version > baseVersion && fields.contains(FieldMask($0.field))
    }
    let violations = moved.map { entry in
      let current = value(of: entry.field)?.shortText ?? ""
      return Violation(
        entry.field.path, "CONFLICT", "changed in version \(entry.version); now: \(current)")
    }
    let names = moved.map(\.field.path).joined(separator: ", ")
    return Rejection(
      .aborted, "CONFLICT",
      "changed after version \(baseVersion): \(names); read version \(version) and decide again",
      rules: ["section 3.2h"], violations: violations)
  }
}

extension FieldValue {
  /// The value in a few words, for a conflict's answer to a caller who may see it.
  package var shortText: String {
    switch self {
    case .status(let value): "\(value)"
    case .baseKind(let value): "\(value)"
    case .partnerToPartner(let value): "\(value)"
    case .name(let value), .crmID(let value), .campaignID(let value), .notes(let value):
      value.string
    case .customer(let value): Self.list(value.contacts.map(\.person.email.string), "contacts")
    case .value(let value): value.text
    case .closeDate(let value): "\(value)"
    case .team(let value): Self.list(value.map(\.person.email.string), "members")
    case .solutions(let value): Self.list(value.map(\.name.string), "solutions")
    case .consent(let value):
      "customer_contact \(value.customerContact), share_with_others \(value.shareWithOthers)"
    case .stage(let value): "\(value.rawValue) %"
    case .acceptedAt(let value), .acknowledgedAt(let value), .closedAt(let value),
      .respondBy(let value), .remindAt(let value):
      value.map { "\($0)" } ?? "none"
    case .closure(let value): value.map { "reason \($0.reason.value)" } ?? "none"
    case .cards(let value):
      Self.list(value.map { "\($0.organisation.name.string) \($0.status)" }, "cards")
    case .sharedView(let value): value == nil ? "none" : "shared"
    case .invitation(let value): value == nil ? "none" : "given"
    case .shownTo(let value): value?.name.string ?? "nobody"
    case .tags(let value): value.map(\.string).joined(separator: ", ")
    case .owner(let value): value == 0 ? "nobody" : "line \(value)"
    case .assessment(let value): "\(value?.completed.count ?? 0) stages complete"
    }
  }

  /// The first of a list, and how many more there are.
  private static func list(_ entries: [String], _ what: String) -> String {
    guard !entries.isEmpty else { return "no \(what)" }
    let told = entries.prefix(Limits.entriesToldOfConflict).joined(separator: ", ")
    let rest = entries.count - Limits.entriesToldOfConflict
    return rest > 0 ? "\(told) and \(rest) more" : told
  }
}

extension Money {
  /// For example `1200.5 EUR`.
  package var text: String {
    guard nanos != 0 else { return "\(units) \(currency.text)" }
    var digits = String(nanos.magnitude)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(units).\(digits) \(currency.text)"
  }
}
