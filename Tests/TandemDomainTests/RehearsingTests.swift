// SPDX-License-Identifier: Apache-2.0
// Commands that are only tried, some of them because fields are wrong already.

import TandemDomain
import TandemPrimitives
import Testing

struct RehearsingTests {
  private static let wrong = [Violation("team[1]", "FIELD_INVALID", "is none")]

  @Test func `row 31 what is tried changes nothing and has no identifier`() throws {
    var given = try Given()
    let before = given.state.commitSequence
    let location = AddLocation(name: "Hamburg", country: .de)
    let decision = try given.when(.rehearse(.addLocation(location), wrong: []))
    #expect(decision.events.isEmpty && decision.answer == .done)
    #expect(given.state.commitSequence == before)
    let again = try given.when(.addLocation(location))
    #expect(!again.events.isEmpty)
    let taken = try given.refused(.rehearse(.addLocation(location), wrong: []))
    #expect(taken.reason == "LOCATION_EXISTS")
  }

  @Test func `ruling 7 rules add what they find to what is wrong already`() throws {
    var given = try Given()
    var deal = CreateDeal.sample(at: given.berlin)
    deal.name = ""
    deal.team = []
    let rejection = try given.refused(.rehearse(.createDeal(deal), wrong: Self.wrong))
    #expect(rejection.code == .invalidArgument && rejection.reason == "FIELD_INVALID")
    // The empty team is what stands in the place of the wrong member.
    #expect(rejection.violations.map(\.field) == ["team[1]", "name"])
  }

  @Test func `ruling 7 what is wrong is refused where every rule would allow the rest`() throws {
    var given = try Given()
    let deal = CreateDeal.sample(at: given.berlin)
    let rejection = try given.refused(.rehearse(.createDeal(deal), wrong: Self.wrong))
    #expect(rejection.violations == Self.wrong)
    let missing = try given.refused(
      .rehearse(
        .winDeal(WinDeal(deal: .zero, baseVersion: 0, validateOnly: false)), wrong: Self.wrong))
    #expect(missing.code == .invalidArgument && missing.violations == Self.wrong)
  }

  @Test func `section 11 who may not ask hears nothing of what was asked`() throws {
    var given = try Given()
    given.who = try given.add("Vic", .viewer)
    let rejection = try given.refused(
      .rehearse(.createDeal(.sample(at: given.berlin)), wrong: Self.wrong))
    #expect(rejection.code == .permissionDenied && rejection.violations.isEmpty)
  }
}
