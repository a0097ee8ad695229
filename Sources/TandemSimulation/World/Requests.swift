// SPDX-License-Identifier: Apache-2.0
// What clients ask for: valid requests with unique texts, private fields marked with their owner.

import TandemDomain
import TandemPrimitives

enum Requests {
  static let closeDate = Timestamp(milliseconds: 1_900_000_000_000)

  static func person(_ name: String) -> Person {
    Person(
      firstName: Text(name), lastName: "Admin", email: Text("\(name)@example.com"),
      phone: "+1 555 0100", title: "")
  }

  static func money(_ units: Int64) -> Money {
    Money(
      units: units, nanos: 0,
      currency: CurrencyCode(Array("USD".utf8)) ?? CurrencyCode(packed: 0))
  }

  static func register(_ index: Int, _ kind: OrganisationKind) -> Command {
    .registerOrganisation(
      RegisterOrganisation(
        kind: kind, name: Text("Organisation \(index)"), country: CountryCode(Array("US".utf8)),
        inEcosystem: true, transacts: true, administrator: person("ada\(index)"),
        keySecretHash: [UInt8](repeating: UInt8(index), count: 32)))
  }

  static let publish = Command.publishSolution(
    PublishSolution(
      solution: .zero, name: "Rack", type: .device, isCoSellReady: true, incentives: [],
      isActive: true, validateOnly: false))

  static func create(_ name: Text, _ organisation: SimulatedOrganisation) -> Command {
    let address = Address(
      line1: "1 Main Street", line2: "", city: "Springfield", state: "", postalCode: "",
      country: CountryCode(Array("US".utf8)) ?? CountryCode(packed: 0))
    let customer = Customer(
      name: "Adatum", address: address, size: 0, identifiers: [],
      contacts: [TeamMember(line: 0, person: person("carl"))])
    let line = SolutionLine(
      line: 0, solution: organisation.solution, name: "Rack", group: .ownCompany, quantityMilli: 0,
      price: nil)
    var deal = CreateDeal(
      name: name, location: organisation.location, customer: customer, value: money(25_000),
      closeDate: closeDate, crmID: Text(organisation.secret + "crm"), campaignID: "",
      notes: Text(organisation.secret + name.string),
      team: [TeamMember(line: 0, person: person("ada\(organisation.index)"))],
      solutions: [line], consent: Consent(customerContact: true, shareWithOthers: true),
      visibleToVendor: false, help: nil, validateOnly: false)
    if organisation.index % 2 == 0 { deal.ownerEmail = deal.team[0].person.email }
    return .createDeal(deal)
  }

  static func patch(
    _ deal: Deal, _ organisation: SimulatedOrganisation, _ number: UInt64, isGuarded: Bool
  ) -> Command {
    var edits: ShortList<FieldEdit> = [
      .notes(Text("\(organisation.secret)\(number)")),
      .value(money(Int64(number % 100_000) + 1)),
    ]
    if number % 4 == 0 { edits.append(.tags([Text("\(organisation.secret)\(number % 3)")])) }
    return .patchDeal(
      PatchDeal(
        deal: deal.id, baseVersion: isGuarded ? deal.version : 0, edits: edits,
        validateOnly: false))
  }

  /// A deal with an invitation and a mark, all in one.
  static func transact(
    _ name: Text, _ organisation: SimulatedOrganisation, inviting invitee: TenantID
  ) -> Command {
    let create = Self.create(name, organisation)
    guard case .createDeal(let deal) = create else { return create }
    let invite = InviteToDeal(
      deal: .zero, invitee: .organisation(invitee), help: .proofOfConcept, value: nil,
      closeDate: nil, notes: "please",
      teamLines: [], solutionLines: [UInt32(deal.team.count + deal.customer.contacts.count + 1)],
      validateOnly: false)
    return .transact(
      Transact(
        operations: [
          .init(create), .init(.inviteToDeal(invite), createdBy: 0),
          .init(.setFavourite(SetFavourite(deal: .zero, isFavourite: true)), createdBy: 0),
        ], validateOnly: false))
  }

  /// More time for the last invitee, far less than the sandbox allows.
  static func extend(_ deal: Deal) -> Command {
    let card = deal.cards.last
    let end = max(card?.respondBy ?? .zero, card?.askedRespondBy ?? .zero)
    return .extendInvitation(
      ExtendInvitation(
        deal: deal.id, invitee: .organisation(card?.organisation.id ?? .zero),
        end: .at(end.advanced(by: Timestamp.Span(milliseconds: 400))), validateOnly: false))
  }

  static func invite(_ invitee: TenantID, to deal: Deal) -> Command {
    .inviteToDeal(
      InviteToDeal(
        deal: deal.id, invitee: .organisation(invitee), help: .generalOrOther, value: nil,
        closeDate: nil,
        notes: "please help", teamLines: [], solutionLines: deal.solutions.map(\.line),
        validateOnly: false))
  }

  static func accept(_ deal: Deal, _ organisation: SimulatedOrganisation) -> Command {
    .acceptDeal(
      AcceptDeal(
        deal: deal.id, name: deal.name, value: nil, closeDate: nil,
        notes: Text(organisation.secret + "accepted"), crmID: Text(organisation.secret + "crm"),
        campaignID: "", team: [], validateOnly: false))
  }

  static func list(pageSize: UInt32) -> Query {
    .listDeals(
      ListDeals(
        statuses: [], direction: nil, favouritesOnly: false, sort: .updated, descending: true,
        pageSize: pageSize, after: nil))
  }
}
