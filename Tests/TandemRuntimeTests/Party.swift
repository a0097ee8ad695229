// SPDX-License-Identifier: Apache-2.0
// An organisation with its administrator, and the requests that tests make in its name.

import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import Testing

struct Party {
  let tenant: TenantID
  let principal: Principal
  let location: LocationID
  /// Its secret's hash is 32 bytes of 1.
  let key: KeyID
  /// What it sells.
  let solution: SolutionID

  func deal(_ name: String) -> CreateDeal {
    let person = Person(
      firstName: "Ada", lastName: "Admin", email: "ada@example.com", phone: "+1 555 0100", title: ""
    )
    let address = Address(
      line1: "1 Main Street", line2: "", city: "Springfield", state: "", postalCode: "",
      country: CountryCode(Array("US".utf8)) ?? CountryCode(packed: 0))
    let customer = Customer(
      name: "Adatum", address: address, size: 0, identifiers: [], contacts: [])
    let line = SolutionLine(
      line: 0, solution: solution, name: "Rack", group: .ownCompany, quantityMilli: 0, price: nil)
    return CreateDeal(
      name: Text(name), location: location, customer: customer,
      value: Money(
        units: 25_000, nanos: 0,
        currency: CurrencyCode(Array("USD".utf8)) ?? CurrencyCode(packed: 0)),
      closeDate: Timestamp(milliseconds: 1_900_000_000_000), crmID: "", campaignID: "", notes: "",
      team: [TeamMember(line: 0, person: person)], solutions: [line],
      consent: Consent(customerContact: true, shareWithOthers: true), visibleToVendor: false,
      help: nil, validateOnly: false)
  }
}

extension RuntimeWorld {
  func register(
    _ name: String, _ kind: OrganisationKind, isVetted: Bool = false
  ) throws -> Party {
    let administrator = Person(
      firstName: "Ada", lastName: "Admin", email: "ada@example.com", phone: "+1 555 0100", title: ""
    )
    var command = RegisterOrganisation(
      kind: kind, name: Text(name), country: CountryCode(Array("US".utf8)),
      inEcosystem: true, transacts: true, administrator: administrator,
      keySecretHash: [UInt8](repeating: 1, count: 32))
    command.isAssessmentVetted = isVetted
    let told = ask(
      .command(.registerOrganisation(command), returnDeal: false),
      of: Node.directory(of: Node.mainRealm), as: .systemOperator)
    try #require(told.head.status == .ok, "\(String(decoding: told.body, as: UTF8.self))")
    var fields: [UInt32: [UInt8]] = [:]
    var reader = ProtoReader(told.body[...])
    while try reader.next() {
      if reader.field > 4 {
        try reader.skip()
      } else {
        fields[reader.field] = Array(try reader.slice())
      }
    }
    pass(milliseconds: 10)
    let tenant = try #require(TenantID(bytes: fields[1] ?? []))
    let user = try #require(UserID(bytes: fields[2] ?? []))
    let location = try #require(LocationID(bytes: fields[4] ?? []))
    let key = try #require(KeyID(bytes: fields[3] ?? []))
    return Party(
      tenant: tenant, principal: .user(user, via: nil, readOnly: false), location: location,
      key: key, solution: try publish("Rack", of: tenant))
  }

  func publish(
    _ name: Text, _ type: SolutionType = .device, of tenant: TenantID
  ) throws -> SolutionID {
    let command = PublishSolution(
      solution: .zero, name: name, type: type, isCoSellReady: true, incentives: [],
      isActive: true, validateOnly: false)
    let told = ask(
      .command(.publishSolution(command), returnDeal: false), of: tenant, as: .systemOperator)
    try #require(told.head.status == .ok, "\(String(decoding: told.body, as: UTF8.self))")
    pass(milliseconds: 10)
    return try #require(SolutionID(bytes: told.body[2..<18]))
  }

  func createDeal(_ name: String, _ party: Party) throws -> DealID {
    let told = ask(
      .command(.createDeal(party.deal(name)), returnDeal: false), of: party.tenant,
      as: party.principal)
    try #require(told.head.status == .ok, "\(String(decoding: told.body, as: UTF8.self))")
    return try #require(DealID(bytes: told.body[2..<18]))
  }

  /// Invites for the first solution of a deal; for one that the party does not see, for some line.
  func invite(
    _ invitee: Party, to deal: DealID, by party: Party, notes: Text = "help"
  ) -> Told {
    let line = deals(of: party).first { $0.id == deal }?.solutions.first?.line ?? 2
    return ask(
      invitation(of: invitee, to: deal, line, notes), of: party.tenant, as: party.principal)
  }

  func invitation(
    of invitee: Party, to deal: DealID, _ line: UInt32 = 2, _ notes: Text = "help"
  ) -> TenantRequest {
    .command(
      .inviteToDeal(
        InviteToDeal(
          deal: deal, invitee: .organisation(invitee.tenant), help: .generalOrOther,
          value: invitee.deal("").value, closeDate: nil, notes: notes, teamLines: [],
          solutionLines: [line], validateOnly: false)),
      returnDeal: false)
  }

  /// All deals of a party as values, from the bytes of a list.
  func deals(of party: Party) -> [Deal] {
    let told = ask(
      .query(
        .listDeals(
          ListDeals(
            statuses: [], direction: nil, favouritesOnly: false, sort: .created,
            descending: false, pageSize: 100, after: nil))),
      of: party.tenant, as: party.principal)
    return (try? Self.rows(told.body)) ?? []
  }

  static func rows(_ body: [UInt8]) throws -> [Deal] {
    var deals: [Deal] = []
    var reader = ProtoReader(body[...])
    while try reader.next() {
      guard reader.field == 1 else {
        try reader.skip()
        continue
      }
      var row = ProtoReader(try reader.slice())
      while try row.next() {
        if row.field == 1 {
          deals.append(try DealCodec.decode(try row.slice()))
        } else {
          try row.skip()
        }
      }
    }
    return deals
  }
}
