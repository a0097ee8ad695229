// SPDX-License-Identifier: Apache-2.0
// Leads from the command line.

import RunningServer
import Testing

struct LeadCommandTests {
  private static let contact = "--contact \"Cora Kunde <cora@adatum.example> +49 30 5550100\""

  /// Has a vendor send Contoso a lead and waits until it is there; gives its id.
  private func send(_ more: String, from vendor: Typist, to cast: Cast) async throws -> String {
    let organisation = try await cast.contoso.json("org get")["id"].string
    let id = try await vendor.json(
      "lead send --partner \(organisation) --origin offer --source cloudMarketplace "
        + "--customer Adatum --country DE \(Self.contact) \(more)")["lead"].string
    let there = try await cast.contoso.json("lead list") { list in
      list.list.contains { $0["lead"]["id"].string == id }
    }
    #expect(!there.list.isEmpty)
    return id
  }

  @Test func `section 18 leads are sent, listed, shown, answered and put away`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let (vendor, _) = try await Cast.register(
        "Litware", cast.operatorOfMain, server, kind: "vendor")
      let id = try await send("--class direct --action contactMe", from: vendor, to: cast)
      let contoso = cast.contoso
      let rows = try await contoso.table(
        "lead list --tab marketplace --status received --customer ada",
        "ID|STATUS|CLASS|ACTION|QUALITY|RECEIVED|COUNTRY|CUSTOMER")
      #expect(rows.count == 1 && rows[0].hasPrefix(id) && rows[0].hasSuffix("DE       Adatum"))
      #expect(try await contoso.read("lead list --tab qualified").count == 1)
      #expect(
        try await contoso.read("lead show \(id) --only lead.contact.email")
          == ["cora@adatum.example"])
      let shown = try await contoso.read("lead show \(id)")
      #expect(shown.contains { $0.hasPrefix("status ") && $0.hasSuffix(" received") })

      let incomplete = await contoso.type("lead accept \(id) --name Backup")
      #expect(incomplete.code == 1 && incomplete.complaint.contains("3 problems"))
      let accept =
        "lead accept \(id) --name Backup --value \"900 EUR\" --close-date 2099-01-31 "
        + "--member \"Carl Conte <carl@contoso.example> +49 40 9876\""
      #expect(
        try await contoso.read(accept + " --validate-only")
          == ["the lead can be changed so; nothing was changed"])
      #expect(try await contoso.json(accept)["version"].number == 2)
      #expect(try await contoso.json("lead favourite \(id)")["version"].number == 2)
      #expect(try await contoso.json("lead list --tab favourites").list.count == 1)
      _ = try await contoso.read("lead lose \(id) --reason 3 --notes \"too late\"")
      let lost = try await contoso.read("lead show \(id)")
      #expect(lost.contains { $0.hasPrefix("reason") && $0.hasSuffix("3 too late") })
      _ = try await contoso.read("lead archive \(id)")
      #expect(try await contoso.json("lead show \(id)")["lead"]["outcome"].string == "lost")
      let again = await contoso.type("lead win \(id)")
      #expect(again.code == 1 && again.complaint.contains("LEAD_ARCHIVED"))
    }
  }

  @Test func `G16 a deal is made of a lead from the command line`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let (vendor, _) = try await Cast.register(
        "Litware", cast.operatorOfMain, server, kind: "vendor")
      let id = try await send("--class salesQualified", from: vendor, to: cast)
      let contoso = cast.contoso
      _ = try await contoso.read(
        "lead accept \(id) --name Backup --value \"900 EUR\" --close-date 2099-01-31 "
          + "--member \"Carl Conte <carl@contoso.example> +49 40 9876\"")
      let place = try await contoso.json("location list").list.first?["id"].string ?? ""
      let line =
        "lead convert \(id) --location \(place) --street \"Weg 1\" --city Bonn --solution Rack "
        + "--share-with-others"
      #expect(
        try await contoso.read(line + " --validate-only").contains("commit   nothing changed"))
      let deal = try await contoso.json(line)["id"].string
      #expect(try await contoso.read("lead show \(id) --only lead.deal") == [deal])
      #expect(try await contoso.read("deal get \(deal) --only deal.lead") == [id])
      #expect(try await contoso.read("deal get \(deal) --only deal.name") == ["Backup"])
    }
  }

  @Test func `section 18 a wrong line about leads says what is wrong`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      for (line, word) in [
        ("lead send --partner x", "org_"), ("lead list --status open", "received"),
        ("lead show", "lead_"), ("lead decline lead_00000000000000000000000001", "--reason"),
        ("lead sned", "send"),
      ] {
        let ended = await cast.contoso.type(line)
        #expect(ended.code == 64 && ended.complaint.contains(word), "\(line): \(ended.complaint)")
      }
      let nobody = await cast.contoso.type("lead win lead_00000000000000000000000001")
      #expect(nobody.code == 1 && nobody.complaint.contains("LEAD_NOT_FOUND"))
    }
  }
}
