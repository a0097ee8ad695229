// SPDX-License-Identifier: Apache-2.0
// Partners enter and leave the ecosystem, and vetting is reviewed yearly (domain.md 3.1, R-110, R-204): the
// operator says so to the directory, which lists the organisation anew and tells it. Deals stay as they
// are, open invitations too: rules look at what an organisation is when something is asked.

package import TandemPrimitives

/// What is said of an organisation; nil stays as it is.
package struct OrganisationUpdate: Sendable, Equatable {
  package var inEcosystem: Bool?
  package var transacts: Bool?
  package var isAssessmentVetted: Bool?

  package init() {}

  package var isEmpty: Bool { self == OrganisationUpdate() }
}

/// Asks the directory to change what it says of an organisation.
package struct UpdateOrganisation: Sendable, Equatable {
  package var organisation: TenantID
  package var update: OrganisationUpdate

  package init(organisation: TenantID, update: OrganisationUpdate) {
    self.organisation = organisation
    self.update = update
  }
}

package enum UpdatingOrganisations {
  package static func decide(
    _ command: UpdateOrganisation, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    _ = try state.operatedRealm(context.principal)
    let old = state.entries[command.organisation]
    if old == nil, !command.organisation.isZero {
      throw Rejection(
        .notFound, "ORGANISATION_NOT_FOUND",
        "\(command.organisation) is no organisation of this realm")
    }
    try check(command, old)
    guard let old else { preconditionFailure("checked above") }
    let entry = old.updated(by: command.update)
    guard entry != old else { return Decision(events: [], answer: .done) }
    try state.requireOutboxRoom(entry.id)
    var events: [Event] = [.organisationListed(entry)]
    events.send(.organisationUpdated(command.update), to: entry.id, state)
    return Decision(events: events, answer: .done)
  }

  private static func check(
    _ command: UpdateOrganisation, _ entry: OrganisationEntry?
  ) throws(Rejection) {
    var violations = Violations()
    if entry == nil {
      violations.add("organisation_id", "FIELD_REQUIRED", "is missing; say which organisation")
    }
    if command.update.isEmpty {
      violations.add(
        "in_ecosystem", "FIELD_REQUIRED",
        "is missing, and so is all else; say in_ecosystem, transacts or assessment_vetted")
    }
    if command.update.isAssessmentVetted == true, let entry, entry.kind != .partner {
      violations.add(
        "assessment_vetted", "R-110", "is for partners; the vendor creates no assessments")
    }
    if let entry, entry.kind == .vendor {
      let always = "is for partners; the vendor is always part of the ecosystem and transacts"
      if command.update.inEcosystem != nil {
        violations.add("in_ecosystem", "FIELD_NOT_APPLICABLE", always)
      }
      if command.update.transacts != nil {
        violations.add("transacts", "FIELD_NOT_APPLICABLE", always)
      }
    }
    try violations.throwIfAny()
  }

  /// What a request that says nothing is told.
  static var problemsOfNothing: [Violation] {
    Violations.found { () throws(Rejection) in
      try check(UpdateOrganisation(organisation: .zero, update: OrganisationUpdate()), nil)
    }
  }

  /// The organisation hears of it; messages of a directory come once and in order.
  static func receive(
    _ update: OrganisationUpdate, from sender: TenantID, _ state: TenantState,
    _ events: inout [Event]
  ) {
    guard let organisation = state.organisation, state.realm?.directory == sender,
      organisation.updated(by: update) != organisation
    else { return }
    events.append(.organisationUpdated(update))
  }
}

extension Organisation {
  func updated(by update: OrganisationUpdate) -> Organisation {
    var organisation = self
    organisation.inEcosystem = update.inEcosystem ?? inEcosystem
    organisation.transacts = update.transacts ?? transacts
    organisation.isAssessmentVetted = update.isAssessmentVetted ?? isAssessmentVetted
    return organisation
  }
}

extension OrganisationEntry {
  fileprivate func updated(by update: OrganisationUpdate) -> OrganisationEntry {
    var entry = self
    entry.inEcosystem = update.inEcosystem ?? inEcosystem
    entry.transacts = update.transacts ?? transacts
    entry.isAssessmentVetted = update.isAssessmentVetted ?? isAssessmentVetted
    return entry
  }
}
