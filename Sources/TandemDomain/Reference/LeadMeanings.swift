// SPDX-License-Identifier: Apache-2.0
// What the closed lists of leads mean, as people read them.

extension LeadClass: ReferenceCode {
  package var meaning: String {
    switch self {
    case .direct: "the customer's own inquiry"
    case .marketingQualified: "qualified by the vendor's marketing"
    case .salesQualified: "qualified by the vendor's sales"
    }
  }
}

extension LeadOrigin: ReferenceCode {
  package var meaning: String {
    switch self {
    case .profile: "the partner's business profile"
    case .offer: "an offer of the partner's in a marketplace"
    }
  }
}

extension LeadSource: ReferenceCode {
  package var meaning: String {
    switch self {
    case .businessStore: "the store for business applications"
    case .cloudMarketplace: "the marketplace for the cloud"
    case .cloudPortal: "the portal of the cloud"
    }
  }
}

extension CallToAction: ReferenceCode {
  package var meaning: String {
    switch self {
    case .contactMe: "the customer wants to be contacted"
    case .getItNow: "the customer took the offer; nothing is asked of the partner"
    case .freeTrial: "the customer began a free trial; nothing is asked of the partner"
    case .testDrive: "the customer took a test drive; nothing is asked of the partner"
    case .requestPrivateOffer: "the customer asks for an offer of its own"
    }
  }
}

extension LeadQuality: ReferenceCode {
  package var meaning: String {
    switch self {
    case .high: "high"
    case .medium: "medium"
    case .low: "low: perhaps nobody at all"
    case .unknown: "nobody judged it"
    }
  }
}

extension ContactValidity: ReferenceCode {
  package var meaning: String {
    switch self {
    case .valid: "reaches somebody"
    case .invalid: "reaches nobody"
    case .spam: "is known for spam; of e-mail only"
    case .unknown: "nobody tried it"
    }
  }
}

extension LeadStatus: ReferenceCode {
  package var meaning: String {
    switch self {
    case .received: "waits for its answer, or needs none"
    case .accepted: "the partner works on it"
    case .declined: "the partner did not want it"
    case .expired: "was not answered in time"
    case .won: "won"
    case .lost: "lost"
    case .archived: "put away; final"
    }
  }
}
