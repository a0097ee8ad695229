// SPDX-License-Identifier: Apache-2.0
// The stages of an assessment: one after another, each once, all of them before it is won.

import TandemDomain
import TandemPrimitives
import Testing

struct AssessmentStageTests {
  private var world: World
  private let contoso: TenantID
  private let desk: TenantID
  private let id: DealID

  init() throws {
    let contoso = try Given("Contoso", seed: 1, isVetted: true)
    let desk = try Given("Vendor", kind: .vendor, seed: 3)
    world = try World([contoso, desk])
    (self.contoso, self.desk) = (contoso.id, desk.id)
    try world.publish(.assessment("Readiness", of: desk.id))
    id = try world.create(contoso.id) { $0 = .assessment(at: contoso.berlin) }
    try world.settle()
  }

  @discardableResult
  private mutating func complete(_ asked: AskedStage) throws -> Decision {
    world.advance(by: .hours(1))
    return try world.when(contoso, PatchDeal.edits(id, [.stage(asked)]))
  }

  private mutating func refused(_ asked: AskedStage) throws -> Violation {
    let found = try world.refused(contoso, PatchDeal.edits(id, [.stage(asked)])).violations
    try #require(found.count == 1)
    return found[0]
  }

  private var deal: Deal { get throws { try world[contoso].deal(id) } }

  @Test
  mutating func `R-602 R-603 stages are completed by percentage or name, with times`()
    throws
  {
    try world.when(
      contoso, .setStageNames(SetStageNames(names: [.init(name: "Auswertung", percent: 60)])))
    let began = try world[contoso].now
    for (asked, stage) in [
      (AskedStage.percent(20), SalesStage.qualified), (.named("Collect data"), .developed),
      (.named("AUSWERTUNG"), .proposed), (.named("present_to_customer"), .negotiated),
    ] {
      let decision = try complete(asked)
      guard case .dealChanged(let change)? = decision.events.first else { throw Unexpected() }
      #expect(change.changes.map(\.field) == [.stage, .assessment])
      #expect(try deal.stage == stage)
      try world.settle()
      #expect(try world[desk].onlyDeal.assessment == deal.assessment)
      #expect(try world[desk].onlyDeal.stage == stage)
    }
    let completed = try #require(try deal.assessment?.completed)
    #expect(completed.map(\.stage) == SalesStage.ofAssessments)
    #expect(completed.map(\.at) == (1...4).map { began.advanced(by: .hours($0)) })
    world.expectReplayGivesTheSame()
  }

  @Test mutating func `R-602 G07 stages are neither left out nor taken back nor rounded`() throws {
    try complete(.percent(20))
    try complete(.percent(40))
    let skipped = try refused(.percent(80))
    #expect(skipped.rule == "R-602" && skipped.text.contains("prepare_report (60 %)"))
    #expect(try refused(.named("secure_customer_loe")).text.contains("behind"))
    #expect(try refused(.percent(10)).rule == "R-602")
    #expect(try refused(.named("created")).rule == "R-602")
    #expect(try refused(.percent(65)).rule == "G07")
    #expect(try refused(.percent(300)).rule == "G07")
    #expect(try refused(.percent(100)).rule == "R-406")
    let standing = try deal
    #expect(try complete(.percent(40)).events.isEmpty)
    #expect(try complete(.named("collect_data")).events.isEmpty)
    #expect(try deal == standing)
  }

  @Test(arguments: ["qualified", "Develop", "proposed", "close", "Prospecting"])
  mutating func `R-602 stages of other deals are none of an assessment`(name: String) throws {
    let found = try refused(.named(Text(name)))
    #expect(found.rule == "G07" && found.text.contains("secure_customer_loe (20 %)"))
  }

  @Test mutating func `stages of assessments are none of other deals`() throws {
    let other = try world.create(contoso)
    let patch = PatchDeal.edits(other, [.stage(.named("collect_data"))])
    let found = try world.refused(contoso, patch).violations
    #expect(found.map(\.rule) == ["G07"] && found[0].text.contains("of assessments"))
    #expect(try world[contoso].deal(other).assessment == nil)
  }

  @Test mutating func `an own name of a stage is not the name of another stage of assessments`()
    throws
  {
    let name = SetStageNames.Name(name: "Collect data", percent: 60)
    let found = try world.refused(contoso, .setStageNames(SetStageNames(names: [name]))).violations
    #expect(found.map(\.rule) == ["G07"])
    try world.when(
      contoso, .setStageNames(SetStageNames(names: [.init(name: "Collect data", percent: 40)])))
  }

