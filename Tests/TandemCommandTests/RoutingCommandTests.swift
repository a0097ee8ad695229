// SPDX-License-Identifier: Apache-2.0
// Where a seller's deals arrive, from the command line.

import RunningServer
import Testing

struct RoutingCommandTests {
  @Test func `R-705 routing rules are set, listed and forgotten`() async throws {
    try await TestServer.run { server in
      let contoso = try await Cast(server).contoso
      let place = try await contoso.json("location add --name Hamburg --country DE")["id"].string
      let told = try await contoso.read(
        "routing set \"North: DE,DK / * -> \(place)\" \"Backup: * / Backup Pro,Vault -> \(place)\"")
      #expect(told == ["2 rules"])
      let rows = try await contoso.table("routing list", "NAME|MARKETS|SOLUTIONS|LOCATION")
      #expect(
        rows == [
          "North      DE,DK    *                 \(place)",
          "Backup     *        Backup Pro,Vault  \(place)",
          "(default)  *        *                 everywhere",
        ])
      let clash = await contoso.type(
        "routing set \"A: DE / * -> \(place)\" \"B: DE,FR / * -> \(place)\" --validate-only")
      #expect(clash.code == 1 && clash.complaint.contains("rule \"A\" both catch DE"))
      #expect(await contoso.type("routing set \"A: DE -> \(place)\"").code == 64)
      #expect(await contoso.type("routing set").code == 64)
      #expect(try await contoso.read("routing set --none --default \(place)") == ["0 rules"])
      #expect(try await contoso.json("routing list")["defaultLocation"].string == place)
    }
  }

  @Test func `section 13 a seller's deal arrives where the rules say, one that came before stays`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let (vendor, _) = try await Cast.register(
        "Litware", cast.operatorOfMain, server, kind: "vendor")
      let fabrikam = cast.fabrikam
      let before = try await arrival(of: "First", from: vendor, at: cast)
      let everywhere = try await fabrikam.json("location list").list.first?["id"].string
      #expect(before == everywhere)
      let place = try await fabrikam.json("location add --name Bonn --country DE")["id"].string
      _ = try await fabrikam.read("routing set \"Racks: DE / rack -> \(place)\"")
      #expect(try await arrival(of: "Second", from: vendor, at: cast) == place)
      let places = try await fabrikam.json("deal list").list.map {
        $0["deal"]["location"].string
      }
      #expect(Set(places) == [everywhere, place])
    }
  }

  /// Has the vendor invite Fabrikam; gives the location of Fabrikam's copy.
  private func arrival(
    of note: String, from vendor: Typist, at cast: Cast
  ) async throws -> String {
    let location = try await vendor.json("location list").list.first?["id"].string ?? ""
    let year = Int(try await vendor.json("realm get")["now"].string.prefix(4)) ?? 0
    let deal = try await vendor.json(
      """
      deal create --name \(note) --location \(location) --customer Adatum --street "Weg 1" \
      --city Hamburg --country DE --value "9 EUR" --close-date \(year + 1)-12-31 --solution Rack \
      --share-with-others --member "Carl Conte <carl@litware.example> +49 40 9876"
      """)["id"].string
    _ = try await vendor.json(
      "deal invite \(deal) --organisation \(cast.fabrikamID) --help-code generalOrOther "
        + "--value \"500 EUR\" --solution-lines 2 --notes \(note)")
    let arrived = try await cast.fabrikam.json("deal list --status pending") { list in
      list.list.contains { $0["deal"]["invitation"]["notes"].string == note }
    }
    return arrived.list.first { $0["deal"]["invitation"]["notes"].string == note }?["deal"][
      "location"
    ].string ?? ""
  }
}
