// SPDX-License-Identifier: Apache-2.0
// Recent contacts from the command line.

import RunningServer
import Testing

struct ContactCommandTests {
  @Test func `row 5 people of earlier deals are offered, the newest first, each once`() async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let older = try await cast.deal("Umzug")
      _ = try await cast.deal(
        "Ausbau", "--member \"Dora Dorn <dora@contoso.example> +49 40 2222\"")
      let headings = "LAST USED|KIND|CUSTOMER|PERSON"
      let rows = try await cast.contoso.table("contact list --kind teamMember", headings)
      #expect(rows.count == 2)
      #expect(
        rows.first?.hasSuffix("teamMember  Adatum    Carl Conte <carl@contoso.example> +49 40 9876")
          == true)
      #expect(rows.last?.hasSuffix("Dora Dorn <dora@contoso.example> +49 40 2222") == true)
      // A deal that changes comes to the front.
      _ = try await cast.contoso.json(
        "deal patch \(older) --add-member \"Emil Eich <emil@contoso.example> +49 40 3\"")
      let all = try await cast.contoso.json("contact list").list
      #expect(
        all.map { $0["person"]["firstName"].string } == ["Carl", "Emil", "Bea", "Dora"])
      #expect(all.first?["deal"].string == older)
      // As it stands there it is given again.
      let third = "Eich, Erna Maria <erna@contoso.example> +49 40 4, Head"
      _ = try await cast.contoso.json("deal patch \(older) --add-member \"\(third)\"")
      let told = try await cast.contoso.table("contact list --kind teamMember", headings)
      #expect(told.contains { $0.hasSuffix("  \(third)") }, "\(told)")
      #expect(try await cast.contoso.json("contact list --max 1").list.count == 1)
      let refused = await cast.contoso.type("contact list --max 201")
      #expect(refused.code == 1 && refused.complaint.contains("the limit is 200"))
    }
  }

  @Test func `invariant 12 people of deals out of sight are not offered`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      let uma = try await Self.user("Uma referralsUser", of: contoso, server)
      _ = try await cast.deal("Umzug", "--member \"Uma Ulm <uma@contoso.example> +49 40 1\"")
      let secret = try await cast.deal(
        "Geheim", "--member \"Gero Gram <gero@contoso.example> +49 40 4\"")
      let seen = try await uma.json("contact list").list
      #expect(seen.map { $0["person"]["firstName"].string } == ["Carl", "Uma", "Bea"])
      #expect(!seen.contains { $0["deal"].string == secret })
      // Today's rights: on the team, its people are offered too.
      _ = try await contoso.json(
        "deal patch \(secret) --add-member \"Uma Ulm <uma@contoso.example> +49 40 1\"")
      #expect(try await uma.json("contact list").list.contains { $0["deal"].string == secret })
      let viewer = try await Self.user("Vera viewer", of: contoso, server)
      let refused = await viewer.type("contact list")
      #expect(refused.code == 1 && refused.complaint.contains("PERMISSION_DENIED"))
      #expect(try await cast.fabrikam.json("contact list").list.isEmpty)
    }
  }

  /// A user of an organisation with a key of its own; written as name and role.
  private static func user(
    _ who: String, of admin: Typist, _ server: TestServer
  ) async throws -> Typist {
    let words = who.split(separator: " ")
    let person = "\(words[0]) Ulm <\(words[0].lowercased())@contoso.example> +49 40 1"
    let user = try await admin.json("user add --person \"\(person)\" --grant \(words[1])")
    let issued = try await admin.json("key issue \(user["id"].string) --label test")
    return Typist(server, key: issued["key"].string)
  }
}
