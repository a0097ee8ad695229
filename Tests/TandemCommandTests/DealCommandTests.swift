// SPDX-License-Identifier: Apache-2.0
// Deals from the command line, between two organisations of a running server.

import RunningServer
import TandemCommand
import Testing

struct DealCommandTests {
  @Test func `a deal is read as it was, by version and by time`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      let deal = try await cast.deal("Umzug")
      _ = try await contoso.json("deal patch \(deal) --name Moved")
      let first = try await contoso.json("deal get \(deal) --at-version 1")["deal"]
      #expect(first["name"].string == "Umzug" && first["version"].number == 1)
      let created = first["createdAt"].string
      #expect(
        try await contoso.json("deal get \(deal) --at \(created)")["deal"]["name"].string
          .isEmpty == false)
      #expect(
        try await contoso.read("deal get \(deal) --at-version 2").contains("name        Moved"))
      for (past, reason) in [
        ("--at-version 3", "VERSION_UNKNOWN"), ("--at-version 0", "VERSION_UNKNOWN"),
        ("--at 2020-01-01", "BEFORE_CREATION"), ("--at 1970-01-01", "BEFORE_CREATION"),
        ("--at 2999-01-01T00:00Z", "TIME_AHEAD"),
      ] {
        let refused = await contoso.type("deal get \(deal) \(past)")
        #expect(refused.code == 1 && refused.complaint.contains(reason), "\(refused.complaint)")
      }
      #expect(await contoso.type("deal get \(deal) --at yesterday").code == 64)
      #expect(await contoso.type("deal get \(deal) --at 2020-01-01 --at-version 1").code == 64)
    }
  }

  @Test func `who gives no key is told how`() async throws {
    try await TestServer.run { server in
      let contoso = try await Cast(server).contoso
      let keyless = await tandem(["deal", "list", "--url", contoso.url])
      #expect(keyless.code == 64 && keyless.complaint.contains("say --key tdk_… or set"))
      let wrong = await tandem(["deal", "list", "--url", contoso.url, "--key", "tdk_x"])
      #expect(wrong.code == 1 && !wrong.complaint.contains("no access key is given"))
    }
  }

  @Test func `a deal is created, read, changed, shared, accepted and won`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let (contoso, fabrikam) = (cast.contoso, cast.fabrikam)
      let deal = try await cast.deal("Umzug 🚀")
      let facts = try await contoso.read("deal get \(deal)")
      #expect(facts.contains("value       12500.50 EUR"))
      #expect(facts.contains("member 1    Carl Conte <carl@contoso.example>"))

      let patched = try await contoso.json(
        "deal patch \(deal) --stage 60 --notes \"second meeting held\" --base-version 1")
      #expect(patched["version"].number == 2)
      let mapped = try await contoso.read("deal patch \(deal) --stage 85 --validate-only")
      #expect(
        mapped.contains("warning  STAGE_MAPPED 85 % is the stage negotiated, 80 % (G07)"))
      #expect(mapped.contains("commit   nothing changed"))
      let named = try await contoso.json(
        "deal patch \(deal) --stage Propose --validate-only")
      #expect(named["version"].number == 2 && named["warnings"].list.isEmpty)
      let stale = await contoso.type(
        "deal patch \(deal) --name X --base-version 1 --whole-deal")
      #expect(stale.code == 1 && stale.complaint.contains("CONFLICT"))
      #expect(await contoso.type("deal win \(deal) --whole-deal").code == 64)
      let unknown = await contoso.type("deal patch \(deal) --stage Prospecting")
      #expect(unknown.code == 1 && unknown.complaint.contains("is no sales stage"))
      let lines = try await contoso.json("deal get \(deal)")["deal"]["solutions"].list
      #expect(lines.map { $0["name"].string } == ["Rack", "Cables"])
      let line = lines.first?["line"].number ?? 0
      let invited = try await contoso.read(
        "deal invite \(deal) --organisation \(cast.fabrikamID) --help-code proofOfConcept "
          + "--value \"500 EUR\" --solution-lines \(line) --notes help")
      #expect(invited.contains("version  3"))

      let inbound = try await fabrikam.json("deal list --direction inbound") { !$0.list.isEmpty }
      let copy = inbound.list[0]["deal"]["id"].string
      #expect(inbound.list[0]["deal"]["status"].string == "pending")
      _ = try await fabrikam.json("deal acknowledge \(copy)")
      _ = try await fabrikam.json("deal accept \(copy) --name \"With Contoso\" --crm-id C-1")
      let seen = try await contoso.json("deal get \(deal)") {
        $0["deal"]["cards"].list.first?["status"].string == "accepted"
      }
      #expect(seen["deal"]["cards"].list.count == 1)
      #expect(try await contoso.read("deal get \(deal)").last == "invited     Fabrikam: accepted")

      _ = try await fabrikam.json("deal lose \(copy) --reason 3")
      _ = try await contoso.json("deal get \(deal)") {
        $0["deal"]["cards"].list.first?["status"].string == "lost"
      }
      let report = try await contoso.read("deal get \(deal)").last ?? ""
      #expect(report.hasPrefix("invited     Fabrikam: lost, reason 3, 500.00 EUR, close date "))

      let won = try await contoso.read("deal win \(deal)")
      #expect(won.contains { $0.hasPrefix("warning  CLOSED_WITHIN_72H ") })
      let history = try await contoso.json("deal history \(deal)").list.map { $0["cause"].string }
      #expect(Array(history.prefix(3)) == ["created", "patched", "invitationSent"])
      #expect(history.last == "won")
      let rows = try await contoso.table(
        "deal history \(deal)", "COMMIT|AT|VERSION|CAUSE|ACTOR|FIELDS")
      #expect(rows.count == history.count)
    }
  }

  @Test func `lists are filtered, and their columns stand below their headings`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let deals = [
        try await cast.deal("Umzug 🚀"), try await cast.deal("Büro"), try await cast.deal("Lager"),
      ]
      let headings = "ID|STATUS|DIRECTION|VALUE|CUSTOMER|NAME"
      #expect(try await cast.contoso.table("deal list", headings).count == 3)
      #expect(try await cast.contoso.table("deal list --max 2", headings).count == 2)
      let unknown = "deal_" + String(repeating: "0", count: 25) + "1"
      let some = [deals[2], unknown, deals[0]].joined(separator: " ")
      let found = await cast.contoso.type("deal get \(some)")
      #expect(found.code == 1 && found.complaint.contains("no deal \(unknown) that you may see"))
      #expect(found.text.contains(deals[2]) && found.text.contains(deals[0]))
      let both = try await cast.contoso.json("deal get \(deals[2]) \(deals[0])").list
      #expect(both.map { $0["deal"]["id"].string } == [deals[2], deals[0]])
      #expect(
        try await cast.contoso.table("deal get \(deals[2]) \(deals[0])", headings).count == 2)
      #expect(try await cast.contoso.table("deal list --status won,lost", headings) == [])
      #expect(try await cast.contoso.json("deal list --status won").list.isEmpty)
      #expect(try await cast.contoso.read("deal favourite \(deals[1])") == ["marked"])
      let marked = try await cast.contoso.json("deal list --favourites").list
      #expect(marked.map { $0["deal"]["name"].string } == ["Büro"])
      #expect(marked.first?["isFavourite"].isTrue == true)
      let unmarked = try await cast.contoso.json("deal favourite \(deals[1]) --no")
      #expect(!unmarked["favourite"].isTrue)
      // One part of a result is of whole rows, not of those that a table shows.
      let stage = try await cast.contoso.json("deal list --max 1").list[0]["deal"]["stage"].number
      #expect(stage > 0)
      #expect(
        try await cast.contoso.read("deal list --max 1 --only 0.deal.stage") == ["\(stage)"])
      let sorted = try await cast.contoso.json("deal list --sort created --descending").list
      #expect(sorted.map { $0["deal"]["id"].string } == deals.reversed())
    }
  }

  @Test func `section 20 a list is narrowed by what its deals must satisfy`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let umzug = try await cast.deal("Umzug", "--crm-id OPP-1 --notes \"asked by the CFO\"")
      let lager = try await cast.deal("Lager", "--campaign-id spring")
      func found(_ options: String) async throws -> [String] {
        try await cast.contoso.json("deal list --sort created \(options)").list.map {
          $0["deal"]["id"].string
        }
      }
      #expect(try await found("--name um") == [umzug])
      #expect(try await found("--crm-id OPP-1 --country DE,FR") == [umzug])
      #expect(try await found("--crm-id OPP-1 --country FR") == [])
      #expect(try await found("--campaign-id spring --status accepted") == [lager])
      #expect(try await found("--text \"the cfo\"") == [umzug])
      #expect(try await found("--customer ADA --value-from \"12500 EUR\"") == [umzug, lager])
      #expect(try await found("--value-to \"12500 EUR\"") == [])
      #expect(try await found("--member-email CARL@contoso.example") == [umzug, lager])
      #expect(try await found("--mine") == [])
      #expect(try await found("--created-within 1d --kind privateDeal") == [umzug, lager])
      #expect(try await found("--due-within 3d") == [])
      let wrong = await cast.contoso.type("deal list --text ab --country XX")
      #expect(wrong.code == 1 && wrong.complaint.contains("SEARCH_TOO_SHORT"))
      #expect(wrong.complaint.contains("'XX' is not an ISO 3166-1 alpha-2 code"))
      let span = await cast.contoso.type("deal list --due-within soon")
      #expect(span.code == 64 && span.complaint.contains("3d, 12h or 30m"))
    }
  }

  @Test func `R-401 contacts and solutions of a deal are changed`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let deal = try await cast.deal("Umzug")
      let lines = try await cast.contoso.json("deal get \(deal)")["deal"]["solutions"].list
      let first = lines.first?["line"].number ?? 0
      _ = try await cast.contoso.json(
        "deal patch \(deal) --contact \"Dora Dorn <dora@adatum.example> +49 40 1\"")
      _ = try await cast.contoso.json(
        "deal patch \(deal) --add-solution Rack --remove-solution \(first)")
      let changed = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(
        changed["customer"]["contacts"].list.map { $0["person"]["email"].string }
          == ["dora@adatum.example"])
      #expect(changed["solutions"].list.map { $0["name"].string } == ["Cables", "Rack"])
      let unknown = await cast.contoso.type("deal patch \(deal) --add-solution Nothing")
      #expect(unknown.code != 0 && unknown.complaint.contains("Nothing"))
    }
  }

  @Test func `section 20d the newest come first, unless said otherwise`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let first = try await cast.deal("Lager")
      let second = try await cast.deal("Umzug")
      _ = try await cast.contoso.read("deal patch \(first) --notes later")
      func listed(_ options: String) async throws -> [String] {
        try await cast.contoso.json("deal list \(options)").list.map { $0["deal"]["id"].string }
      }
      #expect(try await listed("") == [second, first])
      #expect(try await listed("--max 1") == [second])
      #expect(try await listed("--sort created") == [first, second])
      #expect(try await listed("--sort updated") == [second, first])
      #expect(try await listed("--sort -updated") == [first, second])
    }
  }

  @Test func `section 20 lists are sorted by two fields, and one deal is found by its CRM id`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let first = try await cast.deal("Lager", "--crm-id OPP-1")
      let second = try await cast.deal("Umzug", "--crm-id OPP-2")
      let third = try await cast.deal("lager", "--crm-id OPP-2")
      func sorted(_ fields: String, _ more: String = "") async throws -> [String] {
        try await cast.contoso.json("deal list --sort \(fields) \(more)").list.map {
          $0["deal"]["id"].string
        }
      }
      #expect(try await sorted("name,-created") == [third, first, second])
      #expect(try await sorted("-name,created") == [second, first, third])
      #expect(try await sorted("created", "--descending --max 2") == [third, second])
      #expect(
        try await cast.contoso.table(
          "deal list --sort value,name", "ID|STATUS|DIRECTION|VALUE|CUSTOMER|NAME"
        ).allSatisfy { $0.contains("12500.50 EUR") && $0.contains("Adatum") })
      #expect(try await cast.contoso.read("deal find OPP-1").first == "id          \(first)")
      let several = await cast.contoso.type("deal find OPP-2")
      #expect(several.code == 1 && several.complaint.contains("DEAL_NOT_UNIQUE"))
      let none = await cast.contoso.type("deal find OPP-3")
      #expect(none.code == 1 && none.complaint.contains("DEAL_NOT_FOUND"))
      #expect(await cast.contoso.type("deal list --sort name,value,stage").code == 64)
      let twice = await cast.contoso.type("deal list --sort name,-name")
      #expect(twice.code == 1 && twice.complaint.contains("then_sort"))
    }
  }

  @Test func `section 21 deals are counted and summed in groups`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      _ = try await cast.deal("Umzug", "--campaign-id spring")
      let lager = try await cast.deal("Lager")
      _ = try await cast.deal("Büro")
      _ = try await cast.contoso.json("deal lose \(lager) --reason 1")
      #expect(
        try await cast.contoso.table("deal count --by status", "STATUS|COUNT") == [
          "accepted  2", "lost      1", "total     3",
        ])
      #expect(
        try await cast.contoso.table("deal count --sum --country DE", "COUNT|VALUE") == [
          "3      37501.5 EUR"
        ])
      #expect(try await cast.contoso.table("deal count --country FR", "COUNT") == ["0"])
      let pivot = try await cast.contoso.json("deal count --by campaign,status --sum")["groups"]
        .list
      #expect(
        pivot.map { $0["keys"].list.map { $0["text"].string } } == [
          ["", ""], ["", ""], ["spring", ""],
        ])
      #expect(pivot.map { $0["keys"].list[1]["number"].number } == [3, 5, 3])
      #expect(pivot.first?["sums"].list.first?["amount"].string == "12500.5")
      let three = await cast.contoso.type("deal count --by status,stage,kind")
      #expect(three.code == 1 && three.complaint.contains("at most 2"))
      #expect(await cast.contoso.type("deal count --by weather").code == 64)
    }
  }

  @Test func `R-201 R-202 help is asked of the desk for the customer's country`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let registrar = cast.operatorOfMain
      let northwind = try await Cast.register(
        "Northwind", registrar, server, kind: "vendor", "--covers DE,AT")
      let elsewhere = try await Cast.register("Tailspin", registrar, server, kind: "vendor")
      let taken = await registrar.type(
        "org register --kind vendor --name Twice --country DE --covers FR,DE "
          + "--administrator \"Ada Berg <ada@twice.example> +49 40 1234\"")
      #expect(taken.code == 1 && taken.complaint.contains("DE is covered by Northwind"))
      let second = await registrar.type(
        "org register --kind vendor --name Twice --country DE "
          + "--administrator \"Ada Berg <ada@twice.example> +49 40 1234\"")
      #expect(second.code == 1 && second.complaint.contains("Tailspin is the default desk"))
      let unset = await registrar.type(
        "org register --kind vendor --name Twice --country DE --covers FR,,ES "
          + "--administrator \"Ada Berg <ada@twice.example> +49 40 1234\"")
      #expect(unset.code == 64)

      let deal = try await cast.deal(
        "Umzug", "--help-code proofOfConcept --visible-to-vendor --notes-to-vendor \"200 desks\"")
      let mine = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(mine["baseKind"].string == "coSell" && mine["version"].number == 1)
      let inbound = try await northwind.typist.json("deal list --direction inbound") {
        !$0.list.isEmpty
      }
      let copy = inbound.list[0]["deal"]
      #expect(copy["invitation"]["notes"].string == "200 desks")
      _ = try await northwind.typist.json("deal accept \(copy["id"].string) --name Umzug")
      _ = try await cast.contoso.json("deal get \(deal)") {
        $0["deal"]["cards"].list.first?["status"].string == "accepted"
      }
      #expect(try await elsewhere.typist.json("deal list").list.isEmpty)

      let later = try await cast.deal("Später")
      _ = try await cast.contoso.json(
        "deal invite \(later) --vendor --help-code generalOrOther --solution-lines 3")
      #expect(
        try await cast.contoso.json("deal get \(later)")["deal"]["cards"].list.count == 1)
      let both = await cast.contoso.type(
        "deal invite \(later) --vendor --organisation \(cast.fabrikamID) "
          + "--help-code generalOrOther --solution-lines 3")
      #expect(both.code == 64)
    }
  }

  @Test func `R-405 section 7 a deal is shown to the vendor, then the vendor is asked`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let northwind = try await Cast.register(
        "Northwind", cast.operatorOfMain, server, kind: "vendor")
      let deal = try await cast.deal("Umzug", "--notes \"two buildings\"")
      #expect(try await northwind.typist.json("deal list").list.isEmpty)
      _ = try await cast.contoso.json("deal patch \(deal) --visible-to-vendor")
      let mine = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(mine["baseKind"].string == "partnerLed")
      #expect(mine["shownTo"]["name"].string == "Northwind")
      let inbound = try await northwind.typist.json("deal list --direction inbound") {
        !$0.list.isEmpty
      }
      let copy = inbound.list[0]["deal"]
      let id = copy["id"].string
      #expect(copy["notes"].string == "two buildings" && copy["status"].string == "accepted")
      #expect(copy["customer"]["contacts"].list.isEmpty)
      let refused = await northwind.typist.type("deal patch \(id) --notes mine")
      #expect(refused.code == 1 && refused.complaint.contains("only shows you a deal of Contoso"))
      let facts = try await northwind.typist.read("deal get \(id)")
      #expect(facts.contains { $0.hasPrefix("shadow") && $0.contains("only read it") })
      _ = try await cast.contoso.json("deal patch \(deal) --stage 60 --name Großumzug")
      let moved = try await northwind.typist.json("deal get \(id)") {
        $0["deal"]["stage"].number == 60
      }
      #expect(moved["deal"]["name"].string == "Großumzug")
      _ = try await cast.contoso.json(
        "deal invite \(deal) --vendor --help-code generalOrOther --solution-lines 3")
      _ = try await northwind.typist.json("deal get \(id)") {
        $0["deal"]["status"].string == "pending"
      }
      // It has no name of its own before it is accepted; its reader is told the initiator's.
      #expect(
        try await northwind.typist.read("deal list").contains {
          $0.hasPrefix(id) && $0.hasSuffix("Großumzug")
        })
      let causes = try await northwind.typist.json("deal history \(id)").list.map {
        $0["cause"].string
      }
      #expect(causes == ["shown", "shadowFollowed", "invitationReceived"])
      _ = try await northwind.typist.json("deal accept \(id) --name Umzug")
    }
  }

  @Test func `scenario 19 a won partner-led deal is eligible, criterion by criterion`() async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      _ = try await Cast.register("Northwind", cast.operatorOfRealm, server, kind: "vendor")
      let hub = try await cast.contoso.read(
        "solution publish --name Hub --type intellectualProperty --co-sell-ready "
          + "--incentive intellectualProperty")[0]
      let deal = try await cast.deal("Umzug", "--solution \(hub)")
      let headings = "CRITERION|MET|RULE|WHY"
      let early = try await cast.contoso.table("deal eligibility \(deal)", headings)
      #expect(early.count == 5 && early[0].contains("the deal is private"))
      #expect(early[4].hasPrefix("eligible") && early[4].contains("  no "))
      _ = try await cast.contoso.json("deal patch \(deal) --visible-to-vendor")
      _ = try await cast.contoso.json("deal win \(deal)")
      let found = try await cast.contoso.json("deal eligibility \(deal)")
      #expect(found["isEligible"].isTrue && found["isReviewed"].isTrue)
      #expect(found["isWonEarly"].isTrue && found["criteria"].list.count == 4)
    }
  }

  @Test func `T9 a deal that should not be there is closed as an error`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let deal = try await cast.deal("Umzug")
      let refused = await cast.contoso.type("deal error \(deal) --reason 9")
      #expect(refused.code == 1 && refused.complaint.contains("is required with reason 9"))
      let before = try await cast.contoso.json("deal actions \(deal)")["actions"].list
      #expect(before.first { $0["action"].string == "closeAsError" }?["isAllowed"].isTrue == true)
      let closed = try await cast.contoso.json("deal error \(deal) --reason 2")
      #expect(closed["version"].number == 2)
      let seen = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(seen["status"].string == "error" && seen["closure"]["reason"].number == 2)
      let history = try await cast.contoso.json("deal history \(deal)").list
      #expect(history.last?["cause"].string == "closedAsError")
      let rows = try await cast.contoso.table(
        "deal actions \(deal)", "ACTION OR FIELD|ALLOWED|RULES|WHY NOT")
      let wins = rows.filter { $0.hasPrefix("win ") }
      #expect(wins.count == 1 && wins[0].contains("  no       T10  "))
      #expect(wins[0].contains("DEAL_CLOSED: the deal is closed as error"))
      // A line for each rule: what locks the field, then what locks the deal.
      let location = rows.filter { $0.hasPrefix("location_id ") }
      #expect(location.count == 2 && location[0].contains("  R-402  "), "\(location)")
      #expect(location.last?.contains("  T10  ") == true)
      let whole = try await cast.contoso.json("deal actions \(deal)")
      let fields = whole["fields"].list.filter { $0["path"].string == "location_id" }
      let obstacles = fields.first?["obstacles"].list ?? []
      #expect(obstacles.map { $0["rules"].list.map(\.string) } == [["R-402"], ["T10"]])
      #expect(obstacles.map { $0["possibleUntil"].string } == ["created", "closed"])
      #expect(rows.contains { $0.hasPrefix("setFavourite ") && $0.contains("  yes ") })
    }
  }

  @Test func `a deal is lost, and an invitation declined, with a reason`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let deal = try await cast.deal("Umzug")
      let line = try await cast.contoso.json("deal get \(deal)")["deal"]["solutions"]
        .list[0]["line"].number
      _ = try await cast.contoso.json(
        "deal invite \(deal) --organisation \(cast.fabrikamID) --help-code generalOrOther "
          + "--value \"500 EUR\" --solution-lines \(line)")
      let inbound = try await cast.fabrikam.json("deal list --direction inbound") {
        !$0.list.isEmpty
      }
      let copy = inbound.list[0]["deal"]["id"].string
      _ = try await cast.fabrikam.json("deal decline \(copy) --reason 2 --notes \"no capacity\"")
      #expect(
        try await cast.fabrikam.json("deal get \(copy)")["deal"]["status"].string == "declined")
      _ = try await cast.contoso.json("deal lose \(deal) --reason 1")
      #expect(try await cast.contoso.json("deal get \(deal)")["deal"]["status"].string == "lost")

      let notes = try await cast.fabrikam.json("inbox list --unread").list
      #expect(notes.isEmpty == false)
      _ = try await cast.fabrikam.table("inbox list", "ID|AT|TOPIC|COUNTERPART|ABOUT|READ")
      let ids = notes.map { $0["id"].string }.joined(separator: " ")
      #expect(
        try await cast.fabrikam.read("inbox read \(ids)") == ["\(notes.count) marked as read"])
      #expect(try await cast.fabrikam.json("inbox list --unread").list.isEmpty)
    }
  }

  @Test func `a refusal goes to the errors with its reason and ends with 1`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let unknown = "deal_" + String(repeating: "0", count: 25) + "1"
      let ended = await cast.contoso.type("deal get \(unknown) --json")
      #expect(ended.code == 1)
      #expect(ended.text.isEmpty)
      #expect(ended.complaint.hasPrefix("Deals/GetDeal: NOT_FOUND DEAL_NOT_FOUND"))
      let deal = try await cast.deal("Umzug")
      let twice = "deal patch \(deal) --notes x --idempotency-key the-same-key"
      #expect(try await cast.contoso.json(twice)["isReplayed"].isTrue == false)
      #expect(try await cast.contoso.read(twice).contains("replayed  yes"))
      let stranger = await Typist(server, key: "tdk_nobody").type("deal list")
      #expect(stranger.code == 1)
      #expect(stranger.complaint.contains("UNAUTHENTICATED"), "\(stranger.complaint)")
    }
  }

  @Test func `a watch prints each change as a line of JSON with a token to go on from`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let deal = try await cast.deal("Umzug")
      func firstLine(_ words: [String], after act: (Json) async throws -> Void) async throws -> Json
      {
        let recorder = Recorder()
        let watching = Task {
          await ClientCommand.run(words + cast.contoso.options, recorder.console)
        }
        var lines = recorder.lines.makeAsyncIterator()
        // The first item only tells the place from which on changes come.
        let place = try Json(parsing: try #require(await lines.next(), "\(recorder.complaint)"))
        #expect(place["item"]["events"].list.isEmpty)
        try await act(place)
        let line = try Json(parsing: try #require(await lines.next()))
        watching.cancel()
        #expect(await watching.value == 0)
        return line
      }
      let first = try await firstLine(["watch", "--json", "--progress"]) { _ in
        _ = try await cast.contoso.json("deal patch \(deal) --name \"Umzug 2\"")
      }
      let event = first["item"]["events"].list.first
      #expect(event?["cause"].string == "patched")
      #expect(event?["deal"].string == deal)
      _ = try await cast.contoso.json("deal patch \(deal) --name \"Umzug 3\"")
      let token = first["token"].string
      let next = try await firstLine(["watch", "--json", "--progress", "--from", token]) { _ in }
      #expect(next["item"]["events"].list.first?["version"].number == 3)
    }
  }
}
