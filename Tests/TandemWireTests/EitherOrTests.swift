// SPDX-License-Identifier: Apache-2.0
// Requests in which one of two fields is given: a stage by percentage or name, an organisation or the
// vendor.

import TandemDomain
import TandemPrimitives
import TandemWire
import Testing

struct EitherOrTests {
  /// A patch with a stage's name, a percentage beside it, and edits of the stage with these actions.
  private func patch(
    stageName: String, percent: UInt32 = 0, actions: [UInt64], line: UInt32 = 0
  ) throws -> DecodedRequest {
    var writer = ProtoWriter()
    writer.identifier(1, DealID(high: 1, low: 1))
    let values = writer.begin(3)
    writer.unsigned(19, percent)
    writer.end(values)
    for action in actions {
      let start = writer.begin(4)
      writer.packed(1, [19])
      writer.unsigned(2, line)
      writer.unsigned(3, action)
      writer.end(start)
    }
    writer.text(7, Text(stageName))
    var arena = RequestArena()
    return try RequestCodec.decode(.patchDeal, writer.bytes.span, arena: &arena)
  }

  @Test func `a stage comes by its percentage or by its name`() throws {
    for (decoded, asked) in [
      (try patch(stageName: "Propose", actions: [1]), AskedStage.named("Propose")),
      (try patch(stageName: "", percent: 55, actions: [1]), .percent(55)),
    ] {
      guard case .tenant(.command(.patchDeal(let patch), returnDeal: false)) = decoded else {
        Issue.record("no patch")
        continue
      }
      #expect(patch.edits == [.stage(asked)])
    }
  }

  @Test(
    arguments: [(0, [], 0), (40, [1], 0), (0, [2], 0), (0, [1, 1], 0), (0, [1], 3)]
      as [(UInt32, [UInt64], UInt32)])
  func `a stage's name that says nothing or too much is refused`(
    percent: UInt32, actions: [UInt64], line: UInt32
  ) {
    #expect(throws: WireError.self) {
      try patch(stageName: "Propose", percent: percent, actions: actions, line: line)
    }
  }

  @Test(arguments: [0, Limits.dealsPerBatch + 1])
  func `deals asked for at once are some and not too many`(count: Int) {
    var writer = ProtoWriter()
    for number in 0..<count {
      writer.identifierElement(1, DealID(high: 1, low: UInt64(number + 1)))
    }
    #expect(throws: WireError.self) {
      var arena = RequestArena()
      _ = try RequestCodec.decode(.getDeals, writer.bytes.span, arena: &arena)
    }
  }

  @Test(arguments: [true, false])
  func `one invitee is named, an organisation or the vendor`(both: Bool) {
    var writer = ProtoWriter()
    writer.identifier(1, DealID(high: 1, low: 1))
    if both { writer.identifier(2, TenantID(high: 2, low: 2)) }
    writer.unsigned(3, 1 as UInt32)
    writer.packed(8, [1])
    writer.flag(11, both)
    #expect(throws: WireError.self) {
      var arena = RequestArena()
      _ = try RequestCodec.decode(.inviteToDeal, writer.bytes.span, arena: &arena)
    }
  }
}
