// SPDX-License-Identifier: Apache-2.0
// Files of deals imported from the command line, each row once.

import Foundation
import RunningServer
import Testing

struct DealImportTests {
  private func run(_ test: (Cast, BulkWorkshop) async throws -> Void) async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      try await test(cast, try await BulkWorkshop(cast.contoso))
    }
  }

  @Test func `ruling 25, scenario 25 a file of 1,001 rows is imported whole, and once`()
    async throws
  {
    try await run { _, shop in
      try shop.write("deals.jsonl", (1...1_001).map { shop.new("Deal \($0)") })
      let dry = try await shop.load("deals.jsonl", "--validate-only")
      #expect(dry.counts == [1_001, 0, 0, 0, 0])
      #expect(!shop.exists("deals.jsonl.report.jsonl"))
      #expect(try await shop.names().isEmpty)
      #expect(try await shop.load("deals.jsonl", "--progress").counts == [1_001, 0, 0, 0, 0])
      let report = try shop.report("deals.jsonl.report.jsonl")
      #expect(report.map { $0["row"].number } == Array(1...1_001))
      #expect(report.allSatisfy { $0["verdict"].string == "created" && $0["version"].number == 1 })
      #expect(Set(report.map { $0["deal"].string }).count == 1_001)
      let names = try await shop.names()
      #expect(names.count == 1_001 && Set(names).count == 1_001)
      #expect(try await shop.load("deals.jsonl").counts == [0, 0, 0, 1_001, 0])
      #expect(try await shop.load("deals.jsonl", "--validate-only").counts == [0, 0, 0, 1_001, 0])
      #expect(try await shop.names() == names)
    }
  }

  @Test func `rows of equal content are several deals, and rows may be put in any order`()
    async throws
  {
    try await run { _, shop in
      let rows = [shop.new("Same"), shop.new("Same"), shop.new("Other")]
      try shop.write("a.jsonl", rows)
      #expect(try await shop.load("a.jsonl").counts == [3, 0, 0, 0, 0])
      try shop.write("a.jsonl", [shop.new("Other"), shop.new("Added"), rows[0], rows[1]])
      #expect(try await shop.load("a.jsonl").counts == [1, 0, 0, 3, 0])
      #expect(try await shop.names() == ["Added", "Other", "Same", "Same"])
      // Under another name they are other rows.
      #expect(try await shop.load("a.jsonl", "--as again").counts == [4, 0, 0, 0, 0])
    }
  }

  @Test func `without its report, torn or gone, an import makes nothing twice`() async throws {
    try await run { _, shop in
      try shop.write("a.jsonl", (1...20).map { shop.new("Deal \($0)") })
      #expect(try await shop.load("a.jsonl", "--in-flight 3").counts == [20, 0, 0, 0, 0])
      let report = try shop.read("a.jsonl.report.jsonl")
      let deals = try shop.report("a.jsonl.report.jsonl").map { $0["deal"].string }
      try shop.remove("a.jsonl.report.jsonl")
      #expect(try await shop.load("a.jsonl").counts == [20, 0, 0, 0, 0])
      #expect(try shop.report("a.jsonl.report.jsonl").map { $0["deal"].string } == deals)
      // The last of its lines is cut in the middle.
      try shop.write("a.jsonl.report.jsonl", text: String(report.dropLast(40)))
      #expect(try await shop.load("a.jsonl").counts == [1, 0, 0, 19, 0])
      let mended = try shop.report("a.jsonl.report.jsonl")
      #expect(Set(mended.map { $0["deal"].string }) == Set(deals) && mended.count == 20)
      #expect(try await shop.names().count == 20)
      try shop.write("a.jsonl.report.jsonl", ["no report"])
      let foreign = await shop.typist.type("deal import \(shop.path("a.jsonl"))")
      #expect(foreign.code == 1)
      #expect(foreign.complaint.contains("line 1: is no line of an import's report"))
      #expect(try shop.read("a.jsonl.report.jsonl") == "no report\n")
      // Nor is a file that ends without a newline, such as the rows themselves.
      try shop.write("one.jsonl", text: shop.new("Only"))
      let itself = await shop.typist.type(
        "deal import \(shop.path("one.jsonl")) --report \(shop.path("one.jsonl"))")
      #expect(itself.code == 1 && itself.complaint.contains("is no line of an import's report"))
      #expect(try shop.read("one.jsonl") == shop.new("Only"))
      // An editor took the last newline: the line counts, and the next one begins anew.
      try shop.write("a.jsonl.report.jsonl", text: "\u{FEFF}" + String(report.dropLast(1)))
      #expect(try await shop.load("a.jsonl").counts == [0, 0, 0, 20, 0])
      try shop.write("a.jsonl", text: shop.read("a.jsonl") + shop.new("Later") + "\n")
      #expect(try await shop.load("a.jsonl").counts == [1, 0, 0, 20, 0])
      #expect(try await shop.load("a.jsonl").counts == [0, 0, 0, 21, 0])
    }
  }

  @Test func `each refused row is told with all its problems, and a corrected file goes on`()
    async throws
  {
    try await run { cast, shop in
      let unknown = "deal_" + String(repeating: "0", count: 25) + "1"
      let rows = [
        shop.new("Good"),
        shop.new("", ",\"closeDate\":\"soon\"").replacing("2099-12-31\",", with: ""),
        "no json", "{\"id\":\"\(unknown)\",\"name\":\"X\"}",
        shop.new("Odd", ",\"colour\":\"red\",\"stage\":\"far\",\"tags\":\"x\",\"notes\":null"),
        shop.new("Told", ",\"created\":\"2027-01-01\",\"version\":3,\"reason\":1"),
        shop.new("Shelf").replacing("Rack", with: "Rock"), "[]",
        shop.new("").replacing("Weg 1", with: ""),
      ]
      try shop.write("a.jsonl", rows)
      let first = try await shop.load("a.jsonl", code: 1)
      #expect(first.counts == [1, 0, 0, 0, 8])
      #expect(first.refused.allSatisfy { $0["verdict"].string == "refused" })
      let problems = Set(first.problems)
      for problem in [
        " NO_JSON", " DEAL_NOT_FOUND", "colour FIELD_UNKNOWN", "stage FIELD_UNREADABLE",
        "tags FIELD_UNREADABLE", "notes FIELD_UNREADABLE", "created FIELD_TOLD",
        "version ID_MISSING", "reason REASON_MISPLACED", "solutions[0] SOLUTION_UNKNOWN",
        "name R-105",
      ] {
        #expect(problems.contains(problem), "\(problem) in \(problems)")
      }
      let told = await shop.typist.type("deal import \(shop.path("a.jsonl"))")
      #expect(told.code == 1)
      #expect(told.text.contains("row 3: refused: column 1: \"n\" begins no value [NO_JSON]"))
      #expect(told.text.hasSuffix("0 created, 0 changed, 0 unchanged, 1 done before, 8 refused"))
      try shop.write("a.jsonl", [rows[0], shop.new("Mended"), shop.new("Odd")])
      #expect(try await shop.load("a.jsonl").counts == [2, 0, 0, 1, 0])
      #expect(try await shop.names() == ["Good", "Mended", "Odd"])
    }
  }

  @Test
  func `only what differs from the row's version is changed, beside what a colleague changed`()
    async throws
  {
    try await run { cast, shop in
      let deal = try await cast.deal("Umzug", "--notes before --crm-id C-1 --tag a")
      _ = try await cast.contoso.json("deal patch \(deal) --notes \"by a colleague\"")
      let row =
        "{\"id\":\"\(deal)\",\"version\":1,\"name\":\"Moved\",\"notes\":\"before\",\"crmId\":\"C-1\","
        + "\"value\":\"12500.50 EUR\",\"tags\":[\"b\",\"c\"],\"stage\":60}"
      try shop.write("a.jsonl", [row])
      #expect(try await shop.load("a.jsonl", "--validate-only").counts == [0, 1, 0, 0, 0])
      #expect(try await shop.load("a.jsonl").counts == [0, 1, 0, 0, 0])
      var now = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(now["name"].string == "Moved" && now["notes"].string == "by a colleague")
      #expect(now["tags"].list.map(\.string) == ["b", "c"] && now["stage"].number == 60)
      #expect(now["version"].number == 3 && now["crmID"].string == "C-1")
      // Both want another name: the row is refused and says what is there now.
      try shop.write("b.jsonl", [row.replacing("Moved", with: "Umgezogen")])
      let conflict = try await shop.load("b.jsonl", code: 1)
      #expect(conflict.problems.contains("name CONFLICT"), "\(conflict.problems)")
      // What is there already is not asked for again.
      #expect(
        try await shop.load("a.jsonl", "--as other --report \(shop.path("r"))").counts
          == [0, 0, 1, 0, 0])
      // Emptied, and left as it is.
      try shop.write("c.jsonl", ["{\"id\":\"\(deal)\",\"notes\":\"\",\"tags\":[],\"crmId\":\"\"}"])
      #expect(try await shop.load("c.jsonl").counts == [0, 1, 0, 0, 0])
      now = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(
        now["notes"].string.isEmpty && now["tags"].list.isEmpty && now["crmID"].string.isEmpty)
      #expect(now["name"].string == "Moved")
      try shop.write("d.csv", ["id,name,notes", "\(deal),,kept"])
      #expect(try await shop.load("d.csv").counts == [0, 1, 0, 0, 0])
      now = try await cast.contoso.json("deal get \(deal)")["deal"]
      #expect(now["name"].string == "Moved" && now["notes"].string == "kept")
    }
  }

  @Test func `people and solutions join and leave, and what is fixed is refused by name`()
    async throws
  {
    try await run { cast, shop in
      let deal = try await cast.deal("Umzug", "--owner carl@contoso.example")
      let team = [
        "Carl Conte <carl@contoso.example> +49 40 1111", "Berg, Ada Maria <ada@contoso.example> 12",
      ]
      try shop.write(
        "a.jsonl",
        [
          "{\"id\":\"\(deal)\",\"team\":[\"\(team[0])\",\"\(team[1])\"],"
            + "\"solutions\":[\"cables\",\"Rack | quantity 2\"]}"
        ])
      #expect(try await shop.load("a.jsonl").counts == [0, 1, 0, 0, 0])
      let now = try await cast.contoso.json("deal get \(deal)")["deal"]
      let people = now["team"].list.map { $0["person"] }
      #expect(people.map { $0["firstName"].string } == ["Carl", "Ada Maria"])
      #expect(people.map { $0["phone"].string } == ["+49 40 1111", "12"])
      #expect(now["solutions"].list.map { $0["name"].string } == ["Cables", "Rack"])
      #expect(now["solutions"].list.map { $0["line"].number }.first == 4)
      let fixed = """
        {"id":"\(deal)","city":"Berlin","location":"loc_00000000000000000000000001","kind":"coSell",\
        "shareCustomer":false,"helpCode":"generalOrOther","value":""}
        """
      try shop.write("b.jsonl", [fixed])
      let refused = try await shop.load("b.jsonl", code: 1)
      #expect(
        Set(refused.problems) == [
          "city R-403", "location R-402", "kind FIELD_TOLD", "shareCustomer R-403",
          "helpCode R-205", "value R-105",
        ])
      #expect(
        refused.refused[0]["problems"].list.contains {
          $0["text"].string.contains("it is \"Hamburg\"")
        })
    }
  }

  @Test func `of fields that no deal has the first are named and the rest counted`() async throws {
    try await run { _, shop in
      let strange = (1...3_000).map { ",\"strange\($0)\":\($0)" }.joined()
      try shop.write("a.jsonl", [shop.new("Odd", strange), shop.new("Good")])
      let done = try await shop.load("a.jsonl", code: 1)
      #expect(done.counts == [1, 0, 0, 0, 1])
      #expect(done.problems.count == 21 && done.problems.last == " FIELD_UNKNOWN")
      let texts = done.refused[0]["problems"].list.map { $0["text"].string }
      #expect(texts.last == "2980 more of its fields are no fields of a deal")
    }
  }

  @Test func `a row ends its deal, with its other changes or not at all`() async throws {
    try await run { cast, shop in
      var deals: [String] = []
      for name in ["A", "B", "C", "D", "E", "F"] { deals.append(try await cast.deal(name)) }
      func row(_ place: Int, _ more: String) -> String { "{\"id\":\"\(deals[place])\",\(more)}" }
      try shop.write(
        "a.jsonl",
        [
          row(0, "\"status\":\"won\""), row(1, "\"status\":\"lost\",\"reason\":2,\"name\":\"B2\""),
          row(2, "\"status\":\"error\",\"reason\":9,\"reasonNotes\":\"twice\""),
          row(3, "\"status\":\"lost\",\"reason\":99,\"name\":\"D2\""),
          row(4, "\"status\":\"pending\""), row(5, "\"status\":\"accepted\",\"reason\":1"),
          shop.new("G", ",\"status\":\"won\",\"stage\":80"),
          shop.new("H", ",\"status\":\"declined\""),
        ])
      let done = try await shop.load("a.jsonl", "--in-flight 1", code: 1)
      #expect(done.counts == [1, 3, 0, 0, 4])
      #expect(
        done.problems == [
          "reason T8", "status STATUS_BY_COMMAND", "reason REASON_MISPLACED",
        ] + done.problems.suffix(1), "\(done.problems)")
      let found = try await cast.contoso.json("deal list --sort name").list.map {
        "\($0["deal"]["name"].string) \($0["deal"]["status"].string)"
      }
      #expect(
        found == ["A won", "B2 lost", "C error", "D accepted", "E accepted", "F accepted", "G won"])
      #expect(try await cast.contoso.json("deal history \(deals[1])").list.count == 3)
      #expect(try await shop.load("a.jsonl", code: 1).counts == [0, 0, 0, 4, 4])
      // A row of before the end, which a colleague came first with.
      let lost = "\"version\":1,\"status\":\"lost\",\"reason\":"
      try shop.write("b.jsonl", [row(1, lost + "2"), row(1, lost + "3")])
      let late = try await shop.load("b.jsonl", code: 1)
      #expect(late.counts == [0, 0, 1, 0, 1] && late.problems == ["reason ENDED_OTHERWISE"])
      try shop.write("b.jsonl", [row(0, "\"name\":\"late\"")])
      #expect(try await shop.load("b.jsonl", code: 1).problems == [" DEAL_CLOSED"])
    }
  }

  @Test func `rows of one deal are carried out in their order`() async throws {
    try await run { cast, shop in
      let deals = [try await cast.deal("A"), try await cast.deal("B")]
      try shop.write(
        "a.csv",
        ["id,notes"] + (1...60).map { "\(deals[$0 % 2]),note \($0)" })
      #expect(try await shop.load("a.csv").counts == [0, 60, 0, 0, 0])
      for (place, deal) in deals.enumerated() {
        let entries = try await cast.contoso.json("deal history \(deal)").list
        let notes = entries.dropFirst().map { $0["after"]["notes"].string }
        #expect(notes == (1...60).filter { $0 % 2 == place }.map { "note \($0)" })
      }
    }
  }

  @Test(arguments: [
    ("a.csv", "", "the file is empty"),
    ("a.csv", "id,nmae\n", "no column of a deal; did you mean name?"),
    ("a.csv", "id,name,id\n", "cell 3: the column \"id\" comes twice"),
    ("a.csv", "id;name\n", "are not separated by commas"),
    (
      "a.csv", "name,value\n",
      "the columns location, closeDate, solutions, team, shareWithOthers, customer or"
    ),
    ("a.csv", "id,name\nx,\"y", "line 2, column 3: the quotation mark that opens here"),
  ])
  func `a file that cannot be read ends the import and says where`(
    name: String, text: String, part: String
  ) async throws {
    try await run { _, shop in
      try shop.write(name, text: text)
      let ended = await shop.typist.type("deal import \(shop.path(name))")
      #expect(ended.code == 1 && ended.complaint.contains(part), "\(ended.complaint)")
    }
  }

  @Test func `rows that cannot be read stop no other`() async throws {
    try await run { cast, shop in
      let deal = try await cast.deal("A")
      var bytes = Array("id,name,stage\r\n\(deal),one\r\n\(deal),".utf8)
      bytes += [0xFF] + Array(",\r\nx,two,far\r\n\(deal),three,\r\n".utf8)
      try Data(bytes).write(to: URL(fileURLWithPath: shop.path("a.csv")))
      let done = try await shop.load("a.csv", code: 1)
      #expect(done.counts == [0, 1, 0, 0, 3])
      #expect(
        done.problems == [
          " CELL_COUNT", " NO_UTF_8", "id FIELD_UNREADABLE", "stage FIELD_UNREADABLE",
        ])
      #expect(try await shop.names() == ["three"])
    }
  }

  @Test func `an error that is no row's stops the import, which goes on when it is run again`()
    async throws
  {
    try await run { cast, shop in
      try shop.write("a.jsonl", (1...5).map { shop.new("Deal \($0)") })
      let user = try await cast.contoso.json("user list").list[0]["id"].string
      let key = try await cast.contoso.json("key issue \(user) --label r --read-only")["key"]
      let stopped = await tandem(
        "deal", "import", shop.path("a.jsonl"), "--url", shop.typist.url, "--key", key.string)
      #expect(stopped.code == 1 && stopped.complaint.contains("KEY_READ_ONLY"))
      #expect(stopped.complaint.contains("the same command goes on where it was"))
      #expect(stopped.text == "0 created, 0 changed, 0 unchanged, 0 refused")
      #expect(try shop.read("a.jsonl.report.jsonl").isEmpty)
      #expect(try await shop.load("a.jsonl").counts == [5, 0, 0, 0, 0])
    }
  }

  @Test(arguments: [
    ("deal import", "the FILE (- for the standard input) is missing"),
    ("deal import - --report r", "--as is missing"),
    ("deal import - --as x", "--report is missing"),
    ("deal import a --in-flight 0", "--in-flight is 1 to 1000, not 0"),
    ("deal import a --format xml", "--format: \"xml\" is none of jsonl, csv"),
    ("deal import a --as=", "--as is empty"),
    ("deal import a --reprot r", "did you mean --report?"),
    ("deal export --json", "--json and --only are for the count of deals in a FILE"),
    ("deal export a --status gone", "--status: \"gone\" is none of"),
  ])
  func `a wrong command line is explained`(line: String, part: String) async {
    let ended = await tandem(line.split(separator: " ").map(String.init))
    #expect(ended.code == 64 && ended.complaint.contains(part), "\(ended.complaint)")
  }
}