  @Test(arguments: 0...3)
  mutating func `scenario 16 R-602 T7 invariant 8 it is won when all four are complete`(count: Int)
    throws
  {
    for stage in SalesStage.ofAssessments.prefix(count) {
      try complete(.percent(UInt32(stage.rawValue)))
    }
    for isDry in [false, true] {
      let win = WinDeal(deal: id, baseVersion: 0, validateOnly: isDry)
      let rejection = try world.refused(contoso, .winDeal(win))
      #expect(rejection.reason == "STAGES_INCOMPLETE" && rejection.code == .failedPrecondition)
      #expect(rejection.violations.count == 4 - count)
      #expect(rejection.message.contains("present_to_customer (80 %)"))
    }
    for stage in SalesStage.ofAssessments.dropFirst(count) {
      try complete(.percent(UInt32(stage.rawValue)))
    }
    try world.when(contoso, .win(id))
    try world.settle()
    #expect(try deal.status == .won && deal.stage == .won)
    #expect(try deal.assessment?.completed.count == 4)
    #expect(try world[desk].onlyDeal.status == .won)
  }

  @Test(arguments: [DealStatus.lost, .error])
  mutating func `T8 T9 it is lost or closed as an error at any stage`(end: DealStatus) throws {
    try complete(.percent(20))
    try world.when(contoso, end == .lost ? .lose(id) : .closeAsError(id))
    #expect(try deal.status == end && deal.stage == .qualified)
    #expect(try deal.assessment?.completed.count == 1)
  }

  @Test mutating func `several stages are completed in one transaction, in their order only`()
    throws
  {
    func stages(_ percents: [UInt32]) -> Command {
      .transact(
        Transact(
          operations: percents.map { .init(PatchDeal.edits(id, [.stage(.percent($0))])) },
          validateOnly: false))
    }
    #expect(try world.refused(contoso, stages([20, 60])).violations.map(\.rule) == ["R-602"])
    try world.when(contoso, stages([20, 40, 60, 80]))
    #expect(try deal.assessment?.completed.count == 4)
  }

  @Test mutating func `a stage that somebody completed meanwhile is a conflict`() throws {
    try complete(.percent(20))
    let rejection = try world.refused(
      contoso, PatchDeal.edits(id, base: 1, [.stage(.percent(40))]))
    #expect(rejection.reason == "CONFLICT" && rejection.violations.map(\.field) == ["stage"])
  }

  @Test mutating func `R-602 R-404 what can be done with it is told as it is`() throws {
    func verdicts() throws -> DealVerdicts {
      let given = try world[contoso]
      return try DescribingActions.answer(
        id, to: given.who, given.state, given.deals, given.directory, at: given.now)
    }
    let open = try verdicts()
    let obstacles = Dictionary(
      uniqueKeysWithValues: open.actions.map { ($0.action, $0.obstacles.map(\.reason)) })
    #expect(obstacles[.win] == ["STAGES_INCOMPLETE"] && obstacles[.lose] == [])
    #expect(obstacles[.invite] == ["NOT_FOR_ASSESSMENTS"])
    #expect(obstacles[.inviteVendor] == ["NOT_FOR_ASSESSMENTS"])
    func rule(_ path: String, _ verdicts: DealVerdicts) -> String? {
      verdicts.fields.first { $0.path == path }?.obstacles.first?.reason
    }
    #expect(rule("solutions", open) == "R-404" && rule("stage", open) == nil)
    #expect(rule("visible_to_vendor", open) == "NOT_FOR_ASSESSMENTS")
    #expect(rule("assessment", open) == "R-602" && rule("name", open) == nil)
    for stage in SalesStage.ofAssessments { try complete(.percent(UInt32(stage.rawValue))) }
    let done = try verdicts()
    #expect(done.actions.first { $0.action == .win }?.obstacles == [])
    #expect(rule("stage", done) == "R-602")
  }

  @Test mutating func `an assessment of the past has the stages of then`() throws {
    try complete(.percent(20))
    let then = try deal
    try complete(.percent(40))
    var past = PastDeal(DealAsOf(deal: id, moment: .version(then.version)))
    for commit in try world[contoso].commits where !past.isComplete { past.take(commit) }
    #expect(try past.result() == then)
  }
}
