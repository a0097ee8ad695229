// SPDX-License-Identifier: Apache-2.0
// The places of an organisation that deals belong to. They are never removed: deals keep theirs
// for life.

import TandemPrimitives

package enum AddingLocations {
  package static func decide(
    _ command: AddLocation, _ state: TenantState, _ context: inout CommandContext
  ) throws(Rejection) -> Decision {
    try state.requireRight(.administerLocations, context.principal)
    guard state.organisation != nil else { throw .organisationMissing }
    var violations = Violations()
    check(command, &violations)
    try violations.throwIfAny()
    if state.locations.values.contains(where: { $0.name.equalsIgnoringCase(command.name) }) {
      throw Rejection(
        .alreadyExists, "LOCATION_EXISTS", "a location named \(command.name) exists; use that one")
    }
    guard state.locations.count < Limits.locationsPerOrganisation else {
      throw .full("locations", state.locations.count, Limits.locationsPerOrganisation)
    }
    guard let country = command.country else { preconditionFailure("checked above") }
    let location = Location(
      id: context.fresh.next(at: context.now), name: command.name, country: country,
      isGlobal: false, partnerID: command.partnerID, address: command.address)
    return Decision(events: [.locationAdded(location)], answer: .location(location.id))
  }

  private static func check(_ command: AddLocation, _ violations: inout Violations) {
    violations.require(command.name, "name", "FIELD_REQUIRED", max: Limits.nameBytes)
    violations.requireCountry(command.country, "country", "FIELD_REQUIRED")
    violations.limit(command.partnerID, "partner_id", max: Limits.externalIDBytes)
    if let address = command.address {
      violations.check(address, "address", as: "FIELD_REQUIRED")
      if let country = command.country, address.country != country {
        violations.add("address.country", "FIELD_INVALID", "is not the country of the location")
      }
    }
  }

  /// What a location of which nothing is said is told.
  static var problemsOfNothing: [Violation] {
    var violations = Violations()
    check(AddLocation(name: .empty, country: nil), &violations)
    return violations.found
  }
}
