// SPDX-License-Identifier: Apache-2.0
// Policies of realms from the command line.

import RunningServer
import Testing

struct RealmCommandTests {
  @Test func `ruling 4 the operator changes a realm's policy by name or id, and it is shown`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(inSandboxOf: server, "--vendor-retries 1")
      let main = cast.operatorOfMain
      #expect(
        try await main.read("realm update main --answer-window-hours 240 --duplicates refuse") == [
          "main changed"
        ])
      let shown = try await main.read("realm show MAIN")
      #expect(shown.contains("answer window           10 d"))
      #expect(shown.contains("duplicates              refused"))
      #expect(shown.contains("vendor after a no       not asked again"))
      #expect(shown.contains("policy changes          1"))

      let id = try await main.json("realm list").list.last?["id"].string ?? ""
      let dry = try await main.read("realm update \(id) --first-reminder-hours 48 --validate-only")
      #expect(dry[0].hasPrefix("nothing was changed"))
      _ = try await main.json(
        "realm update \(id) --first-reminder-hours 48 --contact-wish-hours 24")
      let told = try await cast.contoso.json("realm get") {
        $0["realm"]["policyVersion"].number == 1
      }
      #expect(told["realm"]["policy"]["firstReminderMilliseconds"].number == 172_800_000)
      #expect(told["realm"]["policy"]["vendorRetries"].number == 1)
      _ = try await main.json(
        "realm update rehearsal --first-reminder-hours default --vendor-retries 0 "
          + "--counterparts-max default")
      let back = try await cast.contoso.json("realm get") {
        $0["realm"]["policyVersion"].number == 2
      }
      #expect(back["realm"]["policy"]["firstReminderMilliseconds"].number == 259_200_000)
      let lines = try await cast.fabrikam.read("realm get")
      #expect(lines.contains("wish to be contacted    strong for 1 d"))
      let rows = try await main.table(
        "realm list", "ID|SANDBOX|CLOCK AHEAD MS|ANSWER WINDOW|DUPLICATES|VENDOR RETRIES|NAME")
      #expect(rows.first?.contains("10 d           refused       0               main") == true)
    }
  }

  @Test func `ruling 4 a wrong line about a policy says what is wrong`() async throws {
    try await TestServer.run { server in
      let cast = try await Cast(inSandboxOf: server)
      let main = cast.operatorOfMain
      for (line, complaint) in [
        ("realm update rehearsal", "say what is to change"),
        ("realm update --answer-window-hours 2", "the realm's name or id is missing"),
        ("realm update nowhere --answer-window-hours 2", "no realm is called \"nowhere\""),
        ("realm show nowhere", "no realm is called \"nowhere\""),
        ("realm update rehearsal --answer-window-hours 0", "is 1 to 876000"),
        ("realm update rehearsal --duplicates never", "is none of warn, refuse"),
        ("realm update rehearsal --vendor-retries often", "is no number that fits"),
        ("realm update rehearsal --counterparts-max 0", "0 is too few; say 1 to 20, or default"),
      ] {
        let wrong = await main.type(line)
        #expect(wrong.code == 64 && wrong.complaint.contains(complaint), "\(wrong.complaint)")
      }
      let many = await main.type("realm update rehearsal --vendor-retries 2 --counterparts-max 21")
      #expect(many.code == 1)
      for field in ["policy.vendor_retries", "policy.counterparts_max"] {
        #expect(many.complaint.contains(field), "\(many.complaint)")
      }
      for (typist, reason) in [
        (cast.contoso, "PERMISSION_DENIED OPERATOR_NEEDED"),
        (cast.operatorOfRealm, "FAILED_PRECONDITION NOT_MAIN"),
      ] {
        let denied = await typist.type("realm update rehearsal --vendor-retries 1")
        #expect(denied.code == 1 && denied.complaint.contains(reason), "\(denied.complaint)")
      }
    }
  }
}
