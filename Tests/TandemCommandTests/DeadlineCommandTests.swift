// SPDX-License-Identifier: Apache-2.0
// Deadlines from the command line, in a sandbox whose clock is moved.

import RunningServer
import Testing

struct DeadlineCommandTests {
  /// Contoso has invited Fabrikam; gives the deal and Fabrikam's copy.
  private func invite(_ cast: Cast) async throws -> (deal: String, copy: String) {
    let deal = try await cast.deal("Umzug")
    let line = try await cast.contoso.json("deal get \(deal)")["deal"]["solutions"].list[0]["line"]
    _ = try await cast.contoso.json(
      "deal invite \(deal) --organisation \(cast.fabrikamID) --help-code proofOfConcept "
        + "--value \"500 EUR\" --solution-lines \(line.number) --notes help")
    let inbound = try await cast.fabrikam.json("deal list") { !$0.list.isEmpty }
    return (deal, inbound.list[0]["deal"]["id"].string)
  }

  private func topics(_ typist: Typist, until count: Int) async throws -> [String] {
    try await typist.json("inbox list") { $0.list.count >= count }.list.map { $0["topic"].string }
  }

  @Test
  func `section 10 section 10a answers are reminded of on day 11 and 13 of a sandbox, then expire`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(inSandboxOf: server)
      let (deal, copy) = try await invite(cast)
      #expect(
        try await cast.fabrikam.read("deal get \(copy)").contains { $0.hasPrefix("reminder ") })
      let realm = try await cast.fabrikam.read("realm get")
      #expect(realm.contains("answer window           14 d"))
      #expect(realm.contains("first reminder          3 d before its end"))
      #expect(realm.contains("last reminder           1 d before its end"))
      _ = try await cast.operatorOfRealm.json("realm advance --hours 264")
      #expect(try await topics(cast.fabrikam, until: 2) == ["answerDueSoon", "dealReceived"])
      _ = try await cast.operatorOfRealm.json("realm advance --hours 48")
      #expect(
        try await topics(cast.fabrikam, until: 3).prefix(2) == ["answerDueSoon", "answerDueSoon"])
      _ = try await cast.operatorOfRealm.json("realm advance --hours 24")
      _ = try await cast.fabrikam.json("deal get \(copy)") {
        $0["deal"]["status"].string == "expired"
      }
      #expect(try await topics(cast.contoso, until: 1) == ["invitationExpired"])
      #expect(try await topics(cast.fabrikam, until: 3).count == 3)
      let causes = try await cast.fabrikam.json("deal history \(copy)").list.map {
        $0["cause"].string
      }
      #expect(causes == ["invitationReceived", "reminded", "reminded", "expired"])
      #expect(
        try await cast.contoso.read("deal get \(deal)").last == "invited     Fabrikam: expired")
    }
  }

  @Test func `section 10 an inviter gives more time, and the card shows it once it holds`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(inSandboxOf: server, "--extension-max-hours 240")
      let (deal, copy) = try await invite(cast)
      let first = try await cast.fabrikam.json("deal get \(copy)")["deal"]["respondBy"].string
      let ask = "deal extend \(deal) --organisation \(cast.fabrikamID)"
      let tooLong = await cast.contoso.type(ask + " --days 11")
      #expect(tooLong.code == 1 && tooLong.complaint.contains("EXTENSION_TOO_LONG"))
      #expect(await cast.contoso.type(ask).code == 64)
      #expect(await cast.contoso.type(ask + " --days 1 --until 2030-01-01").code == 64)
      #expect(
        try await cast.contoso.read(ask + " --days 7 --validate-only").contains(
          "commit   nothing changed"))
      _ = try await cast.contoso.json(ask + " --days 7")
      let seen = try await cast.contoso.json("deal get \(deal)") {
        !$0["deal"]["cards"].list[0]["respondBy"].string.isEmpty
      }
      let card = seen["deal"]["cards"].list[0]
      let later = try await cast.fabrikam.json("deal get \(copy)")["deal"]["respondBy"].string
      #expect(card["respondBy"].string == later && later > first)
      #expect(card["askedRespondBy"].string.isEmpty)
      #expect(
        try await cast.contoso.read("deal get \(deal)").last
          == "invited     Fabrikam: pending until \(later)")
      _ = try await cast.operatorOfRealm.json("realm advance --hours 480")
      _ = try await cast.fabrikam.json("deal get \(copy)") {
        $0["deal"]["remindAt"].string.isEmpty
      }
      _ = try await cast.fabrikam.json("deal accept \(copy) --name Ours")
      let causes = try await cast.contoso.json("deal history \(deal)") { $0.list.count >= 5 }
      #expect(
        causes.list.map { $0["cause"].string } == [
          "created", "invitationSent", "extensionAsked", "deadlineExtended", "counterpartAnswered",
        ])
    }
  }

  @Test
  func `section 14 users choose what they hear of, an organisation whether it hears of its own`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let (contoso, fabrikam) = (cast.contoso, cast.fabrikam)
      let first = try await fabrikam.table("inbox preferences", "TOPIC|TOLD")
      #expect(first.contains("dealReceived             yes"))
      #expect(first.contains("invitationUndeliverable  always"))
      let muted = try await fabrikam.table(
        "inbox preferences --mute dealReceived,answerDueSoon", "TOPIC|TOLD")
      #expect(muted.contains("dealReceived             no"))
      #expect(try await fabrikam.table("inbox preferences", "TOPIC|TOLD") == muted)
      let wrong = await fabrikam.type("inbox preferences --mute invitationUndeliverable")
      #expect(wrong.code == 1 && wrong.complaint.contains("TOPIC_MANDATORY"))
      #expect(await fabrikam.type("inbox preferences --mute gossip").code == 64)
      #expect(await fabrikam.type("inbox preferences --none --mute dealReceived").code == 64)
      #expect(await contoso.type("inbox settings --invitation-sent maybe").code == 64)
      _ = try await contoso.json("inbox settings --invitation-sent yes")
      #expect(try await contoso.table("inbox list", "ID|AT|TOPIC|COUNTERPART|ABOUT|READ").isEmpty)
      _ = try await invite(cast)
      #expect(try await topics(contoso, until: 1) == ["invitationSent"])
      #expect(try await fabrikam.json("inbox list").list.isEmpty)
      #expect(try await fabrikam.table("inbox preferences --none", "TOPIC|TOLD") == first)
    }
  }

  @Test
  func
    `section 10 ruling 4 one step over both reminders tells once, in a realm with its own window`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(
        inSandboxOf: server,
        "--answer-window-hours 48 --first-reminder-hours 30 --last-reminder-hours 6 "
          + "--minimum-age-hours 5 --counterparts-max 2")
      let realm = try await cast.fabrikam.read("realm get")
      #expect(realm.contains("answer window           2 d"))
      #expect(realm.contains("first reminder          30 h before its end"))
      #expect(realm.contains("minimum age before won  5 h"))
      #expect(realm.contains("counterparts            at most 2"))
      let (_, copy) = try await invite(cast)
      _ = try await cast.operatorOfRealm.json("realm advance --hours 43")
      #expect(
        try await topics(cast.fabrikam, until: 2) == ["answerDueSoon", "dealReceived"])
      _ = try await cast.fabrikam.json("deal accept \(copy) --name Ours")
      _ = try await cast.operatorOfRealm.json("realm advance --hours 48")
      #expect(
        try await cast.fabrikam.json("deal get \(copy)")["deal"]["status"].string == "accepted")
      let wrong = await cast.operatorOfMain.type(
        "realm create --name other --answer-window-hours 10 --first-reminder-hours 10")
      #expect(wrong.code == 1 && wrong.complaint.contains("POLICY_RANGE"), "\(wrong.complaint)")
    }
  }
}
