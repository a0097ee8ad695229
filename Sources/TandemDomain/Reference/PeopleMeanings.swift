// SPDX-License-Identifier: Apache-2.0
// What the closed lists of organisations, users, inboxes and policies mean, as people read them.

extension OrganisationKind: ReferenceCode {
  package var meaning: String {
    switch self {
    case .partner: "a partner"
    case .vendor: "the vendor, or one of its desks"
    case .directory: "a realm's own directory; comes with the realm"
    }
  }
}

extension Role: ReferenceCode {
  package var word: String {
    switch self {
    case .partnerAdmin: "partner_admin"
    case .referralsAdmin: "referrals_admin"
    case .referralsUser: "referrals_user"
    case .viewer: "viewer"
    case .seller: "seller"
    case .accountAdmin: "account_admin"
    case .operatorRole: "operator"
    }
  }

  package var meaning: String {
    switch self {
    case .partnerAdmin: "administers all deals of a partner"
    case .referralsAdmin: "administers deals, everywhere or in the granted locations"
    case .referralsUser: "works on deals of its teams, everywhere or in the granted locations"
    case .viewer: "reads deals, everywhere or in the granted locations"
    case .seller: "works on the vendor's deals, everywhere or in the granted locations"
    case .accountAdmin: "administers users, locations and keys"
    case .operatorRole: "operates a realm, from its directory"
    }
  }
}

extension NotificationTopic: ReferenceCode {
  package var meaning: String {
    let told = story
    return isMandatory ? told + "; cannot be muted" : told
  }

  private var story: String {
    switch self {
    case .dealReceived: "an inbound deal came"
    case .invitationAccepted: "an invited organisation accepted"
    case .invitationDeclined: "an invited organisation declined"
    case .invitationExpired: "an invited organisation did not answer in time"
    case .invitationUndeliverable: "an invitation could not be delivered"
    case .answerDueSoon: "an inbound deal is about to expire"
    case .deadlineExtended: "there is more time to answer an inbound deal"
    case .invitationSent: "an invitation was sent; told where the organisation wants it"
    case .leadReceived: "a lead came that wants an answer"
    case .leadDueSoon: "a lead is about to expire"
    case .leadDigest: "more leads came on one day than are told one by one"
    }
  }
}

extension DuplicatePolicy: ReferenceCode {
  package var meaning: String {
    switch self {
    case .warn: "the answer warns of a possible duplicate"
    case .refuse: "a possible duplicate is refused"
    }
  }
}
