// SPDX-License-Identifier: Apache-2.0
// What requests are made of: valid parts with unique texts, private fields marked with their owner.

import TandemDomain
import TandemPrimitives

enum Requests {
  static let closeDate = Timestamp(milliseconds: 1_900_000_000_000)

  static func country(_ letters: String) -> CountryCode? { CountryCode(Array(letters.utf8)) }

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

  static func line(_ solution: SolutionID) -> SolutionLine {
    SolutionLine(
      line: 0, solution: solution, name: "", group: nil, quantityMilli: 0, price: nil)
  }

  // MARK: Organisations

  static func register(
    _ index: Int, _ kind: OrganisationKind, for covered: [CountryCode]
  ) -> Command {
    var command = RegisterOrganisation(
      kind: kind, name: Text("Organisation \(index)"), country: country("US"),
      inEcosystem: true, transacts: true, administrator: person("ada\(index)"),
      keySecretHash: [UInt8](repeating: UInt8(index), count: 32))
    command.covers = covered
    // The first partner may sell assessments.
    command.isAssessmentVetted = index == 0
    return .registerOrganisation(command)
  }

  static let publish = Command.publishSolution(
    PublishSolution(
      solution: .zero, name: "Rack", type: .device, isCoSellReady: true, incentives: [],
      isActive: true, validateOnly: false))

  /// What the vendor has assessed at customers.
  static let assessment = Command.publishSolution(
    PublishSolution(
      solution: .zero, name: "Readiness", type: .assessment, isCoSellReady: true, incentives: [],
      isActive: true, validateOnly: false))

  static let branch = Command.addLocation(AddLocation(name: "Branch", country: country("US")))

  /// A colleague on teams, somebody who looks, and a program that acts as others.
  static func people(of organisation: SimulatedOrganisation) -> [Command] {
    let index = organisation.index
    let worker = RoleGrant(role: .referralsUser, locations: [])
    let viewer = RoleGrant(role: .viewer, locations: [])
    return [
      .addUser(
        AddUser(
          isService: false, person: person("cid\(index)"), grants: [worker], mayActAsUser: false)),
      .addUser(
        AddUser(
          isService: false, person: person("vic\(index)"), grants: [viewer], mayActAsUser: false)),
      .addUser(
        AddUser(
          isService: true, person: person("svc\(index)"), grants: [viewer], mayActAsUser: true)),
    ]
  }

  // MARK: Customers

  static func address(_ country: String) -> Address {
    Address(
      line1: "1 Main Street", line2: "", city: "Springfield", state: "", postalCode: "",
      country: self.country(country) ?? CountryCode(packed: 0))
  }

  static func customer(_ name: String, country: String) -> Customer {
    Customer(
      name: Text(name), address: address(country), size: 0, identifiers: [],
      contacts: [TeamMember(line: 0, person: person("carl"))])
  }

  /// The realm's catalogue.
  static let listed: [CatalogueCustomer] = [
    ("A1", "Woodgrove Bank", "US", "123456789"), ("A2", "Woodgrove Insurance", "US", ""),
    ("A3", "Adatum Werke", "DE", "987654321"),
  ].map { account, name, country, duns in
    CatalogueCustomer(
      account: Text(account), name: Text(name), address: address(country), size: 0,
      duns: Text(duns), category: .managed, mainAccount: "")
  }

  static func picked(_ listed: CatalogueCustomer) -> Customer {
    var customer = Customer(
      name: "",
      address: Address(
        line1: "", line2: "", city: "", state: "", postalCode: "",
        country: CountryCode(packed: 0)), size: 0, identifiers: [],
      contacts: [TeamMember(line: 0, person: person("carl"))])
    customer.catalogueID = listed.id
    return customer
  }

  // MARK: Deals

  static func create(_ name: Text, _ organisation: SimulatedOrganisation) -> CreateDeal {
    CreateDeal(
      name: name, location: organisation.location, customer: customer("Adatum", country: "US"),
      value: money(25_000), closeDate: closeDate, crmID: Text(organisation.secret + "crm"),
      campaignID: "", notes: Text(organisation.notes + name.string),
      team: [TeamMember(line: 0, person: person("ada\(organisation.index)"))],
      solutions: [line(organisation.solution)],
      consent: Consent(customerContact: true, shareWithOthers: true), visibleToVendor: false,
      help: nil, validateOnly: false)
  }
}
