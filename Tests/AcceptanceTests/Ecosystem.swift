// SPDX-License-Identifier: Apache-2.0
// A vendor and partners in a sandbox of a running server, as the public client sees them.

import RunningServer
import TandemClient
import Testing

/// One organisation with its administrator's client.
struct Company: Sendable {
  let name: String
  let id: ID
  let client: Client
  let administrator: ID
  /// "Entire organisation".
  let everywhere: ID
  /// What it sells.
  let solution: ID
  let url: String

  /// A client of somebody else of this organisation.
  func user(_ name: String, _ role: Role, at locations: [ID] = []) async throws -> Client {
    var grant = RoleGrant()
    grant.role = role
    grant.locations = locations
    let user = try await client.addUser(NewUser(.named(name), grants: [grant]))
    return try Client(url, key: try await client.issueKey(for: user, label: "test").key)
  }

  /// The only inbound deal, once it has come.
  func inbound() async throws -> Deal {
    var filter = DealFilter()
    filter.direction = .inbound
    return try await eventually {
      for try await row in client.listDeals(filter) { return row.deal }
      return nil
    }
  }

  /// A deal once something holds for it: counterparts are told by message.
  func deal(_ id: ID?, until holds: (Deal) -> Bool) async throws -> Deal {
    let id = try #require(id)
    return try await eventually {
      let deal = try await client.getDeal(id).deal
      return holds(deal) ? deal : nil
    }
  }
}

struct NeverCame: Error {}

/// Asks until there is an answer.
func eventually<Value>(_ ask: () async throws -> Value?) async throws -> Value {
  for _ in 0..<5_000 {
    if let value = try await ask() { return value }
  }
  throw NeverCame()
}

/// The error that a call must end with.
func refused<Value>(
  _ place: SourceLocation = #_sourceLocation, _ call: () async throws -> Value
) async throws -> TandemError {
  do {
    _ = try await call()
  } catch let error as TandemError {
    expectNamedFields(error, place)
    return error
  }
  Issue.record("was not refused", sourceLocation: place)
  throw NeverCame()
}

struct Ecosystem {
  /// The operator of main, who made the sandbox.
  let main: Client
  let realm: ID
  /// The sandbox's operator.
  let registrar: Client
  /// Vetted for assessments.
  let contoso: Company
  let fabrikam: Company
  /// The vendor's default desk.
  let vendor: Company

  static func run(_ test: (Ecosystem) async throws -> Void) async throws {
    try await TestServer.run { server in try await test(make("rehearsal", on: server)) }
  }

  /// A sandbox of its own with its companies.
  static func make(_ realm: String, on server: TestServer) async throws -> Ecosystem {
    let address = "127.0.0.1:\(server.port)"
    let main = try Client("tdm://\(address)", key: server.operatorKey)
    let made = try await main.createRealm(name: realm)
    let directory = try #require(made.directory)
    let registrar = try Client("tdm://\(directory)@\(address)", key: server.operatorKey)
    let url = "tdm://\(address)"
    return try await Ecosystem(
      main: main, realm: #require(made.realm), registrar: registrar,
      contoso: register("Contoso", .partner, registrar, url, isVetted: true),
      fabrikam: register("Fabrikam", .partner, registrar, url),
      vendor: register("Northwind", .vendor, registrar, url))
  }

  private static func register(
    _ name: String, _ kind: OrganisationKind, _ registrar: Client, _ url: String,
    isVetted: Bool = false
  ) async throws -> Company {
    // The sandbox's directory is told of its realm by message.
    var new = NewOrganisation(kind, name: name, country: "DE", administrator: .named("Ada"))
    new.isAssessmentVetted = isVetted
    let organisation = new
    let made = try await eventually { try? await registrar.registerOrganisation(organisation) }
    let client = try Client(url, key: made.key)
    _ = try await eventually { try? await client.getOrganisation() }
    let solution = try await client.publishSolution(
      NewSolution(name: "Backup", type: .service, isCoSellReady: true))
    return Company(
      name: name, id: try #require(made.organisation), client: client,
      administrator: try #require(made.administrator),
      everywhere: try #require(made.globalLocation), solution: try #require(solution), url: url)
  }

  /// Changes the sandbox's policy, and waits until everybody has heard of it.
  func rule(_ say: (inout RealmPolicyChange) -> Void) async throws {
    var change = RealmPolicyChange()
    say(&change)
    try await main.updateRealm(realm, change)
    let version = try await main.listRealms().first { $0.id == realm }?.policyVersion
    for company in [contoso, fabrikam, vendor] {
      _ = try await eventually {
        try await company.client.getRealm().realm.policyVersion == version ? true : nil
      }
    }
  }

  /// Moves the sandbox's clock, and waits until everybody has heard of it.
  func pass(_ span: Duration) async throws {
    let now = try #require(try await registrar.advanceClock(by: span).now)
    for company in [contoso, fabrikam, vendor] {
      _ = try await eventually {
        let seen = try await company.client.getRealm().now
        return seen.map { $0 >= now } == true ? true : nil
      }
    }
  }
}

extension Person {
  static func named(_ name: String) -> Person {
    var person = Person(
      firstName: name, lastName: "Example", email: "\(name.lowercased())@example.com")
    person.phone = "+49 30 5550100"
    return person
  }
}

extension NewDeal {
  /// A deal in which nothing is missing, without help and not visible.
  static func complete(for company: Company, at location: ID? = nil) -> NewDeal {
    var deal = NewDeal()
    deal.name = "Migration"
    deal.location = location ?? company.everywhere
    deal.customer.name = "Adatum"
    deal.customer.address.line1 = "Street 1"
    deal.customer.address.city = "Berlin"
    deal.customer.address.country = "DE"
    deal.customer.contacts = [TeamMember(.named("Cora"))]
    deal.value = Money("25000 EUR")
    deal.closeDate = Moment(day: "2099-06-30")
    deal.team = [TeamMember(.named("Ada"))]
    var solution = SolutionLine()
    solution.solution = company.solution
    deal.solutions = [solution]
    deal.consent.customerContact = true
    deal.consent.shareWithOthers = true
    return deal
  }

  /// The same with help asked from the vendor.
  static func coSell(for company: Company) -> NewDeal {
    var deal = complete(for: company)
    deal.help = .proofOfConcept
    deal.isVisibleToVendor = true
    deal.notesToVendor = "a proof of concept is wanted"
    return deal
  }
}
