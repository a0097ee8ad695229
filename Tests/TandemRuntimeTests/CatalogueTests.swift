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

  // MARK: Who is in the ecosystem

  private func review(
    _ world: RuntimeWorld, _ party: Party, _ change: (inout OrganisationUpdate) -> Void
  ) -> Told {
    var update = OrganisationUpdate()
    change(&update)
    return world.ask(
      .command(
        .updateOrganisation(UpdateOrganisation(organisation: party.tenant, update: update)),
        returnDeal: false), of: Node.directory(of: Node.mainRealm), as: .systemOperator)
  }

  /// Whether a party finds the partner, is offered what it sells, and may invite it.
  private func sees(_ world: RuntimeWorld, _ party: Party, _ other: Party, _ deal: DealID) -> [Bool]
  {
    let found = world.ask(
      .query(.listOrganisations(namePrefix: "Leaving", max: 5)), of: party.tenant,
      as: party.principal)
    let offered = world.ask(
      .query(
        .listSolutions(
          ListSolutions(namePrefix: "Gateway", ownOnly: false, pageSize: 9, after: nil))),
      of: party.tenant, as: party.principal)
    let invited = world.invite(other, to: deal, by: party)
    return [found.mentions("Leaving"), offered.mentions("Gateway"), invited.head.status == .ok]
  }

  @Test
  func `R-108 R-204 who left is out on every shard, after a restart too, and comes back whole`()
    throws
  {
    let world = RuntimeWorld(seed: 32, shards: 4)
    let partner = try world.register("Leaving", .partner)
    _ = try world.publish("Gateway", of: partner.tenant)
    var parties: [(Party, DealID)] = []
    for number in 1...8 {
      let party = try world.register("Partner \(number)", .partner)
      parties.append((party, try world.createDeal("deal", party)))
    }
    #expect(review(world, partner) { $0.inEcosystem = false }.head.status == .ok)
    world.pass(milliseconds: 10)
    for (party, deal) in parties {
      #expect(sees(world, party, partner, deal) == [false, false, false])
    }
    world.restart()
    for (party, deal) in parties {
      #expect(sees(world, party, partner, deal) == [false, false, false])
    }
    let profile = world.ask(.query(.getOrganisation), of: partner.tenant, as: partner.principal)
    #expect(profile.head.status == .ok)
    // Durable before anybody is told, and known to all once it is.
    #expect(review(world, partner) { $0.inEcosystem = true }.head.status == .ok)
    world.restart()
    for (party, deal) in parties {
      #expect(sees(world, party, partner, deal) == [true, true, true])
    }
    let again = review(world, partner) { $0.inEcosystem = true }
    #expect(again.head.status == .ok && again.body.isEmpty, "nothing changed, so nothing is told")
  }
}
