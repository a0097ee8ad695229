// SPDX-License-Identifier: Apache-2.0
// What the closed lists of deals, customers and solutions mean, as people read them.

extension DealStatus: ReferenceCode {
  package var meaning: String {
    switch self {
    case .pending: "new: delivered, nobody said that it was seen"
    case .received: "new: somebody said that it was seen"
    case .accepted: "active: accepted, or one's own"
    case .won: "closed: won"
    case .lost: "closed: lost"
    case .declined: "closed: declined"
    case .expired: "closed: not answered in time"
    case .error: "closed: should not have been there"
    }
  }
}

extension Direction: ReferenceCode {
  package var meaning: String {
    switch self {
    case .inbound: "another organisation invited this one"
    case .outbound: "this organisation started the engagement"
    }
  }
}

extension BaseKind: ReferenceCode {
  package var word: String {
    switch self {
    case .privateDeal: "private"
    case .partnerLed: "partner_led"
    case .coSell: "co_sell"
    case .solutionAssessment: "solution_assessment"
    }
  }

  package var meaning: String {
    switch self {
    case .privateDeal: "private: the vendor sees nothing of it"
    case .partnerLed: "partner-led: the vendor reads it"
    case .coSell: "co-sell: the vendor was asked for help, or started it"
    case .solutionAssessment: "solution assessment: the vendor reads it, nobody is invited"
    }
  }
}

extension SolutionGroup: ReferenceCode {
  package var meaning: String {
    switch self {
    case .ownCompany: "one's own; co-sell ready"
    case .vendor: "the vendor's"
    case .otherThirdParty: "another partner's; co-sell ready"
    case .assessment: "a solution assessment, whoever publishes it"
    }
  }
}

extension SolutionType: ReferenceCode {
  package var meaning: String {
    switch self {
    case .device: "a device"
    case .intellectualProperty: "intellectual property, such as an application"
    case .managedService: "a managed service"
    case .service: "a service"
    case .assessment: "a solution assessment; the vendor publishes them"
    }
  }
}

extension Incentive: ReferenceCode {
  package var meaning: String {
    switch self {
    case .intellectualProperty: "co-sell incentive for intellectual property"
    case .businessAppsStandard: "co-sell incentive for business applications, standard"
    case .businessAppsPremium: "co-sell incentive for business applications, premium"
    }
  }
}

extension MatchCategory: ReferenceCode {
  package var meaning: String {
    switch self {
    case .managed: "the vendor's sellers look after the customer"
    case .unmanaged: "the vendor knows the customer and has no seller for it"
    case .other: "neither is known"
    }
  }
}

extension CustomerIdentifier.Scheme: ReferenceCode {
  package var meaning: String {
    switch self {
    case .duns: "a D-U-N-S number"
    case .external: "a number in somebody else's books"
    }
  }
}
