// SPDX-License-Identifier: Apache-2.0
// Requests to try what cannot be tried by a word of its own.

import TandemDomain
import TandemPrimitives
import TandemWire

extension Requests {
  /// A sample of each command that has no other way to be only tried.
  static func rehearsals(_ values: inout RandomValues) -> [RequestSample] {
    let deal: DealID = values.id()
    let user: UserID = values.id()
    let key: KeyID = values.id()
    let note: NotificationID = values.id()
    func tried(
      _ method: Method, _ command: Command, _ write: (inout ProtoWriter) -> Void
    ) -> RequestSample {
      sample(method, .command(.rehearse(command, wrong: []), returnDeal: false), write)
    }
    return [
      tried(.setFavourite, .setFavourite(SetFavourite(deal: deal, isFavourite: true))) {
        $0.identifier(1, deal)
        $0.flag(2, true)
        $0.flag(3, true)
      },
      tried(.acknowledgeDeal, .acknowledgeDeal(AcknowledgeDeal(deal: deal))) {
        $0.identifier(1, deal)
        $0.flag(3, true)
      },
      tried(
        .markNotificationsRead, .markNotificationsRead(MarkNotificationsRead(notifications: [note]))
      ) {
        $0.identifier(1, note)
        $0.flag(2, true)
      },
      tried(
        .setUserGrants, .setUserGrants(SetUserGrants(user: user, grants: [], isActive: true))
      ) {
        $0.identifier(1, user)
        $0.flag(3, true)
        $0.flag(4, true)
      },
      tried(.addLocation, .addLocation(AddLocation(name: "Kyiv", country: nil))) {
        $0.text(1, "Kyiv")
        $0.flag(3, true)
      },
      tried(
        .issueKey,
        .issueKey(IssueKey(user: user, label: "ci", readOnly: false, secretHash: []))
      ) {
        $0.identifier(1, user)
        $0.text(2, "ci")
        $0.flag(4, true)
      },
      tried(.revokeKey, .revokeKey(RevokeKey(key: key))) {
        $0.identifier(1, key)
        $0.flag(2, true)
      },
      tried(.setStageNames, .setStageNames(SetStageNames(names: []))) { $0.flag(2, true) },
      tried(.createRealm, .createRealm(CreateRealm(name: "box", policy: .standard))) {
        $0.text(1, "box")
        $0.flag(3, true)
      },
      tried(.advanceClock, .advanceClock(AdvanceClock(by: .days(15)))) {
        $0.signed(1, Timestamp.Span.days(15).milliseconds)
        $0.flag(2, true)
      },
    ]
  }

  /// What the operator says of an organisation, and the same only tried.
  static func reviews(_ values: inout RandomValues) -> [RequestSample] {
    let organisation: TenantID = values.id()
    var review = OrganisationUpdate()
    review.inEcosystem = false
    review.isAssessmentVetted = true
    let command = Command.updateOrganisation(
      UpdateOrganisation(organisation: organisation, update: review))
    func write(_ writer: inout ProtoWriter) {
      writer.identifier(1, organisation)
      writer.toggle(2, false)
      writer.toggle(4, true)
    }
    return [
      sample(.updateOrganisation, .command(command, returnDeal: false)) { write(&$0) },
      sample(.updateOrganisation, .command(.rehearse(command, wrong: []), returnDeal: false)) {
        write(&$0)
        $0.flag(15, true)
      },
    ]
  }

  /// Another policy for a realm: a value, the default and what stays; the same only tried.
  static func policies(_ values: inout RandomValues) -> [RequestSample] {
    let realm: RealmID = values.id()
    var update = RealmPolicyUpdate()
    update.answerWindow = .hours(48)
    update.firstReminder = Timestamp.Span(milliseconds: 0)
    update.duplicates = .refuse
    update.contactWish = .hours(24)
    update.vendorRetries = 0
    let command = Command.updateRealm(UpdateRealm(realm: realm, update: update))
    func write(_ writer: inout ProtoWriter) {
      writer.identifier(1, realm)
      let start = writer.begin(2)
      writer.signedOrZero(1, Timestamp.Span.hours(48).milliseconds)
      writer.signedOrZero(4, 0)
      writer.unsignedOrZero(10, 2)
      writer.signedOrZero(13, Timestamp.Span.hours(24).milliseconds)
      writer.unsignedOrZero(14, 0)
      writer.end(start)
    }
    return [
      sample(.updateRealm, .command(command, returnDeal: false)) { write(&$0) },
      sample(.updateRealm, .command(.rehearse(command, wrong: []), returnDeal: false)) {
        write(&$0)
        $0.flag(3, true)
      },
    ]
  }
}
