// SPDX-License-Identifier: Apache-2.0
// Requests as a client would write them, each with what the server must understand.

import TandemDomain
import TandemPrimitives
package import TandemWire

package struct RequestSample {
  package var method: Method
  package var bytes: [UInt8]
  package var meaning: DecodedRequest
}

package enum Requests {
  static func sample(
    _ method: Method, _ request: TenantRequest, _ write: (inout ProtoWriter) -> Void
  ) -> RequestSample {
    sample(method, of: .tenant(request), write)
  }

  static func sample(
    _ method: Method, of meaning: DecodedRequest, _ write: (inout ProtoWriter) -> Void
  ) -> RequestSample {
    var writer = ProtoWriter()
    write(&writer)
    return RequestSample(method: method, bytes: writer.bytes, meaning: meaning)
  }

  package static func samples(seed: UInt64) -> [RequestSample] {
    var values = RandomValues(seed: seed)
    return transactions(&values) + preferences() + extensions(&values) + deals(&values)
      + favourites(&values)
      + stages(&values)
      + closings(&values)
      + answers(&values) + responses(&values) + queries(&values) + [filteredList(), totals()]
      + orderedLists()
      + pastDeals(&values)
      + organisations(&values)
      + keysAndRealms(&values) + clocks() + rehearsals(&values) + reviews(&values)
      + policies(&values)
      + directory(&values)
      + catalogue(&values) + leads(&values)
  }

  private static func create(_ deal: Deal, _ help: HelpCode) -> CreateDeal {
    var create = CreateDeal(
      name: deal.name, location: deal.location, customer: deal.customer, value: deal.value,
      closeDate: deal.closeDate, crmID: deal.crmID, campaignID: deal.campaignID, notes: deal.notes,
      team: deal.team, solutions: deal.solutions, consent: deal.consent, visibleToVendor: true,
      help: help, validateOnly: false)
    create.notesToVendor = "for the vendor"
    create.tags = ["renewal", "größer"]
    create.ownerEmail = "ada@example.com"
    return create
  }

  private static func deals(_ values: inout RandomValues) -> [RequestSample] {
    let deal = values.deal()
    let help: HelpCode = values.one()
    let create = create(deal, help)
    let edits: ShortList<FieldEdit> =
      [
        .name(deal.name), .customerContacts(deal.customer.contacts), .value(deal.value),
        .closeDate(deal.closeDate), .crmID(deal.crmID), .campaignID(deal.campaignID),
        .notes(deal.notes),
        .replaceTeam(deal.team), .replaceSolutions(deal.solutions),
        .stage(.percent(UInt32(deal.stage.rawValue))),
        .removeTeamMember(line: 7), .removeSolution(line: 9), .forbidden(.status),
        .forbidden(.customer),
      ]
    let paths: [([UInt32], UInt32, UInt64)] = [
      ([8], 0, 1), ([10, 5], 0, 1), ([11], 0, 1), ([12], 0, 1), ([13], 0, 1), ([14], 0, 1),
      ([15], 0, 1),
      ([16], 0, 1), ([17], 0, 1), ([19], 0, 1), ([16], 7, 3), ([17], 9, 3), ([5], 0, 1),
      ([10, 1], 0, 1),
    ]
    let patch = PatchDeal(deal: deal.id, baseVersion: 12, edits: edits, validateOnly: true)
    return [
      sample(.createDeal, .command(.createDeal(create), returnDeal: true)) { writer in
        writer.text(1, deal.name)
        writer.identifier(2, deal.location)
        writer.message(3, deal.customer)
        writer.message(4, deal.value)
        writer.time(5, deal.closeDate)
        writer.text(6, deal.crmID)
        writer.text(7, deal.campaignID)
        writer.text(8, deal.notes)
        writer.messages(9, deal.team)
        writer.messages(10, deal.solutions)
        writer.message(11, deal.consent)
        writer.flag(12, true)
        writer.enumeration(13, help)
        writer.flag(14, true)
        writer.text(16, "for the vendor")
        writer.text(17, "renewal")
        writer.text(17, "größer")
        writer.text(18, "ada@example.com")
      },
      sample(.patchDeal, .command(.patchDeal(patch), returnDeal: true)) { writer in
        writer.identifier(1, deal.id)
        writer.unsigned(2, 12 as UInt64)
        writer.message(3, deal)
        for (path, line, action) in paths {
          let start = writer.begin(4)
          writer.packed(1, path)
          writer.unsigned(2, line)
          writer.unsigned(3, action)
          writer.end(start)
        }
        writer.flag(5, true)
        writer.flag(6, true)
      },
    ]
  }

  private static func favourites(_ values: inout RandomValues) -> [RequestSample] {
    let deal = values.deal()
    return [
      sample(
        .setFavourite,
        .command(.setFavourite(SetFavourite(deal: deal.id, isFavourite: true)), returnDeal: false)
      ) { writer in
        writer.identifier(1, deal.id)
        writer.flag(2, true)
      }
    ]
  }

  private static func stages(_ values: inout RandomValues) -> [RequestSample] {
    let id: DealID = values.id()
    let name = values.text(20)
    var patch = PatchDeal(
      deal: id, baseVersion: 5,
      edits: [
        .stage(.named(name)), .visibleToVendor(true), .tags([name, "b"]), .owner("ada@example.com"),
      ],
      validateOnly: false)
    patch.guardsWholeDeal = true
    guard !name.isEmpty else { return [] }
    return [
      sample(.patchDeal, .command(.patchDeal(patch), returnDeal: false)) { writer in
        writer.identifier(1, id)
        writer.unsigned(2, 5 as UInt64)
        let values = writer.begin(3)
        writer.text(35, name)
        writer.text(35, "b")
        writer.end(values)
        for field: UInt32 in [19, 34, 35, 36] {
          let start = writer.begin(4)
          writer.packed(1, [field])
          writer.unsigned(3, 1 as UInt64)
          writer.end(start)
        }
        writer.text(7, name)
        writer.flag(8, true)
        writer.flag(9, true)
        writer.text(10, "ada@example.com")
      }
    ]
  }

  private static func closings(_ values: inout RandomValues) -> [RequestSample] {
    let id: DealID = values.id()
    let notes = values.text(50)
    return [
      sample(
        .winDeal,
        .command(.winDeal(WinDeal(deal: id, baseVersion: 3, validateOnly: true)), returnDeal: true)
      ) { writer in
        writer.identifier(1, id)
        writer.unsigned(2, 3 as UInt64)
        writer.flag(3, true)
        writer.flag(4, true)
      },
      sample(
        .loseDeal,
        .command(
          .loseDeal(
            EndDeal(
              deal: id, baseVersion: 0, reason: ReasonCode(4), notes: notes, validateOnly: false)),
          returnDeal: false)
      ) { writer in
        writer.identifier(1, id)
        writer.unsigned(3, 4 as UInt32)
        writer.text(4, notes)
      },
      sample(
        .closeDealAsError,
        .command(
          .closeDealAsError(
            EndDeal(
              deal: id, baseVersion: 2, reason: ReasonCode(9), notes: notes, validateOnly: true)),
          returnDeal: true)
      ) { writer in
        writer.identifier(1, id)
        writer.unsigned(2, 2 as UInt64)
        writer.unsigned(3, 9 as UInt32)
        writer.text(4, notes)
        writer.flag(5, true)
        writer.flag(6, true)
      },
    ]
  }

  private static func answers(_ values: inout RandomValues) -> [RequestSample] {
    let id: DealID = values.id()
    let invitee: TenantID = values.id()
    let money = values.money()
    let notes = values.text(50)
    let when = values.time()
    var vendor = InviteToDeal(
      deal: id, invitee: .vendorDesk, help: .proofOfConcept, value: nil, closeDate: nil,
      notes: .empty, teamLines: [], solutionLines: [2], validateOnly: false)
    vendor.customerConsent = true
    return [
      sample(
        .inviteToDeal,
        .command(
          .inviteToDeal(
            InviteToDeal(
              deal: id, invitee: .organisation(invitee), help: .proofOfConcept, value: money,
              closeDate: when,
              notes: notes,
              teamLines: [1, 300], solutionLines: [2], validateOnly: true)), returnDeal: true)
      ) { writer in
        writer.identifier(1, id)
        writer.identifier(2, invitee)
        writer.enumeration(3, HelpCode.proofOfConcept)
        writer.message(4, money)
        writer.time(5, when)
        writer.text(6, notes)
        writer.packed(7, [1, 300])
        writer.packed(8, [2])
        writer.flag(9, true)
        writer.flag(10, true)
      },
      sample(
        .inviteToDeal,
        .command(.inviteToDeal(vendor), returnDeal: false)
      ) { writer in
        writer.identifier(1, id)
        writer.enumeration(3, HelpCode.proofOfConcept)
        writer.packed(8, [2])
        writer.flag(11, true)
        writer.flag(12, true)
      },
    ]
  }

  private static func responses(_ values: inout RandomValues) -> [RequestSample] {
    let id: DealID = values.id()
    let notes = values.text(50)
    let team = values.list(3) { $0.member() }
    return [
      sample(
        .acknowledgeDeal, .command(.acknowledgeDeal(AcknowledgeDeal(deal: id)), returnDeal: true)
      ) { writer in
        writer.identifier(1, id)
        writer.flag(2, true)
      },
      sample(
        .acceptDeal,
        .command(
          .acceptDeal(
            AcceptDeal(
              deal: id, name: notes, value: nil, closeDate: nil, notes: notes, crmID: "c",
              campaignID: "d",
              team: team, validateOnly: false)), returnDeal: true)
      ) { writer in
        writer.identifier(1, id)
        writer.text(2, notes)
        writer.text(5, notes)
        writer.text(6, "c")
        writer.text(7, "d")
        writer.messages(8, team)
        writer.flag(9, true)
      },
      sample(
        .declineDeal,
        .command(
          .declineDeal(DeclineDeal(deal: id, reason: nil, notes: .empty, validateOnly: true)),
          returnDeal: false)
      ) { writer in
        writer.identifier(1, id)
        writer.flag(5, true)
      },
    ]
  }

  private static func pastDeals(_ values: inout RandomValues) -> [RequestSample] {
    let id: DealID = values.id()
    return [
      sample(.describeRules, .query(.describeRules([]))) { _ in },
      sample(.describeRules, .query(.describeRules(["currencies", "help_codes"]))) { writer in
        writer.string(1, "currencies")
        writer.string(1, "help_codes")
      },
      sample(.getDeal, .query(.getPastDeal(DealAsOf(deal: id, moment: .version(7))))) { writer in
        writer.identifier(1, id)
        writer.unsigned(2, 7 as UInt64)
      },
      sample(
        .getDeal,
        .query(
          .getPastDeal(DealAsOf(deal: id, moment: .time(Timestamp(milliseconds: 1_800_000)))))
      ) { writer in
        writer.identifier(1, id)
        writer.signed(3, 1_800_000)
      },
    ]
  }

  private static func queries(_ values: inout RandomValues) -> [RequestSample] {
    let id: DealID = values.id()
    let ids: [DealID] = [values.id(), values.id()]
    return [
      sample(.getDeal, .query(.getDeal(id))) { $0.identifier(1, id) },
      sample(.getDeals, .query(.getDeals(ids))) { for id in ids { $0.identifierElement(1, id) } },
      sample(
        .listDeals,
        .query(
          .listDeals(
            ListDeals(
              statuses: [.won, .lost], direction: .inbound, favouritesOnly: true, sort: .created,
              descending: true, pageSize: 50, after: nil)))
      ) { writer in
        writer.packed(1, [4, 5])
        writer.enumeration(2, Direction.inbound)
        writer.flag(3, true)
        writer.unsigned(4, 2 as UInt32)
        writer.flag(5, true)
        writer.unsigned(6, 50 as UInt32)
      },
      sample(
        .dealHistory,
        .query(.dealHistory(DealHistory(deal: id, afterCommit: 9, pageSize: PageDefaults.rows)))
      ) { writer in
        writer.identifier(1, id)
        writer.unsigned(2, 9 as UInt64)
      },
      sample(.watch, .watch(WatchRequest(start: .afterToken([1, 2, 3]), deals: ids), credit: 0)) {
        writer in
        writer.unsigned(1, 2 as UInt32)
        writer.blob(2, [1, 2, 3])
        for id in ids { writer.identifierElement(3, id) }
      },
      sample(
        .listNotifications,
        .query(.listNotifications(ListNotifications(unreadOnly: true, pageSize: PageDefaults.rows)))
      ) { $0.flag(1, true) },
      sample(
        .listOrganisations,
        .query(.listOrganisations(namePrefix: "Fab", max: PageDefaults.organisations))
      ) {
        $0.text(1, "Fab")
      },
      sample(.describe, of: .describe(withDescriptors: true)) { $0.flag(1, true) },
      sample(.health, of: .health) { _ in },
      sample(.getOrganisation, .query(.getOrganisation)) { _ in },
      sample(.listUsers, .query(.listUsers)) { _ in },
      sample(.listLocations, .query(.listLocations)) { _ in },
      sample(.listKeys, .query(.listKeys)) { _ in },
      sample(.describeDealActions, .query(.describeActions(id))) { $0.identifier(1, id) },
      sample(
        .listRecentContacts,
        .query(.listRecentContacts(ListRecentContacts(kind: .customerContact, max: 7)))
      ) { writer in
        writer.enumeration(1, ContactKind.customerContact)
        writer.unsigned(2, 7 as UInt32)
      },
      sample(.listRealms, .query(.listRealms)) { _ in },
      sample(.getRealm, .query(.getRealm)) { _ in },
    ]
  }

  private static func organisations(_ values: inout RandomValues) -> [RequestSample] {
    let person = values.person()
    let grants = values.list(3) { $0.grant() }
    let user: UserID = values.id()
    let notes: [NotificationID] = [values.id(), values.id()]
    var register = RegisterOrganisation(
      kind: .vendor, name: "Vendor", country: CountryCode(Array("DE".utf8)), inEcosystem: true,
      transacts: true, administrator: person, keySecretHash: [])
    register.isAssessmentVetted = true
    register.covers = [CountryCode(packed: 0x4445), CountryCode(packed: 0x4154)]
    return [
      sample(
        .markNotificationsRead,
        .command(
          .markNotificationsRead(MarkNotificationsRead(notifications: notes)), returnDeal: false)
      ) { writer in for id in notes { writer.identifierElement(1, id) } },
      sample(.registerOrganisation, .command(.registerOrganisation(register), returnDeal: false)) {
        writer in
        writer.enumeration(1, OrganisationKind.vendor)
        writer.text(2, "Vendor")
        writer.text(3, "DE")
        writer.flag(4, true)
        writer.flag(5, true)
        writer.message(6, person)
        writer.text(7, "DE")
        writer.text(7, "AT")
        writer.flag(8, true)
      },
      sample(
        .addUser,
        .command(
          .addUser(AddUser(isService: true, person: person, grants: grants, mayActAsUser: true)),
          returnDeal: false)
      ) { writer in
        writer.flag(1, true)
        writer.message(2, person)
        writer.messages(3, grants)
        writer.flag(4, true)
      },
      sample(
        .setUserGrants,
        .command(
          .setUserGrants(SetUserGrants(user: user, grants: grants, isActive: true)),
          returnDeal: false)
      ) { writer in
        writer.identifier(1, user)
        writer.messages(2, grants)
        writer.flag(3, true)
      },
    ]
  }

  private static func keysAndRealms(_ values: inout RandomValues) -> [RequestSample] {
    let user: UserID = values.id()
    let key: KeyID = values.id()
    return [
      sample(
        .addLocation,
        .command(.addLocation(AddLocation(name: "Kyiv", country: nil)), returnDeal: false)
      ) { $0.text(1, "Kyiv") },
      sample(
        .issueKey,
        .command(
          .issueKey(IssueKey(user: user, label: "ci", readOnly: true, secretHash: [])),
          returnDeal: false)
      ) { writer in
        writer.identifier(1, user)
        writer.text(2, "ci")
        writer.flag(3, true)
      },
      sample(.revokeKey, .command(.revokeKey(RevokeKey(key: key)), returnDeal: false)) {
        $0.identifier(1, key)
      },
    ]
  }

  private static func clocks() -> [RequestSample] {
    var policy = RealmPolicy.standard
    policy.answerWindow = .hours(1)
    return [
      sample(
        .setStageNames,
        .command(
          .setStageNames(SetStageNames(names: [.init(name: "Angebot", percent: 65)])),
          returnDeal: false)
      ) { writer in
        let start = writer.begin(1)
        writer.text(1, "Angebot")
        writer.unsigned(2, 65 as UInt32)
        writer.end(start)
      },
      sample(
        .createRealm,
        .command(.createRealm(CreateRealm(name: "box", policy: policy)), returnDeal: false)
      ) { writer in
        writer.text(1, "box")
        let start = writer.begin(2)
        writer.signed(1, 3_600_000)
        writer.end(start)
      },
      sample(.advanceClock, .command(.advanceClock(AdvanceClock(by: .days(15))), returnDeal: false))
      {
        $0.signed(1, Timestamp.Span.days(15).milliseconds)
      },
    ]
  }
}
