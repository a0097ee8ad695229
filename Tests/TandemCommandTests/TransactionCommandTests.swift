// SPDX-License-Identifier: Apache-2.0
// Transactions from the command line, out of a file.

import Foundation
import RunningServer
import Testing

struct TransactionCommandTests {
  private func file(_ lines: [String]) throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "tandem-transaction-\(UUID().uuidString).txt")
    try lines.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }

  private func create(_ cast: Cast, _ name: String) async throws -> String {
    let location = try await cast.contoso.json("location list").list.first?["id"].string ?? ""
    return "create --name \"\(name)\" --location \(location) --customer Adatum --street \"Weg 1\" "
      + "--city Hamburg --country DE --value \"100 EUR\" --close-date 2099-12-31 --solution Rack "
      + "--member \"Carl Conte <carl@contoso.example> +49 40 9876\" --share-with-others"
  }

  @Test func `R-113 a deal, an invitation and a mark are made by one file, or nothing of them`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      let invite =
        "invite @0 --organisation \(cast.fabrikamID) --help-code proofOfConcept --solution-lines 2"
        + " --value \"500 EUR\""
      let good = try file([
        "# a new deal", try await create(cast, "Umzug"), "", invite, "favourite @0",
      ])
      let dry = try await contoso.json("deal transact \(good) --validate-only")
      #expect(dry["commit"].number == 0 && dry["results"].list.count == 3)
      #expect(try await contoso.json("deal list").list.isEmpty)
      let done = try await contoso.json("deal transact \(good) --idempotency-key once-only-1")
      #expect(done["results"].list.map { $0["version"].number } == [1, 2, 0])
      let again = try await contoso.json("deal transact \(good) --idempotency-key once-only-1")
      #expect(again["isReplayed"].isTrue && again["commit"].number == done["commit"].number)
      let rows = try await contoso.json("deal list --favourites").list
      #expect(rows.count == 1)
      let deal = rows[0]["deal"]["id"].string
      let causes = try await contoso.json("deal history \(deal)").list
      #expect(causes.map { $0["cause"].string } == ["created", "invitationSent"])
      #expect(Set(causes.map { $0["commit"].number }) == [done["commit"].number])
      _ = try await cast.fabrikam.json("deal list") { $0.list.count == 1 }

      let bad = try file([
        try await create(cast, "Lager"), "favourite @0", "win \(deal)", "lose \(deal) --reason 99",
        "invite @0 --organisation \(cast.fabrikamID) --help-code proofOfConcept --solution-lines 9"
          + " --value \"500 EUR\"",
      ])
      let refused = await contoso.type("deal transact \(bad)")
      #expect(refused.code == 1 && refused.complaint.contains("operations[3]"))
      #expect(refused.complaint.contains("operations[4].solution_lines[0]"), "\(refused.complaint)")
      #expect(try await contoso.json("deal list").list.count == 1)
      #expect(try await contoso.json("deal get \(deal)")["deal"]["status"].string == "accepted")
    }
  }

  @Test(arguments: [
    ("dance @0", "line 1: \"dance\" is none of create"), ("win @x", "is no place such as @0"),
    ("win", "the deal (deal_… or @N) is missing"), ("create --name \"x", "a quotation mark"),
    ("favourite @0 --loudly 1", "--loudly means nothing here"), ("# nothing", "has no operation"),
  ])
  func `a file that cannot be read says which line and why`(line: String, complaint: String)
    async throws
  {
    let ended = await tandem(["deal", "transact", try file([line])])
    #expect(ended.code == 64 && ended.complaint.contains(complaint), "\(ended.complaint)")
    let missing = await tandem(["deal", "transact", "/nowhere/at-all.txt"])
    #expect(missing.code == 1 && missing.complaint.contains("cannot be read"))
  }
}
