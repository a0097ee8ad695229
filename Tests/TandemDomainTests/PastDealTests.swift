// SPDX-License-Identifier: Apache-2.0
// A deal put together from its history is the deal that was there.

import TandemDomain
import TandemPrimitives
import Testing

struct PastDealTests {
  private var given: Given
  private let id: DealID
  /// The deal after each of its changes.
  private var versions: [Deal] = []

  /// A deal with five versions, an hour apart, and another deal between them.
  init() throws {
    given = try Given()
    id = try given.create()
    versions.append(try given.deal(id))
    let commands: [Command] = [
      PatchDeal.edits(id, [.name("Renamed"), .notes("second meeting")]),
      PatchDeal.edits(id, [.putTeamMember(.named("Cleo"))]), PatchDeal.edits(id, [.notes("third")]),
      .win(id),
    ]
    for command in commands {
      given.now = given.now.advanced(by: .hours(1))
      try given.when(command)
      versions.append(try given.deal(id))
      _ = try given.create()
    }
  }

  private func past(_ moment: DealAsOf.Moment) throws(Rejection) -> Deal {
    var past = PastDeal(DealAsOf(deal: id, moment: moment))
    for commit in given.commits where !past.isComplete { past.take(commit) }
    return try past.result()
  }

  @Test func `every version is as it was`() throws {
    #expect(versions.map(\.version) == [1, 2, 3, 4, 5])
    for deal in versions { #expect(try past(.version(deal.version)) == deal) }
  }

  @Test func `at a time everything has happened that had happened by then`() throws {
    for (index, deal) in versions.enumerated() {
      #expect(try past(.time(deal.updatedAt)) == deal)
      #expect(
        try past(.time(deal.updatedAt.advanced(by: .hours(1)))) == versions[min(index + 1, 4)])
      let before = Timestamp(milliseconds: deal.updatedAt.milliseconds - 1)
      if index > 0 { #expect(try past(.time(before)) == versions[index - 1]) }
    }
  }

  @Test func `what never was is refused`() throws {
    let born = versions[0].createdAt.milliseconds
    #expect(throws: Rejection.self) { try past(.time(Timestamp(milliseconds: born - 1))) }
    do throws(Rejection) {
      _ = try past(.version(6))
      Issue.record("there is no version 6")
    } catch {
      #expect(error.reason == "VERSION_UNKNOWN" && error.message.contains("1 to 5"))
    }
  }
}
