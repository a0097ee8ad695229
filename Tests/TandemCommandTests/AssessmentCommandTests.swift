// SPDX-License-Identifier: Apache-2.0
// Solution assessments from the command line: published by a vendor, sold by a vetted partner.

import RunningServer
import TandemCommand
import Testing

struct AssessmentCommandTests {
  @Test func `R-109 R-110 R-602 an assessment is published, sold, worked on and won`() async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let registrar = cast.operatorOfRealm
      let vendor = try await Cast.register("Vendor", registrar, server, kind: "vendor").typist
      let tailspin = try await Cast.register(
        "Tailspin", registrar, server, "--assessment-vetted"
      ).typist
      #expect(try await tailspin.json("org get")["isAssessmentVetted"].isTrue)
      #expect(
        try await tailspin.read("org get").contains { $0.hasPrefix("assessments ") })
      _ = try await tailspin.json("solution publish --name Van --type device --co-sell-ready")
      let published = try await vendor.json("solution publish --name Readiness --type assessment")
      let solution = published["solution"].string
      let listed = try await tailspin.json("solution list --prefix Readiness") { !$0.list.isEmpty }
      #expect(listed.list.map { $0["group"].string } == ["assessment"])
      #expect(listed.list[0]["solution"]["type"].string == "assessment")
      #expect(try await cast.fabrikam.json("solution list --prefix Readiness").list.isEmpty)
      let own = await tailspin.type("solution publish --name X --type assessment")
      #expect(own.code == 1 && own.complaint.contains("published by the vendor"))
      let desk = await registrar.type(
        "org register --kind vendor --name Desk --country FR --covers FR --assessment-vetted "
          + "--administrator \"Ada Berg <ada@desk.example> +49 40 1234\"")
      #expect(desk.code == 1 && desk.complaint.contains("is for partners"))

      let location = try await tailspin.json("location list").list[0]["id"].string
      let create = """
        deal create --name Check --location \(location) --customer Adatum --street "Weg 1" \
        --city Hamburg --country DE --value "100 EUR" --close-date 2099-12-31 \
        --member "Tess Spinner <tess@tailspin.example> +44 20 1234" --share-with-others
        """
      let placeless = await tailspin.type("\(create) --solution Readiness")
      #expect(placeless.code == 1 && placeless.complaint.contains("that makes the assessment"))
      let made = try await tailspin.json(
        "\(create) --solution \(solution) --assessment-location \(location)")
      let deal = made["id"].string
      let skipping = await tailspin.type("deal patch \(deal) --stage collect_data")
      #expect(skipping.code == 1 && skipping.complaint.contains("secure_customer_loe (20 %)"))
      for stage in ["20", "\"Collect data\"", "prepare_report"] {
        _ = try await tailspin.json("deal patch \(deal) --stage \(stage)")
      }
      let early = await tailspin.type("deal win \(deal) --validate-only")
      #expect(early.code == 1 && early.complaint.contains("STAGES_INCOMPLETE"))
      _ = try await tailspin.json("deal patch \(deal) --stage 80")
      _ = try await tailspin.json("deal win \(deal)")
      let count = try await tailspin.read("deal count --by kind,stage")
      #expect(count.contains { $0.hasPrefix("solutionAssessment") && $0.contains("100 %") })
      let facts = try await tailspin.read("deal get \(deal)")
      #expect(facts.filter { $0.hasPrefix("complete ") }.count == 4)
      #expect(facts.contains { $0.hasPrefix("assessed at") && $0.hasSuffix(location) })
      let copy = try await vendor.json("deal list --kind solutionAssessment") {
        $0.list.first?["deal"]["status"].string == "won"
      }.list[0]["deal"]
      #expect(copy["assessment"]["completed"].list.map { $0["stage"].number } == [20, 40, 60, 80])
    }
  }

  @Test func `R-602 the rules tell the stages of assessments, and other deals have none of them`()
    async throws
  {
    try await TestServer.run { server in
      let cast = try await Cast(server)
      let rules = try await cast.contoso.read("rules assessment_stages")
      for name in ["secure_customer_loe", "collect_data", "prepare_report", "present_to_customer"] {
        #expect(rules.contains { $0.contains(name) })
      }
      let deal = try await cast.deal("Umzug")
      let plain = await cast.contoso.type("deal patch \(deal) --stage collect_data")
      #expect(plain.code == 1 && plain.complaint.contains("is a stage of assessments"))
    }
  }
}
