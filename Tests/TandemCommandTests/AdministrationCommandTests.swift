// SPDX-License-Identifier: Apache-2.0
// Organisations, users, keys, realms and the server itself from the command line.

import RunningServer
import Testing

struct AdministrationCommandTests {
  @Test func `organisations and locations are registered, listed and shown`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let words = "ID|KIND|COUNTRY|ANSWERS|NAME"
      let rows = try await cast.contoso.table("org list --prefix C", words)
      #expect(rows.count == 1)
      #expect(rows.first?.hasSuffix("partner  DE                Contoso") == true)
      #expect(try await cast.contoso.json("org list").list.count == 2)
      #expect(try await cast.contoso.json("org get")["name"].string == "Contoso")
      #expect(try await cast.contoso.read("org get").contains("kind          partner"))
      let made = try await cast.contoso.json("location add --name Hamburg --country DE")
      #expect(made["id"].string.hasPrefix("loc_"))
      _ = try await cast.contoso.json(
        "location add --name Lyon --country FR --partner-id 4711 --street \"Quai 1\" --city Lyon")
      let headings = "ID|COUNTRY|GLOBAL|PARTNER ID|NAME"
      let places = try await cast.contoso.table("location list", headings)
      #expect(places.count == 3)
      #expect(places.contains { $0.hasSuffix("no                  Hamburg") })
      #expect(places.contains { $0.hasSuffix("no      4711        Lyon") })
      let told = try await cast.contoso.json("location list").list
      #expect(told.contains { $0["address"]["line1"].string == "Quai 1" })
      let cityless = await cast.contoso.type(
        "location add --name Metz --country FR --street \"Q 2\"")
      #expect(cityless.code != 0 && cityless.complaint.contains("address.city"))
    }
  }

  @Test func `R-204 R-110 the operator says who is in the ecosystem and who is vetted`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let update = "org update \(cast.fabrikamID)"
      let registrar = cast.operatorOfRealm
      #expect(
        try await registrar.read("\(update) --in-ecosystem no --validate-only")[0]
          .hasPrefix("nothing was changed"))
      #expect(try await cast.contoso.json("org list").list.count == 2)
      let told = try await registrar.read("\(update) --in-ecosystem no --vetted yes")
      #expect(told == ["\(cast.fabrikamID) changed"])
      let left = try await cast.contoso.json("org list") { $0.list.count == 1 }
      #expect(left.list.map { $0["name"].string } == ["Contoso"])
      let profile = try await cast.fabrikam.json("org get") { !$0["inEcosystem"].isTrue }
      #expect(profile["isAssessmentVetted"].isTrue && profile["transacts"].isTrue)
      _ = try await registrar.json("\(update) --in-ecosystem yes")
      let back = try await cast.contoso.json("org list") { $0.list.count == 2 }
      #expect(back.list[1]["isAssessmentVetted"].isTrue)

      for (line, complaint) in [
        (update, "say --in-ecosystem, --transacts or --vetted"),
        ("\(update) --transacts maybe", "neither yes nor no"),
        ("org update --transacts no", "the id (org_…) is missing"),
      ] {
        let wrong = await registrar.type(line)
        #expect(wrong.code == 64 && wrong.complaint.contains(complaint), "\(wrong.complaint)")
      }
      let denied = await cast.contoso.type("\(update) --in-ecosystem no")
      #expect(denied.code == 1 && denied.complaint.contains("OPERATOR_NEEDED"))
    }
  }

  @Test func `R-305 a partner that answers quickly is found first`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      #expect(
        try await cast.fabrikam.json("org list").list.map { $0["name"].string } == [
          "Contoso", "Fabrikam",
        ])
      for number in 1...5 {
        let deal = try await cast.deal("Umzug \(number)")
        _ = try await cast.contoso.json(
          "deal invite \(deal) --organisation \(cast.fabrikamID) --help-code technicalArchitecture "
            + "--value \"500 EUR\" --solution-lines 3")
        let copy = try await cast.fabrikam.json("deal list --status pending") {
          !$0.list.isEmpty
        }.list.first?["deal"]["id"].string
        _ = try await cast.fabrikam.json("deal accept \(copy ?? "") --name Umzug")
      }
      let found = try await cast.contoso.json("org list") {
        $0.list.first?["responsiveness"].string == "swift"
      }
      #expect(found.list.map { $0["name"].string } == ["Fabrikam", "Contoso"])
      #expect(try await cast.contoso.json("org list --prefix fàb").list.count == 1)
    }
  }

  @Test func `R-107 R-108 solutions are published, listed and chosen`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let headings = "ID|GROUP|TYPE|READY|ACTIVE|INCENTIVES|OWNER|NAME"
      let hub = try await cast.fabrikam.read(
        "solution publish --name \"Edge hub\" --type device --co-sell-ready "
          + "--incentive intellectualProperty")[0]
      #expect(hub.hasPrefix("sol_"))
      _ = try await cast.fabrikam.json("solution publish --name Draft --type service")
      let own = try await cast.fabrikam.table("solution list --own", headings)
      #expect(own.count == 2 && own[1].hasPrefix(hub) && own[0].contains("  no     yes "))
      // The directory hears of it and tells everybody.
      let seen = try await cast.contoso.json("solution list") { $0.list.count == 3 }
      #expect(
        seen.list.map { $0["solution"]["name"].string } == ["Cables", "Edge hub", "Rack"])
      #expect(seen.list[1]["ownerName"].string == "Fabrikam")
      let all = try await cast.operatorOfRealm.json("solution list")
      #expect(
        all.list.map { $0["solution"]["name"].string } == ["Cables", "Draft", "Edge hub", "Rack"])
      let deal = try await cast.deal("Umzug", "--solution \"edge hub\" --solution \(hub)")
      let lines = try await cast.contoso.json("deal get \(deal)")["deal"]["solutions"].list
      #expect(lines.map { $0["name"].string } == ["Rack", "Cables", "Edge hub", "Edge hub"])
      #expect(lines[3]["group"].string == "otherThirdParty")
      let draft = await cast.contoso.type(
        "deal create --name X --location \(deal.replacing("deal_", with: "loc_")) --customer Y "
          + "--value \"1 EUR\" --close-date 2099-01-01 --solution Draft")
      #expect(draft.code == 64 && draft.complaint.contains("no solution is called \"Draft\""))
      let lie = await cast.fabrikam.type(
        "solution publish --name Free --type device --incentive businessAppsPremium")
      #expect(lie.code == 1 && lie.complaint.contains("co-sell-ready"))
      #expect(
        try await cast.fabrikam.read(
          "solution publish --name Dry --type device --validate-only") == ["could be published"])
      _ = try await cast.fabrikam.json(
        "solution publish --solution \(hub) --name \"Edge hub\" --type device --co-sell-ready "
          + "--inactive")
      _ = try await cast.contoso.json("solution list --prefix edge") { $0.list.isEmpty }
    }
  }

  @Test func `R-603 a company names the stages, and deals are moved by these names`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      #expect(try await contoso.read("stage set \"Needs analysis=40\" Quote=60") == ["2 names"])
      #expect(
        try await contoso.table("stage list", "STAGE|NAME") == [
          "40 %   Needs analysis", "60 %   Quote",
        ])
      let deal = try await cast.deal("Umzug")
      _ = try await contoso.json("deal patch \(deal) --stage \"needs analysis\"")
      #expect(try await contoso.json("deal get \(deal)")["deal"]["stage"].number == 40)
      let half = await contoso.type("stage set Half=50")
      #expect(half.code == 1 && half.complaint.contains("50 % is no stage"))
      #expect(await contoso.type("stage set Quote").code == 64)
      #expect(await contoso.type("stage set").code == 64)
      #expect(await contoso.type("stage set Quote=60 --none").code == 64)
      #expect(try await contoso.read("stage set --none") == ["0 names"])
      #expect(try await contoso.json("stage list").list.isEmpty)
    }
  }

  @Test func `users are added and granted, keys issued and revoked`() async throws {
    try await TestServer.run { server in
      let admin = try await Cast(server).contoso
      let user = try await admin.json(
        "user add --person \"Rita Reader <rita@contoso.example> +49 40 1\" --grant viewer")
      let id = user["id"].string
      let rows = try await admin.table("user list", "ID|ACTIVE|SERVICE|ROLES|NAME")
      #expect(
        rows.contains {
          $0.contains("  viewer  ") && $0.hasSuffix("  Rita Reader <rita@contoso.example>")
        })
      #expect(
        try await admin.read("key issue \(id) --label export --validate-only") == [
          "the key could be issued; nothing was changed"
        ])
      #expect(
        try await admin.read("user grants \(id) --grant viewer --inactive --validate-only") == [
          "nothing was changed; without --validate-only: \(id) changed"
        ])
      let issued = try await admin.json("key issue \(id) --label export --read-only")
      let reader = Typist(server, key: issued["key"].string)
      #expect(try await reader.json("deal list").list.isEmpty)
      #expect(await reader.type("location add --name Here --country DE").code == 1)
      let keys = try await admin.table("key list", "ID|USER|READ ONLY|CREATED|REVOKED|LABEL")
      #expect(keys.count == 2)
      let key = issued["id"].string
      #expect(try await admin.read("key revoke \(key)") == ["\(key) revoked"])
      let refused = await reader.type("deal list")
      #expect(refused.code == 1)
      #expect(refused.complaint.contains("UNAUTHENTICATED"), "\(refused.complaint)")
      #expect(
        try await admin.read("user grants \(id) --grant referralsUser --inactive") == [
          "\(id) changed"
        ])
      let users = try await admin.json("user list").list.first { $0["id"].string == id }
      #expect(users?["isActive"].isTrue == false)
    }
  }

  @Test func `R-707 ruling 3 a service user acts in the name of others, and history names both`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let admin = cast.contoso
      let uma = try await admin.json(
        "user add --person \"Uma User <carl@contoso.example> +49 40 1\" --grant referralsUser")[
          "id"
        ].string
      let sync = try await admin.json(
        "user add --service --may-act-as-user --person \"Sync Job <> \" --grant viewer")["id"]
        .string
      let issued = try await admin.json("key issue \(sync) --label crm")
      let service = Typist(server, key: issued["key"].string)
      let deal = try await cast.deal("Umzug")
      #expect(await service.type("deal patch \(deal) --notes own").code == 1)
      _ = try await service.json("deal patch \(deal) --notes hers --as-user \(uma)")
      let last = try await admin.json("deal history \(deal)").list.last
      #expect(last?["actor"].string == uma && last?["via"].string == sync)
      let rows = try await admin.read("deal history \(deal)")
      #expect(rows.last?.contains("\(uma) via \(sync)") == true)
      // What Uma may not see, her service does not see in her name.
      let carl = try await admin.json("deal get \(deal)")["deal"]["team"].list.first?["line"].number
      _ = try await admin.json(
        "deal patch \(deal) --add-member \"Ada Berg <ada@contoso.example> +49 40 1\"")
      _ = try await admin.json("deal patch \(deal) --remove-member \(carl ?? 0)")
      let hidden = await service.type("deal get \(deal) --as-user \(uma)")
      #expect(hidden.code == 1 && hidden.complaint.contains("DEAL_NOT_FOUND"))
      let other = await service.type("location add --name X --country DE --as-user \(uma)")
      #expect(other.complaint.contains("OWN_NAME_NEEDED"), "\(other.complaint)")
      let forbidden = await admin.type("deal list --as-user \(uma)")
      #expect(forbidden.code == 1 && forbidden.complaint.contains("ACT_AS_FORBIDDEN"))
      #expect(await service.type("deal list --as-user \(deal)").code == 64)
    }
  }

  @Test func `the list of realms begins with main, and a sandbox's clock can be moved`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let registrar = cast.operatorOfMain
      let headings =
        "ID|SANDBOX|CLOCK AHEAD MS|ANSWER WINDOW|DUPLICATES|VENDOR RETRIES|NAME"
      let alone = try await registrar.table("realm list", headings)
      #expect(alone.count == 1)
      #expect(
        alone.first?.hasSuffix(
          "no       0               14 d           warned about  0               main") == true)
      let made = try await registrar.json(
        "realm create --name rehearsal --answer-window-hours 24 --duplicates refuse")
      let all = try await registrar.json("realm list").list
      #expect(all.map { $0["name"].string } == ["main", "rehearsal"])
      #expect(all.last?["id"].string == made["realm"].string)
      #expect(all.last?["policy"]["duplicates"].string == "refuse")
      #expect(try await cast.contoso.json("realm get")["realm"]["name"].string == "main")
      let refused = await cast.operatorOfMain.type("realm advance --hours 1")
      #expect(refused.code == 1)
      #expect(refused.complaint.contains("FAILED_PRECONDITION"), "\(refused.complaint)")
    }
  }

  @Test func `the rules in force are told`() async throws {
    try await TestServer.run { server in
      let contoso = try await Cast(server).contoso
      let rules = try await contoso.json("rules")
      #expect(rules["version"].number == 2 && rules["requirements"].list.count > 10)
      #expect(rules["policy"].list.contains { $0["name"].string == "answer_window" })
      let lines = try await contoso.read("rules")
      #expect(lines.first == "version 2, in force since 2026-11-22T00:00:00.000Z")
      #expect(lines.contains { $0.hasPrefix("  CreateDeal") && $0.contains("close_date_ms") })
      #expect(lines.contains { $0.hasPrefix("  own_stages") && $0.contains("your organisation") })
      #expect(
        lines.contains { $0.hasPrefix("  currencies") && $0.hasSuffix("160 entries") })
      #expect(!lines.contains { $0.hasSuffix("the customer chose another vendor") })
    }
  }

  @Test func `ruling 9 lists of codes and words are shown by name`() async throws {
    try await TestServer.run { server in
      let contoso = try await Cast(server).contoso
      let reasons = try await contoso.read("rules reasons_declined_or_lost")
      #expect(reasons.first == "reasons_declined_or_lost: version 1 since 2026-11-22")
      #expect(reasons.dropFirst().first?.split(separator: " ") == ["CODE", "WORD", "MEANS"])
      #expect(reasons.contains { $0.hasSuffix("the customer chose another vendor") })
      let both = try await contoso.read("rules currencies help_codes")
      #expect(both.contains { $0.hasPrefix("BGN ") && $0.hasSuffix(" 2026-02-01") })
      #expect(both.contains { $0.hasPrefix("3 ") && $0.contains("proof prove concept") })
      let json = try await contoso.json("rules currencies")
      #expect(json["lists"].list.count == 1 && json["limits"].list.isEmpty)
      let yen = json["lists"].list[0]["choices"].list.first { $0["word"].string == "JPY" }
      #expect(yen?["decimals"].number == 0 && yen?["text"].string == "Yen")
      let unknown = await contoso.type("rules currences")
      #expect(unknown.code == 1 && unknown.complaint.contains("did you mean currencies"))
    }
  }

  @Test func `a server is asked how it is and what it can do`() async throws {
    try await TestServer.run { server in
      let registrar = Typist(server, key: server.operatorKey)
      #expect(try await registrar.json("ping")["health"].string == "serving")
      #expect(try await registrar.read("ping").first?.hasPrefix("serving, ") == true)
      let described = try await registrar.json("describe --descriptors")
      #expect(described["methods"].list.count > 30)
      #expect(
        try await registrar.read("describe").contains { $0.contains("tandem.v1.Deals/GetDeal") })
    }
  }

  @Test func `a measurement of a second counts its calls`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      _ = try await cast.deal("Umzug")
      let result = try await cast.contoso.json(
        "bench quick --seconds 1 --in-flight 2 --write-percent 50")
      #expect(result["errors"].number == 0)
      #expect(result["readMilliseconds"]["calls"].number > 0)
      #expect(result["writeMilliseconds"]["calls"].number > 0)
    }
  }
}
