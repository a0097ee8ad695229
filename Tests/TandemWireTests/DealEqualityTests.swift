// SPDX-License-Identifier: Apache-2.0
// Two deals are equal when every field is: written by hand, because stored deals compare as bytes.

import TandemDomain
import Testing
import WireSamples

struct DealEqualityTests {
  /// One for each field of a deal; takes it over from another.
  private static let fields: [@Sendable (inout Deal, Deal) -> Void] = [
    { $0.id = $1.id },
    { $0.engagement = $1.engagement },
    { $0.version = $1.version },
    { $0.direction = $1.direction },
    { $0.status = $1.status },
    { $0.baseKind = $1.baseKind },
    { $0.partnerToPartner = $1.partnerToPartner },
    { $0.stage = $1.stage },
    { $0.nextLine = $1.nextLine },
    { $0.location = $1.location },
    { $0.createdBy = $1.createdBy },
    { $0.closeDate = $1.closeDate },
    { $0.createdAt = $1.createdAt },
    { $0.updatedAt = $1.updatedAt },
    { $0.acceptedAt = $1.acceptedAt },
    { $0.acknowledgedAt = $1.acknowledgedAt },
    { $0.closedAt = $1.closedAt },
    { $0.respondBy = $1.respondBy },
    { $0.remindAt = $1.remindAt },
    { $0.name = $1.name },
    { $0.crmID = $1.crmID },
    { $0.campaignID = $1.campaignID },
    { $0.notes = $1.notes },
    { $0.customer = $1.customer },
    { $0.value = $1.value },
    { $0.team = $1.team },
    { $0.solutions = $1.solutions },
    { $0.consent = $1.consent },
    { $0.initiator = $1.initiator },
    { $0.cards = $1.cards },
    { $0.fieldVersions = $1.fieldVersions },
    { $0.closure = $1.closure },
    { $0.invitation = $1.invitation },
    { $0.sharedView = $1.sharedView },
    { $0.shownTo = $1.shownTo },
    { $0.assessment = $1.assessment },
    { $0.tags = $1.tags },
    { $0.owner = $1.owner },
    { $0.lead = $1.lead },
  ]

  @Test func `a deal has no field that is not compared below`() {
    #expect(Mirror(reflecting: StoredDeal()).children.count == Self.fields.count)
  }

  @Test(arguments: 0..<37)
  func `deals that differ in one field are not equal`(field: Int) {
    var values = RandomValues(seed: 7)
    let deal = values.laterDeal()
    // Two values of a field may be the same by chance, of a flag above all; not for so many deals.
    let isNoticed = (0..<64).contains { _ in
      var copy = deal
      Self.fields[field](&copy, values.laterDeal())
      return copy != deal && deal != copy
    }
    #expect(isNoticed)
  }
}
