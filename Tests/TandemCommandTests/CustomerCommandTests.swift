// SPDX-License-Identifier: Apache-2.0
// The catalogue of customers from the command line.

import Foundation
import RunningServer
import Testing

struct CustomerCommandTests {
  /// Runs a test with the path of a file of these lines.
  private func withFile(_ lines: [String], _ test: (String) async throws -> Void) async throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("tandem-customers-\(UUID().uuidString)")
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await test(file.path)
  }

  private func line(_ account: String, _ name: String, _ more: String = "") -> String {
    """
    {"account":"\(account)","name":"\(name)","line1":"Weg 1","city":"Köln","country":"DE",\
    "category":"managed"\(more)}
    """
  }

  @Test func `R-102 customers are loaded, suggested as they are typed, and picked for a deal`()
    async throws
  {
    var lines = (1...600).map { line("a\($0)", "Adatum \($0)") }
    lines.insert("", at: 3)
    lines.append(line("z1", "Zürich Möbel", ",\"duns\":\"123456789\",\"size\":40"))
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      try await withFile(lines) { path in
        let told = try await cast.operatorOfMain.read("customer import \(path) --progress")
        #expect(
          told == [
            "250 added, 0 changed, 0 as they were", "500 added, 0 changed, 0 as they were",
            "601 added, 0 changed, 0 as they were",
          ])
        #expect(
          try await cast.operatorOfMain.read("customer import \(path)") == [
            "0 added, 0 changed, 601 as they were"
          ])
      }
      let found = try await contoso.json("customer suggest \"zurich m\" --country DE --city koln") {
        !$0["rows"].list.isEmpty
      }["rows"].list
      #expect(found.map { $0["duns"].string } == ["123456789"])
      let rows = try await contoso.table(
        "customer suggest ada --country DE --max 2", "ID|D-U-N-S|CATEGORY|LINKED|CITY|NAME")
      #expect(rows.count == 2 && rows[0].hasSuffix("managed   0       Köln  Adatum 1"))
      #expect(try await contoso.json("customer suggest ada --country DE")["areMore"].isTrue)
      let deal = try await deal(for: found[0]["id"].string, by: contoso)
      let customer = try await contoso.json("deal get \(deal)")["deal"]["customer"]
      #expect(customer["name"].string == "Zürich Möbel" && customer["size"].number == 40)
      #expect(customer["address"]["city"].string == "Köln")
      #expect(customer["category"].string == "managed")
      #expect(customer["identifiers"].list.map { $0["value"].string } == ["123456789"])
      let short = await contoso.type("customer suggest a --country DE")
      #expect(short.code == 1 && short.complaint.contains("at least 2 letters"))
      #expect(await contoso.type("customer import /dev/null").code == 0)
    }
  }

  @Test func `limits customers whose texts are long are loaded in smaller parts`() async throws {
    let long = String(repeating: "x", count: 250)
    let lines = (1...260).map {
      line(
        "a\($0)", "\(long) \($0)",
        ",\"line2\":\"\(long)\",\"state\":\"\(long)\",\"mainAccount\":\"m\""
      )
      .replacing("Weg 1", with: long).replacing("Köln", with: long)
    }
    try await TestServer.run { server in
      let typist = Typist(server, key: server.operatorKey)
      try await withFile(lines) { path in
        let told = try await typist.read("customer import \(path)")
        #expect(told == ["260 added, 0 changed, 0 as they were"])
      }
    }
  }

  @Test
  func `section 3.3 section 3.5 all of a customer is entered by hand, and how much a line sells`()
    async throws
  {
    try await TestServer.run { server in
      let contoso = try await Cast(server).contoso
      let location = try await contoso.json("location list").list.first?["id"].string ?? ""
      func create(_ number: String, _ solution: String) -> String {
        """
        deal create --name Umzug --location \(location) --customer "Litware Press" \
        --street "Weg 1" --street2 "Hof 3" --city Berlin --country DE --value "9 EUR" \
        --customer-identifier "duns 123456789" --customer-identifier "\(number)" \
        --close-date 2099-12-31 --solution "\(solution)" --share-with-others \
        --member "Conte, Carl Maria <carl@contoso.example> +49 40 9876, Head"
        """
      }
      let made = try await contoso.json(
        create("external K 4711", "Rack | quantity 2.5 | price 100.00 EUR"))["id"].string
      let deal = try await contoso.json("deal get \(made)")["deal"]
      #expect(deal["customer"]["address"]["line2"].string == "Hof 3")
      let numbers = deal["customer"]["identifiers"].list
      #expect(numbers.map { $0["scheme"].string } == ["duns", "external"])
      #expect(numbers.map { $0["value"].string } == ["123456789", "K 4711"])
      let line = try #require(deal["solutions"].list.first)
      #expect(line["quantityMilli"].number == 2_500 && line["price"]["units"].number == 100)
      let facts = try await contoso.read("deal get \(made)")
      #expect(facts.contains { $0.hasSuffix("Rack | quantity 2.5 | price 100.00 EUR") })
      let member = try #require(deal["team"].list.first)["person"]
      #expect(member["firstName"].string == "Carl Maria" && member["title"].string == "Head")
      _ = try await contoso.json("deal patch \(made) --add-solution \"cables | quantity 3\"")
      let lines = try await contoso.json("deal get \(made)")["deal"]["solutions"].list
      #expect(lines.map { $0["quantityMilli"].number } == [2_500, 3_000])
      for (bad, complaint) in [
        (create("K-4711", "Rack"), "--customer-identifier: \"K-4711\" is written neither as"),
        (create("external 1", "Rack | quantity some"), "--solution: \"quantity some\" is neither"),
        ("deal patch \(made) --add-solution \"| quantity 1\"", "--add-solution: "),
        ("deal patch \(made) --contact Bea", "--contact: \"Bea\" is not written as"),
      ] {
        let ended = await contoso.type(bad)
        #expect(ended.code == 64 && ended.complaint.contains(complaint), "\(ended.complaint)")
      }
    }
  }

  private func deal(for customer: String, by typist: Typist) async throws -> String {
    let location = try await typist.json("location list").list.first?["id"].string ?? ""
    let year = Int(try await typist.json("realm get")["now"].string.prefix(4)) ?? 0
    return try await typist.json(
      """
      deal create --name Umzug --location \(location) --customer-id \(customer) --value "9 EUR" \
      --close-date \(year + 1)-12-31 --solution Rack --share-with-others \
      --member "Carl Conte <carl@contoso.example> +49 40 9876"
      """)["id"].string
  }

  @Test func `section 13 a wrong line is named, and nothing of its batch is imported`() async throws
  {
    try await TestServer.run { server in
      let typist = Typist(server, key: server.operatorKey)
      for (bad, complaint) in [
        ("no json", "line 2: is no JSON object"),
        (line("b", "Beta", ",\"colour\":\"red\""), "line 2: colour is no field of a customer"),
        (line("b", "Beta", ",\"size\":-1"), "line 2: size is no number that fits"),
        (line("b", "Beta", ",\"duns\":5"), "line 2: duns is no text"),
        ("{\"category\":\"big\"}", "line 2: category: \"big\" is none of managed"),
      ] {
        try await withFile([line("a", "Alpha"), bad]) { path in
          let ended = await typist.type("customer import \(path)")
          #expect(ended.code == 1 && ended.complaint.contains(complaint), "\(ended.complaint)")
        }
      }
      try await withFile([line("a", "Alpha"), line("b", "")]) { path in
        let ended = await typist.type("customer import \(path)")
        #expect(ended.code == 1 && ended.complaint.contains("lines 1 to 2:"))
        #expect(ended.complaint.contains("customers[1].name"))
      }
      try await withFile([line("a", "Alpha")]) { path in
        let dry = try await typist.read("customer import \(path) --validate-only")
        #expect(dry == ["1 added, 0 changed, 0 as they were"])
        #expect(try await typist.read("customer import \(path)") == dry)
      }
      #expect(await typist.type("customer import /nowhere/at/all").code == 1)
      #expect(await typist.type("customer import").code == 64)
    }
  }
}
