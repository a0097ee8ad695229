// SPDX-License-Identifier: Apache-2.0
// Tags and the owner of a deal from the command line.

import RunningServer
import TandemCommand
import Testing

struct OwnWordsCommandTests {
  @Test func `tags and the owner of a deal are given, changed, taken away and sought`() async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let contoso = cast.contoso
      let deal = try await cast.deal(
        "Umzug", "--tag renewal --tag \"big one\" --owner carl@contoso.example")
      let plain = try await cast.deal("Lager")
      let facts = try await contoso.read("deal get \(deal)")
      #expect(facts.contains { $0.hasPrefix("tags ") && $0.hasSuffix("renewal, big one") })
      #expect(facts.contains { $0.hasPrefix("owner ") && $0.contains("Carl Conte") })
      #expect(
        try await contoso.json("deal list --tag renewal").list.map { $0["deal"]["id"].string }
          == [deal])
      #expect(
        try await contoso.json("deal list --owner CARL@contoso.example").list.count == 1)
      #expect(
        try await contoso.json("deal list --no-owner").list.map { $0["deal"]["id"].string }
          == [plain])
      #expect(try await contoso.json("deal count --tag renewal")["groups"].list.count == 1)
      let leaves = await contoso.type("deal patch \(deal) --remove-member 1")
      #expect(leaves.code == 1 && leaves.complaint.contains("would leave its team"))
      _ = try await contoso.json("deal patch \(deal) --no-tags --no-owner --validate-only")
      _ = try await contoso.json("deal patch \(deal) --tag other --no-owner")
      let changed = try await contoso.json("deal get \(deal)")["deal"]
      #expect(changed["tags"].list.map(\.string) == ["other"])
      #expect(changed["ownerLine"].number == 0)
      _ = try await contoso.json("deal patch \(deal) --no-tags")
      #expect(try await contoso.json("deal get \(deal)")["deal"]["tags"].list.isEmpty)
      for wrong in ["--tag x --no-tags", "--owner x@y.example --no-owner"] {
        #expect(await contoso.type("deal patch \(deal) \(wrong)").code == 64)
      }
      let stranger = await contoso.type("deal patch \(deal) --owner eve@example.com")
      #expect(stranger.code == 1 && stranger.complaint.contains("nobody on the deal's team"))
    }
  }
}
