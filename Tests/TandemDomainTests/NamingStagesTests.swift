// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct NamingStagesTests {
  private static func names(_ pairs: (Text, UInt32)...) -> Command {
    .setStageNames(SetStageNames(names: pairs.map { .init(name: $0.0, percent: $0.1) }))
  }

  @Test func `R-603 own names are taken beside the standard ones`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(Self.names(("Angebot", 60), ("Proposed", 60)))
    try given.when(PatchDeal.edits(id, [.stage(.named("ANGEBOT"))]))
    #expect(try given.deal(id).stage == .proposed)
    try given.when(PatchDeal.edits(id, [.stage(.named("negotiate"))]))
    #expect(try given.deal(id).stage == .negotiated)
    let unknown = try given.refused(PatchDeal.edits(id, [.stage(.named("Quote"))]))
    #expect(unknown.violations[0].text.contains("Angebot (60 %), Proposed (60 %), created (10 %)"))
    given.expectReplayGivesTheSame()
  }

  @Test func `R-603 names are replaced as a whole, and the same ones again are no event`() throws {
    var given = try Given()
    try given.when(Self.names(("Angebot", 60), ("Abschluss", 80)))
    try given.when(Self.names(("Quote", 60)))
    #expect(given.state.organisation?.stageNames == [StageName(name: "Quote", stage: .proposed)])
    #expect(try given.when(Self.names(("Quote", 60))).events.isEmpty)
    try given.when(.setStageNames(SetStageNames(names: [])))
    #expect(given.state.organisation?.stageNames == [])
  }

  @Test func `R-603 every wrong name is told at once`() throws {
    var given = try Given()
    let rejection = try given.refused(
      Self.names(
        ("", 20), ("Quote", 60), ("QUOTE", 40), ("Half", 50), ("Done", 100), ("None", 0), ("40", 20)
      ))
    #expect(
      rejection.violations.map(\.field) == [
        "names[0].name", "names[2].name", "names[3].stage", "names[4].stage", "names[5].stage",
        "names[6].name",
      ])
    let many = (0...Limits.stageNames).map { SetStageNames.Name(name: Text("n\($0)"), percent: 20) }
    let full = try given.refused(.setStageNames(SetStageNames(names: many)))
    #expect(full.violations.map(\.field) == ["names"])
  }

  @Test(
    arguments: [
      (.partnerAdmin, true), (.referralsAdmin, true), (.referralsUser, false), (.viewer, false),
      (.accountAdmin, false),
    ] as [(Role, Bool)])
  func `section 11 only who administers all deals names stages`(role: Role, may: Bool) throws {
    var given = try Given()
    let user = try given.add("Uma", role)
    if may {
      try given.when(Self.names(("Quote", 60)), by: user)
    } else {
      let rejection = try given.refused(Self.names(("Quote", 60)), by: user)
      #expect(rejection.code == .permissionDenied)
    }
  }

  @Test(arguments: [("Proposed", 40), ("close", 60), ("Won", 80)] as [(Text, UInt32)])
  func `G07 a standard name stands for its own stage only`(name: Text, percent: UInt32) throws {
    var given = try Given()
    let violations = try given.refused(Self.names((name, percent))).violations
    #expect(violations.map(\.field) == ["names[0].name"] && violations.map(\.rule) == ["G07"])
  }

  @Test func `section 11 an administrator of one place does not name the stages of all`() throws {
    var given = try Given()
    let user = try given.add("Lea", .referralsAdmin, at: [given.berlin])
    #expect(
      try given.refused(Self.names(("Quote", 60)), by: user).code == .permissionDenied)
  }
}
