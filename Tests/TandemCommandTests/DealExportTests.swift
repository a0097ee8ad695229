// SPDX-License-Identifier: Apache-2.0
// Deals exported to files and back.

import Foundation
import RunningServer
import Testing

struct DealExportTests {
  /// Texts that get lost where somebody is careless.
  private static let nasty = [
    "=1+1", "-5", "'+49", "a, \\\"b\\\"", "one\\r\\ntwo\\n", "Zürich 🚀 e\\u0301", "a;b\\\\;",
    " spaced ",
  ]

  private static let carl = "\"Carl Conte <carl@contoso.example> +49 40 9876\""
  /// With a comma, a semicolon, a bracket and a backslash in what is said of her.
  private static let ada =
    #""Berg\\, Dr\\;, Ada Maria <ada@x.example> 1\\;2, Chief\\, \\<1\\> \\\\ x""#

  @Test(arguments: ["csv", "jsonl"])
  func `what was exported is imported as unchanged, whatever the texts`(format: String) async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let shop = try await BulkWorkshop(cast.contoso)
      let rows = Self.nasty.map { text in
        shop.new(
          text,
          """
          ,"notes":"\(text)","crmId":"\(text)","tags":["\(text)","x;y"],"customerSize":2,\
          "reasonNotes":"","state":"\(text)","visibleToVendor":false,"owner":"ada@x.example"
          """
        ).replacing(Self.carl, with: "\(Self.carl),\(Self.ada)")
      }
      try shop.write("new.jsonl", rows)
      #expect(try await shop.load("new.jsonl").counts == [8, 0, 0, 0, 0])
      // With a counterpart, ended, and changed.
      let shared = try await cast.deal("Shared")
      _ = try await cast.contoso.json(
        "deal invite \(shared) --organisation \(cast.fabrikamID) --help-code proofOfConcept "
          + "--value \"500 EUR\" --solution-lines 3 --notes help")
      _ = try await cast.contoso.json(
        "deal lose \(try await cast.deal("Lost")) --reason 3 --notes x")
      let file = shop.path("deals.\(format)")
      #expect(try await cast.contoso.read("deal export \(file)") == ["10 deals"])
      #expect(!shop.exists("deals.\(format).part"))
      #expect(try await shop.load("deals.\(format)").counts == [0, 0, 10, 0, 0])
      #expect(
        try await shop.load("deals.\(format)", "--as again --validate-only").counts
          == [0, 0, 10, 0, 0])
      let names = try await shop.names()
      #expect(
        names.contains("=1+1") && names.contains("one\r\ntwo\n") && names.contains(" spaced "))
    }
  }

  @Test func `an export follows the filter and the order, and prints without a file`() async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let shop = try await BulkWorkshop(cast.contoso)
      for name in ["B", "A", "C"] { _ = try await cast.deal(name) }
      func names(_ options: String) async throws -> [String] {
        let ended = await cast.contoso.type("deal export \(options)")
        #expect(ended.code == 0)
        let rows = try ended.lines.map { try Json(parsing: $0)["name"].string }
        #expect(ended.complaint == "\(rows.count) deals")
        return rows
      }
      #expect(try await names("") == ["B", "A", "C"])
      #expect(try await names("--descending") == ["C", "A", "B"])
      let sorted = await cast.contoso.type("deal export --sort -updated")
      #expect(sorted.code == 64 && sorted.complaint.contains("in the order of creation"))
      #expect(try await names("--name b --format jsonl") == ["B"])
      #expect(try await names("--status won") == [])
      let csv = await cast.contoso.type("deal export --format csv")
      #expect(csv.text.split(separator: "\r\n").count == 4)
      #expect(csv.text.hasPrefix("id,version,name,status,"))
      try shop.write("old.csv", text: "as it was")
      #expect(await cast.contoso.type("deal export \(shop.path("old.csv")) --text ab").code == 1)
      #expect(try shop.read("old.csv") == "as it was" && !shop.exists("old.csv.part"))
      try shop.write("old.csv.part", text: "what an interrupted export left")
      #expect(
        try await cast.contoso.json("deal export \(shop.path("old.csv"))")["deals"].number == 3)
      #expect(try shop.read("old.csv").hasPrefix("id,version,name,"))
      #expect(!shop.exists("old.csv.part"))
      let nowhere = await cast.contoso.type("deal export \(shop.path("no/such/place.csv"))")
      #expect(nowhere.code == 1 && nowhere.complaint.contains("there is no folder"))
    }
  }

  @Test func `R-706 an export holds what its user may see and nothing else`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      let places = [
        try await contoso.json("location add --name Hamburg --country DE")["id"].string,
        try await contoso.json("location add --name Bonn --country DE")["id"].string,
      ]
      let shop = try await BulkWorkshop(contoso)
      try shop.write(
        "a.jsonl",
        places.enumerated().map { place, id in
          shop.new("At \(place)").replacing(shop.location, with: id)
        })
      #expect(try await shop.load("a.jsonl").counts == [2, 0, 0, 0, 0])
      let user = try await contoso.json(
        "user add --person \"Rita Reader <rita@contoso.example> +49 40 1\" "
          + "--grant referralsAdmin@\(places[1])")["id"].string
      let secret = try await contoso.json("key issue \(user) --label bulk")["key"].string
      let rita = Typist(server, key: secret)
      let all = await contoso.type("deal export")
      let seen = await rita.type("deal export")
      #expect(all.lines.count == 2 && seen.lines.count == 1)
      #expect(seen.text.contains("At 1") && !seen.text.contains("At 0"))
      // Nor does an import tell of more, or change it.
      let hidden = try Json(parsing: all.lines[0])["id"].string
      try shop.write("b.jsonl", ["{\"id\":\"\(hidden)\",\"name\":\"mine\"}"])
      let tried = await rita.type("deal import \(shop.path("b.jsonl")) --json")
      #expect(tried.code == 1 && tried.text.contains("DEAL_NOT_FOUND"))
      #expect(try await shop.names() == ["At 0", "At 1"])
    }
  }

  @Test func `an exported file without its ids makes the deals again`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let shop = try await BulkWorkshop(cast.contoso)
      _ = try await cast.deal("Umzug", "--tag x --owner carl@contoso.example")
      _ = try await cast.contoso.json("deal export \(shop.path("a.jsonl"))")
      let told = [
        "id", "version", "kind", "direction", "initiator", "solutionNames", "created", "updated",
        "accepted", "engagement",
      ]
      var line = try shop.lines("a.jsonl")[0]
      for name in told {
        line = line.replacing(
          try Regex("\"\(name)\":(\"[^\"]*\"|[0-9]+|\\[[^\\]]*\\]),?"), with: "")
      }
      try shop.write("b.jsonl", [line.replacing(",}", with: "}")])
      #expect(try await shop.load("b.jsonl").counts == [1, 0, 0, 0, 0])
      let deals = try await cast.contoso.json("deal list --sort created").list.map { $0["deal"] }
      #expect(deals.count == 2)
      for field in ["name", "stage", "crmID"] {
        #expect(deals[0][field].string == deals[1][field].string)
      }
      #expect(deals[1]["ownerLine"].number == 1 && deals[1]["tags"].list.count == 1)
      #expect(deals[1]["customer"]["contacts"].list.count == 1)
    }
  }
}
