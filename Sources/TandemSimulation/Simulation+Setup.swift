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
    let policy = RealmPolicy(
      answerWindow: .seconds(Int64(number(1...3))), minimumAgeBeforeWon: .seconds(1),
      counterpartsMax: 20)
    guard
      let made = demand(.createRealm(CreateRealm(name: "sandbox", policy: policy)), of: main),
      let directory = identifier(2, in: made, TenantKind.self)
    else { return false }
    sandbox = directory
    tenants = [main, directory]
    let partners = number(2...4)
    for index in 0..<partners { guard add(index, .partner, directory) else { return false } }
    return add(partners, .vendor, directory) && add(partners + 1, .partner, main)
  }

  private func add(_ index: Int, _ kind: OrganisationKind, _ directory: TenantID) -> Bool {
    guard let made = demand(Requests.register(index, kind), of: directory),
      let tenant = identifier(1, in: made, TenantKind.self),
      let user = identifier(2, in: made, UserKind.self),
      let location = identifier(4, in: made, LocationKind.self),
      let published = demand(Requests.publish, of: tenant),
      let solution = identifier(1, in: published, SolutionKind.self)
    else { return false }
    let organisation = SimulatedOrganisation(
      index: index, kind: kind, tenant: tenant, user: user, location: location,
      solution: solution)
    organisations.append(organisation)
    tenants.append(tenant)
    for _ in 0..<2 { clients.append(makeClient(organisation)) }
    return true
  }

  /// Asks until it is done; a directory that was just made may not be there yet.
  private func demand(_ command: Command, of directory: TenantID) -> [UInt8]? {
    let asker = makeClient(
      SimulatedOrganisation(
        index: -1, kind: .directory, tenant: directory, user: .zero, location: .zero,
        solution: .zero))
    for _ in 0..<200 {
      let operation = makeOperation(
        "setup", of: directory, as: .systemOperator, .command(command, returnDeal: false),
        alwaysChanges: true)
      send(operation, from: asker)
      guard settle(until: { operation.isDone || operation.readyAt != .max }) else { return nil }
      if let told = operation.told.first {
        let end = world.nanoseconds + 20_000_000
        _ = settle { world.nanoseconds >= end }
        return told.body
      }
      _ = advance(steps: 20)
    }
    return nil
  }

  func makeOperation(
    _ label: String, of tenant: TenantID, as principal: Principal, _ request: TenantRequest,
    alwaysChanges: Bool, name: Text? = nil
  ) -> Operation {
    let operation = Operation(
      number: UInt64(operations.count + 1), label: label, tenant: tenant, principal: principal,
      request: request, wall: world.wall, alwaysChanges: alwaysChanges, name: name)
    operations.append(operation)
    return operation
  }

  private func identifier<Kind>(_ field: UInt32, in body: [UInt8], _: Kind.Type) -> Identifier<
    Kind
  >? {
    SimulatedClient.fields(field, in: body[...]).first.flatMap { Identifier<Kind>(bytes: $0) }
  }
}
