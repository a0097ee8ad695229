// SPDX-License-Identifier: Apache-2.0
// tandemd with its demo world on a free port of this machine, and what tests ask of it.

import StartedPrograms
import TandemClient

/// A tandemd that serves.
struct Tandemd: Sendable {
  let process: StartedProgram
  /// Such as `127.0.0.1:41234`.
  let address: String
  var url: String { "tdm://\(address)" }
  var port: UInt16 { UInt16(address.split(separator: ":").last ?? "") ?? 0 }

  /// Starts one and waits until it says where it listens.
  static func start(
    in folder: TemporaryFolder, data: String? = nil, _ options: [String] = [],
    through wrapper: [String] = []
  ) async throws -> Tandemd {
    let process = try launch(in: folder, data: data, options, through: wrapper)
    let line = try await process.line(with: "listening on ")
    return Tandemd(process: process, address: String(line.split(separator: " ").last ?? ""))
  }

  /// Starts one and does not wait.
  static func launch(
    in folder: TemporaryFolder, data: String? = nil, _ options: [String] = [],
    through wrapper: [String] = []
  ) throws -> StartedProgram {
    var command = wrapper
    command += [try StartedProgram.path(of: "tandemd"), "--demo"]
    if !options.contains("--listen") { command += ["--listen", "127.0.0.1:0"] }
    command += ["--data", data ?? folder.path + "/data"]
    return try StartedProgram.start(command + options, errors: folder.path + "/errors")
  }

  /// Asks it to stop and waits.
  func stop() async -> Ending {
    process.signal(15)
    return await process.ending()
  }
}

/// A deal that every rule allows.
func sampleDeal(_ name: String, of client: Client) async throws -> NewDeal {
  var person = Person(firstName: "Kim", lastName: "Berg", email: "kim@customer.example")
  person.phone = "+49 40 5550199"
  person.title = "Buyer"
  var deal = NewDeal()
  deal.name = name
  deal.location = try await client.listLocations().first(where: \.isGlobal)?.id
  deal.customer.name = "Customer of \(name)"
  deal.customer.size = 1
  deal.customer.address.line1 = "Weg 1"
  deal.customer.address.city = "Hamburg"
  deal.customer.address.postalCode = "20095"
  deal.customer.address.country = "DE"
  deal.customer.contacts = [TeamMember(person)]
  deal.value = Money(units: 1_000, currency: "EUR")
  let now = try await client.getRealm().now?.milliseconds ?? 0
  deal.closeDate = Moment(milliseconds: now + 90 * 86_400_000)
  deal.team = [TeamMember(person)]
  var line = SolutionLine()
  line.solution = try await client.listSolutions(ownOnly: true).rows.first?.solution.id
  if line.solution == nil {
    line.solution = try await client.publishSolution(
      NewSolution(name: "Telemetry for \(name)", type: .device, isCoSellReady: true))
  }
  deal.solutions = [line]
  deal.consent.customerContact = true
  deal.consent.shareWithOthers = true
  return deal
}
