// SPDX-License-Identifier: Apache-2.0
// A lead: somebody who may buy, told to a partner by the vendor (domain.md 18). It stands beside the deals
// of the partner and becomes one only when the partner makes it so (G16).

package import TandemPrimitives

/// How much is known of the interest (domain.md 4.1, 15.2).
package enum LeadClass: UInt8, Sendable, CaseIterable {
  /// The customer's own inquiry.
  case direct = 1
  case marketingQualified = 2
  case salesQualified = 3
}

/// What of the partner's the customer looked at.
package enum LeadOrigin: UInt8, Sendable, CaseIterable {
  /// The business profile.
  case profile = 1
  /// An offer in a marketplace.
  case offer = 2
}

/// In which marketplace the offer stands.
package enum LeadSource: UInt8, Sendable, CaseIterable {
  case businessStore = 1
  case cloudMarketplace = 2
  case cloudPortal = 3
}

/// What the customer pressed.
package enum CallToAction: UInt8, Sendable, CaseIterable {
  case contactMe = 1
  case getItNow = 2
  case freeTrial = 3
  case testDrive = 4
  case requestPrivateOffer = 5
}

package enum LeadQuality: UInt8, Sendable, CaseIterable {
  case high = 1
  case medium = 2
  /// Perhaps nobody at all.
  case low = 3
  case unknown = 4
}

/// Whether an address or number reaches somebody.
package enum ContactValidity: UInt8, Sendable, CaseIterable {
  case valid = 1
  case invalid = 2
  /// Of e-mail only.
  case spam = 3
  case unknown = 4
}

package enum LeadStatus: UInt8, Sendable, CaseIterable {
  case received = 1
  case accepted = 2
  case declined = 3
  case expired = 4
  case won = 5
  case lost = 6
  case archived = 7
}

/// What a partner says when it takes a lead.
package struct LeadAcceptance: Hashable, Sendable {
  package var name: Text
  package var value: Money
  package var closeDate: Timestamp
  package var notes: Text
  package var team: [TeamMember]
  package init(
    name: Text, value: Money, closeDate: Timestamp, notes: Text, team: [TeamMember]
  ) {
    self.name = name
    self.value = value
    self.closeDate = closeDate
    self.notes = notes
    self.team = team
  }
}

package struct Lead: Hashable, Sendable {
  // What the vendor says of it; never changes.
  package var id: LeadID
  package var sender: OrganisationReference
  package var leadClass: LeadClass
  package var origin: LeadOrigin
  /// Of offers only.
  package var source: LeadSource?
  /// Nil where the vendor found the interest itself.
  package var callToAction: CallToAction?
  package var quality = LeadQuality.unknown
  package var emailValidity = ContactValidity.unknown
  package var phoneValidity = ContactValidity.unknown
  package var customerName: Text
  package var country: CountryCode
  package var city = Text.empty
  /// Erased once the lead was declined or has expired.
  package var contact: Person
  /// The customer said "please contact me".
  package var wantsContact = false
  /// Zero: none in particular.
  package var solution = SolutionID.zero
  package var solutionName = Text.empty
  package var campaignID = Text.empty
  /// The customer's own words; they go with the contact.
  package var text = Text.empty
  package var sentAt: Timestamp

  // What became of it at the partner.
  /// Counts the changes; 1 when received, 0 on its way.
  package var version: UInt64 = 0
  package var status = LeadStatus.received
  package var receivedAt = Timestamp.zero
  package var updatedAt = Timestamp.zero
  /// Set exactly while an answer is awaited.
  package var respondBy: Timestamp?
  package var remindAt: Timestamp?
  /// When it is deleted, whatever became of it; marketplace leads only.
  package var deleteAt: Timestamp?
  package var acceptedAt: Timestamp?
  /// When it was declined, won or lost, or expired.
  package var endedAt: Timestamp?
  @Rare package var acceptance: LeadAcceptance?
  @Rare package var closure: Closure?
  /// What an archived one was before.
  package var outcome: LeadStatus?
  /// The deal that was made of it; zero for none.
  package var deal = DealID.zero
  /// An open lead of the same customer and contact when this one came; zero for none.
  package var possibleDuplicateOf = LeadID.zero

  package init(
    id: LeadID, sender: OrganisationReference, leadClass: LeadClass, origin: LeadOrigin,
    customerName: Text, country: CountryCode, contact: Person, sentAt: Timestamp
  ) {
    self.id = id
    self.sender = sender
    self.leadClass = leadClass
    self.origin = origin
    self.customerName = customerName
    self.country = country
    self.contact = contact
    self.sentAt = sentAt
    _acceptance = .absent
    _closure = .absent
  }
}

