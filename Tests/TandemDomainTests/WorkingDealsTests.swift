// SPDX-License-Identifier: Apache-2.0
import TandemDomain
import TandemPrimitives
import Testing

struct WorkingDealsTests {
  @Test func `R-401 fields of an accepted deal are edited with before and after`() throws {
    var given = try Given()
    let id = try given.create()
    let decision = try given.when(
      PatchDeal.edits(id, [.notes("new"), .name("Other"), .stage(.percent(60))]))
    guard case .dealChanged(let changed) = decision.events.first else { throw Unexpected() }
    #expect(changed.changes.map(\.field) == [.name, .notes, .stage])
    #expect(changed.changes[0].before == .name("Migration"))
    #expect(changed.changes[0].after == .name("Other"))
    #expect(try given.deal(id).version == 2)
    #expect(decision.answer == .deal(id: id, version: 2, warnings: []))
    given.expectReplayGivesTheSame()
  }

  @Test func `with the whole deal guarded any change is a conflict, and named`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(PatchDeal.edits(id, [.name("Second")]))
    var patch = PatchDeal(
      deal: id, baseVersion: 1, edits: [.notes("mine")], validateOnly: false)
    patch.guardsWholeDeal = true
    let rejection = try given.refused(.patchDeal(patch))
    #expect(rejection.code == .aborted && rejection.reason == "CONFLICT")
    #expect(rejection.violations.map(\.field) == ["name"])
    patch.baseVersion = 0
    #expect(try given.refused(.patchDeal(patch)).violations.map(\.field) == ["base_version"])
    patch.baseVersion = 2
    try given.when(.patchDeal(patch))
    #expect(try given.deal(id).notes == "mine")
  }

  @Test func `an edit that changes nothing makes no version`() throws {
    var given = try Given()
    let id = try given.create()
    let decision = try given.when(PatchDeal.edits(id, [.name("Migration")]))
    #expect(decision.events.isEmpty)
    #expect(decision.answer == .deal(id: id, version: 1, warnings: []))
  }

  @Test func `only a touched field conflicts, and its current value is told`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(PatchDeal.edits(id, [.name("Second")]))
    try given.when(PatchDeal.edits(id, base: 1, [.notes("fine")]))
    let rejection = try given.refused(PatchDeal.edits(id, base: 1, [.name("x"), .crmID("y")]))
    #expect(rejection.code == .aborted && rejection.reason == "CONFLICT")
    #expect(rejection.violations.map(\.field) == ["name"])
    #expect(rejection.violations[0].text.contains("Second"))
    let ahead = try given.refused(PatchDeal.edits(id, base: 9, [.name("x")]))
    #expect(ahead.code == .aborted && ahead.message.contains("BASE_VERSION_AHEAD"))
    try given.when(PatchDeal.edits(id, base: 2, [.name("Third")]))
  }

  @Test func `G30 without a base version the last write wins`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(PatchDeal.edits(id, [.name("Second")]))
    try given.when(PatchDeal.edits(id, [.name("Third")]))
    #expect(try given.deal(id).name == "Third")
  }

  @Test(arguments: [
    (DealField.location, "R-402"), (.customer, "R-403"), (.invitation, "R-205"), (.status, "R-406"),
  ])
  func `locked fields are refused with their rule`(field: DealField, rule: String) throws {
    var given = try Given()
    let id = try given.create()
    let rejection = try given.refused(PatchDeal.edits(id, [.forbidden(field), .name("")]))
    #expect(rejection.violations.map(\.rule) == [rule, "R-105"])
  }

  @Test func `R-106 R-107 the last member and the last solution stay`() throws {
    var given = try Given()
    let id = try given.create()
    let team = try given.refused(
      PatchDeal.edits(id, [.removeTeamMember(line: 1), .removeTeamMember(line: 2)]))
    #expect(team.violations.map(\.rule) == ["R-106"])
    let solutions = try given.refused(
      PatchDeal.edits(id, [.removeSolution(line: 4), .removeSolution(line: 5)]))
    #expect(solutions.violations.map(\.rule) == ["R-107"])
    let all = try given.refused(
      PatchDeal.edits(
        id,
        [
          .name("\t\u{A0} "), .removeTeamMember(line: 1), .removeTeamMember(line: 2),
          .removeSolution(line: 4), .removeSolution(line: 5),
        ]))
    #expect(all.violations.map(\.rule) == ["R-105", "R-106", "R-107"])
  }

  @Test func `lines keep their numbers and are never given twice`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(
      PatchDeal.edits(id, [.putTeamMember(.named("Cid")), .removeTeamMember(line: 1)]))
    #expect(try given.deal(id).team.map(\.line) == [2, 6])
    try given.when(PatchDeal.edits(id, [.putTeamMember(.named("Dan", line: 2))]))
    #expect(try given.deal(id).team[0].person.firstName == "Dan")
    let rejection = try given.refused(PatchDeal.edits(id, [.putTeamMember(.named("E", line: 1))]))
    #expect(rejection.reason == "LINE_UNKNOWN")
  }

  @Test func `G07 stages move back on standard deals, and the last only by winning`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(PatchDeal.edits(id, [.stage(.percent(80))]))
    try given.when(PatchDeal.edits(id, [.stage(.percent(20))]))
    #expect(try given.deal(id).stage == .qualified)
    for won in [AskedStage.percent(100), .named("Won")] {
      #expect(try given.refused(PatchDeal.edits(id, [.stage(won)])).violations[0].rule == "R-406")
    }
  }

  @Test(
    arguments: [
      (0, .created), (9, .created), (19, .created), (20, .qualified), (55, .developed),
      (79, .proposed), (99, .negotiated),
    ] as [(UInt32, SalesStage)])
  func `R-603 G07 a percentage is mapped to the stage at or below it`(
    percent: UInt32, stage: SalesStage
  ) throws {
    var given = try Given()
    let id = try given.create()
    try given.when(PatchDeal.edits(id, [.stage(.percent(40))]))
    let decision = try given.when(PatchDeal.edits(id, [.stage(.percent(percent))]))
    #expect(try given.deal(id).stage == stage)
    guard case .deal(_, _, let warnings) = decision.answer else { throw Unexpected() }
    #expect(warnings.map(\.code) == (UInt32(stage.rawValue) == percent ? [] : ["STAGE_MAPPED"]))
  }

  @Test(
    arguments: [
      ("created", .created), ("Accepted", .created), ("Qualify", .qualified),
      ("DEVELOPED", .developed), ("propose", .proposed), ("Negotiate", .negotiated),
      ("close", .negotiated),
    ] as [(String, SalesStage)])
  func `R-603 G07 a stage is found by what it is called`(name: String, stage: SalesStage) throws {
    var given = try Given()
    let id = try given.create()
    try given.when(PatchDeal.edits(id, [.stage(.percent(stage == .qualified ? 60 : 20))]))
    let decision = try given.when(PatchDeal.edits(id, [.stage(.named(Text(name)))]))
    #expect(try given.deal(id).stage == stage)
    #expect(decision.answer == .deal(id: id, version: 3, warnings: []))
  }

  @Test func `G07 what is no stage is refused with what there is`() throws {
    var given = try Given()
    let id = try given.create()
    let number = try given.refused(PatchDeal.edits(id, [.stage(.percent(101))])).violations
    #expect(number.map(\.rule) == ["G07"] && number[0].text.contains("0 to 99"))
    let name = try given.refused(PatchDeal.edits(id, [.stage(.named("Prospecting"))])).violations
    #expect(name.map(\.rule) == ["G07"])
    #expect(name[0].text.contains("\"Prospecting\"") && name[0].text.contains("proposed (60 %)"))
  }

  @Test func `T7 G14 winning early warns and is never blocked`() throws {
    var given = try Given()
    let early = try given.create()
    guard case .deal(_, 2, let warnings) = try given.when(.win(early)).answer else {
      throw Unexpected()
    }
    #expect(warnings.map(\.code) == ["CLOSED_WITHIN_72H"])
    let late = try given.create()
    given.now = given.now.advanced(by: .hours(72))
    #expect(try given.when(.win(late)).answer == .deal(id: late, version: 2, warnings: []))
    let deal = try given.deal(late)
    #expect(deal.status == .won && deal.stage == .won && deal.closedAt == given.now)
  }

  @Test(arguments: [nil, 0, 9] as [UInt8?])
  func `T8 losing needs a reason from the list`(reason: UInt8?) throws {
    var given = try Given()
    let id = try given.create()
    #expect(try given.refused(.lose(id, reason)).violations.map(\.rule) == ["T8"])
  }

  @Test(arguments: [nil, 0, 10] as [UInt8?])
  func `T9 closing as error needs a reason from its list`(reason: UInt8?) throws {
    var given = try Given()
    let id = try given.create()
    let violations = try given.refused(.closeAsError(id, reason)).violations
    #expect(violations.map(\.rule) == ["T9"] && violations.map(\.field) == ["reason"])
  }

  @Test(arguments: [6, 9] as [UInt8])
  func `T9 some errors are explained in notes`(reason: UInt8) throws {
    var given = try Given()
    let id = try given.create()
    #expect(try given.refused(.closeAsError(id, reason)).violations.map(\.field) == ["notes"])
    try given.when(.closeAsError(id, reason, notes: "sold before it was built"))
    let deal = try given.deal(id)
    #expect(deal.status == .error && deal.stage == .created && deal.closedAt == given.now)
    #expect(deal.closure?.reason == ReasonCode(reason))
    #expect(deal.closure?.notes == "sold before it was built")
  }

  @Test func `R-502 a dry run says what would become final`() throws {
    var given = try Given()
    let id = try given.create()
    for command in [
      Command.winDeal(WinDeal(deal: id, baseVersion: 0, validateOnly: true)),
      .loseDeal(
        EndDeal(
          deal: id, baseVersion: 0, reason: ReasonCode(1), notes: .empty, validateOnly: true)),
      .closeDealAsError(
        EndDeal(
          deal: id, baseVersion: 0, reason: ReasonCode(1), notes: .empty, validateOnly: true)),
    ] {
      guard case .deal(_, 1, let warnings) = try given.when(command).answer else {
        throw Unexpected()
      }
      #expect(warnings.last?.code == "BECOMES_FINAL")
    }
  }

  @Test func `T9 a deal closed as error is closed`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(.closeAsError(id))
    for command in [PatchDeal.edits(id, [.notes("x")]), .win(id), .lose(id), .closeAsError(id)] {
      #expect(try given.refused(command).reason == "DEAL_CLOSED")
    }
  }

  @Test func `T10 nothing about a closed deal changes except favourites`() throws {
    var given = try Given()
    let id = try given.create()
    try given.when(.lose(id))
    for command in [PatchDeal.edits(id, [.notes("x")]), .win(id), .lose(id), .closeAsError(id)] {
      let rejection = try given.refused(command)
      #expect(rejection.code == .failedPrecondition && rejection.reason == "DEAL_CLOSED")
    }
    try given.when(.setFavourite(SetFavourite(deal: id, isFavourite: true)))
    #expect(given.state.favourites[given.admin] == [id])
    #expect(try given.deal(id).version == 2)
  }

  @Test func `G19 marking twice is one event and no version`() throws {
    var given = try Given()
    let id = try given.create()
    let mark = Command.setFavourite(SetFavourite(deal: id, isFavourite: true))
    #expect(try given.when(mark).events.count == 1)
    #expect(try given.when(mark).events.isEmpty)
    try given.when(.setFavourite(SetFavourite(deal: id, isFavourite: false)))
    #expect(given.state.favourites.isEmpty)
    #expect(try given.deal(id).version == 1)
  }
}
