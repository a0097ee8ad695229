// SPDX-License-Identifier: Apache-2.0
// What can be asked about leads.

package import TandemPrimitives

package struct SendLead: Sendable, Equatable {
  package var partner: TenantID
  package var leadClass: LeadClass?
  package var origin: LeadOrigin?
  package var source: LeadSource?
  package var callToAction: CallToAction?
  package var quality = LeadQuality.unknown
  package var emailValidity = ContactValidity.unknown
  package var phoneValidity = ContactValidity.unknown
  package var customerName: Text
  package var country: CountryCode?
  package var city: Text
  package var contact: Person
  package var wantsContact = false
  package var solution = SolutionID.zero
  package var campaignID = Text.empty
  package var text = Text.empty
  package init(
    partner: TenantID, leadClass: LeadClass?, origin: LeadOrigin?, customerName: Text,
    country: CountryCode?, city: Text, contact: Person
  ) {
    self.partner = partner
    self.leadClass = leadClass
    self.origin = origin
    self.customerName = customerName
    self.country = country
    self.city = city
    self.contact = contact
  }
}

package struct AcceptLead: Sendable, Equatable {
  package var lead: LeadID
  package var name: Text
  package var value: Money?
  package var closeDate: Timestamp?
  package var notes: Text
  package var team: [TeamMember]
  package init(
    lead: LeadID, name: Text, value: Money?, closeDate: Timestamp?, notes: Text,
    team: [TeamMember]
  ) {
    self.lead = lead
    self.name = name
    self.value = value
    self.closeDate = closeDate
    self.notes = notes
    self.team = team
  }
}

/// A lead that comes to nothing: declined or lost.
package struct EndLead: Sendable, Equatable {
  package var lead: LeadID
  package var reason: ReasonCode?
  package var notes: Text
  package init(lead: LeadID, reason: ReasonCode?, notes: Text) {
    self.lead = lead
    self.reason = reason
    self.notes = notes
  }
}

/// A lead that was won, or is put away.
package struct MoveLead: Sendable, Equatable {
  package var lead: LeadID
  package init(lead: LeadID) {
    self.lead = lead
  }
}

/// A deal of a lead; what the deal leaves open comes from the lead.
package struct ConvertLead: Sendable, Equatable {
  package var lead: LeadID
  package var deal: CreateDeal
  package init(lead: LeadID, deal: CreateDeal) {
    self.lead = lead
    self.deal = deal
  }
}

package struct SetLeadFavourite: Sendable, Equatable {
  package var lead: LeadID
  package var isFavourite: Bool
  package init(lead: LeadID, isFavourite: Bool) {
    self.lead = lead
    self.isFavourite = isFavourite
  }
}

/// Which leads one looks at.
package enum LeadTab: UInt8, Sendable, CaseIterable {
  /// Inquiries of customers.
  case marketplace = 1
  /// Qualified by the vendor.
  case qualified = 2
  /// Those that the caller marked.
  case favourites = 3
}

/// A page of leads, newest first; an empty list of choices lets everything pass.
package struct ListLeads: Sendable, Equatable {
  package var tab: LeadTab?
  package var callsToAction: [CallToAction] = []
  package var countries: [CountryCode] = []
  package var customerNamePrefix = Text.empty
  package var sources: [LeadSource] = []
  package var classes: [LeadClass] = []
  package var qualities: [LeadQuality] = []
  package var statuses: [LeadStatus] = []
  package var emailValidities: [ContactValidity] = []
  package var phoneValidities: [ContactValidity] = []
  package var pageSize: UInt32
  /// Where the page before ended.
  package var after: LeadID?
  package init(tab: LeadTab?, pageSize: UInt32, after: LeadID?) {
    self.tab = tab
    self.pageSize = pageSize
    self.after = after
  }
}
