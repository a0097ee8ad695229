// SPDX-License-Identifier: Apache-2.0
// Before the faults: a sandbox with a short answer window, partners, a vendor desk, and a stranger.

import TandemDomain
import TandemPlatform
import TandemPrimitives
import TandemRuntime
import TandemWire

extension Simulation {
  /// Makes the realm and its organisations through the directories.
  func setUp() -> Bool {
    let main = Node.directory(of: Node.mainRealm)
    var policy = RealmPolicy(
      answerWindow: .seconds(Int64(number(1...3))), minimumAgeBeforeWon: .seconds(1),
      counterpartsMax: chance(75) ? 20 : 2)
    policy.duplicates = chance(30) ? .refuse : .warn
    policy.vendorRetries = chance(40) ? 1 : 0
    guard
      let made = demand(.createRealm(CreateRealm(name: "sandbox", policy: policy)), of: main),
      let directory = identifier(2, in: made, TenantKind.self)
    else { return false }
    sandbox = directory
    tenants = [main, directory]
    let customers = ImportCustomers(customers: Requests.listed, validateOnly: false)
    guard demand(.importCustomers(customers), of: directory) != nil else { return false }
    let partners = number(3...4)
    for index in 0..<partners { guard add(index, .partner, directory) else { return false } }
    guard add(partners, .vendor, directory) else { return false }
    // Another desk, for some customers only.
    if chance(35) {
      let covered = [Requests.country("DE")].compactMap { $0 }
      guard add(organisations.count, .vendor, directory, for: covered) else { return false }
    }
    return add(organisations.count, .partner, main) && addPeople()
  }

  private func add(
    _ index: Int, _ kind: OrganisationKind, _ directory: TenantID, for covered: [CountryCode] = []
  ) -> Bool {
    guard let made = demand(Requests.register(index, kind, for: covered), of: directory),
      let tenant = identifier(1, in: made, TenantKind.self),
      let user = identifier(2, in: made, UserKind.self),
      let location = identifier(4, in: made, LocationKind.self)
    else { return false }
    let organisation = SimulatedOrganisation(
      index: index, kind: kind, tenant: tenant, user: user, location: location)
    organisations.append(organisation)
    tenants.append(tenant)
    for _ in 0..<2 { clients.append(makeClient(organisation)) }
    return true
  }

  /// What every organisation sells, a second place, and who works there besides its administrator.
  private func addPeople() -> Bool {
    let commands = organisations.flatMap { organisation in
      ([Requests.publish, Requests.branch] + Requests.people(of: organisation)).map {
        ($0, organisation.tenant)
      }
    }
    guard let made = demand(commands),
      let vendor = organisations.first(where: { $0.kind == .vendor }),
      let body = demand(Requests.assessment, of: vendor.tenant),
      let assessment = identifier(1, in: body, SolutionKind.self)
    else { return false }
    self.assessment = assessment
    for (place, organisation) in organisations.enumerated() {
      let bodies = made[(place * 5)..<(place * 5 + 5)].map { $0 }
      guard let solution = identifier(1, in: bodies[0], SolutionKind.self),
        let branch = identifier(1, in: bodies[1], LocationKind.self),
        let colleague = identifier(1, in: bodies[2], UserKind.self),
        let viewer = identifier(1, in: bodies[3], UserKind.self),
        let service = identifier(1, in: bodies[4], UserKind.self)
      else { return false }
      organisation.solution = solution
      organisation.places.append(branch)
      organisation.colleague = colleague
      organisation.viewer = viewer
      organisation.service = service
    }
    return true
  }

  private func demand(_ command: Command, of tenant: TenantID) -> [UInt8]? {
    demand([(command, tenant)])?.first
  }

  /// Asks until all is done; a directory that was just made may not be there yet.
  private func demand(_ commands: [(Command, TenantID)]) -> [[UInt8]]? {
    var made: [Int: [UInt8]] = [:]
    for _ in 0..<200 where made.count < commands.count {
      let asked = commands.indices.filter { made[$0] == nil }.map { place in
        let (command, tenant) = commands[place]
        let asker = makeClient(SimulatedOrganisation(asking: tenant))
        let operation = makeOperation(
          "setup", of: tenant, as: .systemOperator, .command(command, returnDeal: false),
          alwaysChanges: true)
        send(operation, from: asker)
        return (place, operation)
      }
      let isAnswered = settle(until: { asked.allSatisfy { $1.isDone || $1.readyAt != .max } })
      guard isAnswered else { return nil }
      for (place, operation) in asked { made[place] = operation.told.first?.body }
      _ = advance(steps: 20)
    }
    guard made.count == commands.count else { return nil }
    let end = world.nanoseconds + 20_000_000
    _ = settle { world.nanoseconds >= end }
    return commands.indices.compactMap { made[$0] }
  }

  func makeOperation(
    _ label: String, of tenant: TenantID, as principal: Principal, _ request: TenantRequest,
    alwaysChanges: Bool, name: Text? = nil
  ) -> Operation {
    let operation = Operation(
      number: UInt64(operations.count + 1), label: label, tenant: tenant, principal: principal,
      request: request, wall: world.wall, alwaysChanges: alwaysChanges, name: name)
    operations.append(operation)
    note(RequestWord(request))
    return operation
  }

  private func identifier<Kind>(_ field: UInt32, in body: [UInt8], _: Kind.Type) -> Identifier<
    Kind
  >? {
    SimulatedClient.fields(field, in: body[...]).first.flatMap { Identifier<Kind>(bytes: $0) }
  }
}
