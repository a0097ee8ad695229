// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import TandemRuntime
import TandemWire
import TestThreads
import Testing

@Suite(.on(.worlds)) struct CatalogueTests {
  private func importing(_ name: Text) -> TenantRequest {
    let customer = CatalogueCustomer(
      account: "a-1", name: name,
      address: Address(
        line1: "Street 1", line2: .empty, city: "Berlin", state: .empty, postalCode: .empty,
        country: CountryCode(packed: 0x4445)), size: 0, duns: .empty, category: .managed,
      mainAccount: .empty)
    return .command(
      .importCustomers(ImportCustomers(customers: [customer], validateOnly: false)),
      returnDeal: false)
  }

  private func suggested(_ world: RuntimeWorld, to party: Party) -> [UInt8] {
    let query = SuggestCustomers(
      country: CountryCode(packed: 0x4445), city: .empty, namePrefix: "ada", max: 10)
    return world.ask(.query(.suggestCustomers(query)), of: party.tenant, as: party.principal).body
  }

  @Test
  func `section 13 every organisation sees the catalogue, on every shard and after a restart`()
    throws
  {
    let world = RuntimeWorld(seed: 31, shards: 4)
    let main = Node.directory(of: Node.mainRealm)
    var parties: [Party] = []
    for number in 1...8 { parties.append(try world.register("Partner \(number)", .partner)) }
    #expect(world.ask(importing("Adatum"), of: main, as: .systemOperator).head.status == .ok)
    world.pass(milliseconds: 10)
    for party in parties { #expect(suggested(world, to: party).mentions("Adatum")) }
    #expect(world.ask(importing("Adatum SE"), of: main, as: .systemOperator).head.status == .ok)
    world.restart()
    for party in parties { #expect(suggested(world, to: party).mentions("Adatum SE")) }
  }
}