extension Lead {
  /// The customer helped itself: the partner is told and need not answer.
  ///
  /// So it is for inquiries alone; who was qualified by the vendor is answered, whatever it pressed
  /// first. Such a lead stays received, never expires, and takes nothing but a mark and its archiving.
  package var isInformational: Bool {
    guard leadClass == .direct else { return false }
    switch callToAction {
    case .getItNow, .freeTrial, .testDrive: return true
    case .contactMe, .requestPrivateOffer, nil: return false
    }
  }

  /// Something is still to be done with it.
  package var isOpen: Bool {
    switch status {
    case .received: !isInformational
    case .accepted: true
    case .declined, .expired, .won, .lost, .archived: false
    }
  }

  /// It came to nothing, so the partner has no right to its contact any more.
  package var hasLostItsContact: Bool {
    let end = outcome ?? status
    return end == .declined || end == .expired
  }

  /// A strong wish to be contacted, for so long as the realm's policy says.
  package func wantsContactNow(at now: Timestamp, _ policy: RealmPolicy) -> Bool {
    wantsContact && !hasLostItsContact && now < sentAt.advanced(by: policy.contactWishInForce)
  }

  /// Without what only who may reach the customer may know.
  package var withoutContact: Lead {
    var lead = self
    lead.contact = .erased
    lead.text = .empty
    return lead
  }

  /// When it wants its timer: for a reminder, its end or its deletion.
  package var dueAt: Timestamp? {
    let answer = [remindAt, respondBy].compactMap(\.self).min()
    return [answer, deleteAt].compactMap(\.self).min()
  }

  /// When it became what may make room for others; nil while it is open.
  var spareSince: Timestamp? { isOpen ? nil : endedAt ?? receivedAt }

  /// Equal for leads that may be one.
  var likeness: UInt64 {
    var hash = CustomerNumber.ofName(customerName.utf8, country)
    for byte in contact.email.utf8 { hash = FNV1a.next(hash, byte.asciiLowered) }
    return hash
  }

  /// The same customer by name and country, and the same contact by e-mail address.
  func isLike(_ other: Lead) -> Bool {
    country == other.country && !contact.email.isEmpty
      && customerName.utf8.lettersAndDigits == other.customerName.utf8.lettersAndDigits
      && contact.email.equalsIgnoringASCIICase(other.contact.email)
  }

  /// About how many bytes it takes, in a message and in memory.
  package var byteCount: Int {
    let acceptanceBytes =
      acceptance.map { made in
        128 + made.name.byteCount + made.notes.byteCount
          + made.team.reduce(0) { $0 + $1.person.byteCount }
      } ?? 0
    return 512 + sender.name.byteCount + customerName.byteCount + city.byteCount
      + contact.byteCount + solutionName.byteCount + campaignID.byteCount + text.byteCount
      + acceptanceBytes + (closure?.notes.byteCount ?? 0)
  }
}

/// How a partner answered or ended a lead, as the vendor hears it.
package struct LeadAnswer: Hashable, Sendable {
  package var lead: LeadID
  package var partner: OrganisationReference
  /// accepted, declined, expired, won or lost; expired as undeliverable: it never arrived.
  package var status: LeadStatus
  package var at: Timestamp
  package var closure: Closure?
  package init(
    lead: LeadID, partner: OrganisationReference, status: LeadStatus, at: Timestamp,
    closure: Closure?
  ) {
    self.lead = lead
    self.partner = partner
    self.status = status
    self.at = at
    self.closure = closure
  }
}
